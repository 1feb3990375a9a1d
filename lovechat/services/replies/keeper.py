"""Keeps replies alive without their watchers, and safe without their server."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, not_found
from lovechat.repos import conversations, replies, usage
from lovechat.repos.replies import SERVER_LOCK, LiveState
from lovechat.schemas.care import Notice
from lovechat.schemas.replies import TERMINAL, EventName, ReplyEvent, ReplyIds
from lovechat.services.care import count_notices
from lovechat.services.llm_client import LLMClient, LLMRequest
from lovechat.services.moderation import Moderation
from lovechat.services.replies.job import Outcome, ReplyJob
from lovechat.services.replies.live import IDLE_SECONDS, LiveReply
from lovechat.services.replies.log import rebuild
from lovechat.services.replies.relay import Relay
from lovechat.services.usage import Hold, Usage

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 1.0
SWEEP_SECONDS = 5.0
# A server that lost its database connection lost its lock with it, and takes it again within this.
SILENCE = timedelta(seconds=10)
REPLAY = timedelta(minutes=5)
POLL_SECONDS = 0.5
SETTLE_TRIES = 6


class ReplyKeeper:
    """Runs the reply jobs of this process and answers those who watch or stop any reply."""

    def __init__(
        self,
        engine: AsyncEngine,
        sessions: Sessions,
        llm: LLMClient,
        moderation: Moderation,
        usage_service: Usage,
        relay: Relay | None,
        clock: Clock,
    ) -> None:
        self.server_key = secrets.randbelow(2**31)
        self._engine = engine
        self._sessions = sessions
        self._llm = llm
        self._moderation = moderation
        self._usage = usage_service
        self._relay = relay
        self._clock = clock
        self._jobs: dict[UUID, ReplyJob] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock: AsyncConnection | None = None
        self._draining = False

    # Life of the keeper

    async def open(self) -> None:
        """Take this server's lock, close what dead servers left open, and begin to keep watch."""
        await self._take_lock()
        await self.sweep(timedelta(0))
        self._background(self._checkpoint_forever())
        self._background(self._sweep_forever())

    async def drain(self, seconds: float) -> None:
        """Begin nothing new, let running replies finish for a while, then save them as interrupted."""
        self._draining = True
        tasks = [job.task for job in self._jobs.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for job in list(self._jobs.values()):
            job.end("reply_interrupted")
        await asyncio.gather(*(job.task for job in self._jobs.values()), return_exceptions=True)

    async def close(self) -> None:
        """Stop keeping watch. Call `drain` first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._lock is not None:
            await self._lock.close()

    def admit(self) -> None:
        """Refuse new replies while the server goes down. Raises `LoveChatError` `llm_unavailable`."""
        if self._draining:
            raise LoveChatError("llm_unavailable", Kind.UNAVAILABLE, retry_after=5)

    @property
    def live_count(self) -> int:
        """How many replies this process is writing."""
        return len(self._jobs)

    # Life of a reply

    def begin(
        self,
        ids: ReplyIds,
        user_id: UUID,
        day: date,
        request: LLMRequest,
        hold: Hold,
        notices: Sequence[Notice] = (),
        card: Notice | None = None,
    ) -> LiveReply:
        """Start the job of a reply that was written down, with its notices, and committed before.

        `card` is shown only if the reply pushes somebody towards harm, or if moderation sees a crisis.
        """
        live = LiveReply(ids, user_id, day)
        for notice in notices:
            live.add("notice", notice.as_data())
        job = ReplyJob(live, request, hold, self._llm, self._moderation, self._settle, card)
        self._jobs[ids.reply_id] = job
        job.start()
        if self._relay is not None:
            self._background(self._relay.publish(live))
        return live

    async def follow(self, user_id: UUID, reply_id: UUID, after: int) -> AsyncIterator[Sequence[ReplyEvent]]:
        """Find a person's reply and return its events behind number `after`, to the end.

        An empty batch comes when nothing happened for 15 s.

        Raises:
            LoveChatError: `not_found`, or `reply_expired` more than five minutes after the end.
        """
        job = self._jobs.get(reply_id)
        if job is not None and job.live.user_id == user_id:
            return job.live.follow(after)
        async with self._sessions() as session:
            row = await replies.find_for_owner(session, user_id, reply_id)
        if row is None:
            raise not_found()
        if row.finished_at is None:
            return self._follow_elsewhere(reply_id, user_id, after)
        if self._clock() - row.finished_at > REPLAY:
            raise LoveChatError("reply_expired", Kind.GONE)
        return _once(rebuild(row, after))

    async def stop(self, user_id: UUID, reply_id: UUID) -> None:
        """Ask a person's reply to end where it is.

        Raises:
            LoveChatError: `not_found`, or `reply_finished`.
        """
        async with self._sessions.begin() as session:
            row = await replies.find_for_owner(session, user_id, reply_id)
            if row is None:
                raise not_found()
            if row.finished_at is not None:
                raise LoveChatError("reply_finished", Kind.CONFLICT)
            await replies.request_stop(session, reply_id, self._clock())
        if (job := self._jobs.get(reply_id)) is not None:
            job.end("user")

    def end_for_person(self, user_id: UUID) -> None:
        """End a shut account's replies in this process at once; other workers see it at their checkpoint."""
        for job in list(self._jobs.values()):
            if job.live.user_id == user_id:
                job.end("account_inactive")

    async def sweep(self, silence: timedelta = SILENCE) -> int:
        """Close the replies of servers that died, with the text they had saved. Returns how many."""
        async with self._sessions() as session:
            abandoned = await replies.list_abandoned(session, self._clock() - silence)
        for reply_id in abandoned:
            await self._bury(reply_id)
        return len(abandoned)

    # Inside

    async def _settle(self, live: LiveReply, outcome: Outcome, model: str) -> None:
        """Save how a reply ended, then tell its watchers; the database may be away for a while."""
        try:
            for attempt in range(SETTLE_TRIES):
                try:
                    await self._save_end(live, outcome, model)
                    return
                except IntegrityError:  # the account was erased meanwhile
                    break
                except SQLAlchemyError:
                    log.exception("reply %s could not be saved, try %d", live.ids.reply_id, attempt + 1)
                    await asyncio.sleep(0.5 * 2**attempt)
            # The last checkpoint has the text; a sweep will close the reply.
            live.add("error", _error_data(live.ids, "reply_interrupted", 0))
        finally:
            self._jobs.pop(live.ids.reply_id, None)

    async def _save_end(self, live: LiveReply, outcome: Outcome, model: str) -> None:
        ids = live.ids
        units = self._usage.tariff.cost(max(live.length, outcome.withdrawn))
        retracted = outcome.status == "retracted"
        async with self._sessions.begin() as session:
            if outcome.question_too:
                await conversations.lock_for_owner(session, live.user_id, ids.conversation_id)
                await replies.withdraw_question(session, ids.user_message_id)
            used = await usage.lock_day(session, live.user_id, live.day) + units
            ending: list[tuple[EventName, dict[str, Any]]] = []
            if outcome.question_too:
                ending.append(("retract", {"message_id": str(ids.user_message_id), "code": outcome.code}))
            if retracted:
                ending.append(("retract", {"message_id": str(ids.message_id), "code": outcome.code}))
            if outcome.card is not None:
                ending.append(("notice", outcome.card.as_data()))
            if outcome.code is not None:
                ending.append(("error", _error_data(ids, outcome.code, units)))
            else:
                done = {
                    "message_id": str(ids.message_id),
                    "status": outcome.status,
                    "finish_reason": outcome.finish_reason,
                    "units": units,
                    "usage": self._usage.view(used).model_dump(mode="json"),
                    "generated_by": "ai",
                    "model": model,
                }
                ending.append(("done", done))
            first = len(live.events) + 1
            marks = live.marks + [
                {"number": first + index, "name": name, "data": data}
                for index, (name, data) in enumerate(ending)
            ]
            saved = await replies.finish(
                session,
                ids.reply_id,
                moment=self._clock(),
                outcome=outcome.code or outcome.finish_reason or outcome.status,
                status=outcome.status,
                content="" if retracted else live.text,
                units=units,
                finish_reason=outcome.finish_reason,
                model=model or None,
                delta_ends=[] if retracted else live.delta_ends,
                marks=marks,
            )
            if saved and outcome.card is not None:
                await conversations.add_notice(session, ids.user_message_id, outcome.card.as_data())
                await count_notices(session, self._clock(), [outcome.card])
            row = None if saved else await replies.find(session, ids.reply_id)
        if row is not None:  # it was ended elsewhere
            last = rebuild(row, len(live.events))[-1]
            ending = [(last.name, last.data)]
        for name, data in ending:
            live.add(name, data)

    async def _bury(self, reply_id: UUID) -> None:
        async with self._sessions.begin() as session:
            row = await replies.find(session, reply_id)
            if row is None or row.finished_at is not None:
                return
            await usage.lock_day(session, row.user_id, row.usage_date)
            units = self._usage.tariff.cost(len(row.content))
            ids = ReplyIds(row.id, row.conversation_id, row.user_message_id, row.message_id)
            ends = [end for end in row.delta_ends if end <= len(row.content)]
            mark = {
                "number": 2 + len(ends) + len(row.marks),
                "name": "error",
                "data": _error_data(ids, "reply_interrupted", units),
            }
            buried = await replies.finish(
                session,
                reply_id,
                moment=self._clock(),
                outcome="reply_interrupted",
                status="interrupted",
                content=row.content,
                units=units,
                finish_reason=None,
                model=None,
                delta_ends=ends,
                marks=[*row.marks, mark],
            )
        if buried:
            log.warning("reply %s was left by a server that died; its text is kept", reply_id)

    async def _follow_elsewhere(
        self, reply_id: UUID, user_id: UUID, after: int
    ) -> AsyncIterator[Sequence[ReplyEvent]]:
        """Watch a reply that another worker writes: over Redis, else by its checkpoints."""
        if self._relay is not None:
            try:
                async for batch in self._relay.follow(reply_id, after):
                    if not batch and await self._is_over(user_id, reply_id):
                        break  # its server died without a last word
                    yield batch
                    if batch:
                        after = batch[-1].number
                        if batch[-1].name in TERMINAL:
                            return
            except RedisError:
                log.exception("Redis is away; reply %s is followed by its checkpoints", reply_id)
        quiet = 0.0
        while True:
            async with self._sessions() as session:
                row = await replies.find_for_owner(session, user_id, reply_id)
            if row is None:
                return
            if events := rebuild(row, after):
                after, quiet = events[-1].number, 0.0
                yield events
                if events[-1].name in TERMINAL:
                    return
            quiet += POLL_SECONDS
            if quiet >= IDLE_SECONDS:
                quiet = 0.0
                yield ()
            await asyncio.sleep(POLL_SECONDS)

    async def _is_over(self, user_id: UUID, reply_id: UUID) -> bool:
        async with self._sessions() as session:
            row = await replies.find_for_owner(session, user_id, reply_id)
        return row is None or row.finished_at is not None

    async def _checkpoint_forever(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            for job in self._jobs.values():
                job.live.stir()
            try:
                await self._checkpoint()
            except SQLAlchemyError:
                log.exception("running replies could not be saved; trying again")

    async def _checkpoint(self) -> None:
        """Save what is new of all running replies in one statement, and hear who wants them to stop."""
        states = [
            LiveState(job.live.ids.reply_id, job.live.ids.message_id, job.live.text, job.live.delta_ends)
            for job in self._jobs.values()
        ]
        if not states:
            return
        async with self._sessions.begin() as session:
            answers = await replies.checkpoint(session, states, self._clock())
        for reply_id in {state.reply_id for state in states} - {answer[0] for answer in answers}:
            # Erased with its account, or closed by a server that took us for dead.
            job = self._jobs.get(reply_id)
            if job is not None:
                job.end("reply_interrupted")
        for reply_id, stop, allowed in answers:
            job = self._jobs.get(reply_id)
            if job is not None and not allowed:
                job.end("account_inactive")
            elif job is not None and stop:
                job.end("user")

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._take_lock()
                await self.sweep()
            except SQLAlchemyError:
                log.exception("abandoned replies could not be looked for; trying again")

    async def _take_lock(self) -> None:
        """Hold the lock that says this server lives, again if its connection was lost."""
        if self._lock is not None:
            try:
                await self._lock.execute(text("SELECT 1"))
                await self._lock.commit()
                return
            except SQLAlchemyError:
                with contextlib.suppress(SQLAlchemyError):
                    await self._lock.invalidate()
                    await self._lock.close()
                self._lock = None
        connection = await self._engine.connect()
        await connection.execute(
            text("SELECT pg_advisory_lock(:class, :key)"),
            {"class": SERVER_LOCK, "key": self.server_key},
        )
        await connection.commit()
        self._lock = connection

    def _background(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _once(events: Sequence[ReplyEvent]) -> AsyncIterator[Sequence[ReplyEvent]]:
    if events:
        yield events


def _error_data(ids: ReplyIds, code: str, units: int) -> dict[str, object]:
    """What of an error event is the same for everybody; front ends add the words."""
    return {"code": code, "message_id": str(ids.message_id), "units": units}
