"""Waiting that can be ended: by Ctrl-C, and by whoever gives the work up.

Windows lets Ctrl-C through only between two waits, so everything that waits in this product waits in pieces of
`PIECE_SECONDS`, and does it here. Threads that may hang on a silent server are started here too: as daemons, since a
pool of the standard library cannot be left before its last thread is done.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

PIECE_SECONDS = 0.25
"""The longest that nothing but an answer can end a wait."""

K = TypeVar("K")
T = TypeVar("T")


def pause(seconds: float, stopped: threading.Event | None = None) -> bool:
    """Wait.

    Args:
        seconds: How long, by the monotonic clock.
        stopped: Ends the wait when it is set.

    Returns:
        Whether the time has passed; False when `stopped` ended the wait.
    """
    bell = threading.Event() if stopped is None else stopped
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if bell.wait(min(left, PIECE_SECONDS)):
            return False
    return stopped is None or not stopped.is_set()


def take(items: queue.SimpleQueue[T], until: float = math.inf, stopped: threading.Event | None = None) -> T:
    """Take the next item of a queue, when there is one.

    Args:
        items: The queue.
        until: How long to wait for it, as a time of the monotonic clock.
        stopped: Ends the wait when it is set.

    Raises:
        queue.Empty: the time is up, or `stopped` was set.
    """
    while True:
        left = until - time.monotonic()
        try:
            return items.get(timeout=max(0.0, min(PIECE_SECONDS, left)))
        except queue.Empty:
            if left <= PIECE_SECONDS or (stopped is not None and stopped.is_set()):
                raise


def acquire(slots: threading.Semaphore, until: float = math.inf, stopped: threading.Event | None = None) -> bool:
    """Take one of a number of slots, when one is free.

    Args:
        slots: The slots; whoever gets one releases it.
        until: How long to wait for it, as a time of the monotonic clock.
        stopped: Ends the wait when it is set.

    Returns:
        Whether there was one.
    """
    while True:
        left = until - time.monotonic()
        if slots.acquire(timeout=max(0.0, min(PIECE_SECONDS, left))):
            return True
        if left <= PIECE_SECONDS or (stopped is not None and stopped.is_set()):
            return False


def in_background(work: Callable[[], T], name: str) -> queue.SimpleQueue[T | Exception]:
    """Do one piece of work in a thread of its own.

    Args:
        work: What to do; it cannot be ended, only no longer waited for.
        name: The thread's name.

    Returns:
        A queue that gets what `work` gives or raises (see `take`).
    """
    done: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as error:  # noqa: BLE001 - handed over and raised in the asking thread
            done.put(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return done


class Workers(Generic[K, T]):
    """Does the same work for many keys, some of them at a time, in threads that begin at once.

    Args:
        work: What to do with one key.
        keys: The keys, each one piece of work.
        most: How many threads.
        name: The threads' name.

    Attributes:
        answers: What is done so far, whether it was fetched by `results` or not.
    """

    def __init__(self, work: Callable[[K], T], keys: Iterable[K], *, most: int, name: str) -> None:
        self.answers: dict[K, T] = {}
        self._work = work
        self._waiting = deque(keys)
        self._left = len(self._waiting)
        self._done: queue.SimpleQueue[tuple[K, BaseException | None]] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=name, daemon=True) for _ in range(min(most, self._left))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> int:
        """How many pieces of work are done."""
        return len(self.answers)

    def results(self, until: float = math.inf, on_piece: Callable[[], None] | None = None) -> Iterator[tuple[K, T]]:
        """Give each key with what its work gave, as they come.

        Args:
            until: When to stop waiting, as a time of the monotonic clock.
            on_piece: Called now and then while nothing comes.

        Raises:
            BaseException: what the work raised.
        """
        while self._left:
            try:
                key, error = take(self._done, min(until, time.monotonic() + PIECE_SECONDS))
            except queue.Empty:
                if on_piece is not None:
                    on_piece()
                if time.monotonic() >= until:
                    return
                continue
            self._left -= 1
            if error is not None:
                raise error
            yield key, self.answers[key]

    def give_up(self) -> None:
        """Begin nothing more."""
        self._waiting.clear()

    def join(self) -> None:
        """Wait until what was begun has ended."""
        for thread in self._threads:
            while thread.is_alive():
                thread.join(PIECE_SECONDS)

    def _run(self) -> None:
        while True:
            try:
                key = self._waiting.popleft()
            except IndexError:
                return
            try:
                self.answers[key] = self._work(key)
            except BaseException as error:  # noqa: BLE001 - raised in the thread that waits for the results
                self._done.put((key, error))
            else:
                self._done.put((key, None))
