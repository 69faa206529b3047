"""Which packages of a run are judged for the Marketplace, and what a run says that it did not look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from tests.umbraco.finding import find
from umbmarket.check.report import ExitCode, Report
from umbmarket.umbraco.judged import is_judged

BuildPackage = Callable[..., bytes]

LISTING = "umbraco-marketplace.json"
TAG = "umbraco-marketplace"
OPEN = {"net8.0": {"Umbraco.Cms.Core": "10.0.0"}}


class Project:
    """A folder with listings and packages, without a repository."""

    def __init__(self, root: Path, nupkg: BuildPackage) -> None:
        self.root = root
        self._nupkg = nupkg

    def listing(self, name: str = LISTING) -> None:
        (self.root / name).write_text('{"Category": "Search"}\n', "utf-8")

    def package(self, package_id: str, tags: str | None = None, folder: str = "artifacts", **more: object) -> str:
        path = self.root / folder / f"{package_id}.1.0.0.nupkg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self._nupkg(id=package_id, tags=tags, **more))
        return path.relative_to(self.root).as_posix()

    def judged(self, *paths: str) -> dict[str, bool]:
        workspace = find([self.root / path for path in paths], root=self.root)
        return {facts.document.id or "": is_judged(facts) for facts in workspace.packages}

    def report(self, *paths: str, **settings: tuple[str, ...]) -> Report:
        found = umbmarket.validate(
            [self.root / path for path in paths], root=self.root, settings=umbmarket.Settings(**settings)
        )
        assert found.failures == ()
        return found


@pytest.fixture
def project(tmp_path: Path, nupkg: BuildPackage) -> Project:
    return Project(tmp_path, nupkg)


def told(report: Report, *codes: str) -> list[tuple[str, str, str]]:
    return [
        (each.code, each.severity.value, each.path.partition("!/")[0].rpartition("/")[2])
        for each in report.findings
        if not codes or each.code in codes
    ]


def test_a_package_with_the_tag_is_judged_and_no_other(project: Project) -> None:
    names = [project.package("My.Package", TAG), project.package("My.Core"), project.package("My.Tool", "tool")]
    expected = {"My.Package": True, "My.Core": False, "My.Tool": False}
    assert project.judged(".") == expected
    # A shell's pattern is not intent.
    assert project.judged(".", *names) == expected
    assert project.judged(*names) == expected


def test_beside_one_with_the_tag_nothing_is_said_of_others(project: Project) -> None:
    names = [project.package("My.Package", TAG), project.package("My.Core", groups=OPEN), project.package("My.Tool")]
    report = project.report(".", *names)
    assert {path for _, _, path in told(report)} == {"My.Package.1.0.0.nupkg"}
    assert report.remarks == (
        'not checked for the Marketplace, because other packages here are meant for it: "My.Core", "My.Tool"',
    )


def test_what_is_left_out_is_named_a_few_times(project: Project) -> None:
    project.package("My.Package", TAG)
    for number in range(7):
        project.package(f"My.Part{number}")
    (line,) = project.report(".").remarks
    assert line.endswith('"My.Part0", "My.Part1", "My.Part2", "My.Part3", "My.Part4" and 2 more')


def test_an_old_package_beside_a_listing_for_another_one_does_not_fail_the_run(project: Project) -> None:
    project.package("My.Core", folder="Output")
    project.listing("umbraco-marketplace-jane.search.json")
    report = project.report(".")
    assert told(report, "UMB305") == [("UMB305", "warning", "My.Core.1.0.0.nupkg")]
    assert report.exit_code is ExitCode.CLEAN


def test_a_tag_that_comes_near_shows_intent(project: Project) -> None:
    project.package("My.Package", "umbraco_marketplace")
    project.package("My.Core")
    assert project.judged(".") == {"My.Package": True, "My.Core": False}
    assert told(project.report("."), "UMB305") == [("UMB305", "error", "My.Package.1.0.0.nupkg")]


def test_without_any_tag_a_listing_with_the_id_tells(project: Project) -> None:
    names = [project.package("My.Package"), project.package("My.Core")]
    project.listing("umbraco-marketplace-my.package.json")
    assert project.judged(".") == project.judged(".", *names) == {"My.Package": True, "My.Core": False}
    assert told(project.report("."), "UMB305") == [("UMB305", "error", "My.Package.1.0.0.nupkg")]


def test_without_any_tag_and_listing_what_was_named_is_judged(project: Project) -> None:
    names = [project.package("My.Package"), project.package("My.Core")]
    assert project.judged(*names) == {"My.Package": True, "My.Core": True}
    assert project.judged(".") == {"My.Package": False, "My.Core": False}
    assert project.judged(".", names[0]) == {"My.Package": True, "My.Core": False}


def test_where_no_package_can_be_listed_each_is_told(project: Project) -> None:
    names = [project.package("My.Core"), project.package("My.Package")]
    message = 'none of the 2 packages checked has the tag "umbraco-marketplace"'
    report = project.report(".")
    assert told(report) == [("UMB305", "warning", f"{name}.1.0.0.nupkg") for name in ("My.Core", "My.Package")]
    assert {each.message for each in report.findings} == {message}
    assert report.exit_code is ExitCode.CLEAN
    report = project.report(".", *names)
    assert told(report, "UMB305") == [("UMB305", "error", f"{name}.1.0.0.nupkg") for name in ("My.Core", "My.Package")]
    assert told(project.report(".", names[1]), "UMB305") == [
        ("UMB305", "warning", "My.Core.1.0.0.nupkg"),
        ("UMB305", "error", "My.Package.1.0.0.nupkg"),
    ]


def test_one_package_alone(project: Project) -> None:
    name = project.package("My.Package")
    assert told(project.report("."), "UMB305") == [("UMB305", "warning", "My.Package.1.0.0.nupkg")]
    assert told(project.report(name), "UMB305") == [("UMB305", "error", "My.Package.1.0.0.nupkg")]


def test_a_listing_without_a_package_is_said_to_be_half_of_it(project: Project) -> None:
    project.listing()
    line = "tag, Umbraco versions and project URL were not checked: no package or project here"
    assert project.report(".").remarks == (line,)
    assert project.report(LISTING).remarks == (line,)
    # Whoever selects rules knows that others are left out.
    assert project.report(".", select=("UMB1",)).remarks == ()
    project.package("My.Package", TAG)
    assert project.report(".").remarks == ()


def test_packages_alone_are_all_that_was_asked_for(project: Project) -> None:
    assert project.report(project.package("My.Package", TAG)).remarks == ()
