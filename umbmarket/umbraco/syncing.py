"""What `umbmarket sync` is asked for and what it comes to: read and made by its action, shown by its outputs."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DEFAULT_TIMEOUT_SECONDS = 90 * 60.0
"""How long `wait` waits: records were seen to change 25 to 90 minutes after a publish (observed, an estimate)."""


SCHEDULE = "the Marketplace looks for new packages at 04:00 UTC, and reads known ones every 2 hours (listing guide)"
"""When the Marketplace finds a release by itself (the listing guide, 2023 to 2025 texts)."""

VALIDATE_PAGE = "https://marketplace.umbraco.com/validate"
"""The Marketplace's own page that checks a package by its id (HQ's blog, January 2023)."""

ISSUE_TRACKER = "https://github.com/umbraco/Umbraco.Marketplace.Issues"
"""Where the Marketplace's own faults are reported."""

BEYOND_HERE = f"{VALIDATE_PAGE} shows the Marketplace's own validation, and {ISSUE_TRACKER} is its issue tracker"
"""Where to turn to when nothing more can be done here."""


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
        marketplace_api: base URL of the Marketplace's API.
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


class SyncState(enum.StrEnum):
    """How the sync of one package ended.

    `accepted`: the Marketplace queued it. `seen`: the Marketplace shows the version that NuGet has, or what changed in
    the listing. `refused`: the
    Marketplace said no. `not-syncable`: NuGet has nothing to sync. `network`: no answer. `timed-out`: accepted, and not
    seen in time. `busy`: another request for the id was made too recently, and the caller did not want to wait.
    `dry-run`: nothing was sent.
    """

    ACCEPTED = "accepted"
    SEEN = "seen"
    REFUSED = "refused"
    NOT_SYNCABLE = "not-syncable"
    NETWORK = "network"
    TIMED_OUT = "timed-out"
    BUSY = "busy"
    DRY_RUN = "dry-run"


class SyncCode(enum.IntEnum):
    """What `umbmarket sync` tells its caller."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NETWORK = 4
    TIMED_OUT = 5


_CODES = {
    SyncState.ACCEPTED: SyncCode.DONE,
    SyncState.SEEN: SyncCode.DONE,
    SyncState.DRY_RUN: SyncCode.DONE,
    SyncState.REFUSED: SyncCode.REFUSED,
    SyncState.NOT_SYNCABLE: SyncCode.REFUSED,
    SyncState.NETWORK: SyncCode.NETWORK,
    SyncState.TIMED_OUT: SyncCode.TIMED_OUT,
    SyncState.BUSY: SyncCode.TIMED_OUT,
}


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The outcome for one package.

    Attributes:
        package_id: in the letter case that NuGet has, as far as it is known.
        state: how it ended.
        detail: what happened, in one or two sentences.
        help: what to do, or empty.
        tries: requests that were made to the sync function.
        version: the version that is waited for, or that NuGet has; None when it is not known.
        shown_version: what the Marketplace showed last; None when it was not asked or shows none.
        wait_seconds: for `busy`, the seconds left; else None.
        finished: when it ended.
    """

    package_id: str
    state: SyncState
    detail: str
    help: str = ""
    tries: int = 0
    version: str | None = None
    shown_version: str | None = None
    wait_seconds: float | None = None
    finished: datetime | None = None

    @property
    def exit_code(self) -> SyncCode:
        """What this outcome alone would give."""
        return _CODES[self.state]


def exit_code_of(results: tuple[SyncResult, ...]) -> SyncCode:
    """The exit code of a run: a refusal before a lack of answers before a lack of time."""
    codes = {result.exit_code for result in results}
    for code in (SyncCode.REFUSED, SyncCode.NETWORK, SyncCode.TIMED_OUT):
        if code in codes:
            return code
    return SyncCode.DONE


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """Something that happened on the way: what a live line or a log shows.

    Attributes:
        package_id: which package.
        text: one clause, without a full stop.
        waiting: it is only about waiting, so that a log need not show it twice.
    """

    package_id: str
    text: str
    waiting: bool = False
