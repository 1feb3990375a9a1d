"""Sign-ins of admins in browsers: the key is exchanged for a cookie that lives for two hours."""

import secrets
from datetime import timedelta

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.security import digest, keyed_digest, same_secret
from lovechat.models import AdminSession
from lovechat.repos import admin
from lovechat.services.admin import Admin
from lovechat.services.audit import Actor

LIFETIME = timedelta(hours=2)


class StudioSessions:
    """Begins, recognises and ends sign-ins of admins."""

    def __init__(
        self, sessions: Sessions, reads: Sessions, admins: Admin, key: str | None, secret: str, clock: Clock
    ) -> None:
        """`key` is the admin key; sign-ins with an earlier one are dead."""
        self._sessions = sessions
        self._reads = reads
        self._admins = admins
        self._mark = keyed_digest(secret, "admin-key", key) if key is not None else None
        self._clock = clock

    async def begin(self, key: str, address: str, device: str | None) -> str:
        """Exchange the admin key for a cookie. Raises as `Admin.enter`."""
        actor = await self._admins.enter(key, address)
        cookie = secrets.token_urlsafe(32)
        moment = self._clock()
        async with self._sessions.begin() as session:
            await admin.remove_expired_sessions(session, moment)
            session.add(
                AdminSession(
                    cookie_hash=digest(cookie),
                    key_mark=self._mark or "",
                    device=device,
                    address=actor.address,
                    created_at=moment,
                    expires_at=moment + LIFETIME,
                )
            )
        return cookie

    async def identify(self, cookie: str, address: str | None = None) -> Actor:
        """The admin with this cookie.

        Raises:
            LoveChatError: `studio_session_ended`, or `admin_disabled` without a secret.
        """
        if self._mark is None:
            raise LoveChatError("admin_disabled", Kind.FORBIDDEN)
        async with self._reads() as session:
            found = await admin.find_session(session, digest(cookie))
        held = found is not None and found.expires_at > self._clock()
        if not held or not same_secret(found.key_mark, self._mark):
            raise LoveChatError("studio_session_ended", Kind.UNAUTHENTICATED)
        return Actor("studio", address or found.address)

    async def end(self, cookie: str) -> None:
        """Sign out. An unknown cookie is no error."""
        async with self._sessions.begin() as session:
            await admin.remove_session(session, digest(cookie))
