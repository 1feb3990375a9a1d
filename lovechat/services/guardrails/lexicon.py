"""The words that the rules look for, kept as digests.

The file holds the first 16 hexadecimal digits of the SHA-256 of each normalised term and its category,
so nobody has to read such a list to work on the project. Terms are one to three words; the first word
of a longer one stands in the file too, as a `lead`, so that few phrases have to be looked up. A
`scrambled` digest is that of a term whose inner letters are sorted: weak evidence, for words that are
written with their letters out of order.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from lovechat.services.guardrails.normalize import Normalized, shuffled, squeeze

INTIMATE = "intimate"
CHILDLIKE = "childlike"
EUPHEMISM = "euphemism"
FORBIDDEN = "forbidden"
_LEAD = "lead"
_SCRAMBLED = "scrambled"

LONGEST_TERM = 3  # words
_SHORTEST_SCRAMBLED = 6  # letters
_LETTERS = range(3, 25)
_DIGITS = 16
_WORD = re.compile(r"[a-zñ]+")
_FILE = Path(__file__).with_name("lexicon.txt")


class Lexicon:
    """Finds the categories of the terms in a normalised text."""

    def __init__(
        self, terms: dict[str, str], leads: frozenset[str], scrambled: frozenset[str] = frozenset()
    ) -> None:
        """`terms` maps a term's digest to its category; the others are digests too, see above."""
        self._terms = terms
        self._leads = leads
        self._scrambled = scrambled

    @classmethod
    def of(cls, **categories: Iterable[str]) -> "Lexicon":
        """A lexicon of terms in clear, by category; for tests with harmless marker words."""
        pairs = [(term, category) for category, terms in categories.items() for term in terms]
        leads = frozenset(_digest(term.split()[0]) for term, _ in pairs if " " in term)
        intimate = [term for term, category in pairs if category == INTIMATE and " " not in term]
        scrambled = frozenset(_digest(shuffled(term)) for term in intimate if _can_be_scrambled(term))
        return cls(
            {_digest(form): kind for term, kind in pairs for form in (term, squeeze(term))}, leads, scrambled
        )

    def categories(self, text: Normalized) -> set[str]:
        """The categories found in a text."""
        tokens = _WORD.findall(text.words)
        found = set()
        leads = set()
        for token in {*tokens, *text.spellings}:
            if len(token) in _LETTERS:
                digest = _digest(token)
                if digest in self._terms:
                    found.add(self._terms[digest])
                if digest in self._leads:
                    leads.add(token)
        if leads:
            found |= self._phrases(tokens, leads)
        return found

    def has_scrambled(self, text: Normalized) -> bool:
        """Whether a word has the letters of an intimate term between its first and its last."""
        words = {word for word in set(_WORD.findall(text.words)) if _can_be_scrambled(word)}
        return any(_digest(shuffled(word)) in self._scrambled for word in words) if self._scrambled else False

    def _phrases(self, tokens: list[str], leads: set[str]) -> set[str]:
        found = set()
        for start, token in enumerate(tokens):
            if token in leads:
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
    of_kind = {
        kind: frozenset(digest for digest, found in pairs if found == kind) for kind in (_LEAD, _SCRAMBLED)
    }
    terms = {digest: category for digest, category in pairs if category not in of_kind}
    return Lexicon(terms, of_kind[_LEAD], of_kind[_SCRAMBLED])


def _can_be_scrambled(word: str) -> bool:
    return len(word) in _LETTERS and len(word) >= _SHORTEST_SCRAMBLED


@lru_cache(maxsize=20_000)
def _digest(term: str) -> str:
    return hashlib.sha256(term.encode()).hexdigest()[:_DIGITS]
