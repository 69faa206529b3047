"""What `umbmarket sync` comes to: made by its action, shown by its outputs."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class SyncState(enum.StrEnum):
    """How the sync of one package ended.

    `accepted`: the Marketplace queued it. `seen`: the Marketplace shows the version that NuGet has. `refused`: the
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
