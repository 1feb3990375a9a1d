import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import bcrypt
import jwt
import pytest

from lovechat.core.security import (
    REQUIRED_CLAIMS,
    InvalidTokenError,
    Passwords,
    Tokens,
    TokenType,
    digest,
    keyed_digest,
    same_secret,
)
from tests.support.clock import FakeClock

SECRET = "b7Jq0-vR2xLw9ZtK5mHsYd8eNfUaPc3Gb7Jq0-vR2xLw9ZtK5mHsYd8eNfUaPc3G"
PERSON, FAMILY = uuid4(), uuid4()


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(rounds=4, threads=1)
    yield made
    made.close()


@pytest.fixture
def tokens(clock: FakeClock) -> Tokens:
    return Tokens(SECRET, "HS256", timedelta(minutes=30), timedelta(days=30), clock)


def payload(**changes: Any) -> dict[str, Any]:
    """What an access token of ours says, but for the changes."""
    return {
        "iss": "lovechat",
        "aud": "lovechat-api",
        "sub": str(PERSON),
        "sid": str(FAMILY),
        "jti": str(uuid4()),
        "typ": "access",
        "iat": datetime.now(UTC),
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        **changes,
    }


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(payload(**changes), secret, algorithm)


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "password", ["a long and quiet river", "x" * 72, "ñ" * 36, "🙂" * 18, "with\0zero byte", " edges "]
)
async def test_a_password_of_up_to_72_bytes_opens_what_it_closed(passwords: Passwords, password: str):
    stored = await passwords.hash(password)
    assert password not in stored
    assert await passwords.verify(password, stored)
    assert not await passwords.verify(password[:-1], stored)
    assert not await passwords.verify(password.swapcase() + "!", stored)


@pytest.mark.parametrize("password", ["x" * 73, "ñ" * 37, "🙂" * 18 + "x"])
async def test_a_password_of_more_than_72_bytes_is_not_hashed(passwords: Passwords, password: str):
    with pytest.raises(ValueError, match="72 bytes"):
        await passwords.hash(password)


@pytest.mark.parametrize("longer", ["x" * 73, "x" * 72 + "y", "x" * 5000])
async def test_a_longer_password_with_the_same_beginning_is_wrong(passwords: Passwords, longer: str):
    stored = await passwords.hash("x" * 72)
    assert await passwords.verify("x" * 72, stored)
    assert await passwords.verify(longer, stored) is False


async def test_a_longer_password_of_two_byte_letters_is_wrong_too(passwords: Passwords):
    assert await passwords.verify("ñ" * 37, await passwords.hash("ñ" * 36)) is False


async def test_two_hashes_of_one_password_differ(passwords: Passwords):
    assert await passwords.hash("the same words") != await passwords.hash("the same words")


@pytest.mark.parametrize("given", ["a password", "x" * 100])
async def test_an_unknown_account_costs_a_bcrypt_of_the_same_price(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch, given: str
):
    seen: list[bytes] = []
    real = bcrypt.checkpw

    def checkpw(password: bytes, hashed: bytes) -> bool:
        seen.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    known = await passwords.hash("another password")
    assert await passwords.verify(given, known) is False
    assert await passwords.verify(given, None) is False
    assert len(seen) == 2
    assert seen[0].startswith(b"$2b$04$")
    assert seen[1].startswith(b"$2b$04$")


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_a_token_says_what_was_put_in(tokens: Tokens, kind: TokenType):
    token, claims = tokens.issue(kind, PERSON, FAMILY)
    read = tokens.read(kind, token)
    assert (read.user_id, read.family_id, read.token_id) == (PERSON, FAMILY, claims.token_id)
    assert abs(read.expires_at - claims.expires_at) < timedelta(seconds=1)
    assert read.expires_at.utcoffset() == timedelta()


def test_no_two_tokens_are_the_same(tokens: Tokens):
    first, second = (tokens.issue("access", PERSON, FAMILY) for _ in range(2))
    assert first[0] != second[0]
    assert first[1].token_id != second[1].token_id


def test_a_token_lives_as_long_as_its_kind(tokens: Tokens, clock: FakeClock):
    access, _ = tokens.issue("access", PERSON, FAMILY)
    refresh, _ = tokens.issue("refresh", PERSON, FAMILY)
    clock.advance(minutes=29)
    assert tokens.read("access", access)
    clock.advance(minutes=1, seconds=1)
    with pytest.raises(InvalidTokenError):
        tokens.read("access", access)
    assert tokens.read("access", access, expired=True).user_id == PERSON
    clock.advance(days=29)
    assert tokens.read("refresh", refresh)
    clock.advance(days=1)
    with pytest.raises(InvalidTokenError):
        tokens.read("refresh", refresh)
    assert (tokens.access_seconds, tokens.refresh_lifetime) == (1800, timedelta(days=30))


def test_a_token_made_with_a_clock_that_runs_ahead_is_read_with_the_same_clock(
    tokens: Tokens, clock: FakeClock
):
    clock.advance(days=400)
    assert tokens.read("access", tokens.issue("access", PERSON, FAMILY)[0]).user_id == PERSON


def test_what_is_signed_here_by_hand_is_read(tokens: Tokens):
    assert tokens.read("access", signed()).user_id == PERSON


@pytest.mark.parametrize("claim", REQUIRED_CLAIMS)
@pytest.mark.parametrize("expired", [False, True])
def test_a_token_without_a_required_claim_is_invalid(tokens: Tokens, claim: str, expired: bool):
    without = {name: value for name, value in payload().items() if name != claim}
    with pytest.raises(InvalidTokenError):
        tokens.read("access", jwt.encode(without, SECRET, "HS256"), expired=expired)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(jwt.encode(payload(), "", "none"), id="alg none"),
        pytest.param(jwt.encode(payload(), "", "none") + "x", id="alg none with a signature"),
        pytest.param(signed(algorithm="HS384"), id="another HS"),
        pytest.param(signed(algorithm="HS512"), id="a stronger HS"),
        pytest.param(signed(secret=SECRET[::-1]), id="another secret"),
        pytest.param(signed(typ="refresh"), id="the other type"),
        pytest.param(signed(typ="Access"), id="a type that is none"),
        pytest.param(signed(typ=["access"]), id="a list of types"),
        pytest.param(signed(iss="somebody"), id="another issuer"),
        pytest.param(signed(aud="another-api"), id="another audience"),
        pytest.param(signed(sub="42"), id="a subject that is no UUID"),
        pytest.param(signed(sub=42), id="a subject that is a number"),
        pytest.param(signed(sid=42), id="a sign-in that is a number"),
        pytest.param(signed(jti=["x"]), id="an identifier that is a list"),
        pytest.param(signed(exp=datetime.now(UTC) - timedelta(seconds=2)), id="expired"),
        pytest.param(signed(exp="tomorrow"), id="an end that is a text"),
        pytest.param(signed(exp=10**30), id="an end after all calendars"),
        pytest.param(signed(exp=float("nan")), id="an end that is no number"),
        pytest.param(signed(nbf=datetime.now(UTC) + timedelta(hours=1)), id="not valid yet"),
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="letters"),
        pytest.param("....", id="dots"),
        pytest.param("\ud800.\ud800.\ud800", id="half a pair"),
        pytest.param("ñ.ñ.ñ", id="letters beyond ASCII"),
        pytest.param(part(b"[" * 40_000) + ".e30.x", id="a header of brackets"),
        pytest.param(part(b"9" * 6000) + ".e30.x", id="a header that is a number"),
        pytest.param(part(b'{"alg":["HS256"]}') + ".e30.x", id="a list of algorithms"),
        pytest.param(part(b'{"alg":"HS256","crit":["x"]}') + ".e30.x", id="an extension"),
        pytest.param("x" * 100_000, id="much"),
    ],
)
def test_a_token_that_is_not_as_we_issue_them_is_invalid(tokens: Tokens, token: str):
    with pytest.raises(InvalidTokenError):
        tokens.read("access", token)


def test_a_token_changed_in_any_part_is_invalid(tokens: Tokens):
    header, body, signature = signed().split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = part(json.dumps({**told, "sub": str(uuid4())}).encode())
    plain = part(b'{"alg":"none","typ":"JWT"}')
    for forged in (
        f"{header}.{other}.{signature}",
        f"{plain}.{body}.",
        f"{header}.{body}.",
        f"{header}.{body}",
    ):
        with pytest.raises(InvalidTokenError):
            tokens.read("access", forged)


def test_digests_tell_purposes_secrets_and_values_apart():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    made = {keyed_digest(secret, purpose, "ana") for secret in ("s1", "s2") for purpose in ("p1", "p2")}
    assert len(made) == 4
    assert keyed_digest("s", "p", "ana") == keyed_digest("s", "p", "ana")
    assert keyed_digest("s", "pa", "na") != keyed_digest("s", "p", "ana")


@pytest.mark.parametrize(
    ("given", "wanted", "same"),
    [
        ("abc", "abc", True),
        ("abd", "abc", False),
        ("", "abc", False),
        ("\ud800", "abc", False),
        ("ñ", "ñ", True),
    ],
)
def test_secrets_are_compared_whatever_their_letters(given: str, wanted: str, same: bool):
    assert same_secret(given, wanted) is same
