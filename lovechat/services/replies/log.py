"""The event log of a reply, rebuilt from what the database keeps of it."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from lovechat.schemas.care import Notice
from lovechat.schemas.replies import TERMINAL, ReplyEvent, ReplyIds

# After these ends fewer events are left than were sent: the number that the last one has now may
# have been that of a lost piece of text, so whoever saw it gets the last event again.
_SHORTENED = ("reply_interrupted", "content_blocked")


class StoredReply(Protocol):
    """The columns that a log is rebuilt from."""

    id: UUID
    conversation_id: UUID
    user_message_id: UUID
    message_id: UUID
    content: str
    delta_ends: list[int]
    marks: list[dict[str, Any]]


def notice_marks(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """The marks of a reply that begins with these notices: they follow its start, before any text."""
    return [
        {"number": number, "name": "notice", "data": notice.as_data()}
        for number, notice in enumerate(notices, start=2)
    ]


def rebuild(row: StoredReply, after: int) -> list[ReplyEvent]:
    """The events behind number `after`, as they were sent.

    A watcher may have seen more than was saved when a server died, or than is left of a reply
    that was withdrawn. It still gets the last event, under the next number that it waits for.
    """
    ids = ReplyIds(row.id, row.conversation_id, row.user_message_id, row.message_id)
    events = _number(ids, row.content, row.delta_ends, row.marks)
    behind = [event for event in events if event.number > after]
    last = events[-1]
    shorter = last.data.get("code") in _SHORTENED and after == last.number
    if not behind and last.name in TERMINAL and (after > last.number or shorter):
        return [ReplyEvent(after + 1, last.name, last.data)]
    return behind


def _number(
    ids: ReplyIds, content: str, ends: Sequence[int], marks: Sequence[dict[str, Any]]
) -> list[ReplyEvent]:
    by_number = {mark["number"]: mark for mark in marks}
    events = [ReplyEvent(1, "start", ids.as_data())]
    begin = 0
    deltas = [end for end in ends if end <= len(content)]
    left = len(deltas)
    while left or by_number:
        number = len(events) + 1
        mark = by_number.pop(number, None)
        if mark is None and not left:
            # The text that stood before this mark was withdrawn: the numbers close up.
            mark = by_number.pop(min(by_number))
        if mark is not None:
            events.append(ReplyEvent(number, mark["name"], mark["data"]))
            continue
        end = deltas[len(deltas) - left]
        left -= 1
        events.append(ReplyEvent(number, "delta", {"text": content[begin:end]}))
        begin = end
    return events
