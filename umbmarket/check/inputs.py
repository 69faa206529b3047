"""From the paths that a user names to the files that each marketplace is handed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from functools import cached_property

from umbmarket.check.marketplace import Handed, Marketplace
from umbmarket.disk.files import LEADS_OUT, in_words, leads_out
from umbmarket.git.repository import Repositories

_WILDCARDS = frozenset("*?[")


class Sorted:
    """The paths of a run, sorted out among marketplaces.

    Attributes:
        folders: absolute paths of the folders that were named, and of those that named files lie in.
        repositories: where the git working trees of folders are looked up.
    """

    def __init__(self, paths: Iterable[str], marketplaces: Sequence[Marketplace]) -> None:
        """Look at what `paths` name; nothing is read but the names in folders.

        Args:
            paths: files, folders and patterns, absolute or relative to the working folder.
            marketplaces: at least one; the first takes what no other claims.
        """
        self.repositories = Repositories()
        self._marketplaces = marketplaces
        self._folders: dict[str, None] = {}
        self._files: list[list[Handed]] = [[] for _ in marketplaces]
        self._paths = tuple(paths)
        for path in self._paths:
            self._add(path)

    @cached_property
    def _named(self) -> frozenset[str]:
        """What was named, to be compared with what is found in folders."""
        return frozenset(os.path.normcase(absolute(path)) for path in self._paths)

    @property
    def folders(self) -> tuple[str, ...]:
        """As described for the class."""
        return tuple(self._folders)

    def files_of(self, marketplace: Marketplace) -> tuple[Handed, ...]:
        """What a marketplace is handed, in the order it was named or found."""
        return tuple(self._files[self._marketplaces.index(marketplace)])

    def _add(self, path: str) -> None:
        """A file or a folder that the user named."""
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            matches = _matches(path)
            for match in matches:
                self._add(match)
            if not matches:
                self._hand(Handed(absolute(path), path, "", None, in_words(error, path)))
            return
        whole = absolute(path)
        if not stat.S_ISDIR(status.st_mode):
            self._folders[os.path.dirname(whole)] = None
            self._hand(Handed(whole, path, "", status, ""))
            return
        self._folders[whole] = None
        # Only a folder pays for the import: one file, named by an editor or a hook, is the most frequent run.
        from umbmarket.check.search import search

        for found in search(whole, self.repositories, self._marketplaces):
            is_named = os.path.normcase(found.path) in self._named
            problem = found.problem or ("" if is_named else self._way_out(found.path, whole))
            self._add_found(found.path, found.kind, found.marketplace, problem, is_named=is_named)

    def _way_out(self, path: str, searched: str) -> str:
        """Why what was found is not looked at: it leads out of its working tree, or without one of the folder."""
        if not os.path.islink(path):
            return ""
        repository = self.repositories.of(os.path.dirname(path))
        return LEADS_OUT if leads_out(path, repository.root if repository is not None else searched) else ""

    def _add_found(self, path: str, kind: str, marketplace: int, problem: str, *, is_named: bool) -> None:
        status = None
        if not problem:
            try:
                status = os.stat(path)
            except (OSError, ValueError) as error:
                # It was there a moment ago, or it is a link that leads nowhere.
                problem = in_words(error, path)
        self._files[marketplace].append(Handed(path, path, kind, status, problem, is_named))

    def _hand(self, handed: Handed) -> None:
        claims = (number for number, each in enumerate(self._marketplaces) if number and each.claims(handed.spelling))
        self._files[next(claims, 0)].append(handed)


def matching(path: str) -> list[str]:
    """What a name on the command line stands for: itself where it is there, else what it matches as a pattern."""
    return [path] if os.path.lexists(path) else _matches(path) or [path]


def absolute(path: str) -> str:
    """`path` made absolute and normal; what stands before a `..` is resolved, since it may be a link."""
    try:
        if ".." not in path:
            return os.path.abspath(path)
        folder, name = os.path.split(path)
        return os.path.realpath(path) if name in ("", "..") else os.path.join(os.path.realpath(folder), name)
    except (OSError, ValueError):
        return os.path.join(os.sep, path)


def _matches(path: str) -> list[str]:
    """What a pattern such as `artifacts/*.nupkg` names: the shells of Windows leave that to the program."""
    if not _WILDCARDS.intersection(path):
        return []
    # Late: other shells have done this already.
    from glob import glob

    return sorted(glob(path))
