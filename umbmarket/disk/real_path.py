"""Where a path really leads, whatever links somebody has put on it."""

from __future__ import annotations

import os


def real_path(path: str | os.PathLike[str]) -> str:
    """`os.path.realpath`, which follows links by recursion: a chain of a thousand of them would be a `RecursionError`.

    No system follows such a chain (Linux 40 links, macOS 32, Windows 63), so that what is at its end cannot be read by
    it. The path comes back unresolved then, as where links lead round in a circle.

    Args:
        path: of a file or a folder, which need not be there.

    Raises:
        OSError: the working folder is gone, or the like.
        ValueError: no file can have such a name.
    """
    try:
        return os.path.realpath(path)
    except RecursionError:
        return os.path.abspath(path)
