"""Every rule about Nuxeo packages against its cases: exact places and messages, and silence for the ok ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.nuxeo.rules.nuxeo_cases import CASES, as_line, case_folders, case_name, check_case
from umbmarket.nuxeo.rules import CATALOGUE


@pytest.mark.parametrize("folder", case_folders("bad"), ids=case_name)
def test_bad_case_is_told_exactly(folder: Path, tmp_path: Path) -> None:
    findings = check_case(folder, tmp_path)
    told = "".join(as_line(finding) + "\n" for finding in findings)
    expected = folder / "expected.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.write_text(told, "utf-8", newline="\n")
    assert told == expected.read_text("utf-8")
    assert findings
    rule = CATALOGUE.rules[folder.relative_to(CASES).parts[0]]
    for finding in findings:
        assert finding.severity in (rule.severity, *rule.other_severities)


@pytest.mark.parametrize("folder", case_folders("ok"), ids=case_name)
def test_ok_case_is_silent(folder: Path, tmp_path: Path) -> None:
    assert [as_line(finding) for finding in check_case(folder, tmp_path)] == []


def test_declared_facts_are_those_that_the_rules_take() -> None:
    assert CATALOGUE.undeclared() == {}
