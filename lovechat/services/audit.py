"""Who did what: one row for each change by an admin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.models import AuditEntry
from lovechat.repos import admin


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change, and from where."""

    name: str
    address: str


async def record(
    session: AsyncSession,
    moment: datetime,
    actor: Actor,
    action: str,
    target_kind: str,
    target_id: str,
    changes: dict[str, Any],
) -> None:
    """Write a change down in the transaction that makes it: neither is there without the other."""
    await admin.add_audit_entry(
        session,
        AuditEntry(
            created_at=moment,
            actor=actor.name,
            action=action,
            target_kind=target_kind,
            target_id=target_id,
            changes=changes,
            address=actor.address,
        ),
    )
