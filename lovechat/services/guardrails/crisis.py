"""Whether somebody who writes seems to be in a crisis, and whether a reply makes it worse.

Idioms ("this homework is killing me", "me muero de risa") are not among the rules, so they pass. What
is denied, or told of a song, a film or somebody else, passes too. A crisis never blocks.
"""

from lovechat.services.guardrails import crisis_rules as rules
from lovechat.services.guardrails.minors import LOOKAHEAD
from lovechat.services.guardrails.reading import GRAMMAR

_LOOK_BEHIND = 10


def find_crisis(codes: str) -> tuple[str, ...]:
    """The rules about a crisis of the writer that fire in a text that `read` has read."""
    return _firing(codes, rules.CRISIS, ("crisis_denied", "crisis_of_others"), len(codes))


def find_encouragement(codes: str, *, open_end: bool = False) -> tuple[str, ...]:
    """The rules about words that push somebody towards harm."""
    end = len(codes) - LOOKAHEAD if open_end else len(codes)
    return _firing(codes, rules.ENCOURAGEMENT, ("not_encouraging", "crisis_of_others"), end)


def _firing(codes: str, group: dict[str, str], spoils: tuple[str, ...], end: int) -> tuple[str, ...]:
    found = []
    for name in group:
        for match in GRAMMAR.rules[name].finditer(codes):
            before = codes[max(0, match.start() - _LOOK_BEHIND) : match.start()]
            spoiled = any(GRAMMAR.rules[spoil].search(before) for spoil in spoils)
            if match.end() <= end and not spoiled:
                found.append(name)
                break
    return tuple(found)
