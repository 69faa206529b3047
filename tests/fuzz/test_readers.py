"""A few thousand inputs of the fuzz run, and proof that it would notice."""

from __future__ import annotations

import random
from pathlib import Path

from tests.fuzz import readers


def test_no_reader_raises(tmp_path: Path) -> None:
    found = readers.run(3_000, 7, tmp_path)
    assert sum(figures.inputs for figures in found.values()) >= 3_000
    assert {name: figures.failures for name, figures in found.items() if figures.failures} == {}


def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    for reader in readers.readers(tmp_path).values():
        first, second = random.Random(3), random.Random(3)
        assert [repr(reader.make(first)) for _ in range(20)] == [repr(reader.make(second)) for _ in range(20)]


def test_inputs_are_damaged_and_some_are_read_all_the_same(tmp_path: Path) -> None:
    chance = random.Random(5)
    make = readers.readers(tmp_path)["listing"].make
    kinds = {readers.Listing("a.json", make(chance)).parsed for _ in range(500)}
    assert kinds == {"strict", "tolerant", "no"}
