"""Units spent, by person and UTC day."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel, text


class UserDailyUsage(SQLModel, table=True):
    """The cost of the replies that were stored for a person on one UTC day."""

    __tablename__ = "user_daily_usage"
    __table_args__ = (CheckConstraint("units_used >= 0", name="units_used_positive"),)

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    date: dt.date = Field(primary_key=True)
    units_used: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
