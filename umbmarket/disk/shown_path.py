"""How a path is shown to the user and named in a report."""

from __future__ import annotations

import ntpath
import posixpath
from pathlib import PurePath, PurePosixPath, PureWindowsPath

_LONG_UNC = "\\\\?\\UNC\\"
_LONG = "\\\\?\\"


def shown(path: PurePath, root: PurePath) -> str:
    r"""`path` with forward slashes: relative to `root` where it lies below it, otherwise absolute.

    By spelling alone; the disk is not asked. `..` is resolved. On Windows letter case does not count, and the
    `\\?\` before a long path is left out.

    Args:
        path: absolute, or relative to `root`.
        root: absolute.
    """
    if isinstance(path, PureWindowsPath):
        top = _short(root)
        return _relative(PureWindowsPath(ntpath.normpath(ntpath.join(top, _short(path)))), PureWindowsPath(top))
    return _relative(PurePosixPath(posixpath.normpath(posixpath.join(root, path))), root)


def _relative(path: PurePath, root: PurePath) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _short(path: PurePath) -> str:
    text = str(path)
    if text.upper().startswith(_LONG_UNC):
        return "\\\\" + text[len(_LONG_UNC) :]
    return text.removeprefix(_LONG)
