"""How often somebody may ask, with and without a Redis."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from lovechat.core.errors import LoveChatError
from lovechat.services.rate_limits import RateLimits


async def is_granted(limits: RateLimits, person: UUID) -> bool:
    """Whether one more request is counted and allowed."""
    try:
        await limits.check_chat(person)
        await limits.count_chat(person)
    except LoveChatError:
        return False
    return True


async def count_until_refused(limits: RateLimits) -> int:
    """How many requests somebody new is granted."""
    person, counted = uuid4(), 0
    while await is_granted(limits, person):
        counted += 1
    with pytest.raises(LoveChatError, match="rate_limited") as refused:
        await limits.check_chat(person)
    assert refused.value.retry_after is not None
    assert 1 <= refused.value.retry_after <= 60
    return counted


async def test_each_person_has_a_window_of_their_own():
    limits = RateLimits("3/minute", None)
    assert [await count_until_refused(limits) for _ in range(2)] == [3, 3]


async def test_to_ask_does_not_count():
    limits, person = RateLimits("1/minute", None), uuid4()
    for _ in range(5):
        await limits.check_chat(person)
    await limits.count_chat(person)
    with pytest.raises(LoveChatError, match="rate_limited"):
        await limits.check_chat(person)


@pytest.mark.parametrize(
    "address", ["redis://127.0.0.1:9/0", "rediss://127.0.0.1:9/0", "unix://{folder}/none"]
)
async def test_without_its_redis_a_worker_counts_alone(address: str, tmp_path: Path):
    limits = RateLimits("2/minute", address.replace("{folder}", str(tmp_path)))
    assert await count_until_refused(limits) == 2
    await limits.close()
