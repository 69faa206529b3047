"""When to look again whether a release can be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

FIRST_POLL_SECONDS = 60.0
"""Between two looks for one package, at the least, whatever time is left."""

LONGEST_POLL_SECONDS = 300.0
"""Where the pauses between two looks stop growing."""

_POLL_GROWTH = 1.5
_SECONDS_ARE_CLEARER_BELOW = 120


class Pace(NamedTuple):
    """How time passes.

    Attributes:
        clock: Seconds that only grow.
        sleep: Waits the given seconds.
    """

    clock: Callable[[], float]
    sleep: Callable[[float], None]


class Polling:
    """The pauses between the looks for one package.

    Args:
        pace: The clock, and how to wait.
        until: When there is no time left, by that clock.
    """

    def __init__(self, pace: Pace, until: float) -> None:
        self._clock, self._sleep = pace
        self._until = until
        self._next = FIRST_POLL_SECONDS

    def pause(self) -> bool:
        """Wait until the next look is due; False when the time was up before that.

        The last look comes when the time is up, unless that were too soon after the one before.
        """
        left = self._until - self._clock()
        if left < FIRST_POLL_SECONDS:
            if left > 0:
                self._sleep(left)
            return False
        pause = min(self._next, left)
        if 0 < left - pause < FIRST_POLL_SECONDS:
            pause = left if left <= LONGEST_POLL_SECONDS else left - FIRST_POLL_SECONDS
        self._next = min(self._next * _POLL_GROWTH, LONGEST_POLL_SECONDS)
        self._sleep(pause)
        return True


def in_words(seconds: float) -> str:
    """A span of time for people: `45 s`, `90 minutes`."""
    if seconds < _SECONDS_ARE_CLEARER_BELOW:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes"
