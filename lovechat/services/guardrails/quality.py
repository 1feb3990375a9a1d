"""How good the rules are, as `make guard-eval` has measured it for this version."""

import json
from dataclasses import dataclass
from pathlib import Path

FIGURES = Path(__file__).with_name("quality.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """How many sentences of a set fired. `unseen` are of lists that the rules were not written for, if there are any."""

    name: str
    hits: int
    total: int
    unseen: tuple[int, int] | None


def measured() -> tuple[str, tuple[Figure, ...]]:
    """The version that was measured, and the figures of its sets."""
    data = json.loads(FIGURES.read_text(encoding="utf-8"))
    unseen = {name: tuple(pair) for name, pair in data["unseen"].items()}
    figures = (Figure(name, *pair, unseen.get(name)) for name, pair in data["measured"].items())
    return data["version"], tuple(figures)
