"""Says on standard error what a command waits for: one live line on a terminal, a line for each change in a log."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from umbmarket.cli import streams

if TYPE_CHECKING:
    from umbmarket.umbraco.syncing import SyncEvent


class WaitingLine:
    """Shows events, from any thread.

    The live line is written over itself in plain characters alone, since not every terminal reads escape sequences,
    and cut to the terminal's width, since a longer one could not be wiped. It tells since what time of day things are
    as they are, which stays true while nothing happens.

    Args:
        now: Gives the time of day as text.
    """

    def __init__(self, now: Callable[[], str] = lambda: time.strftime("%H:%M:%S")) -> None:
        self._is_live = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._now = now
        self._width = 0
        self._last: dict[str, str] = {}
        self._since: dict[str, str] = {}
        self._lock = threading.Lock()

    def tell(self, event: SyncEvent) -> None:
        """Show an event; what was said last of a package is not said again. A warning about the machine stays."""
        from umbmarket.output.plain import plain

        with self._lock:
            if self._last.get(event.package_id) != event.text:
                self._since[event.package_id] = self._now()
                if not (self._is_live and event.package_id):
                    self._wipe()
                    streams.note(f"{event.package_id}: {event.text}" if event.package_id else event.text)
            self._last[event.package_id] = event.text
            if self._is_live and event.package_id:
                since = f" (since {self._since[event.package_id]})"
                others = len([each for each in self._last if each not in ("", event.package_id)])
                more = f" and {others} more" if others else ""
                self._write(plain(f"{event.package_id}{more}: {event.text}"), since)

    def wipe(self) -> None:
        """Leave the terminal's line empty."""
        with self._lock:
            self._wipe()

    def _wipe(self) -> None:
        if self._width:
            streams.write_error(f"\r{' ' * self._width}\r")
            self._width = 0

    def _write(self, text: str, end: str) -> None:
        # The last column stays free: some terminals go to the next line when it is filled.
        room = _columns() - 1 - len(end)
        line = f"{text if len(text) <= room else f'{text[: max(room - 3, 0)]}...'}{end}"
        streams.write_error(f"\r{line.ljust(self._width)}")
        self._width = max(self._width, len(line))


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or shutil.get_terminal_size().columns
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns
