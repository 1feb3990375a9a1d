"""What all shapes share: no unknown fields, clean text, times with a `Z`."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer


def _clean(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def iso(value: datetime) -> str:
    """A moment as all answers write it: UTC, milliseconds, `Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


CleanText = Annotated[str, AfterValidator(_clean)]
FilledText = Annotated[CleanText, AfterValidator(_filled)]
StrippedText = Annotated[FilledText, BeforeValidator(_strip)]
Item = TypeVar("Item")
Moment = Annotated[datetime, PlainSerializer(iso, return_type=str)]


class Command(BaseModel):
    """A request's body. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class View(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(from_attributes=True)


class Page(View, Generic[Item]):
    """One page of a list; `total` counts the whole list."""

    items: list[Item]
    total: int
    limit: int
    offset: int
