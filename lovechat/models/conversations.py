"""Conversations, their messages, and the jobs that write replies."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Identity, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Column, Field, SQLModel, text

from lovechat.models.base import moment, reference, uuid_key

MESSAGE_STATUSES = "'complete', 'streaming', 'stopped', 'interrupted', 'retracted'"


class Conversation(SQLModel, table=True):
    """A person and a character. It remembers the version of the character that it began with."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'closed')", name="status_known"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_together"),
        ForeignKeyConstraint(
            ["character_id", "character_version"],
            ["character_versions.character_id", "character_versions.version"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(["character_id"], ["characters.id"], ondelete="RESTRICT"),
        Index(
            "ix_conversations_user_activity",
            "user_id",
            text("coalesce(last_message_at, created_at) DESC"),
            text("id DESC"),
        ),
        Index("ix_conversations_character_id", "character_id"),
    )

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE")
    character_id: str = Field(max_length=64)
    character_version: int
    status: str = Field(default="active", sa_column_kwargs={"server_default": "active"})
    title: str = Field(max_length=120)
    created_at: datetime = moment(default_now=True)
    last_message_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    previous_id: UUID | None = reference("conversations.id", on_delete="SET NULL", nullable=True, index=True)


class Message(SQLModel, table=True):
    """One message.

    `parent_id` is what it answers or follows: two messages with one parent are alternatives. `position`
    is the order of writing. `notices` are what its writer was told with it, before the answer.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'assistant', 'system')", name="role_known"),
        CheckConstraint(f"status IN ({MESSAGE_STATUSES})", name="status_known"),
        CheckConstraint("units >= 0", name="units_positive"),
        Index("ix_messages_conversation_position", "conversation_id", "position"),
        Index("ix_messages_parent_id", "parent_id"),
    )

    id: UUID = uuid_key()
    conversation_id: UUID = reference("conversations.id", on_delete="CASCADE")
    parent_id: UUID | None = reference("messages.id", on_delete="CASCADE", nullable=True)
    position: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )
    role: str
    content: str
    status: str = Field(default="complete", sa_column_kwargs={"server_default": "complete"})
    created_at: datetime = moment(default_now=True)
    model: str | None = None
    finish_reason: str | None = None
    units: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    notices: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )


class Reply(SQLModel, table=True):
    """The job that writes one assistant message, with what it holds of the day's units.

    While `finished_at` is null the job lives: the partial unique index allows one such job a
    conversation, and `units_held` counts against the day. `server_key` names the process
    that runs it, which keeps an advisory lock of that number for as long as it lives.
    `delta_ends` and `marks` are the event log: where each `delta` ended in the text, in characters,
    and every other event with its number.
    """

    __tablename__ = "replies"
    __table_args__ = (
        CheckConstraint("units_held >= 0", name="units_held_positive"),
        Index(
            "uq_replies_conversation_live",
            "conversation_id",
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_replies_user_live", "user_id", postgresql_where=text("finished_at IS NULL")),
        Index("ix_replies_user_message_id", "user_message_id"),
    )

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE", index=True)
    conversation_id: UUID = reference("conversations.id", on_delete="CASCADE", index=True)
    user_message_id: UUID = reference("messages.id", on_delete="CASCADE")
    message_id: UUID = Field(foreign_key="messages.id", ondelete="CASCADE", unique=True)
    usage_date: date
    units_held: int
    server_key: int = Field(sa_column=Column(Integer, nullable=False))
    created_at: datetime = moment(default_now=True)
    heartbeat_at: datetime = moment(default_now=True)
    stop_requested_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)
    outcome: str | None = None
    delta_ends: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Integer), nullable=False, server_default=text("'{}'")),
    )
    marks: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
