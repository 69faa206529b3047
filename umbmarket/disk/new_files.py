"""Writing several files so that either all of them are there afterwards, or everything is as it was."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from umbmarket.disk.files import in_words, is_below
from umbmarket.disk.folders_above import in_the_way
from umbmarket.disk.held_signals import HeldSignals
from umbmarket.disk.real_path import real_path
from umbmarket.disk.replacing import clear_leftovers, refuse_protected, written_beside
from umbmarket.disk.shown_path import shown


class CannotMake(Exception):
    """The files cannot be written, and nothing was changed; the text says which and why."""


def existing(paths: Mapping[Path, object]) -> list[Path]:
    """Those of the paths that something is at already, be it a link that leads nowhere."""
    return [path for path in paths if os.path.lexists(path)]


def refuse_links_out(paths: Iterable[Path], tree: Path, root: Path) -> None:
    """Refuse paths that a link on the way leads out of a tree: whoever can change a repository could put one there.

    Args:
        paths: absolute, below `tree` by their spelling; they need not be there.
        tree: absolute path of the folder that they must lie in after following all links.
        root: absolute path of the folder that shown paths are relative to.

    Raises:
        CannotMake: one of them lies elsewhere.
    """
    try:
        real_tree = real_path(tree)
        out = next((each for each in paths if not is_below(real_path(each), real_tree)), None)
    except (OSError, ValueError) as error:
        raise CannotMake(f"{tree} cannot be written to: {in_words(error, str(tree))}") from None
    if out is not None:
        raise CannotMake(f"{shown(out, root)} cannot be written: a link on its path leads out of {tree}")


def write_all(files: Mapping[Path, bytes], folders: tuple[Path, ...] = (), *, replace: bool, root: Path) -> None:
    """Write files, and make the folders that they need.

    Each file is written beside its place first. When anything fails, or Ctrl-C comes, what was made is taken away again
    and what was replaced is put back.

    Args:
        files: what to write, by absolute path.
        folders: further folders to make.
        replace: whether files that are there may be replaced.
        root: absolute path of the folder that shown paths are relative to.

    Raises:
        CannotMake: something cannot be written, or is there already.
    """
    taken = [] if replace else existing(files)
    if taken:
        raise CannotMake(f"{shown(taken[0], root)} already exists")
    replaced: list[Path] = []
    with HeldSignals() as signals:
        with contextlib.ExitStack() as undo:
            # First, as it says more than that a folder cannot be made.
            for path, what in (*((path, "written") for path in files), *((path / "x", "created") for path in folders)):
                obstacle = in_the_way(path, show=lambda each: shown(each, root))
                if obstacle is not None:
                    name = shown(path if what == "written" else path.parent, root)
                    raise CannotMake(f"{name} cannot be {what}: {obstacle}")
            for folder in (*folders, *(path.parent for path in files)):
                _make_folders(folder, undo, root)
            for number, (path, data) in enumerate(files.items()):
                signals.let_through()
                _write(path, data, number, undo, replaced, root)
            signals.let_through()
            undo.pop_all()
        for old in replaced:
            _quietly(old.unlink)
        clear_leftovers(dict.fromkeys(path.parent for path in files))


def _make_folders(folder: Path, undo: contextlib.ExitStack, root: Path) -> None:
    missing = []
    # On Windows even the root may be missing, where a drive is not there.
    while not os.path.isdir(folder) and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        try:
            each.mkdir()
        except (OSError, ValueError) as error:
            raise CannotMake(f"{shown(each, root)} cannot be created: {in_words(error, str(each))}") from None
        undo.callback(_quietly, each.rmdir)


def _write(path: Path, data: bytes, number: int, undo: contextlib.ExitStack, replaced: list[Path], root: Path) -> None:
    old = path.with_name(f".umbmarket-{os.urandom(8).hex()}-{number}.old")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        is_there = os.path.lexists(path)
        if is_there and not path.is_symlink():
            refuse_protected(path)
        fresh = written_beside(path, data)
        undo.callback(_quietly, fresh.unlink)
        if is_there:
            _keep(path, old)
            replaced.append(old)
            undo.callback(_put_back, old, path)
        else:
            undo.callback(_quietly, path.unlink)
        fresh.replace(path)
    except (OSError, ValueError) as error:
        raise CannotMake(f"{shown(path, root)} cannot be written: {in_words(error, str(path))}") from None


def _keep(path: Path, old: Path) -> None:
    """Give a file a second name, so that it is never away, not even for a moment; where that fails, another one."""
    try:
        os.link(path, old, follow_symlinks=False)
    except (OSError, NotImplementedError):
        path.replace(old)


def _put_back(old: Path, path: Path) -> None:
    _quietly(old.replace, path)
    # Nothing happens where both are names of one file.
    _quietly(old.unlink)


def _quietly(action: Callable[..., object], *arguments: object) -> None:
    with contextlib.suppress(OSError):
        action(*arguments)
