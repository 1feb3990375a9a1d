"""Queries on what people agreed to."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import Consent


async def list_for_owner(session: AsyncSession, owner_id: UUID) -> list[Consent]:
    """Everything that a person agreed to, the oldest first."""
    rows = await session.execute(
        select(Consent).where(col(Consent.user_id) == owner_id).order_by(col(Consent.created_at))
    )
    return list(rows.scalars())
