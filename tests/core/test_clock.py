from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lovechat.core.clock import day_of, next_midnight, now

MADRID_SUMMER = timezone(timedelta(hours=2))
LIMA = timezone(timedelta(hours=-5))


def test_now_is_the_present_in_utc():
    before = datetime.now(UTC)
    moment = now()
    assert moment.tzinfo is UTC
    assert before <= moment <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 1, 30, tzinfo=MADRID_SUMMER), date(2026, 2, 28)),
        (datetime(2026, 12, 31, 20, 0, tzinfo=LIMA), date(2027, 1, 1)),
    ],
)
def test_a_day_is_a_day_of_utc_wherever_the_moment_was_noted(moment: datetime, day: date):
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("moment", "midnight"),
    [
        (datetime(2026, 2, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 5, 1, 0, 0, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)),
        (datetime(2026, 12, 31, 20, 0, tzinfo=LIMA), datetime(2027, 1, 2, tzinfo=UTC)),
    ],
)
def test_the_next_midnight_is_strictly_later_and_in_utc(moment: datetime, midnight: datetime):
    assert next_midnight(moment) == midnight
    assert next_midnight(moment).utcoffset() == timedelta()
