"""The git working tree that a file lies in, as far as rules may ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from umbmarket.web.addresses.repositories import GitHubRepository

Relation = Literal["same", "fork", "other", "unknown"]
"""What a GitHub repository is to a working tree.

- ``same``: the one that the tree is published to.
- ``fork``: the tree is of another one with the same name, or it has a further remote that names this one.
- ``other``: the tree is published to another one.
- ``unknown``: the tree is published to none, as far as its remotes tell.
"""


class Lookup(NamedTuple):
    """What the working tree holds at a path.

    Attributes:
        exact: a file with exactly this path, letter case included, is there.
        other_case: the path as it is really spelled, when only the letter case differs.
        similar: the nearest path that does exist, when none of that spelling does.
    """

    exact: bool
    other_case: str | None = None
    similar: str | None = None


class Repository(Protocol):
    """Facts about a git working tree. Paths are relative to its root, with forward slashes."""

    @property
    def owner(self) -> str | None:
        """Owner of the GitHub repository that the remote names, or None."""

    @property
    def name(self) -> str | None:
        """Name of that repository, or None."""

    @property
    def branch(self) -> str | None:
        """The branch that is checked out; None when the head is detached."""

    @property
    def default_branch(self) -> str | None:
        """The remote's default branch as git last heard of it, or None."""

    @property
    def branches(self) -> tuple[str, ...]:
        """Names of the branches that git knows of."""

    def lacks(self, reference: str) -> bool:
        """Whether a branch or tag, and a path behind it or none, begins with no branch or tag of the remote.

        False where git does not know all of them, as in a shallow clone.
        """

    def look_up(self, path: str) -> Lookup:
        """Whether the working tree holds a file at `path`, or would without a sparse checkout."""

    def look_up_folder(self, path: str) -> Lookup:
        """The same for a folder."""

    @property
    def github_remotes(self) -> tuple[GitHubRepository, ...]:
        """The GitHub repositories that the remotes name."""


def relation(repository: Repository, named: GitHubRepository) -> Relation:
    """What the GitHub repository `named` is to the working tree `repository`."""
    if repository.owner is None or repository.name is None:
        return "unknown"
    if (repository.owner.lower(), repository.name.lower()) == (named.owner.lower(), named.name.lower()):
        return "same"
    has_same_name = repository.name.lower() == named.name.lower()
    is_remote = any(named.same_as(remote) for remote in repository.github_remotes)
    return "fork" if has_same_name or is_remote else "other"
