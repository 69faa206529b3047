"""Versions: the lenient and the strict reading, the forms they are written in, and their order."""

from __future__ import annotations

import copy
import itertools
import pickle
import re
import time
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.nuget.versions import MAX_NUMBER, WHITE_SPACE

HUGE = 100_000
"""Characters of a hostile text. A quadratic reading of it would take minutes."""

SECONDS = 2.0

MESSAGE_LENGTH = 1_500
"""A message quotes at most two cut texts, each of whose characters may be escaped."""


def refusal(text: str | None) -> str:
    with pytest.raises(InvalidVersion) as caught:
        NuGetVersion.parse(text)
    return str(caught.value)


def strict_refusal(text: str | None) -> str:
    with pytest.raises(InvalidVersion) as caught:
        NuGetVersion.parse_strict(text)
    return str(caught.value)


# The lenient reading.


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("17", (17, 0, 0, 0)),
        ("17.3", (17, 3, 0, 0)),
        ("17.3.1", (17, 3, 1, 0)),
        ("8.1.0.4", (8, 1, 0, 4)),
        ("0", (0, 0, 0, 0)),
        ("007.010.0.09", (7, 10, 0, 9)),
        (f"{MAX_NUMBER}.{MAX_NUMBER}.{MAX_NUMBER}.{MAX_NUMBER}", (MAX_NUMBER,) * 4),
        ("1.2147483647", (1, MAX_NUMBER, 0, 0)),
        ("1.00000000002147483647", (1, MAX_NUMBER, 0, 0)),
    ],
)
def test_reads_one_to_four_numbers(text: str, numbers: tuple[int, int, int, int]) -> None:
    version = NuGetVersion.parse(text)
    assert (version.major, version.minor, version.patch, version.revision) == numbers
    assert version.numbers == numbers
    assert not version.is_prerelease
    assert version.release_labels == ()
    assert version.metadata == ""


@pytest.mark.parametrize(
    ("text", "normalized", "original"),
    [
        (" 1.0.0", "1.0.0", "1.0.0"),
        ("1.0.0 ", "1.0.0", "1.0.0"),
        ("\t1.0.0\r\n", "1.0.0", "\t1.0.0\r\n"),
        (" 1 . 2 .  3 . 4 ", "1.2.3.4", "1.2.3.4"),
        ("1\t.2", "1.2.0", "1\t.2"),
        ("1.0 -beta", "1.0.0-beta", "1.0-beta"),
        ("1.0 +5", "1.0.0", "1.0+5"),
        ("1.0-beta ", "1.0.0-beta", "1.0-beta"),
        ("1.0+5 ", "1.0.0", "1.0+5"),
        ("\xa01.0\u3000", "1.0.0", "\xa01.0\u3000"),
        ("1.\u20282", "1.2.0", "1.\u20282"),
    ],
)
def test_takes_white_space_around_numbers_and_drops_blanks_only(text: str, normalized: str, original: str) -> None:
    version = NuGetVersion.parse(text)
    assert version.normalized == normalized
    assert version.original == original


@pytest.mark.parametrize(
    "text",
    [
        "1. 0 0",
        "1 1",
        "1.0- beta",
        "1.0-be ta",
        "1.0-beta +5",
        "1.0+ 5",
        "1. ",
        "1. .2",
        " .1",
        "1.\u200b2",
        "1\x1c",
    ],
)
def test_refuses_white_space_elsewhere(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize(
    ("text", "labels", "metadata"),
    [
        ("1.0-beta", ("beta",), ""),
        ("1.0.0-rc.1", ("rc", "1"), ""),
        ("1.0.0-rc.1+sha.5114f85", ("rc", "1"), "sha.5114f85"),
        ("1.0.0+0001.00", (), "0001.00"),
        ("1.0.0--", ("-",), ""),
        ("1.0.0---.-", ("--", "-"), ""),
        ("1.0.0+-", (), "-"),
        ("1.0.0-0", ("0",), ""),
        ("1.0.0-0a.00a", ("0a", "00a"), ""),
        ("1.0.0--01", ("-01",), ""),
        ("1.0.0-a+b-c", ("a",), "b-c"),
        ("1.0.0.5-RC", ("RC",), ""),
    ],
)
def test_reads_labels_and_metadata(text: str, labels: tuple[str, ...], metadata: str) -> None:
    version = NuGetVersion.parse(text)
    assert version.release_labels == labels
    assert version.release == ".".join(labels)
    assert version.metadata == metadata
    assert version.is_prerelease is bool(labels)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        (" \t ", "it is empty"),
        ("x", "'x' is not a number"),
        ("1.x", "'x' is not a number"),
        ("1.0beta", "'0beta' is not a number"),
        ("1,0", "'1,0' is not a number"),
        ("1.*", "'*' is not a number"),
        ("1.\u0661", "'\u0661' is not a number"),
        ("1.\u00b2", "'\u00b2' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("v1.2.3", "a version starts with a number, not with a 'v'"),
        ("$version$", "'$version$' is a placeholder that was not replaced"),
        ("$(PackageVersion)", "'$(PackageVersion)' is a placeholder that was not replaced"),
        ("-1.2", "it starts with '-', but a version starts with a number"),
        ("+1", "it starts with '+', but a version starts with a number"),
        ("-", "it starts with '-', but a version starts with a number"),
        ("1..2", "number 2 is missing"),
        (".1", "number 1 is missing"),
        ("1.2.", "number 3 is missing"),
        ("1.2.-3", "number 3 is missing"),
        ("1.2.3.4.5", "it has 5 numbers, but NuGet reads at most 4"),
        ("1.2.3.4.", "it has 5 numbers, but NuGet reads at most 4"),
        ("2147483648", "number 1 is larger than 2147483647, the largest that NuGet reads"),
        ("1.2.3.2147483648", "number 4 is larger than 2147483647, the largest that NuGet reads"),
        ("1.99999999999999999999", "number 2 is larger than 2147483647, the largest that NuGet reads"),
        ("1.0-", "nothing follows the '-'"),
        ("1.0+", "nothing follows the '+'"),
        ("1.0-a+", "nothing follows the '+'"),
        ("1.0-+a", "nothing follows the '-'"),
        ("1.0-.a", "the prerelease has an empty label, but labels are separated by single dots"),
        ("1.0-a..b", "the prerelease has an empty label, but labels are separated by single dots"),
        ("1.0-a.", "the prerelease has an empty label, but labels are separated by single dots"),
        ("1.0+a..b", "the metadata has an empty label, but labels are separated by single dots"),
        ("1.0-01", "the prerelease label '01' is a number with a leading zero"),
        ("1.0-a.00", "the prerelease label '00' is a number with a leading zero"),
        ("1.0-a_b", "the prerelease label 'a_b' may contain only the letters A to Z, digits and '-'"),
        ("1.0-\u00e9", "the prerelease label '\u00e9' may contain only the letters A to Z, digits and '-'"),
        ("1.0+a+b", "the metadata label 'a+b' may contain only the letters A to Z, digits and '-'"),
        ("1.0-a\n", "the prerelease label 'a\\n' may contain only the letters A to Z, digits and '-'"),
    ],
)
def test_says_what_is_wrong(text: str, reason: str) -> None:
    if text.endswith("\n"):
        # At the very end it is white space; in front of metadata it is not.
        assert NuGetVersion.parse(text).normalized == "1.0.0-a"
        text += "+b"
    assert refusal(text) == f"{text!r} is not a NuGet version: {reason}"


def test_refuses_what_is_no_text() -> None:
    assert refusal(None) == "None is not a NuGet version: no text was given"
    assert strict_refusal(None) == "None is not a NuGet version: no text was given"
    number: Any = 17
    assert refusal(number) == "a value of type int is not a NuGet version: no text was given"


def test_white_space_is_that_of_dotnet() -> None:
    pythons = {chr(code) for code in range(0x110000) if chr(code).isspace()}
    assert pythons - set(WHITE_SPACE) == {"\x1c", "\x1d", "\x1e", "\x1f"}
    assert set(WHITE_SPACE) <= pythons


# The strict reading.


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0",
        "1.2.3",
        "10.20.30",
        "1.2.3-0",
        "1.2.3-rc.1",
        "1.2.3-0a.-1",
        "1.2.3+01",
        "1.2.3-a--b+c.-",
        "2147483647.0.0",
    ],
)
def test_strict_reads_semver(text: str) -> None:
    version = NuGetVersion.parse_strict(text)
    assert version.full == text
    assert version.original == text
    assert version == NuGetVersion.parse(text)
    assert version.revision == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("1", "SemVer 2.0.0 needs exactly 3 numbers, and it has 1 number"),
        ("1.2", "SemVer 2.0.0 needs exactly 3 numbers, and it has 2 numbers"),
        ("1.2.3.4", "SemVer 2.0.0 needs exactly 3 numbers, and it has 4 numbers"),
        ("1.2-3.4", "SemVer 2.0.0 needs exactly 3 numbers, and it has 2 numbers"),
        ("01.2.3", "SemVer 2.0.0 allows no leading zero, as in '01'"),
        ("1.2.00", "SemVer 2.0.0 allows no leading zero, as in '00'"),
        (" 1.2.3", "SemVer 2.0.0 allows no white space around a version"),
        ("1.2.3\n", "SemVer 2.0.0 allows no white space around a version"),
        (" ", "SemVer 2.0.0 allows no white space around a version"),
        ("1. 2.3", "' 2' is not a number"),
        ("1.2.3 -a", "'3 ' is not a number"),
        ("1..3", "number 2 is missing"),
        ("-1.2.3", "SemVer 2.0.0 needs exactly 3 numbers, and it has 1 number"),
        ("1.2.2147483648", "number 3 is larger than 2147483647, the largest that NuGet reads"),
        ("1.2.3-01", "the prerelease label '01' is a number with a leading zero"),
        ("1.2.3-", "nothing follows the '-'"),
        ("1.2.3+", "nothing follows the '+'"),
    ],
)
def test_strict_says_what_is_wrong(text: str, reason: str) -> None:
    assert strict_refusal(text) == f"{text!r} is not a NuGet version: {reason}"


# The forms.


@pytest.mark.parametrize(
    ("text", "shown", "normalized", "full"),
    [
        ("1.0", "1.0", "1.0.0", "1.0.0"),
        ("01.2", "01.2", "1.2.0", "1.2.0"),
        ("1.2.3.0", "1.2.3.0", "1.2.3", "1.2.3"),
        ("1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.4"),
        ("1.0-Beta", "1.0-Beta", "1.0.0-Beta", "1.0.0-Beta"),
        ("1.0-Beta.2", "1.0.0-Beta.2", "1.0.0-Beta.2", "1.0.0-Beta.2"),
        ("1.0+Meta", "1.0.0", "1.0.0", "1.0.0+Meta"),
        ("1.2.3.4-a.b+c", "1.2.3.4-a.b", "1.2.3.4-a.b", "1.2.3.4-a.b+c"),
    ],
)
def test_forms(text: str, shown: str, normalized: str, full: str) -> None:
    version = NuGetVersion.parse(text)
    assert str(version) == shown
    assert version.normalized == normalized
    assert version.full == full
    assert repr(version) == f"NuGetVersion({full!r})"


@pytest.mark.parametrize(
    ("text", "is_semver2"),
    [("1.0.0", False), ("1.0.0-a", False), ("1.0.0-a-b", False), ("1.0.0-a.b", True), ("1.0.0+a", True)],
)
def test_is_semver2(text: str, is_semver2: bool) -> None:
    assert NuGetVersion.parse(text).is_semver2 is is_semver2


def test_is_built_from_parts() -> None:
    version = NuGetVersion(14, 0, 1, 2, release_labels=("rc", "1"), metadata="x.01")
    assert version.full == "14.0.1.2-rc.1+x.01"
    assert version.original == "14.0.1.2-rc.1+x.01"
    assert NuGetVersion(14).normalized == "14.0.0"
    assert str(NuGetVersion(14)) == "14.0.0"
    assert NuGetVersion(14) == NuGetVersion.parse("14")


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: NuGetVersion(-1),
            "'-1.0.0.0' is not a NuGet version: a number must be between 0 and 2147483647",
        ),
        (
            lambda: NuGetVersion(1, 2**31),
            "'1.2147483648.0.0' is not a NuGet version: a number must be between 0 and 2147483647",
        ),
        (
            lambda: NuGetVersion(1, release_labels=("a", "01")),
            "'a.01' is not a NuGet version: the prerelease label '01' is a number with a leading zero",
        ),
        (
            lambda: NuGetVersion(1, metadata="a b"),
            "'a b' is not a NuGet version: the metadata label 'a b' may contain only the letters A to Z, digits and"
            " '-'",
        ),
    ],
)
def test_parts_are_checked(build: object, message: str) -> None:
    assert callable(build)
    with pytest.raises(InvalidVersion, match=f"^{re.escape(message)}$"):
        build()


def test_is_immutable() -> None:
    version = NuGetVersion.parse("1.2.3-rc")
    for name in ("major", "release_labels", "normalized", "original", "anything_else"):
        with pytest.raises(AttributeError):
            setattr(version, name, 9)
    assert not hasattr(version, "__dict__")


def test_survives_copying_and_pickling() -> None:
    version = NuGetVersion.parse("1.2-Rc.1+m")
    for twin in (copy.copy(version), copy.deepcopy(version), pickle.loads(pickle.dumps(version))):
        assert twin == version
        assert twin.full == version.full
        assert twin.original == version.original
    with pytest.raises(InvalidVersion) as caught:
        NuGetVersion.parse("1.x")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.reason == "'x' is not a number"
    assert isinstance(caught.value, ValueError)


# The order.

ASCENDING = [
    "0.0.0-0",
    "0.0.0",
    "1.0.0--2147483648",
    "1.0.0--1",
    "1.0.0-0",
    "1.0.0-0.0",
    "1.0.0-9",
    "1.0.0-10",
    "1.0.0-2147483647",
    "1.0.0--",
    "1.0.0--a",
    "1.0.0-1-",
    # Too large for an int32, so these are texts: the first digit decides.
    "1.0.0-20240101123045",
    "1.0.0-2147483648",
    "1.0.0-3000000000",
    "1.0.0-9999999999",
    "1.0.0-A",
    "1.0.0-a.0",
    "1.0.0-a.b",
    "1.0.0-a-b",
    "1.0.0-alpha",
    "1.0.0-ALPHA.1",
    "1.0.0-alpha.1.0",
    "1.0.0-alpha.beta",
    "1.0.0-alpha1",
    "1.0.0-alpha10",
    "1.0.0-alpha2",
    "1.0.0-beta",
    "1.0.0-rc.2",
    "1.0.0-rc.10",
    "1.0.0-rc10",
    "1.0.0-rc2",
    "1.0.0",
    "1.0.0.1-a",
    "1.0.0.1",
    "1.0.0.2",
    "1.0.1-a",
    "1.0.1",
    "1.2",
    "1.10",
    "2",
    "10",
    "2147483647",
]


def test_order_of_a_list_without_ties() -> None:
    versions = [NuGetVersion.parse(text) for text in ASCENDING]
    for (i, a), (j, b) in itertools.product(enumerate(versions), repeat=2):
        assert (a < b, a <= b, a > b, a >= b, a == b, a != b) == ((i < j, i <= j, i > j, i >= j, i == j, i != j)), (
            f"{a!r} {b!r}"
        )
    backwards = versions[::-1]
    assert sorted(backwards) == versions


@pytest.mark.parametrize(
    "equal",
    [
        ("1", "1.0", "1.0.0", "1.0.0.0", "01.00", " 1 . 0 ", "1.0+meta", "1.0.0+other.1"),
        ("1.0-RC.1", "1.0.0-rc.1", "1.0.0.0-Rc.1+build"),
        ("1.0-20240101123045A", "1.0-20240101123045a"),
    ],
)
def test_equality_ignores_spelling_case_and_metadata(equal: tuple[str, ...]) -> None:
    versions = [NuGetVersion.parse(text) for text in equal]
    for a, b in itertools.product(versions, repeat=2):
        assert a == b
        assert hash(a) == hash(b)
        assert a <= b
        assert not a < b
        assert not a > b
    assert len(set(versions)) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [("1.0", "1.0.0.1"), ("1.0-a", "1.0"), ("1.0-a", "1.0-a.0"), ("1.0-1", "1.0-1-"), ("1.0-a", "1.0-b")],
)
def test_inequality(a: str, b: str) -> None:
    assert NuGetVersion.parse(a) != NuGetVersion.parse(b)


def test_two_spellings_of_one_number_in_a_label_tie_without_being_equal() -> None:
    a, b = NuGetVersion.parse("1.0.0--0"), NuGetVersion.parse("1.0.0-0")
    assert a != b
    assert not a < b
    assert not a > b
    assert a <= b
    assert a >= b


def test_is_not_comparable_with_other_types() -> None:
    version = NuGetVersion.parse("1.0.0")
    assert version != "1.0.0"
    for compare in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__"):
        assert getattr(version, compare)("1.0.0") is NotImplemented
    with pytest.raises(TypeError):
        assert version < "1.0.0"


# Properties.

numbers = st.lists(st.integers(0, 3) | st.integers(0, MAX_NUMBER), min_size=1, max_size=4)
LABELS = ["0", "1", "9", "10", "-0", "-1", "-01", "2147483647", "2147483648", "20240101", "-2147483649"]
LABELS += [
    "a",
    "A",
    "b",
    "a1",
    "A1",
    "a-",
    "-",
    "--",
    "-a",
    "1a",
    "01a",
    "alpha",
    "Alpha",
    "rc",
    "99999999999",
]

labels = st.lists(st.sampled_from(LABELS), min_size=1, max_size=3)
metadata = st.sampled_from(["m", "M", "0", "001", "m.n", "-.-", "20240101.abc-def"])


@st.composite
def version_texts(draw: st.DrawFn) -> str:
    text = ".".join(map(str, draw(numbers)))
    if draw(st.booleans()):
        text += "-" + ".".join(draw(labels))
    if draw(st.booleans()):
        text += "+" + draw(metadata)
    return text


versions = version_texts().map(NuGetVersion.parse)


def _compare_labels(a: str, b: str) -> int:
    def number(label: str) -> int | None:
        return int(label) if re.fullmatch("-?[0-9]+", label) and -(2**31) <= int(label) < 2**31 else None

    x, y = number(a), number(b)
    if x is not None and y is not None:
        return (x > y) - (x < y)
    if x is not None or y is not None:
        return -1 if x is not None else 1
    return (a.upper() > b.upper()) - (a.upper() < b.upper())


def _compare(a: NuGetVersion, b: NuGetVersion) -> int:
    """The order again, written out step by step as SemVer 2.0.0 and NuGet's comparer describe it."""
    if a.numbers != b.numbers:
        return 1 if a.numbers > b.numbers else -1
    if a.is_prerelease != b.is_prerelease:
        return -1 if a.is_prerelease else 1
    for x, y in zip(a.release_labels, b.release_labels, strict=False):
        if (result := _compare_labels(x, y)) != 0:
            return result
    return len(a.release_labels) - len(b.release_labels)


@settings(max_examples=200)
@given(st.lists(versions, min_size=2, max_size=6))
def test_order_agrees_with_its_description(found: list[NuGetVersion]) -> None:
    for a, b in itertools.product(found, repeat=2):
        result = _compare(a, b)
        assert (a < b, a <= b, a > b, a >= b) == (result < 0, result <= 0, result > 0, result >= 0)
        if a == b:
            assert result == 0
            assert hash(a) == hash(b)
    assert sorted(found) == sorted(found, key=cmp_to_key(_compare))


@settings(max_examples=100)
@given(versions, versions, versions)
def test_order_is_total(a: NuGetVersion, b: NuGetVersion, c: NuGetVersion) -> None:
    assert (a < b) + (a > b) + (a <= b <= a) == 1
    assert a <= a
    assert a == a
    if a <= b and b <= c:
        assert a <= c
    if a < b and b < c:
        assert a < c
    if a == b and b == c:
        assert a == c


@settings(max_examples=200)
@given(version_texts())
def test_normalized_and_full_read_back(text: str) -> None:
    version = NuGetVersion.parse(text)
    assert NuGetVersion.parse(version.normalized) == version
    assert NuGetVersion.parse(version.normalized).normalized == version.normalized
    again = NuGetVersion.parse(version.full)
    assert (again, again.full, again.metadata) == (version, version.full, version.metadata)
    assert NuGetVersion(*version.numbers, release_labels=version.release_labels, metadata=version.metadata) == version


@settings(max_examples=100)
@given(version_texts(), st.lists(st.sampled_from(" \t\u2003"), max_size=3).map("".join))
def test_white_space_never_changes_the_version(text: str, space: str) -> None:
    head = re.match("[0-9.]+", text)
    assert head is not None
    spaced = space + head[0].replace(".", f"{space}.{space}") + space + text[head.end() :] + space
    assert NuGetVersion.parse(spaced).full == NuGetVersion.parse(text).full


@settings(max_examples=200)
@given(version_texts())
def test_what_the_strict_reading_takes_the_lenient_one_reads_the_same(text: str) -> None:
    try:
        strict = NuGetVersion.parse_strict(text)
    except InvalidVersion:
        return
    assert strict.full == text == NuGetVersion.parse(text).full


ANY_TEXT = st.text(max_size=30) | st.text(alphabet="0123456789.-+*aZ \t\n\x1c\xa0\u0661$v", max_size=20)


@settings(max_examples=300)
@given(ANY_TEXT)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (NuGetVersion.parse, NuGetVersion.parse_strict):
        try:
            version = parse(text)
        except InvalidVersion as error:
            message = str(error)
        else:
            assert NuGetVersion.parse(version.normalized) == version
            continue
        assert len(message) < MESSAGE_LENGTH
        assert message.isprintable()


HUGE_TEXTS = {
    "digits": "1" * HUGE,
    "numbers": "1." * (HUGE // 2),
    "dots": "." * HUGE,
    "blanks": " " * HUGE,
    "blanks between": "1" + " " * HUGE + "1",
    "labels": "1.0-" + "a." * (HUGE // 2),
    "dashes and more": "1.0-" + "-" * HUGE + "_",
    "metadata": "1.0+" + "a." * (HUGE // 2) + "!",
    "zeros": "1.0-" + "0" * HUGE,
    "plus signs": "+" * HUGE,
    "dashes": "-" * HUGE,
    "letters": "v" * HUGE,
    "astral": "\U0001f600" * HUGE,
    "surrogates": "\ud800" * HUGE,
}


@pytest.mark.parametrize("text", HUGE_TEXTS.values(), ids=HUGE_TEXTS)
def test_a_huge_text_is_refused_quickly_and_briefly(text: str) -> None:
    started = time.process_time()
    message = refusal(text)
    strict = strict_refusal(text)
    assert time.process_time() - started < SECONDS
    assert f"({len(text)} characters)" in message
    assert len(message) < MESSAGE_LENGTH
    assert len(strict) < MESSAGE_LENGTH
    message.encode("utf-8")


def test_a_huge_version_is_read_quickly() -> None:
    started = time.process_time()
    assert NuGetVersion.parse("0" * HUGE + "1").normalized == "1.0.0"
    assert NuGetVersion.parse(" " * HUGE + "1.2" + " " * HUGE).normalized == "1.2.0"
    long_label = NuGetVersion.parse("1.0.0-" + "9" * HUGE)
    assert long_label > NuGetVersion.parse("1.0.0-2147483647")
    assert long_label < NuGetVersion.parse("1.0.0-a")
    many_labels = NuGetVersion.parse("1.0.0-1" + ".1" * (HUGE // 2))
    assert len(many_labels.release_labels) == HUGE // 2 + 1
    assert many_labels < NuGetVersion.parse("1.0.0-2")
    assert NuGetVersion.parse("1.0.0-" + "0" * HUGE + "a").is_prerelease
    assert time.process_time() - started < SECONDS
