"""What admins did, and counts of what the guard did."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, text

from lovechat.models.base import moment, uuid_key


class AuditEntry(SQLModel, table=True):
    """One change by an admin. Rows are added, never altered.

    It has no foreign keys: it outlives what it speaks of.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_created_at", text("created_at DESC")),
        Index("ix_audit_entries_target", "target_kind", "target_id"),
    )

    id: UUID = uuid_key()
    created_at: datetime = moment(default_now=True)
    actor: str
    action: str
    target_kind: str
    target_id: str
    changes: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
    address: str | None = None


class AdminSession(SQLModel, table=True):
    """A browser that showed the admin key. `key_mark` ties it to that key: another key ends it."""

    __tablename__ = "admin_sessions"

    id: UUID = uuid_key()
    cookie_hash: str = Field(max_length=64, unique=True)
    key_mark: str = Field(max_length=64)
    device: str | None = Field(default=None, max_length=120)
    address: str
    created_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()


class SafetyCount(SQLModel, table=True):
    """How often something of one kind happened on one UTC day; it names nobody."""

    __tablename__ = "safety_counts"
    __table_args__ = (CheckConstraint("count >= 0", name="count_positive"),)

    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=40)
    language: str = Field(primary_key=True, max_length=5)
    guard_version: str = Field(primary_key=True, max_length=20)
    count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
