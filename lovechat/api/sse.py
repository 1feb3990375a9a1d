"""A reply's events as server-sent events.

(https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lovechat.api.errors import REPLY_ERRORS, problem
from lovechat.core.i18n import Language
from lovechat.schemas.replies import ReplyEvent

_PING = b": ping\n\n"

EXAMPLE = """id: 1
event: start
data: {"reply_id":"…","conversation_id":"…","user_message_id":"…","message_id":"…"}

id: 2
event: notice
data: {"kind":"ai_disclosure","text":"Estás hablando con una IA. …","language":"es","resources":[]}

id: 3
event: delta
data: {"text":"Hola"}

id: 4
event: done
data: {"message_id":"…","status":"complete","finish_reason":"stop","units":1,"usage":{…},"generated_by":"ai","model":"…"}
"""
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `start`, then `delta`, `notice` and `retract`, then `done` or `error`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}


class EventStream(Response):
    """Sends batches of events until they end or the caller leaves; an empty batch becomes a comment."""

    media_type = "text/event-stream"

    def __init__(self, batches: AsyncIterator[Sequence[ReplyEvent]], language: Language) -> None:
        """Problems are worded in `language`."""
        super().__init__(
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )
        del self.headers["content-length"]
        self._batches = batches
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer. The reply itself goes on whatever happens here."""
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((writing, leaving), return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                writing.result()
        finally:
            for task in (writing, leaving):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for batch in self._batches:
            body = b"".join([self._frame(event) for event in batch]) if batch else _PING
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _frame(self, event: ReplyEvent) -> bytes:
        data = event.data
        if event.name == "error":
            code = data["code"]
            details = {key: value for key, value in data.items() if key != "code"}
            data = problem(code, REPLY_ERRORS[code], self._language, **details)
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (
            event.number,
            event.name.encode(),
            orjson.dumps(data),
        )


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
