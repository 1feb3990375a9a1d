"""Who sits at the browser, as the server found out for the event at hand."""

import reflex as rx

from lovechat.core.errors import not_authenticated
from lovechat.services.accounts import Person
from lovechat.services.audit import Actor


class SessionState(rx.State):
    """The signed-in person. Only the gate writes here."""

    signed_in: bool = False
    admin: bool = False
    name: str = ""
    picture: str = ""
    person_id: str = ""
    _person: Person | None = None
    _admin: Actor | None = None

    def _enter(self, person: Person | None, admin: Actor | None) -> None:
        self._person = person
        self._admin = admin
        self.admin = admin is not None
        self.signed_in = person is not None
        self.name = person.display_name if person else ""
        self.picture = (person.avatar_url or "") if person else ""
        self.person_id = str(person.id) if person else ""


class InStudio(rx.State, mixin=True):
    """For states whose events need an admin; the gate has let nobody else through."""

    async def _actor(self) -> Actor:
        admin = (await self.get_state(SessionState))._admin
        if admin is None:
            raise not_authenticated()
        return admin


class SignedIn(rx.State, mixin=True):
    """For states whose events need a person; the gate has let nobody else through."""

    async def _who(self) -> Person:
        person = (await self.get_state(SessionState))._person
        if person is None:
            raise not_authenticated()
        return person
