"""19 real packages: what an independent script read in them, and a snapshot of every finding."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, needs_corpus, packages
from umbmarket.check.report import Report

SNAPSHOT = Path(__file__).parent / "packages.snapshot.txt"
PACKAGES = packages()

SYMBOLS = "Release_Deterministic_Snupkg.1.0.0.snupkg"
UNREAD_BY_STRICT_READERS = "Zip64Package.1.0.0.nupkg"
"""White space stands before its XML declaration, so that the independent script read nothing of it."""

FEW = {
    "UMB301": {SYMBOLS},
    "UMB302": {"CommonServiceLocator.1.3.nupkg"},
    "UMB304": {UNREAD_BY_STRICT_READERS},
    "UMB313": {"PackageWithUnboundedDependency.1.0.nupkg"},
}
"""The packages with what is seldom: `[Content_Types].xml` in two spellings, white space before the XML declaration, and
a dependency without a version. nuget.org took them before it refused such things."""

pytestmark = [needs_corpus, pytest.mark.slow]


Reports = dict[str, Report]


@pytest.fixture(scope="module")
def reports() -> Reports:
    """Each package alone, as they do not belong together, by the name of the file."""
    folder = CORPUS / "nupkgs"
    return {case["file"]: umbmarket.validate([folder / case["file"]], root=folder) for case in PACKAGES}


def findings_of(reports: Reports, case: dict[str, Any], code: str) -> list[umbmarket.Finding]:
    return [finding for finding in reports[case["file"]].findings if finding.code == code]


def read_by_both() -> list[dict[str, Any]]:
    return [case for case in PACKAGES if case["file"] not in (SYMBOLS, UNREAD_BY_STRICT_READERS)]


def test_every_file_is_checked_without_a_failure(reports: Reports) -> None:
    for name, report in reports.items():
        assert report.failures == ()
        parsed = "tolerant" if name == UNREAD_BY_STRICT_READERS else "strict"
        assert [(file.path, file.kind, file.parsed) for file in report.files] == [(name, "package", parsed)]


@pytest.mark.parametrize("code", FEW)
def test_what_is_seldom_is_told_of_those_that_have_it(reports: Reports, code: str) -> None:
    assert {case["file"] for case in PACKAGES if findings_of(reports, case, code)} == FEW[code]


def test_a_symbol_package_is_told_once_and_not_looked_at(reports: Reports) -> None:
    assert [finding.code for finding in reports[SYMBOLS].findings] == ["UMB301"]


def test_the_tag_is_missed_where_it_is_missing(reports: Reports) -> None:
    for case in read_by_both():
        tags = re.split(r"[,\s|;]+", (case["tags"] or "").lower())
        assert bool(findings_of(reports, case, "UMB305")) == ("umbraco-marketplace" not in tags), case["file"]


def test_icons_are_missed_where_none_is_named(reports: Reports) -> None:
    for case in read_by_both():
        severities = [str(finding.severity) for finding in findings_of(reports, case, "UMB310")]
        assert severities == (["warning"] if case["icon"] is None else []), case["file"]


def test_readmes_are_missed_where_none_is_named(reports: Reports) -> None:
    for case in read_by_both():
        missed = [finding for finding in findings_of(reports, case, "UMB309") if finding.path.endswith(".nuspec")]
        assert bool(missed) == (case["readme"] is None), case["file"]


def test_licences_are_missed_where_none_is_stated(reports: Reports) -> None:
    for case in read_by_both():
        assert bool(findings_of(reports, case, "UMB311")) == (case["license"] is None), case["file"]


def test_snapshot(reports: Reports) -> None:
    lines = []
    for name, report in reports.items():
        lines.append(f"{name} {report.files[0].parsed}")
        for finding in report.findings:
            region = finding.region
            where = f"{region.line}:{region.column}-{region.end_line}:{region.end_column}" if region else "-"
            lines.append(f"  {finding.path.partition('!/')[2] or '-'} {where} {finding.severity} {finding.code}")
    told = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(told, "utf-8", newline="\n")
    known = SNAPSHOT.read_text("utf-8")
    difference = difflib.unified_diff(known.splitlines(), told.splitlines(), "snapshot", "now", lineterm="", n=1)
    assert told == known, "what the corpus gives has changed:\n" + "\n".join(difference)
