"""Finds the files of all marketplaces below a folder, as fast as the disk names its files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from umbmarket.check.exclusions import Excluded, Exclusions
from umbmarket.check.marketplace import CLOSED, Recogniser
from umbmarket.disk.files import BUILD_OUTPUT, NEVER_SEARCHED, in_words, is_below, is_link
from umbmarket.disk.real_path import real_path
from umbmarket.git.ignore_rules import IGNORE_FILE, IgnoreStack
from umbmarket.git.ignored_files import IgnoredFiles
from umbmarket.git.repository import Repositories
from umbmarket.settings.file import PYPROJECT_NAME, SETTINGS_NAME

_WINDOWS = os.name == "nt"


class Found(NamedTuple):
    """Something below a folder.

    Attributes:
        path: absolute.
        kind: its marketplace's word for what it is, or `CLOSED` for a folder that could not be looked into.
        marketplace: whose it is, as an index; the first for a closed folder.
        problem: why a folder is closed, in words; empty for the others.
    """

    path: str
    kind: str
    marketplace: int = 0
    problem: str = ""


def search(
    folder: str,
    repositories: Repositories,
    marketplaces: Sequence[Recogniser],
    exclusions: Exclusions | None = None,
) -> list[Found]:
    """Everything below a folder that a marketplace recognises, sorted by its path.

    Does not enter `NEVER_SEARCHED`, folders that are links (so that nothing goes round in a circle), and what
    git ignores. A repository within another one is searched by its own rules. Only what builds made is also searched
    for in `bin` and in what git ignores, and is found although git ignores it.

    Args:
        folder: absolute, normal path.
        repositories: where the repositories of folders are looked up.
        marketplaces: which are asked about each folder.
        exclusions: what the settings exclude; nothing when None.

    Raises:
        SettingsError: settings in the folder, or below, cannot be used; without `exclusions` nothing is raised.
    """
    searching = _Search(folder, repositories, marketplaces, exclusions)
    searching.run()
    return sorted(searching.found.values(), key=lambda each: each.path.split(os.sep))


class _Visit(NamedTuple):
    """A folder to look into.

    Attributes:
        folder: absolute.
        git: what git ignores there, or None outside of any working tree.
        stack: the rules from above it.
        path: of the folder in the working tree.
        excluded: what the settings exclude in it.
    """

    folder: str
    git: IgnoredFiles | None
    stack: IgnoreStack
    path: bytes
    excluded: Excluded | None = None


class _Names(NamedTuple):
    """What a folder holds.

    Attributes:
        folders: names of folders to enter.
        outputs: names of folders of build output.
        files: names of files.
        has_rules: there is a `.gitignore`.
        has_git: there is a `.git`.
    """

    folders: list[str]
    outputs: list[str]
    files: list[str]
    has_rules: bool
    has_git: bool


class _Search:
    """One search below one folder."""

    def __init__(
        self,
        folder: str,
        repositories: Repositories,
        marketplaces: Sequence[Recogniser],
        exclusions: Exclusions | None,
    ) -> None:
        self.found: dict[str, Found] = {}
        self._exclusions = exclusions
        self._folder = folder
        self._repositories = repositories
        self._marketplaces = marketplaces
        self._trees: list[_Visit] = []
        self._outputs: list[str] = []

    def run(self) -> None:
        waiting = [self._first()]
        while waiting:
            visit = waiting.pop()
            try:
                names = _names_in(visit.folder)
            except (OSError, ValueError) as error:
                self._add_closed(visit.folder, error)
                continue
            if names.has_git:
                visit = self._entered(visit)
            if self._exclusions is not None and _may_have_settings(visit, names, self._folder):
                visit = visit._replace(excluded=self._exclusions.of(visit.folder))
            if visit.git is not None and names.has_rules:
                visit = visit._replace(stack=visit.git.inside(visit.stack, visit.folder, visit.path))
            self._add_files(visit, names.files)
            built = (os.path.join(visit.folder, name) for name in names.outputs)
            self._outputs.extend(path for path in built if not _is_excluded(visit, path, is_folder=True))
            waiting.extend(self._below(visit, names.folders))
        for tree in self._trees:
            self._add_tracked(tree)
        outputs = sorted(self._outputs)
        for number, marketplace in enumerate(self._marketplaces):
            for path, kind in marketplace.recognises_below(outputs):
                self._add_unless_excluded(path, kind, number)

    def _first(self) -> _Visit:
        repository = self._repositories.of(self._folder)
        if repository is None:
            return _Visit(self._folder, None, IgnoreStack(), b"")
        git = IgnoredFiles(repository)
        stack, path = git.above(self._folder)
        self._trees.append(_Visit(self._folder, git, stack, path))
        return self._trees[-1]

    def _entered(self, visit: _Visit) -> _Visit:
        """The visit by the rules of the repository whose top the folder is, if it is one's."""
        repository = self._repositories.of(visit.folder)
        if repository is None or repository.root != visit.folder:
            return visit
        if visit.git is not None and visit.git.repository is repository:
            return visit
        git = IgnoredFiles(repository)
        self._trees.append(_Visit(visit.folder, git, git.everywhere, b"", visit.excluded))
        return self._trees[-1]

    def _add_files(self, visit: _Visit, names: list[str]) -> None:
        for number, marketplace in enumerate(self._marketplaces):
            for name, kind, is_built in marketplace.recognises(visit.folder, names):
                path = os.path.join(visit.folder, name)
                if _is_excluded(visit, path, is_folder=False):
                    continue
                if (is_built or not _is_ignored(visit, name, is_folder=False)) and not os.path.isdir(path):
                    self._add(path, kind, number)

    def _below(self, visit: _Visit, names: list[str]) -> list[_Visit]:
        """The visits to the folders of a folder; those that git ignores are build output."""
        if visit.excluded is not None:
            at = visit.folder
            names = [name for name in names if not _is_excluded(visit, os.path.join(at, name), is_folder=True)]
        if visit.git is None:
            return [visit._replace(folder=os.path.join(visit.folder, name)) for name in names]
        visits: list[_Visit] = []
        for name in names:
            folder = os.path.join(visit.folder, name)
            if _is_ignored(visit, name, is_folder=True):
                self._outputs.append(folder)
            else:
                visits.append(_Visit(folder, visit.git, visit.stack, _path_of(visit, name), visit.excluded))
        return visits

    def _add_tracked(self, tree: _Visit) -> None:
        if tree.git is None or not tree.git.is_needed:
            return
        start = tree.path + b"/" if tree.path else b""
        by_folder: dict[str, list[str]] = {}
        for path in tree.git.tracked():
            if path.startswith(start):
                folder, _, name = os.fsdecode(path[len(start) :]).rpartition("/")
                by_folder.setdefault(folder, []).append(name)
        for folder, names in by_folder.items():
            parts = folder.split("/") if folder else []
            if NEVER_SEARCHED.isdisjoint(part.lower() for part in parts):
                self._add_tracked_in(os.path.join(tree.folder, *parts), names)

    def _add_tracked_in(self, folder: str, names: list[str]) -> None:
        for number, marketplace in enumerate(self._marketplaces):
            for name, kind, is_built in marketplace.recognises(folder, names):
                path = os.path.join(folder, name)
                # A damaged or hostile index may name anything, and a folder of it may be a link by now.
                is_inside = is_below(real_path(folder), real_path(self._folder))
                if not is_built and is_inside and os.path.isfile(path):
                    self._add_unless_excluded(path, kind, number)

    def _add_unless_excluded(self, path: str, kind: str, marketplace: int) -> None:
        """Add what was found without a visit to each folder above it."""
        if self._exclusions is None or not self._exclusions.between(path, self._folder):
            self._add(path, kind, marketplace)

    def _add(self, path: str, kind: str, marketplace: int) -> None:
        self.found.setdefault(path, Found(path, kind, marketplace))

    def _add_closed(self, folder: str, error: OSError | ValueError) -> None:
        is_gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        if is_gone and folder != self._folder:
            return
        problem = in_words(error, folder)
        if not is_gone:
            problem += "; nothing in this folder was looked at"
        self.found[folder] = Found(folder, CLOSED, problem=problem)


def _may_have_settings(visit: _Visit, names: _Names, start: str) -> bool:
    """Whether other settings may hold in a folder than in the one above it."""
    return visit.folder == start or names.has_git or SETTINGS_NAME in names.files or PYPROJECT_NAME in names.files


def _is_excluded(visit: _Visit, path: str, *, is_folder: bool) -> bool:
    return visit.excluded is not None and visit.excluded.covers(path, is_folder=is_folder)


def _is_ignored(visit: _Visit, name: str, *, is_folder: bool) -> bool:
    if visit.git is None or not visit.stack:
        return False
    return visit.git.ignores(visit.stack, _path_of(visit, name), is_folder=is_folder)


def _path_of(visit: _Visit, name: str) -> bytes:
    return visit.path + b"/" + os.fsencode(name) if visit.path else os.fsencode(name)


def _names_in(folder: str) -> _Names:
    """What a folder holds.

    Raises:
        OSError: it cannot be listed.
    """
    folders: list[str] = []
    outputs: list[str] = []
    files: list[str] = []
    has_rules = has_git = False
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            # One look at the first letter spares nearly every file the comparisons.
            if name[0] == ".":
                has_rules = has_rules or name == IGNORE_FILE
                has_git = has_git or name == ".git"
            try:
                if entry.is_dir(follow_symlinks=False):
                    is_output = name.lower() in NEVER_SEARCHED
                    if (is_output and name.lower() != BUILD_OUTPUT) or (_WINDOWS and is_link(entry)):
                        continue
                    (outputs if is_output else folders).append(name)
                else:
                    files.append(name)
            except OSError:
                # The entry vanished, or is a link that goes round in a circle.
                continue
    return _Names(folders, outputs, files, has_rules, has_git)
