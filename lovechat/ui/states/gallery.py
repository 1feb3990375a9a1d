"""The characters, as anybody may see them."""

from dataclasses import dataclass

import reflex as rx

from lovechat.schemas.characters import CharacterView
from lovechat.ui.handshake import asked_language
from lovechat.ui.runtime import services


@dataclass
class CharacterCard:
    """A character for the gallery; the traits in percent."""

    id: str
    name: str
    tagline: str
    picture: str
    tone: str
    dominance: int
    affection: int


class GalleryState(rx.State):
    """The gallery and its search."""

    loaded: bool = False
    characters: list[CharacterCard] = []
    query: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the characters anew."""
        found = await services().characters.gallery(asked_language(self))
        self.characters = [_card(character) for character in found]
        self.query = ""  # the page's search box begins empty too
        self.loaded = True

    @rx.event
    def search(self, query: str) -> None:
        """Show only what matches."""
        self.query = query[:100]

    @rx.var
    def shown(self) -> list[CharacterCard]:
        """The characters that match the search."""
        words = self.query.casefold().split()
        return [
            card
            for card in self.characters
            if all(word in f"{card.name} {card.tagline} {card.tone}".casefold() for word in words)
        ]


def _card(view: CharacterView) -> CharacterCard:
    return CharacterCard(
        id=view.id,
        name=view.name,
        tagline=view.tagline,
        picture=view.avatar_url or "",
        tone=view.tone,
        dominance=round(view.dominance * 100),
        affection=round(view.affection * 100),
    )
