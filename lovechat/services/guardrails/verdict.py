"""What the guard answers."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What to do with a text."""

    ALLOW = "allow"
    BLOCK = "block"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with a stable reason; the reason is for counts and admins, never for the person."""

    action: Action
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the text may pass."""
        return self.action is Action.ALLOW


ALLOWED = Verdict(Action.ALLOW)
