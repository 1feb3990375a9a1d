"""Queries on conversations and messages. Ownership is part of each query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from lovechat.models import Character, Conversation, Message, Reply

_COLUMNS = (
    col(Conversation.id),
    col(Conversation.status),
    col(Conversation.title),
    col(Conversation.created_at),
    col(Conversation.last_message_at),
    col(Conversation.character_id),
    col(Character.name).label("character_name"),
    col(Character.avatar_url).label("character_avatar_url"),
)
_MESSAGE_COLUMNS = (
    col(Message.id),
    col(Message.role),
    col(Message.content),
    col(Message.status),
    col(Message.created_at),
    col(Message.parent_id),
    col(Message.model),
    col(Message.finish_reason),
    col(Message.units),
    col(Message.notices),
    col(Reply.id).label("reply_id"),
)


def _conversations(*more: Any) -> Select:
    return (
        select(*_COLUMNS, *more)
        .select_from(Conversation)
        .join(Character, col(Character.id) == col(Conversation.character_id))
    )


_LOCK_FOR_TURN = (
    _conversations(
        col(Character.tone),
        col(Character.dominance),
        col(Character.affection),
        col(Character.explicit_level),
        col(Character.boundaries),
        exists()
        .where(col(Reply.conversation_id) == col(Conversation.id), col(Reply.finished_at).is_(None))
        .label("replying"),
    )
    .where(
        col(Conversation.id) == bindparam("conversation_id"),
        col(Conversation.user_id) == bindparam("owner_id"),
    )
    .with_for_update(of=Conversation, key_share=True)
)
_later = aliased(Message)
# Of several replies to one message only the newest that says something counts; the others are kept.
_NOT_REPLACED = ~(
    (col(Message.role) == "assistant")
    & exists().where(
        col(_later.parent_id) == col(Message.parent_id),
        col(_later.role) == "assistant",
        col(_later.position) > col(Message.position),
        (col(_later.content) != "") | (col(_later.status) == "streaming"),
    )
)
_RECENT = (
    select(
        col(Message.id),
        col(Message.role),
        col(Message.content),
        col(Message.status),
        col(Message.parent_id),
        col(Message.notices),
    )
    .where(col(Message.conversation_id) == bindparam("conversation_id"), _NOT_REPLACED)
    .order_by(col(Message.position).desc())
    .limit(bindparam("limit"))
)
_ADD_NOTICE = text("UPDATE messages SET notices = notices || CAST(:notice AS jsonb) WHERE id = :id")
_TOUCH = text("UPDATE conversations SET last_message_at = :moment, title = :title WHERE id = :id")


@dataclass(frozen=True, slots=True)
class TurnConversation:
    """A conversation with the character as it is now, locked for one turn."""

    id: UUID
    status: str
    title: str
    name: str
    tone: str
    dominance: float
    affection: float
    explicit_level: float
    boundaries: list[str]
    replying: bool


_PULSE = (
    select(
        select(col(Reply.id))
        .where(col(Reply.conversation_id) == col(Conversation.id), col(Reply.finished_at).is_(None))
        .scalar_subquery()
        .label("reply_id"),
        select(col(Message.id))
        .where(col(Message.conversation_id) == col(Conversation.id))
        .order_by(col(Message.position).desc())
        .limit(1)
        .scalar_subquery()
        .label("newest_id"),
        col(Conversation.status),
        col(Conversation.title),
    )
    .select_from(Conversation)
    .where(
        col(Conversation.id) == bindparam("conversation_id"),
        col(Conversation.user_id) == bindparam("owner_id"),
    )
)


async def list_for_owner(
    session: AsyncSession, owner_id: UUID, limit: int, offset: int
) -> tuple[list[Row], int]:
    """A person's conversations, newest activity first, and how many there are."""
    rows = await session.execute(
        _conversations()
        .where(col(Conversation.user_id) == owner_id)
        .order_by(
            func.coalesce(col(Conversation.last_message_at), col(Conversation.created_at)).desc(),
            col(Conversation.id).desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    total = await session.execute(
        select(func.count()).select_from(Conversation).where(col(Conversation.user_id) == owner_id)
    )
    return list(rows.all()), total.scalar_one()


async def find_for_owner(session: AsyncSession, owner_id: UUID, conversation_id: UUID) -> Row | None:
    """A person's conversation."""
    return (
        await session.execute(
            _conversations().where(
                col(Conversation.id) == conversation_id, col(Conversation.user_id) == owner_id
            )
        )
    ).first()


async def find_pulse(session: AsyncSession, owner_id: UUID, conversation_id: UUID) -> Row | None:
    """What moves in a person's conversation: running reply, newest message, status, title."""
    return (await session.execute(_PULSE, {"conversation_id": conversation_id, "owner_id": owner_id})).first()


async def list_all_for_owner(session: AsyncSession, owner_id: UUID) -> list[Row]:
    """All conversations of a person, oldest first."""
    rows = await session.execute(
        _conversations().where(col(Conversation.user_id) == owner_id).order_by(col(Conversation.created_at))
    )
    return list(rows.all())


async def list_all_messages(session: AsyncSession, owner_id: UUID) -> list[Row]:
    """All messages of a person's conversations, in the order of writing."""
    rows = await session.execute(
        select(*_MESSAGE_COLUMNS, col(Message.conversation_id))
        .outerjoin(Reply, col(Reply.message_id) == col(Message.id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Conversation.user_id) == owner_id)
        .order_by(col(Message.position))
    )
    return list(rows.all())


async def is_replying(session: AsyncSession, conversation_id: UUID) -> bool:
    """Whether a reply is being written in a conversation."""
    query = exists().where(col(Reply.conversation_id) == conversation_id, col(Reply.finished_at).is_(None))
    return bool((await session.execute(select(query))).scalar())


async def rename(session: AsyncSession, conversation_id: UUID, title: str) -> None:
    """Give a conversation another title."""
    await session.execute(
        update(Conversation).where(col(Conversation.id) == conversation_id).values(title=title)
    )


async def remove(session: AsyncSession, conversation_id: UUID) -> None:
    """Delete a conversation and, by the foreign keys, its messages."""
    await session.execute(delete(Conversation).where(col(Conversation.id) == conversation_id))


async def lock_for_owner(session: AsyncSession, owner_id: UUID, conversation_id: UUID) -> Conversation | None:
    """A person's conversation, locked until the transaction ends."""
    return (
        await session.execute(
            select(Conversation)
            .where(col(Conversation.id) == conversation_id, col(Conversation.user_id) == owner_id)
            .with_for_update(key_share=True)
        )
    ).scalar_one_or_none()


async def lock_for_turn(
    session: AsyncSession, owner_id: UUID, conversation_id: UUID
) -> TurnConversation | None:
    """A person's conversation with its character, locked until the transaction ends."""
    row = (
        await session.execute(_LOCK_FOR_TURN, {"conversation_id": conversation_id, "owner_id": owner_id})
    ).first()
    if row is None:
        return None
    return TurnConversation(
        row.id,
        row.status,
        row.title,
        row.character_name,
        row.tone,
        row.dominance,
        row.affection,
        row.explicit_level,
        row.boundaries,
        row.replying,
    )


async def touch(session: AsyncSession, conversation_id: UUID, moment: datetime, title: str) -> None:
    """Note that something was said."""
    await session.execute(_TOUCH, {"id": conversation_id, "moment": moment, "title": title})


async def list_recent(session: AsyncSession, conversation_id: UUID, limit: int) -> list[Row]:
    """The newest messages of a conversation that the caller has locked, newest first."""
    rows = await session.execute(_RECENT, {"conversation_id": conversation_id, "limit": limit})
    return list(rows.all())


async def add_message(session: AsyncSession, **values: Any) -> None:
    """Write a message that asks for no reply."""
    await session.execute(insert(Message).values(**values))


async def add_notice(session: AsyncSession, message_id: UUID, notice: dict[str, Any]) -> None:
    """Keep what somebody was told with a message of theirs."""
    await session.execute(_ADD_NOTICE, {"id": message_id, "notice": orjson.dumps([notice]).decode()})


async def find_message_position(session: AsyncSession, conversation_id: UUID, message_id: UUID) -> int | None:
    """Where a message stands in its conversation."""
    return (
        await session.execute(
            select(col(Message.position)).where(
                col(Message.id) == message_id, col(Message.conversation_id) == conversation_id
            )
        )
    ).scalar_one_or_none()


async def list_messages(
    session: AsyncSession, conversation_id: UUID, limit: int, before: int | None
) -> list[Row]:
    """Messages of a conversation that is the caller's, newest first, older than position `before`."""
    query = (
        select(*_MESSAGE_COLUMNS)
        .outerjoin(Reply, col(Reply.message_id) == col(Message.id))
        .where(col(Message.conversation_id) == conversation_id, _NOT_REPLACED)
    )
    if before is not None:
        query = query.where(col(Message.position) < before)
    rows = await session.execute(query.order_by(col(Message.position).desc()).limit(limit))
    return list(rows.all())


async def find_message(session: AsyncSession, message_id: UUID) -> Row:
    """One message that the caller has just written."""
    return (
        await session.execute(
            select(*_MESSAGE_COLUMNS)
            .outerjoin(Reply, col(Reply.message_id) == col(Message.id))
            .where(col(Message.id) == message_id)
        )
    ).one()


async def close(session: AsyncSession, conversation_id: UUID, moment: datetime) -> None:
    """Shut a conversation."""
    await session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id)
        .values(status="closed", closed_at=moment)
    )
