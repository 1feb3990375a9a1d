"""Refusals that a program can tell apart: a stable code, a kind, and what to do next."""

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of refusal it is; `api/errors.py` maps each to a status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class LoveChatError(Exception):
    """A refusal with a `code` in the catalogue (`error.<code>` holds its text).

    `details` become extra members of the problem object, so nothing secret goes in.
    `retry_after` is in seconds.
    """

    def __init__(self, code: str, kind: Kind, *, retry_after: int | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.kind = kind
        self.retry_after = retry_after
        self.details = details


def invalid(field: str, message: str) -> LoveChatError:
    """A field has a bad value; `message` says what is expected of it."""
    return LoveChatError("invalid_request", Kind.INVALID, errors=[{"field": field, "message": message}])


def not_found(code: str = "not_found") -> LoveChatError:
    """There is no such thing, or it is somebody else's: outside the two look the same."""
    return LoveChatError(code, Kind.NOT_FOUND)


def not_authenticated() -> LoveChatError:
    """The request carries no token, or one that does not hold."""
    return LoveChatError("not_authenticated", Kind.UNAUTHENTICATED)


def account_inactive() -> LoveChatError:
    """The account was deactivated or waits for review."""
    return LoveChatError("account_inactive", Kind.FORBIDDEN)


def age_restricted() -> LoveChatError:
    """The stored birthdate, or the person's own words, say that they are under 18."""
    return LoveChatError("age_restricted", Kind.FORBIDDEN)
