"""The studio's first page: how the whole is doing."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lovechat.ui.identity import find_admin
from lovechat.ui.runtime import is_connected, services
from lovechat.ui.states.charts import Bar, bars
from lovechat.ui.states.session import InStudio

DAYS = 30
LOOK_SECONDS = 5
SERIES = ("users", "conversations", "messages", "replies", "units", "failures")
PATH = "/studio"


@dataclass
class Series:
    """One number a day, and its sum."""

    key: str
    total: int
    days: list[Bar]


class StudioOverviewState(InStudio, rx.State):
    """Counts that follow what happens while the page is open, and a month by day."""

    loaded: bool = False
    counts: dict[str, int] = {}
    version: str = ""
    model: str = ""
    series: list[Series] = []

    @rx.event
    async def load(self) -> Any:
        """Read everything anew, and go on watching."""
        await self._actor()
        days = await services().studio.stats(DAYS)
        self.series = [
            Series(
                key=name,
                total=sum(getattr(day, name) for day in days),
                days=bars([(day.date.isoformat(), getattr(day, name)) for day in days]),
            )
            for name in SERIES
        ]
        await self._count()
        self.loaded = True
        return StudioOverviewState.watch

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> AsyncGenerator[Any]:
        """Count anew every few seconds while the page is open and the sign-in holds."""
        async with self:
            token = self.router.session.client_token
        while await is_connected(token):
            await asyncio.sleep(LOOK_SECONDS)
            async with self:
                if self.router.url.path.rstrip("/") != PATH:
                    return
                cookies = self.router.headers.cookie
            if await find_admin(cookies) is None:
                yield rx.redirect("/studio/login")
                return
            async with self:
                await self._count()

    async def _count(self) -> None:
        numbers = (await services().admin.metrics()).model_dump()
        self.version = numbers.pop("version")
        self.model = services().settings.provider
        self.counts = numbers
