"""The clock of the notices, alone: what is due at which turn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovechat.core.clock import day_of
from lovechat.repos.care import Clock
from lovechat.services.care import PAUSE, tick

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def kinds_at(*minutes: float, start: datetime = NOON, interval: timedelta = HOUR) -> list[list[str]]:
    """What is due at each of some turns."""
    clock: Clock | None = None
    due: list[list[str]] = []
    for minute in minutes:
        clock, kinds = tick(clock, start + timedelta(minutes=minute), interval)
        due.append([*kinds])
    return due


def test_a_break_is_due_after_an_hour_and_not_before():
    assert kinds_at(0, 20, 40, 59, 60, 61) == [["ai_disclosure"], [], [], [], ["break"], []]


def test_the_next_break_comes_an_hour_after_the_last():
    due = kinds_at(*range(0, 181, 10))
    assert [minute * 10 for minute, kinds in enumerate(due) if "break" in kinds] == [60, 120, 180]


def test_half_an_hour_of_silence_is_a_pause():
    assert kinds_at(0, 29, 59, 88) == [["ai_disclosure"], [], [], []]  # 29 to 59: the hour begins anew
    assert kinds_at(0, 29, 58.9, 60) == [["ai_disclosure"], [], [], ["break"]]


def test_each_utc_day_begins_with_the_disclosure_and_the_clock_goes_on():
    evening = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert kinds_at(0, 20, 40, 60, start=evening) == [["ai_disclosure"], [], ["ai_disclosure"], ["break"]]


@pytest.mark.parametrize("minutes", [15, 180])
def test_the_interval_is_a_setting(minutes: int):
    due = kinds_at(*range(0, minutes + 1, 5), interval=timedelta(minutes=minutes))
    assert [index * 5 for index, kinds in enumerate(due) if "break" in kinds] == [minutes]


def test_a_clock_that_was_set_back_does_not_silence_the_notices():
    due = kinds_at(600, *range(0, 61, 10))
    assert due[-1] == ["break"]


@given(st.lists(st.floats(min_value=0, max_value=45), min_size=1, max_size=60), st.integers(15, 180))
def test_nobody_talks_on_for_longer_than_the_interval_without_being_told(gaps: list[float], minutes: int):
    clock, told, moment, disclosed = None, NOON, NOON, set()
    for number, gap in enumerate(gaps):
        step = timedelta(minutes=gap)
        moment += step
        clock, kinds = tick(clock, moment, timedelta(minutes=minutes))
        if number == 0 or step >= PAUSE:
            told = moment
        disclosed |= {day_of(moment)} if "ai_disclosure" in kinds else set()
        assert day_of(moment) in disclosed
        assert ("break" in kinds) == (moment - told >= timedelta(minutes=minutes))
        told = moment if "break" in kinds else told
