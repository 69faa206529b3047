"""Several files that are written together: all of them, or nothing is changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from umbmarket.disk.new_files import CannotMake, existing, write_all


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def test_files_and_folders_are_made(tmp_path: Path) -> None:
    write_all({tmp_path / "a" / "b" / "c.txt": b"1", tmp_path / "d.txt": b"2"}, (tmp_path / "e" / "f",), replace=False)
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/c.txt": b"1", "d.txt": b"2", "e": None, "e/f": None}


def test_what_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    (tmp_path / "b.txt").chmod(0o640)
    files = {tmp_path / "a.txt": b"1", tmp_path / "b.txt": b"2"}
    with pytest.raises(CannotMake, match="is there already"):
        write_all(files, replace=False)
    assert tree(tmp_path) == {"b.txt": b"old"}
    write_all(files, replace=True)
    assert tree(tmp_path) == {"a.txt": b"1", "b.txt": b"2"}
    if os.name == "posix":
        assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_a_link_is_replaced_and_not_what_it_leads_to(tmp_path: Path, symlinks: None) -> None:
    (tmp_path / "outside").write_bytes(b"precious")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").symlink_to(tmp_path / "outside")
    (inside / "b.txt").symlink_to(tmp_path / "nowhere")
    files = {inside / "a.txt": b"1", inside / "b.txt": b"2"}
    assert existing(files) == list(files)
    write_all(files, replace=True)
    assert tree(inside) == {"a.txt": b"1", "b.txt": b"2"}
    assert (tmp_path / "outside").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    before = tree(tmp_path)
    files = {tmp_path / "new" / "a.txt": b"1", tmp_path / "b.txt": b"2", tmp_path / "z": b"3"}
    with pytest.raises(CannotMake, match="cannot be written: it is a folder, not a file"):
        write_all(files, (tmp_path / "empty",), replace=True)
    assert tree(tmp_path) == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a file")
    with pytest.raises(CannotMake, match="cannot be made"):
        write_all({tmp_path / "x" / "y.txt": b"1", tmp_path / "a" / "b" / "c.txt": b"1"}, replace=True)
    assert tree(tmp_path) == {"a": b"a file"}


class Interrupting(dict[Path, bytes]):
    """Files of which the second is interrupted by Ctrl-C."""

    def items(self):  # type: ignore[no-untyped-def, override]
        first, *_ = list(super().items())
        yield first
        raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_all(Interrupting({tmp_path / "n" / "a.txt": b"1", tmp_path / "n" / "b.txt": b"2"}), replace=False)
    assert tree(tmp_path) == {}
