"""Replacing files in one step each: at any moment a file is the old one or the new one, and never half of each."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from umbmarket.disk.files import in_words, is_below, read_file
from umbmarket.disk.held_signals import HeldSignals
from umbmarket.disk.real_path import real_path

_LEFTOVER = re.compile(r"\.umbmarket-(?:[0-9a-f]{16}\.(?:tmp|zip)|\d+(?:-\d+)?\.tmp)")
"""Names of files that a run of ours writes beside their places, and those of earlier versions."""

_STALE_AFTER = 3600.0
"""Seconds after which such a file is nobody's any more: a run needs it for less than a second, for a ZIP minutes."""


class NotReplaced(Exception):
    """Files were not replaced. The text names the file, says why, and that all are as they were, or which are not."""


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
    first file is touched. Ctrl-C and the like come before the first file is replaced, or after the last one.

    Raises:
        NotReplaced: a file leads out of its tree by a link, cannot be written, or is not what was read any more.
    """
    staged: list[tuple[Replacement, Path, Path]] = []
    with HeldSignals() as signals:
        try:
            for each in replacements:
                target = _target(each)
                _refuse_other_content(each)
                staged.append((each, target, _stage(each, target)))
                signals.let_through()
            _put_in_place(staged)
        finally:
            for _, _, fresh in staged:
                with contextlib.suppress(OSError):
                    fresh.unlink(missing_ok=True)
        clear_leftovers(dict.fromkeys(target.parent for _, target, _ in staged))


def replace_file(path: Path, data: bytes) -> None:
    """Replace one file, whatever it held, or make it. A link stays a link; a pipe or a device is written to.

    Raises:
        OSError: it cannot be written; an old one is as it was.
        ValueError: no file can have such a name.
    """
    target = Path(real_path(path))
    if target.is_symlink():
        # Only a circle of links is still a link.
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.exists():
        if not target.is_file():
            target.write_bytes(data)
            return
        refuse_protected(target)
    with HeldSignals():
        fresh = written_beside(target, data)
        try:
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        clear_leftovers([target.parent])


def written_beside(target: Path, data: bytes) -> Path:
    """A new file beside `target` that holds `data` and has its permissions, where there is a target.

    Its name is one of a kind: with the number of the process in it, what a killed run left behind would keep the next
    one of that number from writing, and in a container each run may have the same.

    Args:
        target: the file that it is to replace.
        data: what to write.

    Raises:
        OSError: it cannot be written; nothing of it is left.
    """
    fresh = target.with_name(f".umbmarket-{os.urandom(8).hex()}.tmp")
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


def clear_leftovers(folders: Iterable[Path]) -> None:
    """Remove what runs that were killed have left behind in folders that files were just written to.

    Nothing can be done about a run that is ended by force while it writes: a file without a name (O_TMPFILE) cannot
    take the place of another one, and most systems know none. So the next run clears up, as `git gc` does, by age: a
    number of a process means nothing on another machine, in another container, or after a restart. Age is taken by the
    clock of the file system that the folder lies in. Of what was replaced nothing is ever removed here (`.old`).
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            found = [each for each in os.scandir(folder) if _LEFTOVER.fullmatch(each.name)]
            if not found:
                continue
            now = _now_in(folder)
            for each in found:
                status = each.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and now - status.st_mtime > _STALE_AFTER:
                    with contextlib.suppress(OSError):
                        os.unlink(each.path)


def _now_in(folder: Path) -> float:
    """The time by the clock that stamps the files of a folder, which may be a server's."""
    mark = folder / f".umbmarket-{os.urandom(8).hex()}.tmp"
    try:
        with mark.open("xb") as file:
            return os.fstat(file.fileno()).st_mtime
    finally:
        mark.unlink(missing_ok=True)


def _take_over(old: Path, new: Path) -> None:
    """Give a new file the owner, where that is allowed, and the permissions of an old one."""
    status = old.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(new, status.st_uid, status.st_gid)
    new.chmod(status.st_mode & 0o7777)


def refuse_protected(target: Path) -> None:
    """Refuse a file that must not be written to, although its folder would let it be replaced.

    Raises:
        PermissionError: it is read-only.
    """
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _target(replacement: Replacement) -> Path:
    """The file behind all links."""
    try:
        target = real_path(replacement.path)
        tree = real_path(replacement.tree)
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
        raise _not_replaced(replacement, "another program has changed it")


def _stage(replacement: Replacement, target: Path) -> Path:
    try:
        refuse_protected(target)
        return written_beside(target, replacement.data)
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
    except NotReplaced as problem:
        lost = [each.shown for each, target in replaced if not _put_back(each, target)]
        if not lost:
            raise
        raise NotReplaced(
            f"{str(problem).removesuffix(_NOTHING)}; {' and '.join(lost)} {'is' if len(lost) == 1 else 'are'} changed "
            "already and cannot be written back"
        ) from None


def _put_back(replacement: Replacement, target: Path) -> bool:
    """Whether a file could be given what it held."""
    try:
        fresh = written_beside(target, replacement.expected)
    except OSError:
        return False
    try:
        fresh.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        return False
    return True


_NOTHING = "; nothing was changed"


def _not_replaced(replacement: Replacement, why: str) -> NotReplaced:
    return NotReplaced(f"{replacement.shown} cannot be written: {why}{_NOTHING}")
