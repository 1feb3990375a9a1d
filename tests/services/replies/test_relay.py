"""Two workers on one database and one Redis: any of them shows and stops any reply."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from lovechat.bootstrap import Services
from lovechat.core.errors import LoveChatError
from lovechat.repos.accounts import Person
from lovechat.schemas.replies import ReplyEvent
from tests.services.replies.conftest import NewWorker, listen, talk
from tests.support.fake_upstream import FakeUpstream, Script, words
from tests.support.redis_server import RedisServer

LONG = " ".join(f"palabra{number}" for number in range(60))


@pytest.fixture
def overrides(shared_redis: RedisServer) -> dict[str, Any]:
    return {"redis_url": shared_redis.url}


@pytest.fixture
async def other(services: Services, new_worker: NewWorker) -> Services:
    assert services.relay is not None
    return await new_worker()


@pytest.fixture
def gate(upstream: FakeUpstream) -> asyncio.Event:
    """Lets the reply go on after its twentieth word."""
    gate = asyncio.Event()
    upstream.will(Script(pieces=words(LONG), gate=gate, gate_after=20))
    return gate


@pytest.fixture
def no_checkpoints(monkeypatch: pytest.MonkeyPatch, other: Services) -> None:
    """What the other worker sees in time comes over Redis alone."""
    monkeypatch.setattr(other.keeper, "_sessions", _Broken(other.keeper._sessions))


class _Broken:
    """Answers the first question, whose reply it is, and no more."""

    def __init__(self, sessions: Any) -> None:
        self._sessions = sessions
        self._left = 1

    def __call__(self) -> Any:
        self._left -= 1
        assert self._left >= 0, "the database was asked again"
        return self._sessions()


@pytest.mark.usefixtures("no_checkpoints")
async def test_the_other_worker_shows_every_event_once_and_in_order(
    services: Services, other: Services, ana: Person, gate: asyncio.Event
):
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    batches = await other.chat.follow(ana, live.ids.reply_id, 0)
    seen: list[ReplyEvent] = []
    while len(seen) < 21:
        seen += await anext(batches)
    gate.set()
    seen += await listen(batches)
    assert seen == await listen(live.follow())
    assert [event.number for event in seen] == list(range(1, len(seen) + 1))
    assert "".join(event.data["text"] for event in seen if event.name == "delta") == LONG


@pytest.mark.parametrize("after", [1, 7, 21])
async def test_a_watcher_who_moves_to_the_other_worker_gets_the_rest(
    after: int, services: Services, other: Services, ana: Person, gate: asyncio.Event
):
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    while len(live.events) < 21:
        await asyncio.sleep(0.005)
    watchers = [
        asyncio.create_task(listen(await other.chat.follow(ana, live.ids.reply_id, after))) for _ in range(3)
    ]
    gate.set()
    whole = await listen(live.follow())
    assert await asyncio.gather(*watchers) == [whole[after:]] * 3


async def test_the_other_worker_stops_it(
    services: Services, other: Services, ana: Person, gate: asyncio.Event
):
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    while len(live.events) < 21:
        await asyncio.sleep(0.005)
    watching = asyncio.create_task(listen(await other.chat.follow(ana, live.ids.reply_id, 0)))
    async with asyncio.timeout(5):
        await other.chat.stop(ana, live.ids.reply_id)
        seen = await watching
    assert not gate.is_set()
    assert (seen[-1].name, seen[-1].data["status"]) == ("done", "stopped")
    assert (
        seen
        == await listen(live.follow())
        == await listen(await other.chat.follow(ana, live.ids.reply_id, 0))
    )


async def test_nobody_else_sees_it_from_there(
    services: Services, other: Services, ana: Person, ben: Person, gate: asyncio.Event
):
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    for call in (
        other.chat.follow(ben, live.ids.reply_id, 0),
        other.chat.stop(ben, live.ids.reply_id),
    ):
        with pytest.raises(LoveChatError, match="not_found"):
            await call
    gate.set()
    assert (await listen(live.follow()))[-1].data["status"] == "complete"


async def test_a_quiet_reply_shows_signs_of_life_there_too(
    services: Services, other: Services, ana: Person, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lovechat.services.replies.relay.IDLE_SECONDS", 0.05)
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    batches = await other.chat.follow(ana, live.ids.reply_id, 0)
    async with asyncio.timeout(5):
        while await anext(batches):
            pass  # the first words
        gate.set()
        assert (await listen(batches))[-1].name == "done"


async def test_a_server_that_died_without_a_last_word_keeps_nobody_waiting(
    services: Services, other: Services, ana: Person, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lovechat.services.replies.relay.IDLE_SECONDS", 0.05)
    live = await services.chat.send(ana, await talk(services, ana), "Hola")
    while len(live.events) < 21:
        await asyncio.sleep(0.005)
    watching = asyncio.create_task(listen(await other.chat.follow(ana, live.ids.reply_id, 0)))
    await asyncio.sleep(0.2)
    # As if the process were gone: it copies nothing more, and another one closes its reply.
    for task in services.keeper._tasks:
        task.cancel()
    await other.keeper._bury(live.ids.reply_id)
    async with asyncio.timeout(5):
        seen = await watching
    gate.set()
    assert [event.number for event in seen] == list(range(1, len(seen) + 1))
    assert (seen[-1].name, seen[-1].data["code"]) == ("error", "reply_interrupted")


class TestRedisDies:
    @pytest.fixture
    async def own_redis(self, tmp_path: Path) -> AsyncIterator[RedisServer]:
        async with RedisServer(tmp_path) as running:
            yield running

    @pytest.fixture
    def overrides(self, own_redis: RedisServer) -> dict[str, Any]:
        return {"redis_url": own_redis.url, "chat_rate_limit": "5/minute"}

    async def test_the_reply_goes_on_and_its_watchers_too(
        self, services: Services, other: Services, ana: Person, gate: asyncio.Event, own_redis: RedisServer
    ):
        conversation = await talk(services, ana)
        live = await services.chat.send(ana, conversation, "Hola")
        batches = await other.chat.follow(ana, live.ids.reply_id, 0)
        seen: list[ReplyEvent] = []
        while len(seen) < 21:
            seen += await anext(batches)

        async with Redis.from_url(own_redis.url) as client:
            await client.shutdown(nosave=True)
        gate.set()
        async with asyncio.timeout(10):
            seen += await listen(batches)

        assert seen == await listen(live.follow())
        assert seen[-1].data["status"] == "complete"
        # New ones begin as well; each worker counts alone now.
        again = await services.chat.send(ana, conversation, "¿Y?")
        assert (await listen(again.follow()))[-1].name == "done"


class TestOneAllowanceForAllWorkers:
    @pytest.fixture
    def overrides(self, shared_redis: RedisServer) -> dict[str, Any]:
        return {"redis_url": shared_redis.url, "chat_rate_limit": "2/minute"}

    async def test_what_one_worker_counted_the_other_knows(
        self, services: Services, other: Services, ana: Person, ben: Person
    ):
        conversation = await talk(services, ana)
        for worker in (services, other):
            live = await worker.chat.send(ana, conversation, "Hola")
            assert (await listen(live.follow()))[-1].name == "done"
        for worker in (services, other):
            with pytest.raises(LoveChatError, match="rate_limited") as refused:
                await worker.chat.send(ana, conversation, "Hola")
            assert refused.value.retry_after is not None
            assert 1 <= refused.value.retry_after <= 60
        live = await other.chat.send(ben, await talk(other, ben), "Hola")
        assert (await listen(live.follow()))[-1].name == "done"
