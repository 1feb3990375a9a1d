"""What people type, and what the guard should see in it: to learn from, and sealed, to be measured by."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lovechat.services.guardrails.reading import VOCABULARY
from tests.guard_eval import crises, everyday
from tests.guard_eval.minors import Case

FOLDER = Path(__file__).with_name("sentences")
TURNS = FOLDER / "turns.txt"
# Never learned from, and no rule is made to fit it: a sentence that is looked at moves to the pinned ones.
SEALED = Path(__file__).with_name("sealed")
# Authors whose sentences rules and models are made to fit: learned from, and never scored as unseen.
PINNED = "pinned"
KNOWN = frozenset((PINNED, "templates"))

Label = Literal[
    "self_minor", "adult_ok", "part_minor", "part_ok", "persona_minor", "persona_ok",
    "crisis_explicit", "crisis_implicit", "crisis_fine", "everyday",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and its kind; the fields of a character are separated by ` | `. `author` is the file it is in."""

    text: str
    label: Label
    lang: str  # "es", "en" or "mixed"
    history: tuple[str, ...]
    author: str


@lru_cache(maxsize=1)
def learned_from() -> tuple[Sentence, ...]:
    """All that the models are trained on."""
    return (*sentences(FOLDER), *_templates())


def sentences(folder: Path) -> list[Sentence]:
    """Those of a folder."""
    found: list[Sentence] = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(
                Sentence(row["text"], row["label"], row["lang"], tuple(row.get("history", ())), file.stem)
            )
    return found


def _templates() -> Iterator[Sentence]:
    """What the generated sets are made of."""
    explicit, implicit, idioms = crises.phrases()
    kinds: tuple[tuple[list[Case], Label], ...] = (
        (everyday.phrases(), "everyday"),
        (explicit, "crisis_explicit"),
        (implicit, "crisis_implicit"),
        (idioms, "crisis_fine"),
    )
    for cases, label in kinds:
        for language, text in cases:
            yield Sentence(text, label, language, (), "templates")


def turns() -> list[str]:
    """What characters say that ends with a question, about anything but age."""
    return TURNS.read_text(encoding="utf-8").splitlines()


def made_of() -> str:
    """A digest of everything that the weights depend on but the code."""
    whole = hashlib.sha256()
    for file in (*sorted(FOLDER.iterdir()), VOCABULARY):
        whole.update(f"{file.name}\0".encode() + file.read_bytes())
    whole.update("\0".join(sentence.text for sentence in _templates()).encode())
    return whole.hexdigest()
