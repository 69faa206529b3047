"""The action behind `umbmarket sync`: have the Marketplace read a package anew, and see it through."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.findings import quote
from umbmarket.nuget import MAX_DEPENDENCY_ID_LENGTH, InvalidVersion, NuGetVersion, is_client_id
from umbmarket.publication import WrongRequest
from umbmarket.syncing import SyncEvent, SyncResult, SyncState

if TYPE_CHECKING:
    from umbmarket.services.feed_model import Readiness
    from umbmarket.services.http import Http
    from umbmarket.services.marketplace_api import MarketplaceApi, MarketplaceRecord
    from umbmarket.services.nuget_feed import NugetFeed
    from umbmarket.services.outcomes import ServiceWarning
    from umbmarket.services.retry import RetryNotice
    from umbmarket.services.sync import SyncAnswer, SyncFunction
    from umbmarket.services.throttle import Busy, Throttle

DEFAULT_TIMEOUT_SECONDS = 90 * 60.0
"""How long `wait` waits: records were seen to change 25 to 90 minutes after a publish (observed, an estimate)."""

FIRST_POLL_SECONDS = 60.0
"""Between two looks at the Marketplace's API for one package, at the least."""

LONGEST_POLL_SECONDS = 300.0
"""Where the pauses between two looks stop growing."""

_POLL_GROWTH = 1.5
_MOST_AT_ONCE = 8
_LATENCY = "it usually takes 25 to 90 minutes until the listing shows it (an estimate)"


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How to sync. The defaults are those of the command.

    Attributes:
        wait: wait until the Marketplace shows what NuGet has.
        timeout: seconds to wait at the most.
        check: look first whether NuGet has something to sync, and correct the id's letter case.
        version: the version to wait for; None for the latest stable one on NuGet.
        dry_run: send nothing.
        wait_for_slot: wait for the throttle of one request a minute; else end as `busy`.
        source: the service index of the feed, or `NAME=ADDRESS`.
        marketplace_api: base address of the Marketplace's API.
        sync_url: address of the sync function.
        state_file: where the throttle keeps its state; the user's state folder when None.
        interval: seconds between two requests for one id; never less than the Marketplace's 60 outside of tests.
        cache: keep documents of the feed.
        allow_private_hosts: lift the address guard.
    """

    wait: bool = False
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    check: bool = True
    version: str | None = None
    dry_run: bool = False
    wait_for_slot: bool = True
    source: str | None = None
    marketplace_api: str | None = None
    sync_url: str | None = None
    state_file: Path | None = None
    interval: float = 60.0
    cache: bool = True
    allow_private_hosts: bool = False


def sync(
    package_id: str,
    options: SyncOptions | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    on_event: Callable[[SyncEvent], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] | None = None,
    throttle: Throttle | None = None,
) -> SyncResult:
    """Ask the Marketplace to read one package anew.

    What a server or the network does is part of the result and never an exception.

    Args:
        package_id: The NuGet id, in any letter case.
        options: How; the defaults when None.
        environment: The environment variables; those of the process when None.
        on_event: Told what happens on the way, possibly from another thread.
        clock: Seconds that only grow.
        sleep: Waits the given seconds.
        throttle: Keeps requests apart instead of the one that `options` describe.

    Raises:
        WrongRequest: `package_id` is no package id, or an address is none.
    """
    return sync_all(
        [package_id], options, environment=environment, on_event=on_event, clock=clock, sleep=sleep, throttle=throttle
    )[0]


def sync_all(
    package_ids: Sequence[str],
    options: SyncOptions | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    on_event: Callable[[SyncEvent], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] | None = None,
    throttle: Throttle | None = None,
) -> tuple[SyncResult, ...]:
    """As `sync`, for several packages at once: they do not wait for each other. Results in the order of the ids.

    Raises:
        WrongRequest: one of the ids is none, or an address is none.
    """
    from umbmarket.services.http import Http
    from umbmarket.services.http_cache import DocumentCache
    from umbmarket.services.marketplace_api import MarketplaceApi, configured_base
    from umbmarket.services.nuget_feed import NugetFeed, configured_feed
    from umbmarket.services.sync import SyncFunction, configured_sync_url
    from umbmarket.services.throttle import Throttle

    options = options or SyncOptions()
    wanted = list({each.strip().lower(): each.strip() for each in package_ids}.values())
    for each in wanted:
        if not is_client_id(each) or len(each) > MAX_DEPENDENCY_ID_LENGTH:
            raise WrongRequest(f"{quote(each)} is no package id")
    version = _version(options.version)
    variables = os.environ if environment is None else environment
    try:
        feed = configured_feed(options.source, variables)
        base = configured_base(options.marketplace_api, variables)
        url = configured_sync_url(options.sync_url, variables)
    except ValueError as error:
        raise WrongRequest(str(error)) from None
    tell = _Teller(on_event)
    stopped = threading.Event()
    pause = sleep if sleep is not None else _interruptible(stopped)
    documents = DocumentCache(on_warning=tell.warn) if options.cache else None
    with Http(
        allow_private_hosts=options.allow_private_hosts, trusted_urls=(feed.source, base, url), cache=documents
    ) as http:
        own = throttle or Throttle(options.state_file, interval=options.interval, sleep=pause, on_warning=tell.warn)
        function = SyncFunction(
            http, url, own, sleep=pause, chance=random.random, on_retry=tell.retry, on_wait=tell.busy
        )
        runner = _Runner(
            options, version, NugetFeed(http, feed), MarketplaceApi(http, base), function, tell, clock, pause
        )
        return _run_all(runner.run, wanted, http, stopped)


def _version(text: str | None) -> NuGetVersion | None:
    if text is None:
        return None
    try:
        return NuGetVersion.parse(text)
    except InvalidVersion as error:
        raise WrongRequest(f"{quote(text)} is no version: {error.reason}") from None


def _interruptible(stopped: threading.Event) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        if stopped.wait(seconds):
            raise KeyboardInterrupt

    return pause


def _run_all(
    run: Callable[[str], SyncResult], ids: list[str], http: Http, stopped: threading.Event
) -> tuple[SyncResult, ...]:
    """One package in this thread, several in a few; Ctrl-C ends them all."""
    if len(ids) == 1:
        return (run(ids[0]),)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(_MOST_AT_ONCE, len(ids))) as pool:
        futures = [pool.submit(run, each) for each in ids]
        try:
            return tuple(future.result() for future in futures)
        except BaseException:
            stopped.set()
            http.abort()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


class _Teller:
    """Passes on what happens."""

    def __init__(self, on_event: Callable[[SyncEvent], None] | None) -> None:
        self._on_event = on_event

    def tell(self, package_id: str, text: str, *, waiting: bool = False) -> None:
        if self._on_event is not None:
            self._on_event(SyncEvent(package_id, text, waiting))

    def warn(self, warning: ServiceWarning) -> None:
        self.tell("", warning.text)

    def retry(self, package_id: str, notice: RetryNotice) -> None:
        said = notice.outcome.describe().rstrip(".")
        self.tell(package_id, f"{said}; trying again in {notice.wait_seconds:.0f} s (try {notice.tries_made + 1})")

    def busy(self, busy: Busy) -> None:
        if busy.in_flight:
            text = "another process is asking for it; waiting for its turn"
        else:
            text = f"one request a minute is allowed; waiting {busy.wait_seconds:.0f} s"
        self.tell(busy.package_id, text, waiting=True)


class _Runner:
    """Syncs one package after the other, from any thread."""

    def __init__(
        self,
        options: SyncOptions,
        version: NuGetVersion | None,
        feed: NugetFeed,
        api: MarketplaceApi,
        function: SyncFunction,
        tell: _Teller,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._options = options
        self._version = version
        self._feed = feed
        self._api = api
        self._function = function
        self._tell = tell
        self._clock = clock
        self._sleep = sleep

    def run(self, package_id: str) -> SyncResult:
        started = self._clock()
        version, published = self._version, None
        needs_feed = self._options.check or (self._options.wait and version is None)
        if needs_feed:
            ready = self._readiness(package_id)
            if isinstance(ready, SyncResult):
                return ready
            package_id = ready.id
            newest = ready.latest or ready.tagged
            if version is None and newest is not None:
                version, published = newest.version, newest.published
        shown = version.normalized if version is not None else None
        if self._options.dry_run:
            text = f"would ask the Marketplace to read {package_id}{f' {shown}' if shown else ''} anew"
            return self._done(package_id, SyncState.DRY_RUN, f"{text}; nothing was sent", version=shown)
        answer = self._function.ask(package_id, wait_for_slot=self._options.wait_for_slot)
        if not answer.accepted:
            return self._not_accepted(package_id, answer, shown)
        tries = answer.outcome.tries if answer.outcome is not None else 0
        if not self._options.wait:
            text = f"the Marketplace accepted the request, which queues the work; {_LATENCY}"
            return self._done(
                package_id,
                SyncState.ACCEPTED,
                text,
                f"umbmarket status {package_id} tells what it shows; --wait waits for it",
                tries=tries,
                version=shown,
            )
        self._tell.tell(package_id, "accepted; waiting for the Marketplace to show it")
        return self._wait(package_id, version, published, started, tries)

    def _readiness(self, package_id: str) -> Readiness | SyncResult:
        from umbmarket.services.feed_model import FeedFailure, NotFound

        ready = self._feed.readiness(package_id)
        if isinstance(ready, FeedFailure):
            return self._done(
                package_id, SyncState.NETWORK, ready.describe(), "try again, or skip the check with --no-check"
            )
        if isinstance(ready, NotFound):
            return self._done(
                package_id,
                SyncState.NOT_SYNCABLE,
                ready.describe(),
                "check the id; a version that was just pushed takes NuGet 15 to 60 minutes to index (an estimate)",
            )
        if self._options.check and not ready.ready:
            help_ = 'add the tag "umbraco-marketplace" to the package and publish a new version'
            if ready.latest is None:
                help_ = "publish a stable version, or list it again on nuget.org"
            return self._done(ready.id, SyncState.NOT_SYNCABLE, ready.reason, help_)
        return ready

    def _not_accepted(self, package_id: str, answer: SyncAnswer, version: str | None) -> SyncResult:
        if answer.busy is not None:
            seconds = answer.busy.wait_seconds
            return self._done(
                package_id,
                SyncState.BUSY,
                f"one request a minute is allowed; the next one may leave in {seconds:.0f} s",
                "try again then, or let it wait: leave out --no-wait-for-slot",
                version=version,
                wait_seconds=seconds,
            )
        outcome = answer.outcome
        said = outcome.describe() if outcome is not None else "nothing was sent"
        tries = outcome.tries if outcome is not None else 0
        if answer.refused:
            return self._done(
                package_id, SyncState.REFUSED, said, "check the id and the package", tries=tries, version=version
            )
        return self._done(
            package_id,
            SyncState.NETWORK,
            said,
            "try again later; known packages are also read every two hours (listing guide)",
            tries=tries,
            version=version,
        )

    def _wait(
        self, package_id: str, version: NuGetVersion | None, published: datetime | None, started: float, tries: int
    ) -> SyncResult:
        from umbmarket.services.marketplace_api import MarketplaceFailure, MarketplaceRecord

        pause, seen, last_text = FIRST_POLL_SECONDS, None, ""
        wanted = version.normalized if version is not None else None
        while True:
            answer = self._api.package(package_id)
            record = answer if isinstance(answer, MarketplaceRecord) else None
            seen = record.latest_version if record is not None else seen
            if record is not None and _is_reached(record, version, published):
                return self._done(
                    package_id,
                    SyncState.SEEN,
                    f"the Marketplace shows {record.latest_version or 'it'}",
                    tries=tries,
                    version=wanted,
                    shown_version=record.latest_version,
                )
            left = self._options.timeout - (self._clock() - started)
            if left <= 0:
                return self._done(
                    package_id,
                    SyncState.TIMED_OUT,
                    f"accepted, but after {self._options.timeout / 60:.0f} minutes the Marketplace shows"
                    f" {seen or 'nothing'}{f', not {wanted}' if wanted else ''}",
                    f"umbmarket status {package_id} tells what stands in the way",
                    tries=tries,
                    version=wanted,
                    shown_version=seen,
                )
            text = f"the Marketplace shows {seen}" if seen else "the Marketplace does not show it yet"
            if isinstance(answer, MarketplaceFailure):
                text = "the Marketplace gave no answer"
            self._tell.tell(
                package_id, f"{text}{f', waiting for {wanted}' if wanted else ''}", waiting=text == last_text
            )
            last_text = text
            self._sleep(min(pause, max(left, 0.0)))
            pause = min(pause * _POLL_GROWTH, LONGEST_POLL_SECONDS)

    def _done(
        self,
        package_id: str,
        state: SyncState,
        detail: str,
        help_: str = "",
        *,
        tries: int = 0,
        version: str | None = None,
        shown_version: str | None = None,
        wait_seconds: float | None = None,
    ) -> SyncResult:
        now = datetime.now(UTC)
        return SyncResult(package_id, state, detail, help_, tries, version, shown_version, wait_seconds, finished=now)


def _is_reached(record: MarketplaceRecord, version: NuGetVersion | None, published: datetime | None) -> bool:
    """Whether the Marketplace has what NuGet has: the version or a later one, or its time of publishing."""
    if version is None:
        return True
    try:
        shown = NuGetVersion.parse(record.latest_version) if record.latest_version else None
    except InvalidVersion:
        shown = None
    if shown is not None and shown >= version:
        return True
    return published is not None and record.last_published is not None and record.last_published >= published
