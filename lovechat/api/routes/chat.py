"""Replies, streamed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from lovechat.api.deps import MOST, LanguageDep, PersonDep, ServicesDep
from lovechat.api.errors import refusals
from lovechat.api.sse import STREAM, EventStream
from lovechat.core.i18n import DEFAULT_LANGUAGE
from lovechat.schemas.conversations import SendMessage

router = APIRouter(prefix="/chat/stream", tags=["chat"])

SIGNED_IN = ("401 not_authenticated", "403 account_inactive", "403 age_restricted")


@router.post(
    "",
    status_code=200,
    response_class=EventStream,
    responses={
        **refusals(
            *SIGNED_IN,
            "403 content_blocked",
            "404 not_found",
            "409 reply_in_progress",
            "409 conversation_closed",
            "429 rate_limited",
            "429 quota_exceeded",
            "503 llm_unavailable",
        ),
        **STREAM,
    },
)
async def send_message(
    command: SendMessage, person: PersonDep, services: ServicesDep, language: LanguageDep
) -> Response:
    """Say something and stream the character's reply. Both are saved whether or not you stay."""
    live = await services.chat.send(person, command.conversation_id, command.content, language)
    return EventStream(live.follow(), language or DEFAULT_LANGUAGE)


@router.get(
    "/{reply_id}",
    status_code=200,
    response_class=EventStream,
    responses={**refusals(*SIGNED_IN, "404 not_found", "410 reply_expired"), **STREAM},
)
async def follow_reply(
    reply_id: UUID,
    person: PersonDep,
    services: ServicesDep,
    language: LanguageDep,
    after: Annotated[int | None, Query(ge=0, le=MOST, description="The last event id you saw.")] = None,
    last_event_id: Annotated[int | None, Header(ge=0, le=MOST)] = None,
) -> Response:
    """Get what was missed of a reply, then follow it live. Works for five minutes after its end."""
    seen = after if after is not None else last_event_id
    batches = await services.chat.follow(person, reply_id, seen or 0)
    return EventStream(batches, language or DEFAULT_LANGUAGE)


@router.post(
    "/{reply_id}/stop",
    status_code=202,
    responses=refusals(
        "401 not_authenticated", "403 account_inactive", "404 not_found", "409 reply_finished"
    ),
)
async def stop_reply(reply_id: UUID, person: PersonDep, services: ServicesDep) -> None:
    """End a reply where it is. Its text is kept; the stream ends with `done`, status `stopped`."""
    await services.chat.stop(person, reply_id)
