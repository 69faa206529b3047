"""The paths that git tracks, read from `.git/index` (gitformat-index(5))."""

from __future__ import annotations

from collections.abc import Iterator
from struct import error as StructError
from struct import unpack_from
from typing import NamedTuple

LARGEST_INDEX = 64 * 1024 * 1024
"""Bytes: an index of half a million files. A larger one is not read, nor more than so many bytes of paths."""

LONGEST_PATH = 4096
"""Bytes (PATH_MAX of Linux): a longer path is a sign of a broken index, and ends the reading."""

_HEADER = 12
_FIXED = 40
"""Bytes of an entry before the name of its object: times, device, mode, owner, size."""

_EXTENDED = 0x4000
"""Bit of an entry's flags: two more bytes of flags follow (versions 3 and 4)."""


_SKIPPED = 0x4000
"""Bit of the second flags: the file is kept out of the working tree ("skip-worktree", git-sparse-checkout(1))."""


class Entry(NamedTuple):
    """What an index says of one path.

    Attributes:
        path: relative to the root, with forward slashes; ends with one for a folder whose files are left out whole.
        is_skipped: it is tracked, and a sparse checkout keeps it out of the working tree.
    """

    path: bytes
    is_skipped: bool


def tracked_paths(data: bytes, *, hash_length: int = 20) -> Iterator[bytes]:
    """The paths in an index as git stores them: relative to the root, with forward slashes, mostly UTF-8.

    What is broken ends the listing; nothing is raised.

    Args:
        data: the whole file.
        hash_length: bytes of an object's name: 20, or 32 in a repository of SHA-256.
    """
    return (entry.path for entry in entries(data, hash_length=hash_length))


def may_skip(start: bytes) -> bool:
    """Whether an index that starts so may have skipped entries: version 2 has no room for that."""
    return start[:4] == b"DIRC" and start[4:8] > b"\0\0\0\2"


def entries(data: bytes, *, hash_length: int = 20) -> Iterator[Entry]:
    """The entries of an index; the arguments are those of `tracked_paths`, and nothing is raised here either."""
    try:
        yield from _entries(data, hash_length)
    except (StructError, ValueError, IndexError):
        return


def _entries(data: bytes, hash_length: int) -> Iterator[Entry]:
    signature, version, count = unpack_from(">4sII", data)
    if signature != b"DIRC" or not 2 <= version <= 4:
        return
    fixed = _FIXED + hash_length
    position = _HEADER
    path = b""
    # What each path shares with the one before takes no room in the file: few bytes of it can stand for gigabytes.
    room = LARGEST_INDEX
    for _ in range(count):
        (flags,) = unpack_from(">H", data, position + fixed)
        is_extended = flags & _EXTENDED
        more = unpack_from(">H", data, position + fixed + 2)[0] if is_extended else 0
        start = position + fixed + (4 if is_extended else 2)
        if version == 4:
            # The path is that of the entry before, less some bytes at its end, and what follows here.
            dropped, start = _variable(data, start)
            if dropped > len(path):
                return
            end = data.index(0, start)
            path = path[: len(path) - dropped] + data[start:end]
            position = end + 1
        else:
            end = data.index(0, start)
            path = data[start:end]
            # NUL bytes, one at least, fill the entry up to a multiple of eight.
            position += (end - position + 8) & ~7
        room -= len(path)
        if len(path) > LONGEST_PATH or room < 0:
            return
        yield Entry(path, bool(more & _SKIPPED))


def _variable(data: bytes, position: int) -> tuple[int, int]:
    """A number in git's offset encoding, and where it ends."""
    byte = data[position]
    number = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = data[position]
        number = ((number + 1) << 7) | (byte & 0x7F)
        if number > LONGEST_PATH:
            raise ValueError("no path is that long")
    return number, position + 1
