"""Catalogues of the text that people read."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "en"

_FOLDER = Path(__file__).parent.parent / "locales"


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: Language) -> dict[str, str]:
    """All texts of one language by key."""
    return json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def translate(key: str, language: Language, **slots: object) -> str:
    """The text called `key` with its `{slots}` filled. Raises `KeyError` for an unknown key."""
    return catalogue(language)[key].format(**slots)
