"""What the studio shows of the whole, and its workshop: a character is tried before anybody meets it."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

from lovechat.core.clock import Clock, day_of
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.i18n import Language
from lovechat.core.security import keyed_digest
from lovechat.repos import admin
from lovechat.repos.admin import AuditFilter
from lovechat.schemas.admin import AuditEntryView, CharacterDraft, DayStats, PromptPreview, PromptSegment
from lovechat.schemas.base import Page
from lovechat.schemas.characters import AdminCharacterView, UpdateCharacter
from lovechat.services import guardrails
from lovechat.services.audit import Actor
from lovechat.services.avatars import Avatars
from lovechat.services.characters import Characters, is_allowed_persona
from lovechat.services.llm_client import LLMClient, LLMError, LLMRequest
from lovechat.services.prompt_builder import PROMPT_VERSION, PromptMessage, build_prompt, compile_persona

# Nobody's name: what is tried in the studio is said by no person.
VISITOR = "Alex"


class Studio:
    """Use cases of the studio that change nothing of people's."""

    def __init__(
        self,
        sessions: Sessions,
        characters: Characters,
        avatars: Avatars,
        llm: LLMClient,
        secret: str,
        max_tokens: int,
        explicit_ceiling: float,
        clock: Clock,
    ) -> None:
        """`max_tokens` caps the tried replies; `explicit_ceiling` is the operator's and provider's."""
        self.explicit_ceiling = explicit_ceiling
        self._sessions = sessions
        self._characters = characters
        self._avatars = avatars
        self._llm = llm
        self._secret = secret
        self._max_tokens = max_tokens
        self._clock = clock

    async def stats(self, days: int) -> list[DayStats]:
        """What happened on each of the last `days` UTC days, oldest first, today last."""
        last = day_of(self._clock())
        async with self._sessions() as session:
            rows = await admin.count_by_day(session, last - timedelta(days=days - 1), last)
        return [DayStats.model_validate(row) for row in rows]

    async def audit(self, wanted: AuditFilter, limit: int, offset: int) -> Page[AuditEntryView]:
        """Changes by admins, newest first."""
        async with self._sessions() as session:
            found, total = await admin.list_audit(session, wanted, limit, offset)
        items = [AuditEntryView.model_validate(entry) for entry in found]
        return Page(items=items, total=total, limit=limit, offset=offset)

    def preview(self, draft: CharacterDraft, language: Language, person_name: str = VISITOR) -> PromptPreview:
        """The system prompt of a draft, in pieces that name what of the character they come from."""
        segments = compile_persona(self._capped(draft), person_name, language)
        return PromptPreview(
            prompt_version=PROMPT_VERSION,
            language=language,
            segments=[PromptSegment(source=part.source, text=part.text) for part in segments],
        )

    async def try_out(
        self, draft: CharacterDraft, language: Language, history: Sequence[PromptMessage]
    ) -> AsyncGenerator[str]:
        """What a draft answers, in pieces. Nothing is stored and nobody's units are used.

        `history` is oldest first and ends with what is said to the character.

        Raises:
            LoveChatError: `content_blocked`, or the model's failure, such as `llm_unavailable`.
        """
        refused = LoveChatError("content_blocked", Kind.FORBIDDEN)
        allowed = is_allowed_persona((draft.name, draft.tone), tuple(draft.boundaries))
        *before, said = [message.content for message in history]
        if not allowed or not guardrails.check_message(said, history=before).allowed:
            raise refused
        prompt = build_prompt(self._capped(draft), VISITOR, language, list(history))
        key = keyed_digest(self._secret, "safety-identifier", "studio")
        guard = guardrails.OutputGuard(history=[*before, said])
        try:
            async with self._llm.stream(LLMRequest(prompt, self._max_tokens, key, language)) as stream:
                async for text in stream.text:
                    if shown := guard.feed(text):
                        yield shown
                    if not guard.verdict.allowed:
                        raise refused
        except LLMError as error:
            raise LoveChatError(error.code, Kind.UNAVAILABLE) from None
        rest = guard.finish()
        if not guard.verdict.allowed:
            raise refused
        if rest:
            yield rest

    def _capped(self, draft: CharacterDraft) -> CharacterDraft:
        """The draft as somebody gets it who has set no limit of their own."""
        level = min(draft.explicit_level, self.explicit_ceiling)
        return draft.model_copy(update={"explicit_level": level})

    async def set_picture(self, actor: Actor, character_id: str, data: bytes) -> AdminCharacterView:
        """Give a character a picture. Raises `not_found`, and as `Avatars.keep`.

        The file of the one before stays: earlier versions of the character name it.
        """
        await self._characters.get(character_id)
        url = await self._avatars.keep(data)
        try:
            return await self._characters.update(actor, character_id, UpdateCharacter(avatar_url=url))
        except LoveChatError:
            await self._avatars.forget(url)
            raise

    async def remove_picture(self, actor: Actor, character_id: str) -> AdminCharacterView:
        """Leave a character with its generated portrait. Raises `not_found`."""
        return await self._characters.update(actor, character_id, UpdateCharacter(avatar_url=None))
