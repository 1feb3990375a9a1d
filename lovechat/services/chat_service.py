"""One turn of a conversation: allow, save, hold, and hand over to a reply job."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, age_restricted, not_found
from lovechat.core.i18n import Language
from lovechat.core.security import keyed_digest
from lovechat.repos import accounts, conversations, replies, safety
from lovechat.repos.accounts import Person
from lovechat.repos.conversations import TurnConversation
from lovechat.schemas.conversations import MessageView
from lovechat.schemas.replies import ReplyEvent, ReplyIds
from lovechat.services import guardrails
from lovechat.services.age_assurance import AgeAssurance
from lovechat.services.conversations import message_view
from lovechat.services.guardrails import Action, Verdict
from lovechat.services.language import detect_language, reply_language
from lovechat.services.llm_client import LLMRequest
from lovechat.services.prompt_builder import PromptMessage, build_prompt
from lovechat.services.rate_limits import RateLimits
from lovechat.services.replies import LiveReply, ReplyKeeper
from lovechat.services.usage import Hold, Usage

# More messages than the budget of the history ever takes.
HISTORY_MESSAGES = 120
TITLE_CHARACTERS = 60
# What may be asked for again.
UNFINISHED = frozenset(("interrupted", "stopped"))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was written down of a turn before its reply begins."""

    ids: ReplyIds
    day: date
    hold: Hold
    request: LLMRequest


class ChatService:
    """Sends messages, and starts, follows and stops replies."""

    def __init__(
        self,
        sessions: Sessions,
        keeper: ReplyKeeper,
        usage: Usage,
        rate_limits: RateLimits,
        age: AgeAssurance,
        secret: str,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._keeper = keeper
        self._usage = usage
        self._rate_limits = rate_limits
        self._age = age
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
                `reply_in_progress`, `quota_exceeded`. Nothing was saved then.
        """
        await self._age.require(person)
        self._keeper.admit()
        await self._rate_limits.check_chat(person.id)
        verdict = guardrails.check_message(content)
        try:
            async with self._sessions.begin() as session:
                conversation = await self._open_conversation(session, person, conversation_id)
                if verdict.allowed:
                    turn = await self._write_turn(session, person, conversation, content, asked)
        except IntegrityError as error:
            if "uq_replies_conversation_live" in str(error.orig):
                raise LoveChatError("reply_in_progress", Kind.CONFLICT) from None
            raise
        if not verdict.allowed:
            await self._refuse(person, verdict, content)
        return self._keeper.begin(turn.ids, person.id, turn.day, turn.request, turn.hold)

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
        return self._keeper.begin(turn.ids, person.id, turn.day, turn.request, turn.hold)

    async def add_message(self, person: Person, conversation_id: UUID, content: str) -> MessageView:
        """Save a message without asking for a reply.

        Raises:
            LoveChatError: `age_restricted`, `not_found`, `conversation_closed`, `content_blocked`.
        """
        await self._age.require(person)
        verdict = guardrails.check_message(content)
        message_id = uuid4()
        async with self._sessions.begin() as session:
            conversation = await self._open_conversation(session, person, conversation_id)
            if verdict.allowed:
                newest = await conversations.list_recent(session, conversation_id, 1)
                parent_id = newest[0].id if newest else None
                moment = self._clock()
                await conversations.add_message(
                    session,
                    id=message_id,
                    conversation_id=conversation_id,
                    parent_id=parent_id,
                    role="user",
                    content=content,
                    created_at=moment,
                )
                title = _title(conversation, content, begun=bool(newest))
                await conversations.touch(session, conversation_id, moment, title)
                row = await conversations.find_message(session, message_id)
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

    async def _open_conversation(
        self, session: AsyncSession, person: Person, conversation_id: UUID
    ) -> TurnConversation:
        conversation = await conversations.lock_for_turn(session, person.id, conversation_id)
        if conversation is None:
            raise not_found()
        if conversation.status == "closed":
            raise LoveChatError("conversation_closed", Kind.CONFLICT)
        return conversation

    async def _write_turn(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        content: str,
        asked: Language | None,
    ) -> _Turn:
        recent = await self._recent(session, conversation)
        ids = ReplyIds(uuid4(), conversation.id, uuid4(), uuid4())
        parent_id = recent[0].id if recent else None
        title = _title(conversation, content, begun=bool(recent))
        history = [*_history(recent), PromptMessage("user", content)]
        return await self._write(
            session, person, conversation, ids, parent_id, content, title, history, asked
        )

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
        ids = ReplyIds(uuid4(), conversation.id, last.parent_id, uuid4())
        title = conversation.title
        return await self._write(session, person, conversation, ids, None, None, title, history, asked)

    async def _recent(self, session: AsyncSession, conversation: TurnConversation) -> list[Row]:
        if conversation.replying:
            raise LoveChatError("reply_in_progress", Kind.CONFLICT)
        return await conversations.list_recent(session, conversation.id, HISTORY_MESSAGES)

    async def _write(
        self,
        session: AsyncSession,
        person: Person,
        conversation: TurnConversation,
        ids: ReplyIds,
        parent_id: UUID | None,
        content: str | None,
        title: str,
        history: list[PromptMessage],
        asked: Language | None,
    ) -> _Turn:
        """Hold the units and write the turn down. `history` ends with the message to answer."""
        moment = self._clock()
        hold = await self._usage.hold(session, person.id, moment)
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
                parent_id=parent_id,
                content=content,
                title=title,
                usage_date=day_of(moment),
                units_held=hold.units,
                server_key=self._keeper.server_key,
                moment=moment,
            ),
        )
        *_, question = said = [message.content for message in history if message.role == "user"]
        language = reply_language(question, said[:-1], person.language or asked)
        prompt = build_prompt(conversation, person.display_name, language, history)
        person_key = keyed_digest(self._secret, "safety-identifier", str(person.id))
        return _Turn(ids, day_of(moment), hold, LLMRequest(prompt, hold.tokens, person_key, language))

    async def _refuse(self, person: Person, verdict: Verdict, content: str) -> None:
        """Count a blocked text, of which nothing is kept, and say no."""
        language = detect_language(content) or ""
        moment = self._clock()
        async with self._sessions.begin() as session:
            await safety.count(session, moment, verdict.reason, language, guardrails.GUARD_VERSION)
            if verdict.action is Action.LOCK:
                await accounts.set_review(session, person.id, "age_review")
                await accounts.revoke_all(session, person.id, moment, "age_review")
        if verdict.action is Action.LOCK:
            self._keeper.end_for_person(person.id)
            raise age_restricted()
        raise LoveChatError("content_blocked", Kind.FORBIDDEN)


def _history(recent: Sequence[Row]) -> list[PromptMessage]:
    """What was said, oldest first; `recent` comes newest first."""
    return [
        PromptMessage(row.role, row.content)
        for row in reversed(recent)
        if row.content and row.role != "system"
    ]


def _title(conversation: TurnConversation, content: str, *, begun: bool) -> str:
    """What the conversation is called after this message: its first one, unless it has a name."""
    if begun or conversation.title != conversation.name:
        return conversation.title
    line = " ".join(content.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1].rstrip() + "…"
