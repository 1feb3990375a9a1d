"""How explicit a reply may be: the lowest of what four sides want or allow."""

from typing import Literal

# What the providers' own rules let pass; to ask for more only brings refusals. OpenAI's model
# specification keeps erotica out; a compatible server is its operator's. The demo has fixed phrases.
PROVIDER_CEILINGS: dict[Literal["openai", "openai_chat", "demo"], float] = {
    "openai": 0.2,
    "openai_chat": 1.0,
    "demo": 0.2,
}


def effective_explicitness(character: float, person: float, operator: float, provider: float) -> float:
    """The level that goes into the prompt; each is from 0 to 1, and none is ever passed."""
    return min(character, person, operator, provider)
