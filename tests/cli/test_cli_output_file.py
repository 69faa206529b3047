"""`--output`: the file is the old one or the whole new one, never anything else."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import BROKEN
from tests.trees import symlinks  # noqa: F401 - fixture
from umbmarket.cli import streams

posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX systems have")


def test_results_go_to_the_file_and_nothing_to_standard_output(broken: Path, run) -> None:
    result = run("validate", "--format", "json", "--output", "report.json", "--select", "UMB104")
    assert result.stdout == ""
    assert result.stderr == "note: the results are in report.json\n"
    assert result.exit_code == 1
    data = (broken / "report.json").read_bytes()
    assert data == run("validate", "--format", "json", "--select", "UMB104").stdout_bytes
    assert json.loads(data)["summary"]["errors"] == 1
    assert sorted(path.name for path in broken.iterdir()) == [".git", "report.json", "umbraco-marketplace.json"]


def test_quiet_says_nothing_about_the_file(broken: Path, run) -> None:
    assert run("validate", "-q", "-o", "report.txt").output == ""


def test_dash_is_standard_output(broken: Path, run) -> None:
    assert run("validate", "-o", "-").stdout == run("validate").stdout
    assert not (broken / "-").exists()


def test_text_in_a_file_has_colours_only_when_asked_for(broken: Path, run) -> None:
    run("validate", "-o", "auto.txt", "--select", "UMB104")
    assert b"\x1b" not in (broken / "auto.txt").read_bytes()
    run("validate", "-o", "always.txt", "--color", "always", "--select", "UMB104")
    assert b"\x1b[" in (broken / "always.txt").read_bytes()


def test_clean_run_for_people_still_writes_the_file(healthy: Path, run) -> None:
    (healthy / "report.txt").write_text("old")
    assert run("validate", "-q", "-o", "report.txt", "--select", "UMB104").exit_code == 0
    assert (healthy / "report.txt").read_text() == ""


def test_missing_folder_is_said_and_not_made(broken: Path, run) -> None:
    result = run("validate", "--output", "reports/report.txt")
    said = f"error: {Path('reports/report.txt')} cannot be written: there is no folder reports\n"
    assert (result.stdout, result.stderr, result.exit_code) == ("", said, 2)
    assert not (broken / "reports").exists()


def test_folder_as_output_is_said(broken: Path, run) -> None:
    (broken / "reports").mkdir()
    result = run("validate", "--output", "reports")
    assert result.stderr.startswith("error: reports cannot be written: ")
    assert result.exit_code == 2


PLACES = [
    ("file/x.txt", "file/x.txt cannot be written: file is a file, not a folder"),
    ("file/y/x.txt", "file/y/x.txt cannot be written: file is a file, not a folder"),
    ("no/such/x.txt", "no/such/x.txt cannot be written: there is no folder no/such"),
    ("dangling/x.txt", "dangling/x.txt cannot be written: dangling is a link to something that does not exist"),
    ("loop/x.txt", "loop/x.txt cannot be written: loop is a link that leads back to itself"),
    ("loop", "loop cannot be written: its links lead back to themselves"),
    ("pipe/x.txt", "pipe/x.txt cannot be written: pipe is not a folder"),
    ("folder", "folder cannot be written: it is a folder, not a file"),
    ("a\nb/x.txt", "a\\nb/x.txt cannot be written: there is no folder a\\nb"),
    ("a" * 300, f"{'a' * 300} cannot be written: the path is too long"),
]
"""Where no file can be, and why."""


@posix
@pytest.mark.usefixtures("symlinks")
@pytest.mark.parametrize("command", ["validate", "preview", "pack"])
@pytest.mark.parametrize(("place", "said"), PLACES)
def test_place_where_no_file_can_be_is_said(command: str, place: str, said: str, broken: Path, run) -> None:
    (broken / "file").write_text("a file")
    (broken / "folder").mkdir()
    (broken / "dangling").symlink_to("nowhere")
    (broken / "loop").symlink_to("loop")
    os.mkfifo(broken / "pipe")
    assert run("nuxeo", "init", "package").exit_code == 0
    before = sorted(path.name for path in broken.iterdir())
    args = {
        "validate": ["validate", "--fix"],
        "preview": ["preview", "umbraco-marketplace.json"],
        "pack": ["nuxeo", "pack", "package", "--force"],
    }[command]
    if command == "pack" and place == "folder":
        said = "folder is a folder; name a file with --output"
    if command == "pack" and place == "loop":
        pytest.skip("with --force the link itself is replaced, as with other files of its name")
    result = run(*args, "--output", place)
    assert result.stderr.endswith(f"error: {said}\n")
    assert result.exit_code == 2
    assert sorted(path.name for path in broken.iterdir()) == before
    if place != "loop" and len(place) < 300:
        # Before anything was done for it.
        assert (broken / "umbraco-marketplace.json").read_text("utf-8") == BROKEN


@pytest.mark.parametrize("args", [["validate", "-o"], ["preview", "-o"], ["nuxeo", "pack", "x", "-o"]])
def test_name_of_a_folder_is_no_name_of_a_file(args: list[str], broken: Path, run) -> None:
    result = run(*args, "reports/")
    assert result.stderr.startswith('error: --output: "reports/" ends like the path of a folder; name a file\n')
    assert result.exit_code == 2
    result = run("validate", "--also", "json=reports/")
    assert result.stderr.startswith('error: --also: "reports/" ends like the path of a folder; name a file\n')
    assert result.exit_code == 2


@posix
def test_folder_that_cannot_be_written_to_is_said(broken: Path, run) -> None:
    reports = broken / "reports"
    reports.mkdir()
    (reports / "report.txt").write_text("old")
    reports.chmod(0o555)
    if os.access(reports, os.W_OK):
        pytest.skip("nothing is read-only for this user")
    try:
        result = run("validate", "--output", "reports/report.txt")
    finally:
        reports.chmod(0o755)
    assert result.stderr == "error: reports/report.txt cannot be written: permission denied\n"
    assert result.exit_code == 2
    assert (reports / "report.txt").read_text() == "old"


@posix
def test_place_that_takes_no_files_is_said(broken: Path, run) -> None:
    if not os.path.isdir("/proc/self"):
        pytest.skip("needs a file system that nobody can write to")
    result = run("validate", "--output", "/proc/self/report.txt")
    assert result.stderr.startswith("error: /proc/self/report.txt cannot be written: ")
    assert result.exit_code == 2


@posix
def test_failure_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    import resource

    target = tmp_path / "report.txt"
    target.write_text("old")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, usual[1]))
    try:
        with pytest.raises(streams.CannotWrite, match=r"report\.txt cannot be written: file too large"):
            streams.write_file(target, "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert target.read_text() == "old"
    streams.write_file(target, "new")
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@posix
def test_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    target.chmod(0o444)
    if os.access(target, os.W_OK):
        pytest.skip("nothing is read-only for this user")
    with pytest.raises(streams.CannotWrite, match="permission denied"):
        streams.write_file(target, "new")
    assert target.read_text() == "old"


@posix
def test_permissions_of_the_old_file_stay(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    target.chmod(0o640)
    streams.write_file(target, "new")
    assert target.stat().st_mode & 0o777 == 0o640


@posix
def test_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real.txt"
    target.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    streams.write_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@posix
def test_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    streams.write_file(pipe, "new")
    reader.join(60)
    assert read == [b"new"]
    assert pipe.is_fifo()


def test_text_is_written_as_utf8_with_line_feeds(tmp_path: Path) -> None:
    streams.write_file(tmp_path / "report.txt", "nö\nlone \udcff\n")
    assert (tmp_path / "report.txt").read_bytes() == b"n\xc3\xb6\nlone \\udcff\n"


@pytest.mark.parametrize("output", ["umbraco-marketplace.json", "./x/../umbraco-marketplace.json"])
def test_what_was_just_checked_is_not_replaced(output: str, broken: Path, run) -> None:
    (broken / "x").mkdir()
    before = (broken / "umbraco-marketplace.json").read_bytes()
    result = run("validate", "-o", output)
    assert result.stderr == f"error: {output} is a file that was just checked; name another file for the results\n"
    assert (result.stdout, result.exit_code) == ("", 2)
    assert (broken / "umbraco-marketplace.json").read_bytes() == before


@posix
def test_nor_by_a_link_to_it(broken: Path, run) -> None:
    (broken / "report.txt").symlink_to("umbraco-marketplace.json")
    before = (broken / "umbraco-marketplace.json").read_bytes()
    assert run("validate", "-o", "report.txt").exit_code == 2
    assert (broken / "umbraco-marketplace.json").read_bytes() == before


def test_what_was_read_from_standard_input_is_not_replaced_either(broken: Path, run) -> None:
    name = "umbraco-marketplace.json"
    data = (broken / name).read_bytes()
    assert run("validate", "-", "--stdin-filename", name, "-o", name, stdin=data).exit_code == 2
    assert (broken / name).read_bytes() == data


def test_a_package_is_not_replaced_either(project: Path, run, nupkg) -> None:
    data = nupkg(tags="umbraco-marketplace")
    (project / "a.nupkg").write_bytes(data)
    assert run("validate", "a.nupkg", "-o", "a.nupkg").exit_code == 2
    assert (project / "a.nupkg").read_bytes() == data


def test_results_of_an_earlier_run_are_replaced(broken: Path, run) -> None:
    (broken / "report.txt").write_text("old")
    assert run("validate", "-o", "report.txt").exit_code == 1
    assert "UMB104" in (broken / "report.txt").read_text("utf-8")


def test_a_readme_that_was_found_and_judged_is_not_replaced(broken: Path, run) -> None:
    readme = broken / "umbraco-marketplace-readme.md"
    readme.write_text("[setup](docs/setup.md)\n")
    result = run("validate", "-o", readme.name)
    assert result.exit_code == 2
    assert result.stderr == f"error: {readme.name} is a file that was just checked; name another file for the results\n"
    assert readme.read_text() == "[setup](docs/setup.md)\n"


def test_a_listing_that_a_finding_names_is_not_replaced(project: Path, run, nupkg) -> None:
    listing = project / "umbraco-marketplace.json"
    listing.write_text('{"Category": "Search"}\n')
    (project / "My.Package.nupkg").write_bytes(
        nupkg(
            tags="umbraco-marketplace",
            projectUrl="https://www.example.com",
            groups={"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}},
        )
    )
    result = run("validate", "--select", "UMB510", "My.Package.nupkg", "-o", listing.name)
    assert result.exit_code == 2
    assert listing.read_text() == '{"Category": "Search"}\n'
