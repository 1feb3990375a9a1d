"""Sign-ins of browsers: an opaque cookie, of which only a digest is kept."""

import re
import secrets
from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import account_inactive, not_authenticated, not_found
from lovechat.core.security import digest
from lovechat.models import SessionFamily
from lovechat.repos import accounts
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import Login, Register, SessionView
from lovechat.services.accounts import Accounts

# How often a browser's visit is written down, at most.
SEEN = timedelta(minutes=1)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class WebSessions:
    """Begins, recognises, lists and ends sign-ins."""

    def __init__(
        self, sessions: Sessions, reads: Sessions, people: Accounts, lifetime: timedelta, clock: Clock
    ) -> None:
        """A cookie that is not seen for `lifetime` is dead."""
        self._sessions = sessions
        self._reads = reads
        self._people = people
        self._lifetime = lifetime
        self._clock = clock

    async def begin(self, command: Login, address: str, device: str | None) -> str:
        """Sign a browser in and return its cookie. Raises as `Accounts.check_credentials`."""
        proof = await self._people.check_credentials(command, address)
        cookie, sign_in = self._sign_in(device)
        async with self._sessions.begin() as session:
            await self._people.begin(session, proof, sign_in)
        return cookie

    async def sign_up(self, command: Register, address: str, device: str | None) -> str:
        """Make an account, sign the browser in and return its cookie. Raises as `Accounts.register`."""
        cookie, sign_in = self._sign_in(device)
        await self._people.register(command, address, sign_in)
        return cookie

    async def identify(self, cookie: str) -> Person:
        """Whose cookie this is, if the sign-in and the account still stand.

        Raises:
            LoveChatError: `not_authenticated`, or `account_inactive`.
        """
        moment = self._clock()
        async with self._reads() as session:
            found = await accounts.find_by_cookie(session, digest(cookie))
        if found is None:
            raise not_authenticated()
        person, last_seen_at, expires_at, revoked_at = found
        if not person.may_enter:
            raise account_inactive()
        if revoked_at is not None or expires_at <= moment:
            raise not_authenticated()
        if moment - last_seen_at >= SEEN and person.session_id is not None:
            async with self._sessions.begin() as session:
                await accounts.prolong(
                    session, person.session_id, moment - SEEN, moment, moment + self._lifetime
                )
        return person

    async def end(self, cookie: str) -> None:
        """Sign a browser out. An unknown or dead cookie is no error."""
        async with self._sessions.begin() as session:
            await accounts.revoke_families(
                session, self._clock(), "logout", col(SessionFamily.cookie_hash) == digest(cookie)
            )

    async def list(self, person: Person) -> list[SessionView]:
        """A person's sign-ins that still hold, browsers and programs, the one used last first."""
        async with self._sessions() as session:
            families = await accounts.list_families(session, person.id, self._clock())
        return [
            SessionView(
                id=family.id,
                kind="browser" if family.cookie_hash else "program",
                device=family.device,
                current=family.id == person.session_id,
                created_at=family.created_at,
                last_seen_at=family.last_seen_at or family.created_at,
            )
            for family in families
        ]

    async def end_one(self, person: Person, session_id: UUID) -> None:
        """End one of a person's sign-ins. Raises `LoveChatError` `not_found`."""
        async with self._sessions.begin() as session:
            if not await accounts.revoke_own(session, person.id, session_id, self._clock(), "ended"):
                raise not_found()

    async def end_all(self, person: Person) -> None:
        """End every sign-in of a person, this one too."""
        async with self._sessions.begin() as session:
            # A login that is being written down ends as well.
            await accounts.lock_user(session, person.id)
            await accounts.revoke_all(session, person.id, self._clock(), "ended")

    def _sign_in(self, device: str | None) -> tuple[str, SessionFamily]:
        """A cookie, and what to write down of it once it is known whose it is."""
        cookie = secrets.token_urlsafe(32)
        moment = self._clock()
        return cookie, SessionFamily(
            cookie_hash=digest(cookie),
            device=device,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + self._lifetime,
        )


def device_name(user_agent: str) -> str | None:
    """A short name for a browser or program, such as `Firefox · Android`; None when it does not say."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if browser and "Mozilla/" in user_agent:
        return f"{browser} · {system}" if system else browser
    # Programs: what stands before the version.
    found = re.match(r"[\w .-]{1,40}", user_agent)
    return found[0].strip() or None if found else None
