"""A text as the rules read it: one character a word, see `grammar`."""

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from lovechat.services.guardrails import crisis_rules, minor_rules
from lovechat.services.guardrails.grammar import OTHER, Grammar
from lovechat.services.guardrails.normalize import Normalized, shuffled, squeeze

ADULT_AGE = 18
_OLDEST = 120
_LONGEST_NUMBER = 6  # digits
VOCABULARY = Path(__file__).with_name("vocabulary.toml")

_HEART = "<3"
_TOKEN = re.compile(rf"{_HEART}|[a-zñ0-9@$]+(?:'[a-zñ]+)*|[^\s_*~#^`]")
_PIECES = re.compile(r"\d+|[a-zñ']+")
_SIGNS = {
    ".": "stop", "!": "stop", "?": "stop", ";": "stop", "…": "stop", "¡": "stop", "¿": "stop",
    ",": "comma", ":": "colon", "-": "dash", "/": "slash", "'": "apostrophe", '"': "quote",
    "(": "bracket", ")": "bracket", "[": "bracket", "]": "bracket",
}  # fmt: skip
STRETCHED = re.compile(r"(.)\1{2,}")
LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
)
_LEET_WITH_L = str.maketrans({"1": "l"})
# "15yo": what may hang on a number.
_SUFFIXES = frozenset(("yo", "y", "yr", "yrs", "yrold", "yearsold", "yearold"))
# A sign that ends no thought and is no number: "15%", "15€".
_MARK = "mark"
_MARKS = "%€$£&+@°"


def _number_roles(value: int, today: date, digits: int) -> frozenset[str]:
    roles = {"number"}
    if digits == 1:
        roles.add("digit")
        if value == 1:
            roles.add("one")
    if 1 <= value <= 12:
        roles.add("small")
    if digits <= 2 and value < ADULT_AGE:
        roles.add("age")
        if value >= 8:
            roles.add("teen")
    elif value <= _OLDEST:
        roles.add("adult")
        if value == ADULT_AGE:
            roles.add("eighteen")
    if value > _OLDEST:
        roles.add("ancient")
    if digits == 2 and 0 <= (today.year - value) % 100 < ADULT_AGE:
        roles.add("year2")
    if digits == 4 and today.year - ADULT_AGE < value <= today.year:
        roles = {"number", "birthyear"}
    return frozenset(roles)


def _grammar() -> Grammar:
    vocabulary = {
        role: words.split() for role, words in tomllib.loads(VOCABULARY.read_text(encoding="utf-8")).items()
    }
    vocabulary["number"] = [*vocabulary["age"], *vocabulary["adult"], "uno", "one"]
    some_days = [date(year, 1, 1) for year in range(2000, 2100, 5)]
    numbers = {
        _number_roles(value, day, digits)
        for day in some_days
        for digits, values in (
            (1, range(10)),
            (2, range(100)),
            (3, (0, 5, 15, 18, 19, 120, 121)),
            (4, range(1990, 2100, 9)),
            (5, (0, 7, 15, 18, 40, 200)),
        )
        for value in values
    }
    signs = {frozenset({sign}) for sign in _SIGNS.values()}
    named = {
        frozenset({_MARK}),
        frozenset({"gerund"}),
        frozenset({"year_suffix"}),
        frozenset({"age", "number"}),
        frozenset({"age", "teen", "number"}),
        frozenset({"adult", "number"}),
    }
    return Grammar(
        vocabulary,
        numbers | signs | named,
        minor_rules.MACROS | crisis_rules.MACROS,
        minor_rules.ALL | crisis_rules.ALL,
    )


GRAMMAR = _grammar()
_AGE, _TEEN_AGE = GRAMMAR.code("age", "number"), GRAMMAR.code("age", "teen", "number")
_ADULT = GRAMMAR.code("adult", "number")
_GERUND, _UNKNOWN, _MARKED = GRAMMAR.code("gerund"), GRAMMAR.code(OTHER), GRAMMAR.code(_MARK)
_SUFFIX = GRAMMAR.code("year_suffix")
_SIGN_CODES = {sign: GRAMMAR.code(role) for sign, role in _SIGNS.items()}
_SQUEEZED = {squeeze(word): code for word, code in GRAMMAR.words.items()}
# Letters out of order are a slip of the finger, or a way around the rules.
_SHORTEST_SLIP = 5
# Other words have the same letters in another order: "agree".
_NO_SLIPS = frozenset(("agere",))
_SHUFFLED = {
    shuffled(word): code
    for word, code in GRAMMAR.words.items()
    if len(word) >= _SHORTEST_SLIP and word not in _NO_SLIPS
}
_SLIP_FRAMES = frozenset((word[0], word[-1], len(word)) for word in _SHUFFLED)
_QUOTE = GRAMMAR.code("quote")
_QUOTED = re.compile(f"{_QUOTE}[^{_QUOTE}]{{1,80}}{_QUOTE}")


# Words that are remembered, and how long they may be.
_MOST_WORDS = 20_000
_LONGEST_WORD = 20


class _Words(dict[str, str]):
    """The codes of words on one day; each word is looked at once."""

    def __init__(self, today: date) -> None:
        self._today = today

    def __missing__(self, token: str) -> str:
        code = self._code(token)
        if len(self) < _MOST_WORDS and len(token) <= _LONGEST_WORD:
            self[token] = code
        return code

    def _code(self, token: str) -> str:
        known = GRAMMAR.words.get(token)
        if known is not None:
            return known
        if token.isdecimal():
            return self._number(token)
        if len(token) == 1 or token == _HEART:
            return self._sign(token)
        if token.isalpha():
            return self._word(token)
        return self._mixed(token)

    def _sign(self, token: str) -> str:
        """Emoji and the like may stand anywhere; a letter or a currency is a word of its own."""
        if token in _SIGN_CODES:
            return _SIGN_CODES[token]
        if token.isalnum():
            return _UNKNOWN
        return _MARKED if token in _MARKS else ""

    def _number(self, token: str) -> str:
        if not token.isascii() or len(token) > _LONGEST_NUMBER:
            return GRAMMAR.code(*_number_roles(99999, self._today, 5))
        return GRAMMAR.code(*_number_roles(int(token), self._today, len(token)))

    def _word(self, token: str) -> str:
        if STRETCHED.search(token):
            for form in (STRETCHED.sub(r"\1", token), STRETCHED.sub(r"\1\1", token)):
                if form in GRAMMAR.words:
                    return GRAMMAR.words[form]
            return _SQUEEZED.get(squeeze(token), _UNKNOWN)
        framed = (token[0], token[-1], len(token)) in _SLIP_FRAMES
        if framed and (slip := _SHUFFLED.get(shuffled(token))) is not None:
            return slip
        if token.endswith(("ando", "iendo", "yendo")):
            return _GERUND
        return _ADULT if token.startswith("veinti") else _UNKNOWN

    def _mixed(self, token: str) -> str:
        """A word with digits: letters written as digits, or a number that something hangs on."""
        pieces = _PIECES.findall(token)
        if len(pieces) <= 3 and "".join(pieces) == token:
            codes = [self._piece(piece, number) for number, piece in enumerate(pieces)]
            if all(codes):
                return "".join(codes)
        for form in (token.translate(LEET), token.translate(_LEET_WITH_L).translate(LEET)):
            if form in GRAMMAR.words:
                return GRAMMAR.words[form]
        return self._word(token.translate(LEET)) if "'" not in token else _UNKNOWN

    def _piece(self, piece: str, number: int) -> str:
        if piece.isdecimal():
            return self._number(piece)
        if number and piece in _SUFFIXES:
            return _SUFFIX
        return GRAMMAR.words.get(piece, "")


_words_of = lru_cache(maxsize=2)(_Words)

# Of what is repeated without end, so much is enough for every rule.
_REPEATED = re.compile(r"((.{1,8}?)\2{11})\2+")


def read(text: Normalized, today: date) -> str:
    """The text as a string of codes. Birth years are read against `today`."""
    codes = "".join(map(_words_of(today).__getitem__, _TOKEN.findall(text.joined)))
    rules = GRAMMAR.rules
    codes = rules["number_sum"].sub(_ADULT, _REPEATED.sub(r"\1", codes))
    codes = rules["teen_sum"].sub(_TEEN_AGE, codes)
    codes = rules["eleven"].sub(_TEEN_AGE, codes)
    codes = rules["spaced_age"].sub(_TEEN_AGE, codes)
    return rules["far_from_all"].sub(lambda match: match[0][:14] + _UNKNOWN + match[0][-14:], codes)


def without_quotes(codes: str) -> str:
    """The text without the words of others: quotations that somebody is said to have said."""

    def replace(match: re.Match[str]) -> str:
        before = codes[max(0, match.start() - 8) : match.start()]
        return _UNKNOWN if GRAMMAR.rules["quoting"].search(before) else match[0]

    return _QUOTED.sub(replace, codes)
