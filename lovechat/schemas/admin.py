"""Shapes of what admins see."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from lovechat.core.i18n import Language
from lovechat.schemas.base import CleanText, Command, Moment, View
from lovechat.schemas.characters import Boundaries, Name, Slider, Tone

AccountStatus = Literal["active", "inactive", "review"]


class EnterStudio(Command):
    """The admin key, to be exchanged for a short sign-in."""

    key: CleanText = Field(max_length=1000)


class Metrics(View):
    """Counts over the whole product."""

    users: int
    active_users: int
    characters: int
    conversations: int
    messages: int
    replies_streaming: int
    replies_interrupted: int
    units_used_today: int
    version: str = Field(description="The version of the application.")


class DayStats(View):
    """What happened on one UTC day."""

    date: dt.date
    users: int = Field(description="New accounts.")
    conversations: int = Field(description="Conversations begun.")
    messages: int = Field(description="Messages written by people.")
    replies: int = Field(description="Replies that said something.")
    failures: int = Field(description="Replies that broke off or were withdrawn.")
    units: int


class AuditEntryView(View):
    """One change by an admin."""

    id: UUID
    created_at: Moment
    actor: str
    action: str
    target_kind: str
    target_id: str
    changes: dict[str, Any]
    address: str | None


class CharacterDraft(Command):
    """What of a character goes into its prompt."""

    name: Name = Field(examples=["Luna"])
    tone: Tone = "playful"
    dominance: Slider = 0.5
    affection: Slider = 0.5
    explicit_level: Slider = 0.0
    boundaries: Boundaries = Field(default_factory=list)


class PreviewPrompt(CharacterDraft):
    """A draft, and the language of its prompt."""

    language: Language = "es"


class PromptSegment(View):
    """A piece of a system prompt, and what of the character it comes from."""

    source: Literal["template", "tone", "dominance", "affection", "explicit_level", "boundaries"]
    text: str


class PromptPreview(View):
    """A system prompt in pieces; joined by empty lines they are what the model receives."""

    prompt_version: str
    language: Language
    segments: list[PromptSegment]
