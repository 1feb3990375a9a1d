"""A model's server for tests: real HTTP, replies in both protocols, moderation, and every way to fail.

`python -m tests.support.fake_upstream PORT` runs it alone.
"""

import asyncio
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from aiohttp import web

MODEL = "fake-model-1"
GREETING = "Hola, soy Luna, una IA. ¿Cómo estás hoy?"

Ending = Literal[
    "complete",  # as the protocol wants it
    "length",  # the cap was reached
    "filtered",  # a content filter cut it
    "cut",  # the connection breaks
    "no_end",  # the stream closes without its last event
    "stall",  # nothing more, and the connection stays open
    "malformed",  # a data line that is no JSON
    "not_an_object",  # a data line that is JSON but no event
    "failed",  # the server says that it failed
]


def words(text: str) -> list[str]:
    """A text in pieces, as a model sends it."""
    pieces = text.split(" ")
    return [piece + " " for piece in pieces[:-1]] + pieces[-1:]


@dataclass
class Script:
    """How the next request is answered. Times are in seconds."""

    pieces: list[str] = field(default_factory=lambda: words(GREETING))
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream"
    before: float = 0.0
    between: float = 0.0
    ending: Ending = "complete"
    refusal: bool = False
    # When set, the server waits here after so many pieces.
    gate: asyncio.Event | None = None
    gate_after: int = 0


def say(text: str, **how: Any) -> Script:
    """Answer with this text."""
    return Script(pieces=words(text) if text else [], **how)


CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent",
    "self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors", "violence",
    "violence/graphic",
)  # fmt: skip


@dataclass
class Judgement:
    """How a request to moderate is answered; categories that are not named score 0."""

    scores: dict[str, float] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    before: float = 0.0
    # When set, the server waits here before it answers.
    gate: asyncio.Event | None = None

    def answer(self) -> bytes:
        scores = {category: self.scores.get(category, 0.0) for category in CATEGORIES}
        result = {
            # Ours to decide: what the service itself makes of the scores must not matter.
            "flagged": not self.scores,
            "categories": dict.fromkeys(CATEGORIES, not self.scores),
            "category_scores": scores,
        }
        return orjson.dumps({"id": "modr-1", "model": "omni-moderation-fake", "results": [result]})


class FakeUpstream:
    """The server, what it will say, and what it was asked."""

    def __init__(self, default: Script | None = None) -> None:
        self.default = default or Script()
        self.requests: list[dict[str, Any]] = []
        self.moderations: list[dict[str, Any]] = []
        # What a text scores in which these words stand; before that come the judgements in line.
        self.judgements: dict[str, Judgement] = {}
        self._judgements: deque[Judgement] = deque()
        self.open_streams = 0
        self._scripts: deque[Script] = deque()
        self._runner: web.AppRunner | None = None
        self.url = ""

    def will(self, *scripts: Script) -> None:
        """Answer the next requests like this; later ones get the default."""
        self._scripts.extend(scripts)

    def will_judge(self, *judgements: Judgement) -> None:
        """Answer the next requests to moderate like this."""
        self._judgements.extend(judgements)

    @property
    def moderated(self) -> list[str]:
        """The texts that were sent to be moderated."""
        return [request["body"]["input"] for request in self.moderations]

    def reset(self) -> None:
        """Forget scripts and requests."""
        for kept in (self._scripts, self.requests, self.moderations, self.judgements, self._judgements):
            kept.clear()

    async def start(self, port: int = 0) -> "FakeUpstream":
        app = web.Application()
        app.router.add_post("/v1/responses", self._responses)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/moderations", self._moderate)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _responses(self, request: web.Request) -> web.StreamResponse:
        script, response = await self._begin(request)
        if not isinstance(response, web.StreamResponse) or script.status != 200:
            return response
        created = {"type": "response.created", "response": {"id": "resp_1", "model": MODEL}}
        kind = "response.refusal.delta" if script.refusal else "response.output_text.delta"
        events = [{"type": kind, "delta": piece} for piece in script.pieces]
        last = {
            "complete": {"type": "response.completed", "response": {"model": MODEL, "status": "completed"}},
            "length": {
                "type": "response.incomplete",
                "response": {"incomplete_details": {"reason": "max_output_tokens"}},
            },
            "filtered": {
                "type": "response.incomplete",
                "response": {"incomplete_details": {"reason": "content_filter"}},
            },
            "failed": {
                "type": "response.failed",
                "response": {"error": {"code": "server_error", "message": "no"}},
            },
        }
        return await self._play(script, response, created, events, last.get(script.ending), done=False)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        script, response = await self._begin(request)
        if not isinstance(response, web.StreamResponse) or script.status != 200:
            return response

        def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            return {
                "object": "chat.completion.chunk",
                "model": MODEL,
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }

        key = "refusal" if script.refusal else "content"
        events = [chunk({key: piece}) for piece in script.pieces]
        last = {
            "complete": chunk({}, "stop"),
            "length": chunk({}, "length"),
            "filtered": chunk({}, "content_filter"),
            "failed": {"error": {"code": "server_error", "message": "no"}},
        }
        first = chunk({"role": "assistant", "content": ""})
        return await self._play(script, response, first, events, last.get(script.ending), done=True)

    async def _moderate(self, request: web.Request) -> web.Response:
        body = orjson.loads(await request.read())
        self.moderations.append({"headers": dict(request.headers), "body": body})
        judgement = self._judge(body["input"])
        if judgement.gate is not None:
            await judgement.gate.wait()
        await asyncio.sleep(judgement.before)
        answer = judgement.answer() if judgement.body is None else judgement.body
        return web.Response(body=answer, status=judgement.status, content_type="application/json")

    def _judge(self, text: str) -> Judgement:
        if self._judgements:
            return self._judgements.popleft()
        return next((found for word, found in self.judgements.items() if word in text), Judgement())

    async def _begin(self, request: web.Request) -> tuple[Script, web.StreamResponse]:
        self.requests.append(
            {
                "path": request.path,
                "headers": dict(request.headers),
                "body": orjson.loads(await request.read()),
            }
        )
        script = self._scripts.popleft() if self._scripts else self.default
        await asyncio.sleep(script.before)
        if script.status != 200:
            error = {"error": {"message": "no", "type": "fake", "code": "fake"}}
            return script, web.json_response(error, status=script.status, headers=script.headers)
        response = web.StreamResponse(headers={"content-type": script.content_type, **script.headers})
        await response.prepare(request)
        return script, response

    async def _play(
        self,
        script: Script,
        response: web.StreamResponse,
        first: dict[str, Any],
        events: list[dict[str, Any]],
        last: dict[str, Any] | None,
        *,
        done: bool,
    ) -> web.StreamResponse:
        self.open_streams += 1
        try:
            await _send(response, first)
            for number, event in enumerate(events):
                if script.gate is not None and number == script.gate_after:
                    await script.gate.wait()
                await _send(response, event)
                if script.between:
                    await asyncio.sleep(script.between)
            if script.ending == "cut":
                assert response._req is not None
                transport = response._req.transport
                assert transport is not None
                transport.abort()
                return response
            if script.ending == "stall":
                await asyncio.sleep(3600)
            if script.ending == "malformed":
                await response.write(b'data: {"type": "response.output_text.delta", "delta": "x\n\n')
            if script.ending == "not_an_object":
                await response.write(b"data: [1, 2]\n\n")
            if last is not None:
                await _send(response, last)
                if done:
                    await response.write(b"data: [DONE]\n\n")
            await response.write_eof()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the caller left
        finally:
            self.open_streams -= 1
        return response


async def _send(response: web.StreamResponse, event: dict[str, Any]) -> None:
    name = event.get("type")
    head = b"event: %s\n" % name.encode() if name else b""
    await response.write(head + b"data: %s\n\n" % orjson.dumps(event))


async def _serve(port: int) -> None:
    text = " ".join(f"palabra{number}" for number in range(60))
    upstream = await FakeUpstream(say(text, before=0.1, between=0.03)).start(port)
    print(upstream.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
