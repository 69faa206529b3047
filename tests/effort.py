"""How much work something is: processor time, which a busy machine takes away from nobody, and how it grows."""

from __future__ import annotations

import time
from collections.abc import Callable

TWICE = 3.0
"""What `growth` stays below where twice the input takes about twice the time; with its square it is about four."""

CLEAR = 2.6
"""Below this nothing is left to be found out."""

MOST_RUNS = 8

LEAST = 0.01
"""Seconds."""


def growth(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times as long an input of twice the size takes, in processor time, of the best run of each.

    Both are run until the answer is clear, and several times where it is not: a run can be disturbed, never favoured.
    What takes less than `LEAST` counts as that: of so little, noise is all that is measured.

    Args:
        prepare: makes the input of a size, and gives back what is to be measured.
        size: of the smaller input: large enough that its square would show.
    """
    single = double = float("inf")
    for _ in range(MOST_RUNS):
        single = min(single, _seconds(prepare, size))
        double = min(double, _seconds(prepare, 2 * size))
        if max(double, LEAST) < CLEAR * max(single, LEAST):
            break
    return max(double, LEAST) / max(single, LEAST)


def _seconds(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    work = prepare(size)
    started = time.process_time()
    work()
    return time.process_time() - started
