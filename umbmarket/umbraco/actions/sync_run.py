"""The sync of one package, step by step: is NuGet ready, ask, and see it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import MARKETPLACE_TAG, FeedFailure, NotFound, PublishedVersion, Readiness
from umbmarket.umbraco.actions.sync_polling import Polling, in_words, is_reached
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord
from umbmarket.umbraco.syncing import SyncResult, SyncState
from umbmarket.web.outcomes import Blocked, HttpFailure
from umbmarket.web.retry import NO_RETRY

if TYPE_CHECKING:
    from umbmarket.nuget.feed.v3 import NugetFeed
    from umbmarket.umbraco.actions.sync import SyncOptions
    from umbmarket.umbraco.online.api import MarketplaceApi
    from umbmarket.umbraco.online.sync_function import SyncAnswer, SyncFunction

_LATENCY = "it usually takes 25 to 90 minutes until the listing shows it (an estimate)"
_INDEXING = "NuGet takes 15 to 60 minutes to index what was just pushed (an estimate)"


@dataclass(frozen=True, slots=True)
class _Target:
    """What is asked for and waited for: the id in NuGet's letter case, the version and when it was pushed."""

    package_id: str
    version: NuGetVersion | None = None
    published: datetime | None = None

    @property
    def shown(self) -> str | None:
        return self.version.normalized if self.version is not None else None


class PackageSync:
    """Syncs one package after the other, from any thread.

    Args:
        options: How.
        version: The version that must be there; None for the latest stable one on NuGet.
        feed: Where NuGet's versions are.
        api: Where it can be seen what the Marketplace shows.
        function: The sync function.
        tell: Told the id, what happens, and whether that was said before.
        clock: Seconds that only grow.
        sleep: Waits the given seconds.
    """

    def __init__(
        self,
        options: SyncOptions,
        version: NuGetVersion | None,
        feed: NugetFeed,
        api: MarketplaceApi,
        function: SyncFunction,
        tell: Callable[[str, str, bool], None],
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
        """Sync one package.

        Args:
            package_id: The id in any letter case.
        """
        options = self._options
        until = self._clock() + options.timeout
        target = _Target(package_id, self._version)
        if options.check or (options.wait and self._version is None):
            found = self._on_nuget(package_id, until)
            if isinstance(found, SyncResult):
                return found
            target = found
        if options.dry_run:
            what = f"{target.package_id} {target.shown}" if target.shown else target.package_id
            text = f"would ask the Marketplace to read {what} anew; nothing was sent"
            return _done(target, SyncState.DRY_RUN, text)
        answer = self._function.ask(target.package_id, wait_for_slot=options.wait_for_slot)
        tries = answer.outcome.tries if answer.outcome is not None else 0
        if not answer.accepted:
            return _not_accepted(target, answer, tries)
        if not options.wait:
            return _done(
                target,
                SyncState.ACCEPTED,
                f"the Marketplace accepted the request, which queues the work; {_LATENCY}",
                f"umbmarket status {target.package_id} tells what it shows; --wait waits for it",
                tries=tries,
            )
        self._tell(target.package_id, "accepted; waiting for the Marketplace to show it", False)
        return self._until_seen(target, until, tries)

    def _on_nuget(self, package_id: str, until: float) -> _Target | SyncResult:
        """What NuGet has to sync; what was just pushed is waited for, since a request sent earlier finds nothing."""
        wanted = self._version
        if self._options.check and wanted is not None and wanted.is_prerelease:
            return _done(
                _Target(package_id, wanted),
                SyncState.NOT_SYNCABLE,
                f"{wanted.normalized} is a prerelease, and the Marketplace appears to show stable versions only",
                "publish a stable version, or skip this check with --no-check",
            )
        polling = Polling(self._clock, self._sleep, until)
        said = False
        while True:
            ready = self._feed.readiness(package_id)
            if isinstance(ready, FeedFailure):
                return self._no_feed(package_id, ready)
            if isinstance(ready, Readiness):
                package_id = ready.id
                if wanted is None or _has(ready.latest, wanted):
                    return self._judged(ready)
            if wanted is None:
                return _done(_Target(package_id), SyncState.NOT_SYNCABLE, _unknown(ready), f"check the id; {_INDEXING}")
            missing = f"NuGet does not list {package_id} {wanted.normalized} yet"
            if not self._options.wait or self._options.dry_run:
                help_ = f"{_INDEXING}; --wait waits for that and asks the Marketplace then"
                return _done(_Target(package_id, wanted), SyncState.NOT_SYNCABLE, missing, help_)
            self._tell(package_id, f"{missing}; waiting for that before asking the Marketplace", said)
            said = True
            if not polling.pause():
                return _done(
                    _Target(package_id, wanted),
                    SyncState.TIMED_OUT,
                    f"after {in_words(self._options.timeout)}, {missing}; nothing was sent",
                    "check that the push went through and that the version is listed",
                )

    def _no_feed(self, package_id: str, failure: FeedFailure) -> SyncResult:
        help_ = "try again, or skip the check with --no-check"
        if not self._options.check:
            help_ = "try again, or name the version to wait for with --from"
        return _done(_Target(package_id, self._version), SyncState.NETWORK, failure.describe(), help_)

    def _judged(self, ready: Readiness) -> _Target | SyncResult:
        """What to wait for, or why there is nothing to sync."""
        newest = ready.latest
        if self._options.check and ready.tagged is None:
            help_ = f'add the tag "{MARKETPLACE_TAG}" to the package and publish a new version'
            if newest is None:
                help_ = "publish a stable version, or list it again on nuget.org"
            return _done(_Target(ready.id, self._version), SyncState.NOT_SYNCABLE, ready.reason, help_)
        if newest is not None and ready.tagged is not None and newest.version != ready.tagged.version:
            number, tagged = newest.version.normalized, ready.tagged.version.normalized
            text = f"{number}, the latest version, does not have the tag {MARKETPLACE_TAG}, which {tagged} has"
            self._tell(ready.id, text, False)
        version = self._version or (newest.version if newest is not None else None)
        published = newest.published if newest is not None and newest.version == version else None
        return _Target(ready.id, version, published)

    def _until_seen(self, target: _Target, until: float, tries: int) -> SyncResult:
        polling = Polling(self._clock, self._sleep, until)
        seen, has_answered, last_text = None, False, ""
        while True:
            # Once: a try more would be a second look within the minute.
            answer = self._api.package(target.package_id, retry=NO_RETRY)
            text = "the Marketplace gave no answer"
            if not isinstance(answer, MarketplaceFailure):
                has_answered = True
                seen = answer.latest_version if isinstance(answer, MarketplaceRecord) else None
                text = f"the Marketplace shows {seen}" if seen else "the Marketplace does not show it yet"
            if isinstance(answer, MarketplaceRecord) and is_reached(answer, target.version, target.published):
                shown = f"the Marketplace shows {seen or 'it'}"
                return _done(target, SyncState.SEEN, shown, tries=tries, shown_version=seen)
            waiting_for = f", waiting for {target.shown}" if target.shown else ""
            self._tell(target.package_id, f"{text}{waiting_for}", text == last_text)
            last_text = text
            if polling.pause():
                continue
            after = f"accepted, but after {in_words(self._options.timeout)} the Marketplace"
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


def _not_accepted(target: _Target, answer: SyncAnswer, tries: int) -> SyncResult:
    outcome = answer.outcome
    said = outcome.describe() if outcome is not None else "nothing was sent"
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
