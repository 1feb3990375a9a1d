"""Reports by people, counts without people, and the guard on an admin's bench."""

import datetime as dt
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, not_found
from lovechat.models import GuardReview, Report
from lovechat.repos import marks, oversight
from lovechat.repos.accounts import Person
from lovechat.schemas.base import Page
from lovechat.schemas.oversight import (
    CloseReport,
    FlaggedView,
    GuardReviewView,
    GuardVerdict,
    OwnReport,
    ReportView,
    SafetyCountView,
    SafetyReport,
    TryGuard,
    WriteReport,
)
from lovechat.services import guardrails
from lovechat.services.audit import Actor, record
from lovechat.services.conduct import HINTS, SPAN


class Oversight:
    """Use cases of those who look after people here: reports, counts, the guard itself."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def report(
        self, person: Person, conversation_id: UUID, message_id: UUID, command: WriteReport
    ) -> OwnReport:
        """Write a report of a reply down, with the reply's text.

        Raises:
            LoveChatError: `not_found` unless it is a reply in a conversation of the person's, or
                `already_reported`.
        """
        moment = self._clock()
        try:
            async with self._sessions.begin() as session:
                found = await oversight.find_reply(session, person.id, conversation_id, message_id)
                if found is None:
                    raise not_found()
                report = Report(
                    user_id=person.id,
                    message_id=message_id,
                    character_id=found.character_id,
                    reason=command.reason,
                    note=command.note,
                    content=found.content,
                    created_at=moment,
                )
                await oversight.add(session, report)
        except IntegrityError as error:
            if "uq_reports" in str(error.orig):
                raise LoveChatError("already_reported", Kind.CONFLICT) from None
            raise not_found() from None  # the conversation or the account went meanwhile
        return OwnReport.model_validate(report)

    async def list_flagged(self, limit: int, offset: int) -> Page[FlaggedView]:
        """Accounts that an admin should look at; who was noticed first comes first."""
        since = self._clock() - SPAN
        async with self._sessions() as session:
            found, total = await marks.list_flagged(session, HINTS, since, limit, offset)
        items = [FlaggedView.model_validate(row) for row in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    async def list_reports(self, limit: int, offset: int, *, closed: bool = False) -> Page[ReportView]:
        """Reports that wait, the oldest first; or those that are closed, the newest first."""
        async with self._sessions() as session:
            found, total = await oversight.list_reports(session, limit, offset, closed=closed)
        items = [ReportView.model_validate(report) for report in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    async def close_report(self, actor: Actor, report_id: UUID, command: CloseReport) -> ReportView:
        """Close a report. Raises `LoveChatError` `not_found`."""
        moment = self._clock()
        async with self._sessions.begin() as session:
            report = await oversight.lock_report(session, report_id)
            if report is None:
                raise not_found()
            before = report.outcome
            await oversight.close_report(session, report, command.outcome, moment)
            await record(
                session, moment, actor, "report.close", "report", str(report_id),
                {"old": {"outcome": before}, "new": {"outcome": command.outcome}},
            )  # fmt: skip
        return ReportView.model_validate(report)

    def try_guard(self, command: TryGuard) -> GuardVerdict:
        """What the guard says of a sentence."""
        checks = {
            "message": guardrails.check_message,
            "reply": guardrails.check_reply,
            "persona": guardrails.check_name,
        }
        verdict = checks[command.kind](command.text)
        return GuardVerdict(
            action=verdict.action.value,
            reason=verdict.reason,
            signals=list(verdict.signals),
            needs_help=verdict.needs_help,
            guard_version=guardrails.GUARD_VERSION,
        )

    async def doubt(self, actor: Actor, command: TryGuard) -> GuardReviewView:
        """Put a verdict that an admin finds wrong onto the list for the next version of the rules."""
        verdict = self.try_guard(command)
        review = GuardReview(
            created_at=self._clock(),
            actor=actor.name,
            text=command.text,
            kind=command.kind,
            action=verdict.action,
            reason=verdict.reason,
            signals=verdict.signals,
            guard_version=verdict.guard_version,
        )
        async with self._sessions.begin() as session:
            await oversight.add(session, review)
        return GuardReviewView.model_validate(review)

    async def list_reviews(self, limit: int, offset: int) -> Page[GuardReviewView]:
        """Verdicts that an admin found wrong, newest first."""
        async with self._sessions() as session:
            found, total = await oversight.list_reviews(session, limit, offset)
        items = [GuardReviewView.model_validate(review) for review in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    async def counts(self, days: int) -> list[SafetyCountView]:
        """What the guard did in the last `days` UTC days, today included."""
        last = day_of(self._clock())
        return await self._sum(last - timedelta(days=days - 1), last)

    async def safety_report(self, year: int) -> SafetyReport:
        """The counts of one year, as laws on companions ask for them: no identities, no text."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return SafetyReport(
            year=year,
            from_day=first,
            to_day=last,
            guard_version=guardrails.GUARD_VERSION,
            counts=await self._sum(first, last),
        )

    async def _sum(self, first: dt.date, last: dt.date) -> list[SafetyCountView]:
        async with self._sessions() as session:
            rows = await oversight.sum_counts(session, first, last)
        return [SafetyCountView.model_validate(row) for row in rows]
