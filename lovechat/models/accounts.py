"""People, what they told us of themselves, and where they are signed in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel, text

from lovechat.models.base import moment, reference, uuid_key


class User(SQLModel, table=True):
    """An account. `review_reason` is set while it waits for a person to look at it."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("review_reason IN ('age_review', 'conduct_review')", name="review_reason_known"),
        Index("ix_users_created_at_id", "created_at", "id"),
    )

    id: UUID = uuid_key()
    email: str = Field(max_length=254, unique=True)
    password_hash: str
    is_active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    review_reason: str | None = None
    created_at: datetime = moment(default_now=True)

    @property
    def may_enter(self) -> bool:
        """Whether the account is neither deactivated nor under review."""
        return self.is_active and self.review_reason is None


class UserProfile(SQLModel, table=True):
    """What a person told us. The birthdate is what the age gate reads, at every request."""

    __tablename__ = "user_profiles"
    __table_args__ = (
        CheckConstraint("char_length(display_name) BETWEEN 1 AND 50", name="display_name_length"),
        CheckConstraint(
            "gender IN ('female', 'male', 'non_binary', 'other', 'undisclosed')",
            name="gender_known",
        ),
        CheckConstraint("birthdate >= DATE '1900-01-01'", name="birthdate_range"),
        CheckConstraint("language IN ('es', 'en')", name="language_known"),
        CheckConstraint("explicit_preference BETWEEN 0 AND 1", name="explicit_preference_range"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    display_name: str
    birthdate: date
    gender: str = Field(default="undisclosed")
    avatar_url: str | None = None
    language: str | None = None
    # ISO 3166-1 alpha-2; where to look for help.
    country: str | None = Field(default=None, max_length=2)
    explicit_preference: float = Field(default=0.0, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = moment(default_now=True)
    updated_at: datetime = moment(default_now=True)


class SessionFamily(SQLModel, table=True):
    """One sign-in: a browser's, which has a cookie, or a program's, which has a chain of refresh tokens."""

    __tablename__ = "session_families"
    __table_args__ = (
        CheckConstraint(
            "revoked_reason IN ('logout', 'reuse', 'deactivated', 'age_review', 'conduct_review', 'ended', "
            "'password')",
            name="revoked_reason_known",
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_together"),
    )

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE", index=True)
    created_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    revoked_reason: str | None = None
    cookie_hash: str | None = Field(default=None, max_length=64, unique=True)
    device: str | None = Field(default=None, max_length=120)
    last_seen_at: datetime | None = moment(nullable=True)


class UserSession(SQLModel, table=True):
    """One refresh token of a family. `used_at` is set once it was exchanged for the next."""

    __tablename__ = "user_sessions"

    id: UUID = uuid_key()
    user_id: UUID = reference("users.id", on_delete="CASCADE", index=True)
    family_id: UUID = reference("session_families.id", on_delete="CASCADE", index=True)
    parent_id: UUID | None = reference("user_sessions.id", on_delete="CASCADE", nullable=True, index=True)
    refresh_jti: UUID = Field(unique=True)
    refresh_token_hash: str = Field(max_length=64)
    created_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class LoginThrottle(SQLModel, table=True):
    """Failed attempts by key (a digest of address, account or both), shared by all workers."""

    __tablename__ = "login_throttles"

    key: str = Field(primary_key=True, max_length=64)
    failures: int = Field(default=0)
    window_started_at: datetime = moment()
    blocked_until: datetime | None = moment(nullable=True)
