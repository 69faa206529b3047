"""Which files and folders a package holds, once Nuxeo has unpacked it."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property


class PackageTree:
    """The names in a package, with forward slashes and without one at the start."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: as in a ZIP; those of folders end with a slash. Those that lead out of the package are left out."""
        self._files: dict[str, None] = {}
        self._folders: set[str] = {""}
        for name in names:
            inside = unpacked(name)
            if inside is None:
                continue
            if name.endswith("/"):
                self._add_folder(inside)
            else:
                self._files[inside] = None
                self._add_folder(posixpath.dirname(inside))

    def _add_folder(self, name: str) -> None:
        while name not in self._folders:
            self._folders.add(name)
            name = posixpath.dirname(name)

    @property
    def files(self) -> Iterator[str]:
        """All files, in the order of the names given."""
        return iter(self._files)

    @property
    def folders(self) -> Iterator[str]:
        """All folders but that of the package itself, sorted."""
        return (name for name in sorted(self._folders) if name)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._files)

    def is_file(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._files

    def is_folder(self, name: str) -> bool:
        """Whether there is such a folder; the empty name is that of the package itself."""
        return name in self._folders

    def files_below(self, folder: str) -> Iterator[str]:
        """All files in a folder and below it, sorted."""
        before = f"{folder}/" if folder else ""
        at = bisect_left(self._sorted, before)
        while at < len(self._sorted) and self._sorted[at].startswith(before):
            yield self._sorted[at]
            at += 1


def unpacked(name: str) -> str | None:
    """Where an entry of a ZIP lands below the folder that a package is unpacked to; None where Nuxeo refuses it.

    A slash at the start leads nowhere else. A backslash is a letter like any other on the systems that Nuxeo runs on.
    """
    normal = posixpath.normpath(name.lstrip("/") or ".")
    if normal == ".." or normal.startswith("../"):
        return None
    return "" if normal == "." else normal
