import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovechat.services.usage import MIN_UNITS, Tariff, estimate_text_units, plan_hold

TARIFFS = st.builds(
    Tariff,
    characters_per_token=st.integers(1, 100),
    multiplier=st.integers(1, 10_000),
    fixed=st.integers(0, 1_000_000),
)
UNITS = st.integers(0, 2_000_000)


@pytest.mark.parametrize(
    ("characters", "tariff", "units"),
    [
        (0, Tariff(), 0),
        (1, Tariff(), 1),
        (4, Tariff(), 1),
        (5, Tariff(), 2),
        (400, Tariff(), 100),
        (401, Tariff(), 101),
        (401, Tariff(multiplier=3), 303),
        (401, Tariff(fixed=10), 111),
        (401, Tariff(3, 2, 7), 275),
        (0, Tariff(fixed=10), 0),
    ],
)
def test_a_reply_costs_what_the_contract_says(characters: int, tariff: Tariff, units: int):
    assert tariff.cost(characters) == units
    assert estimate_text_units("ñ" * characters, tariff) == units


def test_a_character_is_a_code_point_and_not_a_byte():
    assert estimate_text_units("🙂🙂🙂🙂", Tariff()) == 1


@given(tariff=TARIFFS, characters=st.integers(1, 100_000))
def test_the_cost_is_the_formula_for_any_knobs(tariff: Tariff, characters: int):
    tokens = math.ceil(characters / tariff.characters_per_token)
    assert tariff.cost(characters) == tokens * tariff.multiplier + tariff.fixed


@given(tariff=TARIFFS, units=UNITS)
def test_the_longest_text_for_some_units_costs_no_more_and_one_character_more_does(
    tariff: Tariff, units: int
):
    longest = tariff.characters_for(units)
    assert longest >= 0
    assert tariff.cost(longest) <= units
    assert tariff.cost(longest + 1) > units


@given(tariff=TARIFFS, available=UNITS, max_tokens=st.integers(16, 100_000))
def test_a_hold_never_passes_what_is_available(tariff: Tariff, available: int, max_tokens: int):
    hold = plan_hold(available, max_tokens, tariff)
    if hold is None:
        assert available < MIN_UNITS or available < tariff.cost(1)
        return
    assert available >= MIN_UNITS
    assert 0 < hold.units <= available
    assert hold.characters >= 1
    assert tariff.cost(hold.characters) <= hold.units
    assert 0 < hold.tokens <= max_tokens
    assert tariff.cost(hold.tokens * tariff.characters_per_token) <= hold.units
    assert hold.lowered is (hold.tokens < max_tokens)


@given(tariff=TARIFFS, max_tokens=st.integers(16, 100_000))
def test_with_plenty_of_units_the_cap_stays_and_long_tokens_have_room(tariff: Tariff, max_tokens: int):
    hold = plan_hold(10**15, max_tokens, tariff)
    assert hold is not None
    assert hold.tokens == max_tokens
    assert not hold.lowered
    assert hold.characters >= 8 * max_tokens


@pytest.mark.parametrize(
    ("available", "begun"), [(-5, False), (0, False), (15, False), (16, True), (17, True), (10_000, True)]
)
def test_no_reply_is_begun_with_fewer_than_16_units(available: int, begun: bool):
    assert (plan_hold(available, 800, Tariff()) is not None) is begun


@pytest.mark.parametrize(
    ("available", "tariff", "units", "characters", "tokens", "lowered"),
    [
        (10_000, Tariff(), 1600, 6400, 800, False),
        (1600, Tariff(), 1600, 6400, 800, False),
        (800, Tariff(), 800, 3200, 800, False),
        (799, Tariff(), 799, 3196, 799, True),
        (16, Tariff(), 16, 64, 16, True),
        (100, Tariff(multiplier=3), 100, 132, 33, True),
        (100, Tariff(fixed=40), 100, 240, 60, True),
        (100, Tariff(multiplier=3, fixed=40), 100, 80, 20, True),
        (16, Tariff(multiplier=16), 16, 4, 1, True),
        (10_000, Tariff(multiplier=3, fixed=40), 4840, 6400, 800, False),
    ],
)
def test_the_cap_is_lowered_to_what_is_left(
    available: int, tariff: Tariff, units: int, characters: int, tokens: int, lowered: bool
):
    hold = plan_hold(available, 800, tariff)
    assert hold is not None
    assert (hold.units, hold.characters, hold.tokens, hold.lowered) == (units, characters, tokens, lowered)


@pytest.mark.parametrize(
    "tariff", [Tariff(fixed=100), Tariff(multiplier=101), Tariff(fixed=60, multiplier=41)]
)
def test_no_reply_is_begun_whose_first_character_costs_too_much(tariff: Tariff):
    assert plan_hold(100, 800, tariff) is None
    assert plan_hold(101, 800, tariff) is not None
