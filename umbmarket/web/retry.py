"""When to ask a server again and how long to wait: bounded, with jitter, never sooner than it asked.

The retryable answers are NuGet.Client's (HttpRetryHandler: 408, 429, 5xx and failed connections). A policy
serves the GETs of `web.client` and, with its own numbers, the throttled POST of the sync.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import tenacity

from umbmarket.web.outcomes import HttpFailure, Outcome, Unreachable

RETRY_AFTER_CAP_SECONDS = 600.0
"""The longest `Retry-After` that is obeyed in full: 10 minutes."""

_SECONDS = re.compile(r"[0-9]{1,9}\Z")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently to ask again.

    Attributes:
        tries: The most requests for one question, the first included; at least 1.
        first_wait: Seconds before the second try, before jitter; it doubles with each further try.
        longest_backoff: Where the doubling stops, in seconds.
        retry_after_cap: A longer `Retry-After` counts as this many seconds.
        patience: When the server asks to wait longer than this many seconds, its answer is taken as final
            instead of asking sooner than it wants.
    """

    tries: int = 4
    first_wait: float = 0.5
    longest_backoff: float = 30.0
    retry_after_cap: float = RETRY_AFTER_CAP_SECONDS
    patience: float = RETRY_AFTER_CAP_SECONDS

    def wait_seconds(self, tries_made: int, outcome: Outcome, chance: float) -> float:
        """Say how long to wait before the next try.

        Args:
            tries_made: How often it was tried, from 1.
            outcome: What the last try gave.
            chance: A random number from 0 to 1; the back-off lies between half of itself and itself.

        Returns:
            Seconds: the back-off, or what the server asked for (capped) when that is longer.
        """
        backoff = min(self.longest_backoff, self.first_wait * 2.0 ** min(tries_made - 1, 60))
        waits = backoff * (0.5 + 0.5 * chance)
        return max(waits, self.asked_wait(outcome))

    def asked_wait(self, outcome: Outcome) -> float:
        """Give the seconds a server asked to wait, capped; 0 when it did not ask."""
        asked = outcome.retry_after if isinstance(outcome, HttpFailure) else None
        return 0.0 if asked is None else min(asked, self.retry_after_cap)


NO_RETRY = RetryPolicy(tries=1)
"""Ask once."""

FEED_RETRY = RetryPolicy()
"""For the documents `status` and `sync` cannot do without."""

LINK_RETRY = RetryPolicy(tries=2, first_wait=0.3, longest_backoff=1.0, patience=5.0)
"""For one of a hundred links: a second chance, but nobody waits minutes for a picture."""


@dataclass(frozen=True, slots=True)
class RetryNotice:
    """Told before each wait, so that a user who watches knows why nothing moves.

    Attributes:
        outcome: What the last try gave.
        wait_seconds: How long the wait is.
        tries_made: How often it was tried so far.
    """

    outcome: Outcome
    wait_seconds: float
    tries_made: int


def retrying(
    once: Callable[[], Outcome],
    policy: RetryPolicy,
    *,
    sleep: Callable[[float], None],
    chance: Callable[[], float],
    notice: Callable[[RetryNotice], None] | None = None,
) -> Outcome:
    """Ask until the answer is final or the policy is exhausted.

    Args:
        once: One try; it returns what came of it and raises nothing but `KeyboardInterrupt`.
        policy: How often and how patiently.
        sleep: Waits the given seconds.
        chance: Gives a random number from 0 to 1.
        notice: Called before each wait.

    Returns:
        The last outcome, with `tries` counting the tries made.
    """

    def last(state: tenacity.RetryCallState) -> Outcome:
        if state.outcome is None:  # tenacity sets it before it asks anything of us
            raise RuntimeError("no try has been made")
        outcome: Outcome = state.outcome.result()
        return outcome

    def wait(state: tenacity.RetryCallState) -> float:
        return policy.wait_seconds(state.attempt_number, last(state), chance())

    def stop(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= policy.tries or policy.asked_wait(last(state)) > policy.patience

    def before_sleep(state: tenacity.RetryCallState) -> None:
        if notice is not None:
            notice(RetryNotice(last(state), state.upcoming_sleep, state.attempt_number))

    made = 0

    def counted() -> Outcome:
        nonlocal made
        made += 1
        return once()

    loop = tenacity.Retrying(
        retry=tenacity.retry_if_result(is_transient),
        stop=stop,
        wait=wait,
        sleep=sleep,
        before_sleep=before_sleep,
        retry_error_callback=last,
    )
    outcome = loop(counted)
    return outcome if made == outcome.tries else replace(outcome, tries=made)


def is_transient(outcome: Outcome) -> bool:
    """Tell whether asking again may help: not after a success, a refusal or a blocked address."""
    return isinstance(outcome, HttpFailure | Unreachable) and outcome.transient


def parse_retry_after(value: str | None, *, now: float, date: str | None = None) -> float | None:
    """Read a `Retry-After` header (RFC 9110, section 10.2.3).

    Args:
        value: The header: seconds, or an HTTP date.
        now: This machine's time in seconds since the epoch.
        date: The answer's `Date` header. A date in `value` is measured from it when it can be read, so that a
            wrong clock on this machine does no harm.

    Returns:
        Seconds to wait, 0 for a date that has passed; `None` when there is no header or it cannot be read
        (a negative number cannot: NuGet.Client ignores it too).
    """
    if value is None:
        return None
    text = value.strip()
    if _SECONDS.match(text):
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    start = None if date is None else _http_date(date.strip())
    seconds = until - (now if start is None else start)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _http_date(text: str) -> float | None:
    if not 10 <= len(text) <= 64:
        return None
    try:
        moment: datetime = parsedate_to_datetime(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
