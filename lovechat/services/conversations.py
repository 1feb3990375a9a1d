"""Conversations: list, begin, begin anew, read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, invalid, not_authenticated, not_found
from lovechat.models import Character, Conversation
from lovechat.repos import characters, conversations
from lovechat.repos.accounts import Person
from lovechat.schemas.base import Page
from lovechat.schemas.characters import CharacterSummary
from lovechat.schemas.conversations import ConversationView, MessagePage, MessageView
from lovechat.services import guardrails


@dataclass(frozen=True, slots=True)
class Pulse:
    """What moves in a conversation: whoever saw the same one before has nothing to read anew."""

    reply_id: UUID | None  # of the reply that is being written
    newest_id: UUID | None  # of the newest message
    status: str
    title: str


class Conversations:
    """Use cases of conversations."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def list(self, person: Person, limit: int, offset: int) -> Page[ConversationView]:
        """A person's conversations, newest activity first."""
        async with self._sessions() as session:
            rows, total = await conversations.list_for_owner(session, person.id, limit, offset)
        return Page(items=[conversation_view(row) for row in rows], total=total, limit=limit, offset=offset)

    async def create(self, person: Person, character_id: str) -> ConversationView:
        """Begin to talk with a character.

        Raises:
            LoveChatError: `character_not_found`, or `not_authenticated` when the account has just
                been erased.
        """
        try:
            async with self._sessions.begin() as session:
                character = await characters.find(session, character_id)
                if character is None:
                    raise not_found("character_not_found")
                return await self._begin(session, person, character)
        except IntegrityError as error:
            # Since they were read, the person or the character was deleted.
            if "fk_conversations_user_id" in str(error.orig):
                raise not_authenticated() from None
            if "fk_conversations_character_id" in str(error.orig):
                raise not_found("character_not_found") from None
            raise

    async def get(self, person: Person, conversation_id: UUID) -> ConversationView:
        """One conversation. Raises `LoveChatError` `not_found`."""
        async with self._sessions() as session:
            row = await conversations.find_for_owner(session, person.id, conversation_id)
        if row is None:
            raise not_found()
        return conversation_view(row)

    async def rename(self, person: Person, conversation_id: UUID, title: str) -> ConversationView:
        """Give a conversation another title.

        Raises:
            LoveChatError: `not_found`, or `content_blocked`.
        """
        if not guardrails.check_name(title).allowed:
            raise LoveChatError("content_blocked", Kind.FORBIDDEN)
        async with self._sessions.begin() as session:
            if await conversations.lock_for_owner(session, person.id, conversation_id) is None:
                raise not_found()
            await conversations.rename(session, conversation_id, title)
            row = await conversations.find_for_owner(session, person.id, conversation_id)
        assert row is not None
        return conversation_view(row)

    async def delete(self, person: Person, conversation_id: UUID) -> None:
        """Erase a conversation with every message.

        Raises:
            LoveChatError: `not_found`, or `reply_in_progress`: what it costs is not known yet.
        """
        async with self._sessions.begin() as session:
            if await conversations.lock_for_owner(session, person.id, conversation_id) is None:
                raise not_found()
            if await conversations.is_replying(session, conversation_id):
                raise LoveChatError("reply_in_progress", Kind.CONFLICT)
            await conversations.remove(session, conversation_id)

    async def reset(self, person: Person, conversation_id: UUID) -> ConversationView:
        """Close a conversation and begin another with the same character.

        Raises:
            LoveChatError: `not_found`, or `conversation_closed`.
        """
        async with self._sessions.begin() as session:
            old = await conversations.lock_for_owner(session, person.id, conversation_id)
            if old is None:
                raise not_found()
            if old.status == "closed":
                raise LoveChatError("conversation_closed", Kind.CONFLICT)
            await conversations.close(session, old.id, self._clock())
            character = await characters.find(session, old.character_id)
            assert character is not None  # conversations keep their character
            return await self._begin(session, person, character, previous_id=old.id)

    async def list_messages(
        self, person: Person, conversation_id: UUID, limit: int, before: UUID | None
    ) -> MessagePage:
        """A page of messages, oldest first: the newest, or those before a message.

        Raises:
            LoveChatError: `not_found`, or `invalid_request` when `before` is no message of it.
        """
        async with self._sessions() as session:
            if await conversations.find_for_owner(session, person.id, conversation_id) is None:
                raise not_found()
            position = None
            if before is not None:
                position = await conversations.find_message_position(session, conversation_id, before)
                if position is None:
                    raise invalid("before", "is not a message of this conversation")
            rows = await conversations.list_messages(session, conversation_id, limit + 1, position)
        page = rows[:limit]
        return MessagePage(
            items=[message_view(row) for row in reversed(page)],
            next_before=page[-1].id if len(rows) > limit else None,
        )

    async def pulse(self, person: Person, conversation_id: UUID) -> Pulse:
        """What moves in a conversation, for those who watch it. Raises `LoveChatError` `not_found`."""
        async with self._sessions() as session:
            row = await conversations.find_pulse(session, person.id, conversation_id)
        if row is None:
            raise not_found()
        return Pulse(row.reply_id, row.newest_id, row.status, row.title)

    async def _begin(
        self,
        session: AsyncSession,
        person: Person,
        character: Character,
        previous_id: UUID | None = None,
    ) -> ConversationView:
        conversation = Conversation(
            user_id=person.id,
            character_id=character.id,
            character_version=character.version,
            title=character.name,
            created_at=self._clock(),
            previous_id=previous_id,
        )
        session.add(conversation)
        await session.flush()
        row = await conversations.find_for_owner(session, person.id, conversation.id)
        assert row is not None
        return conversation_view(row)


def message_view(row: Row) -> MessageView:
    """A message as its owner sees it, marked when an AI wrote it."""
    view = MessageView.model_validate(row)
    if view.role == "assistant":
        view.generated_by = "ai"
    return view


def conversation_view(row: Row) -> ConversationView:
    """A conversation as its owner sees it."""
    return ConversationView(
        id=row.id,
        character=CharacterSummary(
            id=row.character_id, name=row.character_name, avatar_url=row.character_avatar_url
        ),
        status=row.status,
        title=row.title,
        created_at=row.created_at,
        last_message_at=row.last_message_at,
    )
