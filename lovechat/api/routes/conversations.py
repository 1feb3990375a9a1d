"""Conversations and their messages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from lovechat.api.deps import LanguageDep, Limit, Offset, PersonDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.api.sse import STREAM, EventStream
from lovechat.core.i18n import DEFAULT_LANGUAGE
from lovechat.schemas.base import Page
from lovechat.schemas.conversations import (
    ConversationView,
    CreateConversation,
    MessagePage,
    MessageView,
    RenameConversation,
    WriteMessage,
)
from lovechat.schemas.oversight import OwnReport, WriteReport

router = APIRouter(prefix="/conversations", tags=["conversations"])

SIGNED_IN = ("401 not_authenticated", "403 account_inactive")


@router.get("", responses=refusals(*SIGNED_IN))
async def list_conversations(
    person: PersonDep, services: ServicesDep, limit: Limit = 20, offset: Offset = 0
) -> Page[ConversationView]:
    """The person's conversations, newest activity first."""
    return await services.conversations.list(person, limit, offset)


@router.post("", status_code=201, responses=refusals(*SIGNED_IN, "404 character_not_found"))
async def create_conversation(
    command: CreateConversation, person: PersonDep, services: ServicesDep
) -> ConversationView:
    """Begin to talk with a character."""
    return await services.conversations.create(person, command.character_id)


@router.get("/{conversation_id}", responses=refusals(*SIGNED_IN, "404 not_found"))
async def read_conversation(
    conversation_id: UUID, person: PersonDep, services: ServicesDep
) -> ConversationView:
    """One conversation."""
    return await services.conversations.get(person, conversation_id)


@router.patch("/{conversation_id}", responses=refusals(*SIGNED_IN, "403 content_blocked", "404 not_found"))
async def rename_conversation(
    conversation_id: UUID, command: RenameConversation, person: PersonDep, services: ServicesDep
) -> ConversationView:
    """Give a conversation another title."""
    return await services.conversations.rename(person, conversation_id, command.title)


@router.delete(
    "/{conversation_id}",
    status_code=204,
    responses=refusals(*SIGNED_IN, "404 not_found", "409 reply_in_progress"),
)
async def delete_conversation(conversation_id: UUID, person: PersonDep, services: ServicesDep) -> None:
    """Erase a conversation with every message. There is no way back."""
    await services.conversations.delete(person, conversation_id)


@router.post(
    "/{conversation_id}/reset",
    status_code=201,
    responses=refusals(*SIGNED_IN, "404 not_found", "409 conversation_closed"),
)
async def reset_conversation(
    conversation_id: UUID, person: PersonDep, services: ServicesDep
) -> ConversationView:
    """Close a conversation, which stays readable, and begin another with the same character."""
    return await services.conversations.reset(person, conversation_id)


@router.post(
    "/{conversation_id}/retry",
    status_code=200,
    response_class=EventStream,
    responses={
        **refusals(
            *SIGNED_IN,
            "403 age_restricted",
            "404 not_found",
            "409 nothing_to_retry",
            "409 reply_in_progress",
            "409 conversation_closed",
            "429 rate_limited",
            "429 quota_exceeded",
            "503 llm_unavailable",
        ),
        **STREAM,
    },
)
async def retry_reply(
    conversation_id: UUID, person: PersonDep, services: ServicesDep, language: LanguageDep
) -> Response:
    """Stream another reply to the last message, when the one there broke off or was stopped."""
    live = await services.chat.retry(person, conversation_id, language)
    return EventStream(live.follow(), language or DEFAULT_LANGUAGE)


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    responses=refusals(
        *SIGNED_IN,
        "403 age_restricted",
        "403 content_blocked",
        "404 not_found",
        "409 conversation_closed",
    ),
)
async def write_message(
    conversation_id: UUID, command: WriteMessage, person: PersonDep, services: ServicesDep
) -> MessageView:
    """Add a message of the person's without asking for a reply."""
    return await services.chat.add_message(person, conversation_id, command.content)


@router.post(
    "/{conversation_id}/messages/{message_id}/report",
    status_code=201,
    responses=refusals(*SIGNED_IN, "404 not_found", "409 already_reported"),
)
async def report_reply(
    conversation_id: UUID, message_id: UUID, command: WriteReport, person: PersonDep, services: ServicesDep
) -> OwnReport:
    """Report a reply to those who run this server. They see this one reply, and not who reports it."""
    return await services.oversight.report(person, conversation_id, message_id, command)


@router.get("/{conversation_id}/messages", responses=refusals(*SIGNED_IN, "404 not_found"))
async def list_messages(
    conversation_id: UUID,
    person: PersonDep,
    services: ServicesDep,
    limit: Limit = 50,
    before: Annotated[UUID | None, Query(description="The `next_before` of the page after.")] = None,
) -> MessagePage:
    """The newest messages, or those before one; oldest first within the page."""
    return await services.conversations.list_messages(person, conversation_id, limit, before)
