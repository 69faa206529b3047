"""The action behind `umbmarket sync`: have the Marketplace read a package anew, and see it through."""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from umbmarket.findings import quote
from umbmarket.nuget import InvalidVersion, NuGetVersion, dependency_id_problem
from umbmarket.umbraco.publication import WrongRequest
from umbmarket.umbraco.syncing import SyncEvent, SyncResult
from umbmarket.web.outcomes import Delivery

if TYPE_CHECKING:
    from umbmarket.web.client import Http
    from umbmarket.web.outcomes import ServiceWarning
    from umbmarket.web.retry import RetryNotice
    from umbmarket.web.throttle import Busy, Throttle

DEFAULT_TIMEOUT_SECONDS = 90 * 60.0
"""How long `wait` waits: records were seen to change 25 to 90 minutes after a publish (observed, an estimate)."""

_PIECE_SECONDS = 0.25
"""Windows lets Ctrl-C through only between two waits."""

_FILE_ENDINGS = (".nupkg", ".snupkg")
_WITH_VERSION = re.compile(r"([^@=/\s]+)(?:@|==?|/|\s+)v?[0-9][^@=/\s]*")
_PAGE = re.compile(
    r"https?://(?:www\.)?(?:nuget\.org/packages|marketplace\.umbraco\.com/package)/([^/?#\s]+)", re.IGNORECASE
)


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
    from umbmarket.nuget.feed.v3 import NugetFeed, configured_feed
    from umbmarket.umbraco.actions.sync_run import PackageSync
    from umbmarket.umbraco.online.api import MarketplaceApi, configured_base
    from umbmarket.umbraco.online.sync_function import SYNC_URL, SyncFunction, configured_sync_url
    from umbmarket.web.cache import DocumentCache
    from umbmarket.web.client import Http
    from umbmarket.web.throttle import INTERVAL_SECONDS, Throttle

    options = options or SyncOptions()
    wanted = list({each.strip().lower(): each.strip() for each in package_ids}.values())
    for each in wanted:
        _refuse_wrong_id(each)
    version = _version(options.version)
    variables = os.environ if environment is None else environment
    try:
        feed = configured_feed(options.source, variables)
        base = configured_base(options.marketplace_api, variables)
        url = configured_sync_url(options.sync_url, variables)
    except ValueError as error:
        raise WrongRequest(str(error)) from None
    if options.interval < INTERVAL_SECONDS and urlsplit(url).hostname == urlsplit(SYNC_URL).hostname:
        raise WrongRequest("the Marketplace allows one request a minute, so the interval is 60 seconds at the least")
    tell = _Teller(on_event, options.interval)
    stopped = threading.Event()
    pause = sleep if sleep is not None else _interruptible(stopped)
    documents = DocumentCache(on_warning=tell.warn) if options.cache else None
    with Http(
        allow_private_hosts=options.allow_private_hosts,
        trusted_urls=(feed.source, base, url),
        cache=documents,
        sleep=sleep,
    ) as http:
        own = throttle or Throttle(options.state_file, interval=options.interval, sleep=pause, on_warning=tell.warn)
        function = SyncFunction(
            http, url, own, sleep=pause, chance=random.random, on_retry=tell.retry, on_wait=tell.busy
        )
        runner = PackageSync(
            options, version, NugetFeed(http, feed), MarketplaceApi(http, base), function, tell.tell, clock, pause
        )
        return _run_all(runner.run, wanted, http, stopped)


def _refuse_wrong_id(text: str) -> None:
    """Refuse what cannot be a package id, with what was meant where that can be told."""
    if text.lower().endswith(_FILE_ENDINGS):
        raise WrongRequest(f"{quote(text)} is a file and no package id; did you mean the option --from?")
    problem = dependency_id_problem(text)
    if problem is None:
        return
    holds_id = _PAGE.match(text) or _WITH_VERSION.fullmatch(text)
    hint = ""
    if holds_id is not None and dependency_id_problem(holds_id[1]) is None:
        hint = f"; did you mean {quote(holds_id[1])}?"
    raise WrongRequest(f"{quote(text)} is no package id: {problem}{hint}")


def _version(text: str | None) -> NuGetVersion | None:
    if text is None:
        return None
    try:
        return NuGetVersion.parse(text)
    except InvalidVersion as error:
        raise WrongRequest(f"{quote(text)} is no version: {error.reason}") from None


def _interruptible(stopped: threading.Event) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if stopped.wait(min(left, _PIECE_SECONDS)):
                raise KeyboardInterrupt

    return pause


def _run_all(
    run: Callable[[str], SyncResult], ids: list[str], http: Http, stopped: threading.Event
) -> tuple[SyncResult, ...]:
    """One package in this thread, several in one each, for they may take an hour; Ctrl-C ends them all."""
    if len(ids) == 1:
        return (run(ids[0]),)
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    with ThreadPoolExecutor(len(ids)) as pool:
        try:
            futures = [pool.submit(run, each) for each in ids]
            pending = set(futures)
            while pending:
                done, pending = wait(pending, _PIECE_SECONDS, FIRST_EXCEPTION)
                for future in done:
                    future.result()
            return tuple(future.result() for future in futures)
        except BaseException:
            stopped.set()
            http.abort()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


class _Teller:
    """Passes on what happens."""

    def __init__(self, on_event: Callable[[SyncEvent], None] | None, interval: float) -> None:
        self._on_event = on_event
        self._interval = interval

    def tell(self, package_id: str, text: str, waiting: bool = False) -> None:
        if self._on_event is not None:
            self._on_event(SyncEvent(package_id, text, waiting))

    def warn(self, warning: ServiceWarning) -> None:
        self.tell("", warning.text)

    def retry(self, package_id: str, notice: RetryNotice) -> None:
        said, seconds = notice.outcome.describe().rstrip("."), notice.wait_seconds
        if notice.outcome.delivery is not Delivery.NOT_SENT:
            seconds = max(seconds, self._interval)
        self.tell(package_id, f"{said}; trying again in {seconds:.0f} s (try {notice.tries_made + 1})")

    def busy(self, package_id: str, busy: Busy) -> None:
        if busy.in_flight:
            text = "another process is asking for it; waiting for its turn"
        elif busy.retry_after is not None:
            text = f"the Marketplace asked to wait; waiting {busy.wait_seconds:.0f} s"
        else:
            text = f"one request a minute is allowed; waiting {busy.wait_seconds:.0f} s"
        self.tell(package_id, text)
