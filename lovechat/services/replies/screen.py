"""Between a reply and those who watch it: what moderation has not let pass is not shown.

The guard's own rules come before. The screen gets nothing that they stopped, so nothing of that kind
is ever sent to the moderation service.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lovechat.services.guardrails import Verdict
from lovechat.services.llm_client import LLMRequest
from lovechat.services.moderation import PREFIX, Moderation, ModerationError, Role

log = logging.getLogger(__name__)

# Characters of a reply that are judged together once it runs, and how many of them were judged before.
WINDOW = 800
OVERLAP = 200
# What comes first is judged at once. After that a window has so much that is new, and each has twice as
# much as the one before: whoever reads one has the next before they are through, so only the first costs
# time.
SECOND = 100
UNAVAILABLE = "moderation_unavailable"

Trip = Callable[[Literal["content_blocked", "moderation_unavailable"]], None]


@dataclass(slots=True)
class _Check:
    """A text to judge; once it passes, the reply may be shown up to `end`."""

    text: str
    role: Role
    end: int
    passed: bool = False


class Screen:
    """Shows a reply as far as moderation lets it.

    Where moderation is required, text waits for its own check and for that of the person's message.
    Otherwise it is shown at once, and checks only count.
    """

    def __init__(
        self,
        moderation: Moderation,
        request: LLMRequest,
        show: Callable[[str], None],
        trip: Trip,
        on_help: Callable[[], None],
    ) -> None:
        """`trip` is called once when a required check blocks or fails; the reply then has to end.

        `on_help` is called once when the person's words say that they may be in a crisis.
        """
        self._moderation = moderation
        self._request = request
        self._show = show
        self._trip = trip
        self._on_help = on_help
        self._holds = moderation.mode == "required"
        self._asks = moderation.mode != "off"
        self._text = ""
        self._sent = 0
        self._shown = 0
        self._next = 1
        self._checks: deque[_Check] = deque()
        self._tasks: list[asyncio.Task[None]] = []
        self._counted: set[str] = set()
        self.blocked: Role | None = None
        self.failed = False
        self._helped = False

    def begin(self) -> bool:
        """Have the person's message judged; False where that cannot be had, so that no reply may begin."""
        if self._holds and self._moderation.resting:
            self.failed = True
            self._count(UNAVAILABLE)
            return False
        if self._asks:
            self._send(_Check(self._question(), "user", 0))
        return True

    def feed(self, text: str) -> None:
        """Take more of the reply, which the guard has let pass."""
        if not text:
            return
        if not self._holds:
            self._show(text)
        if self._asks:
            self._text += text
            while len(self._text) - self._sent >= self._next:
                self._send_window()

    async def finish(self) -> None:
        """Have the rest judged, and wait until all is shown or it is clear that it will not be.

        May be called again when the wait was cut off.
        """
        if self._asks and len(self._text) > self._sent:
            self._send_window()
        while self._holds and self._checks and not self.over:
            pending = [task for task in self._tasks if not task.done()]
            if not pending:  # a check that was ended from outside
                self.failed = True
                return
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)

    @property
    def over(self) -> bool:
        """Whether nothing more of the reply may be shown."""
        return self.failed or self.blocked is not None

    def close(self) -> None:
        """Show nothing more, whatever is still being judged."""
        if self._holds:
            self._checks.clear()
            for task in self._tasks:
                task.cancel()

    def _question(self) -> str:
        """All that the person has said since the last answer: not each of it was judged before."""
        said: list[str] = []
        for message in reversed(self._request.prompt.messages):
            if message.role != "user":
                break
            said.append(message.content)
        return "\n".join(reversed(said))

    def _send_window(self) -> None:
        begin = max(0, self._sent - OVERLAP)
        self._sent = min(len(self._text), self._sent + WINDOW - OVERLAP)
        self._next = min(WINDOW - OVERLAP, max(SECOND, 2 * self._next))
        self._send(_Check(self._text[begin : self._sent], "assistant", self._sent))

    def _send(self, check: _Check) -> None:
        if self._holds:
            self._checks.append(check)
        elif self._moderation.resting:
            return
        self._tasks.append(self._moderation.run(self._judge(check)))

    async def _judge(self, check: _Check) -> None:
        try:
            verdict = await self._moderation.check(check.text, check.role)
        except ModerationError:
            self._fail()
            return
        except Exception:
            # A fault of ours must not let through what it should have judged.
            log.exception("a check of moderation broke")
            self._fail()
            return
        self._learn(verdict, check)

    def _learn(self, verdict: Verdict, check: _Check) -> None:
        self._count(*(signal for signal in verdict.signals if signal.startswith(PREFIX)))
        if verdict.needs_help and not self._helped:
            self._helped = True
            self._on_help()
        if not self._holds or self.over:
            return
        if not verdict.allowed:
            self.blocked = check.role
            self._trip("content_blocked")
            return
        check.passed = True
        while self._checks and self._checks[0].passed:
            end = self._checks.popleft().end
            if end > self._shown:
                begin, self._shown = self._shown, end
                self._show(self._text[begin:end])

    def _fail(self) -> None:
        self._count(UNAVAILABLE)
        if self._holds and not self.over:
            self.failed = True
            self._trip("moderation_unavailable")

    def _count(self, *kinds: str) -> None:
        """Count each kind once a reply."""
        new = set(kinds) - self._counted
        self._counted |= new
        self._moderation.count(new, self._request.language)
