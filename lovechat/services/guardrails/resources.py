"""Where people in a crisis find help, as a versioned data file."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from lovechat.core.i18n import Language

ANYWHERE = "ZZ"
_FILE = Path(__file__).with_name("crisis_resources.toml")


@dataclass(frozen=True, slots=True)
class Resource:
    """One place to turn to. Without a number and an address it is the local emergency number."""

    country: str
    name: dict[Language, str]
    number: str
    url: str
    languages: tuple[Language, ...]
    source: str
    verified_on: date


@lru_cache(maxsize=1)
def all_resources() -> tuple[Resource, ...]:
    """Every entry of the file."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["resource"]
    for entry in entries:
        entry["languages"] = tuple(entry["languages"])
    return tuple(Resource(**entry) for entry in entries)


def resources_for(country: str | None) -> tuple[Resource, ...]:
    """What to show to somebody in a country: its own lines first, then what helps anywhere."""
    own = [entry for entry in all_resources() if country and entry.country == country.upper()]
    return (*own, *(entry for entry in all_resources() if entry.country == ANYWHERE))
