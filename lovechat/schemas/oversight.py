"""Shapes of reports, counts and the guard's tester."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from lovechat.schemas.base import CleanText, Command, FilledText, Moment, View

ReportReason = Literal["minors", "harm", "pressure", "other"]
Outcome = Literal["upheld", "dismissed"]
GuardKind = Literal["message", "reply", "persona"]
Mark = Literal["age_said", "age_denied", "age_hint", "minor_scene"]


class WriteReport(Command):
    """Why a reply is reported. The reply's text goes along, nothing else of the conversation."""

    reason: ReportReason
    note: CleanText = Field(default="", max_length=1000)


class ReportView(View):
    """A report, to an admin. It does not say who wrote it."""

    id: UUID
    character_id: str
    reason: ReportReason
    note: str
    content: str = Field(description="The reply that was reported.")
    created_at: Moment
    closed_at: Moment | None
    outcome: Outcome | None


class OwnReport(View):
    """The answer to a report."""

    id: UUID
    created_at: Moment


class CloseReport(Command):
    """What came of a report."""

    outcome: Outcome


class SafetyCountView(View):
    """How often something of one kind happened; it names nobody."""

    kind: str
    language: str = Field(description="The language of the text, or empty.")
    guard_version: str
    count: int


class SafetyReport(View):
    """The counts of one year, without identities."""

    year: int
    from_day: dt.date
    to_day: dt.date
    guard_version: str
    counts: list[SafetyCountView]


class TryGuard(Command):
    """A sentence for the guard, and what it would be."""

    text: FilledText = Field(max_length=4000)
    kind: GuardKind = "message"


class GuardVerdict(View):
    """What the guard says of a sentence, and which rules fired."""

    action: Literal["allow", "note", "crisis", "block", "lock"]
    reason: str
    signals: list[str]
    needs_help: bool
    guard_version: str


class GuardReviewView(View):
    """A verdict that an admin found wrong."""

    id: UUID
    created_at: Moment
    actor: str
    text: str
    kind: GuardKind
    action: str
    reason: str
    signals: list[str]
    guard_version: str


class FlaggedView(View):
    """An account that an admin should look at, and why. Nothing that was written is in it."""

    user_id: UUID
    email: str
    display_name: str
    reason: Mark = Field(
        description=(
            "`age_said`: they said that they are a minor; `age_denied`: a verifier says so; `age_hint`: "
            "several messages hint at it; `minor_scene`: they asked several times for an intimate scene "
            "with a minor."
        )
    )
    shut: bool = Field(description="Whether the account is shut until an admin decides.")
    times: int = Field(description="How often the guard noticed something about it in the last 30 days.")
    since: Moment = Field(description="When the first of these times was.")
