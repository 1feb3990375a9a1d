"""The least that a relay can be in our stack: Starlette in front, aiohttp behind, and nothing else.

`python -m tests.bench.bare_relay UPSTREAM_URL`. No account, no database, no checks, no `openai` SDK.
"""

import sys
from collections.abc import AsyncIterator

import aiohttp
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.bench.child import announce, http_server, listen


class Relay:
    """One route: asks the upstream and passes its text on."""

    def __init__(self, upstream: str) -> None:
        self._url = f"{upstream}/responses"
        self._session: aiohttp.ClientSession | None = None

    async def chat(self, request: Request) -> StreamingResponse:
        asked = orjson.loads(await request.body())
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None)
            )
        body = {
            "model": "bench",
            "input": [{"role": "user", "content": asked["content"]}],
            "max_output_tokens": 800,
            "store": False,
            "stream": True,
        }
        return StreamingResponse(self._deltas(self._session, body), media_type="text/event-stream")

    async def _deltas(self, session: aiohttp.ClientSession, body: dict) -> AsyncIterator[bytes]:
        async with session.post(self._url, json=body) as answer:
            rest = b""
            async for data in answer.content.iter_any():
                *lines, rest = (rest + data).split(b"\n")
                frames = [_frame(line[5:]) for line in lines if line.startswith(b"data:")]
                if frames := [frame for frame in frames if frame]:
                    yield b"".join(frames)


def _frame(data: bytes) -> bytes:
    event = orjson.loads(data)
    if event["type"] == "response.output_text.delta":
        return b"event: delta\ndata: %s\n\n" % orjson.dumps({"text": event["delta"]})
    if event["type"] == "response.completed":
        return b"event: done\ndata: {}\n\n"
    return b""


if __name__ == "__main__":
    relay = Relay(sys.argv[1])
    app = Starlette(routes=[Route("/chat/stream", relay.chat, methods=["POST"])])
    listener = listen()
    announce(listener)
    http_server(app).run(sockets=[listener])
