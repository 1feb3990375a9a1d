"""Patterns over words instead of letters.

Each word of a text becomes one character that stands for what the word can be (an age, a verb of
pretending, a stop ...), so a rule is a short regular expression over such characters. That keeps the
rules readable, the same for both languages, and their time linear: no rule has an unbounded gap.

A rule is written with roles in angle brackets, `<age>`, and bare words, `you are`; `<!stop child>` is
anything but these roles; a comma, a dash, a slash and an apostrophe stand for themselves. Blanks mean nothing. A macro is a part of a rule that has a name.
"""

import re
from collections.abc import Iterable, Mapping

_FIRST_CODE = 0xE000  # the private use area: 6,400 groups of words
_PART = re.compile(r"\{[\d,]+\}|<(!?)([a-z_0-9][a-z_0-9 ]*)>|([a-zñ][a-zñ']*)|([,/'-])|\s+")
_SIGNS = {",": "comma", "-": "dash", "/": "slash", "'": "apostrophe"}
_MACRO = re.compile(r"<([a-z_0-9]+)>")

OTHER = "other"
Roles = frozenset[str]


class Grammar:
    """The words that the rules know, and the rules, compiled."""

    def __init__(
        self,
        vocabulary: Mapping[str, Iterable[str]],
        classes: Iterable[Roles],
        macros: Mapping[str, str],
        rules: Mapping[str, str],
    ) -> None:
        """`vocabulary` gives each role its words; `classes` are sets of roles that no word has."""
        sources = {name: _expand(source, macros) for name, source in rules.items()}
        roles: dict[str, set[str]] = {}
        for role, words in vocabulary.items():
            for word in words:
                roles.setdefault(word, set()).add(role)
        for source in sources.values():
            for match in _PART.finditer(source):
                if match[3]:
                    roles.setdefault(match[3], set()).add(_literal(match[3]))
        groups = {frozenset(found) for found in roles.values()} | {frozenset({OTHER}), *classes}
        self._codes = {
            group: chr(_FIRST_CODE + number) for number, group in enumerate(sorted(groups, key=sorted))
        }
        self._by_role: dict[str, set[str]] = {}
        for group, code in self._codes.items():
            for role in group:
                self._by_role.setdefault(role, set()).add(code)
        self.words = {word: self._codes[frozenset(found)] for word, found in roles.items()}
        self.rules = {name: re.compile(self._compile(source)) for name, source in sources.items()}

    def code(self, *roles: str) -> str:
        """The character of a set of roles."""
        return self._codes[frozenset(roles)]

    def _compile(self, source: str) -> str:
        def replace(match: re.Match[str]) -> str:
            if match[3]:
                return self._any([_literal(match[3])])
            if match[4]:
                return self._any([_SIGNS[match[4]]])
            if match[2]:
                return self._any(match[2].split(), without=bool(match[1]))
            return match[0].strip()

        return _PART.sub(replace, source)

    def _any(self, roles: list[str], *, without: bool = False) -> str:
        found = sorted(set().union(*(self._by_role.get(role, ()) for role in roles)))
        if not found:
            raise ValueError(f"no word has the role {' or '.join(roles)}")
        return f"[{'^' * without}{''.join(found)}]"


def _literal(word: str) -> str:
    return f"={word}"


def _expand(source: str, macros: Mapping[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        return f"(?:{_expand(macros[match[1]], macros)})" if match[1] in macros else match[0]

    return _MACRO.sub(replace, source)
