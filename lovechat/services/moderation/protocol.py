"""What Love Chat asks of a moderation service, whoever runs it."""

from collections.abc import Mapping
from typing import Literal, Protocol

# Who said the text: the person, or the character.
Role = Literal["user", "assistant"]
# How sure the service is that a text belongs to a category, from 0 to 1.
Scores = Mapping[str, float]


class ModerationError(Exception):
    """No judgement can be had; the message is for the log and holds nothing of the text.

    `retryable` says that asking once more may help.
    """

    def __init__(self, reason: str, *, retryable: bool = False) -> None:
        super().__init__(reason)
        self.retryable = retryable


class ModerationProvider(Protocol):
    """A service that scores texts. It learns what was said, and nothing of who said it."""

    async def check(self, text: str, role: Role) -> Scores:
        """The scores of a text by category. Raises `ModerationError`."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class NoModeration:
    """Asks nobody and finds nothing."""

    async def check(self, text: str, role: Role) -> Scores:  # noqa: ARG002
        """No scores."""
        return {}

    async def close(self) -> None:
        """There is nothing to let go of."""
