"""What happens in between: puts somebody else's change at an exact point of a request."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from lovechat.bootstrap import Services


@asynccontextmanager
async def other_connection(services: Services) -> AsyncGenerator[psycopg.AsyncConnection]:
    """A connection of somebody else's; what it did is undone at the end unless it was committed."""
    address = services.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await psycopg.AsyncConnection.connect(address)
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def just_before(services: Services, statement: str, change: str, *values: Any) -> Generator[list[str]]:
    """Commit a change of somebody else's right before the first statement that contains `statement`.

    Gives a list that has one entry once it happened.
    """
    address = services.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    happened: list[str] = []

    def intervene(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if statement in text and not happened:
            happened.append(text)
            with psycopg.connect(address, autocommit=True) as other:
                other.execute(change.encode(), values)

    engine = services.engine.sync_engine
    event.listen(engine, "before_cursor_execute", intervene)
    try:
        yield happened
    finally:
        event.remove(engine, "before_cursor_execute", intervene)


@contextmanager
def counted(services: Services) -> Generator[list[str]]:
    """Gives the list of the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        sent.append(text)

    engine = services.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def during_password_check(
    services: Services, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[Any]]
) -> None:
    """Let `meanwhile` happen between the next check of a password and what follows from it."""
    check = services.passwords.verify

    async def slow(password: str, stored: str | None) -> bool:
        good = await check(password, stored)
        monkeypatch.setattr(services.passwords, "verify", check)
        await meanwhile()
        return good

    monkeypatch.setattr(services.passwords, "verify", slow)


async def waiting_for_locks(services: Services, count: int) -> None:
    """Return once that many statements wait for somebody else's lock."""
    async with asyncio.timeout(10), other_connection(services) as connection:
        await connection.set_autocommit(True)
        while True:
            rows = await connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            row = await rows.fetchone()
            if row is not None and row[0] >= count:
                return
