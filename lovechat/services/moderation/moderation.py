"""Asks the moderation service in time, counts what it finds, and knows when it is away."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterable
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.repos import safety
from lovechat.services.guardrails import Verdict
from lovechat.services.moderation.breaker import CircuitBreaker
from lovechat.services.moderation.protocol import ModerationError, ModerationProvider, Role, Scores
from lovechat.services.moderation.thresholds import Thresholds

log = logging.getLogger(__name__)

Mode = Literal["off", "advisory", "required"]

# What a count may take beyond the check when the server goes down.
COUNT_SECONDS = 1.0


class Moderation:
    """The moderation of this process: one provider, one breaker, and what still runs."""

    def __init__(
        self,
        mode: Mode,
        provider: ModerationProvider,
        thresholds: Thresholds,
        breaker: CircuitBreaker,
        seconds: float,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        """`seconds` is how long a check may take, a second try included."""
        self.mode: Mode = mode
        self._provider = provider
        self._thresholds = thresholds
        self._breaker = breaker
        self._seconds = seconds
        self._sessions = sessions
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def resting(self) -> bool:
        """Whether the service failed so often that it is not asked for a while."""
        return self._breaker.resting

    async def check(self, text: str, role: Role) -> Verdict:
        """Judge a text. Raises `ModerationError` where there is no judgement in time."""
        if not self._breaker.admit():
            raise ModerationError("left alone after several failures")
        try:
            async with asyncio.timeout(self._seconds):
                verdict = self._thresholds.judge(await self._ask(text, role), role)
        except (ModerationError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            log.warning("moderation failed: %s", reason)
            if self._breaker.fail():
                log.warning("moderation failed several times in a row and is left alone for a while")
            raise ModerationError(reason) from error
        if self._breaker.succeed():
            log.warning("moderation answers again")
        return verdict

    def count(self, kinds: Iterable[str], language: str) -> None:
        """Count what was found, without waiting for it and without saying about whom."""
        if kinds := tuple(kinds):
            self.run(self._count(kinds, language))

    def run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Let something go on that nobody waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self) -> None:
        """Wait until nothing runs any more."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Let what runs come to its end within the time of one check, and let go of the rest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds + COUNT_SECONDS):
                await self.finish()
        for task in self._tasks:
            task.cancel()
        await self._provider.close()

    async def _ask(self, text: str, role: Role) -> Scores:
        try:
            return await self._provider.check(text, role)
        except ModerationError as error:
            if not error.retryable:
                raise
        return await self._provider.check(text, role)

    async def _count(self, kinds: tuple[str, ...], language: str) -> None:
        version = f"moderation-{self._thresholds.version}"
        try:
            async with self._sessions.begin() as session:
                for kind in sorted(kinds):  # in one order, so that two of these cannot wait for each other
                    await safety.count(session, self._clock(), kind, language, version)
        except SQLAlchemyError:
            log.exception("what moderation found could not be counted")
