"""Lists of the studio that are read page by page."""

import reflex as rx

from lovechat.ui.states.session import InStudio

PAGE = 20


class Paged(InStudio, rx.State, mixin=True):
    """For states that show a part of a longer list. They say how it is read, in `_read`."""

    loaded: bool = False
    total: int = 0
    offset: int = 0

    @rx.event
    async def load(self) -> None:
        """Read the list anew."""
        await self._actor()
        await self._read()

    @rx.event
    async def turn(self, pages: int) -> None:
        """Go some pages on or back."""
        await self._actor()
        self.offset = max(0, min(self.offset + int(pages) * PAGE, max(0, self.total - 1) // PAGE * PAGE))
        await self._read()

    @rx.var
    def first_shown(self) -> int:
        """The number of the first entry on screen, counted from 1; 0 when there is none."""
        return self.offset + 1 if self.total else 0

    @rx.var
    def last_shown(self) -> int:
        """The number of the last entry on screen."""
        return min(self.offset + PAGE, self.total)

    async def _read(self) -> None:
        raise NotImplementedError
