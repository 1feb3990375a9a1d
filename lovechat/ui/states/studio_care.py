"""What waits for a human look, what the guard did, and the guard on the bench."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from lovechat.core.errors import not_found
from lovechat.schemas.oversight import CloseReport, GuardKind, TryGuard
from lovechat.ui.runtime import services
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.session import InStudio

MOST = 50
DAYS = 30
KINDS: tuple[GuardKind, ...] = get_args(GuardKind)


@dataclass
class Waiting:
    """An account to look at, why, and whether it is shut meanwhile; `since` is an ISO time in UTC."""

    id: str = ""
    name: str = ""
    email: str = ""
    reason: str = ""
    shut: bool = False
    since: str = ""
    times: int = 0


@dataclass
class Reported:
    """A reply that somebody reported; `moment` is an ISO time in UTC."""

    id: str
    character: str
    reason: str
    note: str
    content: str
    moment: str


@dataclass
class Counted:
    """How often something happened; `key` is unique in the list."""

    key: str
    kind: str
    language: str
    count: int


@dataclass
class Doubted:
    """A verdict that an admin found wrong."""

    id: str
    text: str
    action: str
    reason: str


@dataclass
class Verdict:
    """What the guard says of the sentence on the bench; without an action nothing was asked yet."""

    action: str = ""
    reason: str = ""
    signals: list[str] = field(default_factory=list)
    needs_help: bool = False


class StudioCareState(InStudio, rx.State):
    """Everything of the page."""

    loaded: bool = False
    queue: list[Waiting] = []
    reports: list[Reported] = []
    counts: list[Counted] = []
    reviews: list[Doubted] = []
    chosen: Waiting = Waiting()
    verdict: Verdict = Verdict()
    _asked: TryGuard | None = None

    @rx.event
    async def load(self) -> None:
        """Read everything anew."""
        await self._actor()
        await self._read()

    @rx.event
    async def choose(self, user_id: str) -> None:
        """Look at one of the accounts that wait."""
        await self._actor()
        self.chosen = self._waiting(user_id)

    @rx.event
    async def decide(self, adult: bool) -> Any:
        """Open the chosen account again, or shut it for good."""
        actor = await self._actor()
        seen = self.chosen
        await self._read()
        self.chosen = self._waiting(seen.id)
        # More may have become known since the dialog was opened.
        if (self.chosen.reason, self.chosen.shut) != (seen.reason, seen.shut):
            return Notices.show("changed_meanwhile")
        view = await services().admin.set_active(actor, _identifier(seen.id), is_active=bool(adult))
        await self._read()
        return Notices.show("user_activated" if view.is_active else "user_deactivated")

    @rx.event
    async def close(self, report_id: str, outcome: str) -> Any:
        """Close a report."""
        actor = await self._actor()
        try:
            command = CloseReport.model_validate({"outcome": outcome})
        except ValidationError:
            return Notices.show("invalid_request")
        await services().oversight.close_report(actor, _identifier(report_id), command)
        await self._read()
        return Notices.show("report_closed")

    @rx.event
    async def check(self, form: dict[str, Any]) -> Any:
        """Ask the guard."""
        await self._actor()
        try:
            command = TryGuard.model_validate({"text": form.get("text", ""), "kind": form.get("kind", "")})
        except ValidationError:
            return Notices.show("invalid_request")
        found = services().oversight.try_guard(command)
        self.verdict = Verdict(found.action, found.reason, found.signals, found.needs_help)
        self._asked = command
        return None

    @rx.event
    async def doubt(self) -> Any:
        """Put the verdict onto the list of those that are wrong."""
        actor = await self._actor()
        if self._asked is None:
            return None
        await services().oversight.doubt(actor, self._asked)
        self._asked = None
        self.verdict = Verdict()
        await self._read()
        return Notices.show("review_added")

    def _waiting(self, user_id: str) -> Waiting:
        return next((one for one in self.queue if one.id == user_id), Waiting())

    async def _read(self) -> None:
        oversight = services().oversight
        self.queue = [
            Waiting(
                str(one.user_id),
                one.display_name,
                one.email,
                one.reason,
                one.shut,
                one.model_dump(mode="json")["since"],
                one.times,
            )
            for one in (await oversight.list_flagged(MOST, 0)).items
        ]
        self.reports = [
            Reported(
                str(one.id),
                one.character_id,
                one.reason,
                one.note,
                one.content,
                one.model_dump(mode="json")["created_at"],
            )
            for one in (await oversight.list_reports(MOST, 0)).items
        ]
        # Versions of the guard are for the report of the year; here they are one.
        counts: Counter[tuple[str, str]] = Counter()
        for one in await oversight.counts(DAYS):
            counts[one.kind, one.language] += one.count
        self.counts = [
            Counted(f"{kind}-{language}", kind, language, count) for (kind, language), count in counts.items()
        ]
        self.reviews = [
            Doubted(str(one.id), one.text, one.action, one.reason)
            for one in (await oversight.list_reviews(MOST, 0)).items
        ]
        self.loaded = True

    @rx.var
    def nobody_waits(self) -> bool:
        """Whether the queue is empty."""
        return self.loaded and not self.queue

    @rx.var
    def nothing_reported(self) -> bool:
        """Whether no report waits."""
        return self.loaded and not self.reports

    @rx.var
    def nothing_counted(self) -> bool:
        """Whether the guard had nothing to do."""
        return self.loaded and not self.counts

    @rx.var
    def nothing_doubted(self) -> bool:
        """Whether the list of wrong verdicts is empty."""
        return self.loaded and not self.reviews

    @rx.var
    def fired(self) -> str:
        """The rules that fired, in one line."""
        return ", ".join(self.verdict.signals)


def _identifier(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise not_found() from None
