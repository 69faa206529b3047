"""The GitHub actions, step by step, as a runner runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.action.runner_double import action_file, run_action
from tests.shared_corpus import ROOT

INSTALLED = {"install": {"python": sys.executable}}
"""The Python that the tests run with has the product; one slow test installs it as the action does."""

HEALTHY = (ROOT / "samples/healthy/umbraco-marketplace.json").read_text("utf-8")
WRONG = '{\n  "Title": "Fancy",\n  "Category": "Editor tools"\n}\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work space"
    folder.mkdir()
    return folder


def write(workspace: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


@pytest.mark.parametrize("folder", ["", "sync"])
def test_inputs_reach_a_script_through_the_environment_alone(folder: str) -> None:
    steps = action_file(ROOT, folder)["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts)


@pytest.mark.parametrize(("folder", "step"), [("", "validate"), ("sync", "sync")])
def test_every_input_is_handed_to_the_step(folder: str, step: str) -> None:
    action = action_file(ROOT, folder)
    environment = next(found["env"] for found in action["runs"]["steps"] if found["id"] == step)
    expected = {f"INPUT_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}
    assert {name: value for name, value in environment.items() if name.startswith("INPUT_")} == expected


def test_a_healthy_project_passes_and_says_so(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": HEALTHY})
    job = run_action(ROOT, workspace, {}, known=INSTALLED)
    assert job.code == 0, job.log
    assert job.outputs == {
        "errors": "0",
        "warnings": "0",
        "infos": "0",
        "exit-code": "0",
        "sarif-file": "",
        "preview-file": "",
    }
    assert "No findings" in job.summary


def test_a_failing_run_writes_annotations_summary_sarif_and_outputs_before_it_fails(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {"sarif-file": "out/listing.sarif"}, known=INSTALLED)
    assert job.code == 1
    assert "::error file=umbraco-marketplace.json,line=3," in job.log
    assert "UMB104" in job.summary
    assert job.outputs["errors"] == "1"
    assert job.outputs["exit-code"] == "1"
    assert job.outputs["sarif-file"] == "out/listing.sarif"
    sarif = json.loads((workspace / "out/listing.sarif").read_text("utf-8"))
    assert [result["ruleId"] for result in sarif["runs"][0]["results"] if result["level"] == "error"] == ["UMB104"]


def test_the_summary_can_be_left_out(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {"summary": "false"}, known=INSTALLED)
    assert (job.code, job.summary) == (1, "")


def test_a_page_shows_the_listing_also_of_a_failing_run(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {"preview-file": "page of it.html"}, known=INSTALLED)
    assert (job.code, job.outputs["preview-file"]) == (1, "page of it.html"), job.log
    assert "Fancy" in (workspace / "page of it.html").read_text("utf-8")


def test_a_page_that_cannot_be_made_is_no_output_and_no_failure(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": HEALTHY})
    job = run_action(ROOT, workspace, {"preview-file": "no folder/page.html"}, known=INSTALLED)
    assert (job.code, job.outputs["preview-file"]) == (0, ""), job.log


def test_paths_stand_on_lines_of_their_own_with_spaces_quotes_and_windows_line_ends(workspace: Path) -> None:
    names = [
        "a b/umbraco-marketplace.json",
        "it's $(touch bad)/umbraco-marketplace.json",
        '"q"/umbraco-marketplace.json',
    ]
    write(workspace, dict.fromkeys(names, WRONG))
    write(workspace, {"left out/umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {"paths": "\r\n".join(["", *names, ""])}, known=INSTALLED)
    assert job.outputs["errors"] == "3", job.log
    assert sorted(path.name for path in workspace.iterdir()) == sorted(["a b", "it's $(touch bad)", '"q"', "left out"])


def test_a_path_that_looks_like_an_option_is_a_path(workspace: Path) -> None:
    write(workspace, {"--help/umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {"paths": "--help"}, known=INSTALLED)
    assert (job.code, job.outputs["errors"]) == (1, "1"), job.log


def test_settings_and_severities_are_passed_on(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": WRONG, "ci/own.toml": 'ignore = ["UMB104"]\n'})
    job = run_action(ROOT, workspace, {"config": "ci/own.toml", "fail-on": "warning"}, known=INSTALLED)
    assert job.outputs["errors"] == "0", job.log
    never = run_action(ROOT, workspace.rename(workspace.with_name("again")), {"fail-on": "never"}, known=INSTALLED)
    assert (never.code, never.outputs["errors"]) == (0, "1"), never.log


def test_nothing_to_check_fails_the_step(workspace: Path) -> None:
    job = run_action(ROOT, workspace, {}, known=INSTALLED)
    assert (job.code, job.outputs["exit-code"]) == (3, "3"), job.log


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"online": "yes"}, '::error title=umbmarket::online: expected true or false, found "yes"'),
        ({"summary": "1%\n2"}, '::error title=umbmarket::summary: expected true or false, found "1%25%0A2"'),
    ],
)
def test_an_input_that_is_neither_yes_nor_no_is_refused(workspace: Path, inputs: dict[str, str], message: str) -> None:
    job = run_action(ROOT, workspace, inputs, known=INSTALLED)
    assert (job.code, job.log.splitlines()[0]) == (2, message)


def test_a_module_in_the_checked_repository_is_not_run(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": HEALTHY, "json.py": "raise SystemExit('taken over')\n"})
    write(
        workspace, {"umbmarket/__init__.py": "raise SystemExit('taken over')\n", "runner.py": "raise SystemExit(9)\n"}
    )
    job = run_action(ROOT, workspace, {}, known=INSTALLED, extra={"PYTHONPATH": str(workspace)})
    assert job.code == 0, job.log


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "::error title=umbmarket::nothing to sync: name ids in package-ids, or files in packages"),
        (
            {"package-ids": "My.Package", "packages": "*.nupkg"},
            "::error title=umbmarket::package-ids and packages are both given: name either the ids or the files",
        ),
    ],
)
def test_sync_takes_either_ids_or_packages(workspace: Path, inputs: dict[str, str], message: str) -> None:
    job = run_action(ROOT, workspace, inputs, folder="sync", known=INSTALLED)
    assert (job.code, job.log) == (2, f"{message}\n")


def test_sync_hands_every_id_on(workspace: Path) -> None:
    job = run_action(
        ROOT,
        workspace,
        {"package-ids": "Not an id\r\nAnother one!\n", "timeout": "soon", "wait": "true"},
        folder="sync",
        known=INSTALLED,
    )
    assert job.code == 2
    assert job.outputs == {"exit-code": "2"}
    assert "soon" in job.log


@pytest.mark.slow
@pytest.mark.skipif("UMBMARKET_TEST_INSTALL" not in os.environ, reason="asks the package index: .ci/run does it")
def test_the_action_installs_itself_from_its_own_checkout(workspace: Path) -> None:
    write(workspace, {"umbraco-marketplace.json": WRONG})
    job = run_action(ROOT, workspace, {})
    assert (job.code, job.outputs["errors"]) == (1, "1"), job.log


@pytest.mark.parametrize("script", ["validate", "sync"])
def test_a_wrong_word_is_said_whatever_the_console_can_write(script: str, workspace: Path) -> None:
    words = {"INPUT_SUMMARY": "да", "INPUT_WAIT": "да", "INPUT_PACKAGES": "a.nupkg"}
    ran = subprocess.run(
        [sys.executable, str(ROOT / "action" / f"{script}.py")],
        cwd=workspace,
        env={**os.environ, **words, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    name = "summary" if script == "validate" else "wait"
    assert ran.stdout.decode("utf-8") == (f'::error title=umbmarket::{name}: expected true or false, found "да"\n')
    assert (ran.stderr, ran.returncode) == (b"", 2)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"config": "none.toml", "preview-file": "page.html"}, ("2", "", "")),
        ({"preview-file": "new.html"}, ("0", "out.sarif", "new.html")),
        ({"preview-file": "page.html"}, ("0", "out.sarif", "")),
    ],
)
def test_a_file_of_an_earlier_run_is_not_called_written(
    inputs: dict[str, str], told: tuple[str, str, str], workspace: Path
) -> None:
    write(workspace, {"umbraco-marketplace.json": HEALTHY, "out.sarif": "{}", "page.html": "other"})
    job = run_action(ROOT, workspace, {"sarif-file": "out.sarif", **inputs}, known=INSTALLED)
    assert tuple(job.outputs[name] for name in ("exit-code", "sarif-file", "preview-file")) == told
