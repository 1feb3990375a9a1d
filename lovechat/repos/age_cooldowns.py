"""Queries on the pause after an under-age attempt."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import AgeCooldown

# A later attempt never shortens the pause of an earlier one.
_BEGIN = text("""
    INSERT INTO age_cooldowns AS c (key, until) VALUES (:key, :until)
    ON CONFLICT (key) DO UPDATE SET until = greatest(c.until, excluded.until)
""")
# It waits for nobody, so that it and an attempt that writes two keys never wait for each other.
_FORGET = text("""
    DELETE FROM age_cooldowns WHERE key IN (
        SELECT key FROM age_cooldowns WHERE until <= :moment FOR UPDATE SKIP LOCKED
    )
""")


async def begin(session: AsyncSession, key: str, until: datetime) -> None:
    """Let nobody in under this key until then."""
    await session.execute(_BEGIN, {"key": key, "until": until})


async def is_shut(session: AsyncSession, keys: Sequence[str], moment: datetime) -> bool:
    """Whether one of these keys has to wait."""
    found = await session.execute(
        select(AgeCooldown).where(col(AgeCooldown.key).in_(keys), col(AgeCooldown.until) > moment).limit(1)
    )
    return found.first() is not None


async def forget_expired(session: AsyncSession, moment: datetime) -> None:
    """Remove what has had its time."""
    await session.execute(_FORGET, {"moment": moment})
