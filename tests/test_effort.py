"""The measure of growth itself: what it takes for twice the work, what for its square, and what it makes of noise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.effort import TWICE, growth, of_the_best, usual


def spinning(rounds: Callable[[int], int]) -> Callable[[int], Callable[[], object]]:
    def prepare(size: int) -> Callable[[], object]:
        return lambda: sum(range(rounds(size)))

    return prepare


def test_twice_the_work_is_told_from_its_square() -> None:
    assert growth(spinning(lambda size: size * 1000), 3_000) < TWICE
    assert growth(spinning(lambda size: size * size), 1_000) > TWICE


def test_what_takes_no_time_does_not_grow() -> None:
    assert growth(spinning(lambda size: size * size), 2) == 1


FAST_FOR_A_MOMENT = [(0.06, 0.31), *[(0.15, 0.3)] * 14]
SLOW_FOR_A_WHILE = [(0.15, 0.9), (0.15, 1.2), *[(0.15, 0.6)] * 5, *[(0.15, 0.3)] * 8]
SQUARE = [(0.1, 0.4)] * 15
SQUARE_WITH_NOISE = [*[(0.3, 0.4)] * 6, *[(0.1, 0.4)] * 9]


@pytest.mark.parametrize(
    ("pairs", "best", "middle"),
    [
        (FAST_FOR_A_MOMENT, 5, 2),
        (SLOW_FOR_A_WHILE, 2, 2),
        (SQUARE, 4, 4),
        (SQUARE_WITH_NOISE, 4, 4),
    ],
)
def test_noise_does_not_hide_a_square_and_makes_none(
    pairs: list[tuple[float, float]], best: float, middle: float
) -> None:
    assert of_the_best(pairs) == pytest.approx(best)
    assert usual(pairs) == pytest.approx(middle)
