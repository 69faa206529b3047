"""321 real files of Nuxeo packages: a snapshot of every finding, and no error where Nuxeo installs rightly."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket
from tests.nuxeo.vectors import FOLDER, corpus
from tests.shared_corpus import needs_corpus
from tests.snapshots import assert_matches
from umbmarket.check.report import Report

SNAPSHOT = Path(__file__).parent / "nuxeo.snapshot.txt"

REAL_FAULTS = {
    # An ampersand in a text, and an <img> that is not closed: Nuxeo's parser refuses both.
    ("NXP001", "manifests/nuxeo+marketplace-signature@b7625259/marketplace/src/main/resources/package.xml"),
    (
        "NXP001",
        "manifests/nuxeo-sandbox+nuxeo-labs-onlyoffice@7bf3a260/nuxeo-onlyoffice-package/src/main/resources/package.xml",
    ),
    # "..." and "-SNAPSHOT": Nuxeo makes the version 0.0.0.
    (
        "NXP111",
        "manifests/nuxeo+nuxeo-admin-console-ui@24122cd8/nuxeo-admin-console-package/src/main/resources/package.xml",
    ),
    (
        "NXP111",
        "manifests/nuxeo+nuxeo-admin-console-ui@e8aed665/nuxeo-admin-console-package/src/main/resources/package.xml",
    ),
    # Without a name or a version: Nuxeo takes the package for one for every server.
    (
        "NXP202",
        "manifests/nuxeo+nuxeo@ce865997/modules/runtime/nuxeo-connect-standalone/src/test/resources/packages/store/"
        "local-only/R-1.0.2-SNAPSHOT/package.xml",
    ),
    (
        "NXP202",
        "manifests/nuxeo-sandbox+nuxeo-labs-utils@6aff61a0/nuxeo-labs-utils-package/src/main/resources/package.xml",
    ),
    # A token without its end: a dependency on a package that no build will name.
    ("NXP210", "manifests/nuxeo+marketplace-quota@4e034a31/marketplace/src/main/resources/package.xml"),
    # ${env.libs}: Nuxeo makes a folder of that name.
    ("NXP411", "install/nuxeo+nuxeo@c8724f80/nuxeo-template-rendering-package/src/main/resources/install.xml"),
}
"""Every error in a real manifest or script, read and judged."""


@pytest.fixture(scope="module")
def report() -> Report:
    files = [FOLDER / entry["file"] for entry in corpus() if entry["kind"] != "foreign-manifest"]
    return umbmarket.validate(files, root=FOLDER)


@needs_corpus
def test_every_file_is_checked_without_a_failure(report: Report) -> None:
    assert report.failures == ()
    assert len(report.files) == 321
    assert {file.kind for file in report.files} == {"Nuxeo package"}
    assert report.notes == ()


@needs_corpus
def test_no_error_where_nuxeo_reads_and_installs_rightly(report: Report) -> None:
    found = {
        (finding.code, finding.file)
        for finding in report.findings
        if finding.severity == "error" and not finding.file.startswith("zips/constructed/")
    }
    assert found == REAL_FAULTS


@needs_corpus
def test_every_constructed_zip_that_nuxeo_refuses_has_an_error(report: Report) -> None:
    broken = {finding.file for finding in report.findings if finding.severity == "error"}
    for entry in corpus():
        if entry["kind"] != "zip":
            continue
        added = entry["add"]
        refused = isinstance(added, str) or "error" in added["install"] or bool(added["install"].get("errors"))
        if refused:
            assert entry["file"] in broken, entry["file"]


@needs_corpus
def test_findings_are_those_of_the_snapshot(report: Report) -> None:
    lines = []
    for finding in report.findings:
        region = finding.region
        place = f"{region.line}:{region.column}" if region else "-"
        lines.append(f"{finding.path} {place} {finding.severity} {finding.code}\n")
    assert_matches(SNAPSHOT, "".join(lines))
