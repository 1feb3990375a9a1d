"""Who needs help is shown where it is, and nobody is refused for it. Short, indirect phrases only."""

import pytest

from lovechat.services.guardrails import ALLOWED, Action, Lexicon, check_message, check_persona, check_reply

MARKERS = Lexicon.of(intimate=["mermelada"], forbidden=["cascabel"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I don't want to be here any more", "crisis_self_harm"),
        ("no quiero seguir viviendo", "crisis_self_harm"),
        ("NO QUIERO SEGUIR VIVIENDO", "crisis_self_harm"),
        ("no   q u i e r o   s e g u i r   v i v i e n d o", "crisis_self_harm"),
        ("no qui\u200bero seguir vivi\u00adendo", "crisis_self_harm"),
        ("honestly they would be better off without me", "crisis_self_harm"),
        ("ya no puedo más.", "crisis_self_harm"),
        ("no tengo ganas de seguir", "crisis_self_harm"),
        ("i can't go on", "crisis_self_harm"),
        ("I've stopped eating", "crisis_eating"),
        ("he dejado de comer y odio mi cuerpo", "crisis_eating"),
        ("when I was 9 my uncle hurt me", "crisis_disclosure"),
        ("cuando era niña me pegaban", "crisis_disclosure"),
    ],
)
def test_a_crisis_passes_and_is_named(text: str, reason: str):
    verdict = check_message(text, MARKERS)
    assert (verdict.action, verdict.reason) == (Action.CRISIS, reason)
    assert verdict.allowed
    assert verdict.needs_help
    assert check_message("Ayer fue un día largo. " * 9 + text, MARKERS).action is Action.CRISIS


@pytest.mark.parametrize(
    "text",
    [
        "me muero de risa", "this homework is killing me", "matar el tiempo", "I'm dying to see you",
        "me muero por un café", "no quiero morir todavía", "I'm not suicidal, just tired", "no puedo más con este calor",
        "quiero desaparecer un fin de semana", "I stopped eating meat", "en la película dice que no quiere vivir",
        "I don't want to live in London", "the reason to live is pizza", "I hurt myself at the gym", "tengo hambre",
        "I can't go on Friday", "no quiero seguir trabajando hoy", "my phone died", "no quiero despertar a nadie",
    ],
)  # fmt: skip
def test_idioms_and_denials_pass_without_a_word(text: str):
    assert check_message(text, MARKERS) == ALLOWED
    assert not check_message(text, MARKERS).needs_help


def test_a_refusal_still_says_that_help_is_needed():
    for text, reason in (
        ("cascabel, no quiero seguir viviendo", "forbidden_content"),
        ("tengo 15 años y no quiero seguir viviendo", "minor_speaker"),
    ):
        verdict = check_message(text, MARKERS)
        assert (verdict.allowed, verdict.reason, verdict.needs_help) == (False, reason, True)


@pytest.mark.parametrize(
    "text", ["nobody would miss you", "estarían mejor sin ti", "you should stop eating", "no mereces comer"]
)
def test_a_reply_that_pushes_towards_harm_is_blocked(text: str):
    assert check_reply(text, MARKERS).reason == "harm_encouraged"
    assert check_reply(f"Te escucho. {text}, de verdad.", MARKERS).action is Action.BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "please don't hurt yourself", "no te hagas daño", "if you might hurt yourself, call for help",
        "I would miss you", "you deserve to eat", "the world would not be better without you", "mereces comer y vivir",
    ],
)  # fmt: skip
def test_a_reply_that_comforts_passes(text: str):
    assert check_reply(text, MARKERS) == ALLOWED


def test_a_characters_own_sorrow_is_no_crisis_of_the_person():
    assert check_reply("no quiero seguir viviendo sin música", MARKERS) == ALLOWED


def test_a_memory_of_ones_own_childhood_is_helped_also_where_it_is_told_in_plain_words():
    verdict = check_message("when I was 12 years old my uncle hurt me and mermelada", MARKERS)
    assert (verdict.action, verdict.reason) == (Action.CRISIS, "crisis_disclosure")


@pytest.mark.parametrize(
    ("text", "history", "reason"),
    [
        ("a 12 year old girl comes in and mermelada. when i was a kid he hit me", [], "minor_context"),
        ("cascabel, cuando era niño me pegaban", [], "forbidden_content"),
        ("mermelada, when i was a kid he hit me", ["a 12 year old girl walks in", "ok"], "minor_context"),
    ],
)
def test_a_memory_opens_no_door(text: str, history: list[str], reason: str):
    assert check_message(text, MARKERS, history=history).reason == reason


def test_a_model_and_a_character_have_no_childhood_to_tell_of():
    memory = "When I was 12 my uncle hurt me and mermelada"
    assert check_reply(memory, MARKERS).reason == "minor_context"
    assert not check_persona(["Luna", memory], MARKERS).allowed
