"""Language models behind one protocol: OpenAI's two APIs and the demo companion."""

from lovechat.core.settings import Settings
from lovechat.services.llm_client.demo import DemoClient
from lovechat.services.llm_client.openai_clients import OpenAIChatClient, OpenAIResponsesClient
from lovechat.services.llm_client.protocol import LLMClient, LLMError, LLMRequest, LLMStream

__all__ = [
    "DemoClient",
    "LLMClient",
    "LLMError",
    "LLMRequest",
    "LLMStream",
    "OpenAIChatClient",
    "OpenAIResponsesClient",
    "create_llm_client",
]


def create_llm_client(settings: Settings) -> LLMClient:
    """The client of the provider in force."""
    if settings.provider == "demo":
        return DemoClient()
    kind = OpenAIResponsesClient if settings.provider == "openai" else OpenAIChatClient
    key = settings.openai_api_key
    return kind(
        key.get_secret_value() if key else None,
        settings.openai_base_url,
        settings.openai_model,
        settings.llm_timeout_seconds,
    )
