"""The daily allowance: what a reply costs, what it may cost at most, and what is left."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock, day_of, next_midnight
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError
from lovechat.repos import usage
from lovechat.schemas.accounts import UsageView

# Below this no reply is begun: the Responses API accepts no lower cap either.
MIN_UNITS = 16
# No common text has more characters a token than this, so a hold for it is rarely cut.
MOST_CHARACTERS_PER_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Tariff:
    """What text costs: `ceil(characters / characters_per_token) * multiplier + fixed` units."""

    characters_per_token: int = 4
    multiplier: int = 1
    fixed: int = 0

    def cost(self, characters: int) -> int:
        """What a reply of that many characters costs, in units. A reply without text is free."""
        if not characters:
            return 0
        return -(-characters // self.characters_per_token) * self.multiplier + self.fixed

    def characters_for(self, units: int) -> int:
        """The longest text, in characters, that costs at most `units`."""
        return max(0, (units - self.fixed) // self.multiplier) * self.characters_per_token


@dataclass(frozen=True, slots=True)
class Hold:
    """What one reply may cost and be at most: units, characters, and tokens for the model's cap."""

    units: int
    characters: int
    tokens: int
    lowered: bool  # the model's cap was lowered because the day's units run out


def estimate_text_units(text: str, tariff: Tariff) -> int:
    """The cost of a reply in units."""
    return tariff.cost(len(text))


def plan_hold(available: int, max_tokens: int, tariff: Tariff) -> Hold | None:
    """What a reply of at most `max_tokens` may take of the `available` units; None when too few are left."""
    if available < MIN_UNITS or not tariff.characters_for(available):
        return None
    longest = max_tokens * max(MOST_CHARACTERS_PER_TOKEN, tariff.characters_per_token)
    units = min(tariff.cost(longest), available)
    characters = tariff.characters_for(units)
    tokens = min(max_tokens, characters // tariff.characters_per_token)
    return Hold(units, characters, tokens, lowered=tokens < max_tokens)


class Usage:
    """Reads, holds and settles the units of a day."""

    def __init__(
        self, sessions: Sessions, daily_limit: int, tariff: Tariff, max_tokens: int, clock: Clock
    ) -> None:
        self._sessions = sessions
        self.daily_limit = daily_limit
        self.tariff = tariff
        self._max_tokens = max_tokens
        self._clock = clock

    async def today(self, user_id: UUID) -> UsageView:
        """What a person used today. Holds of running replies do not show."""
        async with self._sessions() as session:
            used = await usage.get_used(session, user_id, day_of(self._clock()))
        return self.view(used)

    async def hold(self, session: AsyncSession, user_id: UUID, moment: datetime) -> Hold:
        """Find what a reply that begins now may take; the day stays locked until the transaction ends.

        The caller writes `Hold.units` down with the reply in the same transaction: that is the hold.

        Raises:
            LoveChatError: `quota_exceeded`, with the seconds until midnight UTC.
        """
        day = day_of(moment)
        used = await usage.lock_day(session, user_id, day)
        held = await usage.get_held(session, user_id, day)
        hold = plan_hold(self.daily_limit - used - held, self._max_tokens, self.tariff)
        if hold is None:
            wait = round((next_midnight(moment) - moment).total_seconds())
            # Running replies may give back most of what they hold, within the minute.
            if plan_hold(self.daily_limit - used, self._max_tokens, self.tariff) is not None:
                wait = 30
            raise LoveChatError(
                "quota_exceeded",
                Kind.LIMIT,
                retry_after=max(1, wait),
                usage=self.view(used).model_dump(mode="json"),
            )
        return hold

    def view(self, used: int) -> UsageView:
        """The day's units as people see them."""
        return UsageView(
            units_used=used,
            units_limit=self.daily_limit,
            units_remaining=max(0, self.daily_limit - used),
            reset_at=next_midnight(self._clock()),
        )
