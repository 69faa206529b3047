"""The git working tree that a file lies in, as far as rules may ask about it."""

from __future__ import annotations

from typing import NamedTuple, Protocol


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

    def look_up(self, path: str) -> Lookup:
        """Whether the working tree holds a file at `path`."""
