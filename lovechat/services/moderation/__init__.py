"""A moderation service as a second opinion, after the rules of our own.

It is asked only for texts that `guardrails` let pass. Its scores are held against thresholds of ours
(`thresholds.toml`), and the answer is a `Verdict` like the guard's.
"""

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.settings import Settings
from lovechat.services.moderation.breaker import CircuitBreaker
from lovechat.services.moderation.moderation import Mode, Moderation
from lovechat.services.moderation.openai_provider import OpenAIModeration
from lovechat.services.moderation.protocol import (
    ModerationError,
    ModerationProvider,
    NoModeration,
    Role,
    Scores,
)
from lovechat.services.moderation.thresholds import PREFIX, Thresholds, shipped_thresholds

__all__ = [
    "PREFIX",
    "CircuitBreaker",
    "Mode",
    "Moderation",
    "ModerationError",
    "ModerationProvider",
    "NoModeration",
    "OpenAIModeration",
    "Role",
    "Scores",
    "Thresholds",
    "create_moderation",
    "create_provider",
    "shipped_thresholds",
]


def create_provider(settings: Settings) -> ModerationProvider:
    """The provider that the settings name."""
    if settings.moderation == "off":
        return NoModeration()
    key = settings.moderation_api_key or settings.openai_api_key
    return OpenAIModeration(
        key.get_secret_value() if key else None,
        settings.moderation_base_url,
        settings.moderation_model,
        settings.moderation_timeout_seconds,
    )


def create_moderation(settings: Settings, sessions: Sessions, clock: Clock) -> Moderation:
    """Moderation as the settings want it."""
    return Moderation(
        settings.moderation,
        create_provider(settings),
        shipped_thresholds(),
        CircuitBreaker(),
        settings.moderation_timeout_seconds,
        sessions,
        clock,
    )
