"""One character on the bench: what is being changed, and the prompt that comes of it."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from pydantic import ValidationError

from lovechat.core.errors import LoveChatError
from lovechat.core.i18n import LANGUAGES, Language
from lovechat.schemas.admin import CharacterDraft
from lovechat.schemas.characters import AdminCharacterView, CreateCharacter, UpdateCharacter
from lovechat.ui.handshake import asked_language
from lovechat.ui.runtime import services
from lovechat.ui.states.notices import Notices
from lovechat.ui.states.session import InStudio

NEW = "/studio/new-character"
ALL = "/studio/characters"
TEXTS = ("name", "tone", "tagline_es", "tagline_en", "new_id")
SLIDERS = ("dominance", "affection", "explicit_level")


@dataclass
class Piece:
    """A piece of the prompt, what it comes from, and whether the saved character has another."""

    source: str
    text: str
    changed: bool


@dataclass
class Boundary:
    """A line of the list; `key` stays while the text changes."""

    key: int
    text: str


class StudioEditorState(InStudio, rx.State):
    """The draft. Nothing of it counts until it is saved."""

    loaded: bool = False
    missing: bool = False
    character_id: str = ""
    version: int = 0
    picture: str = ""
    new_id: str = ""
    name: str = ""
    tone: str = "playful"
    tagline_es: str = ""
    tagline_en: str = ""
    dominance: int = 50
    affection: int = 50
    explicit_level: int = 0
    boundaries: list[Boundary] = []
    ceiling: int = 100  # of explicitness, in percent: the operator's and the provider's
    language: Language = "es"
    pieces: list[Piece] = []
    serial: int = 0  # grows when another character comes onto the bench
    _next_key: int = 0
    _saved: AdminCharacterView | None = None

    @rx.var
    def is_new(self) -> bool:
        """Whether the character is still to be made."""
        return not self.character_id

    @rx.var
    def has_boundaries(self) -> bool:
        """Whether there is a line in the list."""
        return bool(self.boundaries)

    @rx.var
    def complete(self) -> bool:
        """Whether everything is there that a character needs."""
        return bool(self.name.strip() and self.tone.strip())

    # Not kept: the fields that it looks at are named at run time, where Reflex does not see them.
    @rx.var(cache=False)
    def unsaved(self) -> bool:
        """Whether the draft differs from what is saved."""
        if self._saved is None:
            return bool(self.name)
        return self._changes() != {}

    @rx.event
    async def load(self) -> None:
        """Put the character that the address names onto the bench, or an empty one."""
        await self._actor()
        path = self.router.url.path.rstrip("/")
        self.reset()
        self.serial += 1
        self.ceiling = round(services().studio.explicit_ceiling * 100)
        self.language = asked_language(self) or "es"
        if path != NEW:
            try:
                view = await services().characters.get(path.rpartition("/")[2])
            except LoveChatError:
                self.missing = True
                self.loaded = True
                return
            self._take(view)
        self._draw()
        self.loaded = True

    @rx.event
    async def write(self, field: str, value: str) -> None:
        """Change one of the texts."""
        if field in TEXTS:
            setattr(self, field, value[:200])
            self._draw()

    @rx.event
    async def slide(self, field: str, value: int) -> None:
        """Move a slider, in percent."""
        if field in SLIDERS:
            setattr(self, field, max(0, min(100, int(value))))
            self._draw()

    @rx.event
    async def add_boundary(self) -> None:
        """Add an empty line."""
        self._next_key += 1
        self.boundaries = [*self.boundaries, Boundary(self._next_key, "")][:30]

    @rx.event
    async def write_boundary(self, key: int, value: str) -> None:
        """Change a line."""
        self.boundaries = [
            Boundary(line.key, value[:200] if line.key == key else line.text) for line in self.boundaries
        ]
        self._draw()

    @rx.event
    async def remove_boundary(self, key: int) -> None:
        """Take a line away."""
        self.boundaries = [line for line in self.boundaries if line.key != key]
        self._draw()

    @rx.event
    async def show_in(self, language: str) -> None:
        """Show the prompt in another language."""
        self.language = next((one for one in LANGUAGES if one == language), self.language)
        self._draw()

    @rx.event
    async def save(self) -> Any:
        """Write the draft down: from the next reply on the character is like that."""
        actor = await self._actor()
        try:
            if self._saved is None:
                command = CreateCharacter(id=self.new_id.strip() or None, **self._fields())
                view = await services().characters.create(actor, command)
                return [Notices.show("character_created"), rx.redirect(f"{ALL}/{view.id}")]
            changes = UpdateCharacter(**self._changes())
            self._take(await services().characters.update(actor, self.character_id, changes))
        except ValidationError:
            return Notices.show("invalid_request")
        self._draw()
        return Notices.show("character_saved")

    @rx.event
    async def delete(self) -> Any:
        """Remove the character, if nobody has talked with it."""
        await services().characters.delete(await self._actor(), self.character_id)
        return [Notices.show("character_deleted"), rx.redirect(ALL)]

    @rx.event
    async def look_again(self) -> None:
        """Read what a new picture has changed; the draft stays as it is."""
        await self._actor()
        self._note(await services().characters.get(self.character_id))

    @rx.event
    async def remove_picture(self) -> Any:
        """Go back to the generated portrait."""
        self._note(await services().studio.remove_picture(await self._actor(), self.character_id))
        return Notices.show("picture_removed")

    def _draft(self) -> CharacterDraft | None:
        """What of the draft goes into a prompt; None while something is missing."""
        fields = self._fields()
        try:
            return CharacterDraft(**{key: fields[key] for key in CharacterDraft.model_fields})
        except ValidationError:
            return None

    def _fields(self) -> dict[str, Any]:
        texts = {"es": self.tagline_es.strip(), "en": self.tagline_en.strip()}
        taglines = {language: text for language, text in texts.items() if text}
        return {
            "name": self.name.strip(),
            "tone": self.tone.strip(),
            "taglines": taglines,
            "tagline": taglines.get("en") or taglines.get("es") or "",
            **{name: getattr(self, name) / 100 for name in SLIDERS},
            "boundaries": [line.text.strip() for line in self.boundaries if line.text.strip()],
        }

    def _changes(self) -> dict[str, Any]:
        """What the draft has otherwise. Sliders count when they were moved by a percent."""
        saved = self._saved
        if saved is None:
            return {}
        fields = self._fields()
        if fields["taglines"] == saved.taglines:
            del fields["tagline"]
        for name in SLIDERS:
            if getattr(self, name) == round(getattr(saved, name) * 100):
                del fields[name]
        return {key: value for key, value in fields.items() if value != getattr(saved, key)}

    def _note(self, view: AdminCharacterView) -> None:
        self._saved = view
        self.version = view.version
        self.picture = view.avatar_url or ""

    def _take(self, view: AdminCharacterView) -> None:
        self._note(view)
        self.character_id = view.id
        self.name = view.name
        self.tone = view.tone
        self.tagline_es = view.taglines.get("es", "")
        self.tagline_en = view.taglines.get("en", "" if view.taglines else view.tagline)
        for name in SLIDERS:
            setattr(self, name, round(getattr(view, name) * 100))
        self.boundaries = [Boundary(key, text) for key, text in enumerate(view.boundaries)]
        self._next_key = len(view.boundaries)

    def _draw(self) -> None:
        """Compile the prompt anew. An unfinished draft leaves the last one on screen."""
        draft = self._draft()
        if draft is None:
            return
        before: list[str] | None = None
        if self._saved is not None:
            kept = {key: getattr(self._saved, key) for key in CharacterDraft.model_fields}
            saved = services().studio.preview(CharacterDraft(**kept), self.language)
            before = [part.text for part in saved.segments]
        now = services().studio.preview(draft, self.language).segments
        self.pieces = [
            Piece(part.source, part.text, changed=before is not None and part.text != before[number])
            for number, part in enumerate(now)
        ]
