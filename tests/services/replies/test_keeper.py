"""The keeper of replies: what it keeps is what was streamed, and no reply is left behind."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from lovechat.bootstrap import Services
from lovechat.core.errors import Kind, LoveChatError
from lovechat.repos.accounts import Person
from lovechat.repos.replies import SERVER_LOCK
from lovechat.schemas.replies import ReplyEvent
from lovechat.services.audit import Actor
from lovechat.services.replies.keeper import REPLAY, SILENCE
from tests.conftest import Database
from tests.services.replies.conftest import NewWorker, listen, talk
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Script, say, words
from tests.support.people import PASSWORD

DEAD_SERVER = 77
ACTOR = Actor("admin-key", "127.0.0.1")
PIECES = ["Una ", "frase ", "a ", "me"]
NOTHING_LEFT = timedelta(0)


def name_of(url: str) -> str:
    return url.split("@/")[1].split("?", maxsplit=1)[0]


async def abandon(
    services: Services, person: Person, *, pieces: list[str], server: int, silent: timedelta
) -> UUID:
    """A reply as a dead server leaves it: written down, saved up to its last checkpoint, and no more."""
    conversation, reply = await talk(services, person), uuid4()
    ends, end = [], 0
    for piece in pieces:
        end += len(piece)
        ends.append(end)
    values = {
        "user": person.id, "chat": conversation, "reply": reply, "question": uuid4(), "answer": uuid4(),
        "content": "".join(pieces), "ends": ends, "server": server,
        "moment": services.keeper._clock() - silent,
    }  # fmt: skip
    async with services.engine.begin() as connection:
        for statement in (
            """INSERT INTO messages (id, conversation_id, role, content, status, created_at) VALUES
                (:question, :chat, 'user', 'Hola', 'complete', :moment),
                (:answer, :chat, 'assistant', :content, 'streaming', :moment)""",
            """INSERT INTO user_daily_usage (user_id, date, units_used)
                VALUES (:user, (:moment AT TIME ZONE 'UTC')::date, 0) ON CONFLICT DO NOTHING""",
            """INSERT INTO replies (id, user_id, conversation_id, user_message_id, message_id, usage_date,
                units_held, server_key, created_at, heartbeat_at, delta_ends)
                VALUES (:reply, :user, :chat, :question, :answer, (:moment AT TIME ZONE 'UTC')::date,
                800, :server, :moment, :moment, :ends)""",
        ):
            await connection.execute(text(statement), values)
    return reply


async def follow(services: Services, person: Person, reply: UUID, after: int = 0) -> list[ReplyEvent]:
    return await listen(await services.keeper.follow(person.id, reply, after))


async def message_of(services: Services, reply: UUID) -> Any:
    async with services.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT m.* FROM messages m JOIN replies r ON r.message_id = m.id WHERE r.id = :reply"),
            {"reply": reply},
        )
        return rows.one()


async def refusal(call: Any) -> tuple[str, Kind]:
    with pytest.raises(LoveChatError) as refused:
        await call
    return refused.value.code, refused.value.kind


class TestWhatIsKept:
    @pytest.mark.parametrize(
        "script",
        [
            say("Una frase entera, con ñ y 👩‍👩‍👧 dentro."),
            Script(pieces=["línea\n", "\n", " ", "🙂", "\r\n", "fin\t"]),
            say("Una frase a medias", ending="cut"),
            say("Hasta el tope", ending="length"),
            say("Prefiero no", refusal=True),
            Script(status=401),
            Script(pieces=[]),
        ],
        ids=["whole", "odd characters", "cut", "length", "refusal", "failed", "empty"],
    )
    async def test_the_replay_from_any_point_is_what_was_streamed(
        self, script: Script, services: Services, ana: Person, upstream: FakeUpstream
    ):
        upstream.will(script)
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        streamed = await listen(live.follow())
        assert streamed[-1].name in ("done", "error")
        assert services.keeper.live_count == 0  # from here on it comes out of the database

        for after in range(len(streamed) + 1):
            replayed = await follow(services, ana, live.ids.reply_id, after)
            assert replayed == streamed[after:], after
        text_streamed = "".join(event.data["text"] for event in streamed if event.name == "delta")
        assert (await message_of(services, live.ids.reply_id)).content == text_streamed

    async def test_a_stopped_reply_is_replayed_as_it_was(
        self, services: Services, ana: Person, upstream: FakeUpstream
    ):
        upstream.will(Script(pieces=PIECES, gate=asyncio.Event(), gate_after=2))
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        watching = asyncio.create_task(listen(live.follow()))
        while live.length < len("Una frase "):
            await asyncio.sleep(0.005)
        await services.chat.stop(ana, live.ids.reply_id)
        streamed = await watching
        assert [event.name for event in streamed] == ["start", "notice", "delta", "delta", "done"]
        assert await follow(services, ana, live.ids.reply_id) == streamed

    async def test_the_replay_ends_after_five_minutes(
        self, services: Services, ana: Person, clock: FakeClock
    ):
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        streamed = await listen(live.follow())
        reply = live.ids.reply_id

        clock.advance(seconds=REPLAY.total_seconds() - 2)
        assert await follow(services, ana, reply) == streamed
        clock.advance(seconds=4)
        assert await refusal(services.keeper.follow(ana.id, reply, 0)) == ("reply_expired", Kind.GONE)
        assert await refusal(services.keeper.stop(ana.id, reply)) == ("reply_finished", Kind.CONFLICT)
        assert (await message_of(services, reply)).status == "complete"

    async def test_a_slow_reply_does_not_expire(
        self, services: Services, ana: Person, upstream: FakeUpstream, clock: FakeClock
    ):
        gate = asyncio.Event()
        upstream.will(Script(pieces=PIECES, gate=gate, gate_after=1))
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        clock.advance(minutes=20)
        watching = asyncio.create_task(follow(services, ana, live.ids.reply_id))
        gate.set()
        assert (await watching)[-1].name == "done"

    async def test_nobody_else_follows_or_stops_it(
        self, services: Services, ana: Person, ben: Person, upstream: FakeUpstream
    ):
        gate = asyncio.Event()
        upstream.will(Script(pieces=PIECES, gate=gate, gate_after=1))
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        reply = live.ids.reply_id
        for call in (services.keeper.follow(ben.id, reply, 0), services.keeper.stop(ben.id, reply)):
            assert await refusal(call) == ("not_found", Kind.NOT_FOUND)
        gate.set()
        assert (await listen(live.follow()))[-1].name == "done"
        for call in (services.keeper.follow(ben.id, reply, 0), services.keeper.stop(ben.id, reply)):
            assert await refusal(call) == ("not_found", Kind.NOT_FOUND)


class TestADeadServer:
    async def test_its_reply_is_closed_with_the_text_that_it_had_saved(self, services: Services, ana: Person):
        reply = await abandon(services, ana, pieces=PIECES, server=DEAD_SERVER, silent=SILENCE * 2)

        assert await services.keeper.sweep() == 1

        events = await follow(services, ana, reply)
        assert [event.number for event in events] == [1, 2, 3, 4, 5, 6]
        assert [event.data["text"] for event in events[1:-1]] == PIECES
        assert (events[-1].name, events[-1].data["code"]) == ("error", "reply_interrupted")
        message = await message_of(services, reply)
        assert (message.status, message.content) == ("interrupted", "".join(PIECES))
        assert message.units == events[-1].data["units"] == 4  # of 14 characters
        spent = await services.usage.today(ana.id)
        assert (spent.units_used, spent.units_remaining) == (4, spent.units_limit - 4)
        live = await services.chat.send(ana, message.conversation_id, "¿Sigues ahí?")
        assert (await listen(live.follow()))[-1].name == "done"
        assert await services.keeper.sweep(NOTHING_LEFT) == 0

    async def test_one_that_had_seen_more_than_was_saved_gets_the_end(self, services: Services, ana: Person):
        reply = await abandon(services, ana, pieces=PIECES, server=DEAD_SERVER, silent=SILENCE * 2)
        await services.keeper.sweep()
        (last,) = await follow(services, ana, reply, after=9)
        assert (last.number, last.name, last.data["code"]) == (10, "error", "reply_interrupted")

    async def test_a_reply_without_text_is_free(self, services: Services, ana: Person):
        reply = await abandon(services, ana, pieces=[], server=DEAD_SERVER, silent=SILENCE * 2)
        await services.keeper.sweep()
        assert [event.name for event in await follow(services, ana, reply)] == ["start", "error"]
        assert (await services.usage.today(ana.id)).units_used == 0

    async def test_a_server_has_ten_seconds_to_take_its_lock_again(
        self, services: Services, ana: Person, new_worker: NewWorker
    ):
        reply = await abandon(services, ana, pieces=PIECES, server=DEAD_SERVER, silent=SILENCE / 2)
        assert await services.keeper.sweep() == 0
        await new_worker()  # which has just started, and looks for what its forerunner left
        assert (await message_of(services, reply)).status == "interrupted"

    async def test_whoever_holds_its_lock_lives_however_silent(
        self, services: Services, ana: Person, database: Database, shared_database: str
    ):
        with database.admin(name_of(shared_database)) as elsewhere:
            elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", (SERVER_LOCK, DEAD_SERVER))
            reply = await abandon(services, ana, pieces=PIECES, server=DEAD_SERVER, silent=SILENCE * 9)
            assert await services.keeper.sweep(NOTHING_LEFT) == 0
        await asyncio.sleep(0.05)  # the server ends the connection in its own time
        assert await services.keeper.sweep(NOTHING_LEFT) == 1
        assert (await message_of(services, reply)).status == "interrupted"

    async def test_its_text_is_paid_once_however_many_sweep(
        self, services: Services, ana: Person, new_worker: NewWorker
    ):
        other = await new_worker()
        await abandon(services, ana, pieces=PIECES, server=DEAD_SERVER, silent=SILENCE * 2)
        await asyncio.gather(*(worker.keeper.sweep() for worker in (services, other) * 3))
        assert (await services.usage.today(ana.id)).units_used == 4

    async def test_a_living_reply_is_left_alone(
        self, services: Services, ana: Person, upstream: FakeUpstream, new_worker: NewWorker
    ):
        gate = asyncio.Event()
        upstream.will(Script(pieces=PIECES, gate=gate, gate_after=1))
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        other = await new_worker()
        for worker in (services, other):
            assert await worker.keeper.sweep(NOTHING_LEFT) == 0
        gate.set()
        assert (await listen(live.follow()))[-1].name == "done"

    async def test_a_server_that_lost_its_lock_takes_it_again(
        self, services: Services, database: Database, shared_database: str
    ):
        holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s"
        key = (services.keeper.server_key,)
        with database.admin(name_of(shared_database)) as elsewhere:
            first = elsewhere.execute(holder, key).fetchone()
            assert first is not None
            elsewhere.execute("SELECT pg_terminate_backend(%s, 5000)", first)
            assert elsewhere.execute(holder, key).fetchone() is None
            await services.keeper._take_lock()
            again = elsewhere.execute(holder, key).fetchone()
        assert again is not None
        assert again != first


class TestGoingDown:
    async def test_what_cannot_finish_is_saved_and_nothing_new_begins(
        self, services: Services, ana: Person, upstream: FakeUpstream
    ):
        upstream.will(Script(pieces=PIECES, gate=asyncio.Event(), gate_after=2))
        conversation = await talk(services, ana)
        live = await services.chat.send(ana, conversation, "Hola")
        while live.length < len("Una frase "):
            await asyncio.sleep(0.005)

        await services.keeper.drain(0)

        streamed = await listen(live.follow())
        assert (streamed[-1].name, streamed[-1].data["code"]) == ("error", "reply_interrupted")
        message = await message_of(services, live.ids.reply_id)
        assert (message.status, message.content, message.units) == ("interrupted", "Una frase ", 3)
        late = services.chat.send(ana, conversation, "¿Y?")
        assert await refusal(late) == ("llm_unavailable", Kind.UNAVAILABLE)

    async def test_what_can_finish_does(self, services: Services, ana: Person, upstream: FakeUpstream):
        upstream.will(Script(pieces=words("Una frase entera"), between=0.02))
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        await services.keeper.drain(5)
        assert (await message_of(services, live.ids.reply_id)).status == "complete"


class TestAnotherWorkerWithoutRedis:
    """Two servers that know of each other through the database alone."""

    @pytest.fixture
    def overrides(self) -> dict[str, Any]:
        return {"llm_timeout_seconds": 60}  # no silence of the model ends a reply here

    @pytest.fixture
    async def other(self, new_worker: NewWorker) -> Services:
        return await new_worker()

    @pytest.fixture
    def gate(self, upstream: FakeUpstream) -> asyncio.Event:
        gate = asyncio.Event()
        upstream.will(Script(pieces=PIECES, gate=gate, gate_after=2))
        return gate

    async def test_it_follows_a_reply_by_its_checkpoints(
        self, services: Services, other: Services, ana: Person, gate: asyncio.Event
    ):
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        batches = await other.keeper.follow(ana.id, live.ids.reply_id, 0)
        seen: list[ReplyEvent] = []
        while len(seen) < 3:
            seen += await anext(batches)
        gate.set()
        seen += await listen(batches)
        assert seen == await listen(live.follow())
        assert seen[-1].name == "done"

    @pytest.mark.parametrize(
        ("end", "last"),
        [
            (lambda other, person, reply: other.chat.stop(person, reply), ("done", "stopped")),
            (
                lambda other, person, _: other.admin.set_active(ACTOR, person.id, is_active=False),
                ("error", "account_inactive"),
            ),
        ],
        ids=["stop", "deactivate"],
    )
    async def test_what_it_ends_ends_at_the_next_checkpoint(
        self, end: Callable[..., Any], last: tuple[str, str], services: Services, other: Services,
        ana: Person, gate: asyncio.Event,
    ):  # fmt: skip
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        while live.length < len("Una frase "):
            await asyncio.sleep(0.005)
        await end(other, ana, live.ids.reply_id)
        async with asyncio.timeout(5):
            streamed = await listen(live.follow())
        event = streamed[-1]
        assert (event.name, event.data.get("status", event.data.get("code"))) == last
        assert not gate.is_set()
        assert (await message_of(services, live.ids.reply_id)).content == "Una frase "

    async def test_what_it_erases_ends_at_the_next_checkpoint(
        self, services: Services, other: Services, ana: Person, ben: Person, gate: asyncio.Event
    ):
        live = await services.chat.send(ana, await talk(services, ana), "Hola")
        bens = await services.chat.send(ben, await talk(services, ben), "Hola")
        while live.length < len("Una frase "):
            await asyncio.sleep(0.005)
        await other.personal_data.erase(ana, PASSWORD, "192.0.2.1")
        async with asyncio.timeout(5):
            streamed = await listen(live.follow())
        assert (streamed[-1].name, streamed[-1].data["code"]) == ("error", "reply_interrupted")
        assert not gate.is_set()
        assert (await listen(bens.follow()))[-1].name == "done"
