"""Queries on people and their sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.core.i18n import Language
from lovechat.models import (
    Conversation,
    LoginThrottle,
    NoticeClock,
    Reply,
    SessionFamily,
    User,
    UserDailyUsage,
    UserProfile,
    UserSession,
)

PROFILE_COLUMNS = (
    col(User.id),
    col(User.email),
    col(User.is_active),
    col(User.review_reason),
    col(User.created_at),
    col(UserProfile.display_name),
    col(UserProfile.birthdate),
    col(UserProfile.gender),
    col(UserProfile.avatar_url),
    col(UserProfile.language),
    col(UserProfile.country),
    col(UserProfile.explicit_preference),
)

# Compiled once: this runs before every request.
_SIGNED_IN = (
    select(*PROFILE_COLUMNS, col(SessionFamily.id))
    .select_from(User)
    .join(UserProfile, col(UserProfile.user_id) == col(User.id))
    .join(SessionFamily, col(SessionFamily.user_id) == col(User.id))
    .where(
        col(User.id) == bindparam("user_id"),
        col(SessionFamily.id) == bindparam("family_id"),
        col(SessionFamily.revoked_at).is_(None),
    )
)
# The same for every event of a page.
_BY_COOKIE = (
    select(
        *PROFILE_COLUMNS,
        col(SessionFamily.id),
        col(SessionFamily.last_seen_at),
        col(SessionFamily.expires_at),
        col(SessionFamily.revoked_at),
    )
    .select_from(User)
    .join(UserProfile, col(UserProfile.user_id) == col(User.id))
    .join(SessionFamily, col(SessionFamily.user_id) == col(User.id))
    .where(col(SessionFamily.cookie_hash) == bindparam("cookie_hash"))
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, read from the database at each request."""

    id: UUID
    email: str
    is_active: bool
    review_reason: str | None
    created_at: datetime
    display_name: str
    birthdate: date
    gender: str
    avatar_url: str | None
    language: Language | None
    country: str | None  # ISO 3166-1 alpha-2
    explicit_preference: float  # from 0 to 1
    session_id: UUID | None = None  # the sign-in that the request came with

    @property
    def may_enter(self) -> bool:
        """Whether the account is neither deactivated nor under review."""
        return self.is_active and self.review_reason is None


def person_of(row: Sequence[Any]) -> Person:
    """The person of a row of `PROFILE_COLUMNS`, with their sign-in where it was asked for."""
    return Person(*row)


async def find_signed_in(session: AsyncSession, user_id: UUID, family_id: UUID) -> Person | None:
    """The person of a sign-in that still holds."""
    row = (await session.execute(_SIGNED_IN, {"user_id": user_id, "family_id": family_id})).first()
    return person_of(row) if row else None


async def find_by_cookie(
    session: AsyncSession, cookie_hash: str
) -> tuple[Person, datetime, datetime, datetime | None] | None:
    """A browser's sign-in: its person, when it was last seen, when it expires, when it was ended."""
    row = (await session.execute(_BY_COOKIE, {"cookie_hash": cookie_hash})).first()
    if row is None:
        return None
    return person_of(row[:-3]), row.last_seen_at, row.expires_at, row.revoked_at


async def prolong(
    session: AsyncSession, family_id: UUID, seen_before: datetime, moment: datetime, expires_at: datetime
) -> None:
    """Note that a browser was here, unless it was seen since, or signed out."""
    await session.execute(
        update(SessionFamily)
        .where(
            col(SessionFamily.id) == family_id,
            # Of a page's many requests at once the first writes, and the others find it done.
            col(SessionFamily.last_seen_at) <= seen_before,
            col(SessionFamily.revoked_at).is_(None),
        )
        .values(last_seen_at=moment, expires_at=expires_at)
    )


async def list_families(session: AsyncSession, user_id: UUID, moment: datetime) -> list[SessionFamily]:
    """A person's sign-ins that still hold, the one used last first."""
    rows = await session.execute(
        select(SessionFamily)
        .where(
            col(SessionFamily.user_id) == user_id,
            col(SessionFamily.revoked_at).is_(None),
            col(SessionFamily.expires_at) > moment,
        )
        .order_by(func.coalesce(col(SessionFamily.last_seen_at), col(SessionFamily.created_at)).desc())
    )
    return list(rows.scalars())


async def find_person(session: AsyncSession, user_id: UUID) -> Person | None:
    """The person with that identifier."""
    row = (await session.execute(select_people().where(col(User.id) == user_id))).first()
    return person_of(row) if row else None


async def find_credentials(session: AsyncSession, email: str) -> User | None:
    """The account with that address, with its password's hash."""
    return (await session.execute(select(User).where(col(User.email) == email))).scalar_one_or_none()


async def find_user(session: AsyncSession, user_id: UUID) -> User | None:
    """The account with that identifier, with its password's hash."""
    return (await session.execute(select(User).where(col(User.id) == user_id))).scalar_one_or_none()


async def lock_user(session: AsyncSession, user_id: UUID) -> User | None:
    """An account as it is now; password, state and existence stay so until the transaction ends.

    What belongs to the account may be added meanwhile.
    """
    query = select(User).where(col(User.id) == user_id).with_for_update(key_share=True)
    return (await session.execute(query)).scalar_one_or_none()


async def set_active(session: AsyncSession, user_id: UUID, *, is_active: bool) -> None:
    """Open or shut an account. Opening it also ends a review."""
    values: dict[str, object] = {"is_active": is_active}
    if is_active:
        values["review_reason"] = None
    await session.execute(update(User).where(col(User.id) == user_id).values(**values))


async def set_review(session: AsyncSession, user_id: UUID, reason: str) -> None:
    """Shut an account until a person has looked at it."""
    await session.execute(update(User).where(col(User.id) == user_id).values(review_reason=reason))


async def lock_avatar(session: AsyncSession, user_id: UUID) -> str | None:
    """The address of a person's picture, which nobody else changes until the transaction ends."""
    query = select(col(UserProfile.avatar_url)).where(col(UserProfile.user_id) == user_id)
    return (await session.execute(query.with_for_update(key_share=True))).scalar_one_or_none()


async def change_profile(
    session: AsyncSession, user_id: UUID, values: dict[str, Any], moment: datetime
) -> None:
    """Change what a person told us of themselves."""
    await session.execute(
        update(UserProfile).where(col(UserProfile.user_id) == user_id).values(**values, updated_at=moment)
    )


async def set_password(session: AsyncSession, user_id: UUID, password_hash: str) -> None:
    """Give an account another password."""
    await session.execute(update(User).where(col(User.id) == user_id).values(password_hash=password_hash))


async def erase(session: AsyncSession, user_id: UUID) -> None:
    """Delete an account and, by the foreign keys, all that belongs to it. Lock the user first."""
    # Others lock these before they touch the user or what hangs on them. Whoever is at it ends first,
    # where the cascade alone would wait for them in a circle.
    for table in (Conversation, UserDailyUsage, NoticeClock, Reply, SessionFamily):
        owner = col(table.user_id)
        await session.execute(select(owner).where(owner == user_id).with_for_update())
    await session.execute(delete(User).where(col(User.id) == user_id))


async def lock_refresh_token(
    session: AsyncSession, token_id: UUID
) -> tuple[UserSession, SessionFamily] | None:
    """A refresh token and its sign-in, locked until the transaction ends.

    The family is locked before the token is read: of two requests with one token the second
    sees what the first did. The user is held before that, as everybody does it, so that an
    erasure and this do not wait for each other.
    """
    found = await session.execute(
        select(col(UserSession.user_id), col(UserSession.family_id)).where(
            col(UserSession.refresh_jti) == token_id
        )
    )
    if (ids := found.first()) is None:
        return None
    held = select(col(User.id)).where(col(User.id) == ids.user_id)
    await session.execute(held.with_for_update(read=True, key_share=True))
    family = (
        await session.execute(
            select(SessionFamily).where(col(SessionFamily.id) == ids.family_id).with_for_update()
        )
    ).scalar_one_or_none()
    token = (
        await session.execute(select(UserSession).where(col(UserSession.refresh_jti) == token_id))
    ).scalar_one_or_none()
    return None if family is None or token is None else (token, family)


async def revoke_families(
    session: AsyncSession, moment: datetime, reason: str, *which: ColumnElement[bool]
) -> int:
    """End the sign-ins that match `which`, with all their tokens. Returns how many there were."""
    ended = (
        update(SessionFamily)
        .where(col(SessionFamily.revoked_at).is_(None), *which)
        .values(revoked_at=moment, revoked_reason=reason)
        .returning(col(SessionFamily.id))
    )
    family_ids = list((await session.execute(ended)).scalars())
    await session.execute(
        update(UserSession)
        .where(col(UserSession.family_id).in_(family_ids), col(UserSession.revoked_at).is_(None))
        .values(revoked_at=moment)
    )
    return len(family_ids)


async def revoke_own(
    session: AsyncSession, owner_id: UUID, family_id: UUID, moment: datetime, reason: str
) -> bool:
    """End one of a person's sign-ins that still hold; False when there is no such."""
    ended = await revoke_families(
        session,
        moment,
        reason,
        col(SessionFamily.id) == family_id,
        col(SessionFamily.user_id) == owner_id,
        col(SessionFamily.expires_at) > moment,
    )
    return ended > 0


async def revoke_family(session: AsyncSession, family_id: UUID, moment: datetime, reason: str) -> None:
    """End one sign-in."""
    await revoke_families(session, moment, reason, col(SessionFamily.id) == family_id)


async def revoke_all(
    session: AsyncSession, user_id: UUID, moment: datetime, reason: str, *, but: UUID | None = None
) -> None:
    """End every sign-in of a person, except perhaps one."""
    which = [col(SessionFamily.user_id) == user_id]
    if but is not None:
        which.append(col(SessionFamily.id) != but)
    await revoke_families(session, moment, reason, *which)


_COUNT_ATTEMPT = text("""
    INSERT INTO login_throttles AS t (key, failures, window_started_at)
    VALUES (:key, 1, :now)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN t.window_started_at < :window THEN 1 ELSE t.failures + 1 END,
        window_started_at = CASE WHEN t.window_started_at < :window THEN :now ELSE t.window_started_at END
    RETURNING failures, blocked_until
""")


_UNCOUNT_ATTEMPT = text("""
    UPDATE login_throttles SET
        failures = greatest(failures - 1, 0),
        blocked_until = CASE WHEN failures > :limit THEN blocked_until END
    WHERE key = :key
""")
_FORGET_GOOD = text("DELETE FROM login_throttles WHERE key = :key AND failures = 0 AND blocked_until IS NULL")


async def find_blocked_until(session: AsyncSession, keys: list[str], moment: datetime) -> datetime | None:
    """Until when the strictest of these keys is shut, if any is."""
    return (
        await session.execute(
            select(func.max(col(LoginThrottle.blocked_until))).where(
                col(LoginThrottle.key).in_(keys), col(LoginThrottle.blocked_until) > moment
            )
        )
    ).scalar_one_or_none()


async def count_attempt(
    session: AsyncSession, key: str, moment: datetime, window: datetime
) -> tuple[int, datetime | None]:
    """Count one attempt, and lock the key until the transaction ends.

    Returns how many attempts there were since `window`, and until when the key is shut.
    """
    row = (await session.execute(_COUNT_ATTEMPT, {"key": key, "now": moment, "window": window})).one()
    return row.failures, row.blocked_until


async def block_key(session: AsyncSession, key: str, until: datetime) -> None:
    """Shut a key until the given moment."""
    await session.execute(
        update(LoginThrottle).where(col(LoginThrottle.key) == key).values(blocked_until=until)
    )


async def forget_attempts(session: AsyncSession, keys: list[str]) -> None:
    """Start counting anew, after a success."""
    await session.execute(text("DELETE FROM login_throttles WHERE key = ANY(:keys)"), {"keys": keys})


async def uncount_attempt(session: AsyncSession, key: str, limit: int) -> None:
    """Take back one counted attempt that turned out to be good.

    What then is below the limit was shut by good attempts, and is opened. Nothing is kept of a key
    without failures.
    """
    await session.execute(_UNCOUNT_ATTEMPT, {"key": key, "limit": limit})
    await session.execute(_FORGET_GOOD, {"key": key})


def select_people(*more: ColumnElement) -> Select:
    """People with their profiles, and `more` columns."""
    return (
        select(*PROFILE_COLUMNS, *more)
        .select_from(User)
        .join(UserProfile, col(UserProfile.user_id) == col(User.id))
    )
