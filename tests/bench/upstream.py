"""A model's server that costs next to nothing: OpenAI's Responses protocol on a bare socket.

`python -m tests.bench.upstream TTFT RATE TOKENS`. The head of the answer comes with the first token,
as late as possible: nothing that a relay does before it is hidden in the wait. The first token says
when it was sent and when the request had come, every later one when it was sent.
"""

import asyncio
import signal
import sys
import time
from typing import cast

import orjson
import uvloop

from tests.bench.child import announce, listen
from tests.bench.stamps import stamp

MODEL = "bench-model-1"
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-store\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n"
)
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
ITEM = "msg_0123456789abcdef0123456789abcdef"


def _chunk(*events: dict) -> bytes:
    frames = b"".join(b"event: %s\ndata: %s\n\n" % (e["type"].encode(), orjson.dumps(e)) for e in events)
    return b"%x\r\n%s\r\n" % (len(frames), frames)


def _response(status: str) -> dict:
    return {"id": "resp_1", "object": "response", "model": MODEL, "status": status, "output": []}


OPENING = _chunk(
    {"type": "response.created", "sequence_number": 0, "response": _response("in_progress")},
    {"type": "response.in_progress", "sequence_number": 1, "response": _response("in_progress")},
)
# A delta around its text, as OpenAI sends it; built once.
_BEFORE, _AFTER = (
    b"event: response.output_text.delta\ndata: "
    + orjson.dumps(
        {
            "type": "response.output_text.delta",
            "sequence_number": 99,
            "item_id": ITEM,
            "output_index": 0,
            "content_index": 0,
            "delta": "TEXT",
            "logprobs": [],
            "obfuscation": "a1B2c3D4",
        }
    )
    + b"\n\n"
).split(b"TEXT")
ENDING = (
    _chunk({"type": "response.completed", "sequence_number": 999, "response": _response("completed")})
    + b"0\r\n\r\n"
)


class Replier(asyncio.Protocol):
    """Answers one connection, one request after another."""

    def __init__(self, ttft: float, rate: float, tokens: int) -> None:
        self._ttft = ttft
        self._pause = 1 / rate
        self._tokens = tokens
        self._unread = b""
        self._sent = 0
        self._came = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not descend from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._loop = asyncio.get_running_loop()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        head, gap, body = self._unread.partition(b"\r\n\r\n")
        if not gap:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(body) < length:
            return
        self._unread = body[length:]
        if not head.startswith(b"POST /v1/responses "):
            self._transport.write(NOT_FOUND)
            return
        self._came = time.monotonic()
        self._sent = 0
        self._wait_until(self._came + self._ttft)

    def _wait_until(self, moment: float) -> None:
        self._timer = self._loop.call_later(max(0.0, moment - time.monotonic()), self._send)

    def _send(self) -> None:
        if self._sent == self._tokens:
            self._transport.write(ENDING)
            return
        first = not self._sent
        self._sent += 1
        text = f"{stamp()} {stamp(self._came)} " if first else f"{stamp()} "
        frame = _BEFORE + text.encode() + _AFTER
        chunk = b"%x\r\n%s\r\n" % (len(frame), frame)
        self._transport.write(HEAD + OPENING + chunk if first else chunk)
        self._wait_until(self._came + self._ttft + self._sent * self._pause)


async def _serve(ttft: float, rate: float, tokens: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    listener = listen()
    server = await loop.create_server(lambda: Replier(ttft, rate, tokens), sock=listener)
    announce(listener)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(_serve(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
