"""Which file of a working tree an address leads to: the one answer, for rules and for the preview."""

from __future__ import annotations

import re
from typing import NamedTuple

from umbmarket.git.relation import Repository
from umbmarket.web.addresses.repositories import GitHubRepository, split_reference

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
"""The name of a commit, in full or cut: it never moves, and git need not know it."""


class Reference(NamedTuple):
    """Where an address leads in a repository.

    Attributes:
        branch: the branch, tag or commit.
        path: the path behind it, percent-decoded; empty for the root.
        is_known: git knows the branch, or whether the remote has it cannot be told.
        is_here: the files at hand are those of the branch, as far as one can tell.
    """

    branch: str
    path: str
    is_known: bool
    is_here: bool


def reference_in(repository: Repository, reference: str) -> Reference:
    """Branch and path, split at the branch that the remote has; without one, at the first slash.

    Args:
        repository: the working tree.
        reference: what an address into its repository has behind `blob`, `tree` or `raw`.
    """
    here = [branch for branch in (repository.branch, repository.default_branch, "HEAD") if branch]
    branch, path = split_reference(reference, (*here, *repository.branches))
    lacking = branch not in here and not _COMMIT.fullmatch(branch) and repository.lacks(reference)
    return Reference(branch, path, not lacking, branch in here)


def is_own(repository: Repository, named: GitHubRepository) -> bool:
    """Whether a repository on GitHub is the one that the working tree is published to."""
    return GitHubRepository(repository.owner or "", repository.name or "").same_as(named)
