import time
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from lovechat.core.i18n import LANGUAGES, Language
from lovechat.core.settings import read_settings
from lovechat.services.guardrails import check_reply
from lovechat.services.llm_client import DemoClient, LLMRequest, create_llm_client
from lovechat.services.llm_client.demo import demo_reply
from lovechat.services.prompt_builder import Prompt, PromptMessage, build_prompt

SAID = {
    "en": ["Hello", "Tell me a story", "I feel sad", "Thanks!", "What do you like?", "Goodbye", "It rained"],
    "es": [
        "Hola",
        "Cuéntame un cuento",
        "Estoy triste",
        "¡Gracias!",
        "¿Qué te gusta?",
        "Adiós",
        "Ha llovido",
    ],
}
NOTICE = {"en": "demo companion", "es": "compañía de demostración"}
NOT_HUMAN = {"en": "I am not human: I am an AI", "es": "no soy un ser humano: soy una IA"}


@dataclass(frozen=True)
class Character:
    name: str = "Luna"
    tone: str = "playful"
    dominance: float = 0.5
    affection: float = 0.5
    explicit_level: float = 0.5
    boundaries: list[str] = field(default_factory=list)


def prompt(said: str, language: Language = "en", turn: int = 1, character: Character | None = None) -> Prompt:
    earlier = [
        m for n in range(turn) for m in (PromptMessage("user", f"u{n}"), PromptMessage("assistant", "a"))
    ]
    return build_prompt(character or Character(), "Ana", language, [*earlier, PromptMessage("user", said)])


def reply(said: str, language: Language = "en", turn: int = 1, **traits: Any) -> str:
    return demo_reply(prompt(said, language, turn, replace(Character(), **traits)), language)


async def streamed(said: str, max_tokens: int) -> tuple[list[str], str, str]:
    client = DemoClient(seconds_per_word=0)
    async with client.stream(LLMRequest(prompt(said), max_tokens, "person", "en")) as stream:
        words = [word async for word in stream.text]
    await client.close()
    return words, stream.end, stream.model


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", range(7))
def test_the_same_conversation_gets_the_same_reply(language: Language, which: int):
    said = SAID[language][which]
    assert reply(said, language) == reply(said, language) != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_words_get_different_replies(language: Language):
    assert len({reply(said, language) for said in SAID[language]}) == len(SAID[language])


@pytest.mark.parametrize("which", range(7))
def test_each_language_has_its_own_reply(which: int):
    assert reply(SAID["es"][which], "es") != reply(SAID["en"][which], "en")
    assert reply(SAID["en"][which], "es") != reply(SAID["en"][which], "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", [0, 4, 8])
def test_the_first_and_every_fourth_reply_says_that_it_is_a_demo(language: Language, turn: int):
    for said in SAID[language]:
        assert NOTICE[language] in reply(said, language, turn)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "are you human?"),
        ("en", "Tell me, are you a real... are you real?"),
        ("en", "ARE YOU AN AI"),
        ("es", "¿Eres humana?"),
        ("es", "oye, eres una persona de verdad?"),
        ("es", "eres real?"),
        ("es", "¿eres un bot?"),
    ],
)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_who_asks_is_told_that_it_is_an_ai(language: Language, question: str, turn: int):
    assert NOT_HUMAN[language] in reply(question, language, turn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("trait", "low", "high"), [("dominance", 0.1, 0.9), ("affection", 0.1, 0.9)])
def test_a_slider_changes_what_is_said(trait: str, low: float, high: float, language: Language):
    def spoken(said: str, trait: str, value: float) -> str:
        character = replace(Character(), **{trait: value})
        return demo_reply(prompt(said, language, 1, character), language)

    for said in ("It rained", "Hola"):
        assert spoken(said, trait, low) != spoken(said, trait, high)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tone_changes_what_is_said_and_an_unknown_one_has_words_too(language: Language):
    tones = ("playful", "romantic", "velvety")
    assert len({reply("It rained", language, tone=tone) for tone in tones}) == 3
    assert reply("It rained", language, tone=" PLAYFUL ") == reply("It rained", language, tone="playful")


@pytest.mark.parametrize(
    ("language", "sad", "goodbye"), [("en", "I feel lonely", "bye"), ("es", "estoy triste", "me voy")]
)
def test_sadness_and_farewells_are_no_moment_for_a_game(language: Language, sad: str, goodbye: str):
    assert "findahelpline.com" in reply(sad, language)
    for said in (sad, goodbye):
        assert reply(said, language, dominance=0.0, tone="witty") == reply(said, language, dominance=1.0)
        assert not reply(said, language).rstrip(")").endswith("?")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["{name}", "{said} {0} {unknown!r:>9}", "{{", "%s", "<b>\n\0"])
def test_what_was_said_is_quoted_and_never_a_template(text: str, language: Language):
    assert f"«{' '.join(text.split())}»" in reply(text, language)
    assert text in reply("hola", language, name=text)


def test_a_long_text_is_quoted_in_part():
    told = reply("word " * 2000)
    assert "«word word word word word word word word…»" in told
    assert len(told) < 1000
    assert len(reply("x" * 4000)) < 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_the_demo_says_is_refused_by_our_own_rules(language: Language):
    for turn in range(6):
        for said in SAID[language]:
            for slider in (0.0, 1.0):
                assert check_reply(reply(said, language, turn, dominance=slider, affection=slider)).allowed


def test_a_prompt_without_messages_has_a_reply_too():
    assert demo_reply(build_prompt(Character(), "Ana", "en", []), "en")


async def test_the_words_of_a_stream_are_the_reply():
    words, end, model = await streamed("Tell me a story", 1000)
    assert "".join(words) == reply("Tell me a story")
    assert len(words) > 20
    assert (end, model) == ("stop", "demo")


@pytest.mark.parametrize("max_tokens", [1, 5, 16, 30])
async def test_a_stream_stays_under_its_cap_and_says_that_it_was_cut(max_tokens: int):
    words, end, _ = await streamed("Tell me a story", max_tokens)
    text = "".join(words)
    assert len(text) <= max_tokens * 4
    assert reply("Tell me a story").startswith(text)
    assert end == "length"


async def test_the_pace_is_one_of_words():
    request = LLMRequest(prompt("Tell me a story"), 1000, "person", "en")
    begun = time.monotonic()
    async with DemoClient(seconds_per_word=0.02).stream(request) as stream:
        heard = []
        async for word in stream.text:
            heard.append(word)
            if len(heard) == 5:
                break
    assert time.monotonic() - begun >= 0.08


def test_without_a_key_the_demo_answers():
    assert isinstance(create_llm_client(read_settings(_env_file=None)), DemoClient)
