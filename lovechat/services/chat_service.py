"""One turn of a conversation: allow, save, hold, and hand over to a reply job."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, age_restricted, not_found
from lovechat.core.i18n import Language
from lovechat.core.security import keyed_digest
from lovechat.repos import conversations, replies
from lovechat.repos.accounts import Person
from lovechat.repos.conversations import TurnConversation
from lovechat.schemas.care import Notice
from lovechat.schemas.conversations import MessageView
from lovechat.schemas.replies import ReplyEvent, ReplyIds
from lovechat.services import guardrails
from lovechat.services.age_assurance import AgeAssurance
from lovechat.services.care import Care, count_notices, crisis_card
from lovechat.services.characters import is_allowed_persona
from lovechat.services.conduct import remember
from lovechat.services.conversations import message_view
from lovechat.services.explicitness import effective_explicitness
from lovechat.services.guardrails import Action, Verdict
from lovechat.services.guardrails.window import TURNS
from lovechat.services.language import reply_language
from lovechat.services.llm_client import LLMRequest
from lovechat.services.prompt_builder import Prompt, PromptMessage, build_care_prompt, build_prompt
from lovechat.services.rate_limits import RateLimits
from lovechat.services.replies import LiveReply, ReplyKeeper, notice_marks
from lovechat.services.usage import Hold, Usage

log = logging.getLogger(__name__)

# More messages than the budget of the history ever takes.
HISTORY_MESSAGES = 120
TITLE_CHARACTERS = 60
# What may be asked for again.
UNFINISHED = frozenset(("interrupted", "stopped"))


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be answered; `content` is None where it was written down before.

    `history` ends with it.
    """

    ids: ReplyIds
    parent_id: UUID | None
    content: str | None
    title: str
    history: list[PromptMessage]
    first_turn: bool
    in_crisis: bool
    told: bool  # where help is


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was written down of a turn before its reply begins."""

    ids: ReplyIds
    day: date
    hold: Hold
    request: LLMRequest
    notices: list[Notice]
    card: Notice


class ChatService:
    """Sends messages, and starts, follows and stops replies."""

    def __init__(
        self,
        sessions: Sessions,
        keeper: ReplyKeeper,
        usage: Usage,
        care: Care,
        rate_limits: RateLimits,
        age: AgeAssurance,
        explicit_ceilings: tuple[float, float],
        secret: str,
        clock: Clock,
    ) -> None:
        """`explicit_ceilings` are the operator's and the provider's."""
        self._sessions = sessions
        self._keeper = keeper
        self._usage = usage
        self._care = care
        self._rate_limits = rate_limits
        self._age = age
        self._explicit_ceilings = explicit_ceilings
        self._secret = secret
        self._clock = clock

    async def send(
        self, person: Person, conversation_id: UUID, content: str, asked: Language | None = None
    ) -> LiveReply:
        """Save a message and start the character's reply; both are committed when this returns.

        `asked` is the language to use where neither the conversation nor the profile gives a sign.

        Raises:
            LoveChatError: `age_restricted`, `llm_unavailable` while the server goes down,
                `rate_limited`, `not_found`, `conversation_closed`, `content_blocked`,
                `reply_in_progress`, `quota_exceeded`. Nothing was saved then. To somebody in a
                crisis it carries `notice`, with where to find help.
        """
        async with self._helping(person, content, asked):
            await self._age.require(person)
            self._keeper.admit()
            await self._rate_limits.check_chat(person.id)
            try:
                async with self._sessions.begin() as session:
                    conversation = await self._open_conversation(session, person, conversation_id)
                    verdict = await self._judge(session, person, conversation, content)
                    if verdict.allowed:
                        turn = await self._write_turn(session, person, conversation, content, verdict, asked)
            except IntegrityError as error:
                if "uq_replies_conversation_live" in str(error.orig):
                    raise LoveChatError("reply_in_progress", Kind.CONFLICT) from None
                raise
            if not verdict.allowed:
                await self._refuse(person, verdict, content)
        return self._begin(person, turn)

    async def retry(self, person: Person, conversation_id: UUID, asked: Language | None = None) -> LiveReply:
        """Start another reply to the last message, when the one there did not come to its end.

        The earlier reply is kept, and no more listed once the new one says something.

        Raises:
            LoveChatError: `nothing_to_retry`, and as `send`.
        """
        await self._age.require(person)
        self._keeper.admit()
        await self._rate_limits.check_chat(person.id)
        async with self._sessions.begin() as session:
            conversation = await self._open_conversation(session, person, conversation_id)
            turn = await self._write_again(session, person, conversation, asked)
        return self._begin(person, turn)

    async def add_message(self, person: Person, conversation_id: UUID, content: str) -> MessageView:
        """Save a message without asking for a reply.

        Raises:
            LoveChatError: `age_restricted`, `not_found`, `conversation_closed`, `content_blocked`;
                with `notice` as in `send`.
        """
        async with self._helping(person, content, None):
            await self._age.require(person)
            async with self._sessions.begin() as session:
                conversation = await self._open_conversation(session, person, conversation_id)
                verdict = await self._judge(session, person, conversation, content)
                if verdict.allowed:
                    row = await self._write_message(session, person, conversation, content, verdict)
            if not verdict.allowed:
                await self._refuse(person, verdict, content)
        return message_view(row)

    async def follow(self, person: Person, reply_id: UUID, after: int) -> AsyncIterator[Sequence[ReplyEvent]]:
        """The events of a person's reply; see `ReplyKeeper.follow`. Raises `age_restricted` too."""
        self._age.require_adult(person)
        return await self._keeper.follow(person.id, reply_id, after)

    async def stop(self, person: Person, reply_id: UUID) -> None:
        """End a reply where it is; see `ReplyKeeper.stop`."""
        await self._keeper.stop(person.id, reply_id)

    def _begin(self, person: Person, turn: _Turn) -> LiveReply:
        return self._keeper.begin(
            turn.ids, person.id, turn.day, turn.request, turn.hold, turn.notices, turn.card
        )

    @asynccontextmanager
    async def _helping(self, person: Person, content: str, asked: Language | None) -> AsyncGenerator[None]:
        """Never a dead end: what is refused to somebody in a crisis comes with where to find help."""
        try:
            yield
        except LoveChatError as error:
            if guardrails.check_message(content).needs_help:
                card = crisis_card(person.country, _spoken(person, content, asked))
                error.details["notice"] = card.as_data()
                await self._count_card(card)
            raise

    async def _count_card(self, card: Notice) -> None:
        try:
            async with self._sessions.begin() as session:
                await count_notices(session, self._clock(), [card])
        except SQLAlchemyError:
            # A count is not worth the card.
            log.exception("a crisis referral could not be counted")

    async def _open_conversation(
        self, session: AsyncSession, person: Person, conversation_id: UUID
    ) -> TurnConversation:
        conversation = await conversations.lock_for_turn(session, person.id, conversation_id)
        if conversation is None:
            raise not_found()
        if conversation.status == "closed":
            raise LoveChatError("conversation_closed", Kind.CONFLICT)
        # Read again with the rules of today: they may be stricter than when the character was made.
        if not is_allowed_persona((conversation.name, conversation.tone), tuple(conversation.boundaries)):
            raise LoveChatError("content_blocked", Kind.FORBIDDEN)
        return conversation

    async def _judge(
        self, session: AsyncSession, person: Person, conversation: TurnConversation, content: str
    ) -> Verdict:
        """What the guard says of a message after the turns before it. What is not clear is noted."""
        recent = await conversations.list_recent(session, conversation.id, TURNS)
        history = [message.content for message in _history(recent)]
        verdict = guardrails.check_message(content, history=history)
        if verdict.action is Action.NOTE:
            await remember(session, person.id, verdict, content, self._clock())
        return verdict

    async def _write_turn(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        content: str,
        verdict: Verdict,
        asked: Language | None,
    ) -> _Turn:
        recent = await self._recent(session, conversation)
        question = _Question(
            ids=ReplyIds(uuid4(), conversation.id, uuid4(), uuid4()),
            parent_id=recent[0].id if recent else None,
            content=content,
            title=_title(conversation, content, verdict, begun=bool(recent)),
            history=[*_history(recent), PromptMessage("user", content)],
            first_turn=not any(row.role == "assistant" for row in recent),
            in_crisis=verdict.needs_help,
            told=False,
        )
        return await self._write(session, person, conversation, question, asked)

    async def _write_again(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        asked: Language | None,
    ) -> _Turn:
        recent = await self._recent(session, conversation)
        last = recent[0] if recent else None
        if last is None or last.role != "assistant" or last.status not in UNFINISHED:
            raise LoveChatError("nothing_to_retry", Kind.CONFLICT)
        history = _history([row for row in recent if row.parent_id != last.parent_id or row.role == "user"])
        told = [notice["kind"] for row in recent if row.id == last.parent_id for notice in row.notices]
        question = _Question(
            ids=ReplyIds(uuid4(), conversation.id, last.parent_id, uuid4()),
            parent_id=None,
            content=None,
            title=conversation.title,
            history=history,
            first_turn=False,
            in_crisis="crisis" in told or guardrails.check_message(history[-1].content).needs_help,
            told="crisis" in told,
        )
        return await self._write(session, person, conversation, question, asked)

    async def _write_message(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        content: str,
        verdict: Verdict,
    ) -> Row:
        moment, message_id = self._clock(), uuid4()
        newest = await conversations.list_recent(session, conversation.id, 1)
        notices = [crisis_card(person.country, _spoken(person, content))] if verdict.needs_help else []
        await conversations.add_message(
            session,
            id=message_id,
            conversation_id=conversation.id,
            parent_id=newest[0].id if newest else None,
            role="user",
            content=content,
            created_at=moment,
            notices=[notice.as_data() for notice in notices],
        )
        title = _title(conversation, content, verdict, begun=bool(newest))
        await conversations.touch(session, conversation.id, moment, title)
        await count_notices(session, moment, notices)
        return await conversations.find_message(session, message_id)

    async def _recent(self, session: AsyncSession, conversation: TurnConversation) -> list[Row]:
        if conversation.replying:
            raise LoveChatError("reply_in_progress", Kind.CONFLICT)
        return await conversations.list_recent(session, conversation.id, HISTORY_MESSAGES)

    async def _write(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        question: _Question,
        asked: Language | None,
    ) -> _Turn:
        """Hold the units and write the turn down, with what the person has to be told in it."""
        moment, ids = self._clock(), question.ids
        *_, newest = said = [message.content for message in question.history if message.role == "user"]
        language = reply_language(newest, said[:-1], person.language or asked)
        hold = await self._usage.hold(session, person.id, moment)
        spoken = person.language or language
        due = await self._care.due(session, person.id, moment, spoken, first_turn=question.first_turn)
        card = crisis_card(person.country, spoken)
        notices = [*due, card] if question.in_crisis else due
        await count_notices(session, moment, notices)
        # Counted last: what was refused above has not used up the allowance.
        await self._rate_limits.count_chat(person.id)
        await replies.begin(
            session,
            replies.NewReply(
                reply_id=ids.reply_id,
                user_id=person.id,
                conversation_id=conversation.id,
                user_message_id=ids.user_message_id,
                message_id=ids.message_id,
                parent_id=question.parent_id,
                content=question.content,
                title=question.title,
                usage_date=day_of(moment),
                units_held=hold.units,
                server_key=self._keeper.server_key,
                moment=moment,
                notices=[notice.as_data() for notice in (due if question.told else notices)],
                marks=notice_marks(notices),
            ),
        )
        level = effective_explicitness(
            conversation.explicit_level, person.explicit_preference, *self._explicit_ceilings
        )
        prompt = _prompt(replace(conversation, explicit_level=level), person, language, question, card)
        person_key = keyed_digest(self._secret, "safety-identifier", str(person.id))
        request = LLMRequest(prompt, hold.tokens, person_key, language)
        return _Turn(ids, day_of(moment), hold, request, notices, card)

    async def _refuse(self, person: Person, verdict: Verdict, content: str) -> None:
        """Count a blocked text, of which nothing is kept, and say no."""
        moment = self._clock()
        async with self._sessions.begin() as session:
            shut = await remember(session, person.id, verdict, content, moment)
        if shut:
            self._keeper.end_for_person(person.id)
        if verdict.action is Action.LOCK:
            raise age_restricted()
        raise LoveChatError("content_blocked", Kind.FORBIDDEN)


def _prompt(
    conversation: TurnConversation, person: Person, language: Language, question: _Question, card: Notice
) -> Prompt:
    """What the model receives; in a crisis it plays nobody, and only in that turn."""
    if question.in_crisis:
        places = [place.line for place in card.resources]
        return build_care_prompt(conversation, language, question.history, places)
    return build_prompt(conversation, person.display_name, language, question.history)


def _spoken(person: Person, content: str, asked: Language | None = None) -> Language:
    """The language in which to tell a person something: the chosen one, else that of their words."""
    return person.language or reply_language(content, [], asked)


def _history(recent: Sequence[Row]) -> list[PromptMessage]:
    """What was said, oldest first; `recent` comes newest first."""
    return [
        PromptMessage(row.role, row.content)
        for row in reversed(recent)
        if row.content and row.role != "system"
    ]


def _title(conversation: TurnConversation, content: str, verdict: Verdict, *, begun: bool) -> str:
    """What the conversation is called after this message: its first one, unless it has a name.

    Words of a hard hour do not become a title, which others may see over somebody's shoulder.
    """
    if begun or verdict.needs_help or conversation.title != conversation.name:
        return conversation.title
    line = " ".join(content.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1].rstrip() + "…"
