"""The Marketplace's function that reads one package anew: asked once a minute for each package, never more.

Official (listing guide, 2023 to 2025 texts): a POST of `{"PackageId": "..."}`, one request a minute for each package
id.
Observed: 202 is the usual answer, which only queues the work; a throttled request gets a `Retry-After`. The function
was never seen to report an unknown id.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from umbmarket.web.outcomes import Blocked, Delivery, Fetched, HttpFailure, Outcome
from umbmarket.web.retry import RetryNotice, RetryPolicy, retrying
from umbmarket.web.throttle import Busy, Throttle, Turn

if TYPE_CHECKING:
    from umbmarket.web.client import Http

SYNC_URL = "https://functions.marketplace.umbraco.com/api/InitiateSinglePackageSyncFunction"
"""Where the function is (listing guide)."""

SYNC_URL_VARIABLE = "UMBMARKET_SYNC_URL"
"""The environment variable that names another address."""

SYNC_RETRY = RetryPolicy(tries=5, first_wait=2.0, longest_backoff=60.0)
"""At most five tries; the throttle spaces them in any case."""


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """What came of asking.

    Attributes:
        outcome: The last try's, with the count of all tries; None when none was made.
        busy: What the throttle said where the caller did not want to wait for it; else None.
    """

    outcome: Outcome | None
    busy: Busy | None = None

    @property
    def tries(self) -> int:
        """How many requests were made."""
        return self.outcome.tries if self.outcome is not None else 0

    @property
    def accepted(self) -> bool:
        """The function took the request: any 2xx, but no web page, which something else has answered."""
        return isinstance(self.outcome, Fetched) and not self.is_page

    @property
    def is_page(self) -> bool:
        """A web page came back: of a proxy, or of a network that wants a person to sign in."""
        return isinstance(self.outcome, Fetched) and self.outcome.media_type in ("text/html", "application/xhtml+xml")

    @property
    def refused(self) -> bool:
        """The function answered and said no, or the address guard did: asking again would not help."""
        return isinstance(self.outcome, Blocked) or (
            isinstance(self.outcome, HttpFailure) and not self.outcome.transient
        )


class _MustWait(Exception):
    """The id is not free, and the caller does not want to wait that long."""

    def __init__(self, busy: Busy) -> None:
        super().__init__(f"busy for {busy.wait_seconds:.0f} s")
        self.busy = busy


class _NoTime(Exception):
    """There is no time left for another try."""


def configured_sync_url(given: str | None, environment: Mapping[str, str]) -> str:
    """The address of the function: `given`, else `UMBMARKET_SYNC_URL`, else the Marketplace's own.

    Raises:
        ValueError: It is not an http or https URL.
    """
    url = given or environment.get(SYNC_URL_VARIABLE, "").strip() or SYNC_URL
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine:
        raise ValueError(f"the address of the sync function in {SYNC_URL_VARIABLE} is not an http or https URL")
    return url


class SyncFunction:
    """Asks the function. Safe to use from several threads.

    Args:
        http: The client.
        url: Where the function is.
        throttle: Keeps requests for one id apart, whichever process makes them.
        clock: Seconds that only grow.
        sleep: Waits the given seconds between tries.
        chance: Gives a random number from 0 to 1 for the jitter.
        on_retry: Told the id and why, before another try.
        on_wait: Told the id and how long, before each wait for the throttle.
    """

    def __init__(
        self,
        http: Http,
        url: str,
        throttle: Throttle,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
        on_retry: Callable[[str, RetryNotice], None] | None = None,
        on_wait: Callable[[str, Busy], None] | None = None,
    ) -> None:
        self._http = http
        self._url = url
        self._throttle = throttle
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._on_retry = on_retry
        self._on_wait = on_wait

    def ask(self, package_id: str, *, until: float = math.inf, wait_for_slot: bool = True) -> SyncAnswer:
        """Ask for one package, again where that may help.

        Each try takes a turn of its own from the throttle, which records it before it leaves. A try that certainly did
        not reach the server gives its turn back.

        Args:
            package_id: The id in its own letter case.
            until: When there is no time left, by the clock: what would have to wait longer, for the throttle or for
                another try, is not waited for.
            wait_for_slot: Wait for the throttle at all; else the answer says how long that would take.
        """
        last: Outcome | None = None
        made, is_over = 0, False

        def left() -> float:
            return max(0.0, until - self._clock())

        def once() -> Outcome:
            nonlocal last, made
            if is_over and last is not None:
                raise _NoTime
            last = self._send(package_id, left if wait_for_slot else lambda: 0.0)
            made += 1
            return last

        def sleep(seconds: float) -> None:
            nonlocal is_over
            is_over = seconds > left()
            if not is_over:
                self._sleep(seconds)

        def notice(told: RetryNotice) -> None:
            # A try that may have arrived costs its turn, and the next turn comes an interval later.
            spent = told.outcome.delivery is not Delivery.NOT_SENT
            seconds = max(told.wait_seconds, self._throttle.interval if spent else 0.0)
            if self._on_retry is not None and wait_for_slot and seconds <= left():
                self._on_retry(package_id, told)

        busy = None
        try:
            return SyncAnswer(retrying(once, SYNC_RETRY, sleep=sleep, chance=self._chance, notice=notice))
        except _MustWait as error:
            busy = error.busy
        except _NoTime:
            pass
        return SyncAnswer(None if last is None else replace(last, tries=made), busy)

    def _send(self, package_id: str, left: Callable[[], float]) -> Outcome:
        """Send one request, as soon as the id is free."""
        while True:
            # The place at the host first: a turn that waits for a place would be over before anything leaves.
            with self._http.host_slot(self._url):
                turn = self._throttle.claim(package_id)
                if isinstance(turn, Turn):
                    with turn:
                        outcome = self._http.post_json(
                            self._url,
                            {"PackageId": package_id},
                            total=turn.time_left(),
                            has_slot=True,
                            leave=turn.leave,
                        )
                        turn.finish(outcome.delivery, getattr(outcome, "retry_after", None))
                    return outcome
            time_left = left()
            if turn.problem or time_left <= 0 or (not turn.in_flight and turn.wait_seconds > time_left):
                raise _MustWait(turn)
            if self._on_wait is not None:
                self._on_wait(package_id, turn)
            self._throttle.wait(turn, time_left)
