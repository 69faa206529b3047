"""Addresses of GitHub repositories, in the spellings that occur in packages and listings.

GitHub takes owner and repository in any letter case; branches, tags and paths are exact.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

RAW_HOST = "raw.githubusercontent.com"
"""The host that serves the files of public repositories."""

DEFAULT_BRANCH = "HEAD"
"""The name under which `RAW_HOST` serves the default branch of a repository, whatever it is called."""

_HOSTS = frozenset({"github.com", "www.github.com", "ssh.github.com"})
_URL = re.compile(
    r"(?:git\+)?(?:https?|git|ssh)://(?:[^/?#@\\]*@)?([^/?#:\\]+)(?::[0-9]+)?(?:/([^?#]*))?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_SSH = re.compile(r"(?:[\w.\-]+@)?(github\.com):(?!//)([^?#]*)", re.IGNORECASE | re.ASCII)

_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,38}")
_REPOSITORY = re.compile(r"[A-Za-z0-9._\-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}")

_NOT_OWNERS = frozenset(
    {
        "apps",
        "collections",
        "enterprise",
        "features",
        "marketplace",
        "orgs",
        "search",
        "settings",
        "sponsors",
        "topics",
        "user-attachments",
        "users",
    }
)
"""First parts of paths on github.com that have a second part and are no accounts."""


class GitHubRepository(NamedTuple):
    """A repository on GitHub.

    Attributes:
        owner: The account, as it was written.
        name: The repository, as it was written, without ``.git``.
    """

    owner: str
    name: str

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"https://github.com/{self.owner}/{self.name}"

    def same_as(self, other: "GitHubRepository") -> bool:
        """Whether both are the same repository, which letter case does not decide."""
        return self.owner.lower() == other.owner.lower() and self.name.lower() == other.name.lower()


class GitHubLocation(NamedTuple):
    """A place in a repository on GitHub.

    Attributes:
        repository: The repository.
        view: What GitHub shows there: ``"tree"``, ``"blob"``, ``"raw"``, another page such as ``"issues"``,
            or ``""`` for the repository's first page.
        reference: What follows the view, percent-decoded and without a slash at its end: for ``tree``,
            ``blob`` and ``raw`` a branch, tag or commit and a path, which only somebody who knows the
            branches can tell apart (``v13/main/src`` may be the branch ``v13`` or ``v13/main``).
    """

    repository: GitHubRepository
    view: str = ""
    reference: str = ""


def parse_repository(url: str) -> GitHubLocation | None:
    """Read the address of a repository on GitHub or of something inside it.

    Understands ``https``, ``http``, ``git``, ``ssh`` and ``git+https`` addresses and
    ``git@github.com:owner/name``, with ``www.``, ``.git``, a user, slashes at the end, a query and a
    fragment.

    Args:
        url: The text to read; anything.

    Returns:
        The location, or None if the text is not such an address: another host, or a page of GitHub that
        belongs to no repository.
    """
    match = _URL.fullmatch(url) or _SSH.fullmatch(url)
    if match is None:
        return None
    host, path = match[1].lower(), match[2] or ""
    if host not in _HOSTS:
        return None
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) < 2:
        return None
    repository = repository_of(segments[0], segments[1])
    if repository is None:
        return None
    view = segments[2] if len(segments) > 2 else ""
    return GitHubLocation(repository, view.lower(), unquote("/".join(segments[3:])))


def repository_of(owner: str, name: str) -> GitHubRepository | None:
    """Make a repository of two parts of a path, or None if GitHub allows no such names."""
    if name.lower().endswith(".git"):
        name = name[:-4]
    if owner.lower() in _NOT_OWNERS or not _OWNER.fullmatch(owner):
        return None
    if not _REPOSITORY.fullmatch(name) or name in (".", ".."):
        return None
    return GitHubRepository(owner, name)


def split_reference(reference: str, branches: tuple[str, ...] = ()) -> tuple[str, str]:
    """Split what follows ``tree``, ``blob`` or ``raw`` into branch (or tag, or commit) and path.

    Args:
        reference: Such as ``main/src/MyPackage``; ``refs/heads/`` and ``refs/tags/`` may stand before it.
        branches: Branches known to exist. The longest that fits is taken; without one, the part before the
            first slash.

    Returns:
        The branch and the path, either of which may be empty.
    """
    for prefix in ("refs/heads/", "refs/tags/"):
        if reference.startswith(prefix):
            reference = reference[len(prefix) :]
            break
    for branch in sorted(branches, key=len, reverse=True):
        if branch and (reference == branch or reference.startswith(branch + "/")):
            return branch, reference[len(branch) + 1 :]
    branch, _, path = reference.partition("/")
    return branch, path


def is_commit(reference: str) -> bool:
    """Whether a reference is the full name of a commit (SHA-1), which never moves."""
    return _COMMIT.fullmatch(reference) is not None


def page_url(repository: GitHubRepository, reference: str, path: str) -> str:
    """The address of the page on which GitHub shows a file or, by way of a redirect, a folder.

    Args:
        repository: The repository.
        reference: A branch, tag or commit.
        path: The path in the repository, with forward slashes, not encoded.
    """
    return f"https://github.com/{repository.owner}/{repository.name}/blob/{quote(f'{reference}/{path}')}"


def raw_url(repository: GitHubRepository, reference: str, path: str) -> str:
    """The address at which GitHub serves a file of a public repository.

    Args:
        repository: The repository.
        reference: A branch, tag or commit, or `DEFAULT_BRANCH`.
        path: The path in the repository, with forward slashes, not encoded.
    """
    return f"https://{RAW_HOST}/{repository.owner}/{repository.name}/{quote(f'{reference}/{path}')}"
