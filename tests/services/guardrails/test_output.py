"""The guard of a growing reply: nothing that breaks a rule is ever released, however the text is cut."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovechat.services.guardrails import Action, Lexicon, OutputGuard
from lovechat.services.guardrails.output import CALM_STEPS, HOLD_BACK, STEP

MARKERS = Lexicon.of(intimate=["mermelada"], forbidden=["cascabel"])
FILLER = "una tarde tranquila con pan, queso y una manzana. "
VIOLATIONS = [
    "cascabel", "c.a.s.c.a.b.e.l", "cas\u200bcabel", "tengo 15 años", "I'm 15 years old", "eres una colegiala",
    "mermelada con mi hija de 8 años", "nobody would miss you", "c a s c a b e l",
]  # fmt: skip


def release(text: str, cuts: list[int], history: tuple[str, ...] = ()) -> tuple[str, OutputGuard]:
    guard = OutputGuard(MARKERS, history=history)
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    shown = "".join(guard.feed(text[a:b]) for a, b in pairwise(places))
    return shown + guard.finish(), guard


@settings(max_examples=120, deadline=None)
@given(
    before=st.integers(0, 20),
    violation=st.sampled_from(VIOLATIONS),
    after=st.integers(0, 12),
    cuts=st.lists(st.integers(0, 5000), max_size=60),
)
def test_no_character_of_a_violation_is_released(before: int, violation: str, after: int, cuts: list[int]):
    text = FILLER * before + violation + ". " + FILLER * after
    shown, guard = release(text, cuts)
    assert guard.verdict.action is Action.BLOCK
    assert (FILLER * before).startswith(shown)
    assert guard.feed("more") == guard.finish() == ""


@settings(max_examples=120, deadline=None)
@given(
    text=st.text(st.sampled_from("ab ñé.,🙂\n年\u200b15"), max_size=900)
    | st.sampled_from([FILLER * 30 + bad + " " + FILLER * 9 for bad in VIOLATIONS]),
    cuts=st.lists(st.integers(0, 5000), max_size=60),
)
def test_what_is_released_does_not_depend_on_the_cuts(text: str, cuts: list[int]):
    whole, guard = release(text, [])
    assert release(text, cuts)[0] == release(text, list(range(len(text))))[0] == whole
    assert text.startswith(whole)
    assert (whole == text) is guard.verdict.allowed


def test_a_calm_reply_is_shown_but_for_its_last_words():
    guard = OutputGuard(MARKERS)
    shown, text = "", FILLER * 30
    for character in text:
        shown += guard.feed(character)
        held = text[len(shown) : guard.length]
        assert not shown or shown[-1].isspace()
        assert len(held.split()) >= 2 or guard.length < 16
        assert len(held) <= next(step for until, step in CALM_STEPS if guard.length <= until) + 40
    assert shown + guard.finish() == text


@pytest.mark.parametrize("word", ["mi hija de 8 años duerme", "mermelada", "mremealda"])
def test_from_a_word_of_that_kind_on_more_is_held_back(word: str):
    guard = OutputGuard(MARKERS)
    shown, text = "", FILLER * 6 + word + ". " + FILLER * 30
    for character in text:
        shown += guard.feed(character)
        held = text[len(shown) : guard.length]
        before = len(shown) <= len(FILLER * 6 + "mi ")
        assert before or sum(map(str.isalnum, held)) >= HOLD_BACK
        assert before or len(held) <= HOLD_BACK * 2 + STEP + 20
    assert shown + guard.finish() == text


def test_a_violation_that_is_stretched_beyond_the_hold_back_is_held_back_too():
    for stretched in ("cas" + "\u200b" * 900 + "cabel", "casca" + "b" * 900 + "el"):
        shown, guard = release(FILLER * 9 + stretched + " " + FILLER * 9, list(range(0, 3000, 7)))
        assert not guard.verdict.allowed
        assert (FILLER * 9).startswith(shown)


def test_a_sentence_is_not_judged_before_it_goes_on():
    # Each of these would be something else if the text ended within it.
    for sentence in ("I'm 15 minutes late", "tengo 15 años de experiencia", "soy menor que mi hermana"):
        for shift in range(STEP):
            text = "x" * shift + " " + FILLER * 8 + sentence + " y otra cosa. " + FILLER * 8
            assert release(text, [])[0] == text


@pytest.mark.parametrize(
    ("history", "reply"),
    [
        (["¿Cuántos años tienes?"], "15, ¿y tú? " + FILLER * 20),
        (["ella tiene 9 años"], FILLER * 9 + "mermelada con ella. " + FILLER * 9),
        (["mermelada"], FILLER * 9 + "she is 9 years old. " + FILLER * 9),
    ],
)
def test_the_turns_before_count(history: list[str], reply: str):
    shown, guard = release(reply, [], tuple(history))
    assert not guard.verdict.allowed
    assert (FILLER * 9).startswith(shown)
    assert release(reply, [])[1].verdict.allowed


def test_a_child_and_a_marker_far_apart_in_one_reply_are_blocked_at_the_second():
    text = "Mi hija tiene 8 años. " + FILLER * 40 + "mermelada. " + FILLER * 9
    shown, guard = release(text, list(range(0, 4000, 50)))
    assert (guard.verdict.reason, "mermelada" in shown) == ("minor_context", False)
