"""What people report, what the guard notices about accounts, and where an admin disagrees with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, text

from lovechat.models.base import moment, reference, uuid_key


class Report(SQLModel, table=True):
    """A reply that a person found wrong, with its text: to report it is to share that one message."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("reason IN ('minors', 'harm', 'pressure', 'other')", name="reason_known"),
        CheckConstraint("outcome IN ('upheld', 'dismissed')", name="outcome_known"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_together"),
        UniqueConstraint("user_id", "message_id"),
        Index("ix_reports_open", "created_at", postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE")
    message_id: UUID | None = reference("messages.id", on_delete="SET NULL", nullable=True, index=True)
    character_id: str = Field(max_length=64)
    reason: str
    note: str = Field(default="", max_length=1000)
    content: str
    created_at: datetime = moment(default_now=True)
    closed_at: datetime | None = moment(nullable=True)
    outcome: str | None = None


class GuardReview(SQLModel, table=True):
    """A sentence that an admin wrote to try the guard, and a verdict on it that they find wrong."""

    __tablename__ = "guard_reviews"

    id: UUID = uuid_key()
    created_at: datetime = moment(default_now=True)
    actor: str
    text: str
    kind: str
    action: str
    reason: str
    signals: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    guard_version: str = Field(max_length=20)


class AccountMark(SQLModel, table=True):
    """Something that the guard noticed about an account, for an admin to look at: what and when, no text."""

    __tablename__ = "account_marks"
    __table_args__ = (
        CheckConstraint("kind IN ('age_said', 'age_denied', 'age_hint', 'minor_scene')", name="kind_known"),
        Index("ix_account_marks_user_id_created_at", "user_id", "created_at"),
    )

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE")
    kind: str
    created_at: datetime = moment(default_now=True)
