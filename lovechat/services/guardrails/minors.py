"""Who in a text is a minor, and in which role.

A word alone decides nothing: "my son is eight" is family, "you are eight" is a role. The role is
read from what stands right before the age or the child, within one sentence.
"""

from dataclasses import dataclass
from enum import StrEnum

from lovechat.services.guardrails import minor_rules as rules
from lovechat.services.guardrails.reading import GRAMMAR, without_quotes

# No rule looks further ahead than this many words; at an open end such matches wait for what follows.
LOOKAHEAD = 5
_LOOK_BEHIND = 10


class Role(StrEnum):
    """The part that a minor has in a text, strongest last."""

    NONE = "none"
    MENTION = "mention"
    PARTICIPANT = "participant"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Minors:
    """The strongest role, and the rules that fired. `past`: a memory of one's own childhood.

    `only_family`: every mention is of somebody's child. `pronoun`: a third person is spoken of.
    """

    role: Role
    signals: tuple[str, ...] = ()
    past: bool = False
    only_family: bool = False
    pronoun: bool = False
    unclear: bool = False
    harmed: bool = False


def find_minors(codes: str, *, described: bool = False, open_end: bool = False) -> Minors:
    """The role of minors in a text that `read` has read.

    With `described` the text describes a character, so ages without another bearer are the character's.
    With `open_end` more text follows, and what could still turn out differently is left for later.
    """
    search = _Search(codes, open_end=open_end)
    speaker = search.speakers()
    part = search.participants(described=described)
    if speaker and not part:
        return Minors(Role.SPEAKER, tuple(speaker))
    # "pretend I'm 12" is a part to play, not a confession.
    if part:
        return Minors(Role.PARTICIPANT, tuple(part))
    mention = search.matching(rules.MENTION) or search.downgraded
    family = search.matching(rules.MENTION_FAMILY)
    past = search.matching(rules.PAST)
    return Minors(
        Role.MENTION if mention or family or past else Role.NONE,
        (*mention, *family, *past),
        past=bool(past),
        only_family=bool(family) and not past and not search.matching(rules.MENTION, unrelated=True),
        pronoun=GRAMMAR.rules["third_person"].search(codes) is not None,
        unclear=bool(search.matching(rules.NOTE)),
        harmed=GRAMMAR.rules["harmed"].search(codes) is not None,
    )


class _Search:
    """Looks for rules in one text."""

    def __init__(self, codes: str, *, open_end: bool) -> None:
        self._codes = codes
        self._end = len(codes) - LOOKAHEAD if open_end else len(codes)
        self.downgraded: list[str] = []

    def speakers(self) -> list[str]:
        """What the writer says of themselves, here and now, in their own words."""
        own = without_quotes(self._codes)
        end = self._end - (len(self._codes) - len(own))
        found = [name for name in rules.SPEAKER if self._fires(name, own, end, ("distant",))]
        return found + [name for name in rules.SPEAKER_NEGATED if self._fires(name, own, end, ())]

    def participants(self, *, described: bool) -> list[str]:
        """Minors with a part in the scene; what turns out to be told of others becomes a mention."""
        found = [
            name for name in rules.PARTICIPANT if self._fires(name, *self._whole, ("conditional", "denied"))
        ]
        third = {**rules.PARTICIPANT_THIRD, **(rules.DESCRIBED if described else {})}
        for name in third:
            spoils = ("related", "denied", *self._lasting(name))
            if self._fires(name, *self._whole, spoils):
                found.append(name)
            elif self._fires(name, *self._whole, ()):
                self.downgraded.append(name)
        return found

    def matching(self, group: dict[str, str], *, unrelated: bool = False) -> list[str]:
        """The rules of a group that match; with `unrelated` only where no child of somebody stands before."""
        related = ("related",) if unrelated else ()
        return [name for name in group if self._fires(name, *self._whole, (*related, *self._lasting(name)))]

    @staticmethod
    def _lasting(name: str) -> tuple[str, ...]:
        """A span is how long and not how old: "for 15 years"; whoever writes "years old" means the age."""
        return ("lasting",) if name.endswith("_span") else ()

    @property
    def _whole(self) -> tuple[str, int]:
        return self._codes, self._end

    def _fires(self, name: str, codes: str, end: int, spoils: tuple[str, ...]) -> bool:
        for match in GRAMMAR.rules[name].finditer(codes):
            if match.end() > end:
                return False
            before = codes[max(0, match.start() - _LOOK_BEHIND) : match.start()]
            if not any(GRAMMAR.rules[spoil].search(before) for spoil in spoils):
                return True
        return False
