"""What the law wants to be written down: what people agreed to, and who has to wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from lovechat.models.base import moment


class Consent(SQLModel, table=True):
    """A person agreed to one version of a text. It is removed with the account, never altered."""

    __tablename__ = "consents"
    __table_args__ = (CheckConstraint("kind IN ('terms')", name="kind_known"),)

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=20)
    text_version: str = Field(primary_key=True, max_length=20)
    created_at: datetime = moment(default_now=True)


class AgeCooldown(SQLModel, table=True):
    """No account is made for this key until then: an HMAC of an e-mail address or of a network."""

    __tablename__ = "age_cooldowns"

    key: str = Field(primary_key=True, max_length=64)
    until: datetime = moment()
