"""What surrounds every request: headers that guard browsers, and a limit for bodies.

Written against ASGI itself: Starlette's base class for middleware doubles the cost of a stream.
"""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lovechat.api.errors import problem_response
from lovechat.services.avatars import MAX_BYTES

# A message of 4,000 characters, each escaped as JSON allows, with room to spare.
MAX_BODY = 128 * 1024
MAX_UPLOAD = MAX_BYTES + 64 * 1024  # a picture and the form around it
BODY_SECONDS = 60
_NO_BODY = frozenset(("GET", "HEAD", "OPTIONS"))

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class GuardHeaders:
    """Adds headers to every answer that has not set them, and keeps answers out of caches."""

    def __init__(self, app: ASGIApp, extra: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self._app = app
        self._headers = (*HEADERS, *extra)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._headers if header[0] not in present),
                ]
            await send(message)

        await self._app(scope, receive, guarded)


class BodyLimit:
    """Reads a body before the application does, and refuses one that is too large or too slow."""

    def __init__(self, app: ASGIApp, upload_path: str) -> None:
        """Only `upload_path` takes files."""
        self._app = app
        self._upload_path = upload_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] in _NO_BODY:
            await self._app(scope, receive, send)
            return
        upload = scope["path"] == self._upload_path
        limit = MAX_UPLOAD if upload else MAX_BODY
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                more = True
                while more and len(body) <= limit:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
        except TimeoutError:
            await problem_response(Request(scope), "request_timeout", 408)(scope, receive, send)
            return
        if len(body) > limit:
            code = "file_too_large" if upload else "request_too_large"
            response = problem_response(Request(scope), code, 413, max_bytes=MAX_BYTES if upload else limit)
            await response(scope, receive, send)
            return
        unread: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return unread.pop() if unread else await receive()

        await self._app(scope, replay, send)
