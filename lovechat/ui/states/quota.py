"""What is left of the day's units."""

import reflex as rx

from lovechat.schemas.accounts import UsageView
from lovechat.services.usage import MIN_UNITS
from lovechat.ui.runtime import services
from lovechat.ui.states.session import SignedIn


class QuotaState(SignedIn, rx.State):
    """The meter. `reset_at` is an ISO time in UTC."""

    known: bool = False
    used: int = 0
    limit: int = 0
    remaining: int = 0
    reset_at: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the meter anew."""
        self._show(await services().usage.today((await self._who()).id))

    @rx.var
    def percent_left(self) -> int:
        """How much of the day is left, from 0 to 100; never 0 while a reply is still possible."""
        if self.remaining < MIN_UNITS or not self.limit:
            return 0
        return max(1, round(100 * self.remaining / self.limit))

    @rx.var
    def spent(self) -> bool:
        """Whether there is not enough left for a reply."""
        return self.known and self.remaining < MIN_UNITS

    def _show(self, view: UsageView) -> None:
        self.used = view.units_used
        self.limit = view.units_limit
        self.remaining = view.units_remaining
        self.reset_at = view.model_dump(mode="json")["reset_at"]
        self.known = True
