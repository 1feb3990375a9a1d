"""What Love Chat asks of a language model, whoever serves it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lovechat.core.i18n import Language
from lovechat.services.prompt_builder import Prompt

StreamEnd = Literal["stop", "length", "refusal"]


class LLMError(Exception):
    """The model's server failed; `code` is what the person's client will read.

    `retryable` says that trying once more may help, `retry_after` after how many seconds.
    """

    def __init__(self, code: str, *, retryable: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class LLMRequest:
    """One reply to write. `max_output_tokens` caps it; `person_key` names the person to nobody."""

    prompt: Prompt
    max_output_tokens: int
    person_key: str
    language: Language


@dataclass(slots=True)
class LLMStream:
    """The text of a reply as it comes; afterwards `end` and `model` tell how it ended.

    `text` raises `LLMError` when the server fails, stalls, or ends without saying that it has ended.
    """

    text: AsyncIterator[str] = field(init=False)
    model: str = ""
    end: StreamEnd = "stop"


class LLMClient(Protocol):
    """A way to a language model."""

    def stream(self, request: LLMRequest) -> AbstractAsyncContextManager[LLMStream]:
        """Ask for a reply; leaving the context ends the request. Raises `LLMError`."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...
