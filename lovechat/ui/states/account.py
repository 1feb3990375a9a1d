"""A person's own account on screen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from lovechat.core.errors import not_found
from lovechat.schemas.accounts import SessionView, UpdateMe
from lovechat.services.guardrails.resources import ANYWHERE, all_resources
from lovechat.ui.runtime import services
from lovechat.ui.states.charts import Bar, bars
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.quota import QuotaState
from lovechat.ui.states.session import SignedIn

DAYS = 30
# Those whose own helplines we can name.
EXPLICIT_STEPS = (0, 25, 50, 75, 100)  # percent
HELP_COUNTRIES = tuple(sorted({place.country for place in all_resources()} - {ANYWHERE}))


@dataclass
class SignIn:
    """One place where the person is signed in; `seen` is an ISO time in UTC."""

    id: str
    device: str
    program: bool
    current: bool
    seen: str


class AccountState(SignedIn, rx.State):
    """What the account page shows. The forms themselves are sent to the API, not to this state."""

    loaded: bool = False
    email: str = ""
    explicit: str = "0"  # one of the steps
    country: str = ""  # empty: one of which no helpline is known here, or none was chosen
    sign_ins: list[SignIn] = []
    days: list[Bar] = []
    units: int = 0

    @rx.event
    async def load(self) -> None:
        """Read everything anew."""
        person = await self._who()
        usage = await services().personal_data.usage_by_day(person.id, DAYS)
        self.email = person.email
        wanted = round(person.explicit_preference * 100)
        self.explicit = str(max(step for step in EXPLICIT_STEPS if step <= wanted))
        self.country = person.country if person.country in HELP_COUNTRIES else ""
        self.sign_ins = [_sign_in(view) for view in await services().web_sessions.list(person)]
        self.days = bars([(day.date.isoformat(), day.units_used) for day in usage])
        self.units = sum(day.units_used for day in usage)
        (await self.get_state(QuotaState))._show(await services().usage.today(person.id))
        self.loaded = True

    @rx.event
    async def remove_picture(self) -> Any:
        """Leave the person without a picture."""
        await services().avatars.remove(await self._who())
        return [AccountState.load, Notices.show("picture_removed")]

    @rx.event
    async def choose_explicit(self, step: str) -> Any:
        """Say how explicit replies may be at most."""
        chosen = next((one for one in EXPLICIT_STEPS if str(one) == step), 0)
        await services().accounts.update(await self._who(), UpdateMe(explicit_preference=chosen / 100))
        self.explicit = str(chosen)
        return Notices.show("explicit_saved")

    @rx.event
    async def choose_country(self, country: str) -> Any:
        """Name the helplines of another country, or those that help anywhere."""
        chosen = country if country in HELP_COUNTRIES else None
        await services().accounts.update(await self._who(), UpdateMe(country=chosen))
        self.country = chosen or ""
        return Notices.show("country_saved")

    @rx.event
    async def end_sign_in(self, session_id: str) -> Any:
        """End one of the person's sign-ins."""
        person = await self._who()
        try:
            chosen = UUID(session_id)
        except ValueError:
            raise not_found() from None
        await services().web_sessions.end_one(person, chosen)
        self.sign_ins = [_sign_in(view) for view in await services().web_sessions.list(person)]
        return Notices.show("session_ended")


def _sign_in(view: SessionView) -> SignIn:
    return SignIn(
        id=str(view.id),
        device=view.device or "",
        program=view.kind == "program",
        current=view.current,
        seen=view.model_dump(mode="json")["last_seen_at"],
    )
