"""The job that writes one reply. It belongs to the server, not to whoever asked for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from lovechat.schemas.care import Notice
from lovechat.schemas.replies import FinishReason, ReplyStatus
from lovechat.services.guardrails import OutputGuard
from lovechat.services.llm_client import LLMClient, LLMError, LLMRequest, LLMStream
from lovechat.services.replies.live import LiveReply
from lovechat.services.usage import Hold

log = logging.getLogger(__name__)

# Before the one retry, unless the server asked for another pause.
RETRY_SECONDS = 0.3

# Reason and signal of a reply that pushes somebody towards harm.
_HARM = frozenset(("harm_encouraged", "encourages_harm"))

EndReason = Literal["user", "account_inactive", "reply_interrupted"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reply ended: `code` is an error's, `finish_reason` a good end's.

    `withdrawn` counts the characters of a reply of which nothing is kept: they are paid for all the same.
    `card` is to be shown then, to somebody whom the reply would have pushed towards harm.
    """

    status: ReplyStatus
    finish_reason: FinishReason | None = None
    code: str | None = None
    withdrawn: int = 0
    card: Notice | None = None


Settle = Callable[[LiveReply, Outcome, str], Awaitable[None]]


class ReplyJob:
    """Asks the model, appends what it says to the live reply, and settles once."""

    def __init__(
        self,
        live: LiveReply,
        request: LLMRequest,
        hold: Hold,
        llm: LLMClient,
        settle: Settle,
        card: Notice | None = None,
    ) -> None:
        """`card` says where help is, for the case that the model pushes somebody towards harm."""
        self.live = live
        self._request = request
        self._hold = hold
        self._llm = llm
        self._settle = settle
        self._card = card
        self._guard = OutputGuard(history=[message.content for message in request.prompt.messages])
        self._ending: EndReason | None = None
        self._model = ""
        self.task: asyncio.Task[None]

    def start(self) -> None:
        """Begin to write, in a task of its own."""
        self.task = asyncio.create_task(self._run(), name=f"reply {self.live.ids.reply_id}")

    def end(self, reason: EndReason) -> None:
        """Stop writing now; what is there is kept. Only the first reason counts."""
        if self._ending is None:
            self._ending = reason
            self.task.cancel()

    async def _run(self) -> None:
        try:
            outcome = await self._write()
        except asyncio.CancelledError:
            outcome = self._released(_ended(self._ending or "reply_interrupted"))
        except LLMError as error:
            log.warning("reply %s failed: %s", self.live.ids.reply_id, error.code)
            outcome = self._released(Outcome("interrupted", code=error.code))
        except Exception:
            # The turn's edge: whatever broke, the person keeps the text and gets an answer.
            log.exception("reply %s broke", self.live.ids.reply_id)
            outcome = Outcome("interrupted", code="internal_error")
        # From here on nothing may stop it: the text is saved exactly once.
        self._ending = self._ending or "reply_interrupted"
        await self._settle(self.live, outcome, self._model)

    async def _write(self) -> Outcome:
        try:
            return await self._ask()
        except LLMError as error:
            if not error.retryable or self._guard.length:
                raise
            await asyncio.sleep(error.retry_after or RETRY_SECONDS)
        return await self._ask()

    async def _ask(self) -> Outcome:
        async with self._llm.stream(self._request) as stream:
            self._model = stream.model
            async for text in stream.text:
                room = self._hold.characters - self._guard.length
                self._show(self._guard.feed(text[:room]))
                if not self._guard.verdict.allowed:
                    return self._retracted()
                if len(text) > room:
                    return self._released(Outcome("complete", "quota"))
            self._model = stream.model
            outcome = self._released(Outcome("complete", stream.end))
            return self._complete(stream, outcome) if outcome.status == "complete" else outcome

    def _complete(self, stream: LLMStream, outcome: Outcome) -> Outcome:
        if not self.live.text.strip():
            return Outcome("interrupted", code="empty_reply")
        if stream.end == "length" and self._hold.lowered:
            return Outcome("complete", "quota")
        return outcome

    def _show(self, text: str) -> None:
        if text:
            self.live.add_text(text)

    def _released(self, outcome: Outcome) -> Outcome:
        """Show what the guard still holds back, however the reply ended, unless it breaks a rule."""
        if outcome.code == "account_inactive":
            return outcome
        self._show(self._guard.finish())
        return outcome if self._guard.verdict.allowed else self._retracted()

    def _retracted(self) -> Outcome:
        told = any(event.name == "notice" and event.data["kind"] == "crisis" for event in self.live.events)
        harmful = not _HARM.isdisjoint((self._guard.verdict.reason, *self._guard.verdict.signals))
        card = self._card if harmful and not told else None
        return Outcome("retracted", code="content_blocked", withdrawn=self._guard.length, card=card)


def _ended(reason: EndReason) -> Outcome:
    if reason == "user":
        return Outcome("stopped", "user")
    return Outcome("interrupted", code=reason)
