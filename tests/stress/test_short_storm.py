"""A short storm in every run of the tests; a long one is `python -m tests.stress.sync_storm`."""

from __future__ import annotations

import os

import pytest

from tests.stress.sync_storm import rage


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_short_storm() -> None:
    storm = rage(4.0, processes=3, ids=6, kills=1)
    assert storm.violations == []
    assert storm.errors == []
