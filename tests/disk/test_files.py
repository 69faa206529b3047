import errno
import os
import socket
from pathlib import Path

import pytest

from umbmarket.disk.files import Content, in_words, is_below, read_file, read_start


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"\r\n\x1aabc")
    assert read_file(str(file), 100) == Content(b"\r\n\x1aabc", None, 6)


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (9, 9), (10, 10), (11, 11), (12, 11), (200_000, 11)])
def test_no_more_than_one_byte_beyond_the_limit_is_kept(tmp_path: Path, size: int, kept: int) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * size)
    assert read_file(str(file), 10) == Content(b"x" * kept, None, size)


def test_a_file_that_grew_since_it_was_looked_at_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x")
    before = os.stat(file)
    file.write_bytes(b"y" * 100_000)
    assert read_file(str(file), 200_000, before).data == b"y" * 100_000
    assert len(read_file(str(file), 70_000, before).data) == 70_001


def test_a_file_that_shrank_since_it_was_looked_at_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"y" * 1000)
    before = os.stat(file)
    file.write_bytes(b"x")
    assert read_file(str(file), 200, before).data == b"x"


def test_a_file_that_is_gone_since_it_was_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"y")
    before = os.stat(file)
    file.unlink()
    assert read_file(str(file), 200, before) == Content(b"", "there is no such file or folder")


def test_the_start_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abcdef")
    assert read_start(str(file), 3) == b"abc"
    assert read_start(str(tmp_path), 3) is None


@pytest.mark.parametrize("name", ["missing", "missing/deep", "file/below"])
def test_nothing_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read_file(str(tmp_path / name), 10).problem == "there is no such file or folder"


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    problem = read_file(str(tmp_path / name), 10).problem
    assert problem in ("no file can have such a name", "there is no such file or folder")
    assert in_words(ValueError("embedded null byte"), name) == "no file can have such a name"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert read_file(str(tmp_path), 10).problem == "it is a folder, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_file(str(tmp_path / "pipe"), 10).problem == "it is a named pipe, not a file"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets in folders")
def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The path of a socket may have some hundred characters only.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert read_file("s", 10).problem == "it is a socket, not a file"


@pytest.mark.skipif(os.name == "nt", reason="a device of POSIX systems")
def test_a_device_is_not_read() -> None:
    assert read_file("/dev/zero", 10).problem == "it is a device, not a file"


@pytest.mark.usefixtures("symlinks")
def test_links(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "good").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nothing")
    (tmp_path / "circle").symlink_to("circle")
    assert read_file(str(tmp_path / "good"), 10).data == b"x"
    assert read_file(str(tmp_path / "dangling"), 10).problem == "it is a link to something that does not exist"
    assert read_file(str(tmp_path / "circle"), 10).problem == "its links lead back to themselves"


@pytest.mark.usefixtures("not_root")
def test_permission_denied(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"x")
    file.chmod(0)
    assert read_file(str(file), 10).problem == "permission denied"


@pytest.mark.skipif(os.name == "nt", reason="Windows says so in another way")
def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert read_file(str(tmp_path / ("x" * 300)), 10).problem == "the path is too long"


def test_other_errors_are_told_in_the_words_of_the_system() -> None:
    assert in_words(OSError(errno.EIO, "Input/output error."), "x") == "input/output error"
    assert in_words(OSError("no number"), "x") == "oserror"


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/ab", "/a", False),
        ("/a", "/a/b", False),
        ("/a", "/", True),
    ],
)
def test_below(path: str, folder: str, expected: bool) -> None:
    assert is_below(path.replace("/", os.sep), folder.replace("/", os.sep)) is expected
