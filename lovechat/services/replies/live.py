"""Replies that are being written in this process, and those who watch them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from lovechat.schemas.replies import TERMINAL, EventName, ReplyEvent, ReplyIds

# A watcher that saw nothing new for this long gets an empty batch, so that it can show a sign of life.
IDLE_SECONDS = 15.0


class LiveReply:
    """The event log of one reply: it only grows, and any number of watchers read it."""

    def __init__(self, ids: ReplyIds, user_id: UUID, day: date) -> None:
        """`day` is the one whose units pay for the reply."""
        self.ids = ids
        self.user_id = user_id
        self.day = day
        self.events: list[ReplyEvent] = []
        self.delta_ends: list[int] = []
        self.length = 0  # characters
        self.finished = False
        self.needs_help = False  # what the person said may be a crisis
        self._parts: list[str] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._loop = asyncio.get_running_loop()
        self._moment = 0.0  # of the newest event or sign of life, on the loop's clock
        self.add("start", ids.as_data())

    @property
    def text(self) -> str:
        """What has been written so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    @property
    def marks(self) -> list[dict[str, Any]]:
        """The events that are neither text nor the start, as they are stored."""
        return [
            {"number": event.number, "name": event.name, "data": event.data}
            for event in self.events
            if event.name not in ("start", "delta")
        ]

    def add_text(self, text: str) -> None:
        """Append to the reply and tell the watchers."""
        self._parts.append(text)
        self.length += len(text)
        self.delta_ends.append(self.length)
        self.add("delta", {"text": text})

    def add(self, name: EventName, data: dict[str, Any]) -> None:
        """Append an event and tell the watchers. After `done` or `error` nothing is added."""
        if self.finished:
            return
        self.events.append(ReplyEvent(len(self.events) + 1, name, data))
        self.finished = name in TERMINAL
        self._wake()

    def stir(self) -> None:
        """Give those who watch a sign of life if nothing happened for 15 s. Called about each second."""
        if self._loop.time() - self._moment >= IDLE_SECONDS:
            self._wake()

    async def follow(self, after: int = 0) -> AsyncIterator[Sequence[ReplyEvent]]:
        """Events behind number `after` in batches, to the end; an empty batch when it is quiet."""
        while True:
            batch = self.events[after:]
            if batch:
                after += len(batch)
                yield batch
                continue
            if self.finished:
                return
            future: asyncio.Future[None] = self._loop.create_future()
            self._waiting.append(future)
            await future
            if len(self.events) == after:
                yield ()

    def _wake(self) -> None:
        self._moment = self._loop.time()
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
