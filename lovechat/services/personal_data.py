"""What belongs to a person: all of it to take along, all of it to erase."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions, snapshot
from lovechat.core.errors import not_authenticated
from lovechat.repos import accounts, age_attestations, care, consents, conversations, marks, oversight, usage
from lovechat.repos.accounts import Person
from lovechat.schemas.accounts import AgeAttestationView, ConsentView, DayUsageView, UserView
from lovechat.schemas.base import iso
from lovechat.schemas.conversations import ConversationView, MessageView
from lovechat.schemas.oversight import ReportView
from lovechat.services.accounts import Accounts
from lovechat.services.avatars import Avatars
from lovechat.services.conversations import conversation_view, message_view
from lovechat.services.replies import ReplyKeeper

MOST_DAYS = 366


class PersonalData:
    """Use cases that concern everything that a person has here."""

    def __init__(
        self, sessions: Sessions, people: Accounts, avatars: Avatars, keeper: ReplyKeeper, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._people = people
        self._avatars = avatars
        self._keeper = keeper
        self._clock = clock

    async def usage_by_day(self, user_id: UUID, days: int) -> list[DayUsageView]:
        """The units of the last `days` UTC days, oldest first; days without any are there too."""
        today = day_of(self._clock())
        first = today - timedelta(days=days - 1)
        async with self._sessions() as session:
            used = await usage.list_days(session, user_id, first)
        dates = [first + timedelta(days=number) for number in range(days)]
        return [DayUsageView(date=date, units_used=used.get(date, 0)) for date in dates]

    async def export(self, person: Person) -> dict[str, Any]:
        """Everything as JSON, as it was at one moment: profile, consents, units, conversations with messages.

        Raises:
            LoveChatError: `not_authenticated` when the account has just been erased.
        """
        async with snapshot(self._sessions) as session:
            owner = await accounts.find_person(session, person.id)
            if owner is None:
                raise not_authenticated()
            agreed = await consents.list_for_owner(session, person.id)
            attested = await age_attestations.find_for_owner(session, person.id)
            used = await usage.list_days(session, person.id, None)
            clock = await care.find_clock(session, person.id)
            kept = await conversations.list_all_for_owner(session, person.id)
            messages: dict[Any, list[MessageView]] = {row.id: [] for row in kept}
            for row in await conversations.list_all_messages(session, person.id):
                messages[row.conversation_id].append(message_view(row))
            reported = await oversight.list_own_reports(session, person.id)
            marked = await marks.list_own(session, person.id)
        return {
            "format": "lovechat-export",
            "format_version": 1,
            "exported_at": iso(self._clock()),
            "note": "Messages with generated_by: ai were written by an artificial intelligence.",
            "profile": UserView.model_validate(owner).model_dump(mode="json"),
            "consents": [ConsentView.model_validate(row).model_dump(mode="json") for row in agreed],
            "age_attestation": (
                AgeAttestationView.model_validate(attested).model_dump(mode="json") if attested else None
            ),
            "usage": [
                {"date": date.isoformat(), "units_used": units} for date, units in sorted(used.items())
            ],
            "reports": [ReportView.model_validate(report).model_dump(mode="json") for report in reported],
            "marks": [{"kind": mark.kind, "created_at": iso(mark.created_at)} for mark in marked],
            "notice_clock": clock
            and {
                "since": iso(clock.since),
                "last_turn_at": iso(clock.last_turn_at),
                "disclosed_on": clock.disclosed_on.isoformat(),
            },
            "conversations": [_conversation(conversation_view(row), messages[row.id]) for row in kept],
        }

    async def erase(self, person: Person, password: str, address: str) -> None:
        """Delete the account, every word of it, and the picture. Raises as `Accounts.erase`."""
        avatar_url = await self._people.erase(person, password, address)
        self._keeper.end_for_person(person.id)
        await self._avatars.forget(avatar_url)


def _conversation(view: ConversationView, messages: list[MessageView]) -> dict[str, Any]:
    return {
        **view.model_dump(mode="json"),
        "messages": [message.model_dump(mode="json") for message in messages],
    }
