"""What the rules do not know by heart: four linear models over words and parts of words.

People find more ways to say a thing than anybody can write rules for. Each model is a logistic regression
(`make guard-train`) that reads a text as a bag of features: runs of words, pairs of words with a gap, parts of
words, and runs of the roles that `vocabulary.toml` gives to words. A feature is known by its bucket, a hash, so
the file of weights holds no words. Numbers are features by what they can be: an age under 18, 18, an adult's age.
"""

import json
import re
import tomllib
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Literal, Protocol, get_args
from zlib import crc32

from lovechat.services.guardrails.normalize import squeeze
from lovechat.services.guardrails.reading import LEET, STRETCHED, VOCABULARY

Certainty = Literal["sure", "likely", "unlikely"]
Target = Literal["crisis", "speaker", "participant", "persona"]
TARGETS: tuple[Target, ...] = get_args(Target)

BUCKETS = 1 << 17
WEIGHTS = Path(__file__).with_name("learned.weights")

# Longer texts are read in windows of so many words, each a bit over the one before, and the highest counts.
WINDOW = 64
STEP = 48
# Of a text so many letters and words are read at its beginning and as many at its end: time is limited. What a person
# may send fits in.
MOST_LETTERS = 4000
MOST_WORDS = 2000
# Of a longer word only its two ends count.
_LONGEST_WORD = 24
# Of a question that came before, so many words before its mark are read.
_QUESTION = 24
_GRAMS = range(1, 4)
_GAPS = (2, 3)
_ROLE_GRAMS = range(2, 6)
_KNOWN_GRAMS = range(2, 5)
_PARTS = range(3, 6)

_TOKEN = re.compile(r"<3|[a-zñ0-9@$]+(?:'[a-zñ]+)*|[^\s_*~#^`¡¿]")
_PIECES = re.compile(r"\d+|[a-zñ']+|.")
_STOPS = str.maketrans(dict.fromkeys("!?;…", "."))
# Roles that say in which rule a word stands, not what it is.
_NO_ROLES = frozenset(("units", "ending", "underage_word", "school_word", "crisis_word"))
_OTHER = "-"


def _number(value: int, digits: int, year: int) -> str:
    if digits >= 4:
        return "#birth" if year - 18 < value <= year else "#year" if digits == 4 else "#many"
    names = ((8, "#small"), (18, "#teen"), (19, "#18"), (100, "#adult"))
    return next((name for limit, name in names if value < limit), "#many")


def _roles() -> tuple[dict[str, str], dict[str, str]]:
    """The first role of each word, and what number words are as numbers."""
    vocabulary = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    roles: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for role, words in vocabulary.items():
        for word in words.split():
            if role not in _NO_ROLES:
                roles.setdefault(word, role)
    for role, name in (("age", "#small"), ("teen", "#teen"), ("adult", "#adult"), ("eighteen", "#18")):
        numbers |= dict.fromkeys(vocabulary[role].split(), name)
    return roles, numbers


_ROLES, _NUMBER_WORDS = _roles()


def tokens(text: str, year: int) -> list[str]:
    """The words of a normalised text as features name them; years are read against the present one."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token in _NUMBER_WORDS:
            found.append(_NUMBER_WORDS[token])
        elif token.isalpha():
            found.append(STRETCHED.sub(r"\1", token) if len(token) > 2 else token)
        elif len(token) == 1 and not token.isdecimal():
            found.append(token.translate(_STOPS))
        else:
            found.extend(_mixed(token, year))
    half = _LONGEST_WORD // 2
    return [word if len(word) <= _LONGEST_WORD else word[:half] + word[-half:] for word in found]


def _mixed(token: str, year: int) -> Iterator[str]:
    """A number, a number that something hangs on, or a word with digits in the place of letters."""
    pieces = _PIECES.findall(token)
    if (pieces[0].isdecimal() and len(pieces) <= 2) or token.isdecimal():
        for piece in pieces:
            if piece.isdecimal():
                yield _number(int(piece[:6]), len(piece), year)
            else:
                yield piece
    else:
        yield squeeze(token.translate(LEET))


def features(words: Sequence[str], prefix: str = "") -> list[list[int]]:
    """The buckets of what begins at each word of a text, and of what it has besides words at its ends.

    `prefix` keeps those of a question apart from those of its answer.
    """
    framed = ["^", *words, "$"]
    roles = [_ROLES.get(word, word if not word[:1].isalpha() else _OTHER) for word in framed]
    known = [(place, role) for place, role in enumerate(roles) if role != _OTHER]
    found = [[_bucket(f"{prefix}~{part}") for part in _parts(word)] for word in framed]
    for place, word in enumerate(framed):
        own = found[place]
        own.extend(_bucket(f"{prefix}{' '.join(framed[place : place + size])}") for size in _GRAMS)
        own.extend(
            _bucket(f"{prefix}{word} _ {framed[place + gap]}") for gap in _GAPS if place + gap < len(framed)
        )
        own.extend(_bucket(f"{prefix}={' '.join(roles[place : place + size])}") for size in _ROLE_GRAMS)
    for number, (place, _) in enumerate(known):
        for size in _KNOWN_GRAMS:
            run = " ".join(role for _, role in known[number : number + size])
            found[place].append(_bucket(f"{prefix}+{run}"))
    return found


def _bucket(name: str) -> int:
    return crc32(name.encode(errors="replace")) % BUCKETS


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    framed = f"<{word}>"
    return tuple(framed[i : i + size] for size in _PARTS for i in range(len(framed) - size + 1))


def buckets(words: Sequence[str], question: Sequence[str] = ()) -> set[int]:
    """The features of a text, and of the question that it answers."""
    return {*chain(*features(words)), *(chain(*features(question, "q:")) if question else ())}


def question_in(turn: str, year: int) -> list[str]:
    """The last words of a turn up to its last question mark; none where nothing is asked."""
    asked, mark, _ = turn.rpartition("?")
    return tokens(asked[-400:], year)[-_QUESTION:] if mark else []


@dataclass(frozen=True, slots=True)
class Model:
    """One target: the score of a text is the sum of its features' weights, times `scale`, plus `bias`.

    From `sure` on it is taken to be of that kind, from `likely` on it may be; below `possible` it is not.
    """

    weights: "array[int]"
    scale: float
    bias: float
    sure: float
    likely: float
    possible: float

    def certainty(self, score: float) -> Certainty | None:
        """What a score says; None between what may be and what cannot be."""
        if score >= self.likely:
            return "sure" if score >= self.sure else "likely"
        return "unlikely" if score < self.possible else None


_NUMBERS = ("scale", "bias", "sure", "likely", "possible")


class Reader(Protocol):
    """What reads texts for the guard."""

    def read(
        self, text: str, year: int, targets: Sequence[Target], question: str = ""
    ) -> Mapping[Target, Certainty]:
        """Of which targets a normalised text is, and how surely. `question` is the turn before it."""
        ...


class Learned:
    """The four models."""

    def __init__(self, models: Mapping[Target, Model]) -> None:
        self._models = models

    @classmethod
    def load(cls, file: Path) -> "Learned":
        """Read what `dump` has written."""
        head, _, body = file.read_bytes().partition(b"\n")
        header, body = json.loads(head), zlib.decompress(body)
        models: dict[Target, Model] = {}
        for number, target in enumerate(TARGETS):
            weights = array("b", body[number * BUCKETS : (number + 1) * BUCKETS])
            models[target] = Model(weights, **header["models"][target])
        return cls(models)

    def dump(self, file: Path, made_of: str) -> None:
        """Write everything into a file; `made_of` says of which sentences and words it was made."""
        numbers = {
            target: {name: getattr(model, name) for name in _NUMBERS}
            for target, model in self._models.items()
        }
        header = {"made_of": made_of, "models": numbers}
        body = b"".join(self._models[target].weights.tobytes() for target in TARGETS)
        file.write_bytes(json.dumps(header).encode() + b"\n" + zlib.compress(body, 9))

    def score(self, found: Iterable[int], target: Target) -> float:
        """How much a set of features speaks for a target."""
        model = self._models[target]
        return sum(map(model.weights.__getitem__, found)) * model.scale + model.bias

    def read(
        self, text: str, year: int, targets: Sequence[Target], question: str = ""
    ) -> dict[Target, Certainty]:
        """See `Reader.read`."""
        cut = len(text) > 2 * MOST_LETTERS
        words = tokens(f"{text[:MOST_LETTERS]} {text[-MOST_LETTERS:]}" if cut else text, year)
        if len(words) > 2 * MOST_WORDS:
            cut, words = True, words[:MOST_WORDS] + words[-MOST_WORDS:]
        asked = question_in(question, year)
        own = set(chain(*features(asked, "q:"))) if asked else set()
        found_at = features(words)
        best = dict.fromkeys(targets, float("-inf"))
        for start in range(0, max(1, len(found_at) - WINDOW + STEP), STEP):
            found_here = own.union(*found_at[start : start + WINDOW])
            best = {target: max(best[target], self.score(found_here, target)) for target in targets}
        certainties = {target: self._models[target].certainty(score) for target, score in best.items()}
        # Nothing is ruled out in a text that was not read whole.
        return {
            target: found
            for target, found in certainties.items()
            if found and not (cut and found == "unlikely")
        }


@lru_cache(maxsize=1)
def models() -> Learned:
    """The models that come with the product."""
    return Learned.load(WEIGHTS)
