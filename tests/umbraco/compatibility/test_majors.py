from __future__ import annotations

from datetime import date
from itertools import pairwise

from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR, OLDEST_MAJOR, UMBRACO_MAJORS, UmbracoMajor


def test_the_table_is_whole() -> None:
    assert list(UMBRACO_MAJORS) == list(range(8, 19))
    assert (OLDEST_MAJOR, NEWEST_MAJOR) == (8, 18)
    assert all(number == major.number for number, major in UMBRACO_MAJORS.items())


def test_each_version_came_after_the_one_before() -> None:
    for earlier, later in pairwise(UMBRACO_MAJORS.values()):
        assert earlier.released < later.released


def test_single_versions() -> None:
    assert UMBRACO_MAJORS[9] == UmbracoMajor(9, date(2021, 9, 28))
    assert UMBRACO_MAJORS[13] == UmbracoMajor(13, date(2023, 12, 14), long_term_support=True)
    assert [major.number for major in UMBRACO_MAJORS.values() if major.long_term_support] == [8, 10, 13, 17]
    assert [major.number for major in UMBRACO_MAJORS.values() if not major.exact] == [18]
