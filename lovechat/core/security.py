"""Passwords, tokens and digests."""

import asyncio
import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import bcrypt
import jwt

from lovechat.core.clock import Clock, now

# bcrypt reads no further than this, and bcrypt 5 refuses to hash more.
MAX_PASSWORD_BYTES = 72
BCRYPT_ROUNDS = 12

ISSUER = "lovechat"
AUDIENCE = "lovechat-api"
REQUIRED_CLAIMS = ["exp", "iat", "iss", "aud", "sub", "jti", "typ", "sid"]

TokenType = Literal["access", "refresh"]


class InvalidTokenError(Exception):
    """The token is malformed, expired, of another type, or signed by somebody else."""


class Passwords:
    """bcrypt in a bounded pool of threads, so that logins never hold up the event loop."""

    def __init__(self, rounds: int = BCRYPT_ROUNDS, threads: int | None = None) -> None:
        """`rounds` is bcrypt's cost, the base-2 logarithm of its iterations."""
        self._rounds = rounds
        self._pool = ThreadPoolExecutor(threads or max(1, (os.cpu_count() or 2) - 1), "bcrypt")
        # What an unknown account is compared with: the answer takes as long as a wrong password.
        self._nobody = bcrypt.hashpw(uuid4().bytes, bcrypt.gensalt(rounds))

    async def hash(self, password: str) -> str:
        """Hash a password of at most 72 bytes. Raises `ValueError` for a longer one."""
        if len(password.encode()) > MAX_PASSWORD_BYTES:
            raise ValueError("password is longer than 72 bytes")
        salt = bcrypt.gensalt(self._rounds)
        loop = asyncio.get_running_loop()
        return (await loop.run_in_executor(self._pool, bcrypt.hashpw, password.encode(), salt)).decode()

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one of the stored hash; without a hash it takes as long and is False."""
        # Beyond 72 bytes bcrypt would raise; the cut text cannot match because such
        # passwords are never stored, and the comparison takes its usual time.
        given = password.encode()
        hashed = stored.encode() if stored is not None else self._nobody
        loop = asyncio.get_running_loop()
        same = await loop.run_in_executor(self._pool, bcrypt.checkpw, given[:MAX_PASSWORD_BYTES], hashed)
        return same and stored is not None and len(given) <= MAX_PASSWORD_BYTES

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: whose it is, of which sign-in, and its own identifier."""

    user_id: UUID
    family_id: UUID
    token_id: UUID
    expires_at: datetime


class Tokens:
    """Signs and reads JWTs with one pinned algorithm."""

    def __init__(
        self, secret: str, algorithm: str, access: timedelta, refresh: timedelta, clock: Clock = now
    ) -> None:
        """`access` and `refresh` are the lifetimes of the two kinds of token."""
        self._secret = secret
        self._algorithm = algorithm
        self._lifetimes: dict[TokenType, timedelta] = {"access": access, "refresh": refresh}
        self._clock = clock

    @property
    def access_seconds(self) -> int:
        """How long an access token lives, in seconds."""
        return int(self._lifetimes["access"].total_seconds())

    @property
    def refresh_lifetime(self) -> timedelta:
        """How long a refresh token, and a sign-in without use, lives."""
        return self._lifetimes["refresh"]

    def issue(self, kind: TokenType, user_id: UUID, family_id: UUID) -> tuple[str, Claims]:
        """Make a token of the given type for a sign-in."""
        issued = self._clock()
        claims = Claims(user_id, family_id, uuid4(), issued + self._lifetimes[kind])
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "sid": str(family_id),
            "jti": str(claims.token_id),
            "typ": kind,
            "iat": issued,
            "exp": claims.expires_at,
        }
        return jwt.encode(payload, self._secret, self._algorithm), claims

    def read(self, kind: TokenType, token: str, *, expired: bool = False) -> Claims:
        """Read a token of the given type; `expired=True` accepts one whose time is over.

        Raises:
            InvalidTokenError: anything about it is not as we issue it.
        """
        try:
            payload = jwt.decode(
                token,
                self._secret,
                algorithms=[self._algorithm],
                issuer=ISSUER,
                audience=AUDIENCE,
                # The times are compared below, with our own clock.
                options={"require": REQUIRED_CLAIMS, "verify_exp": False, "verify_iat": False},
            )
            if payload["typ"] != kind:
                raise InvalidTokenError
            claims = Claims(
                UUID(payload["sub"]),
                UUID(payload["sid"]),
                UUID(payload["jti"]),
                datetime.fromtimestamp(payload["exp"], tz=self._clock().tzinfo),
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError):
            raise InvalidTokenError from None
        if not expired and claims.expires_at <= self._clock():
            raise InvalidTokenError
        return claims


def digest(value: str) -> str:
    """The SHA-256 of a high-entropy secret, in hexadecimal."""
    return hashlib.sha256(value.encode()).hexdigest()


def keyed_digest(secret: str, purpose: str, value: str) -> str:
    """An HMAC-SHA-256 in hexadecimal: names a person to others without telling who it is."""
    return hmac.new(secret.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def same_secret(given: str, wanted: str) -> bool:
    """Compare two secrets in a time that depends on neither."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(wanted.encode()).digest(),
    )
