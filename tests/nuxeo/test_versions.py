"""Versions, ids and dependencies against the answers of Nuxeo's own classes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nuxeo.vectors import vectors
from tests.shared_corpus import needs_corpus
from umbmarket.nuxeo import Dependency, InvalidVersion, PackageId, Version


def shown(row: dict[str, Any]) -> str:
    return repr(row.get("input", row.get("a")))


@needs_corpus
def test_there_are_vectors() -> None:
    assert len(vectors("version_parse")) > 80
    assert len(vectors("version_compare")) > 300
    assert len(vectors("package_id")) > 20
    assert len(vectors("dependency")) > 30


@needs_corpus
@pytest.mark.parametrize("row", vectors("version_parse"), ids=shown)
def test_version_is_read_as_nuxeo_does(row: dict[str, Any]) -> None:
    expected = row["result"]
    if "error" in expected:
        with pytest.raises(InvalidVersion):
            Version.parse(row["input"])
        return
    version = Version.parse(row["input"])
    assert {
        "classifier": version.classifier,
        "major": version.major,
        "minor": version.minor,
        "patch": version.patch,
        "snapshot": version.is_snapshot,
        "special": version.is_special,
        "string": str(version),
    } == expected


@needs_corpus
def test_versions_are_ordered_as_nuxeo_does() -> None:
    for row in vectors("version_compare"):
        a, b = Version.parse(row["a"]), Version.parse(row["b"])
        assert (a > b) - (a < b) == row["sign"], row
        assert (a == b) == (row["sign"] == 0), row
        assert (hash(a) == hash(b)) or row["sign"] != 0, row
        assert a.is_upgrade_for(b) == row["upgrade"], row


@needs_corpus
@pytest.mark.parametrize("row", vectors("package_id"), ids=shown)
def test_package_id_is_read_as_nuxeo_does(row: dict[str, Any]) -> None:
    found = PackageId.parse(row["input"])
    assert (found is not None) == row["result"]["valid"]
    if found is not None:
        assert found == (row["result"]["name"], Version.parse(row["result"]["version"]))


@needs_corpus
@pytest.mark.parametrize("row", vectors("dependency"), ids=shown)
def test_dependency_is_read_as_nuxeo_does(row: dict[str, Any]) -> None:
    expected = row["result"]
    if "error" in expected:
        with pytest.raises(InvalidVersion):
            Dependency.parse(row["input"])
        return
    found = Dependency.parse(row["input"])
    assert {
        "name": found.name,
        "min": None if found.minimum is None else str(found.minimum),
        "max": None if found.maximum is None else str(found.maximum),
        "string": str(found),
        "matches": {version: found.matches(Version.parse(version)) for version in expected["matches"]},
    } == expected


def test_a_version_says_what_it_is() -> None:
    assert str(Version.parse("7.3.12-SNAPSHOT-BETA")) == "7.3.12-BETA-SNAPSHOT"
    assert repr(Version.parse("1.0")) == "Version('1.0.0')"
    assert Version.parse("1") != "1.0.0"
    with pytest.raises(TypeError):
        _ = Version(1) < "2"  # type: ignore[operator]  # what is wrong with it is what is tested


def test_a_number_that_java_cannot_hold_is_refused_with_the_reason() -> None:
    assert Version.parse("0002147483647.1").major == 2_147_483_647
    with pytest.raises(InvalidVersion, match=r"^2147483648 is larger than 2147483647, the largest number"):
        Version.parse("2147483648")
    with pytest.raises(InvalidVersion, match=r"^99999999999999999999\.\.\. is larger"):
        Version.parse("9" * 10_000)


def test_an_id_shows_the_normalised_version() -> None:
    assert str(PackageId.parse("x-01.0.0")) == "x-1.0.0"
    assert PackageId.parse("x-1.0.0\n") is None
    assert PackageId.parse("x" + "-1.1.1" * 20_000 + "\n") is None


def test_the_longest_name_counts() -> None:
    found = PackageId.parse("a-1.0.0-b-2.0.0")
    assert found is not None
    assert (found.name, str(found.version)) == ("a-1.0.0-b", "2.0.0")
    assert PackageId.parse("9a-1.0.0") is None
