"""What git knows about a working tree, read from `.git` without running git.

Everything is read when it is first asked for, a bounded part of each file. What is broken or missing is None.
"""

from __future__ import annotations

import os
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING

from umbmarket.disk.files import read_start
from umbmarket.git.relation import Lookup

if TYPE_CHECKING:
    from umbmarket.git.config import GitConfig
    from umbmarket.git.working_tree import WorkingTree
    from umbmarket.web.addresses.repositories import GitHubRepository

LARGEST_REFERENCE = 8 * 1024
"""Bytes of `HEAD`, of a reference and of a `.git` file that are read: each is one line with one path."""

_BRANCH = re.compile(r"refs/heads/(?P<name>[^\x00-\x20\x7f~^:?*\[\\]+)")
"""A branch in full; git allows no white space and none of these characters in it
(git-check-ref-format(1))."""


class GitRepository:
    """A git working tree and the repository behind it.

    Attributes:
        root: absolute path of the working tree's top folder, as it was reached.
        folder: absolute path of what `.git` is or points to; for a linked worktree its own part of it.
    """

    def __init__(self, root: str, folder: str) -> None:
        """Both absolute; nothing is read yet."""
        self.root = root
        self.folder = folder

    @cached_property
    def shared_folder(self) -> str:
        """Absolute path of what all worktrees of the repository share: configuration, references, `info`."""
        named = _first_line(os.path.join(self.folder, "commondir"))
        return os.path.normpath(os.path.join(self.folder, named)) if named else self.folder

    @cached_property
    def config(self) -> GitConfig:
        """The user's settings and the repository's."""
        from umbmarket.git.config import GitConfig, read, user_entries

        return GitConfig((*user_entries(), *read(os.path.join(self.shared_folder, "config"))))

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out; None when the head is detached."""
        path = os.path.join(self.folder, "HEAD")
        try:
            # Before 2007 `HEAD` was a symbolic link to the branch's own file.
            line: str | None = os.readlink(path).replace(os.sep, "/")
        except (OSError, ValueError):
            line = _reference(path)
        return _branch_of(line or "")

    @cached_property
    def remote(self) -> str | None:
        """The remote to publish to: `origin`, else the branch's own, else the only one, else `upstream`."""
        remotes = [name for name in self.config.subsections("remote", "url") if self._url(name)]
        own = self.config.last("branch", self.branch, "remote") if self.branch else None
        alone = remotes[0] if len(remotes) == 1 else None
        return next((name for name in ("origin", own, alone, "upstream") if name in remotes), None)

    def _url(self, remote: str) -> str | None:
        return next((url for url in self.config.all("remote", remote, "url") if url), None)

    @cached_property
    def default_branch(self) -> str | None:
        """The remote's default branch as git last heard of it (`refs/remotes/<remote>/HEAD`), or None.

        A clone has it; `git init` with `git remote add`, and the checkout of most build servers, do not.
        """
        if self.remote is None or not _is_plain(self.remote):
            return None
        folder = f"refs/remotes/{self.remote}/"
        target = _reference(os.path.join(self.shared_folder, *folder.split("/"), "HEAD")) or ""
        return _branch_of("refs/heads/" + target.removeprefix(folder)) if target.startswith(folder) else None

    @cached_property
    def branches(self) -> tuple[str, ...]:
        """Names of the branches that git knows of, the user's own and the remote's; sorted."""
        from umbmarket.git.refs import branches

        remote = self.remote if self.remote is not None and _is_plain(self.remote) else None
        return branches(self.shared_folder, remote)

    def _github_of(self, remote: str | None) -> GitHubRepository | None:
        url = self._url(remote) if remote is not None else None
        if url is None:
            return None
        from umbmarket.web.addresses.repositories import parse_repository

        location = parse_repository(self.config.rewritten(url).strip())
        return location.repository if location is not None and not location.view else None

    @cached_property
    def _github(self) -> GitHubRepository | None:
        return self._github_of(self.remote)

    @cached_property
    def github_remotes(self) -> tuple[GitHubRepository, ...]:
        """The GitHub repositories that the remotes name, in the order of the configuration."""
        found = map(self._github_of, self.config.subsections("remote", "url"))
        return tuple(repository for repository in found if repository is not None)

    @property
    def owner(self) -> str | None:
        """Owner of the GitHub repository that the remote names, or None."""
        return self._github.owner if self._github is not None else None

    @property
    def name(self) -> str | None:
        """Name of that repository, or None."""
        return self._github.name if self._github is not None else None

    @cached_property
    def working_tree(self) -> WorkingTree:
        """The files."""
        from umbmarket.git.working_tree import WorkingTree

        return WorkingTree(self.root)

    @cached_property
    def _tags(self) -> tuple[str, ...]:
        from umbmarket.git.refs import tags

        return tags(self.shared_folder)

    @cached_property
    def _knows_all_references(self) -> bool:
        """Whether this is a clone of all branches: `git clone` alone, and not of one branch, says so twice.

        It notes the remote's default branch, and fetches `refs/heads/*`.
        """
        if self.remote is None or self.default_branch is None:
            return False
        wanted = f"refs/heads/*:refs/remotes/{self.remote}/*"
        fetched = self.config.all("remote", self.remote, "fetch")
        is_shallow = os.path.lexists(os.path.join(self.shared_folder, "shallow"))
        return not is_shallow and any(each.removeprefix("+") == wanted for each in fetched)

    def lacks(self, reference: str) -> bool:
        """Whether `reference` begins with no branch or tag of the remote; False where git does not know all of them."""
        if not self._knows_all_references or reference.partition("/")[0] == "HEAD":
            return False
        known = (*self.branches, *self._tags)
        return not any(reference == name or reference.startswith(f"{name}/") for name in known)

    def look_up(self, path: str) -> Lookup:
        """Whether the working tree holds a file at `path`, or would without a sparse checkout."""
        found = self.working_tree.look_up(path)
        if found.exact or not self.skipped:
            return found
        wanted = path.removeprefix("./")
        if wanted in self.skipped or self._is_skipped_folder(wanted):
            return Lookup(exact=True)
        other = found.other_case or self._skipped_by_case.get(wanted.casefold())
        return Lookup(exact=False, other_case=other, similar=found.similar)

    def look_up_folder(self, path: str) -> Lookup:
        """The same for a folder."""
        found = self.working_tree.look_up_folder(path)
        if found.exact or not self.skipped:
            return found
        inside = f"{path.strip('/')}/"
        if any(each.startswith(inside) for each in self.skipped) or self._is_skipped_folder(inside):
            return Lookup(exact=True)
        return found

    @cached_property
    def skipped(self) -> frozenset[str]:
        """What git tracks and a sparse checkout keeps out of the working tree, as paths from its root.

        A folder that is left out whole may be one path that ends with a slash; what is in it is not known then.
        """
        from umbmarket.git.index import LARGEST_INDEX, entries, may_skip

        path = os.path.join(self.folder, "index")
        if not may_skip(read_start(path, 8) or b""):
            return frozenset()
        data = read_start(path, LARGEST_INDEX) or b""
        found = entries(data, hash_length=self.hash_length)
        return frozenset(os.fsdecode(entry.path) for entry in found if entry.is_skipped)

    def _is_skipped_folder(self, path: str) -> bool:
        """Whether one of the folders above a path is left out whole."""
        return any(path[: at + 1] in self.skipped for at, letter in enumerate(path) if letter == "/")

    @cached_property
    def _skipped_by_case(self) -> dict[str, str]:
        return {each.casefold(): each for each in sorted(self.skipped, reverse=True)}

    @property
    def hash_length(self) -> int:
        """Bytes of the name of an object: 32 in a repository of SHA-256."""
        return 32 if self.config.last("extensions", "", "objectformat") == "sha256" else 20

    def holds(self, path: str) -> bool:
        """Whether the working tree holds a file at exactly `path`; cheaper than `look_up`."""
        return self.working_tree.holds(path)


class Repositories:
    """Finds the repository of a folder, and remembers: each folder is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, GitRepository | None] = {}

    def of(self, folder: str) -> GitRepository | None:
        """The repository whose working tree the folder at an absolute, normal path lies in, or None."""
        passed: list[str] = []
        found: GitRepository | None = None
        while True:
            if folder in self._known:
                found = self._known[folder]
                break
            passed.append(folder)
            found = repository_at(folder)
            above = os.path.dirname(folder)
            if found is not None or above == folder:
                break
            folder = above
        for each in passed:
            self._known[each] = found
        return found


def repository_of(folder: str | os.PathLike[str]) -> GitRepository | None:
    """The repository whose working tree `folder` lies in, or None. The folder need not exist."""
    try:
        return Repositories().of(os.path.abspath(folder))
    except (OSError, ValueError):
        return None


def repository_at(root: str) -> GitRepository | None:
    """The repository whose working tree has its top at the absolute path `root`, or None.

    As git does, an empty or foreign folder called `.git` is passed over. A `.git` file that leads nowhere (a
    linked worktree copied into a container) still marks a top; nothing more is then known.
    """
    git = os.path.join(root, ".git")
    try:
        is_folder = stat.S_ISDIR(os.stat(git).st_mode)
    except (OSError, ValueError):
        return None
    if is_folder:
        return GitRepository(root, git) if os.path.lexists(os.path.join(git, "HEAD")) else None
    line = _first_line(git)
    if line is None or not line.startswith("gitdir:"):
        return None
    return GitRepository(root, os.path.normpath(os.path.join(root, line.removeprefix("gitdir:").strip())))


def _first_line(path: str) -> str | None:
    data = read_start(path, LARGEST_REFERENCE)
    if not data:
        return None
    return os.fsdecode(data.partition(b"\n")[0].rstrip(b"\r")) or None


def _reference(path: str) -> str | None:
    """The full name of the reference that the symbolic reference at `path` names, or None."""
    line = _first_line(path)
    return line.removeprefix("ref:").strip() if line is not None and line.startswith("ref:") else None


def _branch_of(reference: str) -> str | None:
    match = _BRANCH.fullmatch(reference)
    return match["name"] if match is not None and _is_plain(match["name"]) else None


def _is_plain(name: str) -> bool:
    """No part is empty or begins with a dot: git writes `.invalid` when it keeps references elsewhere."""
    return all(part and not part.startswith(".") for part in name.split("/"))
