"""Queries of those who run the server on the people who use it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import User, UserDailyUsage, UserProfile
from lovechat.repos.accounts import Person, person_of, select_people
from lovechat.schemas.admin import AccountStatus


async def list_people(
    session: AsyncSession,
    day: date,
    limit: int,
    offset: int,
    query: str | None = None,
    status: AccountStatus | None = None,
) -> tuple[list[tuple[Person, int]], int]:
    """People with the units they used on `day`, newest first, and how many there are in all.

    `query` is a part of a name or of an e-mail address.
    """
    wanted = _wanted(query, status)
    rows = await session.execute(
        select_people(_used_on(day))
        .where(*wanted)
        .order_by(col(User.created_at).desc(), col(User.id).desc())
        .limit(limit)
        .offset(offset)
    )
    people = (
        select(func.count()).select_from(User).join(UserProfile, col(UserProfile.user_id) == col(User.id))
    )
    total = (await session.execute(people.where(*wanted))).scalar_one()
    return [(person_of(row[:-1]), row[-1]) for row in rows], total


def _wanted(query: str | None, status: AccountStatus | None) -> list[ColumnElement[bool]]:
    in_review = col(User.review_reason).is_not(None)
    conditions: dict[AccountStatus, ColumnElement[bool]] = {
        "active": and_(col(User.is_active), ~in_review),
        "inactive": ~col(User.is_active),
        "review": and_(col(User.is_active), in_review),
    }
    wanted = [conditions[status]] if status else []
    if query:
        wanted.append(
            or_(
                col(User.email).icontains(query, autoescape=True),
                col(UserProfile.display_name).icontains(query, autoescape=True),
            )
        )
    return wanted


async def find_person_with_usage(
    session: AsyncSession, user_id: UUID, day: date
) -> tuple[Person, int] | None:
    """A person and the units they used on `day`."""
    row = (await session.execute(select_people(_used_on(day)).where(col(User.id) == user_id))).first()
    return (person_of(row[:-1]), row[-1]) if row else None


def _used_on(day: date) -> ColumnElement[int]:
    used = (
        select(col(UserDailyUsage.units_used))
        .where(col(UserDailyUsage.user_id) == col(User.id), col(UserDailyUsage.date) == day)
        .scalar_subquery()
    )
    return func.coalesce(used, 0)
