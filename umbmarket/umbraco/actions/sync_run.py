"""The way of one package id through a sync, from top to bottom.

1. `_on_nuget`: is there something to sync? It gives the id in NuGet's letter case and the version to wait for.
2. `MarketplaceApi.package`: what does the Marketplace show before the request?
3. `SyncFunction.ask`: one request a minute, however many processes ask.
4. `_what_will_tell`: what will show that the Marketplace has read the package since then?
5. `_until_seen`: look at the Marketplace until it shows that.

Every step hands its target on to the next, or ends the way with a result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, Readiness
from umbmarket.umbraco.actions.sync_polling import Pace, Polling, in_words
from umbmarket.umbraco.actions.sync_signs import Signs, is_later, listing_signs, release_signs
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord, NotListed
from umbmarket.umbraco.online.published_listing import published_values
from umbmarket.umbraco.syncing import BEYOND_HERE, SCHEDULE, SyncEvent, SyncOptions, SyncResult, SyncState
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG
from umbmarket.web.outcomes import Blocked, HttpFailure
from umbmarket.web.retry import NO_RETRY

if TYPE_CHECKING:
    from umbmarket.nuget.feed.v3 import NugetFeed
    from umbmarket.umbraco.online.api import MarketplaceApi
    from umbmarket.umbraco.online.sync_function import SyncAnswer, SyncFunction
    from umbmarket.web.client import Http

Answer: TypeAlias = MarketplaceRecord | NotListed | MarketplaceFailure
"""What the Marketplace shows."""

Tell = Callable[[SyncEvent], None]
"""Told what happens on the way."""

_LATENCY = "the listing usually shows it after 25 to 90 minutes (an estimate)"
_INDEXING = "NuGet takes 15 to 60 minutes to index a new version (an estimate)"


@dataclass(frozen=True, slots=True)
class Servers:
    """Who is asked, in this order.

    Attributes:
        feed: Where NuGet's versions are.
        api: Where it can be seen what the Marketplace shows.
        sites: For the published listing, wherever its author says that it is.
        function: The Marketplace's sync function.
    """

    feed: NugetFeed
    api: MarketplaceApi
    sites: Http
    function: SyncFunction


@dataclass(frozen=True, slots=True)
class _Target:
    """What is asked for and waited for: the id in NuGet's letter case, the version, when it was pushed.

    `is_new`: NuGet did not list the version when this began, so whoever shows it has read it since.
    """

    package_id: str
    version: NuGetVersion | None = None
    published: datetime | None = None
    is_new: bool = False

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
        return _done(target, SyncState.DRY_RUN, f"would ask the Marketplace to read {what} again; nothing was sent")
    # Once: a try more would be a second look within the minute.
    before = servers.api.package(target.package_id, retry=NO_RETRY) if options.wait else None
    answer = servers.function.ask(target.package_id, until=until, wait_for_slot=options.wait_for_slot)
    if not answer.accepted:
        return _not_accepted(target, answer, options)
    if before is None:
        return _done(
            target,
            SyncState.ACCEPTED,
            f"the Marketplace accepted the request and queued it; {_LATENCY}",
            f"umbmarket status {target.package_id} shows the result; --wait waits for it",
            tries=answer.tries,
        )
    signs = _what_will_tell(target, before, servers)
    if signs is None and target.is_new and not is_later(_shown(before), target.version):
        return _seen(target, before, target.shown, answer.tries)
    if signs is None:
        return _nothing_tells(target, before, answer.tries)
    tell(SyncEvent(target.package_id, "accepted; waiting for the Marketplace to show it"))
    return _until_seen(target, before, signs, options, servers.api, Polling(pace, until), tell, answer.tries)


def _on_nuget(
    target: _Target, options: SyncOptions, feed: NugetFeed, polling: Polling, tell: Tell
) -> _Target | SyncResult:
    """What NuGet has to sync; what was just pushed is waited for, since a request sent earlier finds nothing."""
    wanted = target.version
    if options.check and wanted is not None and wanted.is_prerelease:
        return _done(
            target,
            SyncState.NOT_SYNCABLE,
            f"{wanted.normalized} is a prerelease, and the Marketplace appears to show only stable versions",
            "publish a stable version, or skip this check with --no-check",
        )
    said = False
    while True:
        ready = feed.readiness(target.package_id, MARKETPLACE_TAG)
        if isinstance(ready, FeedFailure):
            help_ = "try again, or skip the check with --no-check"
            if not options.check:
                help_ = "try again, or set the version to wait for with --from"
            return _done(target, SyncState.NETWORK, ready.describe(), help_)
        if isinstance(ready, Readiness):
            target = _Target(ready.id, wanted, is_new=said)
            if wanted is None or _has(feed, ready, wanted):
                return _judged(target, ready, options, tell)
        if wanted is None:
            return _done(target, SyncState.NOT_SYNCABLE, _unknown(ready), f"check the id; {_INDEXING}")
        missing = f"NuGet does not list {target.package_id} {wanted.normalized} yet"
        if not options.wait or options.dry_run:
            help_ = f"{_INDEXING}; --wait waits for that before it asks the Marketplace"
            return _done(target, SyncState.NOT_SYNCABLE, missing, help_)
        tell(SyncEvent(target.package_id, f"{missing}; waiting for that before asking the Marketplace", said))
        said = True
        if not polling.pause():
            return _done(
                target,
                SyncState.TIMED_OUT,
                f"after {in_words(options.timeout)}, {missing}; nothing was sent",
                "check that the push succeeded and that the version is listed",
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
    return _Target(ready.id, version, published, target.is_new)


def _what_will_tell(target: _Target, before: Answer, servers: Servers) -> Signs | None:
    """What will tell that the Marketplace has read the package, which it showed as `before`; None for nothing."""
    signs = release_signs(before, target.version, target.published)
    if signs is None and isinstance(before, MarketplaceRecord) and target.version is not None:
        listing = published_values(servers.feed, servers.sites, target.package_id, target.version)
        signs = listing_signs(before, listing or {})
    return signs


def _nothing_tells(target: _Target, before: Answer, tries: int) -> SyncResult:
    """Nothing to wait for: what the Marketplace shows is what it showed before."""
    shown = _shown(before)
    why = f"it already shows {shown or 'the package'}"
    if is_later(shown, target.version):
        why = f"it shows {shown}, which is later than {target.shown}"
    return _done(
        target,
        SyncState.ACCEPTED,
        "the Marketplace accepted the request, but nothing that it shows can tell when it has read the package again: "
        f"{why}, and it already shows the values of the published listing that can be compared",
        f"check the listing later; {_LATENCY}; {BEYOND_HERE}",
        tries=tries,
        shown_version=shown,
    )


def _seen(target: _Target, answer: Answer, what: str | None, tries: int) -> SyncResult:
    seen = _shown(answer)
    text = what if what and what != target.shown else seen or "it"
    return _done(target, SyncState.SEEN, f"the Marketplace shows {text}", tries=tries, shown_version=seen)


def _shown(answer: Answer) -> str | None:
    return answer.latest_version if isinstance(answer, MarketplaceRecord) else None


def _until_seen(
    target: _Target,
    before: Answer,
    signs: Signs,
    options: SyncOptions,
    api: MarketplaceApi,
    polling: Polling,
    tell: Tell,
    tries: int,
) -> SyncResult:
    """Look at the Marketplace until it shows the signs, or the time is up."""
    answer, seen, last_text = before, _shown(before), ""
    has_answered = not isinstance(before, MarketplaceFailure)
    waiting_for = f", waiting for {signs.text}" if signs.text else ""
    # The look before the request counts: the next one is a minute later at the soonest.
    while polling.pause():
        answer = api.package(target.package_id, retry=NO_RETRY)
        text = "the Marketplace gave no answer"
        if not isinstance(answer, MarketplaceFailure):
            has_answered = True
            seen = _shown(answer)
            text = f"the Marketplace shows {seen}" if seen else "the Marketplace does not show it yet"
        if isinstance(answer, MarketplaceRecord) and signs.are_in(answer):
            return _seen(target, answer, signs.text, tries)
        tell(SyncEvent(target.package_id, f"{text}{waiting_for}", text == last_text))
        last_text = text
    after = f"accepted, but after {in_words(options.timeout)} the Marketplace"
    if not has_answered and isinstance(answer, MarketplaceFailure):
        return _done(
            target,
            SyncState.NETWORK,
            f"{after} did not say what it shows: {answer.describe()}",
            "check the listing itself; the request was accepted",
            tries=tries,
        )
    return _done(
        target,
        SyncState.TIMED_OUT,
        f"{after} shows {seen or 'nothing'}{f', not {signs.text}' if signs.text else ''}",
        f"umbmarket status {target.package_id} shows what is missing; {BEYOND_HERE}"
        if isinstance(answer, MarketplaceRecord)
        else f"umbmarket status {target.package_id} shows what is missing; without a sync, {SCHEDULE}",
        tries=tries,
        shown_version=seen,
    )


def _has(feed: NugetFeed, ready: Readiness, wanted: NuGetVersion) -> bool:
    """Whether NuGet lists the version; a fix for an older major is not the latest."""
    if ready.latest is None or ready.latest.version <= wanted:
        return ready.latest is not None and ready.latest.version == wanted
    versions = feed.versions(ready.id)
    found = versions.find(wanted) if isinstance(versions, PackageVersions) else None
    return found is not None and found.listed


def _unknown(ready: Readiness | NotFound) -> str:
    return ready.describe() if isinstance(ready, NotFound) else ready.reason


def _not_accepted(target: _Target, answer: SyncAnswer, options: SyncOptions) -> SyncResult:
    outcome, tries = answer.outcome, answer.tries
    said = outcome.describe() if outcome is not None else "nothing was sent"
    if answer.busy is not None and answer.busy.problem:
        return _done(
            target,
            SyncState.BUSY,
            f"{said}: {answer.busy.problem}, so it is not known whether a request is allowed now",
            "close that program, or try again",
            tries=tries,
            wait_seconds=answer.busy.wait_seconds,
        )
    if answer.busy is not None:
        seconds = answer.busy.wait_seconds
        begin = f"{said} One" if outcome is not None else "one"
        return _done(
            target,
            SyncState.BUSY,
            f"{begin} request a minute is allowed; next request possible in {seconds:.0f} s",
            "try again then, or give it more time with --timeout"
            if options.wait_for_slot
            else "try again then, or remove --no-wait-for-slot to wait",
            tries=tries,
            wait_seconds=seconds,
        )
    if answer.is_page:
        return _done(
            target,
            SyncState.NETWORK,
            f"{said.rstrip('.')} with a web page, which the sync function never does",
            "check the URL of the sync function, and whether a proxy or a sign-in page answers in its place",
            tries=tries,
        )
    if not answer.refused:
        help_ = f"try again later; without a sync, {SCHEDULE}"
        return _done(target, SyncState.NETWORK, said, help_, tries=tries)
    is_elsewhere = isinstance(outcome, Blocked) or (
        isinstance(outcome, HttpFailure) and (outcome.status < 400 or outcome.status in (404, 405))
    )
    help_ = "check the URL of the sync function" if is_elsewhere else f"check the id and the package; {BEYOND_HERE}"
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
