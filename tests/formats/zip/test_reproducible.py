"""Archives whose bytes depend on names and contents alone."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from umbmarket.formats.zip.archive import Archive
from umbmarket.formats.zip.reproducible import write_zip


def written(files: dict[str, Path]) -> bytes:
    target = io.BytesIO()
    write_zip(target, files)
    return target.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contents = {"b/é.txt": b"x" * 100_000, "a.txt": b"", "B.jar": os.urandom(70_000), "b.txt": b"1"}
    found = {}
    for number, (name, data) in enumerate(contents.items()):
        found[name] = tmp_path / str(number)
        found[name].write_bytes(data)
    return found


def test_neither_order_nor_time_nor_mode_changes_a_byte(files: dict[str, Path]) -> None:
    data = written(files)
    for number, path in enumerate(files.values()):
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
        path.chmod(0o755 if number % 2 else 0o600)
    assert written(dict(reversed(files.items()))) == data
    files["b.txt"].write_bytes(b"2")
    assert written(files) != data


def test_what_other_readers_find(files: dict[str, Path]) -> None:
    data = written(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["B.jar", "a.txt", "b.txt", "b/é.txt"]
        for entry in archive.infolist():
            assert archive.read(entry) == files[entry.filename].read_bytes()
            assert (entry.date_time, entry.create_system) == ((1980, 1, 1, 0, 0, 0), 3)
            assert entry.external_attr >> 16 == 0o100644
            assert not entry.flag_bits & 0x8
    ours = Archive.from_bytes(data)
    assert ours.problems == ()
    assert [entry.name for entry in ours.entries] == ["B.jar", "a.txt", "b.txt", "b/é.txt"]


def test_folders_stand_among_the_files(files: dict[str, Path]) -> None:
    target = io.BytesIO()
    write_zip(target, files, ["c/", "a/"])
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["B.jar", "a.txt", "a/", "b.txt", "b/é.txt", "c/"]
        assert [entry.filename for entry in archive.infolist() if entry.is_dir()] == ["a/", "c/"]
    assert Archive.from_bytes(target.getvalue()).problems == ()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        written({"a": tmp_path / "a"})
