"""Replacing files: all or none, permissions kept, and never what was not read or lies elsewhere."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from umbmarket.disk.replacing import NotReplaced, Replacement, replace_all, replace_file


def replacement(path: Path, expected: bytes, data: bytes, tree: Path | None = None) -> Replacement:
    return Replacement(str(path), path.name, expected, data, str(tree or path.parent))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_every_file_is_replaced(file: Path) -> None:
    other = file.with_name("b.json")
    other.write_bytes(b"older")
    replace_all([replacement(file, b"old", b"new"), replacement(other, b"older", b"newer")])
    assert (file.read_bytes(), other.read_bytes()) == (b"new", b"newer")
    assert names(file.parent) == ["a.json", "b.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o4711])
def test_permissions_stay(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_all([replacement(file, b"old", b"new")])
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 12345, 12346)
    replace_all([replacement(file, b"old", b"new")])
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 12346)


def test_a_file_that_changed_meanwhile_stays_and_so_do_the_others(file: Path) -> None:
    other = file.with_name("b.json")
    other.write_bytes(b"of somebody else")
    with pytest.raises(NotReplaced) as problem:
        replace_all([replacement(file, b"old", b"new"), replacement(other, b"as it was", b"newer")])
    assert str(problem.value) == ("b.json cannot be written: another program has changed it; nothing was changed")
    assert (file.read_bytes(), other.read_bytes()) == (b"old", b"of somebody else")
    assert names(file.parent) == ["a.json", "b.json"]


def test_a_file_that_grew_or_went_is_noticed(file: Path) -> None:
    file.write_bytes(b"old and more")
    with pytest.raises(NotReplaced, match="another program has changed it"):
        replace_all([replacement(file, b"old", b"new")])
    file.unlink()
    with pytest.raises(NotReplaced, match="there is no such file or folder"):
        replace_all([replacement(file, b"old", b"new")])


def test_a_link_within_the_tree_stays_a_link(file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to("a.json")
    replace_all([replacement(link, b"old", b"new")])
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("through", ["file", "folder"])
def test_a_link_out_of_the_tree_is_not_followed(file: Path, through: str) -> None:
    tree = file.parent / "tree"
    tree.mkdir()
    named = tree / "link"
    named.symlink_to(file if through == "file" else file.parent)
    path = named if through == "file" else named / "a.json"
    with pytest.raises(NotReplaced) as problem:
        replace_all([replacement(path, b"old", b"new", tree)])
    assert f"cannot be written: it is a link that leads out of {tree}; nothing was changed" in str(problem.value)
    assert file.read_bytes() == b"old"


@pytest.mark.usefixtures("not_root")
def test_what_is_read_only_stays(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(NotReplaced, match=r"a\.json cannot be written: permission denied; nothing was changed"):
        replace_all([replacement(file, b"old", b"new")])
    assert file.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_new_file_that_cannot_be_written_is_told_and_does_not_stay(file: Path) -> None:
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, usual[1]))
    try:
        with pytest.raises(NotReplaced, match=r"a\.json cannot be written: file too large; nothing was changed"):
            replace_all([replacement(file, b"old", b"new")])
        with pytest.raises(OSError, match="File too large"):
            replace_file(file, b"new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert file.read_bytes() == b"old"
    assert names(file.parent) == ["a.json"]


LEFT_BY_KILLED_RUNS = [".umbmarket-4711-0.tmp", ".umbmarket-1.tmp", ".umbmarket-0123456789abcdef.tmp"]


def leave(folder: Path, name: str, seconds_ago: float) -> None:
    (folder / name).write_bytes(b"half")
    then = (folder / name).stat().st_mtime - seconds_ago
    os.utime(folder / name, (then, then))


@pytest.mark.parametrize("how", ["all", "one"])
def test_what_killed_runs_left_behind_goes_with_the_next_one(file: Path, how: str) -> None:
    for name in LEFT_BY_KILLED_RUNS:
        leave(file.parent, name, 2 * 3600)
    # A pack may write a ZIP just now; the others are no files of ours, or what was replaced, or no files at all.
    kept = [".umbmarket-fedcba9876543210.zip", ".umbmarket-notes.tmp", ".umbmarket-0123456789abcdef-0.old", "x.tmp"]
    for name in kept:
        leave(file.parent, name, 60 if name.endswith(".zip") else 2 * 3600)
    (file.parent / ".umbmarket-7.tmp").mkdir()
    os.utime(file.parent / ".umbmarket-7.tmp", (0, 0))
    if how == "all":
        replace_all([replacement(file, b"old", b"new")])
    else:
        replace_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(file.parent) == sorted([".umbmarket-7.tmp", *kept, "a.json"])


def test_what_a_killed_run_left_behind_keeps_no_other_from_writing(file: Path) -> None:
    # In a container each run may be process 1.
    for name in (f".umbmarket-{os.getpid()}.tmp", f".umbmarket-{os.getpid()}-0.tmp"):
        leave(file.parent, name, 0)
    replace_all([replacement(file, b"old", b"new")])
    replace_file(file, b"newer")
    assert file.read_bytes() == b"newer"


@pytest.mark.usefixtures("symlinks")
def test_a_circle_of_links_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError) as problem:  # noqa: PT011 - its text is the system's
        replace_file(tmp_path / "a", b"new")
    assert problem.value.errno == errno.ELOOP
    assert (tmp_path / "a").is_symlink()


@pytest.mark.usefixtures("symlinks")
def test_a_link_to_nothing_stays_a_link_and_its_file_is_made(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("made")
    replace_file(tmp_path / "link", b"new")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "made").read_bytes()) == (True, b"new")


def test_one_file_is_replaced_or_made(file: Path) -> None:
    replace_file(file, b"new")
    replace_file(file.with_name("b.json"), b"made")
    assert (file.read_bytes(), file.with_name("b.json").read_bytes()) == (b"new", b"made")
    assert names(file.parent) == ["a.json", "b.json"]
