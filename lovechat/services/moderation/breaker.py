"""Leaves a service alone that has failed several times in a row."""

import time
from collections.abc import Callable

FAILURES = 5
REST_SECONDS = 30.0


class CircuitBreaker:
    """Counts failures. After so many in a row the service rests; then one call tries whether it is back."""

    def __init__(
        self,
        failures: int = FAILURES,
        rest: float = REST_SECONDS,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`rest` is in seconds."""
        self._most = failures
        self._rest = rest
        self._timer = timer
        self._failures = 0
        self._until = 0.0

    @property
    def resting(self) -> bool:
        """Whether the service is to be left alone now."""
        return self._failures >= self._most and self._timer() < self._until

    def admit(self) -> bool:
        """Whether a call may be made. Of those who ask after the rest only the first may."""
        if self.resting:
            return False
        if self._failures >= self._most:
            self._until = self._timer() + self._rest
        return True

    def succeed(self) -> bool:
        """Note that a call went well; tells whether this ended a rest."""
        recovered = self._failures >= self._most
        self._failures = 0
        return recovered

    def fail(self) -> bool:
        """Note that a call failed; tells whether this began the rest."""
        self._failures += 1
        if self._failures >= self._most:
            self._until = self._timer() + self._rest
        return self._failures == self._most
