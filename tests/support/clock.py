"""A clock that tests move."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Says what it was set to, plus the time that has really passed since."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def advance(self, **how: float) -> None:
        """Move forward, as in `advance(hours=2)`."""
        self._shift += timedelta(**how)

    def set(self, moment: datetime) -> None:
        """Jump to a moment."""
        self._shift = moment - datetime.now(UTC)

    def reset(self) -> None:
        self._shift = timedelta()
