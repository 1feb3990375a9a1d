"""Queries on reports, reviews of verdicts, and counts of what the guard did."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import Conversation, GuardReview, Message, Report, SafetyCount


async def find_reply(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, message_id: UUID
) -> Row | None:
    """The text and the character of a reply in a person's own conversation."""
    rows = await session.execute(
        select(col(Message.content), col(Conversation.character_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            col(Message.id) == message_id,
            col(Message.conversation_id) == conversation_id,
            col(Conversation.user_id) == user_id,
            col(Message.role) == "assistant",
            col(Message.content) != "",
            col(Message.status) != "streaming",
        )
    )
    return rows.first()


async def add(session: AsyncSession, row: Report | GuardReview) -> None:
    """Write a report or a review down."""
    session.add(row)
    await session.flush()


async def list_reports(
    session: AsyncSession, limit: int, offset: int, *, closed: bool
) -> tuple[list[Report], int]:
    """Reports that wait, the oldest first, or those that are closed, the newest first; and how many."""
    condition = col(Report.closed_at).is_not(None) if closed else col(Report.closed_at).is_(None)
    order = col(Report.created_at).desc() if closed else col(Report.created_at)
    rows = await session.execute(
        select(Report).where(condition).order_by(order, col(Report.id)).limit(limit).offset(offset)
    )
    total = await session.execute(select(func.count()).select_from(Report).where(condition))
    return list(rows.scalars()), total.scalar_one()


async def lock_report(session: AsyncSession, report_id: UUID) -> Report | None:
    """A report, locked until the transaction ends."""
    rows = await session.execute(select(Report).where(col(Report.id) == report_id).with_for_update())
    return rows.scalar_one_or_none()


async def close_report(session: AsyncSession, report: Report, outcome: str, moment: datetime) -> None:
    """Close a locked report."""
    report.outcome = outcome
    report.closed_at = moment
    session.add(report)
    await session.flush()


async def list_own_reports(session: AsyncSession, user_id: UUID) -> list[Report]:
    """What a person has reported, oldest first."""
    rows = await session.execute(
        select(Report).where(col(Report.user_id) == user_id).order_by(col(Report.created_at))
    )
    return list(rows.scalars())


async def list_reviews(session: AsyncSession, limit: int, offset: int) -> tuple[list[GuardReview], int]:
    """Verdicts that an admin found wrong, newest first, and how many there are."""
    rows = await session.execute(
        select(GuardReview).order_by(col(GuardReview.created_at).desc()).limit(limit).offset(offset)
    )
    total = await session.execute(select(func.count()).select_from(GuardReview))
    return list(rows.scalars()), total.scalar_one()


async def sum_counts(session: AsyncSession, first: date, last: date) -> list[dict[str, Any]]:
    """How often each kind of thing happened from `first` to `last`, by language and guard version."""
    rows = await session.execute(
        select(
            col(SafetyCount.kind),
            col(SafetyCount.language),
            col(SafetyCount.guard_version),
            func.sum(col(SafetyCount.count)).label("count"),
        )
        .where(col(SafetyCount.day) >= first, col(SafetyCount.day) <= last)
        .group_by(col(SafetyCount.kind), col(SafetyCount.language), col(SafetyCount.guard_version))
        .order_by(col(SafetyCount.kind), col(SafetyCount.language), col(SafetyCount.guard_version))
    )
    return [{**row, "count": int(row["count"])} for row in rows.mappings()]
