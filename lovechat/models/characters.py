"""Characters and the versions they went through."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel, text

from lovechat.models.base import moment


class Character(SQLModel, table=True):
    """A character as it is now; the id is a slug. Sliders run from 0 to 1."""

    __tablename__ = "characters"
    __table_args__ = (
        CheckConstraint("id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="id_slug"),
        CheckConstraint("dominance BETWEEN 0 AND 1", name="dominance_range"),
        CheckConstraint("affection BETWEEN 0 AND 1", name="affection_range"),
        CheckConstraint("explicit_level BETWEEN 0 AND 1", name="explicit_level_range"),
        CheckConstraint("jsonb_typeof(boundaries) = 'array'", name="boundaries_list"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=50)
    avatar_url: str | None = None
    tagline: str = Field(default="", sa_column_kwargs={"server_default": ""})
    taglines: dict[str, str] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
    tone: str = Field(max_length=40)
    dominance: float
    affection: float
    explicit_level: float
    boundaries: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = moment(default_now=True)
    updated_at: datetime = moment(default_now=True)


class CharacterVersion(SQLModel, table=True):
    """What a character was at one version, kept so that a conversation may stay on it."""

    __tablename__ = "character_versions"
    __table_args__ = (ForeignKeyConstraint(["character_id"], ["characters.id"], ondelete="CASCADE"),)

    character_id: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    fields: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = moment(default_now=True)
