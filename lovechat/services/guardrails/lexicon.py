"""The words that the rules look for, kept as digests.

The file holds the first 16 hexadecimal digits of the SHA-256 of each normalised term and its category,
so nobody has to read such a list to work on the project. Terms are one to three words; the first word
of a longer one stands in the file too, as a `lead`, so that few phrases have to be looked up.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

INTIMATE = "intimate"
CHILDLIKE = "childlike"
FORBIDDEN = "forbidden"
_LEAD = "lead"

LONGEST_TERM = 3  # words
_DIGITS = 16
_WORD = re.compile(r"[a-zñ]+")
_FILE = Path(__file__).with_name("lexicon.txt")


class Lexicon:
    """Finds the categories of the terms in a normalised text."""

    def __init__(self, terms: dict[str, str], leads: frozenset[str]) -> None:
        """`terms` maps a term's digest to its category; `leads` are digests of first words of phrases."""
        self._terms = terms
        self._leads = leads

    @classmethod
    def of(cls, **categories: Iterable[str]) -> "Lexicon":
        """A lexicon of terms in clear, by category; for tests with harmless marker words."""
        pairs = [(term, category) for category, terms in categories.items() for term in terms]
        leads = frozenset(_digest(term.split()[0]) for term, _ in pairs if " " in term)
        return cls({_digest(term): category for term, category in pairs}, leads)

    def categories(self, words: str) -> set[str]:
        """The categories found in a text of the `words` track."""
        tokens = _WORD.findall(words)
        found = set()
        for start, token in enumerate(tokens):
            word = _digest(token)
            if word in self._terms:
                found.add(self._terms[word])
            if word in self._leads:
                for end in range(start + 2, min(start + LONGEST_TERM, len(tokens)) + 1):
                    category = self._terms.get(_digest(" ".join(tokens[start:end])))
                    if category is not None:
                        found.add(category)
        return found


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with the product."""
    lines = _FILE.read_text(encoding="ascii").split("\n")
    pairs = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
    terms = {digest: category for digest, category in pairs if category != _LEAD}
    return Lexicon(terms, frozenset(digest for digest, category in pairs if category == _LEAD))


@lru_cache(maxsize=50_000)
def _digest(term: str) -> str:
    return hashlib.sha256(term.encode()).hexdigest()[:_DIGITS]
