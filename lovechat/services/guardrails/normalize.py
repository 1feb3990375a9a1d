"""Text as the rules read it. What is stored and shown stays as it was written.

Several readings of one text: in `digits` digits stay digits, for ages; in `words` digits and signs
inside words become the letters they stand for; in `joined` letters that stand apart stand together.
`ñ` is never folded to `n`: `años` and `anos` are different words. Time is linear in the length.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Characters that show nothing but are not of category Cf (Unicode 17, Default_Ignorable_Code_Point
# and the blanks that fonts draw as nothing).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]+")
# Signs that people type one for another.
_SIGNS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
} | dict.fromkeys("‐‑‒–—―−", "-")
_LEET = str.maketrans(
    {
        "0": "o",
        "1": "i",
        "2": "z",
        "3": "e",
        "4": "a",
        "5": "s",
        "6": "g",
        "7": "t",
        "8": "b",
        "9": "g",
        "@": "a",
        "$": "s",
    }
)
_TILDE = "\u0303"
_LEET_TOKEN = re.compile(r"(?<!\S)(?=\S*[a-zñ])\S*[0-9@$]\S*")
_LEET_SIGN = re.compile(r"[0-9@$]")
# A 1 is an i or an l; the other two are letters only inside a word.
_AMBIGUOUS = re.compile(r"[a-zñ][1!|]|1[a-zñ]")
_SIGN_WITHIN = re.compile(r"(?<=[a-zñ])[!|](?=[a-zñ0-9@$])")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SPACED_LETTERS = re.compile(r"(?<![\w@$])[a-zñ0-9@$](?:[ .,\-_*/|~+=:][a-zñ0-9@$]){2,}(?![\w@$])")
_EVEN_RUN = re.compile(r"(?<![\w@$])[a-zñ0-9@$]([ .,\-_*/|~+=:])[a-zñ0-9@$](?:\1[a-zñ0-9@$])+(?![\w@$])")
_SEPARATORS = re.compile(r"[ .,\-_*/|~+=:]")
_BROKEN_WORD = re.compile(r"(?<![\w])[a-zñ]+(?:[.\-_*/|~+][a-zñ]+)+(?![\w])")
_DOUBLED = re.compile(r"(.)\1+")
_FILE = Path(__file__).with_name("confusables.txt")
_LONGEST_WORD = 60
_MOST_CHARACTERS = 50_000  # that a table remembers


def _read_lookalikes() -> dict[str, str]:
    lines = _FILE.read_text(encoding="ascii").split("\n")
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {chr(int(code, 16)): letter for code, letter in pairs}


_LOOKALIKES = _read_lookalikes()


@dataclass(frozen=True, slots=True)
class Normalized:
    """One text in its readings; `spellings` are further ways to read single words of it."""

    digits: str
    words: str
    joined: str
    spellings: frozenset[str]


def normalize(text: str) -> Normalized:
    """Fold what only looks different."""
    folded = _fold(text)
    digits = " ".join(folded.split())
    # First the runs with one sign between all letters: a wider gap between them is one between words.
    joined = _join(" ".join(_EVEN_RUN.sub(_without_separators, folded).split()))
    words = _fold_letters(joined)
    if (run := _join(words)) != words:
        # Again: joined letters can be stretched, and stretched signs can stand between letters.
        words = _fold_letters(run)
    return Normalized(digits, words, joined, _spellings(joined))


@lru_cache(maxsize=4096)
def is_letter(character: str) -> bool:
    """Whether a character shows a letter or a digit; blanks that Unicode calls letters do not."""
    return character.isalnum() and not _INVISIBLE.match(character)


def squeeze(word: str) -> str:
    """A word with each doubled letter once, to compare what was stretched."""
    return _DOUBLED.sub(r"\1", word)


def shuffled(word: str) -> str:
    """A word with its inner letters in order, to compare what was written with them out of order."""
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]


def _spellings(joined: str) -> frozenset[str]:
    """What single words may stand for beyond the `words` reading."""
    found = {_SEPARATORS.sub("", match[0]) for match in _BROKEN_WORD.finditer(joined)}
    for token in _words_with(_STRETCHED, joined):
        found.add(squeeze(token.translate(_LEET)))
        found.add(_STRETCHED.sub(r"\1\1", token))
    for token in _words_with(_AMBIGUOUS, joined):
        found.add(token.replace("1", "l").translate(_LEET))
        found.add(_SIGN_WITHIN.sub("i", token).translate(_LEET))
    return frozenset(found)


def _words_with(pattern: re.Pattern[str], text: str) -> set[str]:
    """The words in which a pattern occurs that holds no blank, but not the longest."""
    found: set[str] = set()
    end = -1
    for match in pattern.finditer(text):
        if match.start() >= end:
            start = text.rfind(" ", 0, match.start()) + 1
            end = text.find(" ", match.end())
            end = end if end >= 0 else len(text)
            if end - start <= _LONGEST_WORD:
                found.add(text[start:end])
    return found


def _join(text: str) -> str:
    return _SPACED_LETTERS.sub(_without_separators, text)


def _without_separators(run: re.Match[str]) -> str:
    return _SEPARATORS.sub("", run[0])


def _once(run: re.Match[str]) -> str:
    return run[1]


def _fold_letters(text: str) -> str:
    if _LEET_SIGN.search(text):
        text = _LEET_TOKEN.sub(lambda match: match[0].translate(_LEET), text)
    return _STRETCHED.sub(_once, text)


class _Table(dict[int, str]):
    """A table for `str.translate` that computes each character once."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold

    def __missing__(self, code: int) -> str:
        folded = self._fold(chr(code))
        if len(self) < _MOST_CHARACTERS:
            self[code] = folded
        return folded


def _without_marks(character: str) -> str:
    kept = ""
    for part in unicodedata.normalize("NFD", character):
        mark = unicodedata.combining(part) or unicodedata.category(part) == "Me"
        if not mark or (part == _TILDE and kept in ("n", "N")):
            kept += part
    return unicodedata.normalize("NFC", kept)


def _visible(character: str) -> str:
    hidden = _INVISIBLE.match(character) or unicodedata.category(character) == "Cf"
    return "" if hidden or _CONTROL.match(character) else _SIGNS.get(character, character)


def _folded(character: str) -> str:
    """A character as plain as it gets; folding it again changes nothing."""
    while True:
        plain = _without_marks(unicodedata.normalize("NFKC", character).translate(_VISIBLE))
        plain = "".join(_LOOKALIKES.get(part, part) for part in plain).casefold()
        if plain == character:
            return plain
        character = plain


_VISIBLE = _Table(_visible)
_FOLDED = _Table(_folded)


def _fold(text: str) -> str:
    if text.isascii():
        return _CONTROL.sub("", text).lower()
    # Invisible characters go first, so that an `n` and a tilde that they keep apart are one letter again.
    composed = unicodedata.normalize("NFKC", text.translate(_VISIBLE))
    return unicodedata.normalize("NFC", composed.translate(_FOLDED))


__all__ = ["Normalized", "is_letter", "normalize", "shuffled", "squeeze"]
