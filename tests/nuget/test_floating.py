"""Floating versions: how they are read, what they stand for, and how NuGet writes them."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import FloatBehavior, FloatRange, InvalidRange, NuGetVersion

NONE = FloatBehavior.NONE
PRERELEASE = FloatBehavior.PRERELEASE


@pytest.mark.parametrize(
    ("text", "behavior", "minimum", "prefix"),
    [
        ("17.2", NONE, "17.2.0", ""),
        ("17.2-rc", NONE, "17.2.0-rc", ""),
        ("*", FloatBehavior.MAJOR, "0.0.0", ""),
        ("17.*", FloatBehavior.MINOR, "17.0.0", ""),
        ("17.2.*", FloatBehavior.PATCH, "17.2.0", ""),
        ("17.2.1.*", FloatBehavior.REVISION, "17.2.1", ""),
        ("17.2.1-*", PRERELEASE, "17.2.1-0", ""),
        ("17.2-*", PRERELEASE, "17.2.0-0", ""),
        ("17.2.1.5-*", PRERELEASE, "17.2.1.5-0", ""),
        ("17.2.1-rc*", PRERELEASE, "17.2.1-rc", "rc"),
        ("17.2.1-rc.*", PRERELEASE, "17.2.1-rc.0", "rc."),
        ("17.2.1-rc.1*", PRERELEASE, "17.2.1-rc.1", "rc.1"),
        ("17.2.1-rc-*", PRERELEASE, "17.2.1-rc-", "rc-"),
        ("17.2.1-a-b*", PRERELEASE, "17.2.1-a-b", "a-b"),
        ("17.2.1--*", PRERELEASE, "17.2.1--", "-"),
        ("17.2.1-0*", PRERELEASE, "17.2.1-0", "0"),
        ("*-*", FloatBehavior.ABSOLUTE_LATEST, "0.0.0-0", ""),
        ("*-rc*", FloatBehavior.PRERELEASE_MAJOR, "0.0.0-rc", "rc"),
        ("*-rc.*", FloatBehavior.PRERELEASE_MAJOR, "0.0.0-rc.0", "rc."),
        ("17.*-*", FloatBehavior.PRERELEASE_MINOR, "17.0.0-0", ""),
        ("17.2.*-rc.*", FloatBehavior.PRERELEASE_PATCH, "17.2.0-rc.0", "rc."),
        ("17.2.1.*-*", FloatBehavior.PRERELEASE_REVISION, "17.2.1-0", ""),
        ("17.*-a-b.*", FloatBehavior.PRERELEASE_MINOR, "17.0.0-a-b.0", "a-b."),
        ("17.*--*", FloatBehavior.PRERELEASE_MINOR, "17.0.0--", "-"),
        # The star stands for a 0, also behind a digit.
        ("1*", NONE, "10.0.0", ""),
        ("1.1*", FloatBehavior.MINOR, "1.10.0", ""),
        ("1.1.1*", FloatBehavior.PATCH, "1.1.10", ""),
        ("1.1.1.1*", FloatBehavior.REVISION, "1.1.1.10", ""),
        ("1*-*", FloatBehavior.PRERELEASE_MAJOR, "10.0.0-0", ""),
        ("1.1*-rc*", FloatBehavior.PRERELEASE_MINOR, "1.10.0-rc", "rc"),
        (" 17.*", FloatBehavior.MINOR, "17.0.0", ""),
        (" *", NONE, "0.0.0", ""),
        (" *-*", FloatBehavior.PRERELEASE_MAJOR, "0.0.0-0", ""),
    ],
)
def test_reads(text: str, behavior: FloatBehavior, minimum: str, prefix: str) -> None:
    floating = FloatRange.parse(text)
    assert floating.behavior is behavior
    assert floating.minimum.normalized == minimum
    assert floating.release_prefix == prefix


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("x", "'x' is not a number"),
        ("1.*.0", "a '*' must be the last character"),
        ("1.*-rc", "a '*' must be the last character"),
        ("*1", "a '*' must be the last character"),
        ("1.0.* ", "there is white space after the '*'"),
        ("1.0-*\t", "there is white space after the '*'"),
        ("1.0+*", "a floating version cannot have '+' metadata"),
        ("1.0.*-rc*+5", "a floating version cannot have '+' metadata"),
        ("**", "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*"),
        ("1.**", "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*"),
        ("1.*.*", "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*"),
        ("1.*.0-*", "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*"),
        ("1-a*-*", "two '*' are allowed only before the first '-' and at the end, as in 1.0.*-*"),
        ("1.*-*a*", "the prerelease label '*a' may contain only the letters A to Z, digits and '-'"),
        ("1.2.3.4.*", "it has more than 4 numbers"),
        ("1.2.3.4.*-*", "it has more than 4 numbers"),
        ("..*", "number 1 is missing"),
        ("x.*", "'x' is not a number"),
        ("-*", "it starts with '-', but a version starts with a number"),
        ("1.0-a..*", "the prerelease has an empty label, but labels are separated by single dots"),
        ("1.0-a-b.*", "the prerelease has an empty label, but labels are separated by single dots"),
        ("1.0-rc_*", "the prerelease label 'rc_' may contain only the letters A to Z, digits and '-'"),
        ("2147483648.*", "number 1 is larger than 2147483647, the largest that NuGet reads"),
        ("1.214748364*-*", None),
        ("1.2147483648*", "number 2 is larger than 2147483647, the largest that NuGet reads"),
    ],
)
def test_says_what_is_wrong(text: str, reason: str | None) -> None:
    if reason is None:
        assert FloatRange.parse(text).minimum.minor == 2147483640
        return
    with pytest.raises(InvalidRange) as caught:
        FloatRange.parse(text)
    assert str(caught.value) == f"{text!r} is not a NuGet version range: {reason}"


def test_refuses_what_is_no_text() -> None:
    with pytest.raises(InvalidRange) as caught:
        FloatRange.parse(None)
    assert str(caught.value) == "None is not a NuGet version range: no text was given"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.0.0", "", "1.0.0 1.0.1"),
        ("1*", "", "10.0.0 11.0.0"),
        ("*", "0.0.0 1.0.0 99.0.0.1", "1.0.0-rc"),
        ("2.*", "2.0.0 2.9.9 2.0.0.1", "2.1.0-rc 1.9.9 3.0.0"),
        ("2.1.*", "2.1.0 2.1.9 2.1.0.5", "2.1.1-rc 2.2.0 2.0.9"),
        ("2.1.3.*", "2.1.3 2.1.3.9", "2.1.3.1-rc 2.1.4"),
        ("*-*", "0.0.0-0 1.0.0-rc 99.0.0", ""),
        ("*-rc*", "1.0.0-rc 1.0.0-RC.1 1.0.0-rc1 2.0.0", "1.0.0-beta 1.0.0-r"),
        ("*-rc.*", "1.0.0-rc.1 2.0.0", "1.0.0-rc 1.0.0-rc1"),
        ("2.*-*", "2.0.0-0 2.9.0-x 2.9.0", "1.9.0 3.0.0-0"),
        ("2.1.*-rc*", "2.1.9-rc.2 2.1.3", "2.1.9-beta 2.2.0-rc"),
        ("2.1.3.*-*", "2.1.3-a 2.1.3.4-a 2.1.3.4", "2.1.4-a 2.1.4"),
        ("2.1.3-*", "2.1.3-a 2.1.3", "2.1.3.1 2.1.4-a"),
        ("2.1.3-Rc.*", "2.1.3-rc.9 2.1.3", "2.1.3-rc 2.1.3-beta.9"),
        # Digits before the star are not compared: only the numbers in front of them are.
        ("1.1*", "1.10.0 1.2.0", "2.0.0"),
    ],
)
def test_contains(text: str, inside: str, outside: str) -> None:
    floating = FloatRange.parse(text)
    for version in inside.split():
        assert floating.contains(NuGetVersion.parse(version)), version
    for version in outside.split():
        assert not floating.contains(NuGetVersion.parse(version)), version


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("1.2", "1.2.0"),
        ("1*", "10.0.0"),
        ("1.1*", "1.*"),
        ("1.1.1*", "1.1.*"),
        ("01.*", "1.*"),
        ("1.02-rc.*", "1.2.0-rc.*"),
        ("1.2.3.4-*", "1.2.3.4-*"),
        ("1*-rc*", "*-rc*"),
        (" 1.*", "1.*"),
    ],
)
def test_normalized(text: str, normalized: str) -> None:
    floating = FloatRange.parse(text)
    assert floating.normalized == normalized
    assert str(floating) == normalized
    assert repr(floating) == f"FloatRange({normalized!r})"


ROUND_TRIPS = ["*", "*-*", "*-rc*", "*-rc.*", "1.*", "1.2.*", "1.2.3.*", "1.*-*", "1.2.*-rc.*", "1.2.3.*-b-*"]
ROUND_TRIPS += ["1.2.3-*", "1.2.3-rc*", "1.2.3-rc.*", "1.2.3-rc-*", "1.2.3--*", "1.2.3.4-a*", "1.2.3"]


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_normalized_reads_back(text: str) -> None:
    assert FloatRange.parse(text).normalized == text
    assert FloatRange.parse(FloatRange.parse(text).normalized) == FloatRange.parse(text)


def test_equality_looks_at_behavior_and_minimum() -> None:
    assert FloatRange.parse("1.*") == FloatRange.parse("01.*")
    assert hash(FloatRange.parse("1.*")) == hash(FloatRange.parse("01.*"))
    assert FloatRange.parse("1.*") != FloatRange.parse("1.0.*")
    assert FloatRange.parse("1.*") != FloatRange.parse("2.*")
    assert FloatRange.parse("1.0.0-*") == FloatRange.parse("1.0.0-0*")
    assert FloatRange.parse("1.*") != "1.*"


def test_is_immutable_and_survives_copying() -> None:
    floating = FloatRange.parse("1.*-rc*")
    for name in ("behavior", "minimum", "release_prefix", "anything_else"):
        with pytest.raises(AttributeError):
            setattr(floating, name, None)
    for twin in (copy.deepcopy(floating), pickle.loads(pickle.dumps(floating))):
        assert twin == floating
        assert twin.release_prefix == "rc"


@settings(max_examples=300)
@given(st.text(max_size=20) | st.text(alphabet="012.*-+a \t", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        floating = FloatRange.parse(text)
    except InvalidRange as error:
        message = str(error)
    else:
        assert floating.contains(floating.minimum) or floating.behavior is NONE or floating.minimum.is_prerelease
        return
    assert message.isprintable()
