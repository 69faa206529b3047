"""Whether a working tree holds a file, by the exact spelling that GitHub will want."""

from __future__ import annotations

import os
import sys
from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.disk.files import NEVER_SEARCHED, is_below, is_link
from umbmarket.disk.real_path import real_path
from umbmarket.git.relation import Lookup

if TYPE_CHECKING:
    from difflib import SequenceMatcher

LONGEST_PATH = 4096
"""Characters (PATH_MAX of Linux): nothing longer is looked for."""

LONGEST_COMPARED = 160
"""Characters: a longer path gets no suggestion, since comparing grows with the square of the length."""

MOST_SPELLINGS = 16
"""Paths followed at a time that differ in letter case alone."""

MOST_NEIGHBOURS = 200
"""Files of the same folder that a wrong name is compared with."""

MOST_COMPARED = 3
"""The most promising of those, which are compared in full."""

MOST_NAMESAKES = 20
"""Files of the same name elsewhere that a wrong path is compared with."""

MOST_SEARCHED = 20_000
"""Files and folders that are searched for a file of the same name, the uppermost first."""

MOST_SUGGESTIONS = 30
"""Missing paths that get a suggestion; a listing with more is hostile or broken."""

LEAST_LIKENESS = 0.6
"""`difflib` ratio from which a name of the same folder counts as what was meant."""


_IS_MAC: bool = sys.platform == "darwin"


class _Folder(NamedTuple):
    """What a folder holds; links that lead out, devices and other repositories are left out.

    Attributes:
        files: names of files.
        folders: names of folders.
        linked: those of them that are links.
        spelled: folded name to the names that are so spelled.
    """

    files: frozenset[str]
    folders: frozenset[str]
    linked: frozenset[str]
    spelled: dict[str, list[str]]


_NOTHING = _Folder(frozenset(), frozenset(), frozenset(), {})


class WorkingTree:
    """The files below the top folder of a git working tree. Remembers what it has seen."""

    def __init__(self, root: str) -> None:
        """`root` is absolute."""
        self._root = root
        self._folders: dict[str, _Folder] = {}
        self._looked_up: dict[str, Lookup] = {}
        self._suggestions_left = MOST_SUGGESTIONS

    @cached_property
    def _real_root(self) -> str:
        return real_path(self._root)

    def look_up(self, path: str) -> Lookup:
        """Whether a file is there, exactly so spelled. Never raises and never leaves the tree.

        Args:
            path: relative to the root, with forward slashes, not percent-encoded. `..`, an absolute path and
                an empty part are not there. A folder is no file, and what lies in a nested repository is that
                one's.
        """
        known = self._looked_up.get(path)
        if known is None:
            known = self._looked_up[path] = self._look_up(path)
        return known

    def look_up_folder(self, path: str) -> Lookup:
        """The same for a folder; the root is there. No other one is searched for."""
        parts = _parts_of(path) if path else []
        if not parts:
            return Lookup(exact=not path)
        spelled = self._spellings(parts)
        if tuple(parts) in spelled:
            return Lookup(exact=True)
        return Lookup(exact=False, other_case="/".join(spelled[0]) if spelled else None)

    def holds(self, path: str) -> bool:
        """Whether a file is there, exactly so spelled: the same as `look_up` says, without a search for another."""
        parts = _parts_of(path)
        if not parts:
            return False
        for depth, part in enumerate(parts[:-1]):
            if part not in self._folder(tuple(parts[:depth])).folders:
                return False
        return parts[-1] in self._folder(tuple(parts[:-1])).files

    def _look_up(self, path: str) -> Lookup:
        parts = _parts_of(path)
        if not parts:
            return Lookup(exact=False)
        *above, name = parts
        spelled = self._spellings(above)
        found = [
            "/".join((*folder, file))
            for folder in spelled
            for file in self._named(self._folder(folder), name)
            if file in self._folder(folder).files
        ]
        if "/".join(parts) in found:
            return Lookup(exact=True)
        if found:
            return Lookup(exact=False, other_case=found[0])
        return Lookup(exact=False, similar=self._similar("/".join(parts), name, spelled))

    def _spellings(self, parts: list[str]) -> list[tuple[str, ...]]:
        """The folders that `parts` may mean when letter case is ignored, the exact one first."""
        spelled: list[tuple[str, ...]] = [()]
        for part in parts:
            spelled = [
                (*folder, name)
                for folder in spelled
                for name in self._named(self._folder(folder), part)
                if name in self._folder(folder).folders
            ][:MOST_SPELLINGS]
        return spelled

    @staticmethod
    def _named(folder: _Folder, name: str) -> list[str]:
        names = folder.spelled.get(name.casefold(), [])
        return [name, *(other for other in names if other != name)] if name in names else names

    def _folder(self, parts: tuple[str, ...]) -> _Folder:
        path = os.path.join(self._root, *parts)
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._scan(path, is_root=not parts)
        return known

    def _scan(self, path: str, *, is_root: bool) -> _Folder:
        files: set[str] = set()
        folders: set[str] = set()
        linked: set[str] = set()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    name = _composed(entry.name)
                    if name.lower() == ".git":
                        if not is_root:
                            return _NOTHING
                        continue
                    is_folder = self._is_folder(entry)
                    if is_folder is not None:
                        (folders if is_folder else files).add(name)
                        if is_folder and is_link(entry):
                            linked.add(name)
        except (OSError, ValueError):
            return _NOTHING
        spelled: dict[str, list[str]] = {}
        for name in sorted(files | folders):
            spelled.setdefault(name.casefold(), []).append(name)
        return _Folder(frozenset(files), frozenset(folders), frozenset(linked), spelled)

    def _is_folder(self, entry: os.DirEntry[str]) -> bool | None:
        """True for a folder, False for a file, None for what the tree does not hold as either."""
        try:
            if is_link(entry) and not is_below(real_path(entry.path), self._real_root):
                return None
            return True if entry.is_dir() else (False if entry.is_file() else None)
        except OSError:
            return None

    def _similar(self, path: str, name: str, folders: list[tuple[str, ...]]) -> str | None:
        if len(path) > LONGEST_COMPARED or self._suggestions_left == 0:
            return None
        self._suggestions_left -= 1
        from difflib import SequenceMatcher

        candidates = list(self._namesakes.get(name.casefold(), ()))
        matcher = SequenceMatcher(b=name.casefold(), autojunk=False)
        for folder in folders:
            candidates.extend("/".join((*folder, file)) for file in self._alike(matcher, folder))
        matcher.set_seq2(path.casefold())

        def unlikeness(candidate: str) -> tuple[float, int, str]:
            matcher.set_seq1(candidate.casefold())
            return -matcher.ratio(), len(candidate), candidate

        comparable = [each for each in candidates if len(each) <= LONGEST_COMPARED]
        return min(comparable, key=unlikeness, default=None)

    def _alike(self, matcher: SequenceMatcher[str], folder: tuple[str, ...]) -> list[str]:
        """Files of a folder whose names are like the second text of `matcher`."""
        promising: list[tuple[float, str]] = []
        for file in sorted(self._folder(folder).files)[:MOST_NEIGHBOURS]:
            matcher.set_seq1(file.casefold())
            if matcher.real_quick_ratio() >= LEAST_LIKENESS and len(file) <= LONGEST_COMPARED:
                promising.append((-matcher.quick_ratio(), file))
        alike: list[str] = []
        for _, file in sorted(promising)[:MOST_COMPARED]:
            matcher.set_seq1(file.casefold())
            if matcher.ratio() >= LEAST_LIKENESS:
                alike.append(file)
        return alike

    @cached_property
    def _namesakes(self) -> dict[str, list[str]]:
        """Paths of files by folded name, some of the tree's uppermost."""
        found: dict[str, list[str]] = {}
        waiting: deque[tuple[str, ...]] = deque([()])
        left = MOST_SEARCHED
        while waiting and left > 0:
            parts = waiting.popleft()
            folder = self._folder(parts)
            for name in sorted(folder.files)[:left]:
                same = found.setdefault(name.casefold(), [])
                if len(same) < MOST_NAMESAKES:
                    same.append("/".join((*parts, name)))
            left -= len(folder.files) + len(folder.folders)
            below = sorted(folder.folders - folder.linked)
            waiting.extend((*parts, name) for name in below if name.lower() not in NEVER_SEARCHED)
        return found


def _parts_of(path: str) -> list[str]:
    """The names in a path; none where it cannot be one of the tree."""
    parts = [part for part in path.split("/") if part != "."]
    return [] if len(path) > LONGEST_PATH or any(part in ("", "..") for part in parts) else parts


def _composed(name: str) -> str:
    """A name as git has it, which composes the letters that macOS takes apart (`core.precomposeUnicode`)."""
    if not _IS_MAC or name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)
