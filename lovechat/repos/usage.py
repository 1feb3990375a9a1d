"""Queries on units: what a day has cost, and what its running replies hold."""

import datetime as dt
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import Reply, UserDailyUsage

_LOCK = text("""
    INSERT INTO user_daily_usage AS u (user_id, date, units_used) VALUES (:user_id, :day, 0)
    ON CONFLICT (user_id, date) DO UPDATE SET units_used = u.units_used
    RETURNING units_used
""")
_HELD = select(func.coalesce(func.sum(col(Reply.units_held)), 0)).where(col(Reply.finished_at).is_(None))


async def get_used(session: AsyncSession, user_id: UUID, day: dt.date) -> int:
    """The units that a person used on a day."""
    used = await session.execute(
        select(col(UserDailyUsage.units_used)).where(
            col(UserDailyUsage.user_id) == user_id, col(UserDailyUsage.date) == day
        )
    )
    return used.scalar_one_or_none() or 0


async def lock_day(session: AsyncSession, user_id: UUID, day: dt.date) -> int:
    """The units that a person used on a day; nobody else changes them until the transaction ends."""
    return (await session.execute(_LOCK, {"user_id": user_id, "day": day})).scalar_one()


async def get_held(session: AsyncSession, user_id: UUID, day: dt.date) -> int:
    """The units that a person's running replies of a day hold. Lock the day first."""
    held = await session.execute(_HELD.where(col(Reply.user_id) == user_id, col(Reply.usage_date) == day))
    return held.scalar_one()


async def list_days(session: AsyncSession, user_id: UUID, first: dt.date | None) -> dict[dt.date, int]:
    """The units of a person's days from `first` on, or of all of them; days without any are missing."""
    query = select(col(UserDailyUsage.date), col(UserDailyUsage.units_used)).where(
        col(UserDailyUsage.user_id) == user_id
    )
    if first is not None:
        query = query.where(col(UserDailyUsage.date) >= first)
    return {row.date: row.units_used for row in await session.execute(query)}


async def count_used_on(session: AsyncSession, day: dt.date) -> int:
    """The units that everybody used on a day."""
    return (
        await session.execute(
            select(func.coalesce(func.sum(col(UserDailyUsage.units_used)), 0)).where(
                col(UserDailyUsage.date) == day
            )
        )
    ).scalar_one()
