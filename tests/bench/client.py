"""The load: sends requests and notes when which bytes came. `python -m tests.bench.client`.

While a run lasts it only keeps bytes with their time; they are read afterwards. Runs come as lines
of JSON on the standard input; two lines answer each: when it is over, and what was read.
"""

import asyncio
import re
import sys
import time
from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import Any, cast

import orjson
import uvloop

from tests.bench.stamps import seconds_since


class IncompleteError(Exception):
    """A reply that is not what the upstream sent, or not all of it."""


class Exchange(asyncio.Protocol):
    """One request on a connection of its own, and the bytes that came back."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.sent = 0.0
        self.times: list[float] = []
        self.parts: list[bytes] = []
        self.over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sent = time.monotonic()
        cast("asyncio.WriteTransport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self.times.append(time.monotonic())
        self.parts.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


async def _run(port: int, requests: list[bytes], spread: float, patience: float) -> list[Exchange]:
    loop = asyncio.get_running_loop()
    exchanges = [Exchange(request) for request in requests]

    async def exchange(number: int, one: Exchange) -> None:
        await asyncio.sleep(spread * number / len(requests))
        await loop.create_connection(lambda: one, "127.0.0.1", port)
        await one.over

    tasks = [asyncio.create_task(exchange(number, one)) for number, one in enumerate(exchanges)]
    _, late = await asyncio.wait(tasks, timeout=patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return exchanges


def read(exchange: Exchange, tokens: int) -> dict[str, Any]:
    """What came: the overhead before the first token, and each token's way, in milliseconds."""
    text, moments = "", []
    for moment, delta in _deltas(exchange):
        text += delta
        moments += [moment] * delta.count(" ")
    words = text.split()
    if len(words) != tokens + 1 or len(moments) != len(words):
        raise IncompleteError(f"{max(0, len(words) - 1)} of {tokens} tokens")
    # The first token has two words: when it was sent, and when the request had come.
    lags = [seconds_since(word, moment) for word, moment in zip(words, moments, strict=True)]
    waited = lags.pop(1) - lags[0]
    del moments[1]
    emitted = [moment - lag for moment, lag in zip(moments, lags, strict=True)]
    if any(later < earlier for earlier, later in pairwise(emitted)):
        raise IncompleteError("tokens out of order")
    return {
        "ttft": (moments[0] - exchange.sent - waited) * 1000,
        "upstream": waited * 1000,
        "lags": [lag * 1000 for lag in lags],
    }


def _deltas(exchange: Exchange) -> list[tuple[float, str]]:
    """The text of each event with the time at which its last byte came."""
    deltas, name, number = [], "", 0
    for moment, frame in _frames(exchange):
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if not line.startswith(":"))
        if not fields:
            continue
        name, data = fields["event"], orjson.loads(fields["data"])
        if "id" in fields:
            number += 1
            if int(fields["id"]) != number:
                raise IncompleteError(f"event {number} is missing")
        if name == "error":
            raise IncompleteError(f"error {data.get('code')}")
        if name == "done" and data.get("finish_reason", "stop") != "stop":
            raise IncompleteError(f"ended by {data['finish_reason']}")
        if name in ("delta", "response.output_text.delta"):
            deltas.append((moment, data["text"] if name == "delta" else data["delta"]))
    if name not in ("done", "response.completed"):
        raise IncompleteError(f"the last event is {name or 'none'}")
    return deltas


def _frames(exchange: Exchange) -> list[tuple[float, str]]:
    raw = b"".join(exchange.parts)
    ends = list(accumulate(map(len, exchange.parts)))
    head, gap, _ = raw.partition(b"\r\n\r\n")
    if not gap:
        raise IncompleteError("no answer")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise IncompleteError(raw.decode(errors="replace").replace("\r\n", " ")[-200:])
    frames, unread, position = [], b"", len(head) + len(gap)
    while line := re.compile(rb"([0-9a-fA-F]+)\r\n").match(raw, position):
        size = int(line[1], 16)
        start, position = line.end(), line.end() + size + 2
        if not size:
            return frames
        *whole, rest = (unread + raw[start : start + size]).split(b"\n\n")
        place = start - len(unread)
        for frame in whole:
            place += len(frame) + 2
            frames.append((exchange.times[bisect_left(ends, place)], frame.decode()))
        unread = rest
    raise IncompleteError("the connection broke")


def _read_all(exchanges: list[Exchange], tokens: int) -> dict[str, list]:
    found: dict[str, list] = {"ttft": [], "upstream": [], "lags": [], "errors": []}
    for exchange in exchanges:
        try:
            reply = read(exchange, tokens)
        except (IncompleteError, ValueError, KeyError) as error:
            found["errors"].append(f"{type(error).__name__}: {error}")
            continue
        found["ttft"].append(reply["ttft"])
        found["upstream"].append(reply["upstream"])
        found["lags"] += reply["lags"]
    return found


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Do what the lines say, to their end."""
    for line in sys.stdin.buffer:
        run = orjson.loads(line)
        requests = [request.encode() for request in run["requests"]]
        began, cpu = time.monotonic(), time.process_time()
        exchanges = uvloop.run(_run(run["port"], requests, run["spread"], run["patience"]))
        _say({"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu})
        _say(_read_all(exchanges, run["tokens"]))


if __name__ == "__main__":
    main()
