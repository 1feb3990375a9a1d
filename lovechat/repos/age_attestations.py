"""Queries on what verifiers say of people's age."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import AgeAttestation


async def find_for_owner(session: AsyncSession, owner_id: UUID) -> AgeAttestation | None:
    """What was last attested of a person."""
    found = await session.execute(select(AgeAttestation).where(col(AgeAttestation.user_id) == owner_id))
    return found.scalar_one_or_none()


async def put(session: AsyncSession, owner_id: UUID, **values: Any) -> None:
    """Write down what is attested of a person, in place of what was."""
    query = insert(AgeAttestation).values(user_id=owner_id, **values)
    await session.execute(query.on_conflict_do_update(index_elements=["user_id"], set_=values))
