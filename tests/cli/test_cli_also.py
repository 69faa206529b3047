"""Several formats of one run, each in a file of its own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import BROKEN

LISTING = "umbraco-marketplace.json"
VALIDATE = "Try `umbmarket validate --help`.\n"
SERVER = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "example/site",
    "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
}


def test_one_run_feeds_annotations_a_summary_and_an_upload(broken: Path, run) -> None:
    also = ["--also", "markdown=summary.md", "--also", "SARIF=out/deep/listing.sarif", "--also", "junit=out/t.xml"]
    result = run("validate", "--format", "github", "--select", "UMB104", *also, **SERVER)
    assert result.stdout.startswith(f"::error file={LISTING},line=2,")
    assert result.stdout == run("validate", "--format", "github", "--select", "UMB104").stdout
    assert result.stderr == "note: the results are in summary.md, out/deep/listing.sarif and out/t.xml\n"
    assert result.exit_code == 1
    summary = (broken / "summary.md").read_text("utf-8")
    assert f"[{LISTING.replace('_', chr(92) + '_')}:2:15]({SERVER['GITHUB_SERVER_URL']}/example/site/blob/" in summary
    assert f"/{SERVER['GITHUB_SHA']}/{LISTING}#L2)" in summary
    (ran,) = json.loads((broken / "out" / "deep" / "listing.sarif").read_text("utf-8"))["runs"]
    assert [each["ruleId"] for each in ran["results"]] == ["UMB104"]
    assert ElementTree.parse(broken / "out" / "t.xml").getroot().attrib["failures"] == "1"


def test_each_format_is_what_it_is_alone(broken: Path, run) -> None:
    formats = ("text", "concise", "msbuild", "json", "sarif", "github", "gitlab", "junit", "markdown")
    also = [word for name in formats for word in ("--also", f"{name}=out/{name}")]
    result = run("validate", "-q", *also, "--statistics")
    assert result.stderr == ""
    for name in formats:
        counted = ["--statistics"] if name in ("text", "concise", "msbuild", "markdown") else []
        run("validate", "-q", "--format", name, "-o", f"alone-{name}", *counted)
        assert (broken / "out" / name).read_bytes() == (broken / f"alone-{name}").read_bytes(), name


def test_what_people_get_in_a_file_has_no_colours(broken: Path, run) -> None:
    run("validate", "--also", "text=a.txt", FORCE_COLOR="1")
    assert b"\x1b" in (broken / "a.txt").read_bytes()
    run("validate", "--also", "text=b.txt")
    assert b"\x1b" not in (broken / "b.txt").read_bytes()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--also", "markdown"], '--also: "markdown" names no file; write it as markdown=summary.md'),
        (["--also", "markdown="], "--also: it is empty"),
        (
            ["--also", "sarf=a.sarif"],
            '--also: unknown value "sarf", did you mean "sarif"?',
        ),
        (["--also", "sarif=-"], "--also: standard output is for --format; name a file"),
        (["--also", "sarif=https://example.com/x"], "--also: an address, where the path of a file is needed;"),
        (["--also", "sarif=a", "--also", "json=./b/../a"], "--also: ./b/../a is named twice; each format needs a file"),
        (["--also", "sarif=a", "-o", "a"], "--also: a is named twice; each format needs a file of its own"),
        (["--also", "sarif=a", "--diff"], "--also: it does not go together with --diff"),
        (["--also", "sarif=a", "--statistics", "-f", "json"], "--statistics: it goes with --format text, concise,"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_checked(args: list[str], said: str, broken: Path, run) -> None:
    result = run("validate", *args)
    assert result.stderr.startswith(f"error: {said}")
    assert result.stderr.endswith(VALIDATE)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert sorted(path.name for path in broken.iterdir()) == [".git", LISTING]


@pytest.mark.parametrize("file", [LISTING, f"x/../{LISTING}", "umbmarket.toml"])
def test_what_was_read_is_not_replaced_and_nothing_else_is_written(file: str, broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text("", "utf-8")
    (broken / "x").mkdir()
    result = run("validate", "--also", "markdown=summary.md", "--also", f"json={file}")
    assert re.fullmatch(rf"error: {re.escape(file)} is .+; name another file for the results\n", result.stderr)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert (broken / LISTING).read_text("utf-8") == BROKEN
    assert not (broken / "summary.md").exists()


def test_all_are_written_that_can_be_and_the_others_are_named(broken: Path, run) -> None:
    (broken / "taken").mkdir()
    (broken / "file").write_text("a file")
    also = ["--also", "json=taken", "--also", "sarif=ok.sarif", "--also", "markdown=file/summary.md"]
    result = run("validate", "--select", "UMB104", *also)
    assert result.stdout == run("validate", "--select", "UMB104").stdout
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("error: taken cannot be written: ")
    assert lines[1] == "error: file/summary.md cannot be written: file is a file, not a folder"
    assert result.exit_code == 2
    assert json.loads((broken / "ok.sarif").read_text("utf-8"))["runs"]
    assert (broken / "file").read_text() == "a file"


@pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX systems have")
def test_a_failure_leaves_the_old_file_as_it_was(broken: Path, run) -> None:
    reports = broken / "reports"
    reports.mkdir()
    (reports / "a.json").write_text("old")
    reports.chmod(0o555)
    if os.access(reports, os.W_OK):
        reports.chmod(0o755)
        pytest.skip("nothing is read-only for this user")
    try:
        result = run("validate", "--also", "json=reports/a.json", "-o", "reports/b.txt")
    finally:
        reports.chmod(0o755)
    assert result.stderr == (
        "error: reports/b.txt cannot be written: permission denied\n"
        "error: reports/a.json cannot be written: permission denied\n"
    )
    assert result.exit_code == 2
    assert (reports / "a.json").read_text() == "old"


def test_documents_are_written_where_there_is_nothing_to_check(project: Path, run) -> None:
    result = run("validate", "--also", "sarif=a.sarif", "--also", "gitlab=b.json", "--also", "text=c.txt")
    assert result.exit_code == 3
    assert json.loads((project / "a.sarif").read_text("utf-8"))["runs"][0]["results"] == []
    assert (project / "b.json").read_text("utf-8") == "[]\n"
    assert (project / "c.txt").read_text("utf-8") == ""


def test_with_fixes_they_say_what_is_left(broken: Path, run) -> None:
    run("validate", "--fix", "--also", "json=left.json")
    left = {finding["code"] for finding in json.loads((broken / "left.json").read_text("utf-8"))["findings"]}
    assert "UMB104" in left
    assert "UMB006" not in left
    result = run("validate", "-", "--fix", "--also", "json=given.json", stdin=BROKEN.encode())
    assert result.stdout.startswith("{")
    assert "UMB104" in (broken / "given.json").read_text("utf-8")
    assert result.exit_code == 1


def test_the_summary_of_a_workflow_is_not_written_by_itself(broken: Path, run) -> None:
    summary = broken / "step-summary.md"
    summary.write_text("mine\n")
    run("validate", "--format", "github", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), **SERVER)
    assert summary.read_text() == "mine\n"
    run("validate", "--format", "github", "--also", f"markdown={summary}", **SERVER)
    assert summary.read_text("utf-8").startswith("### umbmarket: ")
