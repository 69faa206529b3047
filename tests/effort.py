"""How much work something is: processor time, which a busy machine takes away from nobody, and how it grows."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

TWICE = 3.0
"""What `growth` stays below where twice the input takes about twice the time; with its square it is about four."""

CLEAR = 2.6
"""Below this nothing is left to be found out."""

MOST_ROUNDS = 15

LEAST = 0.01
"""Seconds."""

Pair = tuple[float, float]
"""Seconds of the input and of one of twice the size, measured one right after the other."""


def growth(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times as long an input of twice the size takes, in processor time.

    Both are run in turn until the answer is clear, and several times where it is not. What takes less than `LEAST`
    counts as that: of so little, noise is all that is measured.

    Args:
        prepare: makes the input of a size, and gives back what is to be measured.
        size: of the smaller input: large enough that its square would show.
    """
    pairs: list[Pair] = []
    while len(pairs) < MOST_ROUNDS:
        # Each is the first of the two in half of the rounds.
        if len(pairs) % 2:
            double, single = _seconds(prepare, 2 * size), _seconds(prepare, size)
        else:
            single, double = _seconds(prepare, size), _seconds(prepare, 2 * size)
        pairs.append((single, double))
        if of_the_best(pairs) < CLEAR:
            break
    return min(of_the_best(pairs), usual(pairs)) if len(pairs) == MOST_ROUNDS else of_the_best(pairs)


def of_the_best(pairs: Sequence[Pair]) -> float:
    """The growth from the shortest run of the one to that of the other: a run can be disturbed, never favoured."""
    return _ratio(min(single for single, _ in pairs), min(double for _, double in pairs))


def usual(pairs: Sequence[Pair]) -> float:
    """The growth in the middle one of all rounds.

    On a machine that is shared, a processor can be several times as fast for a moment as it is else. Then the shortest
    runs are not of one kind, but the two of one round nearly always are.
    """
    return median(_ratio(single, double) for single, double in pairs)


def _ratio(single: float, double: float) -> float:
    return max(double, LEAST) / max(single, LEAST)


def _seconds(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    work = prepare(size)
    # What other tests have left in memory is not to be searched again and again while this one is measured.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        started = time.process_time()
        work()
        return time.process_time() - started
    finally:
        if was_enabled:
            gc.enable()
