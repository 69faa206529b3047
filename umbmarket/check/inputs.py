"""From the paths that a user names to the files that each marketplace is handed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from umbmarket.check.exclusions import Exclusions
from umbmarket.check.marketplace import Handed, Listed, Marketplace
from umbmarket.disk.files import LEADS_OUT, in_words, leads_out
from umbmarket.disk.real_path import real_path
from umbmarket.git.repository import Repositories

_WILDCARDS = frozenset("*?[")


class Sorted:
    """The paths of a run, sorted out among marketplaces.

    Attributes:
        folders: absolute paths of the folders that were named, and of those that named files lie in.
        repositories: where the git working trees of folders are looked up.
        excluded: how many of the paths were left out, as the settings exclude them.
        by_tool: a tool named them, as `force_exclude` says, and they are all files.
    """

    def __init__(
        self,
        paths: Iterable[str],
        marketplaces: Sequence[Marketplace],
        exclusions: Exclusions | None = None,
        *,
        force_exclude: bool = False,
    ) -> None:
        """Look at what `paths` name; nothing is read but the names in folders.

        Args:
            paths: files, folders and patterns, absolute or relative to the working folder.
            marketplaces: at least one; the first takes what no other claims.
            exclusions: what the settings exclude where folders are searched; nothing when None.
            force_exclude: leave out also what was named.

        Raises:
            SettingsError: settings in a folder that is searched, or that a file lies in, cannot be used.
        """
        self.repositories = Repositories()
        self.excluded = 0
        self._exclusions = exclusions
        self._force_exclude = force_exclude
        self.by_tool = force_exclude
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
            # A link to nothing is itself meant, and no pattern: else it would be found by itself again and again.
            matches = [] if os.path.lexists(path) else matches_of(path)
            for match in matches:
                self._add(match)
            if not matches:
                self._hand(Handed(absolute(path), path, "", None, in_words(error, path)))
            return
        whole = absolute(path)
        if self._is_left_out(whole, is_folder=stat.S_ISDIR(status.st_mode)):
            self.excluded += 1
            return
        if not stat.S_ISDIR(status.st_mode):
            self._folders[os.path.dirname(whole)] = None
            listed = self._listed_in(whole) if stat.S_ISREG(status.st_mode) else None
            if listed is None:
                self._hand(Handed(whole, path, "", status, ""))
            else:
                self._add_listed(*listed)
            return
        self._folders[whole] = None
        self.by_tool = False
        # Only a folder pays for the import: one file, named by an editor or a hook, is the most frequent run.
        from umbmarket.check.search import search

        for found in search(whole, self.repositories, self._marketplaces, self._exclusions):
            is_named = self._is_named(found.path)
            problem = found.problem or ("" if is_named else self._way_out(found.path, whole))
            self._files[found.marketplace].append(handed(found.path, found.kind, problem, also_named=is_named))

    def _listed_in(self, path: str) -> tuple[int, Sequence[Listed]] | None:
        """The files that a named one stands for, and whose they are; None where it stands for itself."""
        for number, marketplace in enumerate(self._marketplaces):
            listed = marketplace.listed_in(path)
            if listed is not None:
                return number, listed
        return None

    def _add_listed(self, marketplace: int, listed: Sequence[Listed]) -> None:
        """What the settings exclude is left out, as where a folder is searched."""
        for each in listed:
            is_named = self._is_named(each.path)
            if is_named or self._exclusions is None or not self._exclusions.anywhere(each.path, is_folder=False):
                found = handed(each.path, each.kind, "" if is_named else each.problem, also_named=is_named)
                self._files[marketplace].append(found)

    def _is_named(self, path: str) -> bool:
        return os.path.normcase(path) in self._named

    def _is_left_out(self, path: str, *, is_folder: bool) -> bool:
        if not self._force_exclude or self._exclusions is None:
            return False
        return self._exclusions.anywhere(path, is_folder=is_folder)

    def leaves_out(self, path: str) -> bool:
        """Whether a file that lies at an absolute path, if at all, is left out; it is then counted as that."""
        is_out = self._is_left_out(path, is_folder=False)
        self.excluded += is_out
        return is_out

    @property
    def folders_of_files(self) -> Iterator[str]:
        """Absolute paths of the folders of all files, each once."""
        folders = (os.path.dirname(handed.path) for files in self._files for handed in files)
        return iter(dict.fromkeys(folders))

    def _way_out(self, path: str, searched: str) -> str:
        """Why what was found is not looked at: it leads out of its working tree, or without one of the folder."""
        if not os.path.islink(path):
            return ""
        repository = self.repositories.of(os.path.dirname(path))
        return LEADS_OUT if leads_out(path, repository.root if repository is not None else searched) else ""

    def _hand(self, handed: Handed) -> None:
        claims = (number for number, each in enumerate(self._marketplaces) if number and each.claims(handed.spelling))
        self._files[next(claims, 0)].append(handed)


def handed(path: str, kind: str, problem: str = "", *, also_named: bool = False) -> Handed:
    """A file that was found in a folder or is listed in another file, with what the disk says of it.

    Args:
        path: absolute and normal.
        kind: its marketplace's word for what it is.
        problem: why it is not looked at, in words; empty for none.
        also_named: the user named it as well.
    """
    status = None
    if not problem:
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            # It was there a moment ago, it is a link that leads nowhere, or it is listed and not there.
            problem = in_words(error, path)
    return Handed(path, path, kind, status, problem, also_named)


def matching(path: str) -> list[str]:
    """What a name on the command line stands for: itself where it is there, else what it matches as a pattern."""
    return [path] if os.path.lexists(path) else matches_of(path) or [path]


def absolute(path: str) -> str:
    """`path` made absolute and normal; what stands before a `..` is resolved, since it may be a link."""
    try:
        if ".." not in path:
            return os.path.abspath(path)
        folder, name = os.path.split(path)
        return real_path(path) if name in ("", "..") else os.path.join(real_path(folder), name)
    except (OSError, ValueError):
        return os.path.join(os.sep, path)


def has_wildcards(path: str) -> bool:
    """Whether a name on the command line may be a pattern."""
    return not _WILDCARDS.isdisjoint(path)


def matches_of(pattern: str) -> list[str]:
    """What a pattern such as `artifacts/*.nupkg` names, sorted: the shells of Windows leave that to the program.

    Args:
        pattern: anything; what has no wildcards names nothing here.
    """
    if not has_wildcards(pattern):
        return []
    # Late: other shells have done this already.
    from glob import glob

    try:
        return sorted(glob(pattern))
    except RecursionError:
        # Of a thousand folders: no system has such a path.
        return []
