"""Replacing files in one step each: at any moment a file is the old one or the new one, and never half of each."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from umbmarket.disk.files import in_words, is_below, read_file


class NotReplaced(Exception):
    """Files were not replaced, and all are as they were. The text names the file and says why."""


class Replacement(NamedTuple):
    """New content for a file that was read.

    Attributes:
        path: of the file, absolute.
        shown: the same as the user knows it.
        expected: what was read.
        data: what it is to hold.
        tree: absolute path of the folder that the file must lie below after following all links.
    """

    path: str
    shown: str
    expected: bytes
    data: bytes
    tree: str


def replace_all(replacements: Sequence[Replacement]) -> None:
    """Replace all of the files or none of them. Permissions stay, and a link stays a link.

    Each new content is written beside its file first, so that a full disk or a closed folder is noticed before the
    first file is touched.

    Raises:
        NotReplaced: a file leads out of its tree by a link, cannot be written, or is not what was read any more.
    """
    staged: list[tuple[Replacement, Path, Path]] = []
    try:
        for number, each in enumerate(replacements):
            target = _target(each)
            _refuse_other_content(each)
            staged.append((each, target, _stage(each, target, f"-{number}")))
        _put_in_place(staged)
    finally:
        for _, _, fresh in staged:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Replace one file, whatever it held, or make it. A link stays a link; a pipe or a device is written to.

    Raises:
        OSError: it cannot be written; an old one is as it was.
        ValueError: no file can have such a name.
    """
    target = Path(os.path.realpath(path))
    if target.exists():
        if not target.is_file():
            target.write_bytes(data)
            return
        _refuse_protected(target)
    fresh = written_beside(target, data)
    try:
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def written_beside(target: Path, data: bytes, mark: str = "") -> Path:
    """A new file beside `target` that holds `data` and has its permissions, where there is a target.

    Args:
        target: the file that it is to replace.
        data: what to write.
        mark: tells it from others of this process in the folder.

    Raises:
        OSError: it cannot be written; nothing of it is left.
    """
    fresh = target.with_name(f".umbmarket-{os.getpid()}{mark}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _take_over(target, fresh)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _take_over(old: Path, new: Path) -> None:
    """Give a new file the owner, where that is allowed, and the permissions of an old one."""
    status = old.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(new, status.st_uid, status.st_gid)
    new.chmod(status.st_mode & 0o7777)


def _refuse_protected(target: Path) -> None:
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _target(replacement: Replacement) -> Path:
    """The file behind all links."""
    try:
        target = os.path.realpath(replacement.path)
        tree = os.path.realpath(replacement.tree)
    except (OSError, ValueError) as error:
        raise _not_replaced(replacement, in_words(error, replacement.path)) from None
    if not is_below(target, tree):
        raise _not_replaced(replacement, f"it is a link that leads out of {replacement.tree}")
    return Path(target)


def _refuse_other_content(replacement: Replacement) -> None:
    content = read_file(replacement.path, len(replacement.expected))
    if content.problem is not None:
        raise _not_replaced(replacement, content.problem)
    if content.data != replacement.expected:
        raise _not_replaced(replacement, "it was changed by another program meanwhile")


def _stage(replacement: Replacement, target: Path, mark: str) -> Path:
    try:
        _refuse_protected(target)
        return written_beside(target, replacement.data, mark)
    except (OSError, ValueError) as error:
        raise _not_replaced(replacement, in_words(error, replacement.path)) from None


def _put_in_place(staged: Sequence[tuple[Replacement, Path, Path]]) -> None:
    replaced: list[tuple[Replacement, Path]] = []
    try:
        for each, target, fresh in staged:
            _refuse_other_content(each)
            try:
                fresh.replace(target)
            except OSError as error:
                raise _not_replaced(each, in_words(error, each.path)) from None
            replaced.append((each, target))
    except BaseException:
        for each, target in replaced:
            written_beside(target, each.expected).replace(target)
        raise


def _not_replaced(replacement: Replacement, why: str) -> NotReplaced:
    return NotReplaced(f"{replacement.shown} cannot be written: {why}; nothing was changed")
