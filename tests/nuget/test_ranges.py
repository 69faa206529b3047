"""Version ranges: how they are read and written, what they hold, and what a restore picks from them."""

from __future__ import annotations

import copy
import itertools
import pickle
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import ALL_VERSIONS, NO_VERSIONS, InvalidRange, NuGetVersion, VersionRange

HUGE = 100_000
SECONDS = 2.0
MESSAGE_LENGTH = 2_000


def v(text: str) -> NuGetVersion:
    return NuGetVersion.parse(text)


def r(text: str) -> VersionRange:
    return VersionRange.parse(text)


def refusal(text: str | None) -> str:
    with pytest.raises(InvalidRange) as caught:
        VersionRange.parse(text)
    return str(caught.value)


# Reading.


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("1.0", "[1.0.0, )"),
        ("13.4.1-rc", "[13.4.1-rc, )"),
        ("[1.0]", "[1.0.0, 1.0.0]"),
        ("[1.0,2.0]", "[1.0.0, 2.0.0]"),
        ("[1.0,2.0)", "[1.0.0, 2.0.0)"),
        ("(1.0,2.0]", "(1.0.0, 2.0.0]"),
        ("(1.0,2.0)", "(1.0.0, 2.0.0)"),
        ("[1.0,)", "[1.0.0, )"),
        ("[1.0,]", "[1.0.0, )"),
        ("(1.0,)", "(1.0.0, )"),
        ("(1.0,]", "(1.0.0, )"),
        ("(,2.0]", "(, 2.0.0]"),
        ("[,2.0]", "(, 2.0.0]"),
        ("(,2.0)", "(, 2.0.0)"),
        ("[,2.0)", "(, 2.0.0)"),
        ("[1,1]", "[1.0.0, 1.0.0]"),
        ("(1,1.0.0.0)", "(1.0.0, 1.0.0)"),
        ("[1.0+a,2.0+b)", "[1.0.0, 2.0.0)"),
        ("[17.0.0,18.0.0-0)", "[17.0.0, 18.0.0-0)"),
        # White space is taken around everything but between the digits of a number or inside labels.
        ("  1.0 ", "[1.0.0, )"),
        ("\t[ 1.0 ,\r\n 2.0 )\u2003", "[1.0.0, 2.0.0)"),
        ("[ 1 . 0 , 2 . 0 ]", "[1.0.0, 2.0.0]"),
        ("[1.0 -beta, 2.0)", "[1.0.0-beta, 2.0.0)"),
        ("[ 1.0 ]", "[1.0.0, 1.0.0]"),
        # Every version: something must stand between the brackets, if only a blank.
        ("(, )", "(, )"),
        ("( ,)", "(, )"),
        ("[ , ]", "(, )"),
        ("[, ]", "(, )"),
        ("(\t,\n]", "(, )"),
        ("[ ]", "(, )"),
    ],
)
def test_reads(text: str, normalized: str) -> None:
    parsed = r(text)
    assert parsed.normalized == normalized
    assert str(parsed) == normalized
    assert parsed.original == text
    assert not parsed.is_floating
    assert parsed.floating is None
    assert r(normalized) == parsed
    assert repr(parsed) == f"VersionRange({normalized!r})"


def test_bounds() -> None:
    parsed = r("(13.4.1, 14.0-rc]")
    assert parsed.minimum == v("13.4.1")
    assert parsed.minimum_inclusive is False
    assert parsed.maximum == v("14.0.0-rc")
    assert parsed.maximum_inclusive is True
    assert str(parsed.maximum) == "14.0-rc"


@pytest.mark.parametrize("text", ["(, )", "[ , ]", "[1.0,]", "[,2.0)"])
def test_an_absent_bound_is_not_included(text: str) -> None:
    parsed = r(text)
    assert parsed.minimum_inclusive is (parsed.minimum is not None)
    assert parsed.maximum_inclusive is False


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        (" \t", "it is empty"),
        ("[", "it starts with '[', but does not end with ')' or ']'"),
        ("(", "it starts with '(', but does not end with ')' or ']'"),
        ("[1.0", "it starts with '[', but does not end with ')' or ']'"),
        ("[1.0, 2.0) x", "it starts with '[', but does not end with ')' or ']'"),
        ("1.0]", "'0]' is not a number"),
        ("]", "']' is not a number"),
        ("[]", "it has no bound; for every version, write '(, )' with a space"),
        ("()", "it has no bound; for every version, write '(, )' with a space"),
        ("(,)", "it has no bound; for every version, write '(, )' with a space"),
        ("[,]", "it has no bound; for every version, write '(, )' with a space"),
        (" [,) ", "it has no bound; for every version, write '(, )' with a space"),
        ("(,]", "it has no bound; for every version, write '(, )' with a space"),
        ("( )", "a single version needs square brackets, as in [1.0]"),
        ("(1.0)", "a single version needs square brackets, as in [1.0]"),
        ("[1.0)", "a single version needs square brackets, as in [1.0]"),
        ("(1.0]", "a single version needs square brackets, as in [1.0]"),
        ("[1,2,3]", "it has 3 parts between commas, but a range has one or two"),
        ("(,,)", "it has 3 parts between commas, but a range has one or two"),
        ("1,2", "two bounds need brackets around them, as in [1.0,2.0)"),
        (",", "two bounds need brackets around them, as in [1.0,2.0)"),
        ("[2,1]", "its lower bound '2.0.0' is above its upper bound '1.0.0'"),
        ("(2,1)", "its lower bound '2.0.0' is above its upper bound '1.0.0'"),
        ("[1.0, 1.0-rc]", "its lower bound '1.0.0' is above its upper bound '1.0.0-rc'"),
        (
            "[1,1)",
            "its bounds are equal, so both brackets must be square: '[1.0.0]' means exactly that version",
        ),
        (
            "(1.0-A+x, 1-a]",
            "its bounds are equal, so both brackets must be square: '[1.0.0-A]' means exactly that version",
        ),
        ("[1.x,2]", "its lower bound '1.x' is not a version: 'x' is not a number"),
        ("[x]", "its lower bound 'x' is not a version: 'x' is not a number"),
        (
            "[1.0, 2.0.0.0.0)",
            "its upper bound '2.0.0.0.0' is not a version: it has 5 numbers, but NuGet reads at most 4",
        ),
        (
            "(,-1]",
            "its upper bound '-1' is not a version: it starts with '-', but a version starts with a number",
        ),
        ("latest", "'latest' is not a number"),
        ("$version$", "'$version$' is a placeholder that was not replaced"),
        (
            "[$version$]",
            "its lower bound '$version$' is not a version: '$version$' is a placeholder that was not replaced",
        ),
        ("[1.0, 2.*)", "its upper bound '2.*' is floating, but only a lower bound may be"),
        ("[1.0, *)", "its upper bound '*' is floating, but only a lower bound may be"),
        ("[*]", "its upper bound '*' is floating, but only a lower bound may be"),
        ("(*, *]", "its upper bound '*' is floating, but only a lower bound may be"),
        ("[1.0.* , 2)", "its lower bound '1.0.*' is not a version: there is white space after the '*'"),
        ("1.*.0", "a '*' must be the last character"),
        ("1.0-[1]", "the prerelease label '[1]' may contain only the letters A to Z, digits and '-'"),
    ],
)
def test_says_what_is_wrong(text: str, reason: str) -> None:
    assert refusal(text) == f"{text!r} is not a NuGet version range: {reason}"


@pytest.mark.parametrize("text", [">=1.0", "<2.0", "~1.0", "^1.0", "= 1.0", "~*", "[>=1.0]", "(, )>"])
def test_operators_of_other_package_managers_are_named(text: str) -> None:
    message = refusal(text)
    if text[0] in "([" and text[1] != ">":
        assert "does not end with" in message
    else:
        assert message.endswith("NuGet has no operators such as '<', '>', '=', '~', '^'; write 1.0 or [1.0,2.0)")


def test_refuses_what_is_no_text() -> None:
    assert refusal(None) == "None is not a NuGet version range: no text was given"


def test_is_built_from_bounds() -> None:
    assert VersionRange().normalized == "(, )"
    assert VersionRange(v("1.0")).normalized == "[1.0.0, )"
    assert VersionRange(v("1.0"), False, v("2.0"), True).normalized == "(1.0.0, 2.0.0]"
    assert VersionRange(maximum=v("14")) == r("(,14)")
    assert VersionRange(v("1.0")).original == "[1.0.0, )"
    assert VersionRange(v("1"), False, v("1"), False).is_empty
    with pytest.raises(InvalidRange) as caught:
        VersionRange(v("2.0"), True, v("1.0"))
    assert str(caught.value) == (
        "'[2.0.0, 1.0.0)' is not a NuGet version range: its lower bound '2.0.0' is above its upper bound '1.0.0'"
    )
    with pytest.raises(InvalidRange):
        VersionRange(v("1.0"), True, v("1.0"), False)


def test_is_immutable_and_survives_copying() -> None:
    parsed = r(" [1.*-rc*, 2.0) ")
    for name in ("minimum", "maximum", "floating", "normalized", "original", "anything_else"):
        with pytest.raises(AttributeError):
            setattr(parsed, name, None)
    for twin in (copy.copy(parsed), copy.deepcopy(parsed), pickle.loads(pickle.dumps(parsed))):
        assert twin == parsed
        assert twin.original == " [1.*-rc*, 2.0) "
        assert twin.normalized == "[1.*-rc*, 2.0.0)"
    error = InvalidRange("x", "it is bad")
    assert str(pickle.loads(pickle.dumps(error))) == "'x' is not a NuGet version range: it is bad"
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    "equal",
    [
        ("1", "1.0", "[1.0.0,)", "[1.0.0.0, ]", " 1.0+meta "),
        ("[1.0-RC]", "[1.0-rc,1.0.0-Rc+x]"),
        ("(, )", "[ , ]"),
        ("[1.*, )", "1.*", "01.*"),
        ("(0.0.0, 0.0.0)", "(0,0)"),
    ],
)
def test_equality(equal: tuple[str, ...]) -> None:
    for a, b in itertools.product(map(r, equal), repeat=2):
        assert a == b
        assert hash(a) == hash(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("1.0", "[1.0]"),
        ("1.0", "(1.0,)"),
        ("1.0", "1.*"),
        ("1.*", "1.0.*"),
        ("1.*", "[1.*,2)"),
        ("[1,2)", "[1,2]"),
        ("(, )", "0.0.0"),
        ("(1,1)", "(2,2)"),
        ("1.0.0", "1.0.0-0"),
    ],
)
def test_inequality(a: str, b: str) -> None:
    assert r(a) != r(b)


def test_is_not_equal_to_a_text() -> None:
    assert r("1.0") != "1.0"


# Floating.


@pytest.mark.parametrize(
    ("text", "minimum", "normalized", "legacy"),
    [
        ("*", "0.0.0", "[*, )", "[0.0.0, )"),
        ("*-*", "0.0.0-0", "[*-*, )", "[0.0.0-0, )"),
        ("17.*", "17.0.0", "[17.*, )", "[17.0.0, )"),
        ("[17.*, 18.0)", "17.0.0", "[17.*, 18.0.0)", "[17.0.0, 18.0.0)"),
        ("(17.*,)", "17.0.0", "(17.*, )", "(17.0.0, )"),
        ("17.1.*-rc.*", "17.1.0-rc.0", "[17.1.*-rc.*, )", "[17.1.0-rc.0, )"),
        ("17.1.2-*", "17.1.2-0", "[17.1.2-*, )", "[17.1.2-0, )"),
        (" 17.* ", "17.0.0", "[17.*, )", "[17.0.0, )"),
        ("[ 17.*, 18 ]", "17.0.0", "[17.*, 18.0.0]", "[17.0.0, 18.0.0]"),
        ("1.1*", "1.10.0", "[1.*, )", "[1.10.0, )"),
    ],
)
def test_floating(text: str, minimum: str, normalized: str, legacy: str) -> None:
    parsed = r(text)
    assert parsed.is_floating
    assert parsed.minimum == v(minimum)
    assert parsed.normalized == normalized
    assert parsed.legacy == legacy


@pytest.mark.parametrize(
    ("text", "normalized"),
    [("1*", "[10.0.0, )"), ("[17*,180)", "[170.0.0, 180.0.0)"), ("[ *,)", "[0.0.0, )")],
)
def test_a_star_behind_a_lone_number_does_not_float(text: str, normalized: str) -> None:
    parsed = r(text)
    assert not parsed.is_floating
    assert parsed.floating is not None
    assert parsed.normalized == normalized


# Other forms.


@pytest.mark.parametrize(
    ("text", "short", "pretty"),
    [
        ("1.0", "1.0.0", "(>= 1.0.0)"),
        ("1.0+5", "1.0.0", "(>= 1.0.0)"),
        ("(1.0,)", "(1.0.0, )", "(> 1.0.0)"),
        ("[1.0]", "[1.0.0]", "(= 1.0.0)"),
        ("[1.0-A, 1.0-a]", "[1.0.0-A]", "(= 1.0.0-A)"),
        ("[1.0,2.0)", "[1.0.0, 2.0.0)", "(>= 1.0.0 && < 2.0.0)"),
        ("(1.0,2.0]", "(1.0.0, 2.0.0]", "(> 1.0.0 && <= 2.0.0)"),
        ("(,2.0)", "(, 2.0.0)", "(< 2.0.0)"),
        ("[,2.0]", "(, 2.0.0]", "(<= 2.0.0)"),
        ("(, )", "(, )", ""),
        ("1.*", "1.0.0", "(>= 1.0.0)"),
        ("[1.*,2.0)", "[1.0.0, 2.0.0)", "(>= 1.0.0 && < 2.0.0)"),
        ("(1,1)", "(1.0.0, 1.0.0)", "(> 1.0.0 && < 1.0.0)"),
    ],
)
def test_short_and_pretty(text: str, short: str, pretty: str) -> None:
    assert r(text).short == short
    assert r(text).pretty == pretty
    assert r(r(text).short) == r(r(text).legacy)


# What lies inside.


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.0", "1.0.0 1.0.0.1 2.0.0-a 99", "1.0.0-rc 0.9"),
        ("[1.0]", "1.0 1.0.0.0+x", "1.0.0.1 1.0.0-a"),
        ("(1.0,2.0)", "1.0.0.1 1.0.1-a 2.0.0-rc", "1.0 2.0"),
        ("[1.0,2.0]", "1.0 2.0 2.0.0-a", "1.0.0-a 2.0.0.1"),
        ("(,2.0)", "0.0.0-0 2.0.0-0", "2.0"),
        ("(, )", "0.0.0-0 99.99", ""),
        ("(1,1)", "", "1.0 1.0.0-a 0.9 1.1"),
        # No mistake: an exclusive next major lets its prereleases in.
        ("[17.0.0, 18.0.0)", "17.0.0 17.9.9 18.0.0-rc.1", "17.0.0-rc.1 18.0.0"),
        ("[17.0.0, 18.0.0-0)", "17.9.9 18.0.0--1", "18.0.0-0 18.0.0-a 18.0.0-rc.1"),
        ("[17.0.0-rc, 18.0.0-a]", "17.0.0-rc.1 17.0.0-RC 18.0.0-0 18.0.0-A", "17.0.0-beta 18.0.0-a.0"),
        # A float does not narrow the interval.
        ("1.*", "1.0 1.9 2.0 2.0-a", "0.9 1.0-a"),
        ("1.0.0-rc.*", "1.0.0-rc.0 1.0.0-rc.1 1.0.0-rcx 1.0.1", "1.0.0-rc 1.0.0-beta"),
    ],
)
def test_contains(text: str, inside: str, outside: str) -> None:
    for version in inside.split():
        assert r(text).contains(v(version)), version
    for version in outside.split():
        assert not r(text).contains(v(version)), version


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [
        ("(1,1)", True),
        ("(1.0-A,1.0-a)", True),
        ("[1,1]", False),
        ("(1,1.0.0.1)", False),
        ("(, )", False),
        ("1.*", False),
    ],
)
def test_is_empty(text: str, is_empty: bool) -> None:
    assert r(text).is_empty is is_empty


def test_the_two_constants() -> None:
    assert r("(, )") == ALL_VERSIONS
    assert not ALL_VERSIONS.is_empty
    assert r("(0.0.0, 0.0.0)") == NO_VERSIONS
    assert NO_VERSIONS.is_empty
    assert NO_VERSIONS.normalized == "(0.0.0, 0.0.0)"


# What a restore picks.


@pytest.mark.parametrize(
    ("text", "versions", "picked"),
    [
        ("1.0", "", None),
        # The lowest that fits, not the newest.
        ("1.0", "0.9 1.0 1.1 2.0", "1.0.0"),
        ("1.0", "1.2 1.1 3.0", "1.1.0"),
        ("(1.0,)", "1.0 1.1 1.2", "1.1.0"),
        ("[1.0,2.0)", "2.0 3.0", None),
        ("[1.0]", "1.0.1 1.0", "1.0.0"),
        ("(, )", "3.0 2.0", "2.0.0"),
        ("(,2.0]", "2.0 1.5 3.0", "1.5.0"),
        # Prereleases count only if a bound is one; then all of them do.
        ("1.0", "1.1.0-rc 1.2", "1.2.0"),
        ("[17.0.0,18.0.0)", "18.0.0-rc.1", None),
        ("[17.0.0,18.0.0)", "17.1.0-rc 18.0.0-rc.1", None),
        ("(, )", "1.0.0-rc", None),
        ("[1.0,2.0-0)", "1.2.0-beta.1 1.2.0", "1.2.0-beta.1"),
        ("[1.0,2.0-0)", "2.0.0-a", None),
        ("[1.0-a,2.0)", "1.5.0-b 2.0.0-rc 1.6", "1.5.0-b"),
        ("1.0.0-rc", "1.0.0-beta 1.0.0-rc.2 1.0.0", "1.0.0-rc.2"),
        ("(,2.0-rc]", "2.0-rc 1.0-a", "1.0.0-a"),
        # A float takes the highest in it...
        ("*", "1.0 3.0 2.0 4.0-rc", "3.0.0"),
        ("17.*", "17.0 17.3.1 17.2 18.0", "17.3.1"),
        ("17.*", "17.0 17.4.0-rc", "17.0.0"),
        ("17.2.*", "17.2.0 17.2.9 17.3.0", "17.2.9"),
        ("17.2.1.*", "17.2.1 17.2.1.7 17.2.2", "17.2.1.7"),
        ("[17.*,17.3)", "17.0 17.2 17.3", "17.2.0"),
        ("*-*", "1.0 2.0-rc", "2.0.0-rc"),
        ("*-rc*", "1.0 2.0-rc 3.0-beta", "2.0.0-rc"),
        ("*-rc*", "1.0-rc 2.0", "2.0.0"),
        ("17.*-*", "17.0 17.4.0-rc 18.0", "17.4.0-rc"),
        ("17.*-rc*", "17.0 17.4.0-beta 17.3.0-rc", "17.3.0-rc"),
        ("17.2.1-*", "17.2.1-a 17.2.1-b 17.2.2-c", "17.2.1-b"),
        ("17.2.1-*", "17.2.1-a 17.2.1 17.2.2", "17.2.1"),
        ("17.2.1-rc.*", "17.2.1-rc.2 17.2.1-rc.10 17.2.1-zz", "17.2.1-rc.10"),
        # ... or else the nearest above it.
        ("17.*", "16.9 18.1 18.0 19.0", "18.0.0"),
        ("17.*", "16.9", None),
        ("(1.0.*, )", "1.0.0 2.0.0 3.0.0", "2.0.0"),
        ("(1.0.*, 2.0.0)", "1.0.0 2.0.0 3.0.0", None),
        ("17.*-*", "18.0.0-a 18.0.0", "18.0.0-a"),
        ("[1.0.*, 2.0.0-beta]", "2.0.0-beta", "2.0.0-beta"),
        ("1.0.0-*", "1.0.1-b 1.0.1-a", "1.0.1-a"),
        # A star that does not float picks like a plain bound.
        ("1*", "10.0 11.0", "10.0.0"),
    ],
)
def test_would_pick(text: str, versions: str, picked: str | None) -> None:
    published = [v(each) for each in versions.split()]
    for order in itertools.islice(itertools.permutations(published), 24):
        found = r(text).would_pick(order)
        assert (found.normalized if found else None) == picked


def test_would_pick_takes_any_iterable_and_the_first_of_equals() -> None:
    first, second = v("1.0+a"), v("1.0.0+b")
    assert r("1.0").would_pick(iter([first, second])) is first
    assert r("1.*").would_pick([second, first]) is second


# Two ranges.


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [
        ("1.0", "2.0", "[2.0.0, )"),
        ("[1,3)", "[2,4)", "[2.0.0, 3.0.0)"),
        ("[1,3]", "(1,3)", "(1.0.0, 3.0.0)"),
        ("(1,3]", "[1,3)", "(1.0.0, 3.0.0)"),
        ("[1,2]", "[2,3]", "[2.0.0, 2.0.0]"),
        ("[1,2)", "[2,3]", "(0.0.0, 0.0.0)"),
        ("[1,2]", "(2,3]", "(0.0.0, 0.0.0)"),
        ("[1,2]", "[3,4]", "(0.0.0, 0.0.0)"),
        ("(, )", "[1,2)", "[1.0.0, 2.0.0)"),
        ("(, )", "(, )", "(, )"),
        ("(,2)", "1", "[1.0.0, 2.0.0)"),
        ("(1,1)", "(, )", "(0.0.0, 0.0.0)"),
        ("[10.4.0-rc,12)", "[10.4.0,13)", "[10.4.0, 12.0.0)"),
        ("1.*", "[1.5,2)", "[1.5.0, 2.0.0)"),
        ("1.*", "(, )", "[1.0.0, )"),
    ],
)
def test_intersect(a: str, b: str, common: str) -> None:
    assert r(a).intersect(r(b)).normalized == common
    assert r(b).intersect(r(a)).normalized == common
    assert r(a).intersect(r(b)).is_empty is (common == "(0.0.0, 0.0.0)")
    assert not r(a).intersect(r(b)).is_floating


@pytest.mark.parametrize(
    ("subset", "superset", "expected"),
    [
        ("[1,2]", "[1,2]", True),
        ("(1,2)", "[1,2]", True),
        ("[1,2]", "(1,2)", False),
        ("[1,2)", "[1,2.0.0.1)", True),
        ("1.0", "(, )", True),
        ("(, )", "1.0", False),
        ("(,2)", "(,2]", True),
        ("[ ,2)", "[1,2)", False),
        ("[1.0]", "[1.0,2.0)", True),
        ("[2.0]", "[1.0,2.0)", False),
        ("[1.0-a,2)", "[1.0,2)", False),
        ("1.*", "1.0", True),
        # Empty ranges, as NuGet treats them.
        ("(0,0)", "[5,6]", True),
        ("(0,0)", "(3,3)", True),
        ("(2,2)", "[1,2]", True),
        ("(2,2)", "(2,2)", True),
        ("(2,2)", "[1,2)", False),
        ("(2,2)", "(2,3)", False),
        ("(3,3)", "[1,2]", False),
        ("(2,2)", "(0,0)", False),
        ("[2,2]", "(2,2)", False),
        ("[1,2]", "(0,0)", False),
    ],
)
def test_is_subset_of(subset: str, superset: str, expected: bool) -> None:
    assert r(subset).is_subset_of(r(superset)) is expected


# Properties. Between and beside any two bounds there is a probe, so the probes tell ranges apart.

PROBES = [v(f"{major}.0.0{suffix}") for major in range(8) for suffix in ("-a", "-b", "", ".1")]
BOUNDS = [v(text) for major in (2, 4, 6) for text in (f"{major}.0.0-a", f"{major}.0.0")]


@st.composite
def ranges(draw: st.DrawFn) -> VersionRange:
    low, high = draw(st.none() | st.sampled_from(BOUNDS)), draw(st.none() | st.sampled_from(BOUNDS))
    low_inclusive, high_inclusive = draw(st.booleans()), draw(st.booleans())
    if low is not None and high is not None and low >= high:
        low, high = high, low
        high_inclusive = low_inclusive if low == high else high_inclusive
    return VersionRange(low, low_inclusive, high, high_inclusive)


def held(found: VersionRange) -> list[NuGetVersion]:
    return [version for version in PROBES if found.contains(version)]


@settings(max_examples=200)
@given(ranges())
def test_every_form_reads_back(found: VersionRange) -> None:
    assert r(found.normalized) == found
    assert r(found.normalized).normalized == found.normalized
    assert r(found.short) == found
    assert r(found.legacy) == found
    assert found.is_empty is (not held(found))


@pytest.mark.slow
@settings(max_examples=200)
@given(ranges(), ranges(), ranges())
def test_intersection_is_that_of_sets(a: VersionRange, b: VersionRange, c: VersionRange) -> None:
    common = a.intersect(b)
    assert held(common) == [version for version in held(a) if b.contains(version)]
    assert common == b.intersect(a)
    assert common.intersect(c) == a.intersect(b.intersect(c))
    assert a.intersect(a) == (NO_VERSIONS if a.is_empty else a)
    assert common.is_subset_of(a)
    assert common.is_subset_of(b)


@pytest.mark.slow
@settings(max_examples=300)
@given(ranges(), ranges(), ranges())
def test_subset_agrees_with_contains(a: VersionRange, b: VersionRange, c: VersionRange) -> None:
    if not a.is_empty:
        assert a.is_subset_of(b) is (set(held(a)) <= set(held(b)))
        assert a.is_subset_of(b) is (a.intersect(b) == a)
    if a.is_subset_of(b):
        assert all(b.contains(version) for version in held(a))
        if b.is_subset_of(c):
            assert a.is_subset_of(c)
    assert a.is_subset_of(a)
    assert a.is_subset_of(ALL_VERSIONS)
    assert NO_VERSIONS.is_subset_of(a)


FLOATS = [
    "*",
    "2.*",
    "2.0.*",
    "*-*",
    "*-a*",
    "2.*-*",
    "4.0.0-*",
    "[2.*, 6.0.0)",
    "(4.*, )",
    "[2.0.0-a*, 4.0.0-a]",
]


@settings(max_examples=200)
@given(
    ranges() | st.sampled_from(FLOATS).map(r),
    st.lists(st.sampled_from(PROBES), max_size=8, unique=True),
    st.randoms(use_true_random=False),
)
def test_pick_is_inside_and_does_not_depend_on_the_order(
    found: VersionRange, published: list[NuGetVersion], shuffler: Random
) -> None:
    picked = found.would_pick(published)
    inside = [version for version in published if found.contains(version)]
    stable = [version for version in inside if not version.is_prerelease]
    opened = any(bound is not None and bound.is_prerelease for bound in (found.minimum, found.maximum))
    candidates = inside if opened else stable
    assert (picked is None) is (not candidates)
    assert picked is None or picked in candidates
    if candidates and not found.is_floating:
        assert picked == min(candidates)
    floating = [version for version in candidates if found.floating and found.floating.contains(version)]
    if floating:
        assert picked == max(floating)
    elif candidates:
        assert picked == min(candidates)
    shuffler.shuffle(published)
    assert found.would_pick(published) == picked


ANY_TEXT = st.text(max_size=30) | st.text(alphabet="[](),.*-+012a \t~<=", max_size=16)


@settings(max_examples=400)
@given(ANY_TEXT | ANY_TEXT.map(lambda text: f"[{text}]") | ANY_TEXT.map(lambda text: f"[1.0,{text})"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed = r(text)
    except InvalidRange as error:
        message = str(error)
    else:
        assert r(parsed.legacy).legacy == parsed.legacy
        assert parsed.original == text
        return
    assert len(message) < MESSAGE_LENGTH
    assert message.isprintable()


HUGE_TEXTS = {
    "brackets": "[" * HUGE,
    "closed brackets": "[" * HUGE + "]" * HUGE,
    "commas": "[" + "," * HUGE + "]",
    "digits": "[1." + "1" * HUGE + ",2)",
    "upper digits": "[1.0," + "9" * HUGE + "]",
    "stars": "*" * HUGE,
    "stars in brackets": "[" + "*-" * HUGE + "*,)",
    "dashes and a star": "1.0" + "-" * HUGE + ".*",
    "dots and a star": "[" + "." * HUGE + "*, 2.0)",
    "labels and a star": "1.0-" + "a." * HUGE + ".*",
    "blanks": " " * HUGE,
    "blanks inside": "[1.0" + " " * HUGE + "1.0]",
    "letters": "x" * HUGE,
    "surrogates": "[\ud800" + "\ud800" * HUGE + "]",
}


@pytest.mark.parametrize("text", HUGE_TEXTS.values(), ids=HUGE_TEXTS)
def test_a_huge_text_is_refused_quickly_and_briefly(text: str) -> None:
    started = time.process_time()
    message = refusal(text)
    assert time.process_time() - started < SECONDS
    assert f"({len(text)} characters)" in message
    assert len(message) < MESSAGE_LENGTH
    message.encode("utf-8")


def test_a_huge_range_is_read_quickly() -> None:
    started = time.process_time()
    assert r("[" + " " * HUGE + "1.0" + " " * HUGE + "," + " " * HUGE + "]").normalized == "[1.0.0, )"
    assert r("[" + " " * HUGE + "]") == ALL_VERSIONS
    assert r("[" + "0" * HUGE + "1.*, 2)").normalized == "[1.*, 2.0.0)"
    assert r("1.0-" + "a" * HUGE + "*").is_floating
    assert time.process_time() - started < SECONDS
