"""The action behind `umbmarket sync`: have the Marketplace read a package anew, and see it through."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from umbmarket.findings import quote
from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.umbraco.asked_ids import refuse_wrong_id
from umbmarket.umbraco.publication import WrongRequest
from umbmarket.umbraco.syncing import SyncEvent, SyncOptions, SyncResult
from umbmarket.web.outcomes import Delivery
from umbmarket.web.waiting import Workers, pause

if TYPE_CHECKING:
    from umbmarket.web.outcomes import ServiceWarning
    from umbmarket.web.retry import RetryNotice
    from umbmarket.web.throttle import Busy, Throttle


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
    versions: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    on_event: Callable[[SyncEvent], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] | None = None,
    throttle: Throttle | None = None,
) -> tuple[SyncResult, ...]:
    """As `sync`, for several packages at once: they do not wait for each other. Results in the order of the ids.

    Args:
        package_ids: The ids.
        options: How; the defaults when None.
        versions: Id, in any letter case, to the version of it to wait for, instead of the one in `options`.
        environment: As for `sync`, and so are the others.
        on_event: Likewise.
        clock: Likewise.
        sleep: Likewise.
        throttle: Likewise.

    Raises:
        WrongRequest: one of the ids or versions is none, or an address is none.
    """
    from umbmarket.nuget.feed.v3 import NugetFeed, configured_feed
    from umbmarket.umbraco.actions.sync_polling import Pace
    from umbmarket.umbraco.actions.sync_run import Servers, sync_package
    from umbmarket.umbraco.online.api import MarketplaceApi, configured_base
    from umbmarket.umbraco.online.sync_function import SYNC_URL, SyncFunction, configured_sync_url
    from umbmarket.web.cache import DocumentCache
    from umbmarket.web.client import Http
    from umbmarket.web.throttle import INTERVAL_SECONDS, Throttle

    options = options or SyncOptions()
    wanted = list({each.strip().lower(): each.strip() for each in package_ids}.values())
    for each in wanted:
        refuse_wrong_id(each, for_files="the option --from")
    versions_by_id = {each.strip().lower(): version for each, version in (versions or {}).items()}
    for version in (options.version, *versions_by_id.values()):
        _refuse_wrong_version(version)
    variables = os.environ if environment is None else environment
    try:
        feed = configured_feed(options.source, variables)
        base = configured_base(options.marketplace_api, variables)
        url = configured_sync_url(options.sync_url, variables)
    except ValueError as error:
        raise WrongRequest(str(error)) from None
    if options.interval < INTERVAL_SECONDS and _host(url) == _host(SYNC_URL):
        raise WrongRequest("the Marketplace allows one request a minute, so the interval must be at least 60 seconds")
    tell = _Teller(on_event, options.interval)
    stopped = threading.Event()
    wait = sleep if sleep is not None else _stoppable(stopped)
    documents = DocumentCache(on_warning=tell.warn) if options.cache else None
    # Two clients: what a package's author wrote must not gain by the trust in the addresses that the user named.
    with (
        Http(
            allow_private_hosts=options.allow_private_hosts,
            trusted_urls=(feed.source, base, url),
            cache=documents,
            sleep=sleep,
        ) as http,
        Http(allow_private_hosts=options.allow_private_hosts, sleep=sleep) as sites,
    ):
        own = throttle or Throttle(options.state_file, interval=options.interval, sleep=wait, on_warning=tell.warn)
        function = SyncFunction(
            http, url, own, clock=clock, sleep=wait, chance=random.random, on_retry=tell.retry, on_wait=tell.busy
        )
        servers = Servers(NugetFeed(http, feed), MarketplaceApi(http, base), sites, function)
        pace = Pace(clock, wait)

        def give_up() -> None:
            stopped.set()
            http.abort()
            sites.abort()

        def run(package_id: str) -> SyncResult:
            version = versions_by_id.get(package_id.lower(), options.version)
            return sync_package(package_id, replace(options, version=version), servers, pace, tell.event)

        return _run_all(run, wanted, give_up)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def _refuse_wrong_version(text: str | None) -> None:
    if text is None:
        return
    try:
        NuGetVersion.parse(text)
    except InvalidVersion as error:
        raise WrongRequest(f"{quote(text)} is not a version: {error.reason}") from None


def _run_all(run: Callable[[str], SyncResult], ids: list[str], give_up: Callable[[], None]) -> tuple[SyncResult, ...]:
    """One package in this thread, several in one each, for they may take an hour; Ctrl-C ends them all."""
    if len(ids) == 1:
        return (run(ids[0]),)
    workers = Workers(run, ids, most=len(ids), name="umbmarket-sync")
    try:
        results = dict(workers.results())
    except BaseException:
        give_up()
        # What was begun writes down how its request ended.
        workers.join()
        raise
    return tuple(results[each] for each in ids)


def _stoppable(stopped: threading.Event) -> Callable[[float], None]:
    def wait(seconds: float) -> None:
        if not pause(seconds, stopped):
            raise KeyboardInterrupt

    return wait


class _Teller:
    """Passes on what happens."""

    def __init__(self, on_event: Callable[[SyncEvent], None] | None, interval: float) -> None:
        self._on_event = on_event
        self._interval = interval

    def event(self, event: SyncEvent) -> None:
        if self._on_event is not None:
            self._on_event(event)

    def warn(self, warning: ServiceWarning) -> None:
        self.event(SyncEvent("", warning.text))

    def retry(self, package_id: str, notice: RetryNotice) -> None:
        said, seconds = notice.outcome.describe().rstrip("."), notice.wait_seconds
        if notice.outcome.delivery is not Delivery.NOT_SENT:
            seconds = max(seconds, self._interval)
        self.event(SyncEvent(package_id, f"{said}; trying again in {seconds:.0f} s (try {notice.tries_made + 1})"))

    def busy(self, package_id: str, busy: Busy) -> None:
        if busy.in_flight:
            text = "another process is sending a request; waiting for its turn"
        elif busy.retry_after is not None:
            text = f"the Marketplace asked to wait; waiting {busy.wait_seconds:.0f} s"
        else:
            text = f"one request a minute is allowed; waiting {busy.wait_seconds:.0f} s"
        self.event(SyncEvent(package_id, text))
