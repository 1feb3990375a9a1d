"""Queries on the jobs that write replies."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lovechat.models import Message, Reply

# The first of the two numbers of our advisory locks; the second is a server's key.
SERVER_LOCK = 0x4C43

_CHECKPOINT = text("""
    WITH state AS (
        SELECT * FROM jsonb_to_recordset(CAST(:state AS jsonb))
            AS s(reply_id uuid, message_id uuid, content text, delta_ends int[])
    ), written AS (
        UPDATE messages m SET content = s.content FROM state s
        WHERE m.id = s.message_id AND m.status = 'streaming'
    )
    UPDATE replies r SET heartbeat_at = :moment, delta_ends = s.delta_ends
    FROM state s, users u
    WHERE r.id = s.reply_id AND u.id = r.user_id AND r.finished_at IS NULL
    RETURNING r.id, r.stop_requested_at IS NOT NULL, u.is_active AND u.review_reason IS NULL
""")
# A turn in one statement: question, answer to be, job, and the conversation's activity.
_BEGIN = text("""
    WITH said AS (
        INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at, notices)
        VALUES
            (:user_message_id, :conversation_id, :parent_id, 'user', :content, 'complete', :moment,
                CAST(:notices AS jsonb)),
            (:message_id, :conversation_id, :user_message_id, 'assistant', '', 'streaming', :moment, '[]')
    ), touched AS (
        UPDATE conversations SET last_message_at = :moment, title = :title WHERE id = :conversation_id
    )
    INSERT INTO replies (id, user_id, conversation_id, user_message_id, message_id, usage_date, units_held,
        server_key, created_at, heartbeat_at, marks)
    VALUES (:reply_id, :user_id, :conversation_id, :user_message_id, :message_id, :usage_date, :units_held,
        :server_key, :moment, :moment, CAST(:marks AS jsonb))
""")
# Another answer to a question that was asked before.
_BEGIN_AGAIN = text("""
    WITH answered AS (
        INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at)
        VALUES (:message_id, :conversation_id, :user_message_id, 'assistant', '', 'streaming', :moment)
    ), told AS (
        UPDATE messages SET notices = notices || CAST(:notices AS jsonb) WHERE id = :user_message_id
    ), touched AS (
        UPDATE conversations SET last_message_at = :moment WHERE id = :conversation_id
    )
    INSERT INTO replies (id, user_id, conversation_id, user_message_id, message_id, usage_date, units_held,
        server_key, created_at, heartbeat_at, marks)
    VALUES (:reply_id, :user_id, :conversation_id, :user_message_id, :message_id, :usage_date, :units_held,
        :server_key, :moment, :moment, CAST(:marks AS jsonb))
""")
_FINISH = text("""
    WITH reply AS (
        UPDATE replies SET finished_at = :moment, heartbeat_at = :moment, outcome = :outcome,
            delta_ends = :delta_ends, marks = CAST(:marks AS jsonb)
        WHERE id = :reply_id AND finished_at IS NULL
        RETURNING message_id, user_id, usage_date
    ), charged AS (
        UPDATE user_daily_usage d SET units_used = d.units_used + :units
        FROM reply WHERE d.user_id = reply.user_id AND d.date = reply.usage_date
    )
    UPDATE messages m SET content = :content, status = :status, units = :units,
        finish_reason = :finish_reason, model = :model
    FROM reply WHERE m.id = reply.message_id
    RETURNING m.id
""")
# What was judged together goes together: all that the person said since the last answer.
_WITHDRAW_QUESTION = text("""
    WITH question AS (
        SELECT conversation_id, position FROM messages WHERE id = :message_id
    ), said AS (
        UPDATE messages m SET content = '', status = 'retracted'
        FROM question q
        WHERE m.conversation_id = q.conversation_id AND m.role = 'user' AND m.position <= q.position
            AND NOT EXISTS (
                SELECT 1 FROM messages a
                WHERE a.conversation_id = q.conversation_id AND a.role = 'assistant' AND a.content <> ''
                    AND a.position > m.position AND a.position < q.position
            )
        RETURNING m.conversation_id, m.parent_id
    )
    UPDATE conversations c SET title = ch.name
    FROM said, characters ch
    WHERE c.id = said.conversation_id AND said.parent_id IS NULL AND ch.id = c.character_id
""")
# A server holds its lock for as long as it lives; a lock that nobody holds is a server that died.
_ABANDONED = text(f"""
    SELECT r.id FROM replies r
    WHERE r.finished_at IS NULL AND r.heartbeat_at < :silent_since AND NOT EXISTS (
        SELECT 1 FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid = {SERVER_LOCK} AND l.objid = r.server_key AND l.objsubid = 2
    )
""")  # noqa: S608  (a number of ours)


@dataclass(frozen=True, slots=True)
class LiveState:
    """What a running reply has written so far."""

    reply_id: UUID
    message_id: UUID
    content: str
    delta_ends: list[int]


@dataclass(frozen=True, slots=True)
class NewReply:
    """A turn that is about to begin; without `content` the question is there already.

    `notices` are added to the question; `marks` are the events that follow the reply's start.
    """

    reply_id: UUID
    user_id: UUID
    conversation_id: UUID
    user_message_id: UUID
    message_id: UUID
    parent_id: UUID | None
    content: str | None
    title: str
    usage_date: date
    units_held: int
    server_key: int
    moment: datetime
    notices: list[dict[str, Any]]
    marks: list[dict[str, Any]]


async def begin(session: AsyncSession, turn: NewReply) -> None:
    """Write down a turn. The partial unique index refuses a second live reply in a conversation."""
    values = {field.name: getattr(turn, field.name) for field in fields(turn)}
    for name in ("notices", "marks"):
        values[name] = orjson.dumps(values[name]).decode()
    await session.execute(_BEGIN if turn.content is not None else _BEGIN_AGAIN, values)


async def find_for_owner(session: AsyncSession, owner_id: UUID, reply_id: UUID) -> Row | None:
    """A person's reply with its message's text."""
    return (
        await session.execute(
            _with_message().where(col(Reply.id) == reply_id, col(Reply.user_id) == owner_id)
        )
    ).first()


async def find(session: AsyncSession, reply_id: UUID) -> Row | None:
    """Any reply with its message's text; for the keeper of replies alone."""
    return (await session.execute(_with_message().where(col(Reply.id) == reply_id))).first()


async def request_stop(session: AsyncSession, reply_id: UUID, moment: datetime) -> None:
    """Ask the server that writes a reply to stop, wherever it runs."""
    await session.execute(
        update(Reply)
        .where(col(Reply.id) == reply_id, col(Reply.finished_at).is_(None))
        .values(stop_requested_at=moment)
    )


async def checkpoint(
    session: AsyncSession, states: list[LiveState], moment: datetime
) -> list[tuple[UUID, bool, bool]]:
    """Write down what running replies have so far, all in one statement.

    Returns for each reply that still runs: its id, whether a stop was asked for, whether its person
    may still use the account.
    """
    payload = [
        {
            "reply_id": str(state.reply_id),
            "message_id": str(state.message_id),
            "content": state.content,
            "delta_ends": state.delta_ends,
        }
        for state in states
    ]
    rows = await session.execute(_CHECKPOINT, {"state": orjson.dumps(payload).decode(), "moment": moment})
    return [(reply_id, stop, allowed) for reply_id, stop, allowed in rows]


async def finish(
    session: AsyncSession,
    reply_id: UUID,
    *,
    moment: datetime,
    outcome: str,
    status: str,
    content: str,
    units: int,
    finish_reason: str | None,
    model: str | None,
    delta_ends: list[int],
    marks: list[dict[str, Any]],
) -> bool:
    """Write down how a reply ended and charge its day; False when it had been ended before."""
    done = await session.execute(
        _FINISH,
        {
            "reply_id": reply_id,
            "moment": moment,
            "outcome": outcome,
            "status": status,
            "content": content,
            "units": units,
            "finish_reason": finish_reason,
            "model": model,
            "delta_ends": delta_ends,
            "marks": orjson.dumps(marks).decode(),
        },
    )
    return done.first() is not None


async def withdraw_question(session: AsyncSession, message_id: UUID) -> None:
    """Keep nothing of a message, nor of those before it that had no answer; a title made of one goes too."""
    await session.execute(_WITHDRAW_QUESTION, {"message_id": message_id})


async def list_abandoned(session: AsyncSession, silent_since: datetime) -> list[UUID]:
    """Replies whose server is gone and that were not written to since the given moment."""
    rows = await session.execute(_ABANDONED, {"silent_since": silent_since})
    return list(rows.scalars())


def _with_message() -> Any:
    return select(
        col(Reply.id),
        col(Reply.user_id),
        col(Reply.conversation_id),
        col(Reply.user_message_id),
        col(Reply.message_id),
        col(Reply.usage_date),
        col(Reply.finished_at),
        col(Reply.outcome),
        col(Reply.delta_ends),
        col(Reply.marks),
        col(Message.content),
        col(Message.status),
    ).join(Message, col(Message.id) == col(Reply.message_id))
