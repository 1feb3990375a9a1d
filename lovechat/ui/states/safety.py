"""What the public safety page counts."""

from dataclasses import dataclass

import reflex as rx

from lovechat.core.clock import day_of, now
from lovechat.ui.runtime import services


@dataclass
class Count:
    """How often something happened."""

    kind: str
    count: int


class SafetyState(rx.State):
    """The counts of this year, for everybody."""

    loaded: bool = False
    counts: list[Count] = []

    @rx.event
    async def load(self) -> None:
        """Read the counts."""
        report = await services().oversight.safety_report(day_of(now()).year)
        sums: dict[str, int] = {}
        for one in report.counts:
            sums[one.kind] = sums.get(one.kind, 0) + one.count
        self.counts = [Count(kind, count) for kind, count in sorted(sums.items())]
        self.loaded = True

    @rx.var
    def empty(self) -> bool:
        """Whether there is nothing to count yet."""
        return self.loaded and not self.counts
