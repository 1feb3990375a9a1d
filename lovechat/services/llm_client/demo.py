"""The companion that answers without a key and without a network, and says that it is a demo."""

import asyncio
import hashlib
import re
import tomllib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from lovechat.core.i18n import Language
from lovechat.services.llm_client.protocol import LLMRequest, LLMStream
from lovechat.services.prompt_builder import CHARACTERS_PER_TOKEN, Prompt

MODEL = "demo"
# About the pace of a hosted model, so that stopping and resuming can be tried by hand.
SECONDS_PER_WORD = 0.04
FIRST_WORD_SECONDS = 0.15
NOTICE_EVERY = 4  # replies
QUOTED_WORDS = 8

_FOLDER = Path(__file__).parent.parent.parent / "prompts"
_INTENTS = {
    "human": r"\b(?:are you (?:human|real|a person|an ai|a bot|alive)|eres (?:human[oa]|real|una persona|un bot|una ia|de verdad))\b",
    "sad": r"\b(?:sad|lonely|depress\w+|anxious|hopeless|triste|sol[oa] y|deprimid[oa]|ansiedad|no puedo más|fatal|llorar)\b",
    "goodbye": r"\b(?:bye|goodbye|good night|see you|adiós|adios|hasta (?:luego|mañana|pronto)|buenas noches|me voy)\b",
    "story": r"\b(?:story|tale|cuento|historia|cuéntame algo)\b",
    "thanks": r"\b(?:thanks|thank you|gracias)\b",
    "greeting": r"^\W*(?:hi|hello|hey|hola|buenas|buenos días|buenas tardes|qué tal)\b",
    "question": r"\?\s*$",
}


class DemoClient:
    """Prepared phrases in the character's tone; the same conversation always gets the same reply."""

    def __init__(self, seconds_per_word: float = SECONDS_PER_WORD) -> None:
        self._pace = seconds_per_word

    @asynccontextmanager
    async def stream(self, request: LLMRequest) -> AsyncGenerator[LLMStream]:
        """Write a reply word by word; see `LLMClient`."""
        stream = LLMStream(model=MODEL)
        stream.text = self._words(request, stream)
        yield stream

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _words(self, request: LLMRequest, stream: LLMStream) -> AsyncIterator[str]:
        left = request.max_output_tokens * CHARACTERS_PER_TOKEN
        await asyncio.sleep(min(FIRST_WORD_SECONDS, self._pace))
        for word in re.findall(r"\S+\s*", demo_reply(request.prompt, request.language)):
            if len(word) > left:
                stream.end = "length"
                return
            left -= len(word)
            yield word
            await asyncio.sleep(self._pace)


def demo_reply(prompt: Prompt, language: Language) -> str:
    """The whole reply to a prompt, in the character's tone and as warm and leading as its sliders say."""
    texts = _texts(language)
    if prompt.care:
        return f"{texts['answers']['care']} {texts['notice']}"
    said = prompt.messages[-1].content if prompt.messages else ""
    intent = next(
        (name for name, rule in _INTENTS.items() if re.search(rule, said, re.IGNORECASE)), "default"
    )
    turn = sum(1 for message in prompt.messages if message.role == "assistant")
    answer = texts["answers"][intent].format(name=prompt.persona.name, said=_quote(said))
    if intent in ("sad", "goodbye"):  # not the moment for tone or a new game
        return f"{answer} {texts['notice']}"
    dice = hashlib.sha256(f"{turn}\0{said}".encode()).digest()
    tone = prompt.persona.tone.strip().lower()
    openings = texts["openings"].get(tone, texts["openings"]["other"])
    warmth = texts["warmth"]["high" if prompt.persona.affection >= 0.5 else "low"]
    closings = texts["closings"]["lead" if prompt.persona.dominance >= 0.5 else "follow"]
    parts = [_pick(openings, dice[0]), answer, _pick(warmth, dice[1]), _pick(closings, dice[2])]
    if turn % NOTICE_EVERY == 0:
        parts.append(texts["notice"])
    return " ".join(parts)


def _pick(phrases: list[str], number: int) -> str:
    return phrases[number % len(phrases)]


def _quote(said: str) -> str:
    words = said.split()
    return " ".join(words[:QUOTED_WORDS])[:80] + ("…" if len(words) > QUOTED_WORDS else "")


@lru_cache(maxsize=4)
def _texts(language: Language) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / language / "demo.toml").read_text(encoding="utf-8"))
