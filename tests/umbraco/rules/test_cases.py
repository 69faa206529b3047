"""Every rule against its cases: exact places and messages for the bad ones, silence for the ok ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import CASES, as_line, assert_told, case_folders, case_name, code_of
from tests.umbraco.rules.case_folders import check_case
from umbmarket.umbraco.compatibility.majors import PRERELEASE_MAJORS
from umbmarket.umbraco.rules import all_rules


@pytest.mark.parametrize("folder", case_folders("UMB", "bad"), ids=case_name)
def test_bad_case_is_told_exactly(folder: Path, tmp_path: Path) -> None:
    findings = check_case(folder, tmp_path)
    assert_told(findings, folder)
    assert {finding.code for finding in findings} == {code_of(folder)}
    for finding in findings:
        # What is called an estimate in words is one in the data.
        assert finding.estimate or "estimate" not in finding.message + finding.why + finding.help


@pytest.mark.parametrize("folder", case_folders("UMB", "ok"), ids=case_name)
def test_ok_case_is_silent(folder: Path, tmp_path: Path) -> None:
    assert [as_line(finding) for finding in check_case(folder, tmp_path)] == []


SILENT_TODAY = set() if PRERELEASE_MAJORS else {"UMB406"}
"""No major of Umbraco is in prerelease, so there is nothing bad to find; `test_version_rules` supposes that one is."""


@pytest.mark.parametrize("code", [code for code, rule in all_rules().items() if not rule.online])
@pytest.mark.parametrize("kind", ["ok", "bad"])
def test_every_rule_has_cases(code: str, kind: str) -> None:
    if kind == "bad" and code in SILENT_TODAY:
        assert not (CASES / code / "bad").exists()
        return
    assert case_folders(code, kind)


def test_no_case_is_for_an_unknown_rule() -> None:
    assert {folder.name for folder in CASES.glob("UMB*")} <= set(all_rules())
