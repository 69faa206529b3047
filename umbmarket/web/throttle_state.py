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
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import platformdirs

from umbmarket.web.waiting import PIECE_SECONDS

SCHEMA_VERSION = 1
"""The layout of the file, in SQLite's `user_version`."""

_LOCKED_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BROKEN_CODES = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
"""No database, a damaged one, or one with other tables."""

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


class StateFileLocked(StateFileError):
    """Another process held the state file for longer than is waited for."""


class StateFile:
    """The SQLite file. Every use opens it anew, so it may be used from any thread and after a fork.

    Args:
        path: The file; its folder is made when needed.
        lock_patience: Seconds to wait for another process that holds the file locked.
        on_set_aside: Told the new name of a file that was broken.
    """

    def __init__(self, path: Path, lock_patience: float, on_set_aside: Callable[[Path], None]) -> None:
        self.path = path
        self._on_set_aside = on_set_aside
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
            StateFileLocked: When another process holds the file. Nothing is written then.
            StateFileError: When the file cannot be made, is not writable or of a newer version. Nothing is written
                then.
        """
        try:
            try:
                return self._update(key, change)
            except sqlite3.Error as error:
                if not _is_broken(error):
                    raise
            self._set_aside()
            return self._update(key, change)
        except sqlite3.Error as error:
            kind = StateFileLocked if _is_locked(error) else StateFileError
            raise kind(str(error)) from error
        except (OSError, ValueError) as error:
            raise StateFileError(getattr(error, "strerror", None) or "it cannot be opened") from error

    def _update(self, key: str, change: Callable[[Slot | None], tuple[Slot | None, T]]) -> T:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._opened(self.path) as connection:
            _prepare(connection)
            written, result = change(_read(connection, key))
            if written is not None:
                _write(connection, key, written)
            self._patiently(connection, "COMMIT")
            return result

    def _set_aside(self) -> None:
        """Give a broken file another name, and make a new one; unless another process has done that meanwhile."""
        # A second file serves as a lock. The broken one cannot, and a look without a lock could move the new one away.
        with self._opened(self.path.with_name(f"{self.path.name}-repair")):
            try:
                with self._opened(self.path) as connection:
                    _prepare(connection)
                    _read(connection, "")
                    return
            except sqlite3.Error as error:
                if not _is_broken(error):
                    raise
            aside = self.path.with_name(f"{self.path.name}.broken")
            # Its journals first: they would be played back into the new file.
            for ending in ("-journal", "-wal", "-shm", ""):
                with suppress(FileNotFoundError):
                    self.path.with_name(self.path.name + ending).replace(aside.with_name(aside.name + ending))
            with self._opened(self.path) as connection:
                _prepare(connection)
                self._patiently(connection, "COMMIT")
        self._on_set_aside(aside)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        """A connection in an immediate transaction, which is rolled back unless it is committed."""
        with closing(sqlite3.connect(path, timeout=self._piece, isolation_level=None)) as connection:
            self._patiently(connection, "BEGIN IMMEDIATE")
            yield connection

    def _patiently(self, connection: sqlite3.Connection, statement: str) -> None:
        # SQLite waits without letting Ctrl-C through, so it is made to wait in pieces.
        for left in range(self._pieces - 1, -1, -1):
            try:
                connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if left == 0 or not _is_locked(error):
                    raise


def _is_locked(error: sqlite3.Error) -> bool:
    return _code(error) in _LOCKED_CODES


def _is_broken(error: sqlite3.Error) -> bool:
    return _code(error) in _BROKEN_CODES


def _code(error: sqlite3.Error) -> int:
    # Only errors of SQLite itself have a code; its lower byte is the kind.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


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
