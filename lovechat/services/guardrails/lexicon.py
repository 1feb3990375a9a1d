"""The words that the rules look for, kept as digests.

The file holds the first 16 hexadecimal digits of the SHA-256 of each normalised term and its category,
so nobody has to read such a list to work on the project. Terms are one to three words.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

INTIMATE = "intimate"
CHILDLIKE = "childlike"
FORBIDDEN = "forbidden"

LONGEST_TERM = 3  # words
_DIGITS = 16
_WORD = re.compile(r"[a-zñ]+")
_FILE = Path(__file__).with_name("lexicon.txt")


class Lexicon:
    """Finds the categories of the terms in a normalised text."""

    def __init__(self, terms: dict[str, str]) -> None:
        """`terms` maps a term's digest to its category."""
        self._terms = terms

    @classmethod
    def of(cls, **categories: Iterable[str]) -> "Lexicon":
        """A lexicon of terms in clear, by category; for tests with harmless marker words."""
        return cls({_digest(term): category for category, terms in categories.items() for term in terms})

    def categories(self, words: str) -> set[str]:
        """The categories found in a text of the `words` track."""
        tokens = _WORD.findall(words)
        found = set()
        for size in range(1, LONGEST_TERM + 1):
            for start in range(len(tokens) - size + 1):
                category = self._terms.get(_digest(" ".join(tokens[start : start + size])))
                if category is not None:
                    found.add(category)
        return found


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with the product."""
    lines = _FILE.read_text(encoding="ascii").split("\n")
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return Lexicon({line[0]: line[1] for line in pairs})


@lru_cache(maxsize=50_000)
def _digest(term: str) -> str:
    return hashlib.sha256(term.encode()).hexdigest()[:_DIGITS]
