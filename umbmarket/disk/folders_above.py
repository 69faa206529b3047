"""Whether the folders above a file that is to be written are there, and in words what is in their place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

Show = Callable[[Path], str]
"""How a path is written in a message."""


def no_place(path: Path, *, makes_folders: bool = False, show: Show = str) -> str | None:
    """Why no file can be put at a path, in words that fit after "cannot be written:"; None where nothing is known.

    Whether the system allows it is found out by writing.

    Args:
        path: of the file.
        makes_folders: folders that are not there are made first.
        show: how a path is written in the answer.
    """
    if os.path.isdir(path):
        return "it is a folder, not a file"
    obstacle = in_the_way(path, show=show)
    if obstacle is not None:
        return obstacle
    is_missing = not makes_folders and not os.path.isdir(path.parent)
    return f"there is no folder {show(path.parent)}" if is_missing else None


def make_folders(folder: Path) -> None:
    """Make a folder, and those above it, where they are not there; `Path.mkdir` does that by recursion.

    Args:
        folder: relative or absolute, of any depth.

    Raises:
        OSError: one of them cannot be made; those above it may have been.
        ValueError: no folder can have such a name.
    """
    missing = []
    while not os.path.isdir(folder) and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)


def in_the_way(path: Path, *, show: Show = str) -> str | None:
    """What stands where a folder above a path would have to be, as a clause; None where nothing does.

    Args:
        path: of a file or a folder.
        show: how a path is written in the answer.
    """
    for folder in path.parents:
        if os.path.isdir(folder):
            return None
        if os.path.lexists(folder):
            return f"{show(folder)} {_what_it_is(folder)}"
    return None


def _what_it_is(path: Path) -> str:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "is a link that leads back to itself"
        return "is a link to something that does not exist" if os.path.islink(path) else "cannot be accessed"
    return "is a file, not a folder" if stat.S_ISREG(mode) else "is not a folder"
