"""One request a minute per package id, however many processes ask: the Marketplace's rule for its sync.

What is guaranteed is the spacing of *arrivals* at the server, not of departures here. A request arrives at some point
between its departure and its answer, so the minute counts from the answer:

- A claim is written before the request leaves. It occupies the id until the request has ended, and if nothing is
  heard of it any more (the process was killed), until the longest time a request may take has passed, and then a full
  interval.
- Bytes leave through `Turn.leave` alone. It looks at the claim once more while it holds the file, so that nobody else
  can claim the id, lets them go, and counts the claim's time from then: a process that was stopped or a machine that
  slept since the claim sends nothing.
- When the answer has come, the interval starts again from that moment. When none came (timeout, broken connection,
  Ctrl-C), the interval and a little more, for what may still be on its way.
- A request that certainly did not leave (refused connection, unknown host, too late) gives its slot back.

So for any two requests, the second leaves no sooner than one interval after the first has arrived. The state is in one
SQLite file (`throttle_state`); each step is one immediate transaction of one row, so ids do not wait for each other. A
file that is locked is waited for, and then the id counts as busy. A file that is broken is set aside and made anew.
Where no file can be written the rule holds within this process. `docs/online.md` says what remains.
"""

from __future__ import annotations

import math
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from umbmarket.web.outcomes import Delivery, ServiceWarning, TooLate
from umbmarket.web.throttle_state import (
    Moment,
    Slot,
    StateFile,
    StateFileError,
    StateFileLocked,
    default_state_file,
    system_moment,
)
from umbmarket.web.waiting import pause

INTERVAL_SECONDS = 60.0
"""One request a minute per package id (the listing guide, 2023 and 2024-2025 texts, on the sync function)."""

REQUEST_SECONDS = 30.0
"""The longest one request may take; the client ends it then."""

RETRY_AFTER_CAP_SECONDS = 600.0
"""A longer `Retry-After` counts as 10 minutes."""

SETTLE_SECONDS = 2.0
"""Added after a request without an answer: what had left before the cut may arrive this much later."""

POLL_SECONDS = 0.5
"""How often to look whether another process's request has ended."""

LOCK_PATIENCE_SECONDS = 30.0
"""How long to wait for a locked state file. A transaction takes milliseconds; many processes and a slow disk add up."""

CLOCK_GRAIN_SECONDS = 0.02
"""Added to every interval, because the wall clock of Windows moves in steps of 1/64 s."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Busy:
    """The id is not free yet.

    Attributes:
        package_id: The id in lower case.
        wait_seconds: Until when, in seconds; with `in_flight` the longest it can take.
        in_flight: Whether a request of this or another process is under way.
        retry_after: The seconds the server asked to wait, when that is what is waited for.
        requested_at: When the last request left, seconds since the epoch; `None` when not known.
        problem: Why it is not known whether the id is free, as a clause; then nobody should wait for it. Else empty.
    """

    package_id: str
    wait_seconds: float
    in_flight: bool
    retry_after: float | None
    requested_at: float | None
    problem: str = ""


class Turn:
    """The right to send one request for one id, now. Use it with `with`, and call `finish` when it is over.

    Leaving the `with` block without `finish` counts as a request that may have arrived.

    Attributes:
        package_id: The id in lower case.
    """

    def __init__(self, throttle: Throttle, package_id: str, owner: str, since: Moment) -> None:
        self.package_id = package_id
        self._throttle = throttle
        self._owner = owner
        self._since = since
        self._finished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish(Delivery.UNKNOWN)

    def time_left(self) -> float:
        """Give the seconds the request may take from now, for its timeout.

        It is 0 when the request must not be sent any more, because the process was stopped since the claim.
        """
        return self._throttle._time_left(self._since)

    def leave(self, send: Callable[[], None]) -> None:
        """Let bytes of the request leave, if this is still its turn; several times if need be.

        Args:
            send: Sends them. It is called while the state file is held, so it must be quick.

        Raises:
            TooLate: The time of the turn is up, somebody else has the id, or the file was locked; nothing was sent.
        """
        self._throttle._leave(self.package_id, self._owner, self._since, send)

    def finish(self, delivery: Delivery, retry_after: float | None = None) -> None:
        """Say how the request ended; only the first call counts.

        Args:
            delivery: Whether it may have arrived (`outcome.delivery`).
            retry_after: The seconds the server asked to wait, if it did.
        """
        if not self._finished:
            self._throttle._finish(self.package_id, self._owner, delivery, retry_after)
            self._finished = True


class Throttle:
    """Hands out turns. Safe to use from several threads.

    Args:
        path: The state file shared by all processes; the one in the user's state folder when not given.
        interval: Seconds between two requests for one id.
        request_seconds: The longest a request may take; must be the same in all processes.
        settle: Seconds added after a request without an answer.
        poll: Seconds between two looks at a request of another process.
        lock_patience: Seconds to wait for a locked file.
        now: Reads the clocks.
        sleep: Waits the given seconds.
        on_warning: Told once when the file cannot be used, so that only this process is throttled.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        interval: float = INTERVAL_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
        settle: float = SETTLE_SECONDS,
        poll: float = POLL_SECONDS,
        lock_patience: float = LOCK_PATIENCE_SECONDS,
        now: Callable[[], Moment] = system_moment,
        sleep: Callable[[float], object] = pause,
        on_warning: Callable[[ServiceWarning], None] | None = None,
    ) -> None:
        self._file = StateFile(default_state_file() if path is None else path, lock_patience, self._warn_set_aside)
        self.interval = interval
        self._interval = interval + CLOCK_GRAIN_SECONDS
        self._request_seconds = request_seconds
        self._settle = settle
        self._poll = poll
        self._now = now
        self._sleep = sleep
        self._on_warning = on_warning
        self._warned = False
        # Reentrant, so that giving a claim back after Ctrl-C never waits for what Ctrl-C left locked.
        self._lock = threading.RLock()
        # What this process did itself; it holds even when the file fails or is deleted.
        self._memory: dict[str, Slot] = {}

    def claim(self, package_id: str) -> Turn | Busy:
        """Take the turn for an id, if it is free.

        Args:
            package_id: The id, in any letter case.

        Returns:
            The turn, already recorded, or how long to wait.
        """
        key = package_id.strip().lower()
        owner = secrets.token_hex(8)
        try:
            now_or_busy = self._update(key, lambda slot, now: self._claimed(key, owner, slot, now))
        except StateFileLocked:
            problem = f"the state file {self._file.path} is locked by another program"
            return Busy(key, self._interval, False, None, None, problem)
        except BaseException:
            # Nothing was sent. If even this is interrupted, the claim simply runs out.
            self._finish(key, owner, Delivery.NOT_SENT, None)
            raise
        return now_or_busy if isinstance(now_or_busy, Busy) else Turn(self, key, owner, now_or_busy)

    def wait_for_turn(
        self,
        package_id: str,
        *,
        patience: float | None = None,
        on_wait: Callable[[Busy], None] | None = None,
    ) -> Turn | Busy:
        """Wait until the id is free, and take the turn.

        Args:
            package_id: The id, in any letter case.
            patience: The most seconds to wait; 0 not to wait at all, `None` for as long as it takes.
            on_wait: Told before each wait.

        Returns:
            The turn; or how long it would still take, when that is more than the patience or nobody knows.
        """
        waited = 0.0
        while True:
            answer = self.claim(package_id)
            if isinstance(answer, Turn):
                return answer
            left = math.inf if patience is None else patience - waited
            if answer.problem or left <= 0 or (not answer.in_flight and answer.wait_seconds > left):
                return answer
            if on_wait is not None:
                on_wait(answer)
            waited += self.wait(answer, left)

    def wait(self, busy: Busy, most: float = math.inf) -> float:
        """Wait until it makes sense to claim again.

        Args:
            busy: What `claim` said.
            most: The most seconds to wait.

        Returns:
            How long that was.
        """
        seconds = min(busy.wait_seconds, most, self._poll if busy.in_flight else math.inf)
        self._sleep(seconds)
        return seconds

    def _leave(self, key: str, owner: str, since: Moment, send: Callable[[], None]) -> None:
        sent = False
        trouble: list[BaseException] = []

        def change(slot: Slot | None, now: Moment) -> tuple[Slot | None, None]:
            nonlocal sent
            if not sent:
                if slot is None or slot.owner != owner or self._seconds_left(since, now) <= 0:
                    raise TooLate("its turn was over before it could leave")
                sent = True
                try:
                    send()
                except BaseException as error:  # noqa: BLE001 - raised when it is written down that bytes may have left
                    trouble.append(error)
                now = self._now()
            previous = None if slot is None else slot.previous
            return Slot(self._occupied, True, owner, now, requested=now.wall, previous=previous), None

        try:
            self._update(key, change)
        except StateFileLocked:
            # Locked at the end alone: what the file says of the claim is older, and this process knows better.
            if not sent:
                raise TooLate(f"the state file {self._file.path} is locked by another program") from None
        if trouble:
            raise trouble[0]

    def _claimed(self, key: str, owner: str, slot: Slot | None, now: Moment) -> tuple[Slot | None, Moment | Busy]:
        sound, wait = (None, 0.0) if slot is None else self._sound(slot, now)
        if wait > 0 and sound is not None:
            busy = Busy(key, wait, sound.in_flight, sound.retry_after, sound.requested)
            return (None if sound is slot else sound), busy
        last = None if sound is None else sound.requested
        return Slot(self._occupied, True, owner, now, requested=now.wall, previous=last), now

    @property
    def _occupied(self) -> float:
        """Seconds that an id is taken by a request of which nothing more is heard."""
        return self._request_seconds + self._settle + self._interval

    def _finish(self, key: str, owner: str, delivery: Delivery, retry_after: float | None) -> None:
        # Where the file is locked, what it says of the claim stands, which is never too little.
        with suppress(StateFileLocked):
            self._update(key, lambda slot, now: (self._finished(owner, delivery, retry_after, slot, now), None), True)

    def _finished(
        self, owner: str, delivery: Delivery, retry_after: float | None, slot: Slot | None, now: Moment
    ) -> Slot | None:
        own = slot is not None and slot.owner == owner
        if delivery is Delivery.NOT_SENT:
            if slot is None or not own:
                return None
            return Slot(0.0, False, "", now, requested=slot.previous)
        asked = _sound_seconds(retry_after)
        wait = max(self._interval, asked or 0.0)
        if delivery is Delivery.UNKNOWN:
            wait += self._settle
        obeyed = asked if asked is not None and asked > self._interval else None
        if slot is None or own:
            return Slot(wait, False, "", now, requested=now.wall, retry_after=obeyed)
        # The request outlasted its claim, and the id may have been claimed again: keep the longer wait, and
        # let nobody give back what now stands for two requests.
        sound, others = self._sound(slot, now)
        return replace(sound, free_in=max(wait, others), owner="", mark=now, requested=now.wall)

    def _sound(self, slot: Slot, now: Moment) -> tuple[Slot, float]:
        """Give the slot, put right where it cannot be true, and the seconds until it is free."""
        longest = max(RETRY_AFTER_CAP_SECONDS + self._interval, self._occupied)
        elapsed = slot.elapsed(now)
        if elapsed is None or slot.free_in > longest:
            wait = slot.free_in if slot.free_in <= longest else self._interval
            slot, elapsed = replace(slot, free_in=wait, mark=now), 0.0
        return slot, max(0.0, slot.free_in - elapsed)

    def _time_left(self, since: Moment) -> float:
        return self._seconds_left(since, self._now())

    def _seconds_left(self, since: Moment, now: Moment) -> float:
        elapsed = Slot(0.0, True, "", since).elapsed(now)
        return 0.0 if elapsed is None else max(0.0, self._request_seconds - elapsed)

    def _update(
        self, key: str, change: Callable[[Slot | None, Moment], tuple[Slot | None, T]], also_locked: bool = False
    ) -> T:
        """Apply a change to the file and to the memory of this process, or to the latter alone.

        Args:
            key: The id in lower case.
            change: Gets the slot and the time; gives the slot to write, or None, and a result.
            also_locked: Make the change in memory even when the file stays locked.

        Raises:
            StateFileLocked: The file stayed locked and was not changed.
        """

        def in_file(stored: Slot | None) -> tuple[Slot | None, tuple[Slot | None, T]]:
            now = self._now()
            written, result = change(self._stricter(stored, self._memory.get(key), now), now)
            return written, (written, result)

        with self._lock:
            try:
                written, result = self._file.update(key, in_file)
            except StateFileLocked:
                if also_locked:
                    self._remember(key, in_file(None)[0])
                raise
            except StateFileError as error:
                self._warn(
                    f"The state file {self._file.path} cannot be used ({error}), so requests by other processes "
                    "are not known. If this continues, delete the file."
                )
                written, result = in_file(None)[1]
            self._remember(key, written)
            return result

    def _remember(self, key: str, slot: Slot | None) -> None:
        if slot is not None:
            self._memory[key] = slot

    def _stricter(self, stored: Slot | None, own: Slot | None, now: Moment) -> Slot | None:
        if stored is None or own is None:
            return stored or own
        # The same claim seen twice, or the file has gone on without us; it lags behind only when it failed.
        return own if self._sound(own, now)[1] > self._sound(stored, now)[1] else stored

    def _warn_set_aside(self, aside: Path) -> None:
        self._warn(
            f"The state file {self._file.path} was damaged. It was renamed to {aside.name} and created again, so "
            "requests by other processes in the last minute are not known."
        )

    def _warn(self, text: str) -> None:
        if self._warned:
            return
        self._warned = True
        if self._on_warning is not None:
            self._on_warning(ServiceWarning("throttle", text))


def _sound_seconds(retry_after: float | None) -> float | None:
    if retry_after is None or not math.isfinite(retry_after) or retry_after < 0:
        return None
    return min(retry_after, RETRY_AFTER_CAP_SECONDS)
