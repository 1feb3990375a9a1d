"""From the scores of a moderation service to a verdict of ours."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lovechat.services.guardrails.verdict import ALLOWED, Action, Verdict
from lovechat.services.moderation.protocol import ModerationError, Role, Scores

_FILE = Path(__file__).with_name("thresholds.toml")
# Before the name of a category: the kind under which it is counted.
PREFIX = "moderation_"
# `Verdict.needs_help` looks for signals that begin like this.
_HELP = "crisis_self_harm"
_NEVER = 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The scores from which on a category does something; above 1 it never does."""

    block: float = _NEVER
    help: float = _NEVER
    note: float = _NEVER


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What each category does, by who said the text."""

    version: str
    needed: frozenset[str]
    user: dict[str, Limits]
    assistant: dict[str, Limits]

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Thresholds":
        """Thresholds as the file holds them."""
        user, assistant = (
            {category: Limits(**limits) for category, limits in data[role].items()}
            for role in ("user", "assistant")
        )
        return cls(data["version"], frozenset(data["needed"]), user, assistant)

    def judge(self, scores: Scores, role: Role) -> Verdict:
        """The verdict on a text. Its signals name each category that is at or above a threshold.

        Raises:
            ModerationError: the scores leave out a category that nothing may be said without.
        """
        if not self.needed <= scores.keys():
            raise ModerationError("the answer leaves out a category that is needed")
        blocks, helps, notes = [], [], []
        for category, limits in (self.user if role == "user" else self.assistant).items():
            score = scores.get(category, 0.0)
            for found, limit in ((blocks, limits.block), (helps, limits.help), (notes, limits.note)):
                if score >= limit:
                    found.append(PREFIX + category)
        signals = tuple(dict.fromkeys([*blocks, *helps, *notes]))
        if helps:
            signals += (_HELP,)
        if blocks:
            return Verdict(Action.BLOCK, blocks[0], signals)
        if helps:
            return Verdict(Action.CRISIS, _HELP, signals)
        return Verdict(Action.NOTE, notes[0], signals) if notes else ALLOWED


@lru_cache(maxsize=1)
def shipped_thresholds() -> Thresholds:
    """The thresholds of the file."""
    return Thresholds.of(tomllib.loads(_FILE.read_text(encoding="utf-8")))
