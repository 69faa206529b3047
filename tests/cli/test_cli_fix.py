"""`umbmarket validate --fix`, `--unsafe-fixes` and `--diff`: what is written, what is said, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from umbmarket.umbraco.listing import LARGEST_LISTING

NAME = "umbraco-marketplace.json"
SCHEMA = '"$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json"'
FIXABLE = f"""{{
\t{SCHEMA},
\t"category": "Search", // one of eleven
\t"LicenseTypes": ["MIT"],
\t"Tags": ["a", "a ",],
\t"VideoUrl": ""
}}
"""
SAFE = f"""{{
\t{SCHEMA},
\t"Category": "Search",
\t"LicenseTypes": ["MIT"],
\t"Tags": ["a"]
}}
"""
UNSAFE = SAFE.replace("MIT", "Free")
SELECT = "--select", "UMB0,UMB1,UMB207,UMB211"


@pytest.fixture
def listing(project: Path) -> Path:
    file = project / NAME
    file.write_bytes(FIXABLE.encode())
    return file


def test_safe_fixes_are_written_and_what_is_left_is_reported(listing: Path, run) -> None:
    result = run("validate", "--fix", *SELECT)
    assert listing.read_bytes() == SAFE.encode()
    assert (
        result.stdout
        == f"""{NAME}:4:19 error[UMB104] "MIT" is not a licence type of the Marketplace
 4 |     "LicenseTypes": ["MIT"],
   |                      ^^^^^
   = why: the published schema rejects the file, and only a file that matches it is imported (listing guide)
   = help: this property says how the package is paid for, not which licence it has; did you mean "Free"? Allowed: \
Free, Purchase, Subscription

1 error in 1 listing

Fixed in {NAME}:
  UMB101 Rename to "Category"
  UMB005 Remove the comment
  UMB207 Remove the white space
  UMB006 Remove the comma
  UMB110 Remove the empty value
  UMB211 Remove the duplicate

Fixed 6 findings in 1 file, 1 left (1 needs --unsafe-fixes)
"""
    )
    assert result.stderr == ""
    assert result.exit_code == 1


def test_unsafe_fixes_are_written_where_they_are_asked_for(listing: Path, run) -> None:
    result = run("validate", "--fix", "--unsafe-fixes", *SELECT)
    assert listing.read_bytes() == UNSAFE.encode()
    assert result.stdout.endswith("\nFixed 7 findings in 1 file, none left\n")
    assert result.exit_code == 0


def test_a_second_run_has_nothing_to_fix(listing: Path, run) -> None:
    run("validate", "--fix", "--unsafe-fixes", *SELECT)
    before = listing.stat()
    result = run("validate", "--fix", "--unsafe-fixes", *SELECT)
    assert result.stdout == "No findings in 1 listing\n\nNothing to fix\n"
    assert (listing.stat().st_ino, listing.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_where_nothing_is_fixed_the_rest_is_counted(listing: Path, run) -> None:
    listing.write_bytes(SAFE.encode())
    result = run("validate", "--fix", *SELECT)
    assert result.stdout.endswith("\n1 error in 1 listing\n\nFixed nothing, 1 left (1 needs --unsafe-fixes)\n")
    assert result.exit_code == 1


def test_without_fix_nothing_is_written(listing: Path, run) -> None:
    run("validate", *SELECT)
    assert listing.read_bytes() == FIXABLE.encode()


def test_a_difference_is_shown_and_nothing_is_written(listing: Path, run) -> None:
    result = run("validate", "--diff", *SELECT)
    assert (
        result.stdout
        == f"""--- {NAME}
+++ {NAME}
@@ -1,7 +1,6 @@
 {{
 \t{SCHEMA},
-\t"category": "Search", // one of eleven
+\t"Category": "Search",
 \t"LicenseTypes": ["MIT"],
-\t"Tags": ["a", "a ",],
-\t"VideoUrl": ""
+\t"Tags": ["a"]
 }}
"""
    )
    assert result.stderr == "note: Would fix 6 findings in 1 file, 1 would be left (1 needs --unsafe-fixes)\n"
    assert result.exit_code == 1
    assert listing.read_bytes() == FIXABLE.encode()
    assert run("validate", "--fix", "--diff", *SELECT).stdout == result.stdout


def test_the_difference_can_be_applied_by_git(listing: Path, run) -> None:
    difference = run("validate", "--diff", "--unsafe-fixes", *SELECT).stdout_bytes
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not here")
    shutil.rmtree(listing.parent / ".git")
    subprocess.run([git, "apply", "-p0", "-"], input=difference, check=True, cwd=listing.parent)
    assert listing.read_bytes() == UNSAFE.encode()


def test_no_difference_is_exit_code_0_whatever_is_found(listing: Path, run) -> None:
    listing.write_bytes(SAFE.encode())
    result = run("validate", "--diff", *SELECT)
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr == "note: Would fix nothing, 1 left (1 needs --unsafe-fixes)\n"
    assert run("validate", "--diff", "--quiet", *SELECT).stderr == ""


def test_a_difference_can_be_coloured_and_written_to_a_file(listing: Path, run) -> None:
    assert "\x1b[32m+\t" in run("validate", "--diff", "--color", "always", *SELECT).stdout
    result = run("validate", "--diff", "--output", "fix.patch", *SELECT)
    assert (listing.parent / "fix.patch").read_bytes().startswith(b"--- umbraco-marketplace.json\n")
    assert result.stdout == ""
    assert "note: the difference is in fix.patch\n" in result.stderr
    assert run("validate", "--diff", "-o", NAME, *SELECT).exit_code == 2
    assert listing.read_bytes() == FIXABLE.encode()


def test_nothing_to_check_is_told(project: Path, run) -> None:
    for option in ("--fix", "--diff"):
        result = run("validate", option)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert result.stderr.startswith("error: nothing to check\n")


def test_standard_input_comes_back_mended_and_the_report_goes_to_standard_error(project: Path, run) -> None:
    result = run("validate", "-", "--fix", *SELECT, stdin=FIXABLE.encode())
    assert result.stdout_bytes == SAFE.encode()
    assert result.stderr.startswith(f'{NAME}:4:19 error[UMB104] "MIT" is not a licence type')
    assert result.stderr.endswith("\nFixed 6 findings in 1 file, 1 left (1 needs --unsafe-fixes)\n")
    assert result.exit_code == 1
    assert list(project.glob("*.json")) == []


@pytest.mark.parametrize("data", [b"", b"not json", b'{"Category": "Search"}', b"\x00\xff\xfe"])
def test_standard_input_that_cannot_be_mended_comes_back_as_it_is(project: Path, run, data: bytes) -> None:
    assert run("validate", "-", "--fix", "--select", "UMB0", stdin=data).stdout_bytes == data


def test_standard_input_that_is_too_long_comes_back_whole(project: Path, run) -> None:
    data = b'{"Title": "' + b"x" * LARGEST_LISTING + b'"}\r\n'
    result = run("validate", "-", "--fix", stdin=data)
    assert result.stdout_bytes == data
    assert result.exit_code == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_standard_input_comes_back_in_its_own_encoding(project: Path, run, encoding: str) -> None:
    data = ("\ufeff" + FIXABLE.replace("\n", "\r\n")).encode(encoding)
    result = run("validate", "-", "--fix", "--select", "UMB1,UMB005,UMB006,UMB207,UMB211", stdin=data)
    assert result.stdout_bytes == ("\ufeff" + SAFE.replace("\n", "\r\n")).encode(encoding)


def test_a_file_keeps_its_mark_and_its_line_ends(listing: Path, run) -> None:
    data = FIXABLE.replace("\n", "\r\n").encode("utf-8-sig")
    listing.write_bytes(data.rstrip())
    run("validate", "--fix", *SELECT, "--ignore", "UMB003")
    assert listing.read_bytes() == SAFE.replace("\n", "\r\n").encode("utf-8-sig").rstrip()


def test_json_tells_what_was_fixed_and_what_is_left(listing: Path, run) -> None:
    result = run("validate", "--fix", *SELECT, "--format", "json")
    report = json.loads(result.stdout)
    assert report["summary"]["fixed"] == 6
    assert report["fixed"][0] == {
        "code": "UMB101",
        "name": "unknown-key",
        "message": 'unknown property "category"',
        "path": NAME,
        "pointer": "/category",
        "title": 'Rename to "Category"',
        "safety": "safe",
        "edited": [NAME],
    }
    assert [finding["code"] for finding in report["findings"]] == ["UMB104"]
    assert result.stderr == "note: Fixed 6 findings in 1 file, 1 left (1 needs --unsafe-fixes)\n"
    unasked = json.loads(run("validate", *SELECT, "--format", "json").stdout)
    assert "fixed" not in unasked
    assert "fixed" not in unasked["summary"]


@pytest.mark.parametrize("format_name", ["concise", "sarif", "github", "junit"])
def test_every_format_reports_what_is_left(listing: Path, run, format_name: str) -> None:
    result = run("validate", "--fix", *SELECT, "--format", format_name)
    assert listing.read_bytes() == SAFE.encode()
    assert "UMB104" in result.stdout
    assert "UMB207" not in result.stdout or format_name == "concise"
    assert "Fixed 6 findings in 1 file, 1 left (1 needs --unsafe-fixes)\n" in result.stdout + result.stderr


def test_quiet_leaves_the_findings_alone(listing: Path, run) -> None:
    result = run("validate", "--fix", "--quiet", *SELECT)
    assert result.stdout == f'{NAME}:4:19 error[UMB104] "MIT" is not a licence type of the Marketplace\n'
    assert result.stderr == ""


def test_results_in_a_file(listing: Path, run) -> None:
    result = run("validate", "--fix", *SELECT, "--output", "report.txt")
    text = (listing.parent / "report.txt").read_text("utf-8")
    assert text.endswith("Fixed 6 findings in 1 file, 1 left (1 needs --unsafe-fixes)\n")
    assert result.stderr == "note: the results are in report.txt\n"


def test_ignored_findings_stay(listing: Path, run) -> None:
    run("validate", "--fix", "--select", "UMB005,UMB207", "--ignore", "UMB005")
    assert listing.read_bytes() == FIXABLE.replace('"a "', '"a"').encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not every user make links")
def test_a_link_out_of_the_tree_is_not_written(project: Path, run, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(FIXABLE.encode())
    (project / NAME).symlink_to(outside)
    result = run("validate", "--fix", NAME, *SELECT)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"error: {NAME} cannot be written: it is a link that leads out of {project}; nothing was changed\n"
    )
    assert outside.read_bytes() == FIXABLE.encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not every user make links")
def test_all_files_or_none_are_written(listing: Path, run, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(FIXABLE.encode())
    link = listing.with_name("umbraco-marketplace-a.json")
    link.symlink_to(outside)
    result = run("validate", "--fix", NAME, link.name, *SELECT)
    assert result.exit_code == 2
    assert listing.read_bytes() == FIXABLE.encode()
    assert [path.name for path in listing.parent.iterdir() if path.suffix == ".tmp"] == []


def test_several_files_are_counted(listing: Path, run) -> None:
    other = listing.with_name("umbraco-marketplace-a.json")
    other.write_bytes(FIXABLE.replace("Search", "Commerce").encode())
    result = run("validate", "--fix", "--select", "UMB006")
    assert result.stdout.endswith("\nFixed 2 findings in 2 files, none left\n")
    assert b",]" not in listing.read_bytes() + other.read_bytes()


def test_twins_are_mended_by_one_fix(listing: Path, run) -> None:
    other = listing.with_name("umbraco-marketplace-a.json")
    shutil.copy(listing, other)
    result = run("validate", "--fix", "--select", "UMB006")
    assert result.stdout.endswith("\nFixed 1 finding in 2 files, none left\n")
    assert listing.read_bytes() == other.read_bytes() != FIXABLE.encode()


def test_many_alike_are_told_in_one_line(listing: Path, run) -> None:
    listing.write_bytes(b'{\n  "Tags": [ "a", // a\n  "b", // b\n  "c" // c\n]\n}\n')
    result = run("validate", "--fix", "--select", "UMB005")
    assert f"Fixed in {NAME}:\n  UMB005 Remove the comment (3 times)\n\nFixed 3 findings" in result.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes: it needs --fix or --diff"),
        (["--diff", "--format", "json"], "--format: it does not go together with --diff"),
        (["--diff", "--statistics"], "--statistics: it does not go together with --diff"),
    ],
)
def test_options_that_do_not_go_together(listing: Path, run, args: list[str], message: str) -> None:
    result = run("validate", *args)
    assert result.exit_code == 2
    assert result.stderr == f"error: {message}\nTry `umbmarket validate --help`.\n"


def test_the_format_of_the_environment_does_not_stand_in_the_way_of_a_difference(listing: Path, run) -> None:
    assert run("validate", "--diff", UMBMARKET_FORMAT="github").stdout.startswith("--- ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_stay(listing: Path, run) -> None:
    listing.chmod(0o640)
    run("validate", "--fix", *SELECT)
    assert listing.read_bytes() == SAFE.encode()
    assert listing.stat().st_mode & 0o777 == 0o640


def test_a_text_of_the_file_acts_on_no_terminal_in_a_difference(listing: Path, run) -> None:
    listing.write_bytes('{\n  "Tags": ["\x1b[31m", "##[error]x", "\x9b",]\n}\n'.encode())
    shown = run("validate", "--diff", "--select", "UMB006").stdout
    assert '-  "Tags": ["\\x1b[31m", "\\x23#[error]x", "\\x9b",]\n' in shown
    assert "\x1b" not in shown
