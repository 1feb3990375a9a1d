"""Accounts: register, sign in, stay signed in, sign out, and who is asking."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import (
    Kind,
    LoveChatError,
    account_inactive,
    age_restricted,
    invalid,
    not_authenticated,
)
from lovechat.core.security import InvalidTokenError, Passwords, Tokens, digest, same_secret
from lovechat.models import Consent, SessionFamily, User, UserProfile, UserSession
from lovechat.repos import accounts, safety
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import ChangePassword, Login, Register, TokenPair, UpdateMe, normalise_email
from lovechat.services import guardrails
from lovechat.services.age import is_adult
from lovechat.services.age_cooldown import AgeCooldowns
from lovechat.services.common_passwords import is_common_password
from lovechat.services.login_throttle import LoginThrottle

# Two tabs may send the same refresh token at once; later than this it is theft.
REUSE_GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody knew the password of this account while its hash was this one."""

    user_id: UUID
    password_hash: str = field(repr=False)


class Accounts:
    """Use cases of people's accounts."""

    def __init__(
        self,
        sessions: Sessions,
        reads: Sessions,
        passwords: Passwords,
        tokens: Tokens,
        throttle: LoginThrottle,
        cooldowns: AgeCooldowns,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._reads = reads
        self._passwords = passwords
        self._tokens = tokens
        self._throttle = throttle
        self._cooldowns = cooldowns
        self._clock = clock

    async def register(self, command: Register, address: str, sign_in: SessionFamily | None = None) -> Person:
        """Make an account, and begin its first sign-in if one is given: both or neither.

        Raises:
            LoveChatError: `age_restricted` under 18 and for a while afterwards (nothing is stored of
                the person), `email_taken`, or `invalid_request` for a common password or a name that
                is not acceptable.
        """
        moment = self._clock()
        await self._admit(command, address, moment)
        _require_uncommon(command.password, (command.email, command.display_name), "password")
        _require_name(command.display_name)
        hashed = await self._passwords.hash(command.password)
        user = User(email=command.email, password_hash=hashed, created_at=moment)
        try:
            async with self._sessions.begin() as session:
                session.add(user)
                await session.flush()
                session.add(
                    UserProfile(
                        user_id=user.id,
                        display_name=command.display_name,
                        birthdate=command.birthdate,
                        gender=command.gender,
                        language=command.language,
                        created_at=moment,
                        updated_at=moment,
                    )
                )
                session.add(
                    Consent(
                        user_id=user.id,
                        kind="terms",
                        text_version=command.terms_version,
                        created_at=moment,
                    )
                )
                if sign_in is not None:
                    sign_in.user_id = user.id
                    session.add(sign_in)
                await session.flush()
                person = await accounts.find_person(session, user.id)
        except IntegrityError as error:
            if "uq_users_email" in str(error.orig):
                raise LoveChatError("email_taken", Kind.CONFLICT) from None
            raise
        assert person is not None
        return person

    async def _admit(self, command: Register, address: str, moment: datetime) -> None:
        """Let adults in. Whoever was too young a moment ago is still so, whatever they type now."""
        adult = is_adult(command.birthdate, moment)
        if adult and not await self._cooldowns.is_shut(command.email, address):
            return
        async with self._sessions.begin() as session:
            await safety.count(session, moment, "age_cooldown" if adult else "underage_refusal")
            if not adult:
                await self._cooldowns.begin(session, command.email, address, moment)
        raise age_restricted()

    async def check_credentials(self, command: Login, address: str) -> Proof:
        """Whose credentials these are. It takes a while, so what they open asks again; see `begin`.

        Raises:
            LoveChatError: `invalid_credentials` for an unknown address and a wrong password
                alike, `account_inactive`, `too_many_attempts`.
        """
        email = normalise_email(command.email)
        keys = await self._throttle.admit(email, address)
        async with self._sessions() as session:
            user = await accounts.find_credentials(session, email)
        good = await self._passwords.verify(command.password, user.password_hash if user else None)
        if user is None or not good:
            raise _wrong_credentials()
        await self._throttle.succeeded(keys)
        if not user.may_enter:
            raise account_inactive()
        return Proof(user.id, user.password_hash)

    async def begin(self, session: AsyncSession, proof: Proof, sign_in: SessionFamily) -> None:
        """Write a sign-in down in the caller's transaction.

        Raises:
            LoveChatError: as `check_credentials`, when the account or its password changed since.
        """
        user = await accounts.lock_user(session, proof.user_id)
        if user is None or user.password_hash != proof.password_hash:
            raise _wrong_credentials()
        if not user.may_enter:
            raise account_inactive()
        sign_in.user_id = user.id
        session.add(sign_in)
        await session.flush()

    async def login(self, command: Login, address: str, device: str | None = None) -> TokenPair:
        """Begin a program's sign-in. Raises as `check_credentials`."""
        proof = await self.check_credentials(command, address)
        moment = self._clock()
        family = SessionFamily(
            device=device,
            created_at=moment,
            expires_at=moment + self._tokens.refresh_lifetime,
        )
        async with self._sessions.begin() as session:
            await self.begin(session, proof, family)
            return await self._issue(session, family, parent_id=None)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Exchange a refresh token for a new pair; the old token is dead at once.

        A dead token that comes again within 10 s is only refused, later it ends the sign-in.

        Raises:
            LoveChatError: `invalid_refresh_token`, or `account_inactive`.
        """
        refused = LoveChatError("invalid_refresh_token", Kind.UNAUTHENTICATED)
        try:
            claims = self._tokens.read("refresh", refresh_token)
        except InvalidTokenError:
            raise refused from None
        moment = self._clock()
        async with self._sessions.begin() as session:
            found = await accounts.lock_refresh_token(session, claims.token_id)
            if found is None or not same_secret(digest(refresh_token), found[0].refresh_token_hash):
                raise refused
            token, family = found
            if family.revoked_at is None and token.used_at is None and token.revoked_at is None:
                person = await accounts.find_person(session, family.user_id)
                if person is None or not person.may_enter:
                    raise account_inactive()
                token.used_at = moment
                family.last_seen_at = moment
                session.add_all((token, family))
                return await self._issue(session, family, parent_id=token.id)
            if family.revoked_at is None and token.used_at and moment - token.used_at > REUSE_GRACE:
                await accounts.revoke_family(session, family.id, moment, "reuse")
        # Raised outside the transaction, which has kept the revocation.
        raise refused

    async def logout(self, refresh_token: str) -> None:
        """End the sign-in that the token belongs to. An unknown or dead token is no error."""
        try:
            claims = self._tokens.read("refresh", refresh_token, expired=True)
        except InvalidTokenError:
            return
        async with self._sessions.begin() as session:
            await accounts.revoke_family(session, claims.family_id, self._clock(), "logout")

    async def identify(self, access_token: str) -> Person:
        """Who holds this access token, if the sign-in and the account still stand.

        Raises:
            LoveChatError: `not_authenticated`, or `account_inactive`.
        """
        try:
            claims = self._tokens.read("access", access_token)
        except InvalidTokenError:
            raise not_authenticated() from None
        async with self._reads() as session:
            person = await accounts.find_signed_in(session, claims.user_id, claims.family_id)
            if person is None:
                # Deactivation ends the sign-ins, and should say so rather than ask for a login.
                shut = await accounts.find_person(session, claims.user_id)
                if shut is not None and not shut.may_enter:
                    raise account_inactive()
                raise not_authenticated()
        if not person.may_enter:
            raise account_inactive()
        return person

    async def set_avatar(self, person: Person, url: str | None) -> tuple[Person, str | None]:
        """Give a person a new picture, or none. Returns the address of the one before, too.

        Raises:
            LoveChatError: `not_authenticated` when the account has just been erased.
        """
        async with self._sessions.begin() as session:
            replaced = await accounts.lock_avatar(session, person.id)
            changed = await self._change(session, person, {"avatar_url": url})
        return changed, replaced

    async def has_avatar(self, person: Person, url: str) -> bool:
        """Whether that is a person's picture, after every change that is under way."""
        async with self._sessions.begin() as session:
            return await accounts.lock_avatar(session, person.id) == url

    async def update(self, person: Person, command: UpdateMe) -> Person:
        """Change a person's name, language or country.

        Raises:
            LoveChatError: `invalid_request` for a bad name, `not_authenticated` when the account
                has just been erased.
        """
        given = command.model_dump(exclude_unset=True)
        if "display_name" in given:
            _require_name(given["display_name"])
        if not given:
            return person
        async with self._sessions.begin() as session:
            return await self._change(session, person, given)

    async def change_password(self, person: Person, command: ChangePassword, address: str) -> None:
        """Change a person's password; their other sign-ins end.

        Raises:
            LoveChatError: `invalid_request` for a common password or when the present one is
                wrong, `too_many_attempts`; `not_authenticated` or `account_inactive` when the
                account was erased or shut meanwhile.
        """
        proof = await self._confirm(person, command.current_password, "current_password", address)
        _require_uncommon(command.new_password, (person.email, person.display_name), "new_password")
        hashed = await self._passwords.hash(command.new_password)
        async with self._sessions.begin() as session:
            await self._require_proven(session, proof, "current_password")
            await accounts.set_password(session, person.id, hashed)
            await accounts.revoke_all(session, person.id, self._clock(), "password", but=person.session_id)

    async def erase(self, person: Person, password: str, address: str) -> str | None:
        """Delete a person's account and all that belongs to it, for good.

        Returns the address of their last picture, whose file is left to the caller.

        Raises:
            LoveChatError: `invalid_request` when the password is wrong, `too_many_attempts`;
                `not_authenticated` or `account_inactive` when the account was erased or shut
                meanwhile.
        """
        proof = await self._confirm(person, password, "password", address)
        async with self._sessions.begin() as session:
            await self._require_proven(session, proof, "password")
            avatar_url = await accounts.lock_avatar(session, person.id)
            await accounts.erase(session, person.id)
        return avatar_url

    async def _confirm(self, person: Person, password: str, name: str, address: str) -> Proof:
        """Make sure that the person themselves is asking; `name` is the password's field."""
        keys = await self._throttle.admit(person.email, address)
        async with self._sessions() as session:
            user = await accounts.find_user(session, person.id)
        if user is None:
            raise not_authenticated()
        if not await self._passwords.verify(password, user.password_hash):
            raise _wrong_password(name)
        await self._throttle.succeeded(keys)
        return Proof(user.id, user.password_hash)

    async def _require_proven(self, session: AsyncSession, proof: Proof, name: str) -> None:
        """Lock the account, and make sure that what was proven still holds."""
        user = await accounts.lock_user(session, proof.user_id)
        if user is None:
            raise not_authenticated()
        if not user.may_enter:
            raise account_inactive()
        if user.password_hash != proof.password_hash:
            raise _wrong_password(name)

    async def _change(self, session: AsyncSession, person: Person, values: dict[str, Any]) -> Person:
        await accounts.change_profile(session, person.id, values, self._clock())
        changed = await accounts.find_person(session, person.id)
        if changed is None:
            raise not_authenticated()
        return replace(changed, session_id=person.session_id)

    async def _issue(self, session: AsyncSession, family: SessionFamily, parent_id: UUID | None) -> TokenPair:
        access, _ = self._tokens.issue("access", family.user_id, family.id)
        refresh, claims = self._tokens.issue("refresh", family.user_id, family.id)
        # A sign-in lives as long as its newest token, and is listed for as long.
        family.expires_at = claims.expires_at
        session.add(
            UserSession(
                user_id=family.user_id,
                family_id=family.id,
                parent_id=parent_id,
                refresh_jti=claims.token_id,
                refresh_token_hash=digest(refresh),
                created_at=self._clock(),
                expires_at=claims.expires_at,
            )
        )
        return TokenPair(access_token=access, refresh_token=refresh, expires_in=self._tokens.access_seconds)


def _wrong_credentials() -> LoveChatError:
    return LoveChatError("invalid_credentials", Kind.UNAUTHENTICATED)


def _wrong_password(name: str) -> LoveChatError:
    return invalid(name, "is not the password of this account")


def _require_uncommon(password: str, own_words: tuple[str, ...], name: str) -> None:
    if is_common_password(password, own_words):
        raise invalid(name, "is one of the first that a stranger would try; choose another")


def _require_name(name: str) -> None:
    if not guardrails.check_name(name).allowed:
        raise invalid("display_name", "is not acceptable here; choose another")
