"""Every fix against its cases: what it makes of a file, byte for byte, and that nothing is left for it to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import umbmarket
from tests.rule_cases import CASES, case_folders, case_name, code_of
from tests.umbraco.rules.case_folders import check_case, fix_case, paths_of, settings_of, told_of
from umbmarket.umbraco.rules import all_rules

FIXED = case_folders("UMB", "fixed")


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts and path.suffix != ".nupkg"
    }


def stored_files_in(folder: Path) -> dict[str, bytes]:
    """As `files_in`, without the folders that become packages."""
    found = files_in(folder)
    return {name: data for name, data in found.items() if ".nupkg/" not in name}


@pytest.mark.parametrize("folder", FIXED, ids=case_name)
def test_the_case_is_fixed_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    fixing, project = fix_case(folder, tmp_path)
    after = folder / "after"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        shutil.rmtree(after, ignore_errors=True)
        for name, data in files_in(project).items():
            (after / name).parent.mkdir(parents=True, exist_ok=True)
            (after / name).write_bytes(data)
    assert files_in(project) == files_in(after)
    assert stored_files_in(folder / "before") != files_in(after)
    mending = fixing.report.mending
    assert mending is not None
    assert mending.fixed
    assert {each.code for each in mending.fixed} == {code_of(folder)}
    told = told_of(folder)
    if told.get("unsafe"):
        assert "unsafe" in {each.safety for each in mending.fixed}


@pytest.mark.parametrize("folder", FIXED, ids=case_name)
def test_a_second_run_has_nothing_to_fix(folder: Path, tmp_path: Path) -> None:
    _, project = fix_case(folder, tmp_path)
    told = told_of(folder)
    again = umbmarket.fix(
        paths_of(project, told), unsafe=told.get("unsafe", False), settings=settings_of(folder, told), root=project
    )
    assert again.changes == ()


@pytest.mark.parametrize("folder", [folder for folder in FIXED if told_of(folder).get("unsafe")], ids=case_name)
def test_what_guesses_waits_until_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    _, project = fix_case(folder, tmp_path, unsafe=False)
    assert files_in(project) != files_in(folder / "after")


@pytest.mark.parametrize("code", [code for code, rule in all_rules().items() if rule.fix is not None])
def test_every_rule_with_a_fix_has_a_case(code: str) -> None:
    assert (CASES / code / "fixed").is_dir()


@pytest.mark.parametrize("code", [code for code, rule in all_rules().items() if rule.fix is None])
def test_no_other_rule_has_one(code: str) -> None:
    assert not (CASES / code / "fixed").exists()


@pytest.mark.parametrize("folder", case_folders("UMB", "bad"), ids=case_name)
def test_a_rule_declares_the_fixes_of_its_findings(folder: Path, tmp_path: Path) -> None:
    declared = all_rules()[code_of(folder)].fix
    offered = {fix.safety for finding in check_case(folder, tmp_path) for fix in finding.fixes}
    allowed = {None: set(), "safe": {"safe"}, "unsafe": {"safe", "unsafe"}}[declared]
    assert offered <= allowed
