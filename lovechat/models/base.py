"""What all tables share: naming of constraints, identifiers and timestamps."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, MetaData
from sqlalchemy.dialects import postgresql
from sqlmodel import Column, Field, SQLModel

from lovechat.core.clock import now

# Named constraints, so that a migration can refer to them.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def uuid_key() -> Any:
    """A random UUID primary key."""
    return Field(default_factory=uuid4, primary_key=True)


def moment(*, nullable: bool = False, default_now: bool = False) -> Any:
    """A UTC timestamp column."""
    column = Column(DateTime(timezone=True), nullable=nullable)
    if default_now:
        return Field(default_factory=now, sa_column=column)
    if nullable:
        return Field(default=None, sa_column=column)
    return Field(sa_column=column)


def reference(target: str, *, on_delete: str, nullable: bool = False, index: bool = False) -> Any:
    """A UUID foreign key to `table.column`."""
    column = Column(
        postgresql.UUID(as_uuid=True),
        ForeignKey(target, ondelete=on_delete),
        nullable=nullable,
        index=index,
    )
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


__all__ = ["UUID", "datetime", "moment", "reference", "uuid_key"]
