"""The two OpenAI protocols over the official SDK.

The SDK makes the request (addresses, keys, headers, errors), on its aiohttp transport. Its event
objects are passed over: building one for each token costs more than all the rest of a reply.
The `data:` lines are split here instead.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import httpx2
import openai
import orjson
from openai.types.chat import ChatCompletionMessageParam

from lovechat.services.llm_client.protocol import LLMError, LLMRequest, LLMStream

# The lowest cap that the Responses API accepts.
MIN_OUTPUT_TOKENS = 16
CONNECT_SECONDS = 10.0
LONGEST_RETRY_AFTER = 5.0
# Sent where a compatible server needs no key: the SDK insists on one.
NO_KEY = "none"
# A `data:` line larger than this is no event that we know.
MAX_LINE = 4 * 1024 * 1024


class _OpenAIClient(ABC):
    """What both protocols share: one connection pool, errors in our terms, splitting of lines."""

    def __init__(self, api_key: str | None, base_url: str | None, model: str, silence: float) -> None:
        """`silence` is the longest pause of the server that is tolerated, in seconds."""
        self._model = model
        timeout = httpx2.Timeout(silence, connect=min(CONNECT_SECONDS, silence))
        self._sdk = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url,
            timeout=timeout,
            max_retries=0,  # a retry is decided by the turn, which knows whether text was shown
            http_client=openai.DefaultAioHttpClient(
                timeout=timeout,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=200),
            ),
        )

    @asynccontextmanager
    async def stream(self, request: LLMRequest) -> AsyncGenerator[LLMStream]:
        """Ask for a reply; see `LLMClient`."""
        stream = LLMStream(model=self._model)
        async with AsyncExitStack() as opened:
            with _our_errors():
                response = await opened.enter_async_context(self._request(request))
            if "text/event-stream" not in response.headers.get("content-type", ""):
                # The SDK would end such a stream silently, with no event at all.
                raise LLMError("llm_invalid_response", retryable=True)
            stream.text = self._text(response, stream)
            yield stream

    async def close(self) -> None:
        """Close the connection pool."""
        await self._sdk.close()

    async def _text(self, response: Any, stream: LLMStream) -> AsyncIterator[str]:
        lines = _DataLines()
        with _our_errors():
            async for chunk in _body(response):
                for event in lines.feed(chunk):
                    text, ended = self._read(event, stream)
                    if text:
                        yield text.replace("\0", "")
                    if ended:
                        return
        # Without the protocol's last event this is no short reply but a broken one.
        raise LLMError("llm_cut", retryable=True)

    @abstractmethod
    def _request(self, request: LLMRequest) -> AbstractAsyncContextManager[Any]:
        """Open the stream."""

    @abstractmethod
    def _read(self, event: dict[str, Any], stream: LLMStream) -> tuple[str, bool]:
        """The text of one event, and whether it is the last."""


class OpenAIResponsesClient(_OpenAIClient):
    """The Responses API (https://platform.openai.com/docs/api-reference/responses-streaming)."""

    def _request(self, request: LLMRequest) -> AbstractAsyncContextManager[Any]:
        return self._sdk.responses.with_streaming_response.create(
            model=self._model,
            instructions=request.prompt.system,
            input=[{"role": message.role, "content": message.content} for message in request.prompt.messages],
            max_output_tokens=max(MIN_OUTPUT_TOKENS, request.max_output_tokens),
            safety_identifier=request.person_key,
            store=False,
            stream=True,
        )

    def _read(self, event: dict[str, Any], stream: LLMStream) -> tuple[str, bool]:
        kind = event.get("type")
        if kind == "response.output_text.delta":
            return _string(event.get("delta")), False
        if kind == "response.refusal.delta":
            stream.end = "refusal"
            return _string(event.get("delta")), False
        if kind == "response.created":
            stream.model = _inner(event, "response").get("model") or stream.model
        elif kind == "response.completed":
            return "", True
        elif kind == "response.incomplete":
            reason = _inner(_inner(event, "response"), "incomplete_details").get("reason")
            stream.end = "refusal" if reason == "content_filter" else "length"
            return "", True
        elif kind == "response.failed":
            raise _failure(_inner(_inner(event, "response"), "error"))
        elif kind == "error":
            raise _failure(event)
        return "", False


class OpenAIChatClient(_OpenAIClient):
    """Chat Completions, which compatible servers speak.

    (https://platform.openai.com/docs/api-reference/chat-streaming).
    """

    def _request(self, request: LLMRequest) -> AbstractAsyncContextManager[Any]:
        messages: list[ChatCompletionMessageParam] = [{"role": "system", "content": request.prompt.system}]
        for message in request.prompt.messages:
            if message.role == "user":
                messages.append({"role": "user", "content": message.content})
            else:
                messages.append({"role": "assistant", "content": message.content})
        return self._sdk.chat.completions.with_streaming_response.create(
            model=self._model,
            messages=messages,
            max_tokens=request.max_output_tokens,
            stream=True,
        )

    def _read(self, event: dict[str, Any], stream: LLMStream) -> tuple[str, bool]:
        if "error" in event:
            raise _failure(_inner(event, "error"))
        stream.model = event.get("model") or stream.model
        choices = event.get("choices")
        if not isinstance(choices, list):
            raise LLMError("llm_invalid_response", retryable=True)
        if not choices:
            return "", False
        choice = choices[0] if isinstance(choices[0], dict) else {}
        delta = _inner(choice, "delta")
        text = _string(delta.get("content"))
        if refusal := _string(delta.get("refusal")):
            stream.end = "refusal"
            text += refusal
        finish = choice.get("finish_reason")
        if finish == "length":
            stream.end = "length"
        elif finish == "content_filter":
            stream.end = "refusal"
        return text, finish is not None


def _body(response: Any) -> AsyncIterator[bytes]:
    """The bytes as they come, past the layers that would only pass them on."""
    raw = response.http_response
    return response.iter_bytes() if "content-encoding" in raw.headers else raw.stream


class _DataLines:
    """Splits a stream's bytes into lines and reads the JSON of those that carry data."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        """The events that a chunk completes. Raises `LLMError` for a line that is not a JSON object."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE:
            raise LLMError("llm_invalid_response")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            payload = line[5:].strip()
            if payload == b"[DONE]":
                continue
            try:
                event = orjson.loads(payload)
            except orjson.JSONDecodeError:
                raise LLMError("llm_invalid_response", retryable=True) from None
            if not isinstance(event, dict):
                raise LLMError("llm_invalid_response", retryable=True)
            yield event


class _our_errors:  # noqa: N801  (reads as a statement: `with _our_errors():`)
    """Say the SDK's and the transport's errors in our terms."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, LLMError):
            return
        if isinstance(error, openai.RateLimitError):
            wait = _seconds(error.response.headers.get("retry-after"))
            raise LLMError("llm_rate_limited", retryable=True, retry_after=wait) from error
        if isinstance(error.__cause__, httpx2.ConnectTimeout):
            # The transport says so of a refused connection too.
            raise LLMError("llm_unavailable", retryable=True) from error
        if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
            raise LLMError("llm_timeout") from error
        if isinstance(error, openai.APIStatusError):
            retryable = error.status_code >= 500 or error.status_code in (408, 409)
            raise LLMError("llm_unavailable", retryable=retryable) from error
        if isinstance(
            error,
            openai.OpenAIError | httpx2.HTTPError | httpx2.StreamError | aiohttp.ClientError | OSError,
        ):
            code = (
                "llm_cut"
                if isinstance(
                    error,
                    httpx2.RemoteProtocolError | httpx2.ReadError | aiohttp.ClientPayloadError,
                )
                else "llm_unavailable"
            )
            raise LLMError(code, retryable=True) from error


def _failure(details: dict[str, Any]) -> LLMError:
    limited = "rate_limit" in str(details.get("code") or details.get("type") or "")
    return LLMError("llm_rate_limited" if limited else "llm_unavailable", retryable=True)


def _inner(event: dict[str, Any], key: str) -> dict[str, Any]:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _seconds(header: str | None) -> float:
    try:
        return min(LONGEST_RETRY_AFTER, max(0.0, float(header or 0)))
    except ValueError:
        return 0.0
