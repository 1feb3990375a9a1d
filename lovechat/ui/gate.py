"""Decides, for every event of every tab, who sends it and whether they may.

Any browser can call any handler with any arguments, so nothing that a page sends says who
somebody is: that comes from the cookies of the socket's handshake, looked up at each event.
"""

import logging
from typing import cast
from urllib.parse import quote

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event, EventSpec

from lovechat.core.errors import LoveChatError
from lovechat.ui.identity import find_admin, find_person
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.session import SessionState

log = logging.getLogger(__name__)

OURS = "lovechat___ui___states___"
STUDIO = f"{OURS}studio"
# Whoever comes may call these; every other state of ours needs somebody.
PUBLIC = tuple(f"{OURS}{module}____" for module in ("gallery", "notices", "safety"))


class Gate(rx.Middleware):
    """Finds out who sends an event, and turns away those who may not send it."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """Put the person into the session's state, wipe a tab that changed hands, or redirect."""
        session = await state.get_state(SessionState)
        cookies = session.router.headers.cookie
        person = await find_person(cookies)
        admin = await find_admin(cookies)
        before = session._person
        changed_hands = before is not None and (person is None or person.id != before.id)
        if changed_hands or (session.admin and admin is None):
            state._get_root_state().reset()
            session = await state.get_state(SessionState)
        if session._person != person or session._admin != admin:
            session._enter(person, admin)
        where = find_door(event.name, signed_in=person is not None, admin=admin is not None)
        if where is None:
            return None
        path = session.router.url.path
        target = f"{where}?next={quote(path)}" if path not in ("", "/", where) else where
        return StateUpdate(events=Event.from_event_type(rx.redirect(target)))


def find_door(event: str, *, signed_in: bool, admin: bool) -> str | None:
    """Where somebody has to go who may not send this event; None lets it pass."""
    if OURS not in event or any(state in event for state in PUBLIC):
        return None
    if STUDIO in event:
        return None if admin else "/studio/login"
    return None if signed_in else "/login"


def refused(exception: Exception) -> EventSpec:
    """Tell the person what went wrong in a handler; the details stay in the log."""
    if isinstance(exception, LoveChatError):
        return cast("EventSpec", Notices.show(exception.code))
    log.error("an event of the pages broke", exc_info=exception)
    return cast("EventSpec", Notices.show("internal_error"))
