"""Signals that wait while files are put in place, so that no two of them tear apart what belongs together."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that ask a program to end; which of them there are depends on the system."""


class HeldSignals:
    """Within this context Ctrl-C and what else asks the program to end takes effect at chosen places, and at the end.

    A handler of Python raises an exception between any two steps: also between the one that replaces a file and the one
    that takes down that it did, and within the clearing-up after an earlier signal. Signals that have no handler of
    Python stay as they are, and so do all of them outside of the main thread, where none is handled.
    """

    def __init__(self) -> None:
        self._usual: dict[int, Any] = {}
        self._waiting: list[int] = []

    def __enter__(self) -> Self:
        try:
            for number in (getattr(signal, name, None) for name in _ENDING):
                usual = signal.getsignal(number) if number is not None else None
                if number is not None and callable(usual):
                    # First taken down, so that nothing stays held where another signal comes between.
                    self._usual[number] = usual
                    signal.signal(number, self._hold)
        except ValueError:
            # Of another thread than the main one.
            self._usual.clear()
        except BaseException:
            self._give_back()
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._give_back()
        if not isinstance(error, (KeyboardInterrupt, SystemExit)):
            self.let_through()

    def let_through(self) -> None:
        """Do now what the signals that came ask for, which mostly raises `KeyboardInterrupt` or `SystemExit`."""
        while self._waiting:
            number = self._waiting.pop(0)
            self._usual[number](number, None)

    def _hold(self, number: int, _frame: FrameType | None) -> None:
        self._waiting.append(number)

    def _give_back(self) -> None:
        for number, usual in self._usual.items():
            signal.signal(number, usual)
