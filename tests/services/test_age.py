from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovechat.services.age import adult_since, is_adult

NOON = timedelta(hours=12)


def midnight(year: int, month: int, day: int) -> datetime:
    """When that day begins at UTC-12, the last place on Earth."""
    return datetime(year, month, day, tzinfo=UTC) + NOON


@pytest.mark.parametrize(
    ("birthdate", "day"),
    [
        (date(2008, 6, 15), date(2026, 6, 15)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2004, 2, 29), date(2022, 3, 1)),
        (date(2007, 3, 1), date(2025, 3, 1)),
        (date(2008, 12, 31), date(2026, 12, 31)),
        (date(2009, 1, 1), date(2027, 1, 1)),
        (date(1900, 1, 1), date(1918, 1, 1)),
    ],
)
def test_eighteen_is_reached_on_the_birthday_and_from_29_february_on_1_march(birthdate: date, day: date):
    assert adult_since(birthdate) == day
    first = midnight(day.year, day.month, day.day)
    assert not is_adult(birthdate, first - timedelta(days=1))
    assert not is_adult(birthdate, first - timedelta(microseconds=1))
    assert is_adult(birthdate, first)
    assert is_adult(birthdate, first + timedelta(days=1))


@pytest.mark.parametrize(
    ("moment", "adult"),
    [
        (datetime(2026, 6, 15, 0, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 11, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 12, 0, tzinfo=UTC), True),
        # The birthday begins first at UTC+14, a day and two hours before it has begun everywhere.
        (datetime(2026, 6, 15, 0, 0, tzinfo=timezone(timedelta(hours=14))), False),
        (datetime(2026, 6, 16, 1, 59, tzinfo=timezone(timedelta(hours=14))), False),
        (datetime(2026, 6, 16, 2, 0, tzinfo=timezone(timedelta(hours=14))), True),
        (datetime(2026, 6, 15, 0, 0, tzinfo=timezone(timedelta(hours=-12))), True),
    ],
)
def test_it_must_be_the_birthday_everywhere_on_earth(moment: datetime, adult: bool):
    assert is_adult(date(2008, 6, 15), moment) is adult


@given(
    birthdate=st.dates(date(1900, 1, 1), date(2040, 12, 31)),
    hours=st.integers(-24 * 30, 24 * 30),
    zone=st.integers(-12, 14),
)
def test_the_zone_in_which_a_moment_is_noted_changes_nothing(birthdate: date, hours: int, zone: int):
    moment = datetime.combine(adult_since(birthdate), datetime.min.time(), UTC) + timedelta(hours=hours)
    assert is_adult(birthdate, moment) is (hours >= 12)
    assert is_adult(birthdate, moment.astimezone(timezone(timedelta(hours=zone)))) is (hours >= 12)


def test_who_is_not_born_yet_is_no_adult():
    assert not is_adult(date(2030, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
