"""Several files that are written together: all of them, or nothing is changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from umbmarket.cli.streams import ending_in_order
from umbmarket.disk.new_files import CannotMake, existing, write_all


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def test_files_and_folders_are_made(tmp_path: Path) -> None:
    write_all(
        {tmp_path / "a" / "b" / "c.txt": b"1", tmp_path / "d.txt": b"2"},
        (tmp_path / "e" / "f",),
        replace=False,
        root=tmp_path,
    )
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/c.txt": b"1", "d.txt": b"2", "e": None, "e/f": None}


def test_what_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    (tmp_path / "b.txt").chmod(0o640)
    files = {tmp_path / "a.txt": b"1", tmp_path / "b.txt": b"2"}
    with pytest.raises(CannotMake, match="already exists"):
        write_all(files, replace=False, root=tmp_path)
    assert tree(tmp_path) == {"b.txt": b"old"}
    write_all(files, replace=True, root=tmp_path)
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
    write_all(files, replace=True, root=tmp_path)
    assert tree(inside) == {"a.txt": b"1", "b.txt": b"2"}
    assert (tmp_path / "outside").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    before = tree(tmp_path)
    files = {tmp_path / "new" / "a.txt": b"1", tmp_path / "b.txt": b"2", tmp_path / "z": b"3"}
    with pytest.raises(CannotMake, match="cannot be written: it is a folder, not a file"):
        write_all(files, (tmp_path / "empty",), replace=True, root=tmp_path)
    assert tree(tmp_path) == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a file")
    with pytest.raises(CannotMake) as problem:
        write_all({tmp_path / "x" / "y.txt": b"1", tmp_path / "a" / "b" / "c.txt": b"1"}, replace=True, root=tmp_path)
    assert str(problem.value) == "a/b/c.txt cannot be written: a is a file, not a folder"
    assert tree(tmp_path) == {"a": b"a file"}
    with pytest.raises(CannotMake) as problem:
        write_all({tmp_path / "x" / "y.txt": b"1"}, (tmp_path / "a" / "b",), replace=True, root=tmp_path)
    assert str(problem.value) == "a/b cannot be created: a is a file, not a folder"
    assert tree(tmp_path) == {"a": b"a file"}


@pytest.mark.usefixtures("not_root")
def test_what_is_read_only_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "a.txt").chmod(0o444)
    with pytest.raises(CannotMake) as problem:
        write_all({tmp_path / "new.txt": b"1", tmp_path / "a.txt": b"2"}, replace=True, root=tmp_path)
    assert str(problem.value) == "a.txt cannot be written: permission denied"
    assert tree(tmp_path) == {"a.txt": b"old"}


class Interrupting(dict[Path, bytes]):
    """Files of which the second is interrupted by Ctrl-C."""

    def items(self):  # type: ignore[no-untyped-def, override]
        first, *_ = list(super().items())
        yield first
        raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_all(
            Interrupting({tmp_path / "n" / "a.txt": b"1", tmp_path / "n" / "b.txt": b"2"}), replace=False, root=tmp_path
        )
    assert tree(tmp_path) == {}


def test_ctrl_c_puts_back_what_was_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "b.txt").write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt):
        write_all(Interrupting({tmp_path / "a.txt": b"1", tmp_path / "b.txt": b"2"}), replace=True, root=tmp_path)
    assert tree(tmp_path) == {"a.txt": b"old", "b.txt": b"older"}


KILLED = """
import os, sys
from pathlib import Path
from umbmarket.cli.streams import ending_in_order
from umbmarket.disk.new_files import write_all

class Killing(dict):
    def items(self):
        first, *_ = super().items()
        yield first
        os.kill(os.getpid(), int(sys.argv[1]))

here = Path.cwd()
with ending_in_order():
    write_all(Killing({here / "n" / "a.txt": b"1", here / "b.txt": b"2"}), replace=True, root=here)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_asks_the_program_to_end_leaves_nothing(name: str, tmp_path: Path) -> None:
    number = int(getattr(signal, name))
    done = subprocess.run([sys.executable, "-c", KILLED, str(number)], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, b"", b"")
    assert tree(tmp_path) == {}


def test_signals_that_somebody_else_handles_stay_as_they_are() -> None:
    def theirs(_number: int, _frame: object) -> None: ...

    before = signal.signal(signal.SIGTERM, theirs)
    try:
        with ending_in_order():
            assert signal.getsignal(signal.SIGTERM) is theirs
        assert signal.getsignal(signal.SIGTERM) is theirs
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with ending_in_order():
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_file_that_is_being_replaced_is_there_whenever_the_program_ends(tmp_path: Path) -> None:
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "a.txt").write_bytes(b"old")
    subprocess.run([sys.executable, "-c", KILLED, str(int(signal.SIGKILL))], cwd=tmp_path, capture_output=True)
    left = tree(tmp_path)
    assert left.pop("n/a.txt") == b"1"
    assert left.pop("n") is None
    # What was replaced has another name, which nobody removes but its owner.
    ((name, content),) = left.items()
    assert (content, name[-4:]) == (b"old", ".old")
