"""Unions of ranges: kept apart where there are gaps, merged where there are none."""

from __future__ import annotations

import copy
import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import ALL_VERSIONS, NO_VERSIONS, NuGetVersion, RangeUnion, VersionRange


def v(text: str) -> NuGetVersion:
    return NuGetVersion.parse(text)


def r(text: str) -> VersionRange:
    return VersionRange.parse(text)


def u(*texts: str) -> RangeUnion:
    return RangeUnion(map(r, texts))


@pytest.mark.parametrize(
    ("texts", "normalized"),
    [
        ((), ()),
        (("(1,1)", "(0,0)"), ()),
        (("1.0",), ("[1.0.0, )",)),
        # One group per framework, each with its own range: the gap stays.
        (("[10.4,11)", "[11,13)", "[13,14)"), ("[10.4.0, 14.0.0)",)),
        (("[13,14)", "[10,11)"), ("[10.0.0, 11.0.0)", "[13.0.0, 14.0.0)")),
        (("[1]", "[2]"), ("[1.0.0, 1.0.0]", "[2.0.0, 2.0.0]")),
        # Touching intervals merge only if the version between them is inside.
        (("[1,2)", "[2,3]"), ("[1.0.0, 3.0.0]",)),
        (("[1,2]", "(2,3]"), ("[1.0.0, 3.0.0]",)),
        (("[1,2)", "(2,3]"), ("[1.0.0, 2.0.0)", "(2.0.0, 3.0.0]")),
        (("[1,2)", "(2,3]", "[2]"), ("[1.0.0, 3.0.0]",)),
        # Nothing is known to lie between 1.9.9 and 2.0.0, and still something can.
        (("[1,1.9.9]", "[2,3]"), ("[1.0.0, 1.9.9]", "[2.0.0, 3.0.0]")),
        (("[1,5]", "[2,3]"), ("[1.0.0, 5.0.0]",)),
        (("[1,5)", "(1,5]"), ("[1.0.0, 5.0.0]",)),
        (("(1,5)", "(1,5)"), ("(1.0.0, 5.0.0)",)),
        (("(,2)", "4.0"), ("(, 2.0.0)", "[4.0.0, )")),
        (("(,2)", "1.0"), ("(, )",)),
        (("[1,2]", "(, )"), ("(, )",)),
        (("(3,3)", "[1,2]"), ("[1.0.0, 2.0.0]",)),
        (("[1.0-rc,1.0)", "[1.0,2.0)"), ("[1.0.0-rc, 2.0.0)",)),
        (("1.*", "[0.5,0.6)"), ("[0.5.0, 0.6.0)", "[1.0.0, )")),
    ],
)
def test_normalized(texts: tuple[str, ...], normalized: tuple[str, ...]) -> None:
    for order in (texts, texts[::-1]):
        union = u(*order)
        assert union.normalized == normalized
        assert tuple(interval.normalized for interval in union) == normalized
        assert tuple(interval.original for interval in union.intervals) == normalized
        assert len(union) == len(normalized)
        assert union.is_empty is (not normalized)
        assert union == u(*normalized)


def test_text() -> None:
    assert str(u("[13,14)", "[10,11)")) == "[10.0.0, 11.0.0) or [13.0.0, 14.0.0)"
    assert str(u("1.0")) == "[1.0.0, )"
    assert str(u()) == "no version"
    assert repr(u("[1]", "[2]")) == "RangeUnion(['[1.0.0, 1.0.0]', '[2.0.0, 2.0.0]'])"


def test_contains() -> None:
    union = u("[10.4,11)", "[13,14)")
    for inside in ("10.4.0", "10.9", "11.0-rc", "13", "13.9.9"):
        assert union.contains(v(inside))
    for outside in ("10.3.9", "10.4.0-rc", "11.0", "12.0", "13.0-rc", "14.0"):
        assert not union.contains(v(outside))
    assert not u().contains(v("1.0"))


@pytest.mark.parametrize(
    ("texts", "hull"),
    [
        ((), "(0.0.0, 0.0.0)"),
        (("(5,5)",), "(0.0.0, 0.0.0)"),
        (("[1]", "[3]", "[2]"), "[1.0.0, 3.0.0]"),
        (("[10,11)", "(13,14)"), "[10.0.0, 14.0.0)"),
        (("(,1]", "[3,4)"), "(, 4.0.0)"),
        (("(,1]", "(3,)"), "(, )"),
        (("(1,5]", "[2,3)"), "(1.0.0, 5.0.0]"),
    ],
)
def test_hull_fills_the_gaps(texts: tuple[str, ...], hull: str) -> None:
    assert u(*texts).hull.normalized == hull


@pytest.mark.parametrize(
    ("a", "b", "union", "common"),
    [
        (u("[1,2)", "[3,4)"), u("[2,3)"), ("[1.0.0, 4.0.0)",), ()),
        (u("[1,3)", "[5,7)"), u("[2,6)"), ("[1.0.0, 7.0.0)",), ("[2.0.0, 3.0.0)", "[5.0.0, 6.0.0)")),
        (u("[1,9)"), u("[2,3)", "[4,5]"), ("[1.0.0, 9.0.0)",), ("[2.0.0, 3.0.0)", "[4.0.0, 5.0.0]")),
        (u(), u("[1]"), ("[1.0.0, 1.0.0]",), ()),
        (u("[1,2]"), u("[2,3]"), ("[1.0.0, 3.0.0]",), ("[2.0.0, 2.0.0]",)),
    ],
)
def test_union_and_intersection(a: RangeUnion, b: RangeUnion, union: tuple[str, ...], common: tuple[str, ...]) -> None:
    assert a.union(b).normalized == b.union(a).normalized == union
    assert a.intersect(b).normalized == b.intersect(a).normalized == common


def test_takes_a_single_range_too() -> None:
    union = u("[10,11)", "[13,14)")
    assert union.intersect(r("(,13.5)")).normalized == ("[10.0.0, 11.0.0)", "[13.0.0, 13.5.0)")
    assert union.union(r("[11,13)")).normalized == ("[10.0.0, 14.0.0)",)
    assert union.is_subset_of(r("[10,14)"))
    assert not union.is_subset_of(r("[10,13]"))
    assert union.intersect(NO_VERSIONS).is_empty
    assert union.intersect(ALL_VERSIONS) == union


def test_subset_of_a_union() -> None:
    assert u("[1,2)", "[5]").is_subset_of(u("[1,3)", "[4,6]"))
    assert not u("[2,5)").is_subset_of(u("[1,3)", "[4,6]"))
    assert u().is_subset_of(u())
    assert not u("[1]").is_subset_of(u())


def test_equality_and_hash() -> None:
    assert u("[1,2)", "[2,3)") == u("[1,3)")
    assert hash(u("[1,2)", "[2,3)")) == hash(u("[1,3)"))
    assert u("[1,2)") != u("[1,2]")
    assert u("[1,2)") != r("[1,2)")


def test_is_immutable_and_survives_copying() -> None:
    union = u("[1,2)", "[3,4)")
    for name in ("intervals", "normalized", "anything_else"):
        with pytest.raises(AttributeError):
            setattr(union, name, ())
    for twin in (copy.deepcopy(union), pickle.loads(pickle.dumps(union))):
        assert twin == union


def test_many_ranges_take_little_time() -> None:
    started = time.process_time()
    even = RangeUnion(r(f"[{number},{number + 1})") for number in range(0, 20_000, 2))
    odd = RangeUnion(r(f"[{number},{number + 1})") for number in range(1, 20_001, 2))
    assert len(even) == 10_000
    assert even.intersect(odd).is_empty
    assert even.union(odd).normalized == ("[0.0.0, 20000.0.0)",)
    assert time.process_time() - started < 30


# Bounds have even majors, probes all of them: two unions are equal exactly if they hold the same probes.

PROBES = [v(text) for major in range(10) for text in (f"{major}.0.0", f"{major}.5.0")]
PROBES += [v(f"{major}.0.0{suffix}") for major in range(10) for suffix in ("-a", ".1")]
BOUNDS = [v(f"{major}.0.0") for major in (2, 4, 6, 8)]


@st.composite
def ranges(draw: st.DrawFn) -> VersionRange:
    low, high = draw(st.none() | st.sampled_from(BOUNDS)), draw(st.none() | st.sampled_from(BOUNDS))
    low_inclusive, high_inclusive = draw(st.booleans()), draw(st.booleans())
    if low is not None and high is not None and low >= high:
        low, high = high, low
        high_inclusive = low_inclusive if low == high else high_inclusive
    return VersionRange(low, low_inclusive, high, high_inclusive)


several = st.lists(ranges(), max_size=5)


def held(found: RangeUnion | VersionRange) -> set[NuGetVersion]:
    return {version for version in PROBES if found.contains(version)}


@settings(max_examples=200)
@given(several)
def test_a_union_holds_what_its_ranges_hold(found: list[VersionRange]) -> None:
    union = RangeUnion(found)
    assert held(union) == set().union(*map(held, found))
    assert union == RangeUnion(found[::-1])
    assert union == RangeUnion(union)
    assert union == u(*union.normalized)
    for first, second in zip(union.intervals, union.intervals[1:], strict=False):
        assert first.cuts[1] < second.cuts[0]
    assert union.is_subset_of(union.hull)
    assert held(union) <= held(union.hull)


@settings(max_examples=200)
@given(several.map(RangeUnion), several.map(RangeUnion), several.map(RangeUnion))
def test_set_laws(a: RangeUnion, b: RangeUnion, c: RangeUnion) -> None:
    assert held(a.union(b)) == held(a) | held(b)
    assert held(a.intersect(b)) == held(a) & held(b)
    assert a.is_subset_of(b) is (held(a) <= held(b))
    assert (a == b) is (held(a) == held(b))
    assert a.union(b) == b.union(a)
    assert a.intersect(b) == b.intersect(a)
    assert a.intersect(b.union(c)) == a.intersect(b).union(a.intersect(c))
    assert a.union(b.intersect(c)) == a.union(b).intersect(a.union(c))


@settings(max_examples=100)
@given(ranges(), ranges())
def test_agrees_with_single_ranges(a: VersionRange, b: VersionRange) -> None:
    assert RangeUnion([a]).intersect(b) == RangeUnion([a.intersect(b)])
    assert held(RangeUnion([a, b])) == held(a) | held(b)
    assert RangeUnion([a]).is_empty is a.is_empty
