"""Queries on what the guard noticed about accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import AccountMark, User, UserProfile
from lovechat.schemas.oversight import Mark


async def add(session: AsyncSession, user_id: UUID, kind: Mark, moment: datetime) -> None:
    """Write a mark down."""
    session.add(AccountMark(user_id=user_id, kind=kind, created_at=moment))
    await session.flush()


async def count(session: AsyncSession, user_id: UUID, kind: Mark, since: datetime) -> int:
    """How many marks of a kind an account has had since then."""
    rows = await session.execute(
        select(func.count())
        .select_from(AccountMark)
        .where(
            col(AccountMark.user_id) == user_id,
            col(AccountMark.kind) == kind,
            col(AccountMark.created_at) >= since,
        )
    )
    return rows.scalar_one()


async def clear(session: AsyncSession, user_id: UUID) -> None:
    """Forget the marks of an account."""
    await session.execute(delete(AccountMark).where(col(AccountMark.user_id) == user_id))


async def list_own(session: AsyncSession, user_id: UUID) -> list[AccountMark]:
    """The marks of an account, oldest first."""
    rows = await session.execute(
        select(AccountMark).where(col(AccountMark.user_id) == user_id).order_by(col(AccountMark.created_at))
    )
    return list(rows.scalars())


async def list_flagged(
    session: AsyncSession, hints: int, since: datetime, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Accounts under review, and open ones with so many hints since then; who was noticed first comes first.

    Shut accounts are decided on already.
    """
    recent = col(AccountMark.created_at) >= since
    noticed = (
        select(
            col(AccountMark.user_id).label("user_id"),
            func.count().filter(col(AccountMark.kind) == "age_hint", recent).label("hints"),
            func.count().filter(recent).label("times"),
            func.min(col(AccountMark.created_at)).filter(recent).label("since"),
        )
        .group_by(col(AccountMark.user_id))
        .subquery()
    )
    said = (
        select(col(AccountMark.kind))
        .where(col(AccountMark.user_id) == col(User.id))
        .where(col(AccountMark.kind).in_(("age_said", "age_denied")))
        .order_by(col(AccountMark.created_at).desc(), col(AccountMark.id))
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(
            col(User.id).label("user_id"),
            col(User.email),
            col(UserProfile.display_name),
            col(User.review_reason).is_not(None).label("shut"),
            case(
                (col(User.review_reason) == "conduct_review", "minor_scene"),
                (col(User.review_reason) == "age_review", func.coalesce(said, "age_said")),
                else_="age_hint",
            ).label("reason"),
            func.coalesce(noticed.c.times, 0).label("times"),
            func.coalesce(noticed.c.since, col(User.created_at)).label("since"),
        )
        .join(UserProfile, col(UserProfile.user_id) == col(User.id))
        .outerjoin(noticed, noticed.c.user_id == col(User.id))
        .where(
            col(User.is_active),
            or_(col(User.review_reason).is_not(None), noticed.c.hints >= hints),
        )
    )
    rows = await session.execute(found.order_by("since", col(User.id)).limit(limit).offset(offset))
    total = await session.execute(select(func.count()).select_from(found.subquery()))
    return [dict(row) for row in rows.mappings()], total.scalar_one()
