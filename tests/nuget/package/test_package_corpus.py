"""The real packages of the shared corpus, against fields that an independent script read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shared_corpus import CORPUS, needs_corpus, packages
from umbmarket.findings import Place
from umbmarket.nuget.package.nupkg import NuGetPackage

CASES = packages()

UNREAD_BY_STRICT_READERS = "Zip64Package.1.0.0.nupkg"
"""White space stands before its XML declaration; it is read here all the same, and told."""

pytestmark = [needs_corpus, pytest.mark.slow]


def opened(case: dict[str, Any]) -> NuGetPackage:
    return NuGetPackage.open(CORPUS / "nupkgs" / case["file"], case["file"])


def test_the_corpus_is_whole() -> None:
    assert len(CASES) == 19


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_the_fields_agree(case: dict[str, Any]) -> None:
    package = opened(case)
    assert package.unusable is None
    assert package.archive.size == case["size"]
    assert package.signed == case["signed"]
    nuspec = package.nuspec
    assert nuspec is not None
    if case["file"] == UNREAD_BY_STRICT_READERS:
        assert [problem.kind for problem in nuspec.problems] == ["not-well-formed"]
        assert (package.id, package.version_text) == ("Zip64Package", "1.0.0")
        return
    assert nuspec.problems == ()
    assert nuspec.source.has_bom == case["bom"]
    assert package.id == case["id"]
    assert package.version_text == case["version"]
    assert nuspec.text("tags") == case["tags"]
    assert (nuspec.min_client_version.text if nuspec.min_client_version is not None else None) == case["min_client"]
    assert nuspec.namespace.rpartition("packaging/")[2] == case["nuspec_namespace"].rpartition("packaging/")[2]
    license_ = package.license
    stated = [license_.kind, license_.value] if license_ is not None and license_.kind != "url" else None
    assert stated == case["license"]
    assert nuspec.icon == case["icon"]
    assert nuspec.readme == case["readme"]
    types = [each.name for each in package.package_types] or None
    assert types == case["package_types"]
    assert bool(nuspec.framework_references) == case["framework_references"]
    groups = [
        [group.target_framework, [[each.id, each.version] for each in group.dependencies]]
        for group in package.dependency_groups
    ]
    flat = package.dependency_groups[0] if package.dependency_groups and package.dependency_groups[0].is_flat else None
    assert (groups if flat is None else []) == (case["groups"] or [])
    assert ([[each.id, each.version] for each in flat.dependencies] if flat is not None else []) == (case["flat"] or [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_named_files_are_there_and_whole(case: dict[str, Any]) -> None:
    package = opened(case)
    for file in (package.icon, package.readme, package.license_file):
        if file is not None:
            assert file.entry is not None
            assert file.problem is None
    if package.icon is not None:
        assert package.icon.image_type == "png"


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_nothing_is_told_that_is_not_so(case: dict[str, Any]) -> None:
    expected = {
        "CommonServiceLocator.1.3.nupkg": ["duplicate-name"],
        "PackageWithUnboundedDependency.1.0.nupkg": ["dependency-without-version"],
        UNREAD_BY_STRICT_READERS: ["not-well-formed"],
    }
    assert [problem.kind for problem in opened(case).problems] == expected.get(case["file"], [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_every_dependency_and_tag_is_found_in_the_text(case: dict[str, Any]) -> None:
    package = opened(case)
    nuspec = package.nuspec
    assert nuspec is not None
    text = nuspec.source.text

    def shown(place: Place) -> str:
        region = package.locate(place)
        assert region is not None
        start = nuspec.source.offset_of_byte(region.start)
        return text[start : start + region.end_column - region.column]

    for group in package.dependency_groups:
        for each in group.dependencies:
            assert shown(Place(pointer=each.id_pointer)) == each.id
            if each.version is not None:
                assert shown(Place(pointer=each.version_pointer)) == each.version
    for tag in package.tags:
        pointer = nuspec.pointer("tags")
        assert pointer is not None
        assert shown(Place(pointer=pointer, within=(tag.start, tag.end))) == tag.text
