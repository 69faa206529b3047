"""The project files of 159 real repositories, with their listings put back: every finding, and MSBuild's own answers.

Every error and warning was read and judged when the snapshot was written. The repositories have no files but these, so
an icon that a project packs only where it exists is missing here and not there.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, listings, needs_corpus
from tests.umbraco.rules.case_folders import make_git_folder
from umbmarket.check.report import Report
from umbmarket.findings import Finding
from umbmarket.output import OutputOptions
from umbmarket.output.json_v1 import render

pytestmark = needs_corpus

SNAPSHOT = Path(__file__).parent / "projects.snapshot.txt"

Row = dict[str, Any]

ERRORS = {
    # The listing is here, and the package does not say where; MSBuild finds no PackageProjectUrl either.
    ("AaronSadlerUK+Umbraco.Community.MemberLogin", "UMB307"): 1,
    # <None Include="../../icon.png" Condition="Exists('../../icon.png')" />, and the corpus has no pictures.
    ("ChalmersLibrary+Umbraco.Community.LinkAudit", "UMB310"): 1,
    # A listing in the root, where the project URL leads, and not the tag.
    ("KOBENDigital+StopIt", "UMB305"): 1,
    ("Kruso+Kruso.Umbraco.Delivery", "UMB305"): 1,
    # Central versions without these two, and a readme that no item packs.
    ("umbraco-community+Umbraco.Commerce.Reviews", "UMB309"): 1,
    ("umbraco-community+Umbraco.Commerce.Reviews", "UMB705"): 2,
    ("umbraco-community+Umbraco.Commerce.Wishlists", "UMB309"): 1,
    ("umbraco-community+Umbraco.Commerce.Wishlists", "UMB705"): 2,
}
"""The errors about projects, each with why it is one."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """What `validate` says of each repository, by the name of its folder."""
    scratch = tmp_path_factory.mktemp("repositories")
    by_folder: dict[str, list[Row]] = {}
    for entry in listings():
        by_folder.setdefault(entry["file"].split("/")[1], []).append(entry)
    found = {}
    for source in sorted((CORPUS / "projects").iterdir()):
        root = scratch / source.name
        shutil.copytree(source, root)
        for entry in by_folder.get(source.name, []):
            target = root / entry["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CORPUS / entry["file"], target)
        owner, _, name = source.name.partition("+")
        make_git_folder(root, {"remote": f"https://github.com/{owner}/{name}", "branch": "main"})
        found[source.name] = umbmarket.validate([root], root=root)
    return found


def about_projects(report: Report) -> Iterator[Finding]:
    """The findings that there would not be without project files."""
    return (each for each in report.findings if each.code > "UMB3" or not each.path.endswith(".json"))


def test_no_rule_breaks(reports: dict[str, Report]) -> None:
    assert {name: report.failures for name, report in reports.items() if report.failures} == {}


def test_no_error_on_a_healthy_project(reports: dict[str, Report]) -> None:
    errors = Counter(
        (name, finding.code)
        for name, report in reports.items()
        for finding in about_projects(report)
        if finding.severity == "error"
    )
    assert errors == ERRORS


def test_snapshot(reports: dict[str, Report]) -> None:
    lines = []
    for name, report in reports.items():
        lines.append(name)
        lines += [f"  {file.path} {file.parsed}" for file in report.files if file.kind == "project"]
        lines += [f"  = {remark}" for remark in report.remarks]
        for finding in about_projects(report):
            region = finding.region
            where = f"{region.line}:{region.column}" if region else "-"
            lines.append(f"  {finding.path}:{where} {finding.severity} {finding.code}")
    told = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(told, "utf-8", newline="\n")
    known = SNAPSHOT.read_text("utf-8")
    difference = difflib.unified_diff(known.splitlines(), told.splitlines(), "snapshot", "now", lineterm="", n=1)
    assert told == known, "what the corpus gives has changed:\n" + "\n".join(difference)


def oracle() -> dict[str, Row]:
    rows: dict[str, Row] = json.loads((CORPUS / "projects.json").read_bytes())["projects"]
    return {name: row for name, row in rows.items() if row["oracle"] == "ok"}


MISSING = {
    "the package has no icon": ("PackageIcon", "PackageIconUrl"),
    "the package has no readme": ("PackageReadmeFile",),
    "the package has no licence": ("PackageLicenseExpression", "PackageLicenseFile", "PackageLicenseUrl"),
    "the package has no project URL": ("PackageProjectUrl",),
}
"""What a message says to the properties that MSBuild then finds empty."""


def test_what_is_told_to_be_missing_is_missing_for_msbuild_and_nothing_else(reports: dict[str, Report]) -> None:
    judged = {
        f"{name}/{file.path}"
        for name, report in reports.items()
        for file in report.files
        if file.kind == "project" and file.parsed != "no"
    }
    rows = {name: row for name, row in oracle().items() if name in judged}
    assert len(rows) > 150
    for message, properties in MISSING.items():
        told = {
            f"{name}/{finding.path}"
            for name, report in reports.items()
            for finding in report.findings
            if finding.message.startswith(message)
        }
        absent = {
            name for name, row in rows.items() if not any(row["props"].get(each, "").strip() for each in properties)
        }
        # A marketplace readme, which the corpus of projects has none of, would stand for a readme.
        assert told == absent, message


def test_every_tagged_project_that_msbuild_packs_is_judged(reports: dict[str, Report]) -> None:
    judged = {
        f"{name}/{file.path}" for name, report in reports.items() for file in report.files if file.kind == "project"
    }
    rows = oracle()
    tagged = {name for name, row in rows.items() if row["packable"] and row["marketplace_tag_as_nuget_splits"]}
    assert tagged - judged == set()
    # The tag behind a comma, which nuget.org splits.
    with_commas = {
        name
        for name, row in rows.items()
        if row["packable"] and "umbraco-marketplace" in row["props"].get("PackageTags", "").lower()
    }
    assert len(with_commas - tagged) == 5
    # These two have no tag at all, and their project URL leads to a listing here.
    assert {name.partition("/")[0] for name in judged - with_commas} == {
        "KOBENDigital+StopIt",
        "Kruso+Kruso.Umbraco.Delivery",
    }


def test_findings_stand_at_the_element_that_won(reports: dict[str, Report]) -> None:
    places = {"UMB501": "PackageProjectUrl", "UMB504": "PackageProjectUrl", "UMB306": "PackageTags"}
    rows = oracle()
    checked = 0
    for name, report in reports.items():
        for finding in report.findings:
            if finding.code not in places or finding.region is None:
                continue
            own = [finding.path, *(each.path for each in finding.related)]
            sources = {
                rows[f"{name}/{path}"]["src"].get(places[finding.code])
                for path in own
                if f"{name}/{path}" in rows and path.endswith("proj")
            }
            assert f"{finding.path}:{finding.region.line}:{finding.region.column}" in sources, finding
            checked += 1
    assert checked > 70


HOSTILE = [
    b"$(",
    b")",
    b'"',
    b"<",
    b"&",
    b"%24(X)",
    b"@(None)",
    b"%(Version)",
    b"**",
    b"..\\",
    b"\x00",
    b"\xff",
    b"<!--",
    b"$([System.IO.File]::ReadAllText('/etc/passwd'))",
    b"[13.*,",
    b"\xe2\x80\xae",
    b"<PackageTags>umbraco-marketplace</PackageTags>",
    b"<NuspecFile>a.nuspec</NuspecFile>",
]
"""What is put into project files: what means something to MSBuild, NuGet, XML or a terminal."""


def mutated(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(changed) + 1)
        match random.randrange(3):
            case 0:
                changed[at:at] = random.choice(HOSTILE)
            case 1:
                del changed[at : at + random.randint(1, 30)]
            case _:
                changed[at:at] = changed[: random.randint(1, 200)]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(40))
def test_no_rule_breaks_on_damaged_projects(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    sources = [each for each in sorted((CORPUS / "projects").iterdir()) if len(list(each.rglob("*"))) < 30]
    root = tmp_path / "repository"
    shutil.copytree(random.choice(sources), root)
    files = [file for file in sorted(root.rglob("*")) if file.suffix in (".csproj", ".props", ".targets")]
    for file in files:
        if random.random() < 0.7:
            file.write_bytes(mutated(file.read_bytes(), random))
    report = umbmarket.validate([root, *files[:2]], root=root)
    assert report.failures == ()
    assert not [finding for finding in report.findings if "umbmarket broke" in finding.message]
    assert all(finding.message.isprintable() for finding in report.findings)
    assert json.loads(render(report, OutputOptions()))["summary"]["files"] == len(report.files)
