"""What the throttle remembers: one row per package id in a small SQLite file that all processes share.

Times need care. A wall clock can be set, forward as well as back, and then a minute is not a minute. Where
the system has a clock that runs through from boot for all processes (Linux: `CLOCK_BOOTTIME`), that one
decides as long as the machine was not restarted; the wall clock decides otherwise. A row does not hold
points in time but how many seconds from its writing the id is free again, so that a row written "in the
future" can be recognised, and costs one such span at most and never a lock-out.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import platformdirs

from umbmarket.web.waiting import PIECE_SECONDS

SCHEMA_VERSION = 1
"""The layout of the file, in SQLite's `user_version`."""

_BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_CREATE = """
CREATE TABLE IF NOT EXISTS slot (
    id TEXT PRIMARY KEY,         -- package id in lower case
    free_in REAL NOT NULL,       -- seconds after the mark until a request may leave
    in_flight INTEGER NOT NULL,  -- 1: claimed, and not yet known how the request ended
    owner TEXT NOT NULL,         -- who holds the claim; '' when nobody may give it back
    wall REAL NOT NULL,          -- the mark: seconds since the epoch,
    boot TEXT NOT NULL,          --   the boot of the machine ('' when unknown)
    uptime REAL NOT NULL,        --   and seconds since that boot
    requested REAL,              -- when the last request that may have arrived left, seconds since the epoch
    previous REAL,               -- the same without the request in flight
    retry_after REAL             -- the seconds the server last asked to wait, as obeyed
)
"""
_COLUMNS = "id, free_in, in_flight, owner, wall, boot, uptime, requested, previous, retry_after"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clocks.

    Attributes:
        wall: Seconds since the epoch.
        boot: Names this boot of this machine; `""` when the system has no clock that all processes share.
        uptime: Seconds since that boot, sleep included; meaningless when `boot` is empty.
    """

    wall: float
    boot: str
    uptime: float


def system_moment() -> Moment:
    """Read this machine's clocks."""
    boot = _boot_name()
    return Moment(time.time(), boot, time.clock_gettime(time.CLOCK_BOOTTIME) if boot else 0.0)


@cache
def _boot_name() -> str:
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return ""
    try:
        time.clock_gettime(time.CLOCK_BOOTTIME)
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # A container may have a clock of its own, shifted against that of its host.
        return f"{boot}/{Path('/proc/self/ns/time').readlink()}"
    except (OSError, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class Slot:
    """The state of one package id.

    Attributes:
        free_in: Seconds after `mark` until a request may leave.
        in_flight: Whether a request is under way, or its process died.
        owner: Who may give the slot back; `""` for nobody.
        mark: When this was written.
        requested: When the last request that may have arrived left, seconds since the epoch.
        previous: The same, without the request in flight.
        retry_after: The seconds the server last asked to wait, as obeyed.
    """

    free_in: float
    in_flight: bool
    owner: str
    mark: Moment
    requested: float | None = None
    previous: float | None = None
    retry_after: float | None = None

    def elapsed(self, now: Moment) -> float | None:
        """Give the seconds since the mark, or `None` when the clocks contradict it."""
        same_boot = bool(self.mark.boot) and self.mark.boot == now.boot
        seconds = now.uptime - self.mark.uptime if same_boot else now.wall - self.mark.wall
        return seconds if math.isfinite(seconds) and seconds >= 0 else None


class StateFileError(Exception):
    """The state file cannot be used; the text says why in a few words."""


class StateFile:
    """The SQLite file. Every use opens it anew, so it may be used from any thread and after a fork.

    Args:
        path: The file; its folder is made when needed.
        lock_patience: Seconds to wait for another process that holds the file locked.
    """

    def __init__(self, path: Path, lock_patience: float) -> None:
        self.path = path
        self._pieces = max(1, math.ceil(lock_patience / PIECE_SECONDS))
        self._piece = min(lock_patience, PIECE_SECONDS)

    def update(self, key: str, change: Callable[[Slot | None], tuple[Slot | None, T]]) -> T:
        """Read one row, and write it again, in one immediate transaction.

        Args:
            key: The package id in lower case.
            change: Gets the row or `None`; gives the row to write (`None` to leave it as it is) and a result.

        Returns:
            The result of `change`.

        Raises:
            StateFileError: When the file is broken, locked, not writable or of a newer version. Nothing is
                written then.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=self._piece, isolation_level=None)) as connection:
                self._patiently(connection, "BEGIN IMMEDIATE")
                _prepare(connection)
                written, result = change(_read(connection, key))
                if written is not None:
                    _write(connection, key, written)
                self._patiently(connection, "COMMIT")
                return result
        except sqlite3.Error as error:
            raise StateFileError(str(error)) from error
        except (OSError, ValueError) as error:
            raise StateFileError(getattr(error, "strerror", None) or "it cannot be opened") from error

    def _patiently(self, connection: sqlite3.Connection, statement: str) -> None:
        # SQLite waits without letting Ctrl-C through, so it is made to wait in pieces.
        for left in range(self._pieces - 1, -1, -1):
            try:
                connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if left == 0 or error.sqlite_errorcode & 0xFF not in _BUSY_CODES:
                    raise


def default_state_file() -> Path:
    """Give the throttle's file inside the user's state folder."""
    return Path(platformdirs.user_state_dir("umbmarket", appauthor=False)) / "throttle.sqlite3"


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise StateFileError("it was written by a newer version")
    if version < SCHEMA_VERSION:
        connection.execute(_CREATE)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _read(connection: sqlite3.Connection, key: str) -> Slot | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM slot WHERE id = ?", (key,)).fetchone()
    if row is None:
        return None
    _, free_in, in_flight, owner, wall, boot, uptime, requested, previous, retry_after = row
    # A value that is no number contradicts the clocks or is too long a wait, and both are put right by the
    # reader.
    mark = Moment(_number(wall, math.inf), boot if isinstance(boot, str) else "", _number(uptime, math.inf))
    return Slot(
        _number(free_in, math.inf),
        bool(in_flight),
        owner if isinstance(owner, str) else "",
        mark,
        _optional(requested),
        _optional(previous),
        _optional(retry_after),
    )


def _write(connection: sqlite3.Connection, key: str, slot: Slot) -> None:
    mark = slot.mark
    connection.execute(
        f"INSERT OR REPLACE INTO slot ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            slot.free_in,
            int(slot.in_flight),
            slot.owner,
            mark.wall,
            mark.boot,
            mark.uptime,
            slot.requested,
            slot.previous,
            slot.retry_after,
        ),
    )


def _number(value: object, otherwise: float) -> float:
    found = _optional(value)
    return otherwise if found is None else found


def _optional(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
