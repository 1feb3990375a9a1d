"""The job that writes one reply. It belongs to the server, not to whoever asked for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from lovechat.schemas.care import Notice
from lovechat.schemas.replies import FinishReason, ReplyStatus
from lovechat.services.guardrails import OutputGuard
from lovechat.services.llm_client import LLMClient, LLMError, LLMRequest, LLMStream
from lovechat.services.moderation import Moderation
from lovechat.services.replies.live import LiveReply
from lovechat.services.replies.screen import Screen
from lovechat.services.usage import Hold

log = logging.getLogger(__name__)

# Before the one retry, unless the server asked for another pause.
RETRY_SECONDS = 0.3

# Reason and signal of a reply that pushes somebody towards harm.
_HARM = frozenset(("harm_encouraged", "encourages_harm"))

EndReason = Literal[
    "user", "account_inactive", "reply_interrupted", "content_blocked", "moderation_unavailable"
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reply ended: `code` is an error's, `finish_reason` a good end's.

    `withdrawn` counts the characters of a reply of which nothing is kept: they are paid for all the same.
    `card` is to be shown then, to somebody whom the reply would have pushed towards harm.
    `question_too` says that the person's message is to be withdrawn as well.
    """

    status: ReplyStatus
    finish_reason: FinishReason | None = None
    code: str | None = None
    withdrawn: int = 0
    card: Notice | None = None
    question_too: bool = False


Settle = Callable[[LiveReply, Outcome, str], Awaitable[None]]


class ReplyJob:
    """Asks the model, appends what it says to the live reply, and settles once."""

    def __init__(
        self,
        live: LiveReply,
        request: LLMRequest,
        hold: Hold,
        llm: LLMClient,
        moderation: Moderation,
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
        self._screen = Screen(moderation, request, live.add_text, self.end, self._help)
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
            outcome = await self._written()
        except asyncio.CancelledError:
            # Nothing cancels a second time: `end` does so only for the first reason.
            outcome = await self._released(_ended(self._ending or "reply_interrupted"))
        except Exception:
            # The turn's edge: whatever broke, the person keeps the text and gets an answer.
            log.exception("reply %s broke", self.live.ids.reply_id)
            outcome = Outcome("interrupted", code="internal_error")
        # From here on nothing may stop it: the text is saved exactly once.
        self._ending = self._ending or "reply_interrupted"
        self._screen.close()
        if self.live.needs_help and outcome.card is None and not self._told():
            outcome = replace(outcome, card=self._card)
        await self._settle(self.live, outcome, self._model)

    async def _written(self) -> Outcome:
        try:
            return await self._write()
        except LLMError as error:
            log.warning("reply %s failed: %s", self.live.ids.reply_id, error.code)
            return await self._released(Outcome("interrupted", code=error.code))

    async def _write(self) -> Outcome:
        if not self._screen.begin():
            return _ended("moderation_unavailable")
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
                self._screen.feed(self._guard.feed(text[:room]))
                if not self._guard.verdict.allowed:
                    return self._retracted()
                if len(text) > room:
                    return await self._released(Outcome("complete", "quota"))
            self._model = stream.model
            outcome = await self._released(Outcome("complete", stream.end))
            return self._complete(stream, outcome) if outcome.status == "complete" else outcome

    def _complete(self, stream: LLMStream, outcome: Outcome) -> Outcome:
        if not self.live.text.strip():
            return Outcome("interrupted", code="empty_reply")
        if stream.end == "length" and self._hold.lowered:
            return Outcome("complete", "quota")
        return outcome

    async def _released(self, outcome: Outcome) -> Outcome:
        """Show what is still held back, however the reply ended, unless it may not be shown."""
        if outcome.code == "account_inactive":
            return outcome
        self._screen.feed(self._guard.finish())
        if not self._guard.verdict.allowed:
            return self._retracted()
        await self._screen.finish()
        if self._screen.blocked == "user":
            # Refused like a message that the guard refuses: nothing is kept, nothing has to be paid.
            return Outcome("retracted", code="content_blocked", question_too=True)
        if self._screen.blocked == "assistant":
            return self._retracted()
        if self._screen.failed and outcome.status == "complete":
            return _ended("moderation_unavailable")
        return outcome

    def _retracted(self) -> Outcome:
        harmful = not _HARM.isdisjoint((self._guard.verdict.reason, *self._guard.verdict.signals))
        card = self._card if harmful and not self._told() else None
        return Outcome("retracted", code="content_blocked", withdrawn=self._guard.length, card=card)

    def _told(self) -> bool:
        """Whether the person was told where help is."""
        return any(event.name == "notice" and event.data["kind"] == "crisis" for event in self.live.events)

    def _help(self) -> None:
        self.live.needs_help = True


def _ended(reason: EndReason) -> Outcome:
    if reason == "user":
        return Outcome("stopped", "user")
    return Outcome("interrupted", code=reason)
