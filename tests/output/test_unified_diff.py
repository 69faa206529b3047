"""Differences as diff and git write them: held to git itself, over random edits of random texts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.output.unified_diff import LARGEST_COMPARISON, unified_diff


def difference(before: str, after: str) -> str:
    return unified_diff("a.json", before.encode(), after.encode())


def test_no_difference_is_no_text() -> None:
    assert difference("a\n", "a\n") == ""


def test_three_lines_around_a_change_are_shown() -> None:
    before = "".join(f"{number}\n" for number in range(20))
    assert difference(before, before.replace("9\n", "nine\n", 1)) == (
        "--- a.json\n+++ a.json\n@@ -7,7 +7,7 @@\n 6\n 7\n 8\n-9\n+nine\n 10\n 11\n 12\n"
    )


def test_changes_that_are_near_share_a_hunk() -> None:
    before = "".join(f"{number}\n" for number in range(20))
    near = difference(before, before.replace("5\n", "x\n", 1).replace("12\n", "y\n"))
    far = difference(before, before.replace("5\n", "x\n", 1).replace("13\n", "y\n"))
    assert near.count("@@ -") == 1
    assert far.count("@@ -") == 2


def test_a_missing_line_break_at_the_end_is_told() -> None:
    assert difference("a\nb", "a\nc") == (
        "--- a.json\n+++ a.json\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n"
        "+c\n\\ No newline at end of file\n"
    )


def test_carriage_returns_and_tabs_stay_and_the_mark_is_shown() -> None:
    assert difference("\ufeff{\r\n\ta\r\n", "{\r\n\ta\r\n") == (
        "--- a.json\n+++ a.json\n@@ -1,2 +1,2 @@\n-\\ufeff{\r\n+{\r\n \ta\r\n"
    )


def test_a_change_of_encoding_is_told_where_the_text_is_the_same() -> None:
    assert unified_diff("a.json", "ä\nb\n".encode("cp1252"), "ä\nb\n".encode()) == (
        "a.json: the encoding changes from Windows-1252 to UTF-8\n--- a.json\n+++ a.json\n@@ -1,2 +1,2 @@\n-ä\n+ä\n b\n"
    )
    wide = unified_diff("a.json", "\ufeffa\n".encode("utf-16-le"), b"a\n")
    assert wide == ("a.json: the encoding changes from UTF-16 to UTF-8\n--- a.json\n+++ a.json\n@@ -1 +1 @@\n-a\n+a\n")


def test_a_file_that_was_empty() -> None:
    assert difference("", "a\n") == "--- a.json\n+++ a.json\n@@ -0,0 +1 @@\n+a\n"


def test_a_path_and_a_text_act_on_no_log() -> None:
    shown = unified_diff("::a\x1b.json", b"##[x]\x1b\n", b"\n", color=False)
    assert shown.startswith('--- "::a\\033.json"\n+++ "::a\\033.json"\n')
    assert "-\\x23#[x]\\x1b\n" in shown


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a b/c.json", "a b/c.json\t"),
        ("\u00fc/\u65e5.json", "\u00fc/\u65e5.json"),
        ("new\nline/a\tb\r.json", '"new\\nline/a\\tb\\r.json"'),
        ('say "a" b.json', '"say \\"a\\" b.json"'),
        ("back\\slash.json", '"back\\\\slash.json"'),
        ("bad\udcff.json", '"bad\\377.json"'),
        ("\u202eturned.json", '"\\342\\200\\256turned.json"'),
        ("##[error]x.json", '"\\043\\043[error]x.json"'),
        ("#1.json", "#1.json"),
    ],
)
def test_names_of_files_are_written_as_git_writes_them(path: str, name: str) -> None:
    shown = unified_diff(path, b"a\n", b"b\n", color=False)
    assert shown == f"--- {name}\n+++ {name}\n@@ -1 +1 @@\n-a\n+b\n"


APPLYING = {"git": ["apply", "-p0", "-"], "patch": ["-p0", "--quiet"]}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("tool", APPLYING)
@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "new\nline",
        "tab\tx",
        'say "hi"',
        "back\\slash",
        "\u00fcmlaut",
        "\u202eturned",
        "##[x]",
        "::error::x",
        "-a",
    ],
)
def test_a_difference_is_applied_to_whatever_file(tool: str, name: str, tmp_path: Path) -> None:
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not here")
    file = tmp_path / f"{name} d" / f"{name}.json"
    file.parent.mkdir()
    file.write_bytes(b"a\n")
    shown = unified_diff(file.relative_to(tmp_path).as_posix(), b"a\n", b"b\n")
    subprocess.run([program, *APPLYING[tool]], input=os.fsencode(shown), check=True, cwd=tmp_path)
    assert file.read_bytes() == b"b\n"


def test_colours() -> None:
    shown = unified_diff("a.json", b"a\n", b"b\n", color=True)
    assert shown.split("\n") == [
        "\x1b[1m--- a.json\x1b[0m",
        "\x1b[1m+++ a.json\x1b[0m",
        "\x1b[36m@@ -1 +1 @@\x1b[0m",
        "\x1b[31m-a\x1b[0m",
        "\x1b[32m+b\x1b[0m",
        "",
    ]


def test_very_many_changes_are_shown_as_one() -> None:
    before = "".join(f"{number},\nx\n" for number in range(LARGEST_COMPARISON))
    shown = difference(before, before.replace(",", ""))
    assert shown.count("@@ -") == 1


lines = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\td\n", "\n", "e"]), max_size=30).map("".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
@given(before=lines, after=lines)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_makes_the_one_of_the_other(tmp_path: Path, before: str, after: str) -> None:
    if not before or not after or before == after:
        return
    file = tmp_path / "a.json"
    file.write_bytes(before.encode())
    subprocess.run(
        [str(shutil.which("git")), "apply", "-p0", "--whitespace=nowarn", "-"],
        input=difference(before, after).encode(),
        check=True,
        cwd=tmp_path,
    )
    assert file.read_bytes() == after.encode()
