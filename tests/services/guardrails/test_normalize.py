"""Words here are neutral ones; what is under test is how they are written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovechat.services.guardrails.normalize import normalize
from lovechat.services.guardrails.reading import GRAMMAR

INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4",
    "\u180b", "\u180e", "\u202e", "\u2800", "\u3164", "\uffa0", "\ufe0f", "\U000e0061", "\U000e0101",
]  # fmt: skip
# Letters, marks and forms that get in each other's way.
AWKWARD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "abcn ñáàάάеїйİßſﬁ①²½ K\u0303\u0301\u20e3\u0345ŉǰ㎏ﷺ¨´ª\uffa0\u3164\u200b1345$@.-_*…"
        ),
    ),
    max_size=25,
)


@pytest.mark.parametrize(
    "written",
    [
        "marker",
        "MARKER",
        "MaRkEr",
        "márkèr",
        "mar\u200bker",
        "m\u00ada\u00adr\u00adk\u00ade\u00adr",
        "ma\u3164rk\uffa0er",
        "\u202emarker\u202c",
        "ｍａｒｋｅｒ",
        "𝓶𝓪𝓻𝓴𝓮𝓻",
        "ⓜⓐⓡⓚⓔⓡ",
        "маrкеr",
        "mαrκεr",
        "mάrκέr",
        "ᴍᴀʀᴋᴇʀ",
        "m⃣a⃣r⃣k⃣e⃣r⃣",
        "m4rk3r",
        "m@rk3r",
        "maaaarkeeeer",
        "m a r k e r",
        "m.a.r.k.e.r",
        "m-a-r-k-e-r",
        "m_a_r_k_e_r",
        "m*a*r*k*e*r",
        "m...a...r...k...e...r",
        "m m m a r k e r",
        "m 4 r k 3 r",
        "M\u030aA\u0301RKER",
    ],
)
def test_a_word_is_the_same_however_it_is_written(written: str):
    assert normalize(written).words == "marker"
    assert normalize(f"the {written}, again").words == "the marker, again"


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("1５ años", "15 años"),
        ("1\u200b5 AÑOS", "15 años"),
        ("15 an\u0303os", "15 años"),
        ("15 an\u200b\u0303os", "15 años"),
        ("1️⃣5️⃣", "15"),
        ("①", "1"),
        ("ni\u0303n\u0303a and pin\u0303a", "niña and piña"),
        ("anos", "anos"),
        ("m4rk3r 100", "m4rk3r 100"),
        ("  a \t\n b\u00a0c\u2003d ", "a b c d"),
        ("aaaa 1000", "aaaa 1000"),
    ],
)
def test_ages_keep_their_digits_and_the_letter_n_its_tilde(written: str, digits: str):
    assert normalize(written).digits == digits


@pytest.mark.parametrize(
    "text",
    [
        "tengo 2 años y un perro",
        "at 7 we eat, at 10 we sleep",
        "call 1 2 or 10",
        "y a ti, o a mi",
        "llegó la niña del carro",
        "coffee, book and mississippi",
    ],
)
def test_ordinary_text_is_folded_and_nothing_else(text: str):
    expected = text.replace("ó", "o")
    assert normalize(text).words == expected


def test_the_letters_of_words_that_stand_apart_are_not_joined():
    assert normalize("ma rk er").words == "ma rk er"
    assert normalize("a b marker").words == "a b marker"


@settings(max_examples=400, deadline=None)
@given(AWKWARD)
def test_normalising_twice_is_normalising_once(text: str):
    once = normalize(text)
    assert normalize(once.digits).digits == once.digits
    assert normalize(once.words).words == once.words


@settings(max_examples=400, deadline=None)
@given(AWKWARD, st.lists(st.tuples(st.integers(0, 25), st.sampled_from(INVISIBLE)), max_size=6))
def test_invisible_characters_change_nothing(text: str, added: list[tuple[int, str]]):
    stuffed = text
    for position, character in added:
        stuffed = stuffed[:position] + character + stuffed[position:]
    assert normalize(stuffed) == normalize(text)


def test_no_rule_has_an_unbounded_gap():
    """So the time for a rule is at most a fixed number of steps a word; `python -m tests.bench.guard` measures it."""
    for name, rule in GRAMMAR.rules.items():
        assert not re.search(r"[*+]|\{\d+,\}", rule.pattern) or name == "far_from_all", name
