"""What the law wants written down: what people agreed to, what is attested of their age, who waits."""

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


class AgeAttestation(SQLModel, table=True):
    """What a verifier says of a person's age, and nothing of how it knows."""

    __tablename__ = "age_attestations"

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    over_18: bool
    issuer: str = Field(max_length=80)
    verified_at: datetime = moment()
    expires_at: datetime = moment()


class AgeCooldown(SQLModel, table=True):
    """No account is made for this key until then: an HMAC of an e-mail address or of a network."""

    __tablename__ = "age_cooldowns"

    key: str = Field(primary_key=True, max_length=64)
    until: datetime = moment()
