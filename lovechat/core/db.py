"""The engine, and the sessions that services open."""

import select
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

# One name for "opens a transaction, commits it when the block ends".
Sessions = async_sessionmaker[AsyncSession]
Transaction = Callable[[], AbstractAsyncContextManager[AsyncSession]]

POOL_SIZE = 10
POOL_WAIT_SECONDS = 10
# What the database or the wait for it may raise; `is_outage` tells which of them are outages.
DATABASE_ERRORS = (DBAPIError, PoolTimeoutError)


def create_engine(url: str, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine for a `postgresql+psycopg://` address; connections are checked before use.

    Statements run with at most 15 s, and a lock is awaited for at most 5 s, so that no request hangs
    on the database.
    """
    engine = create_async_engine(
        url,
        hide_parameters=True,  # they are people's words, and errors go into logs
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": 5,
            "options": "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=5000",
        },
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    event.listen(engine.sync_engine, "checkout", _check_connection)
    return engine


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


def create_reads(engine: AsyncEngine) -> Sessions:
    """Sessions for single reads on the same pool: without a transaction, they ask the database once."""
    return create_sessions(engine.execution_options(isolation_level="AUTOCOMMIT"))


@asynccontextmanager
async def snapshot(sessions: Sessions) -> AsyncGenerator[AsyncSession]:
    """A session whose reads all see the database as it was at the first of them."""
    async with sessions() as session:
        await session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        yield session


def _check_connection(connection: Any, *_: object) -> None:
    """Have the pool replace a connection that the database has closed; it takes no question to the server."""
    poller = select.poll()
    poller.register(connection.driver_connection.fileno(), select.POLLIN)
    if poller.poll(0):  # a server says nothing unasked but its goodbye
        raise DisconnectionError


def is_outage(error: BaseException) -> bool:
    """Whether an error means that the database is away or overrun, rather than that we are wrong."""
    if isinstance(error, InterfaceError | PoolTimeoutError):
        return True
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or isinstance(error, OperationalError)
    )
