"""How a server ends, and what is there when it comes back: told to stop, killed, killed with its database."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from lovechat.core.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres
from lovechat.front_end import client_folder
from tests.support.fake_upstream import GREETING, FakeUpstream, say
from tests.support.people import Person, make_person
from tests.support.program import Program, until
from tests.support.sse import Event, text_of

# So long that a part is shown while the guard still holds back the rest.
SHORT = " ".join(f"corto{number}" for number in range(60))
SAID = 50  # words of the long reply
LONG = " ".join(f"palabra{number}" for number in range(3000))
# A running reply is saved every second; a busy machine gets two more.
SAVED_WITHIN = 3
KILLS = ["server", "server and database"]


@dataclass
class Stopped:
    """A program that was told to stop while two people were being answered, and started again."""

    short: list[Event] = field(default_factory=list)
    long: list[Event] = field(default_factory=list)
    exit_code: int = -1
    left: list[psutil.Process] = field(default_factory=list)
    short_history: list[dict[str, Any]] = field(default_factory=list)
    long_history: list[dict[str, Any]] = field(default_factory=list)
    next_reply: list[Event] = field(default_factory=list)
    # Of the first start and of the second.
    outputs: list[str] = field(default_factory=list)
    builds: list[dict[str, int]] = field(default_factory=list)
    schemas: list[Any] = field(default_factory=list)
    health: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Killed:
    """A program that was killed in mid-reply, and started again."""

    saved: str  # for certain
    seen: list[Event]
    history: list[dict[str, Any]]
    units_used: int
    from_the_start: list[Event]
    from_what_was_seen: list[Event]
    from_the_end: list[Event]
    next_reply: list[Event]
    last_history: list[dict[str, Any]]


@dataclass
class Stories:
    stopped: Stopped
    killed: dict[str, Killed]


@pytest.fixture(scope="module")
async def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    """All three at the same time: each is mostly waiting."""
    homes = [tmp_path_factory.mktemp("ends") for _ in range(3)]
    stopped, server, both = await asyncio.gather(
        stop(homes[0]), kill(homes[1], with_database=False), kill(homes[2], with_database=True)
    )
    return Stories(stopped, dict(zip(KILLS, (server, both), strict=True)))


@asynccontextmanager
async def program_with_model(home: Path) -> AsyncGenerator[tuple[Program, FakeUpstream]]:
    upstream = await FakeUpstream().start()
    try:
        async with Program(home, OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=upstream.url) as program:
            yield program, upstream
    finally:
        await upstream.stop()


async def listen(person: Person, conversation: str, into: list[Event]) -> None:
    """Say something and note what comes, until the stream ends or breaks."""
    try:
        async with person.sending(conversation) as stream:
            async for event in stream:
                into.append(event)  # noqa: PERF401  (others look at it meanwhile)
    except httpx.TransportError:
        pass


# Told to stop


async def stop(home: Path) -> Stopped:
    told = Stopped()
    soon, never = asyncio.Event(), asyncio.Event()
    async with program_with_model(home) as (program, upstream):
        await note(told, program)
        upstream.will(say(SHORT, gate=soon, gate_after=50), say(LONG, gate=never, gate_after=SAID))
        ana, ben = await make_person(program.client), await make_person(program.client)
        short, long = await ana.open_conversation(), await ben.open_conversation()
        watching = [asyncio.create_task(listen(ana, short, told.short))]
        await until(lambda: len(told.short) > 1, "the short reply has begun")
        watching.append(asyncio.create_task(listen(ben, long, told.long)))
        await until(lambda: len(told.long) > 1, "the long reply has begun")

        family = program.family()
        stopping = asyncio.create_task(program.stop())
        await asyncio.sleep(0.2)  # in most runs it is going down by then; it must work either way
        soon.set()
        await asyncio.gather(*watching)
        told.exit_code = await stopping
        told.left = await program.left_of(family)

        await program.start()
        await note(told, program)
        told.short_history, told.long_history = await ana.history(short), await ben.history(long)
        told.next_reply = await ben.say(long, "¿Y después?")
    return told


async def note(told: Stopped, program: Program) -> None:
    folder = client_folder().parent
    files = await asyncio.to_thread(lambda: [path for path in folder.rglob("*") if path.is_file()])
    told.builds.append({str(path): path.stat().st_mtime_ns for path in files})
    told.schemas.append(await asyncio.to_thread(schema, program))
    told.health.append((await program.client.get("/health")).json())
    told.outputs.append(program.output())


def schema(program: Program) -> Any:
    """What a migration would change: the version's row, which gets a new xmin, and the tables."""
    server = EmbeddedPostgres(program.home / "data" / "postgres")
    with psycopg.connect(host=str(server.sockets), user=SUPERUSER, dbname=DATABASE) as connection:
        version = connection.execute("SELECT version_num, xmin::text FROM alembic_version").fetchall()
        tables = connection.execute(
            "SELECT relname, oid::int FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
    return version, tables


def test_a_reply_that_ends_within_the_grace_is_finished(stories: Stories):
    told = stories.stopped
    assert text_of(told.short) == SHORT
    assert (told.short[-1].name, told.short[-1].data["status"]) == ("done", "complete")
    said = [(message["content"], message["status"]) for message in told.short_history]
    assert said == [("Hola", "complete"), (SHORT, "complete")]


def test_a_reply_that_would_take_too_long_is_saved_as_interrupted_and_its_watcher_hears_so(stories: Stories):
    told = stories.stopped
    partial = text_of(told.long)
    assert len(partial.split()) <= SAID
    assert partial
    assert LONG.startswith(partial)
    assert (told.long[-1].name, told.long[-1].data["code"]) == ("error", "reply_interrupted")
    said = [(message["content"], message["status"]) for message in told.long_history]
    assert said == [("Hola", "complete"), (partial, "interrupted")]
    assert text_of(told.next_reply) == GREETING


def test_a_program_that_was_told_to_stop_exits_with_0_and_leaves_no_process_behind(stories: Stories):
    assert stories.stopped.exit_code == 0
    assert stories.stopped.left == []


def test_a_second_start_builds_nothing_and_migrates_nothing(stories: Stories):
    told = stories.stopped
    assert [health["status"] for health in told.health] == ["ok", "ok"]
    assert "Building" not in told.outputs[1]
    assert told.builds[0] == told.builds[1]
    assert told.schemas[0] == told.schemas[1]


def test_a_start_says_one_line_with_the_address(stories: Stories):
    for output in stories.stopped.outputs:
        (line,) = output.splitlines()
        assert line.startswith("Love Chat is at http://localhost:")


# Killed


async def kill(home: Path, *, with_database: bool) -> Killed:
    async with program_with_model(home) as (program, upstream):
        upstream.will(say(LONG, between=0.02))
        person = await make_person(program.client)
        conversation = await person.open_conversation()
        seen: list[Event] = []
        watching = asyncio.create_task(listen(person, conversation, seen))
        await until(lambda: len(seen) > 5, "the reply has begun")
        first = text_of(seen)

        async def is_saved() -> bool:
            return (await person.history(conversation))[-1]["content"].startswith(first)

        await until(is_saved, "what was shown first has been saved")
        saved = text_of(seen)
        await asyncio.sleep(SAVED_WITHIN)
        await program.kill(with_database=with_database)
        await watching
        await program.start()

        async def is_settled() -> bool:
            return (await person.history(conversation))[-1]["status"] != "streaming"

        await until(is_settled, "the reply that was left has been closed")
        reply_id = seen[0].data["reply_id"]
        whole = await person.follow(reply_id)
        return Killed(
            saved=saved,
            seen=seen,
            history=await person.history(conversation),
            units_used=(await person.usage())["units_used"],
            from_the_start=whole,
            from_what_was_seen=await person.follow(reply_id, after=seen[-1].id),
            from_the_end=await person.follow(reply_id, after=whole[-1].id),
            next_reply=await person.say(conversation, "¿Sigues ahí?"),
            last_history=await person.history(conversation),
        )


@pytest.fixture(params=KILLS)
def killed(request: pytest.FixtureRequest, stories: Stories) -> Killed:
    return stories.killed[request.param]


def test_the_question_and_the_reply_up_to_its_last_save_outlive_a_kill(killed: Killed):
    assert "done" not in {event.name for event in killed.seen}, "the reply was over before the kill"
    question, reply = killed.history
    assert (question["content"], question["status"]) == ("Hola", "complete")
    assert reply["status"] == "interrupted"
    assert reply["content"].startswith(killed.saved)
    assert LONG.startswith(reply["content"])


def test_a_killed_reply_costs_what_is_left_of_it(killed: Killed):
    content = killed.history[-1]["content"]
    assert killed.units_used == killed.history[-1]["units"] == -(-len(content) // 4)


def test_a_killed_reply_can_be_replayed_from_its_start(killed: Killed):
    events = killed.from_the_start
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert text_of(events) == killed.history[-1]["content"]
    assert (events[-1].name, events[-1].data["code"]) == ("error", "reply_interrupted")
    assert events[-1].data["units"] == killed.units_used


def test_who_had_seen_more_than_was_saved_still_hears_of_the_end(killed: Killed):
    for seen, rest in (
        (killed.seen[-1].id, killed.from_what_was_seen),
        (killed.from_the_start[-1].id, killed.from_the_end),  # the number of a piece of text that was lost
    ):
        assert rest[0].id == seen + 1
        assert (rest[-1].name, rest[-1].data["code"]) == ("error", "reply_interrupted")


def test_the_conversation_goes_on_after_a_kill(killed: Killed):
    assert text_of(killed.next_reply) == GREETING
    statuses = [message["status"] for message in killed.last_history]
    assert statuses == ["complete", "interrupted", "complete", "complete"]
