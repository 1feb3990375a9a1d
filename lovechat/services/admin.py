"""What admins may do: enter with the key, look at counts and people, open and shut accounts."""

from typing import cast
from uuid import UUID

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, not_found
from lovechat.core.security import same_secret
from lovechat.core.version import VERSION
from lovechat.repos import accounts, admin, marks, people, usage
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import AdminUserView, Gender
from lovechat.schemas.admin import AccountStatus, Metrics
from lovechat.schemas.base import Page
from lovechat.services.audit import Actor, record
from lovechat.services.login_throttle import LoginThrottle
from lovechat.services.replies import ReplyKeeper


class Admin:
    """Use cases of admins."""

    def __init__(
        self,
        sessions: Sessions,
        keeper: ReplyKeeper,
        throttle: LoginThrottle,
        secret: str | None,
        clock: Clock,
    ) -> None:
        """Without a `secret` there are no admins."""
        self._sessions = sessions
        self._keeper = keeper
        self._throttle = throttle
        self._secret = secret
        self._clock = clock

    async def enter(self, key: str | None, address: str) -> Actor:
        """Check the admin key.

        Raises:
            LoveChatError: `admin_disabled` without a secret, `invalid_admin_key`,
                `too_many_attempts` after a few wrong keys from one address.
        """
        if self._secret is None:
            raise LoveChatError("admin_disabled", Kind.FORBIDDEN)
        await self._throttle.check_admin(address)
        if key is None or not same_secret(key, self._secret):
            # A missing key is a mistake, a wrong one may be a guess: only guesses are counted.
            if key is not None:
                await self._throttle.admit_admin(address)
            raise LoveChatError("invalid_admin_key", Kind.UNAUTHENTICATED)
        return Actor("admin-key", address)

    async def metrics(self) -> Metrics:
        """Counts over the whole product."""
        async with self._sessions() as session:
            counts = await admin.count_all(session)
            units = await usage.count_used_on(session, day_of(self._clock()))
        return Metrics(**counts, units_used_today=units, version=VERSION)

    async def list_users(
        self, limit: int, offset: int, query: str | None = None, status: AccountStatus | None = None
    ) -> Page[AdminUserView]:
        """People, newest first; `query` is a part of a name or of an e-mail address."""
        day = day_of(self._clock())
        async with self._sessions() as session:
            found, total = await people.list_people(session, day, limit, offset, query, status)
        items = [_view(person, used) for person, used in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    async def get_user(self, user_id: UUID) -> AdminUserView:
        """One person. Raises `LoveChatError` `not_found`."""
        async with self._sessions() as session:
            found = await people.find_person_with_usage(session, user_id, day_of(self._clock()))
        if found is None:
            raise not_found()
        return _view(*found)

    async def set_active(self, actor: Actor, user_id: UUID, *, is_active: bool) -> AdminUserView:
        """Open or shut an account. Shutting it ends every sign-in and running reply at once.

        Raises:
            LoveChatError: `not_found`.
        """
        moment = self._clock()
        async with self._sessions.begin() as session:
            user = await accounts.lock_user(session, user_id)
            if user is None:
                raise not_found()
            old = {"is_active": user.is_active, "review_reason": user.review_reason}
            await accounts.set_active(session, user_id, is_active=is_active)
            await marks.clear(session, user_id)  # this is the decision that they waited for
            if not is_active:
                await accounts.revoke_all(session, user_id, moment, "deactivated")
            await record(
                session, moment, actor, "user.set_active", "user", str(user_id),
                {"old": old, "new": {"is_active": is_active}},
            )  # fmt: skip
        if not is_active:
            self._keeper.end_for_person(user_id)
        return await self.get_user(user_id)


def _view(person: Person, used: int) -> AdminUserView:
    return AdminUserView(
        id=person.id,
        email=person.email,
        display_name=person.display_name,
        birthdate=person.birthdate,
        gender=cast("Gender", person.gender),  # the table checks it
        avatar_url=person.avatar_url,
        language=person.language,
        country=person.country,
        explicit_preference=person.explicit_preference,
        created_at=person.created_at,
        is_active=person.is_active,
        review_reason=person.review_reason,
        units_used_today=used,
    )
