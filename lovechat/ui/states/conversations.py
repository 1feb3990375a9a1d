"""A person's conversations, for the list beside each of them and for the gallery."""

from dataclasses import dataclass

import reflex as rx

from lovechat.schemas.conversations import ConversationView
from lovechat.ui.runtime import services
from lovechat.ui.states.session import SignedIn

PAGE = 50
MOST = 1000


@dataclass
class ConversationItem:
    """A line of the list; `moment` is an ISO time in UTC."""

    id: str
    title: str
    character_id: str
    name: str
    picture: str
    moment: str
    closed: bool


class ConversationsState(SignedIn, rx.State):
    """The list, newest activity first."""

    loaded: bool = False
    items: list[ConversationItem] = []
    total: int = 0
    _wanted: int = PAGE

    @rx.event
    async def load(self) -> None:
        """Read the list anew."""
        await self._read()

    @rx.event
    async def more(self) -> None:
        """Show more of the list."""
        self._wanted = min(self._wanted + PAGE, MOST)
        await self._read()

    @rx.event
    async def begin(self, character_id: str) -> rx.event.EventSpec:
        """Begin a conversation with a character and go there."""
        view = await services().conversations.create(await self._who(), character_id)
        return rx.redirect(f"/c/{view.id}")

    @rx.var
    def has_more(self) -> bool:
        """Whether the list goes on."""
        return len(self.items) < self.total

    @rx.var
    def open_by_character(self) -> dict[str, str]:
        """The newest conversation with each character that can go on."""
        newest: dict[str, str] = {}
        for item in self.items:
            if not item.closed:
                newest.setdefault(item.character_id, item.id)
        return newest

    async def _read(self) -> None:
        page = await services().conversations.list(await self._who(), self._wanted, 0)
        self.items = [_item(view) for view in page.items]
        self.total = page.total
        self.loaded = True


def _item(view: ConversationView) -> ConversationItem:
    data = view.model_dump(mode="json")
    return ConversationItem(
        id=str(view.id),
        title=view.title,
        character_id=view.character.id,
        name=view.character.name,
        picture=view.character.avatar_url or "",
        moment=data["last_message_at"] or data["created_at"],
        closed=view.status == "closed",
    )
