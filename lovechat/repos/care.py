"""Queries on what people were told of late."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Result, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import NoticeClock

_FIND = select(NoticeClock).where(col(NoticeClock.user_id) == bindparam("user_id"))
_SAVE = text("""
    INSERT INTO notice_clocks (user_id, since, last_turn_at, disclosed_on)
    VALUES (:user_id, :since, :last_turn_at, :disclosed_on)
    ON CONFLICT (user_id) DO UPDATE SET
        since = :since, last_turn_at = :last_turn_at, disclosed_on = :disclosed_on
""")


@dataclass(frozen=True, slots=True)
class Clock:
    """When a person was told what; see `NoticeClock`."""

    since: dt.datetime
    last_turn_at: dt.datetime
    disclosed_on: dt.date


async def find_clock(session: AsyncSession, user_id: UUID) -> Clock | None:
    """A person's clock."""
    return _clock(await session.execute(_FIND, {"user_id": user_id}))


async def lock_clock(session: AsyncSession, user_id: UUID) -> Clock | None:
    """A person's clock, which nobody else moves until the transaction ends; none before the first turn."""
    return _clock(await session.execute(_FIND.with_for_update(), {"user_id": user_id}))


async def save_clock(session: AsyncSession, user_id: UUID, clock: Clock) -> None:
    """Set a person's clock."""
    values = {
        "user_id": user_id,
        "since": clock.since,
        "last_turn_at": clock.last_turn_at,
        "disclosed_on": clock.disclosed_on,
    }
    await session.execute(_SAVE, values)


def _clock(found: Result) -> Clock | None:
    row = found.scalar_one_or_none()
    return Clock(row.since, row.last_turn_at, row.disclosed_on) if row else None
