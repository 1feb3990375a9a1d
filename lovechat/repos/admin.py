"""Queries for admins: the audit log and counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import AdminSession, AuditEntry, Character, Conversation, Message, Reply, User

# One row a day, whether anything happened on it or not.
_BY_DAY = text("""
    WITH days AS (SELECT generate_series(CAST(:first AS date), CAST(:last AS date), '1 day')::date AS date),
    new_users AS (
        SELECT created_at::date AS date, count(*) AS n
        FROM users WHERE created_at >= :first GROUP BY 1),
    begun AS (
        SELECT created_at::date AS date, count(*) AS n
        FROM conversations WHERE created_at >= :first GROUP BY 1),
    said AS (
        SELECT created_at::date AS date,
            count(*) FILTER (WHERE role = 'user') AS messages,
            count(*) FILTER (WHERE role = 'assistant' AND content <> '') AS replies,
            count(*) FILTER (WHERE status IN ('interrupted', 'retracted')) AS failures
        FROM messages WHERE created_at >= :first GROUP BY 1),
    spent AS (
        SELECT date, sum(units_used) AS n FROM user_daily_usage WHERE date >= :first GROUP BY 1)
    SELECT days.date, coalesce(new_users.n, 0) AS users, coalesce(begun.n, 0) AS conversations,
        coalesce(said.messages, 0) AS messages, coalesce(said.replies, 0) AS replies,
        coalesce(said.failures, 0) AS failures, coalesce(spent.n, 0)::bigint AS units
    FROM days LEFT JOIN new_users USING (date) LEFT JOIN begun USING (date) LEFT JOIN said USING (date)
        LEFT JOIN spent USING (date)
    ORDER BY days.date
""")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit log are wanted; None wants all."""

    action: str | None = None
    target_id: str | None = None
    actor: str | None = None


async def add_audit_entry(session: AsyncSession, entry: AuditEntry) -> None:
    """Write down a change, in the transaction that makes it."""
    session.add(entry)
    await session.flush()


async def find_session(session: AsyncSession, cookie_hash: str) -> AdminSession | None:
    """An admin's sign-in."""
    return (
        await session.execute(select(AdminSession).where(col(AdminSession.cookie_hash) == cookie_hash))
    ).scalar_one_or_none()


async def remove_session(session: AsyncSession, cookie_hash: str) -> None:
    """End an admin's sign-in."""
    await session.execute(delete(AdminSession).where(col(AdminSession.cookie_hash) == cookie_hash))


async def remove_expired_sessions(session: AsyncSession, moment: datetime) -> None:
    """Forget sign-ins that are over."""
    await session.execute(delete(AdminSession).where(col(AdminSession.expires_at) <= moment))


async def count_all(session: AsyncSession) -> dict[str, int]:
    """How many of everything there are."""
    counts = {
        "users": select(func.count()).select_from(User),
        "active_users": select(func.count())
        .select_from(User)
        .where(col(User.is_active), col(User.review_reason).is_(None)),
        "characters": select(func.count()).select_from(Character),
        "conversations": select(func.count()).select_from(Conversation),
        "messages": select(func.count()).select_from(Message),
        "replies_streaming": select(func.count()).select_from(Reply).where(col(Reply.finished_at).is_(None)),
        "replies_interrupted": select(func.count())
        .select_from(Message)
        .where(col(Message.status) == "interrupted"),
    }
    row = (await session.execute(select(*(q.scalar_subquery().label(n) for n, q in counts.items())))).one()
    return dict(row._mapping)  # noqa: SLF001  (the documented name of a row's mapping)


async def count_by_day(session: AsyncSession, first: date, last: date) -> list[dict[str, Any]]:
    """What happened on each day from `first` to `last`; the session's time zone is UTC."""
    rows = await session.execute(_BY_DAY, {"first": first, "last": last})
    return [dict(row) for row in rows.mappings()]


async def list_audit(
    session: AsyncSession, wanted: AuditFilter, limit: int, offset: int
) -> tuple[list[AuditEntry], int]:
    """Entries of the audit log, newest first, and how many there are in all."""
    asked = (
        (col(AuditEntry.action), wanted.action),
        (col(AuditEntry.target_id), wanted.target_id),
        (col(AuditEntry.actor), wanted.actor),
    )
    conditions = [column == value for column, value in asked if value is not None]
    rows = await session.execute(
        select(AuditEntry)
        .where(*conditions)
        .order_by(col(AuditEntry.created_at).desc(), col(AuditEntry.id).desc())
        .limit(limit)
        .offset(offset)
    )
    total = await session.execute(select(func.count()).select_from(AuditEntry).where(*conditions))
    return list(rows.scalars()), total.scalar_one()
