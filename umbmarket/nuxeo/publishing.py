"""What `umbmarket nuxeo upload` and `delete` are asked for and what they come to."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.nuxeo.publish_targets import Login, Target

TIMEOUT_SECONDS = 60 * 60.0
"""How long one request may take in all: 500 MB take 55 minutes at 150 kB/s."""


class PublishState(enum.StrEnum):
    """How it ended.

    `done`: the marketplace answered 200. `refused`: it answered anything else. `blocked`: our own checks stopped it,
    before anything was sent. `no-consent`: the user did not agree, so nothing was sent. `no-answer`: no connection, or
    no answer to what was sent, so that the effect is not known. `dry-run`: nothing was to be sent.
    """

    DONE = "done"
    REFUSED = "refused"
    BLOCKED = "blocked"
    NO_CONSENT = "no-consent"
    NO_ANSWER = "no-answer"
    DRY_RUN = "dry-run"


class PublishCode(enum.IntEnum):
    """What the commands tell their caller."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NO_ANSWER = 4


_CODES = {
    PublishState.DONE: PublishCode.DONE,
    PublishState.DRY_RUN: PublishCode.DONE,
    PublishState.REFUSED: PublishCode.REFUSED,
    PublishState.BLOCKED: PublishCode.REFUSED,
    PublishState.NO_CONSENT: PublishCode.USAGE,
    PublishState.NO_ANSWER: PublishCode.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What came of an upload or a deletion.

    Attributes:
        package_id: what was meant, with its version normalised.
        state: how it ended.
        detail: what happened, in one or two sentences.
        help: what to do, or empty.
        lines: the first lines of what the server said: untrusted text, safe to show, without the login.
        page: where the package is shown then; empty where that is not known.
    """

    package_id: str
    state: PublishState
    detail: str
    help: str = ""
    lines: tuple[str, ...] = ()
    page: str = ""

    @property
    def exit_code(self) -> PublishCode:
        """The exit code of the command."""
        return _CODES[self.state]


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """What an upload would do: everything is known and checked, and nothing is sent.

    Attributes:
        path: of the ZIP.
        package_id: from the manifest, with its version normalised.
        is_snapshot: it replaces a published one of the same id; a release cannot.
        size: of the ZIP in bytes.
        seen: what the disk said of the ZIP when it was checked; it must say the same when it is sent.
        target: where to.
        login: with what; None where there is none, so that nothing can be sent.
        org: the organisation that will own it.
        shared_with: the organisations that may read it besides.
        report: what the rules found in it.
        obstacles: what stops the upload, one clause each.
        overridden: what would stop it if it were not forced.
        timeout: seconds for the request.
        allow_private_hosts: lift the address guard.
    """

    path: Path
    package_id: str
    is_snapshot: bool
    size: int
    seen: tuple[int, ...]
    target: Target
    login: Login | None
    org: str
    shared_with: tuple[str, ...]
    report: Report
    obstacles: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    timeout: float = TIMEOUT_SECONDS
    allow_private_hosts: bool = False


@dataclass(frozen=True, slots=True)
class DeletePlan:
    """What a deletion would do.

    Attributes:
        package_id: with its version normalised.
        is_snapshot: anybody who may can upload it again; of a release that is not known.
        target: where.
        login: with what; None where there is none, so that nothing can be sent.
        timeout: seconds for the request.
        allow_private_hosts: lift the address guard.
    """

    package_id: str
    is_snapshot: bool
    target: Target
    login: Login | None
    timeout: float = TIMEOUT_SECONDS
    allow_private_hosts: bool = False
