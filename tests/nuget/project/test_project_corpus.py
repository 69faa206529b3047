"""The project files of real repositories, and the facts that MSBuild finds in them; skipped without the corpus."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget import TargetFramework, VersionRange
from umbmarket.nuget.project.evaluation import Evaluation, evaluate
from umbmarket.nuget.project.plan import plan
from umbmarket.nuget.project.planned_dependencies import PlannedDependency, PlannedGroup
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.project_files import ProjectFiles
from umbmarket.nuget.project.unknown import Unknown

pytestmark = needs_corpus

Row = dict[str, Any]

BY_THE_CLOCK = {"Copyright"}
"""Facts that hold a year in one of four real projects."""


@cache
def _projects() -> dict[str, Row]:
    path = CORPUS / "projects.json"
    if not path.is_file():
        return {}
    projects: dict[str, Row] = json.loads(path.read_bytes())["projects"]
    return projects


@cache
def _files(repository: str) -> ProjectFiles:
    return ProjectFiles(CORPUS / "projects" / repository)


@cache
def _evaluated(name: str) -> Evaluation:
    return evaluate(CORPUS / "projects" / name, files=_files(name.partition("/")[0]))


@cache
def _planned(name: str) -> PlannedPackage:
    return plan(CORPUS / "projects" / name, files=_files(name.partition("/")[0]))


READABLE = [name for name, row in _projects().items() if row["oracle"] == "ok" and row["sdk_style"]]
REFUSED = [name for name in _projects() if name not in set(READABLE)]


@pytest.mark.parametrize("name", READABLE)
def test_no_fact_is_wrong(name: str) -> None:
    row, evaluation = _projects()[name], _evaluated(name)
    assert evaluation.problems == ()
    for key, expected in row["props"].items():
        got = evaluation.value(key)
        if isinstance(got, Unknown):
            continue
        assert got == expected, key
        place = evaluation.place_of(key)
        assert (str(place) if place is not None else "(default)") == row["src"].get(key, str(place)), key
    frameworks = evaluation.frameworks
    assert isinstance(frameworks, Unknown) or list(frameworks) == row["tfms"]


@pytest.mark.parametrize("name", READABLE)
def test_no_planned_dependency_is_wrong(name: str) -> None:
    row, package = _projects()[name], _planned(name)
    assert package.packable == row["packable"]
    groups = package.dependency_groups
    assert isinstance(groups, tuple)
    by_framework = {group.framework: group for group in groups}
    assert set(by_framework) == {TargetFramework.parse(framework) for framework in row["groups"]}
    for framework, expected in row["groups"].items():
        group = by_framework[TargetFramework.parse(framework)]
        assert isinstance(group, PlannedGroup)
        planned = {each.id.lower(): each for each in group.dependencies}
        if group.doubt is None:
            assert [each.id for each in group.dependencies] == [each["id"] for each in expected]
        for each in expected:
            found = planned.get(each["id"].lower())
            if found is None:
                assert group.doubt is not None, each
                continue
            assert isinstance(found, PlannedDependency)
            assert str(found.source) == each["src"]
            if each["kind"] == "floating":
                assert found.minimum_doubt is not None
            elif each["kind"] == "none":
                assert found.doubt is not None
            elif found.doubt is None:
                assert found.version == VersionRange.parse(each["version"]).short


@pytest.mark.parametrize("name", REFUSED)
def test_what_msbuild_cannot_load_is_unknown_as_a_whole(name: str) -> None:
    evaluation = _evaluated(name)
    assert evaluation.whole is not None
    assert evaluation.problems == ()
    assert "\n" not in evaluation.whole.reason


def test_hardly_any_project_has_an_unknown_among_the_facts() -> None:
    """At most 2 in 100, the version apart."""
    doubtful = set()
    for name in READABLE:
        row, evaluation = _projects()[name], _evaluated(name)
        wanted = set(row["props"]) - BY_THE_CLOCK - {"Version", "PackageVersion", "VersionPrefix", "VersionSuffix"}
        if any(isinstance(evaluation.value(key), Unknown) for key in wanted):
            doubtful.add(name)
        for framework in row["groups"]:
            if isinstance(evaluation.items("PackageReference", framework), Unknown):
                doubtful.add(name)
            if isinstance(evaluation.items("ProjectReference", framework), Unknown):
                doubtful.add(name)
    assert doubtful
    assert len(doubtful) <= 0.02 * len(READABLE), sorted(doubtful)


def test_what_pack_refuses_of_real_packages_is_known_case_by_case() -> None:
    """Every refusal of a packable project, each read in the files: no central version, or a readme nothing packs."""
    found = set()
    for name in READABLE:
        package = _planned(name)
        if package.packable is True and package.problems:
            found.update((name.partition("/")[0], getattr(each, "code", "")) for each in package.problems)
    assert found == {
        # Its item has a condition on a file that is not among those of the corpus.
        ("ChalmersLibrary+Umbraco.Community.LinkAudit", "NU5046"),
        ("umbraco-community+Umbraco.Commerce.Reviews", "NU1010"),
        ("umbraco-community+Umbraco.Commerce.Reviews", "NU5039"),
        ("umbraco-community+Umbraco.Commerce.Wishlists", "NU1010"),
        ("umbraco-community+Umbraco.Commerce.Wishlists", "NU5039"),
    }
