"""Shapes of accounts and sign-in."""

import datetime as dt
import re
from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field

from lovechat.core.countries import COUNTRIES
from lovechat.core.i18n import Language
from lovechat.core.security import MAX_PASSWORD_BYTES
from lovechat.core.terms import TERMS_VERSION
from lovechat.schemas.base import CleanText, Command, Moment, StrippedText, View

MIN_PASSWORD_CHARACTERS = 10
OLDEST_BIRTHDATE = dt.date(1900, 1, 1)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Gender = Literal["female", "male", "non_binary", "other", "undisclosed"]


def normalise_email(value: str) -> str:
    """An address as it is compared: trimmed and in lower case."""
    return value.strip().lower()


def _email(value: str) -> str:
    try:
        # Deliverability asks the DNS; `test` domains are for people who try things out.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise ValueError("must be an e-mail address such as ana@example.org") from None


def _password(value: str) -> str:
    if len(value) < MIN_PASSWORD_CHARACTERS:
        raise ValueError(f"must have at least {MIN_PASSWORD_CHARACTERS} characters")
    if (size := len(value.encode())) > MAX_PASSWORD_BYTES:
        raise ValueError(
            f"must have at most {MAX_PASSWORD_BYTES} bytes; this one has {size}, choose a shorter one"
        )
    return value


def _birthdate(value: dt.date) -> dt.date:
    if value < OLDEST_BIRTHDATE:
        raise ValueError("must be 1900-01-01 or later")
    if value > dt.datetime.now(dt.UTC).date():
        raise ValueError("must not be in the future")
    return value


def _terms_version(value: str) -> str:
    if value != TERMS_VERSION:
        raise ValueError("is not the version of the present text; show the text anew")
    return value


def _iso_date(value: object) -> object:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass  # such as 30 February
    raise ValueError("must be a date such as 1990-05-17")


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError("must be the code of a country such as ES")
    return value


ExplicitPreference = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False, description="How explicit replies may be at most, from 0 to 1."),
]
Country = Annotated[CleanText, AfterValidator(_country)]
Email = Annotated[
    CleanText,
    BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v),
    AfterValidator(_email),
]
NewPassword = Annotated[CleanText, AfterValidator(_password)]
Birthdate = Annotated[dt.date, BeforeValidator(_iso_date), AfterValidator(_birthdate)]
DisplayName = Annotated[StrippedText, Field(min_length=1, max_length=50)]


class Register(Command):
    """A new account."""

    email: Email = Field(max_length=254, examples=["ana@example.org"])
    password: NewPassword = Field(examples=["a long and quiet river"])
    display_name: DisplayName = Field(examples=["Ana"])
    birthdate: Birthdate = Field(examples=["1990-05-17"])
    gender: Gender = "undisclosed"
    language: Language | None = Field(default=None, description="What the characters speak at first.")
    terms_version: Annotated[str, AfterValidator(_terms_version)] = Field(
        default=TERMS_VERSION,
        description="Which version of the terms the person was shown. To register is to agree to them.",
    )


class Login(Command):
    """Credentials; anything that is not right is answered alike."""

    email: CleanText = Field(max_length=1000, examples=["ana@example.org"])
    password: CleanText = Field(max_length=4096, examples=["a long and quiet river"])


class RefreshToken(Command):
    """A refresh token to exchange or to end."""

    refresh_token: CleanText = Field(max_length=4096)


class TokenPair(View):
    """An access token for the `Authorization` header, and what to renew it with."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (a kind, no secret)
    expires_in: int = Field(description="Seconds until the access token ends.")


class UserView(View):
    """A person, to themselves."""

    id: UUID
    email: str
    display_name: str
    birthdate: dt.date
    gender: Gender
    avatar_url: str | None
    language: Language | None
    country: str | None
    explicit_preference: float
    created_at: Moment


class ConsentView(View):
    """Something that a person agreed to."""

    kind: Literal["terms"]
    text_version: str
    created_at: Moment


class AgeAttestationView(View):
    """What a verifier says of a person's age."""

    over_18: bool
    issuer: str
    verified_at: Moment
    expires_at: Moment


class AgeCheckView(View):
    """What this server wants to know of a person's age, and what it knows."""

    required: bool = Field(description="Whether nothing can be written before the age is checked.")
    issuer: str | None = Field(description="Who checks it; null where a typed birthdate is enough.")
    attestation: AgeAttestationView | None


class AgeCheckStarted(View):
    """Where the check goes on."""

    url: str


class AgeProof(Command):
    """What the verifier gave to the person's browser."""

    proof: CleanText = Field(min_length=1, max_length=8192)


class UpdateMe(Command):
    """The fields to change; the others stay as they are."""

    display_name: DisplayName = Field(default="", examples=["Ana"])
    language: Language | None = None
    country: Country | None = Field(
        default=None, examples=["ES"], description="Whose helplines to name in a crisis (ISO 3166-1 alpha-2)."
    )
    explicit_preference: ExplicitPreference = 0.0


class ChangePassword(Command):
    """Another password, and the present one as proof."""

    current_password: CleanText = Field(max_length=4096)
    new_password: NewPassword = Field(examples=["a long and quiet river"])


class EraseMe(Command):
    """The password, as proof that it is the person who wants everything gone."""

    password: CleanText = Field(max_length=4096)


class SessionView(View):
    """One sign-in that still holds."""

    id: UUID
    kind: Literal["browser", "program"]
    device: str | None
    current: bool = Field(description="Whether this request came with it.")
    created_at: Moment
    last_seen_at: Moment


class Registered(View):
    """The answer to a registration."""

    user: UserView


class UsageView(View):
    """The units of the present UTC day."""

    units_used: int
    units_limit: int
    units_remaining: int
    reset_at: Moment


class DayUsageView(View):
    """The units of one UTC day."""

    date: dt.date
    units_used: int


class AdminUserView(UserView):
    """A person, to an admin."""

    is_active: bool
    review_reason: str | None
    units_used_today: int


class SetActive(Command):
    """Whether an account may be used."""

    is_active: bool
