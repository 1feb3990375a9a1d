"""The events of a reply, for every front end."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from uuid import UUID

EventName = Literal["start", "delta", "notice", "retract", "done", "error"]
FinishReason = Literal["stop", "length", "quota", "user", "refusal"]
ReplyStatus = Literal["complete", "stopped", "interrupted", "retracted"]

TERMINAL: frozenset[str] = frozenset(("done", "error"))


class ReplyEvent(NamedTuple):
    """One event of a reply; `number` counts from 1 without gaps."""

    number: int
    name: EventName
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReplyIds:
    """What a reply is about."""

    reply_id: UUID
    conversation_id: UUID
    user_message_id: UUID
    message_id: UUID

    def as_data(self) -> dict[str, str]:
        """The data of the `start` event."""
        return {
            "reply_id": str(self.reply_id),
            "conversation_id": str(self.conversation_id),
            "user_message_id": str(self.user_message_id),
            "message_id": str(self.message_id),
        }
