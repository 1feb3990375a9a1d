"""The list of characters in the studio."""

from dataclasses import dataclass

import reflex as rx

from lovechat.ui.runtime import services
from lovechat.ui.states.session import InStudio

MOST = 100


@dataclass
class CharacterRow:
    """A character in the list; sliders in percent."""

    id: str
    name: str
    picture: str
    tone: str
    version: int
    dominance: int
    affection: int
    explicit_level: int


class StudioCharactersState(InStudio, rx.State):
    """All characters, by age."""

    loaded: bool = False
    rows: list[CharacterRow] = []

    @rx.var
    def empty(self) -> bool:
        """Whether there is none at all."""
        return self.loaded and not self.rows

    @rx.event
    async def load(self) -> None:
        """Read the list anew."""
        await self._actor()
        page = await services().characters.list(MOST, 0)
        self.rows = [
            CharacterRow(
                id=view.id,
                name=view.name,
                picture=view.avatar_url or "",
                tone=view.tone,
                version=view.version,
                dominance=round(view.dominance * 100),
                affection=round(view.affection * 100),
                explicit_level=round(view.explicit_level * 100),
            )
            for view in page.items
        ]
        self.loaded = True
