"""Every rule about Nuxeo packages against its cases: exact places and messages, and silence for the ok ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nuxeo.rules.nuxeo_cases import check_case
from tests.rule_cases import as_line, assert_told, case_folders, case_name, code_of
from umbmarket.nuxeo.rules import CATALOGUE


@pytest.mark.parametrize("folder", case_folders("NXP", "bad"), ids=case_name)
def test_bad_case_is_told_exactly(folder: Path, tmp_path: Path) -> None:
    findings = check_case(folder, tmp_path)
    assert_told(findings, folder)
    rule = CATALOGUE.rules[code_of(folder)]
    for finding in findings:
        assert finding.severity in (rule.severity, *rule.other_severities)


@pytest.mark.parametrize("folder", case_folders("NXP", "ok"), ids=case_name)
def test_ok_case_is_silent(folder: Path, tmp_path: Path) -> None:
    assert [as_line(finding) for finding in check_case(folder, tmp_path)] == []


def test_declared_facts_are_those_that_the_rules_take() -> None:
    assert CATALOGUE.undeclared() == {}
