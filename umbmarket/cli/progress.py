"""A line on the terminal that says how far a run is; in a pipe and in a log there is none."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from umbmarket.cli import streams

INTERVAL_SECONDS = 0.1
"""How long a line stays at least: a terminal that is written to more often flickers, and slows the run."""


@contextmanager
def shown(what: str, *, hidden: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show how much is done while the block runs, and wipe the line at its end, however it ends.

    Args:
        what: what is done, such as `checking links`.
        hidden: show nothing.

    Yields:
        A function to call with how much is done and how much there is. It does nothing unless standard error is a
        terminal that can go back to the beginning of a line.
    """
    if hidden or not _is_live_terminal():
        yield _nothing
        return
    line = _Line(what)
    try:
        yield line.tell
    finally:
        line.wipe()


def _nothing(_done: int, _total: int) -> None:
    """Show nothing."""


def _is_live_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class _Line:
    """The line, which is written over itself. Plain characters alone: not every terminal reads escape sequences."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._width = 0
        self._written = float("-inf")

    def tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._written < INTERVAL_SECONDS and done < total:
            return
        self._written = now
        self._write(f"{self._what}: {done} of {total}")

    def wipe(self) -> None:
        if self._width:
            self._write("")
            streams.write_error("\r")

    def _write(self, text: str) -> None:
        streams.write_error(f"\r{text.ljust(self._width)}")
        self._width = len(text)
