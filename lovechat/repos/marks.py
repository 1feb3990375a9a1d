"""Queries on what the guard noticed about accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select
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
    """Accounts under review, and open ones with so many hints since then; whoever waits longest comes first.

    Shut accounts are decided on already.
    """
    kinds = (
        select(
            col(AccountMark.user_id).label("user_id"),
            func.count()
            .filter(col(AccountMark.kind) == "age_hint", col(AccountMark.created_at) >= since)
            .label("hints"),
            func.max(col(AccountMark.created_at)).label("since"),
        )
        .group_by(col(AccountMark.user_id))
        .subquery()
    )
    last = (
        select(col(AccountMark.kind))
        .where(col(AccountMark.user_id) == col(User.id))
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
            func.coalesce(last, "age_said").label("reason"),
            func.coalesce(kinds.c.since, col(User.created_at)).label("since"),
        )
        .join(UserProfile, col(UserProfile.user_id) == col(User.id))
        .outerjoin(kinds, kinds.c.user_id == col(User.id))
        .where(
            col(User.is_active),
            or_(col(User.review_reason).is_not(None), kinds.c.hints >= hints),
        )
    )
    rows = await session.execute(found.order_by("since", col(User.id)).limit(limit).offset(offset))
    total = await session.execute(select(func.count()).select_from(found.subquery()))
    return [dict(row) for row in rows.mappings()], total.scalar_one()
