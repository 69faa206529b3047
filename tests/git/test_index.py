import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.git.index import LONGEST_PATH, tracked_paths

NAMES = [
    "a.json",
    "a/b.json",
    "a/bc.json",
    "a/ä.json",
    "x" * 200,
    "umbraco-marketplace-a.json",
    "umbraco-marketplace-b.json",
]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_what_git_writes(repository: Path, git: Callable[..., str], version: int) -> None:
    for name in NAMES:
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(name)
    git(repository, "add", ".")
    git(repository, "update-index", f"--index-version={version}")
    if version == 3:
        # Version 3 is written only where an entry needs its second flags.
        (repository / "later").write_text("")
        git(repository, "add", "--intent-to-add", "later")
    data = (repository / ".git" / "index").read_bytes()
    assert data[7] == version
    expected = [path for path in git(repository, "ls-files", "-z").split("\0") if path]
    assert [path.decode() for path in tracked_paths(data)] == expected


def test_a_repository_of_sha_256(tmp_path: Path, git: Callable[..., str]) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", str(tmp_path))
    (tmp_path / "a").write_text("")
    git(tmp_path, "add", "a")
    data = (tmp_path / ".git" / "index").read_bytes()
    assert list(tracked_paths(data, hash_length=32)) == [b"a"]


def entry(path: bytes) -> bytes:
    made = bytes(60) + struct.pack(">H", min(len(path), 0xFFF)) + path
    return made + bytes(8 - len(made) % 8)


def header(count: int, version: int = 2) -> bytes:
    return struct.pack(">4sII", b"DIRC", version, count)


def test_broken_files_end_where_they_break() -> None:
    whole = header(2) + entry(b"a") + entry(b"bb")
    assert list(tracked_paths(whole)) == [b"a", b"bb"]
    assert list(tracked_paths(whole[:-20])) == [b"a"]
    assert list(tracked_paths(header(1000) + entry(b"a"))) == [b"a"]
    assert list(tracked_paths(b"")) == []
    assert list(tracked_paths(header(1, version=5) + entry(b"a"))) == []
    assert list(tracked_paths(b"X" + whole[1:])) == []


def test_a_path_that_no_file_has_ends_the_reading() -> None:
    longest, beyond = b"x" * LONGEST_PATH, b"x" * (LONGEST_PATH + 1)
    assert list(tracked_paths(header(2) + entry(longest) + entry(beyond))) == [longest]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(2, 4))
def test_nothing_is_raised(data: bytes, version: int) -> None:
    list(tracked_paths(header(7, version) + data))
    list(tracked_paths(data))


def test_a_path_that_drops_more_than_there_is_ends_the_reading() -> None:
    entry = bytes(60) + b"\0\0"
    data = b"DIRC" + (4).to_bytes(4, "big") + (2).to_bytes(4, "big") + entry + b"\0a\0" + entry + b"\2b\0"
    assert list(tracked_paths(data)) == [b"a"]
    assert list(tracked_paths(data[:-3] + b"\1b\0")) == [b"a", b"b"]
