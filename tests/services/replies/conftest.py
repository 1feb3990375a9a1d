"""People, and replies, without HTTP in between; and more than one server on the same database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from lovechat.bootstrap import Services, build_services
from lovechat.core.settings import Settings
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import Register
from lovechat.schemas.replies import ReplyEvent
from tests.conftest import BCRYPT_ROUNDS
from tests.support.clock import FakeClock
from tests.support.people import ADULT, PASSWORD
from tests.support.redis_server import RedisServer

Batches = AsyncIterator[Sequence[ReplyEvent]]
NewWorker = Callable[..., Awaitable[Services]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens each second happens often."""
    monkeypatch.setattr("lovechat.services.replies.keeper.CHECKPOINT_SECONDS", 0.05)
    monkeypatch.setattr("lovechat.services.replies.keeper.POLL_SECONDS", 0.02)


@pytest.fixture(scope="session")
async def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RedisServer]:
    async with RedisServer(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
async def new_worker(
    shared_database: str, settings: Settings, clock: FakeClock, services: Services
) -> AsyncIterator[NewWorker]:
    """Makes further servers on the database of `services`."""
    workers: list[Services] = []

    async def make(**changes: Any) -> Services:
        changed = settings.model_copy(update=changes)
        worker = build_services(changed, shared_database, clock=clock, bcrypt_rounds=BCRYPT_ROUNDS)
        workers.append(worker)
        await worker.open()
        return worker

    yield make
    for worker in workers:
        await worker.close(drain_seconds=0)


async def sign_up(services: Services, name: str) -> Person:
    """A new person."""
    command = Register.model_validate(
        {
            "email": f"{name}@example.org",
            "password": PASSWORD,
            "display_name": name,
            "birthdate": ADULT,
        }
    )
    return await services.accounts.register(command, "203.0.113.1")


@pytest.fixture
async def ana(services: Services) -> Person:
    return await sign_up(services, "ana")


@pytest.fixture
async def ben(services: Services) -> Person:
    return await sign_up(services, "ben")


async def talk(services: Services, person: Person) -> UUID:
    """A new conversation."""
    return (await services.conversations.create(person, "luna")).id


async def listen(batches: Batches) -> list[ReplyEvent]:
    """Every event, to the end."""
    return [event async for batch in batches for event in batch]
