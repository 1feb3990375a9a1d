"""Shapes of characters."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lovechat.core.i18n import LANGUAGES
from lovechat.schemas.base import CleanText, Command, Moment, StrippedText, View

Slug = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Slider = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="From 0 to 1.")]
Name = Annotated[StrippedText, Field(max_length=50)]
Tone = Annotated[StrippedText, Field(max_length=40)]
Tagline = Annotated[CleanText, Field(max_length=140)]
Boundaries = Annotated[list[Annotated[StrippedText, Field(max_length=200)]], Field(max_length=30)]


def _address(value: str) -> str:
    if value.startswith("/") and not value.startswith("//"):
        return value
    if value.startswith(("http://", "https://")) and len(value) > len("https://"):
        return value
    raise ValueError("must be an address that starts with http://, https:// or /")


def _languages(value: dict[str, str]) -> dict[str, str]:
    if unknown := set(value) - set(LANGUAGES):
        raise ValueError(
            f"has texts for {', '.join(sorted(unknown))}; only {' and '.join(LANGUAGES)} are known"
        )
    return value


AvatarUrl = Annotated[CleanText, Field(max_length=500), AfterValidator(_address)]
Taglines = Annotated[dict[str, Tagline], AfterValidator(_languages)]


class CreateCharacter(Command):
    """A new character; without an id its slug is made of the name."""

    id: Slug | None = None
    name: Name
    avatar_url: AvatarUrl | None = None
    tagline: Tagline = ""
    taglines: Taglines = Field(default_factory=dict, description="The tagline by language.")
    tone: Tone = "playful"
    dominance: Slider = 0.5
    affection: Slider = 0.5
    explicit_level: Slider = 0.0
    boundaries: Boundaries = Field(default_factory=list)


class UpdateCharacter(Command):
    """The fields to change; the others stay as they are."""

    name: Name | None = None
    avatar_url: AvatarUrl | None = None
    tagline: Tagline | None = None
    taglines: Taglines | None = None
    tone: Tone | None = None
    dominance: Slider | None = None
    affection: Slider | None = None
    explicit_level: Slider | None = None
    boundaries: Boundaries | None = None

    @model_validator(mode="after")
    def _nulls(self) -> "UpdateCharacter":
        for field in self.model_fields_set - {"avatar_url"}:
            if getattr(self, field) is None:
                raise ValueError(f"{field} must not be null; leave it out to keep it as it is")
        return self


class CharacterView(View):
    """A character, as anybody may see it."""

    id: str
    name: str
    avatar_url: str | None
    tone: str
    tagline: str
    dominance: float
    affection: float


class AdminCharacterView(CharacterView):
    """A character with all that shapes it."""

    taglines: dict[str, str]
    explicit_level: float
    boundaries: list[str]
    version: int
    created_at: Moment
    updated_at: Moment


class CharacterSummary(View):
    """A character, inside a conversation."""

    id: str
    name: str
    avatar_url: str | None
