"""The one place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The UTC day that a moment belongs to."""
    return moment.astimezone(UTC).date()


def next_midnight(moment: datetime) -> datetime:
    """The first moment of the following UTC day."""
    return datetime.combine(day_of(moment) + timedelta(days=1), time(), UTC)
