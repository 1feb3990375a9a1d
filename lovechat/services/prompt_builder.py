"""Turns a character, a person and what was said into the prompt of the next reply. Pure."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Literal, Protocol

from lovechat.core.i18n import Language

PROMPT_VERSION = "1"

# What the history may take of the model's context, in tokens.
HISTORY_TOKENS = 6000
# OpenAI's rule of thumb for English is four characters a token; the model's own count differs.
CHARACTERS_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4
SLIDER_STEPS = 5

_FOLDER = Path(__file__).parent.parent / "prompts"

Source = Literal["template", "tone", "dominance", "affection", "explicit_level", "boundaries"]


class Persona(Protocol):
    """What of a character goes into a prompt. Sliders run from 0 to 1."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def tone(self) -> str: ...  # noqa: D102
    @property
    def dominance(self) -> float: ...  # noqa: D102
    @property
    def affection(self) -> float: ...  # noqa: D102
    @property
    def explicit_level(self) -> float: ...  # noqa: D102
    @property
    def boundaries(self) -> list[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the system prompt, and what of the character it comes from."""

    source: Source
    text: str


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message for the model."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model receives: the policy, then what was said, oldest first.

    With `care` the policy is the one for somebody in a crisis, and the persona is left out of it.
    """

    segments: tuple[Segment, ...]
    messages: tuple[PromptMessage, ...]
    persona: Persona
    care: bool = False

    @property
    def system(self) -> str:
        """The system prompt as one text."""
        return "\n\n".join(segment.text for segment in self.segments)


def build_prompt(
    persona: Persona,
    person_name: str,
    language: Language,
    history: list[PromptMessage],
    *,
    history_tokens: int = HISTORY_TOKENS,
) -> Prompt:
    """The prompt for the next reply; `history` is oldest first and ends with the person's message.

    Only the history is fitted to `history_tokens`: the policy and the boundaries are never dropped.
    """
    return Prompt(
        segments=compile_persona(persona, person_name, language),
        messages=fit_history(history, history_tokens),
        persona=persona,
    )


def build_care_prompt(
    persona: Persona,
    language: Language,
    history: list[PromptMessage],
    resources: Sequence[str],
    *,
    history_tokens: int = HISTORY_TOKENS,
) -> Prompt:
    """The prompt for a reply to somebody in a crisis: out of role, with where to find help.

    Of the persona nothing is in it but the house's own boundaries.
    """
    texts = _texts(language)
    listed = "\n".join(f"- {resource}" for resource in resources)
    return Prompt(
        segments=(
            Segment("template", texts["care"].format(resources=listed)),
            Segment("boundaries", _boundaries(texts, [])),
        ),
        messages=fit_history(history, history_tokens),
        persona=persona,
        care=True,
    )


def compile_persona(persona: Persona, person_name: str, language: Language) -> tuple[Segment, ...]:
    """The system prompt in pieces. The boundaries come last, after all that others have written."""
    texts = _texts(language)
    tone = texts["tones"].get(persona.tone.strip().lower())
    return (
        # What people typed goes in as JSON: data to read, not lines to obey.
        Segment(
            "template",
            texts["frame"].format(
                facts=json.dumps({"character": persona.name, "person": person_name}, ensure_ascii=False)
            ),
        ),
        Segment(
            "tone",
            tone or texts["tone_other"].format(tone=json.dumps(persona.tone, ensure_ascii=False)),
        ),
        _slider(texts, "dominance", persona.dominance),
        _slider(texts, "affection", persona.affection),
        _slider(texts, "explicit_level", persona.explicit_level),
        Segment("template", texts["conduct"]),
        Segment("boundaries", _boundaries(texts, persona.boundaries)),
    )


def fit_history(history: list[PromptMessage], tokens: int) -> tuple[PromptMessage, ...]:
    """The newest messages that fit. The last one stays even when it is larger than the budget."""
    kept: list[PromptMessage] = []
    left = tokens
    for message in reversed(history):
        left -= estimate_tokens(message.content)
        if left < 0 and kept:
            break
        kept.append(message)
    return tuple(reversed(kept))


def estimate_tokens(text: str) -> int:
    """About how many tokens a message takes."""
    return ceil(len(text) / CHARACTERS_PER_TOKEN) + TOKENS_PER_MESSAGE


def _slider(texts: dict[str, Any], name: Source, value: float) -> Segment:
    slider = texts["sliders"][name]
    step = min(SLIDER_STEPS - 1, int(value * SLIDER_STEPS))
    # The number makes each step of a slider visible, the sentence makes it understood.
    return Segment(name, f"{slider['name']}: {round(value * 100)}/100. {slider['steps'][step]}")


def _boundaries(texts: dict[str, Any], boundaries: list[str]) -> str:
    own = "\n".join(f"- {json.dumps(boundary, ensure_ascii=False)}" for boundary in boundaries)
    return texts["boundaries"].format(own=f"{own}\n" if own else "")


@lru_cache(maxsize=4)
def _texts(language: Language) -> dict[str, Any]:
    folder = _FOLDER / language
    texts: dict[str, Any] = tomllib.loads((folder / "persona.toml").read_text(encoding="utf-8"))
    for part in ("frame", "conduct", "boundaries", "care"):
        texts[part] = (folder / f"{part}.md").read_text(encoding="utf-8").strip()
    return texts
