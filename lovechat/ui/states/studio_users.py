"""People, as those who run the server see them."""

from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import reflex as rx

from lovechat.core.errors import not_found
from lovechat.schemas.accounts import AdminUserView
from lovechat.schemas.admin import AccountStatus
from lovechat.ui.runtime import services
from lovechat.ui.states.charts import Bar, bars
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.paging import PAGE, Paged

DAYS = 30
STATUSES: tuple[AccountStatus, ...] = get_args(AccountStatus)


@dataclass
class UserRow:
    """A person in the list; `since` is an ISO time in UTC, `state` as in `AccountStatus`."""

    id: str
    name: str
    email: str
    picture: str
    since: str
    birthdate: str
    units: int
    state: str


class StudioUsersState(Paged, rx.State):
    """The list, its search, and the person who is looked at."""

    rows: list[UserRow] = []
    query: str = ""
    status: str = ""
    chosen: UserRow = UserRow("", "", "", "", "", "", 0, "")
    days: list[Bar] = []
    units: int = 0

    @rx.event
    async def search(self, query: str) -> None:
        """Show only people whose name or address has this in it."""
        await self._actor()
        self.query = query[:100]
        self.offset = 0
        await self._read()

    @rx.event
    async def choose_status(self, status: str) -> None:
        """Show only accounts of one state."""
        await self._actor()
        self.status = status if status in STATUSES else ""
        self.offset = 0
        await self._read()

    @rx.event
    async def choose(self, user_id: str) -> None:
        """Look at one person."""
        await self._actor()
        chosen = _identifier(user_id)
        self.chosen = _row(await services().admin.get_user(chosen))
        usage = await services().personal_data.usage_by_day(chosen, DAYS)
        self.days = bars([(day.date.isoformat(), day.units_used) for day in usage])
        self.units = sum(day.units_used for day in usage)

    @rx.event
    async def set_active(self, user_id: str, active: bool) -> Any:
        """Open or shut the account."""
        actor = await self._actor()
        view = await services().admin.set_active(actor, _identifier(user_id), is_active=bool(active))
        self.chosen = _row(view)
        await self._read()
        return Notices.show("user_activated" if view.is_active else "user_deactivated")

    async def _read(self) -> None:
        status = next((one for one in STATUSES if one == self.status), None)
        page = await services().admin.list_users(PAGE, self.offset, self.query.strip() or None, status)
        self.rows = [_row(view) for view in page.items]
        self.total = page.total
        self.loaded = True


def _identifier(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise not_found() from None


def _row(view: AdminUserView) -> UserRow:
    data = view.model_dump(mode="json")
    state = "inactive" if not view.is_active else "review" if view.review_reason else "active"
    return UserRow(
        id=str(view.id),
        name=view.display_name,
        email=view.email,
        picture=view.avatar_url or "",
        since=data["created_at"],
        birthdate=data["birthdate"],
        units=view.units_used_today,
        state=state,
    )
