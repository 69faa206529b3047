"""Platforms against the answers of Nuxeo's own classes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nuxeo.vectors import vectors
from tests.shared_corpus import needs_corpus
from umbmarket.nuxeo import (
    InvalidPlatformRange,
    InvalidPlatformVersion,
    PlatformId,
    PlatformRange,
    PlatformVersion,
    is_compatible,
)
from umbmarket.nuxeo.platforms import with_servers


def shown(row: dict[str, Any]) -> str:
    return repr(row["input"])


def message(error: str) -> str:
    return error.partition(": ")[2]


@needs_corpus
@pytest.mark.parametrize("row", vectors("platform_version"), ids=shown)
def test_platform_version(row: dict[str, Any]) -> None:
    if "error" in row["result"]:
        with pytest.raises(InvalidPlatformVersion) as error:
            PlatformVersion.parse(row["input"])
        assert str(error.value) == message(row["result"]["error"])
        return
    version = PlatformVersion.parse(row["input"])
    assert {"comparable": version.comparable, "string": str(version)} == row["result"]


@needs_corpus
@pytest.mark.parametrize("row", vectors("platform_id"), ids=shown)
def test_platform_id(row: dict[str, Any]) -> None:
    if "error" in row["result"]:
        with pytest.raises(InvalidPlatformVersion) as error:
            PlatformId.parse(row["input"])
        assert str(error.value) == message(row["result"]["error"])
        return
    found = PlatformId.parse(row["input"])
    assert {"name": found.name, "version": str(found.version), "string": str(found)} == row["result"]


@needs_corpus
@pytest.mark.parametrize("row", vectors("platform_range"), ids=shown)
def test_platform_range(row: dict[str, Any]) -> None:
    expected = row["result"]
    if "error" in expected:
        with pytest.raises(InvalidPlatformRange) as error:
            PlatformRange.parse(row["input"])
        assert str(error.value) == message(expected["error"])
        return
    found = PlatformRange.parse(row["input"])
    assert {
        "lower": None if found.lower is None else str(found.lower),
        "lower_inclusive": found.includes_lower,
        "upper": None if found.upper is None else str(found.upper),
        "upper_inclusive": found.includes_upper,
        "contains": {version: found.contains(version) for version in expected["contains"]},
    } == expected


@needs_corpus
def test_platforms_that_match() -> None:
    assert len(vectors("platform_match")) > 300
    for row in vectors("platform_match"):
        given = tuple(row.get("platforms") or ())
        named = ("tp_name" in row or "tp_version" in row) and (row.get("tp_name") or "", row.get("tp_version") or "")
        result = is_compatible(
            row["target"], platforms=given, target_platform=named or None, package=row.get("name", "a")
        )
        assert result == row["result"]["compatible"], row
        assert list(with_servers(given, row.get("name", "a"))) == (row["result"]["platforms_after_fix"] or []), row


def test_order_and_equality_are_those_of_what_nuxeo_compares() -> None:
    assert PlatformVersion.parse("1.0-a") == PlatformVersion.parse("1-A")
    assert PlatformVersion.parse("1.0") < PlatformVersion.parse("1.0-SNAPSHOT")
    assert len({PlatformVersion.parse("1"), PlatformVersion.parse("1.0.0")}) == 1
    assert repr(PlatformVersion.parse("2023.5")) == "PlatformVersion('2023.5')"
    assert PlatformVersion.parse("1") != 1
    with pytest.raises(TypeError):
        _ = PlatformVersion(1) < 2  # type: ignore[operator]  # what is wrong with it is what is tested


@pytest.mark.parametrize(
    ("text", "normal"), [("[1,2)", "[1.0,2.0)"), ("(,)", "(,)"), ("2023.0", "[2023.0]"), ("[ 1 , ]", "[1.0,]")]
)
def test_a_range_is_shown_normalised(text: str, normal: str) -> None:
    assert str(PlatformRange.parse(text)) == normal


def test_what_is_no_server_is_refused() -> None:
    with pytest.raises(InvalidPlatformVersion, match=r"^Bad platform id: 2023$"):
        is_compatible("2023", platforms=("*",))


def test_no_pattern_is_slow() -> None:
    server = PlatformId("a" * 200, PlatformVersion(1))
    assert not is_compatible(server, platforms=("*a" * 2_000 + "b",))
    assert is_compatible(server, platforms=("*a" * 100 + "*",))


def test_numbers_beyond_all_bounds_count_as_nothing() -> None:
    assert PlatformVersion.parse("9" * 10_000).comparable == "0000.0000.0000"
    assert str(PlatformVersion.parse("1." + "0" * 10_000 + "7")) == "1.7"
