"""Numbers by day, ready to be drawn."""

from dataclasses import dataclass


@dataclass
class Bar:
    """One day: an ISO date, its number, and the height in percent of the highest."""

    date: str
    value: int
    height: int


def bars(days: list[tuple[str, int]]) -> list[Bar]:
    """The bars of days given oldest first; a day with anything is never drawn empty."""
    highest = max((value for _, value in days), default=0)
    return [Bar(date, value, max(4, round(100 * value / highest)) if value else 0) for date, value in days]
