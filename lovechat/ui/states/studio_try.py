"""A few words with a character as it would be. Nothing is kept, nobody's units are used."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lovechat.core.errors import LoveChatError
from lovechat.schemas.conversations import MAX_CONTENT
from lovechat.services.prompt_builder import PromptMessage
from lovechat.ui.runtime import services
from lovechat.ui.states.session import InStudio
from lovechat.ui.states.studio_editor import StudioEditorState

TICK_SECONDS = 0.09
MOST_LINES = 40


@dataclass
class TryLine:
    """Something that was said on the bench."""

    mine: bool
    text: str


class StudioTryState(InStudio, rx.State):
    """The conversation beside the sliders; it lives in this tab alone."""

    lines: list[TryLine] = []
    growing: str = ""
    busy: bool = False
    refusal: str = ""

    @rx.var
    def begun(self) -> bool:
        """Whether anything was said."""
        return bool(self.lines)

    @rx.event
    async def clear(self) -> None:
        """Begin anew."""
        await self._actor()
        self.reset()

    @rx.event
    async def send(self, form: dict[str, Any]) -> Any:
        """Say something to the draft."""
        await self._actor()
        text = str(form.get("try", "")).strip()[:MAX_CONTENT]
        if not text or self.busy:
            return None
        self.lines = [*self.lines, TryLine(mine=True, text=text)][-MOST_LINES:]
        self.busy = True
        self.refusal = ""
        return StudioTryState.answer

    @rx.event(background=True)
    async def answer(self) -> AsyncGenerator[None]:
        """Let the draft answer what was said last."""
        async with self:
            await self._actor()
            editor = await self.get_state(StudioEditorState)
            draft, language = editor._draft(), editor.language
            history = [PromptMessage("user" if line.mine else "assistant", line.text) for line in self.lines]
        if draft is None or not history or history[-1].role != "user":
            async with self:
                self.busy = False
            return
        said = ""
        shown = 0.0
        try:
            async for piece in services().studio.try_out(draft, language, history):
                said += piece
                moment = asyncio.get_running_loop().time()
                if moment - shown >= TICK_SECONDS:
                    shown = moment
                    async with self:
                        self.growing = said
                    yield
        except LoveChatError as error:
            async with self:
                self.refusal = "refused" if error.code == "content_blocked" else "failed"
                said = "" if error.code == "content_blocked" else said
        finally:
            async with self:
                self.growing = ""
                self.busy = False
                if said:
                    self.lines = [*self.lines, TryLine(mine=False, text=said)][-MOST_LINES:]
