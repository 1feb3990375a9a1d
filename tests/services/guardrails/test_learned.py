"""The models behind the rules: what they read, how, and that the weights are of the sentences that are here."""

import json
from array import array
from pathlib import Path

import pytest

from lovechat.services.guardrails import Action, Lexicon, Verdict, check_message, check_persona
from lovechat.services.guardrails.learned import (
    BUCKETS,
    MOST_LETTERS,
    MOST_WORDS,
    TARGETS,
    WEIGHTS,
    WINDOW,
    Certainty,
    Learned,
    Model,
    Target,
    buckets,
    models,
    question_in,
    tokens,
)
from lovechat.services.guardrails.normalize import normalize
from tests.guard_eval import unseen
from tests.guard_eval.sentences import made_of
from tests.guard_eval.unseen import Known

YEAR = 2026
FIRED = "zebra"


def model(*words: str) -> Model:
    """A model that knows single words."""
    weights = array("b", bytes(BUCKETS))
    for word in words:
        for bucket in buckets([word]) - buckets(["other"]):
            weights[bucket] = 1
    return Model(weights, scale=1.0, bias=0.0, sure=3.0, likely=1.0, possible=0.5)


@pytest.fixture
def zebras() -> Learned:
    return Learned(dict.fromkeys(TARGETS, model(FIRED)))


def found(learned: Learned, text: str, question: str = "") -> str | None:
    return learned.read(text, YEAR, ("crisis",), question).get("crisis")


def test_the_weights_are_of_the_sentences_and_words_that_are_here():
    header = json.loads(WEIGHTS.read_bytes().partition(b"\n")[0])
    assert header["made_of"] == made_of(), "run make guard-train"
    assert unseen.read()


def test_what_is_written_is_read_again(zebras: Learned, tmp_path: Path):
    zebras.dump(tmp_path / "weights", "of this")
    again = Learned.load(tmp_path / "weights")
    assert found(again, FIRED) == found(zebras, FIRED) == "sure"
    assert found(again, "horse") == "unlikely"


def test_a_score_says_how_sure_it_is():
    certainty = model().certainty
    assert [certainty(score) for score in (3.0, 1.0, 0.7, 0.4)] == ["sure", "likely", None, "unlikely"]


@pytest.mark.parametrize("place", [0, WINDOW - 1, WINDOW, 3 * WINDOW, 499])
def test_a_word_counts_wherever_it_stands(zebras: Learned, place: int):
    words = ["horse"] * 500
    words[place] = FIRED
    assert found(zebras, " ".join(words)) == "sure"


def test_of_endless_texts_both_ends_are_read(zebras: Learned):
    for filler in ("horse " * MOST_LETTERS, ". " * MOST_WORDS * 4):
        assert found(zebras, FIRED + " " + filler) == found(zebras, filler + FIRED) == "sure"


def test_the_words_of_a_question_are_not_those_of_its_answer(zebras: Learned):
    assert found(zebras, "horse", f"{FIRED}?") == "unlikely"
    assert question_in("how are you? how old are you? i'm a bot.", YEAR)[-4:] == ["how", "old", "are", "you"]
    assert question_in("i'm a bot.", YEAR) == []


def test_numbers_are_known_by_what_they_can_be():
    assert tokens("7 15 quince 18 40 2012 1990 15yo", YEAR) == [
        "#small", "#teen", "#teen", "#18", "#adult", "#birth", "#year", "#teen", "yo",
    ]  # fmt: skip


# Sentences that no rule knows, of each kind.
@pytest.mark.parametrize(
    ("signal", "reason", "text"),
    [
        ("learned_speaker", "minor_speaker", "my form tutor says I can drop maths after my GCSEs next summer"),
        ("learned_participant", "minor_participant", "let's play school, I'm the teacher and you're a pupil in my class"),
        ("learned_participant", "minor_participant", "vamos a hacer un rol donde somos dos niños en el recreo"),
        ("learned_persona", "minor_participant", "Mia | Loves recess, spelling bees and her hamster. Her mum walks her to school every morning | giggly, curious"),
        ("learned_persona", "minor_participant", "Lalo | En el recreo cambia estampas y su mamá lo lleva de la mano al salón | risueño"),
        ("learned_crisis", "crisis_self_harm", "honestly nobody would even notice if i wasn't around anymore"),
        ("learned_crisis", "crisis_self_harm", "ya no le encuentro sentido a levantarme cada mañana, estoy cansado de todo"),
        ("learned_crisis", "crisis_self_harm", "I keep thinking it would be easier for my family if I just disappeared for good"),
        ("learned_crisis", "crisis_self_harm", "llevo días sin comer porque me doy asco"),
    ],
)  # fmt: skip
def test_what_no_rule_knows_is_found(signal: str, reason: str, text: str):
    def judged(learned: Known | None) -> Verdict:
        if signal == "learned_persona":
            return check_persona(text.split(" | "), learned=learned)
        return check_message(text, learned=learned)

    assert judged(Known({})).action in (Action.ALLOW, Action.NOTE)
    found = judged(None)
    assert found.reason == reason
    assert signal in found.signals


@pytest.mark.parametrize(
    ("text", "certainty", "action", "reason"),
    [
        ("hello there", "sure", Action.LOCK, "minor_speaker"),
        ("hello there", "likely", Action.BLOCK, "age_unclear"),
        ("hello there", "unlikely", Action.ALLOW, ""),
        # A part to play is no confession, whatever the model thinks.
        ("pretend I'm 12", "sure", Action.BLOCK, "minor_participant"),
        # A rule that the model contradicts is for a human, but not in a short text.
        ("he wrote in his diary, I'm 12 years old", "unlikely", Action.NOTE, "age_unclear"),
        ("I'm 12 years old", "unlikely", Action.LOCK, "minor_speaker"),
    ],
)
def test_what_becomes_of_what_the_speakers_model_says(
    text: str, certainty: Certainty, action: Action, reason: str
):
    verdict = check_message(text, learned=Known({"speaker": certainty}))
    assert (verdict.action, verdict.reason) == (action, reason)


@pytest.mark.parametrize(("certainty", "allowed"), [("sure", False), ("unlikely", True)])
def test_a_number_in_a_sheet_is_weak_and_the_age_of_the_character_is_not(certainty: Certainty, allowed: bool):
    learned = Known({"persona": certainty})
    assert (
        check_persona(["Thandi, 31", "raised her brothers from when she was 15"], learned=learned).allowed
        is allowed
    )
    assert not check_persona(["Thandi", "you are a 15 year old girl at school"], learned=learned).allowed


def test_a_number_beside_an_intimate_text_is_not_weak():
    learned = Known({"persona": "unlikely"})
    fields = ["Thandi, 31", "raised her brothers from when she was 15, mermelada"]
    verdict = check_persona(fields, Lexicon.of(intimate=["mermelada"]), learned=learned)
    assert verdict.reason == "minor_context"


@pytest.mark.parametrize("filler", ["!", "a, ", "- "])
def test_nothing_is_ruled_out_by_what_is_written_around_it(filler: str):
    padding = filler * (1900 // len(filler))
    verdict = check_message(f"{padding} . tengo 15 años . {padding}")
    assert verdict.reason in ("minor_speaker", "age_unclear")
    assert not verdict.allowed


def test_what_is_left_out_of_a_text_is_not_ruled_out(zebras: Learned):
    assert found(zebras, "horse " * MOST_LETTERS) is None
    assert found(zebras, "horse " * 40) == "unlikely"


@pytest.mark.parametrize("despair", [". Quiero morirme.", ". i want to die"])
@pytest.mark.parametrize(
    ("certainties", "reason"),
    [({"participant": "sure"}, "minor_participant"), ({"speaker": "likely"}, "age_unclear")],
)
def test_a_word_of_despair_opens_no_door_and_brings_help(
    despair: str, certainties: dict[Target, Certainty], reason: str
):
    verdict = check_message("hello there" + despair, learned=Known(certainties))
    assert (verdict.action, verdict.reason, verdict.needs_help) == (Action.BLOCK, reason, True)


def test_the_models_load_once():
    assert models() is models()
    assert normalize("ok").joined == "ok"
