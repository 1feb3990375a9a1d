"""What the guard answers."""

from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """What to do with a text."""

    ALLOW = "allow"
    # Passes; an admin may want to know that something was not clear.
    NOTE = "note"
    # Passes, and the person is shown where to find help.
    CRISIS = "crisis"
    BLOCK = "block"
    # Refused, and the writer's account is shut for a review of the age.
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with a stable reason; the reason is for counts and admins, never for the person.

    `signals` names the rules that fired, for the guard's tester. It holds nothing of the text, and
    two verdicts that differ in it alone are equal.
    """

    action: Action
    reason: str = ""
    signals: tuple[str, ...] = field(default=(), compare=False)

    @property
    def allowed(self) -> bool:
        """Whether the text may pass."""
        return self.action in (Action.ALLOW, Action.NOTE, Action.CRISIS)

    @property
    def needs_help(self) -> bool:
        """Whether the writer seems to be in a crisis, whatever else becomes of the text."""
        return self.action is Action.CRISIS or any(
            name.startswith(("crisis_", "learned_crisis")) for name in self.signals
        )


ALLOWED = Verdict(Action.ALLOW)
