"""Queries for admins: the audit log and counts."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import AdminSession, AuditEntry, Character, Conversation, Message, Reply, User


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
