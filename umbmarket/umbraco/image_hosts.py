"""Which image addresses give the Marketplace an image.

The Marketplace fetches images with its own server. Facts behind the kinds: a GitHub ``/blob/`` page "gives a
404, it needs to be the raw content link" (official, HQ in Matthew-Wise/feature-flagging-umbraco, PR 9);
authors replaced ``camo``, ``user-attachments`` and imgur pages by real files (observed);
``https://github.com/{user}.png`` is what the listing guide recommends for avatars, and HQ's own listings use
``avatars.githubusercontent.com`` (official), so addresses without a file ending and addresses that redirect
are fine.
"""

from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import unquote

from umbmarket.umbraco.urls import diagnose_url
from umbmarket.web.addresses.parts import WebAddress, parse_address
from umbmarket.web.addresses.repositories import (
    RAW_HOST,
    GitHubRepository,
    is_commit,
    repository_of,
    split_reference,
)

IMAGE_EXTENSIONS = frozenset({"gif", "jpeg", "jpg", "png", "webp"})
"""Endings of paths that the Marketplace is known to show, in lower case. HQ tried ``webp`` on 2023-12-04."""

SHOWN_IMAGES: frozenset[str] = frozenset({"PNG", "JPEG", "GIF", "WebP"})
"""What `umbmarket.formats.pictures` recognises and listings on the Marketplace were seen to show."""

OTHER_IMAGES: frozenset[str] = frozenset({"SVG", "AVIF", "HEIC", "BMP", "ICO", "TIFF"})
"""Images that were not seen to show there."""

AUTHOR_IMAGE_EXTENSIONS = frozenset({"jpeg", "jpg", "png"})
"""Endings for the author's picture: the listing guide asks for ``.png`` or ``.jpg``."""

ImageKind: TypeAlias = Literal[
    "file",
    "repository-file",
    "github-blob-page",
    "github-raw-detour",
    "github-page",
    "github-avatar",
    "user-image",
    "user-attachment",
    "private-attachment",
    "camo",
    "imgur-page",
    "gitbook-proxy",
    "host-page",
    "relative-path",
    "not-an-address",
]
"""What an image address is.

- ``file``: an address that may well be an image; nothing is known against it.
- ``repository-file``: a file of a GitHub repository, in one of the forms that give the file itself.
- ``github-blob-page``: the page on which GitHub shows a file.
- ``github-raw-detour``: an address at GitHub's host of files with ``blob/``, ``raw/`` or ``tree/`` in it, as pages
  have it; there it leads nowhere.
- ``github-page``: another page of GitHub.
- ``github-avatar``: a picture of a GitHub account.
- ``user-image``: a picture put into an issue before 2023; lasts.
- ``user-attachment``: a picture put into an issue since; its address leads to one that expires, each time to a new one.
- ``private-attachment``: the address that the former leads to.
- ``camo``: GitHub's cache of somebody else's picture.
- ``imgur-page``: the page on which imgur shows a picture.
- ``gitbook-proxy``: GitBook's own copy of a picture, made for the page that it stands on.
- ``host-page``: the page on which another file host (GitLab, Bitbucket, Google Drive, Dropbox) shows a file.
"""

NOT_IMAGES: frozenset[ImageKind] = frozenset(
    {
        "github-blob-page",
        "github-raw-detour",
        "github-page",
        "user-attachment",
        "private-attachment",
        "camo",
        "imgur-page",
        "gitbook-proxy",
        "host-page",
    }
)
"""The kinds that give a page, or that do not last."""

LEFT_TO_OTHERS: frozenset[ImageKind] = frozenset({"user-attachment", "camo", "gitbook-proxy"})
"""Those of `NOT_IMAGES` that give an image today: nobody promises that they go on, and nobody says when they end."""

_RAW_HOSTS = frozenset({RAW_HOST, "raw.github.com"})
_GITHUB_HOSTS = frozenset({"github.com", "www.github.com"})
_DETOURS = ("blob", "raw", "tree")
"""What pages of github.com have behind the repository, and addresses at `_RAW_HOSTS` do not."""

_WIKI = "wiki"
"""What stands in the place of the owner in addresses of a wiki's files at `_RAW_HOSTS`; no account has this name."""

_PICTURES = frozenset({"identicons", "images"})
"""First parts of paths below which github.com has pictures of its own, and no account has its pages."""

_IMGUR_HOSTS = frozenset({"imgur.com", "www.imgur.com", "m.imgur.com"})
_NOT_IN_NAMES = frozenset("/\\:\0")
_MAX_EXTENSION = 5
_REMEMBERED = 256
"""Addresses whose reading is kept: several rules ask about the images of one listing."""


class RepositoryFile(NamedTuple):
    """A file of a GitHub repository that an address points to.

    Attributes:
        repository: The repository.
        ref: The branch, tag or commit, as far as can be told without knowing the branches: the part before
            the first slash.
        path: The path behind ``ref``, percent-decoded, with forward slashes.
        reference: Both joined by a slash, without ``refs/heads/``; see `split_at`.
    """

    repository: GitHubRepository
    ref: str
    path: str
    reference: str

    @property
    def is_pinned(self) -> bool:
        """Whether the address names a commit, so that later changes do not show."""
        return is_commit(self.ref)

    def split_at(self, branch: str) -> "RepositoryFile | None":
        """The same file on a branch whose name may have slashes, or None if the address is not on it."""
        found, path = split_reference(self.reference, (branch,))
        if found != branch or not path:
            return None
        return RepositoryFile(self.repository, branch, path, self.reference)


class Image(NamedTuple):
    """What an image address is and what to write in its place.

    Attributes:
        kind: What it is.
        host: Its host in lower case, or None if the text is no address.
        extension: The ending of its path in lower case without the dot, or None if it has none.
        file: The file it points to, if it is one of a GitHub repository.
        image_url: An address that gives the image itself, where the given one does not and it is known; else
            None.
        reason: Why it gives no image, or does not last, as a whole sentence; empty where nothing is wrong.
    """

    kind: ImageKind
    host: str | None
    extension: str | None = None
    file: RepositoryFile | None = None
    image_url: str | None = None
    reason: str = ""


@lru_cache(maxsize=_REMEMBERED)
def classify_image(url: str) -> Image:
    """Say what an image address is.

    Args:
        url: The value of an ``ImageUrl``; anything.

    Returns:
        What it is. Something is wrong with it exactly if there is a reason.
    """
    address = parse_address(url)
    if address is None:
        return _no_address(url)
    extension = _extension(address)
    file = repository_reference(url)
    if file is not None and _detour(address) is not None:
        return _raw_detour(address, extension, file)
    if file is not None and not _is_blob_page(address):
        return Image("repository-file", address.host, extension, file)
    if address.host in _GITHUB_HOSTS:
        return _github(address, extension)
    if address.host.endswith(".githubusercontent.com"):
        return _github_content(address, extension)
    if address.host in _IMGUR_HOSTS:
        return _imgur(address, extension)
    if address.path.endswith("/~gitbook/image"):
        return _gitbook(address)
    reason = _host_page(address)
    if reason:
        return Image("host-page", address.host, extension, reason=reason)
    return Image("file", address.host, extension)


@lru_cache(maxsize=_REMEMBERED)
def repository_reference(url: str) -> RepositoryFile | None:
    """Read which file of a GitHub repository an address points to.

    Understands ``raw.githubusercontent.com/{owner}/{repo}/{ref}/{path}``, the same with
    ``refs/heads/{branch}``, and ``github.com/{owner}/{repo}/raw/...`` and ``/blob/...``, the latter with and
    without ``?raw=true``.

    Args:
        url: Anything.

    Returns:
        The file, or None if the address points to no file of a repository.
    """
    address = parse_address(url)
    if address is None or address.port not in ("", "80", "443"):
        return None
    if address.host in _RAW_HOSTS:
        owner, name, *rest = [*address.segments, "", ""]
        if owner == _WIKI:
            return None
        if _detour(address) is not None:
            rest = rest[1:]
    elif address.host in _GITHUB_HOSTS and len(address.segments) > 2 and address.segments[2] in ("raw", "blob"):
        owner, name, _, *rest = [*address.segments, ""]
    else:
        return None
    repository = repository_of(owner, name)
    try:
        parts = [unquote(part, errors="strict") for part in rest if part]
    except UnicodeDecodeError:
        return None
    if repository is None or any(part in (".", "..") or not _NOT_IN_NAMES.isdisjoint(part) for part in parts):
        return None
    reference = "/".join(parts)
    for prefix in ("refs/heads/", "refs/tags/"):
        reference = reference.removeprefix(prefix)
    ref, path = split_reference(reference)
    return RepositoryFile(repository, ref, path, reference) if path else None


def _no_address(url: str) -> Image:
    problem = diagnose_url(url)
    if problem is not None and problem.code == "relative-path":
        reason = "It is a relative path; the Marketplace needs a full URL."
        return Image("relative-path", None, reason=reason)
    return Image("not-an-address", None, reason="It is not a URL.")


def _extension(address: WebAddress) -> str | None:
    """The ending of the last part of the path, if that part looks like a file name."""
    stem, dot, ending = unquote("".join(address.segments[-1:])).rpartition(".")
    if not dot or not stem or not 0 < len(ending) <= _MAX_EXTENSION:
        return None
    ending = ending.lower()
    return ending if ending.isascii() and ending.isalnum() and not ending.isdigit() else None


def _is_blob_page(address: WebAddress) -> bool:
    if address.host not in _GITHUB_HOSTS or address.segments[2:3] != ("blob",):
        return False
    return ("raw", "true") not in address.parameters and ("raw", "1") not in address.parameters


def detour_of(url: str) -> str | None:
    """`blob`, `raw` or `tree` where an address at GitHub's host of files has one too many, else None."""
    address = parse_address(url)
    return _detour(address) if address is not None else None


def _detour(address: WebAddress) -> str | None:
    """The part that only pages have, where a branch and a path stand behind it."""
    segments = address.segments
    is_one = address.host in _RAW_HOSTS and len(segments) > 4 and segments[2] in _DETOURS
    return segments[2] if is_one and segments[0] != _WIKI else None


def _raw_detour(address: WebAddress, extension: str | None, file: RepositoryFile) -> Image:
    detour = address.segments[2]
    rest = "/".join(address.segments[:2] + address.segments[3:])
    return Image(
        "github-raw-detour",
        address.host,
        extension,
        file,
        f"https://{RAW_HOST}/{rest}",
        f"It has {detour}/ before the branch, as github.com URLs do; {address.host} has nothing there.",
    )


def _gitbook(address: WebAddress) -> Image:
    """GitBook's proxy takes the picture's own address as the parameter `url`."""
    own = next((value for name, value in address.parameters if name == "url"), None)
    parsed = parse_address(own) if own is not None else None
    return Image(
        "gitbook-proxy",
        address.host,
        image_url=own if parsed is not None else None,
        reason="It is GitBook's cached copy of the image, made for one of its pages.",
    )


def _github(address: WebAddress, extension: str | None) -> Image:
    segments = address.segments
    if _is_blob_page(address):
        rest = "/".join(segments[:2] + segments[3:])
        return Image(
            "github-blob-page",
            address.host,
            extension,
            repository_reference(f"https://github.com{address.path}"),
            f"https://{RAW_HOST}/{rest}" if len(segments) > 4 else None,
            "It links to GitHub's page about the file.",
        )
    if segments[2:3] == ("tree",) and extension in IMAGE_EXTENSIONS and len(segments) > 4:
        rest = "/".join(segments[:2] + segments[3:])
        return Image(
            "github-page",
            address.host,
            extension,
            image_url=f"https://{RAW_HOST}/{rest}",
            reason="It links to GitHub's page about the file.",
        )
    if segments[:1] == ("user-attachments",) or segments[2:3] in (("assets",), ("files",)):
        return Image(
            "user-attachment",
            address.host,
            extension,
            reason="It is an issue attachment, which redirects to a new URL each time, which expires within minutes.",
        )
    if len(segments) == 1 and extension == "png":
        return Image("github-avatar", address.host, extension)
    if _serves_files(segments, extension):
        return Image("file", address.host, extension)
    return Image("github-page", address.host, extension, reason="It links to a page on GitHub.")


def _serves_files(segments: tuple[str, ...], extension: str | None) -> bool:
    """Whether github.com has a file at a path and not a page: of a release, a wiki or a workflow, or one of its own."""
    match segments:
        case (_, _, "releases", "download", *_) | (_, _, "releases", "latest", "download", _, *_):
            return True
        case (_, _, "workflows" | "actions", *_):
            return True
        case (_, _, "wiki", _, *_):
            return extension is not None
    return bool(segments) and segments[0] in _PICTURES and extension is not None


def _github_content(address: WebAddress, extension: str | None) -> Image:
    match address.host.partition(".")[0]:
        case "avatars" | "avatars0" | "avatars1" | "avatars2" | "avatars3":
            return Image("github-avatar", address.host, extension)
        case "user-images":
            return Image("user-image", address.host, extension)
        case "private-user-images":
            return Image(
                "private-attachment",
                address.host,
                extension,
                reason="It is an issue attachment, and its URL expires within minutes.",
            )
        case "camo":
            return Image(
                "camo",
                address.host,
                extension,
                reason="It is GitHub's cached copy of an image from elsewhere, and its URL changes without notice.",
            )
    return Image("file", address.host, extension)


def _imgur(address: WebAddress, extension: str | None) -> Image:
    if extension in IMAGE_EXTENSIONS and len(address.segments) == 1:
        # imgur.com/x.png is redirected to the file on i.imgur.com.
        return Image("file", address.host, extension)
    return Image(
        "imgur-page",
        address.host,
        extension,
        reason="It links to imgur's page about the image; the image itself is on i.imgur.com.",
    )


def _host_page(address: WebAddress) -> str:
    """Why an address of another file host gives a page, or an empty text if it does not."""
    host, segments = address.host, address.segments
    if (host == "gitlab.com" or host.startswith("gitlab.")) and "/-/blob/" in address.path:
        return "It links to GitLab's page about the file; the file itself has /-/raw/ in its URL."
    if host == "bitbucket.org" and segments[2:3] == ("src",):
        return "It links to Bitbucket's page about the file; the file itself has /raw/ in its URL."
    if host == "drive.google.com" and segments[:2] == ("file", "d"):
        return "It links to Google Drive's page about the file."
    direct = {("dl", "1"), ("raw", "1")} & set(address.parameters)
    if host in ("www.dropbox.com", "dropbox.com") and not direct:
        return "It links to Dropbox's page about the file; the file itself has ?raw=1 in its URL."
    return ""
