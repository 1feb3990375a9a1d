"""OpenAI's moderation, and servers that speak like it, over the official SDK.

(https://platform.openai.com/docs/api-reference/moderations).
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import aiohttp
import httpx2
import openai
import orjson

from lovechat.services.moderation.protocol import ModerationError, Role, Scores

# Named here, since the SDK would otherwise take the address of the model's server from the environment.
OPENAI_URL = "https://api.openai.com/v1"
# Sent where a compatible server needs no key: the SDK insists on one.
NO_KEY = "none"


class OpenAIModeration:
    """Scores texts with `/moderations`. Of the answer only the scores are read, never `flagged`."""

    def __init__(self, api_key: str | None, base_url: str | None, model: str, seconds: float) -> None:
        """`seconds` is how long an answer may take."""
        self._model = model
        timeout = httpx2.Timeout(seconds)
        self._sdk = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url or OPENAI_URL,
            timeout=timeout,
            max_retries=0,  # the SDK would wait longer than a reply can
            http_client=openai.DefaultAioHttpClient(
                timeout=timeout,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=100),
            ),
        )

    async def check(self, text: str, role: Role) -> Scores:  # noqa: ARG002  (the API has no place for it)
        """See `ModerationProvider`."""
        with _our_errors():
            answer = await self._sdk.moderations.with_raw_response.create(model=self._model, input=text)
            return read_scores(answer.content)

    async def close(self) -> None:
        """Close the connection pool."""
        await self._sdk.close()


def read_scores(body: bytes) -> dict[str, float]:
    """The scores of an answer. Raises `ModerationError` for one that cannot be relied on."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ModerationError("the answer is no JSON") from None
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not results:
        raise ModerationError("the answer has no results")
    highest: dict[str, float] = {}
    for result in results:
        scores = result.get("category_scores") if isinstance(result, dict) else None
        if not isinstance(scores, dict):
            raise ModerationError("a result has no scores")
        for category, score in scores.items():
            if score is not None:  # a category that the model does not know
                highest[category] = max(highest.get(category, 0.0), _number(score))
    return highest


def _number(score: Any) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ModerationError("a score is no number from 0 to 1")
    return float(score)


@contextmanager
def _our_errors() -> Generator[None]:
    """Say the SDK's and the transport's errors in our terms."""
    try:
        yield
    except openai.APIStatusError as error:
        raise ModerationError(f"status {error.status_code}", retryable=error.status_code >= 500) from error
    except (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
        raise ModerationError("no answer in time") from error
    except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, aiohttp.ClientError, OSError) as error:
        # Often a connection that the other side had closed while it was idle.
        raise ModerationError("cannot be reached", retryable=True) from error
