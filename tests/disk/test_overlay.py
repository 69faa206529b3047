"""Contents that count instead of the disk's: under every spelling of the path, and as long as they are laid over."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from umbmarket.disk.files import read_file, read_start
from umbmarket.disk.overlay import content_at, laid_over


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    return path


def test_contents_count_while_they_are_laid_over(file: Path) -> None:
    with laid_over({str(file): b"new and longer"}):
        assert read_file(str(file), 100) == (b"new and longer", None, 14)
        assert read_file(str(file), 100, os.stat(file)).data == b"new and longer"
        assert read_start(str(file), 3) == b"new"
    assert read_file(str(file), 100).data == b"old"


def test_the_limit_holds_for_them_too(file: Path) -> None:
    with laid_over({str(file): b"123456"}):
        assert read_file(str(file), 3) == (b"1234", None, 6)


def test_every_spelling_and_link_means_the_same_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    monkeypatch.chdir(file.parent)
    with laid_over({str(file): b"new"}):
        assert read_file("a.json", 9).data == b"new"
        assert read_file(os.path.join(".", "x", "..", "a.json"), 9).data == b"new"
        assert read_file(str(link), 9).data == b"new"


def test_other_files_are_read_from_the_disk(file: Path) -> None:
    other = file.with_name("b.json")
    other.write_bytes(b"other")
    with laid_over({str(file): b"new"}):
        assert read_file(str(other), 9).data == b"other"
        assert read_file("no\0path", 9).problem is not None
    with laid_over({}):
        assert read_file(str(file), 9).data == b"old"


def test_an_inner_layer_ends_before_the_outer_one(file: Path) -> None:
    with laid_over({str(file): b"outer"}):
        with laid_over({str(file): b"inner"}):
            assert content_at(str(file)) == b"inner"
        assert content_at(str(file)) == b"outer"


def test_what_breaks_inside_leaves_nothing_laid_over(file: Path) -> None:
    with pytest.raises(KeyError), laid_over({str(file): b"new"}):
        raise KeyError
    assert content_at(str(file)) is None


def test_another_thread_reads_the_disk(file: Path) -> None:
    seen: list[bytes] = []
    with laid_over({str(file): b"new"}):
        thread = Thread(target=lambda: seen.append(read_file(str(file), 9).data))
        thread.start()
        thread.join()
    assert seen == [b"old"]
