"""The age gate: who is 18, computed from the stored birthdate each time it matters."""

from datetime import date, datetime, timedelta, timezone

ADULT_AGE = 18
# The last place on Earth where a day begins: adult there is adult everywhere.
LATEST_ZONE = timezone(timedelta(hours=-12))


def adult_since(birthdate: date) -> date:
    """The day on which somebody turns 18; those born on 29 February do on 1 March of common years."""
    try:
        return birthdate.replace(year=birthdate.year + ADULT_AGE)
    except ValueError:
        return date(birthdate.year + ADULT_AGE, 3, 1)


def is_adult(birthdate: date, moment: datetime) -> bool:
    """Whether it has been the 18th birthday everywhere, down to UTC-12, at `moment`."""
    return moment.astimezone(LATEST_ZONE).date() >= adult_since(birthdate)
