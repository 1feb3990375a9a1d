"""Checks in time, a second try, counts without people, and a service that is left alone while it fails."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from lovechat.bootstrap import Services
from lovechat.core.db import create_sessions
from lovechat.services.moderation import (
    CircuitBreaker,
    Moderation,
    ModerationError,
    OpenAIModeration,
    shipped_thresholds,
)
from tests.support.clock import FakeClock
from tests.support.fake_upstream import FakeUpstream, Judgement

SERVER_ERROR = Judgement(status=500)
REFUSED = Judgement(status=401)


class Timer:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
async def moderation(
    services: Services, upstream: FakeUpstream, clock: FakeClock, timer: Timer
) -> AsyncIterator[Moderation]:
    provider = OpenAIModeration("sk-test", upstream.url, "omni-moderation-latest", 5)
    breaker = CircuitBreaker(failures=3, rest=30, timer=timer)
    sessions = create_sessions(services.engine)
    made = Moderation("required", provider, shipped_thresholds(), breaker, 5, sessions, clock)
    yield made
    await made.close()


async def fails(moderation: Moderation) -> bool:
    try:
        await moderation.check("Hola", "user")
    except ModerationError:
        return True
    return False


async def test_a_server_error_is_tried_once_more(moderation: Moderation, upstream: FakeUpstream):
    upstream.will_judge(SERVER_ERROR)
    assert (await moderation.check("Hola", "user")).allowed
    assert upstream.moderated == ["Hola", "Hola"]
    upstream.will_judge(SERVER_ERROR, SERVER_ERROR)
    assert await fails(moderation)


async def test_a_refusal_is_not_tried_again(moderation: Moderation, upstream: FakeUpstream):
    upstream.will_judge(REFUSED)
    assert await fails(moderation)
    assert len(upstream.moderations) == 1


async def test_an_answer_that_does_not_come_in_time_is_a_failure(
    moderation: Moderation, upstream: FakeUpstream
):
    moderation._seconds = 0.05
    upstream.will_judge(Judgement(gate=asyncio.Event()))
    with pytest.raises(ModerationError, match="in time"):
        await moderation.check("Hola", "user")


async def test_after_several_failures_it_is_left_alone_until_one_call_goes_well(
    moderation: Moderation, upstream: FakeUpstream, timer: Timer
):
    upstream.will_judge(REFUSED, REFUSED)
    assert [await fails(moderation) for _ in range(3)] == [True, True, False]
    upstream.will_judge(REFUSED, REFUSED, REFUSED)
    assert [await fails(moderation) for _ in range(3)] == [True] * 3
    upstream.moderations.clear()

    assert moderation.resting
    assert await fails(moderation)
    assert upstream.moderations == []

    timer.now += 30
    assert not moderation.resting
    upstream.will_judge(REFUSED)
    assert await fails(moderation)  # the one that tries, and rests again
    assert await fails(moderation)
    assert len(upstream.moderations) == 1

    timer.now += 30
    gate = asyncio.Event()
    upstream.will_judge(Judgement(gate=gate))
    trying = asyncio.create_task(fails(moderation))
    await asyncio.sleep(0)
    assert await fails(moderation)  # while it tries nobody else may
    gate.set()
    assert not await trying
    assert not moderation.resting
    assert not await fails(moderation)


async def counts(services: Services) -> list[tuple[Any, ...]]:
    async with services.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT kind, language, guard_version, count FROM safety_counts ORDER BY kind, language")
        )
        return [tuple(row) for row in rows]


async def test_counts_name_kind_day_and_language_alone(moderation: Moderation, services: Services):
    moderation.count(["moderation_hate", "moderation_violence"], "es")
    moderation.count(["moderation_hate"], "es")
    moderation.count(["moderation_hate"], "en")
    moderation.count([], "en")
    await moderation.finish()
    version = f"moderation-{shipped_thresholds().version}"
    assert await counts(services) == [
        ("moderation_hate", "en", version, 1),
        ("moderation_hate", "es", version, 2),
        ("moderation_violence", "es", version, 1),
    ]


async def test_closing_waits_for_what_still_runs(services: Services, clock: FakeClock):
    sessions = create_sessions(services.engine)
    provider = OpenAIModeration("sk-test", None, "m", 1)
    moderation = Moderation("off", provider, shipped_thresholds(), CircuitBreaker(), 1, sessions, clock)
    moderation.count(["moderation_hate"], "es")
    await moderation.close()
    assert len(await counts(services)) == 1
