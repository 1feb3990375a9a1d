"""What people are told beside the conversation: that this is an AI, that a pause does good, where help is.

Nobody can switch it off, neither a character nor a person nor a prompt: these are words of the
product's, sent and kept beside what the model says.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import day_of
from lovechat.core.i18n import Language, translate
from lovechat.repos import care, safety
from lovechat.repos.care import Clock
from lovechat.schemas.care import Help, Notice, NoticeKind
from lovechat.services import guardrails
from lovechat.services.guardrails.resources import resources_for

# After so long without a word somebody has paused.
PAUSE = timedelta(minutes=30)
# What each kind is counted as.
_COUNTED: dict[NoticeKind, str] = {
    "ai_disclosure": "ai_notice",
    "break": "break_notice",
    "crisis": "crisis_referral",
}


def tick(before: Clock | None, moment: datetime, interval: timedelta) -> tuple[Clock, list[NoticeKind]]:
    """A person's clock after a turn at `moment`, and what they have to be told with it."""
    today = day_of(moment)
    if before is None:
        return Clock(moment, moment, today), ["ai_disclosure"]
    kinds: list[NoticeKind] = ["ai_disclosure"] if before.disclosed_on != today else []
    after = replace(before, last_turn_at=moment, disclosed_on=today)
    # A clock that was set back begins anew as well: it would keep silent for too long.
    if moment - before.last_turn_at >= PAUSE or moment < before.since:
        return replace(after, since=moment), kinds
    if moment - before.since >= interval:
        kinds.append("break")
        return replace(after, since=moment), kinds
    return after, kinds


class Care:
    """Says which notices are due."""

    def __init__(self, interval: timedelta) -> None:
        """`interval` is the longest use without a break notice."""
        self._interval = interval

    async def due(
        self, session: AsyncSession, user_id: UUID, moment: datetime, language: Language, *, first_turn: bool
    ) -> list[Notice]:
        """What a person has to be told with a turn that begins now; their clock moves on.

        The clock stays locked until the transaction ends. Lock the day first.
        """
        clock, kinds = tick(await care.lock_clock(session, user_id), moment, self._interval)
        await care.save_clock(session, user_id, clock)
        if first_turn and "ai_disclosure" not in kinds:
            kinds.insert(0, "ai_disclosure")
        return [_notice(kind, language) for kind in kinds]


async def count_notices(session: AsyncSession, moment: datetime, notices: Iterable[Notice]) -> None:
    """Count notices by day, kind and language; of whom they were for nothing is kept."""
    for notice in notices:
        kind = _COUNTED[notice.kind]
        await safety.count(session, moment, kind, notice.language, guardrails.GUARD_VERSION)


def crisis_card(country: str | None, language: Language) -> Notice:
    """Where somebody in a crisis finds help, in their country and anywhere."""
    resources = [
        Help(name=place.name[language], number=place.number or None, url=place.url or None)
        for place in resources_for(country)
    ]
    return Notice(
        kind="crisis", text=translate("care.crisis", language), language=language, resources=resources
    )


def _notice(kind: NoticeKind, language: Language) -> Notice:
    return Notice(kind=kind, text=translate(f"care.{kind}", language), language=language)
