"""Reading a user's disk: bounded, never blocking, and with the reason in words when it cannot be done."""

import errno
import os
import stat
from typing import NamedTuple

from umbmarket.disk.overlay import content_at
from umbmarket.disk.real_path import real_path

BUILD_OUTPUT = "bin"
"""Lower-case name of the folder that .NET builds write to unless they are told otherwise."""

NEVER_SEARCHED = frozenset({".git", "node_modules", BUILD_OUTPUT, "obj"})
"""Lower-case names of folders that no search enters: git's own, other people's packages, build output."""

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)

_CHUNK = 64 * 1024
"""Bytes asked for at a time from a file that is longer than the file system said."""

_SHARING_VIOLATIONS = frozenset({32, 33})
"""Windows: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION."""

_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)
"""Windows: the reparse tag of a directory junction."""

_KINDS = (
    (stat.S_ISDIR, "it is a folder, not a file"),
    (stat.S_ISFIFO, "it is a named pipe, not a file"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
)

_WORDS = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "there is no such file or folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ELOOP: "its links lead back to themselves",
    errno.ENAMETOOLONG: "the path is too long",
    errno.EISDIR: "it is a folder, not a file",
}


class Content(NamedTuple):
    """What reading a file gave.

    Attributes:
        data: the bytes; empty when there is a problem.
        problem: why they could not be had, in words that fit after "cannot be read:"; None when they could.
        size: bytes that the file system says the file has; 0 when unknown.
    """

    data: bytes
    problem: str | None = None
    size: int = 0


def read_file(path: str, limit: int, status: os.stat_result | None = None) -> Content:
    """Read a regular file whole, or at least `limit + 1` bytes of it when it is longer than `limit`.

    Never raises and never waits: a pipe or a device is not opened.

    Args:
        path: any text, also one that cannot be a path.
        limit: bytes; no more than one beyond it are kept in memory.
        status: what `os.stat` said of it, where the caller knows.
    """
    instead = content_at(path)
    if instead is not None:
        return Content(instead[: limit + 1], size=len(instead))
    try:
        status = status or os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return Content(b"", kind_in_words(status.st_mode))
        handle = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        return Content(b"", in_words(error, path))
    try:
        return Content(_read(handle, min(status.st_size, limit), limit), size=status.st_size)
    except (OSError, ValueError) as error:
        return Content(b"", in_words(error, path))
    finally:
        os.close(handle)


def _read(handle: int, expected: int, limit: int) -> bytes:
    """Bytes up to the end, or one more than `limit`; the file may have grown since it was `expected` long."""
    parts: list[bytes] = []
    most, wanted = limit + 1, expected + 1
    while most > 0 and (part := os.read(handle, min(wanted, most))):
        parts.append(part)
        most -= len(part)
        wanted = _CHUNK
    return b"".join(parts)


def read_start(path: str, limit: int) -> bytes | None:
    """The first `limit` bytes of a regular file, or None when it cannot be read."""
    content = read_file(path, limit)
    return content.data[:limit] if content.problem is None else None


def kind_in_words(mode: int) -> str:
    """What something that is no regular file is, from its `st_mode`."""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "it is a device, not a file")


def in_words(error: OSError | ValueError, path: str) -> str:
    """Why `path` could not be read, without the path itself and without a full stop."""
    if not isinstance(error, OSError):
        return "no file can have such a name"
    if getattr(error, "winerror", None) in _SHARING_VIOLATIONS:
        return "another program has it open"
    if error.errno == errno.ENOENT and os.path.islink(path):
        return "it is a link to something that does not exist"
    words = _WORDS.get(error.errno or 0)
    return words or (error.strerror or type(error).__name__).rstrip(".").lower()


def is_link(entry: os.DirEntry[str]) -> bool:
    """Whether a folder's entry is a symbolic link or, on Windows, a junction. May raise OSError."""
    if entry.is_symlink():
        return True
    if os.name != "nt":
        return False
    return getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION


def is_below(path: str, folder: str) -> bool:
    """Whether the absolute `path` is `folder` or lies below it, by their spelling."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


LEADS_OUT = "it is a link that leads out of the repository or folder, and such links are followed only when named"
"""Why a file that was found is not read: whoever can change a repository could let it point at any file of the disk."""


def leads_out(path: str, folder: str) -> bool:
    """Whether the file at an absolute path is a link to something that does not lie below `folder`. Never raises."""
    try:
        return os.path.islink(path) and not is_below(real_path(path), real_path(folder))
    except (OSError, ValueError):
        return True
