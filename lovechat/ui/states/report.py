"""Reporting a reply to those who run the server."""

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from lovechat.core.errors import LoveChatError, not_found
from lovechat.schemas.oversight import WriteReport
from lovechat.ui.runtime import services
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.session import SignedIn


class ReportState(SignedIn, rx.State):
    """The reply that is about to be reported."""

    message_id: str = ""

    @rx.event
    async def begin(self, message_id: str) -> None:
        """Choose the reply."""
        self.message_id = message_id[:64]

    @rx.event
    async def send(self, form: dict[str, Any]) -> Any:
        """Report it."""
        person = await self._who()
        chat = await self.get_state(ChatState)
        try:
            command = WriteReport(reason=form.get("reason", "other"), note=str(form.get("note", "")))
            ids = UUID(chat.conversation_id), UUID(self.message_id)
        except ValidationError:
            return Notices.show("invalid_request")
        except ValueError:
            raise not_found() from None
        try:
            await services().oversight.report(person, *ids, command)
        except LoveChatError as error:
            if error.code != "already_reported":
                raise
        return Notices.show("reported")
