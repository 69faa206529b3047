"""105 real listings: an independent validator's verdicts, and a snapshot of every finding."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.check.report import Report

SNAPSHOT = Path(__file__).parent / "listings.snapshot.txt"

TOLERATED_ALONE = {"UMB005", "UMB006"}
"""Comments and trailing commas: warnings, because the Marketplace appears to skip them."""

EMPTY_ROOT_URLS = {"/VideoUrl", "/DocumentationUrl", "/DiscussionForumUrl", "/IssueTrackerUrl"}
"""Warnings where they are empty: real validators took them until a version of 2026."""


@pytest.fixture(scope="module")
def report() -> Report:
    files = [CORPUS / entry["file"] for entry in listings()]
    return umbmarket.validate(files, root=CORPUS)


def findings_of(report: Report, entry: dict[str, Any]) -> list[umbmarket.Finding]:
    return [finding for finding in report.findings if finding.path == entry["file"]]


@needs_corpus
def test_every_file_is_checked_without_a_failure(report: Report) -> None:
    assert report.failures == ()
    assert [file.path for file in report.files] == [entry["file"] for entry in listings()]


@needs_corpus
def test_verdicts_agree_with_an_independent_validator(report: Report) -> None:
    seen = {file.path: (file.parsed, file.schema_valid) for file in report.files}
    for entry in listings():
        parsed, schema_valid = seen[entry["file"]]
        match entry["verdict"]:
            case "schema-valid":
                assert (parsed, schema_valid) == ("strict", True), entry["file"]
            case "schema-invalid":
                assert (parsed, schema_valid) == ("strict", False), entry["file"]
            case _:
                assert parsed == "tolerant", entry["file"]


@needs_corpus
def test_the_kind_of_failure_is_named(report: Report) -> None:
    for entry in listings():
        codes = {finding.code for finding in findings_of(report, entry)}
        reading = {code for code in codes if code in ("UMB002", "UMB004", "UMB005", "UMB006", "UMB007")}
        assert ("UMB002" in reading) == (entry["verdict"] == "not-utf8"), entry["file"]
        assert bool(reading - {"UMB002"}) == (entry["verdict"] == "invalid-json"), entry["file"]


@needs_corpus
def test_every_violation_is_told_at_its_place(report: Report) -> None:
    for entry in listings():
        told = {finding.pointer for finding in findings_of(report, entry) if finding.code < "UMB3"}
        for violation in entry.get("violations", []):
            pointer = violation["pointer"]
            if violation["keyword"] == "additionalProperties":
                pointer += "/" + violation["params"]["additionalProperty"]
            assert pointer in told, (entry["file"], pointer)


@needs_corpus
def test_every_broken_file_has_an_error(report: Report) -> None:
    for entry in listings():
        if entry["verdict"] == "schema-valid":
            continue
        findings = findings_of(report, entry)
        codes = {finding.code for finding in findings if finding.code in ("UMB002", "UMB004", *TOLERATED_ALONE)}
        refused = {finding.pointer for finding in findings if finding.args.get("keyword")}
        only_root_urls = bool(refused) and refused <= EMPTY_ROOT_URLS
        wanted = "warning" if (codes and codes <= TOLERATED_ALONE) or only_root_urls else "error"
        assert wanted in {str(finding.severity) for finding in findings}, entry["file"]


@needs_corpus
def test_snapshot(report: Report) -> None:
    lines = []
    for file in report.files:
        lines.append(f"{file.path} {file.parsed} {file.schema_valid}")
        for finding in report.findings:
            if finding.path == file.path:
                region = finding.region
                where = f"{region.line}:{region.column}-{region.end_line}:{region.end_column}" if region else "-"
                lines.append(f"  {where} {finding.severity} {finding.code}")
    told = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(told, "utf-8", newline="\n")
    known = SNAPSHOT.read_text("utf-8")
    difference = difflib.unified_diff(known.splitlines(), told.splitlines(), "snapshot", "now", lineterm="", n=1)
    assert told == known, "what the corpus gives has changed:\n" + "\n".join(difference)
