"""Every fact that NuGet.Versioning's own tests state, as collected in the corpus; skipped without it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget import FloatRange, InvalidRange, InvalidVersion, NuGetVersion, RangeUnion, VersionRange

VECTORS = CORPUS / "nuget-vectors.json"

pytestmark = needs_corpus

Row = dict[str, Any]

CATEGORIES = {
    "versions_valid",
    "versions_invalid",
    "semver_strict_valid",
    "semver_strict_invalid",
    "version_parts",
    "comparisons",
    "ranges_valid",
    "ranges_invalid",
    "ranges_equal",
    "satisfies",
    "accepts_prerelease_best",
    "floating_min",
    "floating_invalid",
    "floating_valid",
    "float_satisfies",
    "best_match",
    "range_intersection",
    "range_union",
    "range_subset",
    "documented_selection",
}


def _vectors() -> dict[str, list[Row]]:
    if not VECTORS.is_file():
        return {}
    vectors: dict[str, list[Row]] = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    return vectors


ALL = _vectors()


def rows(category: str) -> pytest.MarkDecorator:
    """Parametrise a test over the rows of one category, without what only says where a row comes from."""
    found = [{key: row[key] for key in row if key not in ("source", "note")} for row in ALL.get(category, [])]
    return pytest.mark.parametrize("row", found, ids=[json.dumps(row) for row in found])


def only_keys(row: Row, *keys: str) -> None:
    """A row must not state what its test leaves unchecked."""
    assert set(row) <= set(keys)


def test_every_category_has_a_test() -> None:
    assert set(ALL) == CATEGORIES


@rows("versions_valid")
def test_versions_valid(row: Row) -> None:
    only_keys(row, "input", "normalized", "full", "to_string")
    version = NuGetVersion.parse(row["input"])
    assert version.original == row["input"]
    assert version.normalized == row.get("normalized", version.normalized)
    assert version.full == row.get("full", version.full)
    assert str(version) == row.get("to_string", str(version))


@rows("versions_invalid")
def test_versions_invalid(row: Row) -> None:
    only_keys(row, "input")
    with pytest.raises(InvalidVersion):
        NuGetVersion.parse(row["input"])


@rows("semver_strict_valid")
def test_semver_strict_valid(row: Row) -> None:
    only_keys(row, "input", "full", "prerelease")
    version = NuGetVersion.parse_strict(row["input"])
    assert version.full == row.get("full", row["input"])
    assert version.is_prerelease == row.get("prerelease", version.is_prerelease)
    assert NuGetVersion.parse(row["input"]) == version


@rows("semver_strict_invalid")
def test_semver_strict_invalid(row: Row) -> None:
    only_keys(row, "input")
    with pytest.raises(InvalidVersion):
        NuGetVersion.parse_strict(row["input"])


@rows("version_parts")
def test_version_parts(row: Row) -> None:
    only_keys(row, "input", "four_part", "release", "metadata", "prerelease")
    version = NuGetVersion.parse(row["input"])
    if "four_part" in row:
        assert f"{version.major}.{version.minor}.{version.patch}.{version.revision}" == row["four_part"]
    if "release" in row:
        assert ".".join(version.release_labels) == row["release"]
    assert version.metadata == row.get("metadata", version.metadata)
    assert version.is_prerelease == row.get("prerelease", version.is_prerelease)


@rows("comparisons")
def test_comparisons(row: Row) -> None:
    only_keys(row, "a", "b", "relation")
    a, b = NuGetVersion.parse(row["a"]), NuGetVersion.parse(row["b"])
    if row["relation"] == "=":
        assert a == b
        assert hash(a) == hash(b)
        assert a <= b
        assert a >= b
        assert not a < b
        assert not a > b
    elif row["relation"] == "<":
        assert a < b
        assert a <= b
        assert b > a
        assert b >= a
        assert a != b
        assert not b < a
    else:
        assert row["relation"] == "!="
        assert a != b


def _text(version: NuGetVersion | None, form: str) -> str | None:
    return None if version is None else str(getattr(version, form))


@rows("ranges_valid")
def test_ranges_valid(row: Row) -> None:
    only_keys(
        row,
        *("input", "min", "min_inclusive", "max", "max_inclusive", "min_original", "max_original", "pretty"),
        *("normalized", "normalized_is_not", "short", "legacy", "non_snapshot_short"),
        *("float_behavior", "float_string"),
    )
    parsed = VersionRange.parse(row["input"])
    assert parsed.original == row["input"]
    assert VersionRange.parse(parsed.normalized) == parsed
    facts = {
        "min": _text(parsed.minimum, "normalized"),
        "min_original": _text(parsed.minimum, "original"),
        "min_inclusive": parsed.minimum_inclusive,
        "max": _text(parsed.maximum, "normalized"),
        "max_original": _text(parsed.maximum, "original"),
        "max_inclusive": parsed.maximum_inclusive,
        "pretty": parsed.pretty,
        "normalized": parsed.normalized,
        "short": parsed.short,
        "legacy": parsed.legacy,
        "float_behavior": parsed.floating.behavior.value if parsed.floating else None,
        "float_string": str(parsed.floating),
    }
    assert {key: facts[key] for key in row if key in facts} == {key: row[key] for key in row if key in facts}
    if "normalized_is_not" in row:
        assert parsed.normalized != row["normalized_is_not"]


@rows("ranges_invalid")
def test_ranges_invalid(row: Row) -> None:
    only_keys(row, "input")
    with pytest.raises(InvalidRange):
        VersionRange.parse(row["input"])


@rows("ranges_equal")
def test_ranges_equal(row: Row) -> None:
    only_keys(row, "a", "b", "equal")
    a, b = VersionRange.parse(row["a"]), VersionRange.parse(row["b"])
    assert (a == b) is row["equal"]
    assert (hash(a) == hash(b)) or not row["equal"]


@rows("satisfies")
def test_satisfies(row: Row) -> None:
    only_keys(row, "range", "version", "satisfied")
    assert VersionRange.parse(row["range"]).contains(NuGetVersion.parse(row["version"])) is row["satisfied"]


@rows("accepts_prerelease_best")
def test_accepts_prerelease_best(row: Row) -> None:
    only_keys(row, "range", "version", "accepted")
    version = NuGetVersion.parse(row["version"])
    assert VersionRange.parse(row["range"]).would_pick([version]) == (version if row["accepted"] else None)


@rows("floating_min")
def test_floating_min(row: Row) -> None:
    only_keys(row, "input", "min", "float_behavior", "min_release", "release_prefix")
    floating = FloatRange.parse(row["input"])
    assert floating.minimum.normalized == row.get("min", floating.minimum.normalized)
    assert floating.minimum.release == row.get("min_release", floating.minimum.release)
    assert floating.release_prefix == row.get("release_prefix", floating.release_prefix)
    assert floating.behavior.value == row.get("float_behavior", floating.behavior.value)
    assert VersionRange.parse(row["input"]).minimum == floating.minimum


@rows("floating_invalid")
def test_floating_invalid(row: Row) -> None:
    only_keys(row, "input")
    with pytest.raises(InvalidRange):
        FloatRange.parse(row["input"])
    with pytest.raises(InvalidRange):
        VersionRange.parse(row["input"])


@rows("floating_valid")
def test_floating_valid(row: Row) -> None:
    only_keys(row, "input")
    assert FloatRange.parse(row["input"]).normalized == row["input"]
    assert VersionRange.parse(row["input"]).floating == FloatRange.parse(row["input"])


@rows("float_satisfies")
def test_float_satisfies(row: Row) -> None:
    only_keys(row, "range", "version", "in_float")
    assert FloatRange.parse(row["range"]).contains(NuGetVersion.parse(row["version"])) is row["in_float"]


def _pick(row: Row) -> str | None:
    versions = [NuGetVersion.parse(text) for text in row["versions"]]
    picked = VersionRange.parse(row["range"]).would_pick(versions)
    assert VersionRange.parse(row["range"]).would_pick(versions[::-1]) == picked
    return _text(picked, "normalized")


@rows("best_match")
def test_best_match(row: Row) -> None:
    only_keys(row, "range", "versions", "best")
    assert _pick(row) == row["best"]


@rows("documented_selection")
def test_documented_selection(row: Row) -> None:
    only_keys(row, "range", "versions", "selected")
    assert _pick(row) == row["selected"]


@rows("range_intersection")
def test_range_intersection(row: Row) -> None:
    only_keys(row, "ranges", "expected", "empty")
    common, *others = map(VersionRange.parse, row["ranges"])
    for other in others:
        common = common.intersect(other)
    assert common.normalized == row["expected"]
    assert common.is_empty is row["empty"]


@rows("range_union")
def test_range_union(row: Row) -> None:
    only_keys(row, "ranges", "expected")
    ranges = [VersionRange.parse(text) for text in row["ranges"]]
    assert RangeUnion(ranges).hull.normalized == row["expected"]
    assert RangeUnion(ranges[::-1]).hull.normalized == row["expected"]


@rows("range_subset")
def test_range_subset(row: Row) -> None:
    only_keys(row, "superset", "subset", "is_subset")
    superset, subset = VersionRange.parse(row["superset"]), VersionRange.parse(row["subset"])
    assert subset.is_subset_of(superset) is row["is_subset"]
