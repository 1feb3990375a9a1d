"""Counts of what the guard did, by day and without identities."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import day_of

_COUNT = text("""
    INSERT INTO safety_counts AS c (day, kind, language, guard_version, count)
    VALUES (:day, :kind, :language, :guard_version, 1)
    ON CONFLICT (day, kind, language, guard_version) DO UPDATE SET count = c.count + 1
""")


async def count(
    session: AsyncSession, moment: datetime, kind: str, language: str = "", guard_version: str = ""
) -> None:
    """Count one occurrence."""
    await session.execute(
        _COUNT,
        {"day": day_of(moment), "kind": kind, "language": language, "guard_version": guard_version},
    )
