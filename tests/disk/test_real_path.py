"""Where a path leads, over links in any number."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import umbmarket
from umbmarket.disk.folders_above import make_folders
from umbmarket.disk.new_files import write_all
from umbmarket.disk.real_path import real_path
from umbmarket.disk.replacing import replace_file
from umbmarket.git.working_tree import WorkingTree

posix = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
LONG = 2_000
"""Links: more than Python follows by recursion, and far more than any system does."""


def chain(folder: Path, name: str, length: int) -> Path:
    """Links in `node_modules` that lead from one to the next, and a file at their end; gives back the last."""
    apart = folder / "node_modules"
    apart.mkdir(exist_ok=True)
    (apart / f"{name}{length}").write_text("{}", "utf-8")
    for number in range(length):
        (apart / f"{name}{number}").symlink_to(f"{name}{number + 1}")
    first = folder / name
    first.symlink_to(Path("node_modules", f"{name}0"))
    return first


@posix
def test_few_links_are_followed_and_very_many_are_not(tmp_path: Path) -> None:
    assert real_path(chain(tmp_path, "few", 5)) == os.path.join(os.path.realpath(tmp_path), "node_modules", "few5")
    many = chain(tmp_path, "many", LONG)
    assert real_path(many) == str(many)


@posix
def test_a_listing_behind_very_many_links_is_one_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    chain(tmp_path, "umbraco-marketplace.json", LONG)
    monkeypatch.chdir(tmp_path)
    for path in (".", "umbraco-marketplace.json"):
        report = umbmarket.validate(path)
        assert [(each.code, each.message) for each in report.findings] == [
            ("UMB001", "cannot be read: its links lead back to themselves")
        ]
        assert report.failures == ()
    assert umbmarket.fix(".").changes == ()
    assert not WorkingTree(str(tmp_path)).look_up("umbraco-marketplace.json").exact


@posix
def test_nothing_is_written_through_very_many_links(tmp_path: Path) -> None:
    many = chain(tmp_path, "many", LONG)
    with pytest.raises(OSError, match="symbolic links"):
        replace_file(many, b"new")
    write_all({many: b"new"}, replace=True, root=tmp_path)
    assert (tmp_path / "node_modules" / f"many{LONG}").read_text("utf-8") == "{}"
    assert many.read_bytes() == b"new"


def test_folders_are_made_to_any_depth(tmp_path: Path) -> None:
    depth = min(1_500, (4_000 - len(str(tmp_path))) // 2) if os.name == "posix" else 20
    folder = tmp_path.joinpath(*("a" * depth))
    try:
        make_folders(folder)
        make_folders(folder)
        assert os.path.isdir(folder)
    finally:
        # The standard library removes folders by recursion as well.
        while folder != tmp_path:
            folder.rmdir()
            folder = folder.parent
    (tmp_path / "file").touch()
    with pytest.raises(OSError):  # noqa: PT011 - which one it is, is the system's affair
        make_folders(tmp_path / "file" / "x")
