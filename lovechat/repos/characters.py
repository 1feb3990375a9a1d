"""Queries on characters."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import Character, CharacterVersion, Conversation

# What a version keeps.
VERSIONED = (
    "name",
    "avatar_url",
    "tagline",
    "taglines",
    "tone",
    "dominance",
    "affection",
    "explicit_level",
    "boundaries",
)


async def list_all(session: AsyncSession) -> list[Character]:
    """Every character, by age."""
    rows = await session.execute(select(Character).order_by(col(Character.created_at), col(Character.id)))
    return list(rows.scalars())


async def list_page(session: AsyncSession, limit: int, offset: int) -> tuple[list[Character], int]:
    """Characters by age, and how many there are."""
    rows = await session.execute(
        select(Character).order_by(col(Character.created_at), col(Character.id)).limit(limit).offset(offset)
    )
    return list(rows.scalars()), await count(session)


async def count(session: AsyncSession) -> int:
    """How many characters there are."""
    return (await session.execute(select(func.count()).select_from(Character))).scalar_one()


async def find(session: AsyncSession, character_id: str) -> Character | None:
    """A character by its slug."""
    return await session.get(Character, character_id)


async def lock(session: AsyncSession, character_id: str) -> Character | None:
    """A character, locked until the transaction ends."""
    return (
        await session.execute(
            select(Character).where(col(Character.id) == character_id).with_for_update(key_share=True)
        )
    ).scalar_one_or_none()


async def add(session: AsyncSession, character: Character) -> None:
    """Write a new character with its first version."""
    session.add(character)
    await session.flush()
    _keep_version(session, character)
    await session.flush()


async def change(
    session: AsyncSession, character: Character, values: dict[str, Any], moment: datetime
) -> None:
    """Change a locked character: a new version of it."""
    for field, value in values.items():
        setattr(character, field, value)
    character.version += 1
    character.updated_at = moment
    session.add(character)
    await session.flush()
    _keep_version(session, character)
    await session.flush()


async def remove(session: AsyncSession, character_id: str) -> None:
    """Delete a character with its versions; the database refuses one that has conversations."""
    await session.execute(delete(Character).where(col(Character.id) == character_id))


async def has_conversations(session: AsyncSession, character_id: str) -> bool:
    """Whether anybody has ever talked with a character."""
    found = await session.execute(
        select(col(Conversation.id)).where(col(Conversation.character_id) == character_id).limit(1)
    )
    return found.first() is not None


def _keep_version(session: AsyncSession, character: Character) -> None:
    session.add(
        CharacterVersion(
            character_id=character.id,
            version=character.version,
            fields={field: getattr(character, field) for field in VERSIONED},
            created_at=character.updated_at,
        )
    )
