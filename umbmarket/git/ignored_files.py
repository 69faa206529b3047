"""What git ignores in one working tree: its ignore files, the user's, and the index that overrules them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from umbmarket.disk.files import read_file
from umbmarket.git import ignore_rules as gitignore
from umbmarket.git.config import user_folders
from umbmarket.git.ignore_rules import IgnoreStack
from umbmarket.git.index import LARGEST_INDEX, tracked_paths
from umbmarket.git.repository import GitRepository


class IgnoredFiles:
    """The ignore rules of a working tree. Paths in it are bytes, relative to its root, with forward slashes.

    Attributes:
        repository: whose working tree it is.
        everywhere: the rules that hold in the whole tree: the user's, then those of `.git/info/exclude`.
        is_needed: something was ignored by `ignores`, so `tracked` may know better.
    """

    def __init__(self, repository: GitRepository) -> None:
        """Read the settings and the files for the whole tree; those in the folders come later."""
        self.repository = repository
        self.is_needed = False
        self._ignore_case = repository.config.is_true("core", "ignorecase")
        self.everywhere = IgnoreStack()
        for path in (self._user_file(), os.path.join(repository.shared_folder, "info", "exclude")):
            rules = gitignore.load(path, ignore_case=self._ignore_case, is_shared=True)
            self.everywhere = self.everywhere.inside(b"", rules)

    def _user_file(self) -> str:
        """`core.excludesFile`, else the file that git reads without it; empty for none."""
        home, settings = user_folders()
        named = self.repository.config.last("core", "", "excludesfile")
        if named is None:
            return os.path.join(settings, "ignore") if settings else ""
        if named.startswith("~/"):
            return os.path.join(home, named[2:]) if home else ""
        return os.path.join(self.repository.root, named) if named else ""

    def inside(self, stack: IgnoreStack, folder: str, path: bytes) -> IgnoreStack:
        """`stack` with the `.gitignore` of `folder`, which is `path` in the tree."""
        rules = gitignore.load(os.path.join(folder, gitignore.IGNORE_FILE), ignore_case=self._ignore_case)
        return stack.inside(path, rules)

    def above(self, folder: str) -> tuple[IgnoreStack, bytes]:
        """The rules that hold for what is in `folder` but are not its own, and its path in the tree.

        Who names a folder that git ignores wants to see into it, so no rule from above holds there.
        """
        path = os.fsencode(folder[len(self.repository.root) :].strip(os.sep).replace(os.sep, "/"))
        stack, above, passed = self.everywhere, self.repository.root, b""
        for part in path.split(b"/") if path else ():
            stack = self.inside(stack, above, passed)
            above = os.path.join(above, os.fsdecode(part))
            passed = passed + b"/" + part if passed else part
            if stack.ignores(passed, is_folder=True):
                return IgnoreStack(), path
        return stack, path

    def ignores(self, stack: IgnoreStack, path: bytes, *, is_folder: bool) -> bool:
        """Whether the rules in `stack` ignore `path`, whose folder they do not ignore."""
        ignored = stack.ignores(path, is_folder=is_folder)
        self.is_needed = self.is_needed or ignored
        return ignored

    def tracked(self) -> Iterator[bytes]:
        """The paths that git tracks and so does not ignore, whatever the rules say.

        There are none if the index cannot be read or is too large.
        """
        index = read_file(os.path.join(self.repository.folder, "index"), LARGEST_INDEX)
        if len(index.data) > LARGEST_INDEX:
            return
        yield from tracked_paths(index.data, hash_length=self.repository.hash_length)
