"""Twins are told once, and mended together; what was left behind is not checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from umbmarket.check.report import Report
from umbmarket.output import render
from umbmarket.settings.options import Settings

Git = Callable[..., str]
BuildPackage = Callable[..., bytes]

PLAIN, OWN = "umbraco-marketplace.json", "umbraco-marketplace-my.package.json"
WRONG = '{"Title": " x", "Category": "Old"}'
SECOND = "this file is the same, byte by byte"


def checked(folder: Path, *codes: str) -> Report:
    report = umbmarket.validate([folder], root=folder, settings=Settings(select=codes or ("UMB1", "UMB2")))
    assert report.failures == ()
    return report


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.file, finding.code) for finding in report.findings if str(finding.severity) != "info"]


def test_a_finding_in_twins_is_told_once_and_mended_in_both(tmp_path: Path) -> None:
    for name in (PLAIN, OWN):
        (tmp_path / name).write_text(WRONG)
    report = checked(tmp_path)
    assert told(report) == [(OWN, "UMB207"), (OWN, "UMB104")]
    assert [file.path for file in report.files] == [OWN, PLAIN]
    for finding in report.findings:
        (twin,) = [each for each in finding.related if each.message == SECOND]
        assert (twin.file, twin.region) == (PLAIN, finding.region)
    (fix,) = report.findings[0].fixes
    assert fix.also == (PLAIN,)


def test_both_outputs_name_the_twin_that_a_fix_mends(tmp_path: Path) -> None:
    for name in (PLAIN, OWN):
        (tmp_path / name).write_text('{"Title": " x"}')
    report = checked(tmp_path, "UMB207")
    found = json.loads(render(report, "json"))["findings"]
    assert [each["fixes"][0]["also"] for each in found] == [[PLAIN]]
    (result,) = json.loads(render(report, "sarif"))["runs"][0]["results"]
    changes = result["fixes"][0]["artifactChanges"]
    assert [each["artifactLocation"]["uri"] for each in changes] == [OWN, PLAIN]
    assert changes[0]["replacements"] == changes[1]["replacements"]


@pytest.mark.parametrize("other", [WRONG + "\n", WRONG.replace("Old", "Older")])
def test_files_that_differ_are_no_twins(tmp_path: Path, other: str) -> None:
    (tmp_path / PLAIN).write_text(WRONG)
    (tmp_path / OWN).write_text(other)
    assert {file for file, _ in told(checked(tmp_path))} == {PLAIN, OWN}


def test_listings_of_different_packages_are_no_twins(tmp_path: Path, nupkg: BuildPackage) -> None:
    for name in (PLAIN, OWN, "umbraco-marketplace-other.json"):
        (tmp_path / name).write_text(WRONG)
    assert len({file for file, _ in told(checked(tmp_path))}) == 3
    (tmp_path / "umbraco-marketplace-other.json").unlink()
    assert {file for file, _ in told(checked(tmp_path))} == {OWN}
    (tmp_path / "Other.1.0.0.nupkg").write_bytes(nupkg(id="Other", tags="umbraco-marketplace"))
    assert {file for file, _ in told(checked(tmp_path))} == {PLAIN, OWN}


def test_twins_lie_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / PLAIN).write_text(WRONG)
    (tmp_path / OWN).write_text(WRONG)
    assert len({file for file, _ in told(checked(tmp_path))}) == 2


def test_what_was_left_behind_has_no_errors(repository: Path) -> None:
    old = repository / "App_Plugins" / "MyPackage"
    old.mkdir(parents=True)
    (old / PLAIN).write_text(WRONG)
    (repository / OWN).write_text("{}")
    report = checked(repository, "UMB1", "UMB2", "UMB511")
    assert [(finding.file, finding.code) for finding in report.findings if "App_Plugins" in finding.file] == [
        (f"App_Plugins/MyPackage/{PLAIN}", "UMB511")
    ]
    assert [file.path for file in report.files] == [OWN]
    (repository / OWN).unlink()
    assert "UMB104" in {finding.code for finding in checked(repository).findings}


def test_a_listing_that_the_project_url_leads_to_is_not_left_behind(
    repository: Path, git: Git, nupkg: BuildPackage
) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/jane/my-package")
    old = repository / "App_Plugins" / "MyPackage"
    old.mkdir(parents=True)
    (old / OWN).write_text(WRONG)
    (repository / OWN).write_text("{}")
    url = "https://github.com/jane/my-package/tree/main/App_Plugins/MyPackage"
    package = repository / "artifacts" / "My.Package.1.0.0.nupkg"
    package.parent.mkdir()
    package.write_bytes(nupkg(tags="umbraco-marketplace", projectUrl=url))
    report = checked(repository, "UMB104", "UMB511")
    assert [(finding.file, finding.code) for finding in report.findings] == [
        (f"App_Plugins/MyPackage/{OWN}", "UMB104"),
        (OWN, "UMB511"),
    ]
