"""Characters: the gallery, the first two, and what admins do with them."""

import logging
import re
import unicodedata
from functools import lru_cache
from typing import Any

from sqlalchemy.exc import IntegrityError

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError, invalid, not_found
from lovechat.core.i18n import DEFAULT_LANGUAGE, Language
from lovechat.models import Character
from lovechat.repos import characters
from lovechat.schemas.base import Page
from lovechat.schemas.characters import (
    AdminCharacterView,
    CharacterView,
    CreateCharacter,
    UpdateCharacter,
)
from lovechat.services import guardrails
from lovechat.services.audit import Actor, record

log = logging.getLogger(__name__)

FIRST_CHARACTERS = (
    CreateCharacter(
        id="luna",
        name="Luna",
        tone="playful",
        dominance=0.6,
        affection=0.8,
        explicit_level=0.2,
        tagline="Quick wit, soft landing.",
        taglines={"en": "Quick wit, soft landing.", "es": "Ingenio rápido, corazón blando."},
        boundaries=["No humiliation, not even as a joke", "No jealousy scenes"],
    ),
    CreateCharacter(
        id="vera",
        name="Vera",
        tone="romantic",
        dominance=0.3,
        affection=0.9,
        explicit_level=0.2,
        tagline="Slow evenings, long letters.",
        taglines={"en": "Slow evenings, long letters.", "es": "Tardes lentas, cartas largas."},
        boundaries=["No humiliation, not even as a joke", "No promises of a life outside the chat"],
    ),
)
LONGEST_SLUG = 64


class Characters:
    """Use cases of characters."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def seed(self) -> None:
        """Create Luna and Vera when there is no character at all; two servers may try at once."""
        try:
            async with self._sessions.begin() as session:
                if await characters.count(session) == 0:
                    for command in FIRST_CHARACTERS:
                        await characters.add(session, self._new(command, command.id or ""))
        except IntegrityError:
            return  # another server was faster

    async def gallery(self, language: Language | None) -> list[CharacterView]:
        """Every character as anybody may see it, its tagline in the given language."""
        async with self._sessions() as session:
            found = await characters.list_all(session)
        views = []
        for character in found:
            # Read again with the rules of today: they may be stricter than when the character was made.
            if not is_allowed_persona(_texts(character.model_dump()), tuple(character.boundaries)):
                log.warning("character %s is not shown: the guard does not allow it", character.id)
                continue
            view = CharacterView.model_validate(character)
            view.tagline = character.taglines.get(language or DEFAULT_LANGUAGE, character.tagline)
            views.append(view)
        return views

    async def list(self, limit: int, offset: int) -> Page[AdminCharacterView]:
        """Characters with all that shapes them."""
        async with self._sessions() as session:
            found, total = await characters.list_page(session, limit, offset)
        items = [AdminCharacterView.model_validate(character) for character in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    async def get(self, character_id: str) -> AdminCharacterView:
        """One character. Raises `LoveChatError` `not_found`."""
        async with self._sessions() as session:
            character = await characters.find(session, character_id)
        if character is None:
            raise not_found()
        return AdminCharacterView.model_validate(character)

    async def create(self, actor: Actor, command: CreateCharacter) -> AdminCharacterView:
        """Make a character.

        Raises:
            LoveChatError: `character_exists`, `content_blocked` for a persona that is not allowed,
                or `invalid_request` when no slug can be made of the name.
        """
        _require_allowed(command.model_dump())
        character_id = command.id or slug(command.name)
        if not character_id:
            raise invalid("id", "is needed, because no slug such as luna can be made of this name")
        character = self._new(command, character_id)
        try:
            async with self._sessions.begin() as session:
                await characters.add(session, character)
                await record(
                    session, self._clock(), actor, "character.create", "character", character_id,
                    {"new": command.model_dump(exclude={"id"})},
                )  # fmt: skip
        except IntegrityError:
            raise LoveChatError("character_exists", Kind.CONFLICT) from None
        return AdminCharacterView.model_validate(character)

    async def update(self, actor: Actor, character_id: str, command: UpdateCharacter) -> AdminCharacterView:
        """Change a character; from the next reply on it is like that.

        Raises:
            LoveChatError: `not_found`, or `content_blocked` for a persona that is not allowed.
        """
        given = command.model_dump(exclude_unset=True)
        async with self._sessions.begin() as session:
            character = await characters.lock(session, character_id)
            if character is None:
                raise not_found()
            changed = {field: value for field, value in given.items() if value != getattr(character, field)}
            if changed:
                _require_allowed({**character.model_dump(), **changed})
                before = {field: getattr(character, field) for field in changed}
                await characters.change(session, character, changed, self._clock())
                await record(
                    session, self._clock(), actor, "character.update", "character", character_id,
                    {"old": before, "new": changed},
                )  # fmt: skip
        return AdminCharacterView.model_validate(character)

    async def delete(self, actor: Actor, character_id: str) -> None:
        """Remove a character that nobody has talked with.

        Raises:
            LoveChatError: `not_found`, or `character_in_use`.
        """
        in_use = LoveChatError("character_in_use", Kind.CONFLICT)
        try:
            async with self._sessions.begin() as session:
                character = await characters.lock(session, character_id)
                if character is None:
                    raise not_found()
                if await characters.has_conversations(session, character_id):
                    raise in_use
                await characters.remove(session, character_id)
                old = AdminCharacterView.model_validate(character).model_dump(mode="json")
                await record(
                    session, self._clock(), actor, "character.delete", "character", character_id,
                    {"old": old},
                )  # fmt: skip
        except IntegrityError:
            raise in_use from None

    def _new(self, command: CreateCharacter, character_id: str) -> Character:
        moment = self._clock()
        values = command.model_dump(exclude={"id"})
        return Character(id=character_id, created_at=moment, updated_at=moment, **values)


def slug(name: str) -> str:
    """A name as an identifier: `María José` becomes `maria-jose`. Empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-")


@lru_cache(maxsize=1024)
def is_allowed_persona(texts: tuple[str, ...], boundaries: tuple[str, ...]) -> bool:
    """Whether the guard lets a character with these texts be."""
    return guardrails.check_persona(texts, boundaries=boundaries).allowed


def _texts(fields: dict[str, Any]) -> tuple[str, ...]:
    texts = (fields["name"], fields["tone"], fields["tagline"], *fields["taglines"].values())
    return tuple(text for text in texts if text)


def _require_allowed(fields: dict[str, Any]) -> None:
    if not is_allowed_persona(_texts(fields), tuple(fields["boundaries"])):
        raise LoveChatError("content_blocked", Kind.FORBIDDEN)
