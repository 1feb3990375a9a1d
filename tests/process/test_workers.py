"""Two workers behind one port: what one of them writes can be watched and stopped at the other."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil

from tests.support.event_socket import greet
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.people import Person, make_person
from tests.support.program import PATIENCE_SECONDS, RUN, Program, until
from tests.support.redis_server import RedisServer
from tests.support.sse import Event, text_of

ONE = httpx.Limits(max_connections=1)


def workers(program: Program) -> list[psutil.Process]:
    """The processes that answer, of all that belong to the program."""
    return [one for one in program.family() if "spawn_main" in command_of(one)]


def command_of(process: psutil.Process) -> str:
    """What it was started with; nothing of one that has ended since it was listed."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@asynccontextmanager
async def connection_to(
    worker: psutil.Process, others: list[psutil.Process], program: Program
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client whose one connection was taken by this worker: the others were halted meanwhile."""
    async with httpx.AsyncClient(base_url=program.url, timeout=PATIENCE_SECONDS, limits=ONE) as client:
        halted = [other for other in others if other.pid != worker.pid]
        for other in halted:
            other.send_signal(signal.SIGSTOP)
        try:
            assert (await client.get("/health")).status_code == 200
        finally:
            for other in halted:
                other.send_signal(signal.SIGCONT)
        yield client


async def follow(person: Person, client: httpx.AsyncClient, reply_id: str, into: list[Event]) -> None:
    there = Person(client, person.email, person.user)
    there.tokens = person.tokens
    into.extend(await there.follow(reply_id))


async def test_a_reply_of_one_worker_is_watched_stopped_and_counted_at_the_other(
    tmp_path: Path, upstream: FakeUpstream, model: dict[str, str]
):
    gate, never = asyncio.Event(), asyncio.Event()
    words = " ".join(f"palabra{number}" for number in range(60))
    upstream.will(say(words, gate=gate, gate_after=50), say(words, gate=never, gate_after=5))
    async with (
        RedisServer(tmp_path) as redis,
        Program(
            tmp_path, *RUN, WORKERS="2", REDIS_URL=redis.url, CHAT_RATE_LIMIT="2/minute", **model
        ) as program,
    ):
        both = await until(lambda: len(found := workers(program)) == 2 and found, "there are two workers")
        await until(lambda: program.client.get("/health"), "they answer")
        async with (
            connection_to(both[0], both, program) as here,
            connection_to(both[1], both, program) as there,
        ):
            person = await make_person(here)
            conversation = await person.open_conversation()
            seen, followed = [], []
            async with person.sending(conversation) as stream:
                async for event in stream:
                    seen.append(event)
                    if len(seen) == 1:
                        following = asyncio.create_task(
                            follow(person, there, event.data["reply_id"], followed)
                        )
                    if len(seen) == 2:
                        gate.set()
            await following
            assert text_of(seen) == words
            assert followed == seen

            async with person.sending(conversation) as stream:
                async for event in stream:
                    if event.name == "start":
                        reply_id = event.data["reply_id"]
                        stopped = await there.post(f"/chat/stream/{reply_id}/stop", headers=person.headers)
                        assert stopped.status_code == 202
                    last = event
            assert (last.name, last.data["status"]) == ("done", "stopped")

            body = {"conversation_id": conversation, "content": "Hola"}
            refused = await there.post("/chat/stream", json=body, headers=person.headers)
            assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")

        assert "sid" in await greet(program.port, f"http://localhost:{program.port}")
        family = program.family()
        assert await program.stop() == 0
        assert await program.left_of(family) == []
