"""The way of one package id through a sync, from top to bottom.

1. `_on_nuget`: is there something to sync? It gives the id in NuGet's letter case and the version to wait for.
2. `SyncFunction.ask`: one request a minute, however many processes ask.
3. `_until_seen`: look at the Marketplace until it shows the version.

Every step hands its target on to the next, or ends the way with a result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PublishedVersion, Readiness
from umbmarket.umbraco.actions.sync_polling import Pace, Polling, in_words, is_reached
from umbmarket.umbraco.facts import MARKETPLACE_TAG
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord
from umbmarket.umbraco.syncing import SyncEvent, SyncOptions, SyncResult, SyncState
from umbmarket.web.outcomes import Blocked, HttpFailure
from umbmarket.web.retry import NO_RETRY

if TYPE_CHECKING:
    from umbmarket.nuget.feed.v3 import NugetFeed
    from umbmarket.umbraco.online.api import MarketplaceApi
    from umbmarket.umbraco.online.sync_function import SyncAnswer, SyncFunction

Tell = Callable[[SyncEvent], None]
"""Told what happens on the way."""

_LATENCY = "it usually takes 25 to 90 minutes until the listing shows it (an estimate)"
_INDEXING = "NuGet takes 15 to 60 minutes to index what was just pushed (an estimate)"


@dataclass(frozen=True, slots=True)
class Servers:
    """Who is asked, in this order.

    Attributes:
        feed: Where NuGet's versions are.
        function: The Marketplace's sync function.
        api: Where it can be seen what the Marketplace shows.
    """

    feed: NugetFeed
    function: SyncFunction
    api: MarketplaceApi


@dataclass(frozen=True, slots=True)
class _Target:
    """What is asked for and waited for: the id in NuGet's letter case, the version and when it was pushed."""

    package_id: str
    version: NuGetVersion | None = None
    published: datetime | None = None

    @property
    def shown(self) -> str | None:
        return self.version.normalized if self.version is not None else None


def sync_package(package_id: str, options: SyncOptions, servers: Servers, pace: Pace, tell: Tell) -> SyncResult:
    """Sync one package; may be called from any thread.

    Args:
        package_id: The id in any letter case.
        options: How; its version is a version.
        servers: Who is asked.
        pace: The clock, and how to wait.
        tell: Told what happens on the way.
    """
    until = pace.clock() + options.timeout
    target = _Target(package_id, NuGetVersion.parse(options.version) if options.version is not None else None)
    if options.check or (options.wait and target.version is None):
        found = _on_nuget(target, options, servers.feed, Polling(pace, until), tell)
        if isinstance(found, SyncResult):
            return found
        target = found
    if options.dry_run:
        what = f"{target.package_id} {target.shown}" if target.shown else target.package_id
        return _done(target, SyncState.DRY_RUN, f"would ask the Marketplace to read {what} anew; nothing was sent")
    answer = servers.function.ask(target.package_id, until=until if options.wait_for_slot else pace.clock())
    if not answer.accepted:
        return _not_accepted(target, answer)
    if not options.wait:
        return _done(
            target,
            SyncState.ACCEPTED,
            f"the Marketplace accepted the request, which queues the work; {_LATENCY}",
            f"umbmarket status {target.package_id} tells what it shows; --wait waits for it",
            tries=answer.tries,
        )
    tell(SyncEvent(target.package_id, "accepted; waiting for the Marketplace to show it"))
    return _until_seen(target, options, servers.api, Polling(pace, until), tell, answer.tries)


def _on_nuget(
    target: _Target, options: SyncOptions, feed: NugetFeed, polling: Polling, tell: Tell
) -> _Target | SyncResult:
    """What NuGet has to sync; what was just pushed is waited for, since a request sent earlier finds nothing."""
    wanted = target.version
    if options.check and wanted is not None and wanted.is_prerelease:
        return _done(
            target,
            SyncState.NOT_SYNCABLE,
            f"{wanted.normalized} is a prerelease, and the Marketplace appears to show stable versions only",
            "publish a stable version, or skip this check with --no-check",
        )
    said = False
    while True:
        ready = feed.readiness(target.package_id, MARKETPLACE_TAG)
        if isinstance(ready, FeedFailure):
            help_ = "try again, or skip the check with --no-check"
            if not options.check:
                help_ = "try again, or name the version to wait for with --from"
            return _done(target, SyncState.NETWORK, ready.describe(), help_)
        if isinstance(ready, Readiness):
            target = _Target(ready.id, wanted)
            if wanted is None or _has(ready.latest, wanted):
                return _judged(target, ready, options, tell)
        if wanted is None:
            return _done(target, SyncState.NOT_SYNCABLE, _unknown(ready), f"check the id; {_INDEXING}")
        missing = f"NuGet does not list {target.package_id} {wanted.normalized} yet"
        if not options.wait or options.dry_run:
            help_ = f"{_INDEXING}; --wait waits for that and asks the Marketplace then"
            return _done(target, SyncState.NOT_SYNCABLE, missing, help_)
        tell(SyncEvent(target.package_id, f"{missing}; waiting for that before asking the Marketplace", said))
        said = True
        if not polling.pause():
            return _done(
                target,
                SyncState.TIMED_OUT,
                f"after {in_words(options.timeout)}, {missing}; nothing was sent",
                "check that the push went through and that the version is listed",
            )


def _judged(target: _Target, ready: Readiness, options: SyncOptions, tell: Tell) -> _Target | SyncResult:
    """What to wait for, or why there is nothing to sync."""
    newest = ready.latest
    if options.check and ready.tagged is None:
        help_ = f'add the tag "{MARKETPLACE_TAG}" to the package and publish a new version'
        if newest is None:
            help_ = "publish a stable version, or list it again on nuget.org"
        return _done(target, SyncState.NOT_SYNCABLE, ready.reason, help_)
    if newest is not None and ready.tagged is not None and newest.version != ready.tagged.version:
        number, tagged = newest.version.normalized, ready.tagged.version.normalized
        text = f"{number}, the latest version, does not have the tag {MARKETPLACE_TAG}, which {tagged} has"
        tell(SyncEvent(ready.id, text))
    version = target.version or (newest.version if newest is not None else None)
    published = newest.published if newest is not None and newest.version == version else None
    return _Target(ready.id, version, published)


def _until_seen(
    target: _Target, options: SyncOptions, api: MarketplaceApi, polling: Polling, tell: Tell, tries: int
) -> SyncResult:
    """Look at the Marketplace until it shows the version, or the time is up."""
    seen, has_answered, last_text = None, False, ""
    while True:
        # Once: a try more would be a second look within the minute.
        answer = api.package(target.package_id, retry=NO_RETRY)
        text = "the Marketplace gave no answer"
        if not isinstance(answer, MarketplaceFailure):
            has_answered = True
            seen = answer.latest_version if isinstance(answer, MarketplaceRecord) else None
            text = f"the Marketplace shows {seen}" if seen else "the Marketplace does not show it yet"
        if isinstance(answer, MarketplaceRecord) and is_reached(answer, target.version, target.published):
            shown = f"the Marketplace shows {seen or 'it'}"
            return _done(target, SyncState.SEEN, shown, tries=tries, shown_version=seen)
        waiting_for = f", waiting for {target.shown}" if target.shown else ""
        tell(SyncEvent(target.package_id, f"{text}{waiting_for}", text == last_text))
        last_text = text
        if polling.pause():
            continue
        after = f"accepted, but after {in_words(options.timeout)} the Marketplace"
        if not has_answered and isinstance(answer, MarketplaceFailure):
            return _done(
                target,
                SyncState.NETWORK,
                f"{after} has not told what it shows: {answer.describe()}",
                "look at the listing itself; the request was accepted",
                tries=tries,
            )
        return _done(
            target,
            SyncState.TIMED_OUT,
            f"{after} shows {seen or 'nothing'}{f', not {target.shown}' if target.shown else ''}",
            f"umbmarket status {target.package_id} tells what stands in the way",
            tries=tries,
            shown_version=seen,
        )


def _has(latest: PublishedVersion | None, wanted: NuGetVersion) -> bool:
    return latest is not None and latest.version >= wanted


def _unknown(ready: Readiness | NotFound) -> str:
    return ready.describe() if isinstance(ready, NotFound) else ready.reason


def _not_accepted(target: _Target, answer: SyncAnswer) -> SyncResult:
    outcome, tries = answer.outcome, answer.tries
    said = outcome.describe() if outcome is not None else "nothing was sent"
    if answer.busy is not None and answer.busy.problem:
        return _done(
            target,
            SyncState.BUSY,
            f"{said}: {answer.busy.problem}, so it is not known whether a request may leave",
            "end that program, or try again",
            tries=tries,
            wait_seconds=answer.busy.wait_seconds,
        )
    if answer.busy is not None:
        seconds = answer.busy.wait_seconds
        begin = f"{said} One" if outcome is not None else "one"
        return _done(
            target,
            SyncState.BUSY,
            f"{begin} request a minute is allowed; the next one may leave in {seconds:.0f} s",
            "try again then, or let it wait: leave out --no-wait-for-slot",
            tries=tries,
            wait_seconds=seconds,
        )
    if not answer.refused:
        help_ = "try again later; known packages are also read every two hours (listing guide)"
        return _done(target, SyncState.NETWORK, said, help_, tries=tries)
    is_elsewhere = isinstance(outcome, Blocked) or (
        isinstance(outcome, HttpFailure) and (outcome.status < 400 or outcome.status in (404, 405))
    )
    help_ = "check the address of the sync function" if is_elsewhere else "check the id and the package"
    return _done(target, SyncState.REFUSED, said, help_, tries=tries)


def _done(
    target: _Target,
    state: SyncState,
    detail: str,
    help_: str = "",
    *,
    tries: int = 0,
    shown_version: str | None = None,
    wait_seconds: float | None = None,
) -> SyncResult:
    return SyncResult(
        target.package_id,
        state,
        detail,
        help_,
        tries,
        target.shown,
        shown_version,
        wait_seconds,
        finished=datetime.now(UTC),
    )
