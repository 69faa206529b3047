"""Writing several files so that either all of them are there afterwards, or everything is as it was."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from umbmarket.disk.files import in_words, is_below
from umbmarket.disk.replacing import written_beside


class CannotMake(Exception):
    """The files cannot be written, and nothing was changed; the text says which and why."""


def existing(paths: Mapping[Path, object]) -> list[Path]:
    """Those of the paths that something is at already, be it a link that leads nowhere."""
    return [path for path in paths if os.path.lexists(path)]


def refuse_links_out(paths: Iterable[Path], tree: Path) -> None:
    """Refuse paths that a link on the way leads out of a tree: whoever can change a repository could put one there.

    Args:
        paths: absolute, below `tree` by their spelling; they need not be there.
        tree: absolute path of the folder that they must lie in after following all links.

    Raises:
        CannotMake: one of them lies elsewhere.
    """
    try:
        real_tree = os.path.realpath(tree)
        out = next((each for each in paths if not is_below(os.path.realpath(each), real_tree)), None)
    except (OSError, ValueError) as error:
        raise CannotMake(f"{tree} cannot be written to: {in_words(error, str(tree))}") from None
    if out is not None:
        raise CannotMake(f"{out} cannot be written: a link on its path leads out of {tree}")


def write_all(files: Mapping[Path, bytes], folders: tuple[Path, ...] = (), *, replace: bool) -> None:
    """Write files, and make the folders that they need.

    Each file is written beside its place first. When anything fails, or Ctrl-C comes, what was made is taken away again
    and what was replaced is put back.

    Args:
        files: what to write, by path.
        folders: further folders to make.
        replace: whether files that are there may be replaced.

    Raises:
        CannotMake: something cannot be written, or is there already.
    """
    taken = [] if replace else existing(files)
    if taken:
        raise CannotMake(f"{taken[0]} is there already")
    replaced: list[Path] = []
    with contextlib.ExitStack() as undo:
        for folder in (*folders, *(path.parent for path in files)):
            _make_folders(folder, undo)
        for number, (path, data) in enumerate(files.items()):
            _write(path, data, number, undo, replaced)
        undo.pop_all()
    for old in replaced:
        _quietly(old.unlink)


def _make_folders(folder: Path, undo: contextlib.ExitStack) -> None:
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        try:
            each.mkdir()
        except (OSError, ValueError) as error:
            raise CannotMake(f"{each} cannot be made: {in_words(error, str(each))}") from None
        undo.callback(_quietly, each.rmdir)


def _write(path: Path, data: bytes, number: int, undo: contextlib.ExitStack, replaced: list[Path]) -> None:
    old = path.with_name(f".umbmarket-{os.getpid()}-{number}.old")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        fresh = written_beside(path, data, f"-{number}")
        undo.callback(_quietly, fresh.unlink)
        if os.path.lexists(path):
            path.replace(old)
            replaced.append(old)
            undo.callback(_quietly, old.replace, path)
        else:
            undo.callback(_quietly, path.unlink)
        fresh.replace(path)
    except (OSError, ValueError) as error:
        raise CannotMake(f"{path} cannot be written: {in_words(error, str(path))}") from None


def _quietly(action: Callable[..., object], *arguments: object) -> None:
    with contextlib.suppress(OSError):
        action(*arguments)
