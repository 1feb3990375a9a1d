"""What keeps the notices that no setting can switch off on time."""

import datetime as dt
from uuid import UUID

from sqlmodel import Field, SQLModel

from lovechat.models.base import moment


class NoticeClock(SQLModel, table=True):
    """The clock of one person's notices: one row, whatever tab, conversation or server they use."""

    __tablename__ = "notice_clocks"

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    # Since when they talk without a pause and without having been told to take one.
    since: dt.datetime = moment()
    last_turn_at: dt.datetime = moment()
    disclosed_on: dt.date
