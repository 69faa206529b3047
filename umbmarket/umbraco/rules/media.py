"""UMB2xx, addresses: videos, images and files of the repository that a listing points to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, Observation, Place, Severity, quote, visible
from umbmarket.formats.json.tree import join, unescape
from umbmarket.git.relation import Repository
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.value_groups import IMAGE_VALUES, URL_VALUES, VIDEO_VALUES

_NEEDS_URL = ("/AuthorDetails/Url", "/AuthorDetails/ImageUrl")
"""Addresses that the schema has no pattern for."""


def _addresses(facts: ListingFacts, *patterns: str) -> Iterator[tuple[str, str]]:
    """The addresses at `patterns` that the schema accepts and that are not empty."""
    for pointer, text in facts.document.texts(*patterns):
        if text.strip() and pointer not in facts.refused:
            yield pointer, text.strip()


def _sentence(text: str) -> str:
    return visible(text).removesuffix(".")


def _change(listing: Listing, pointer: str, url: str, *, certain: bool) -> tuple[Fix, ...]:
    edit = listing.edits.replace(pointer, url)
    return listing.edits.fix(f"Change to {quote(url, 200)}", edit, safety="safe" if certain else "unsafe")


@rule(
    "UMB201",
    "video-url-format",
    Severity.ERROR,
    why="the Marketplace embeds three forms of address; any other shows no video",
    fix="unsafe",
)
def video_url_format(facts: ListingFacts) -> Iterator[Observation]:
    """A `VideoUrl` in none of the three forms that the Marketplace can embed.

    These are `https://www.youtube.com/embed/{id}`, `https://www.youtube.com/watch?v={id}` and
    `https://player.vimeo.com/video/{id}`. Recognises short links, shorts, live streams, other spellings of the host,
    playlists, more parameters behind the id, Vimeo's pages and video files, and says which form to use. The fix is safe
    where the id is certain and nothing is lost. A video file in a screenshot is fine: the schema describes that key as
    the address of "a video file".

    Why it matters:
        The listing guide names these three forms and has never named others. The schema does not check them, so
        `https://youtu.be/...`, which is what the Share button gives, passes and shows nothing.

    Bad:
        {"VideoUrl": "https://youtu.be/dQw4w9WgXcQ"}

    Good:
        {"VideoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
    """
    from umbmarket.umbraco.videos import EMBEDDABLE_FORMS, classify_video

    listing = facts.document
    for pointer, url in _addresses(facts, *VIDEO_VALUES):
        video = classify_video(url)
        if video.kind == "embeddable" or (video.kind == "video-file" and pointer != "/VideoUrl"):
            continue
        forms = ", ".join(EMBEDDABLE_FORMS)
        help_ = f"write {visible(video.embed_url)}" if video.embed_url else f"use one of {forms}"
        yield Observation(
            f"{quote(url)} cannot be embedded: {_lower_first(_sentence(video.reason))}",
            Place(pointer),
            help=help_,
            args={"kind": video.kind, "videoId": video.id, "suggestion": video.embed_url},
            fixes=_change(listing, pointer, video.embed_url, certain=video.certain) if video.embed_url else (),
        )


def _lower_first(text: str) -> str:
    first_word = text.partition(" ")[0]
    return text[0].lower() + text[1:] if first_word in ("It", "The", "This", "Its") else text


@rule(
    "UMB202",
    "github-page-not-image",
    Severity.ERROR,
    why="the Marketplace's server fetches the image and gets a page, or soon nothing at all",
    fix="safe",
)
def page_not_image(facts: ListingFacts) -> Iterator[Observation]:
    """An image address that leads to a page, or that does not last.

    The page on which GitHub shows a file (`/blob/` without `?raw=true`), imgur's page of a picture, GitHub's `camo`
    cache, attachments of issues (`user-attachments`), and the pages of other file hosts. The fix for GitHub is the raw
    address of the same file.

    Why it matters:
        17 addresses in listings of public repositories are such GitHub pages. The people who run the Marketplace find
        them in their error logs: the address "gives a 404", the picture stays away.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://github.com/owner/repository/blob/main/editor.png"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/editor.png"}]}
    """
    from umbmarket.umbraco.image_hosts import NOT_IMAGES, classify_image

    listing = facts.document
    for pointer, url in _addresses(facts, *IMAGE_VALUES):
        image = classify_image(url)
        if image.kind not in NOT_IMAGES:
            continue
        instead = image.image_url
        yield Observation(
            f"{quote(url)} is no image: {_lower_first(_sentence(image.reason))}",
            Place(pointer),
            help=f"write {visible(instead)}"
            if instead
            else "put the picture into the repository and use its raw address",
            args={"kind": image.kind, "suggestion": instead},
            fixes=_change(listing, pointer, instead, certain=True) if instead else (),
        )


@rule(
    "UMB203",
    "image-type",
    Severity.WARNING,
    why="other types than these were not seen to show on the Marketplace",
)
def image_type(facts: ListingFacts) -> Iterator[Observation]:
    """An image address whose path ends in something else than an image type that shows.

    png, jpg, jpeg, gif and webp for screenshots, png and jpg for the author's picture. Addresses without an ending are
    fine: avatars and image services have none.

    Why it matters:
        The guide asks for png or jpg for the author's picture, and the types for screenshots are those seen in
        listings. SVG was not seen to show.

    Bad:
        {"AuthorDetails": {"ImageUrl": "https://example.com/logo.svg"}}

    Good:
        {"AuthorDetails": {"ImageUrl": "https://example.com/logo.png"}}
    """
    from umbmarket.umbraco.image_hosts import (
        AUTHOR_IMAGE_EXTENSIONS,
        IMAGE_EXTENSIONS,
        NOT_IMAGES,
        classify_image,
    )

    for pointer, url in _addresses(facts, *IMAGE_VALUES):
        image = classify_image(url)
        author = pointer.startswith("/AuthorDetails")
        allowed = AUTHOR_IMAGE_EXTENSIONS if author else IMAGE_EXTENSIONS
        if image.extension is None or image.extension in allowed or image.kind in (*NOT_IMAGES, "relative-path"):
            continue
        if image.kind == "file" and image.extension not in _OTHER_FILE_TYPES:
            continue  # an ending such as .com or .aspx says nothing about what the address serves
        whose = "an author's picture" if author else "a screenshot"
        yield Observation(
            f"{quote('.' + image.extension)} is not known to show as {whose}",
            Place(pointer),
            help=f"use one of: {', '.join(sorted(allowed))}",
            args={"extension": image.extension},
        )


_OTHER_FILE_TYPES = frozenset(
    (
        *(
            "svg",
            "bmp",
            "tif",
            "tiff",
            "ico",
            "avif",
            "heic",
            "heif",
            "webp",
            "gif",
            "jfif",
            "apng",
            "psd",
            "ai",
            "eps",
        ),
        *("pdf", "mp4", "webm", "mov", "avi", "html", "htm", "md", "txt", "json", "zip"),
    )
)
"""Endings that name a type of file which no listing was seen to show as a picture (or, for an author, gif and webp)."""


@rule(
    "UMB204",
    "relative-path",
    Severity.ERROR,
    why="the Marketplace does not know what the path is relative to; the schema refuses it, or the picture stays away",
    fix="safe",
)
def relative_path(facts: ListingFacts) -> Iterator[Observation]:
    """A relative path where a full address is needed.

    Where the listing lies in a working tree of a GitHub repository, the raw address of the file is suggested; the fix
    is safe where the file exists.

    Why it matters:
        Paths work in a readme on GitHub and nowhere else. In screenshots and links they break the published schema, and
        with it the whole listing.

    Bad:
        {"Screenshots": [{"ImageUrl": "./images/editor.png"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/images/editor.png"}]}
    """
    from umbmarket.umbraco.urls import diagnose_url

    listing = facts.document
    for pointer, text in chain(listing.texts(*URL_VALUES), _unknown_addresses(facts)):
        unchecked = pointer in _NEEDS_URL
        if not text.strip() or not (unchecked or "pattern" in facts.refused.get(pointer, ())):
            continue
        # UMB108 asks the same of the same text, so that one of the two takes it.
        problem = diagnose_url(text.strip() if unchecked else text)
        if problem is None or not (problem.code == "relative-path" or (unchecked and problem.code == "no-scheme")):
            continue
        name = quote(unescape(pointer.rpartition("/")[2]))
        if problem.code == "no-scheme":
            fixes = _change(listing, pointer, problem.corrected, certain=True) if problem.corrected else ()
            yield Observation(
                f"{name} has no scheme, so {quote(text)} is a relative path",
                Place(pointer),
                help='begin it with "https://"',
                args={"value": text},
                fixes=fixes,
            )
            continue
        raw, exists = _raw_address(facts, text.strip())
        yield Observation(
            f"{name} is the relative path {quote(text)}",
            Place(pointer),
            help=f"write {visible(raw)}" if raw else "write the full address, beginning with https://",
            args={"value": text, "suggestion": raw},
            fixes=_change(listing, pointer, raw, certain=exists) if raw else (),
        )


def _unknown_addresses(facts: ListingFacts) -> Iterator[tuple[str, str]]:
    """Texts under unknown keys of the listing that end in `Url`: the schema has its pattern for these as well."""
    for key, value in facts.document.value.items():
        if key.endswith("Url") and f"/{key}" not in URL_VALUES and isinstance(value, str):
            yield join("", key), value


def _raw_address(facts: ListingFacts, text: str) -> tuple[str | None, bool]:
    """The raw address of the file that a relative path in this listing means, and whether the file is there."""
    from umbmarket.web.addresses.repositories import raw_url, repository_of

    repository, folder = facts.repository, facts.folder
    path = _normal_path(text, folder or "")
    if repository is None or folder is None or path is None or not (repository.owner and repository.name):
        return None, False
    named = repository_of(repository.owner, repository.name)
    branch = repository.default_branch or repository.branch
    if named is None or branch is None:
        return None, False
    found = repository.look_up(path)
    return raw_url(named, branch, found.other_case or path), found.exact or found.other_case is not None


def _normal_path(text: str, folder: str) -> str | None:
    """`text` relative to the root of the repository, or None where it leaves it."""
    text = text.replace("\\", "/").partition("?")[0].partition("#")[0]
    parts = [] if text.startswith("/") else [part for part in folder.split("/") if part]
    for part in text.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


_NO_ADDRESS = frozenset(
    (
        *("other-scheme", "scheme-separator", "scheme-twice", "white-space", "no-host", "host-character"),
        *("host-without-dot", "localhost", "back-slash", "malformed"),
    )
)
"""What leads nowhere, whatever the schema's pattern says; a port or a long top-level domain does work here."""


_PORT = re.compile(r"(?<=[A-Za-z0-9]):[0-9]{1,5}(?=[/?#]|\Z)")


@rule(
    "UMB221",
    "author-address",
    Severity.WARNING,
    why="the schema lets any text pass here, and people get a dead link or no picture",
    fix="safe",
)
def author_address(facts: ListingFacts) -> Iterator[Observation]:
    """`Url` or `ImageUrl` of `AuthorDetails` that is no address: words, a mistyped scheme, a space inside.

    What the schema's pattern refuses elsewhere but browsers open, such as a port, is fine here. Relative paths are
    UMB204. A `mailto:` address is fine for `Url`.

    Why it matters:
        The schema has no pattern for these two keys, so nothing else complains.

    Bad:
        {"AuthorDetails": {"Url": "htps://example.com"}}

    Good:
        {"AuthorDetails": {"Url": "https://example.com"}}
    """
    from umbmarket.umbraco.urls import diagnose_url

    listing = facts.document
    for pointer, text in listing.texts(*_NEEDS_URL):
        # A port is fine here, and what is wrong behind it is not.
        problem = diagnose_url(_PORT.sub("", text.strip())) if text.strip() else None
        is_mail = pointer == "/AuthorDetails/Url" and text.strip().lower().startswith("mailto:")
        if problem is None or problem.code not in _NO_ADDRESS or is_mail:
            continue
        yield Observation(
            f"{quote(pointer.rpartition('/')[2])} of AuthorDetails {visible(problem.message)}",
            Place(pointer),
            help=_lower_first(_sentence(problem.help)),
            args={"value": text, "problem": problem.code},
            fixes=_change(listing, pointer, problem.corrected, certain=True)
            if problem.corrected and not _PORT.search(text)
            else (),
        )


@rule(
    "UMB216",
    "image-not-in-repository",
    Severity.ERROR,
    other_severities=(Severity.INFO,),
    why="nothing else checks it: a wrong path is a picture that stays away, with nobody told",
    fix="safe",
)
def image_not_in_repository(facts: ListingFacts) -> Iterator[Observation]:
    """An image address into this very repository, to a file that the working tree does not hold.

    Letter case counts, as it does on GitHub. An address that pins another branch, a tag or a commit cannot be judged by
    the working tree: a missing file is then an info that says so.

    Why it matters:
        Files are moved and renamed, and the listing is forgotten. "Nothing validates ...; a typo silently 404s on the
        live Marketplace", as one author's release notes put it.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/Images/editor.PNG"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/images/editor.png"}]}
    """
    from umbmarket.umbraco.image_hosts import repository_reference

    repository = facts.repository
    if repository is None or not repository.owner or not repository.name:
        return
    for pointer, url in _addresses(facts, *IMAGE_VALUES):
        file = repository_reference(url)
        if file is None or not _is_same(repository, file.repository.owner, file.repository.name):
            continue
        branches = [branch for branch in (repository.branch, repository.default_branch, "HEAD") if branch]
        on_branch = next((split for branch in branches if (split := file.split_at(branch))), None)
        path = (on_branch or file).path
        found = repository.look_up(path)
        if found.exact:
            continue
        if on_branch is None:
            pinned = "a commit" if file.is_pinned else f"the branch or tag {quote(file.ref)}"
            yield Observation(
                f"{quote(path)} is not in the working tree; the address pins {pinned}",
                Place(pointer),
                help="open the address to see whether it still works, or point it to the default branch",
                args={"path": path, "ref": file.ref},
                severity=Severity.INFO,
            )
            continue
        yield _missing_file(facts.document, pointer, url, path, found.other_case, found.similar)


def _missing_file(
    listing: Listing, pointer: str, url: str, path: str, other_case: str | None, similar: str | None
) -> Observation:
    from urllib.parse import quote as percent_encoded

    fixes: tuple[Fix, ...] = ()
    help_ = "add the file, or correct the path"
    message = f"the repository has no file {quote(path)}"
    if other_case is not None:
        message = f"the repository has {quote(other_case)}, which differs from the address in letter case"
        help_ = "GitHub tells upper and lower case apart: write the path as the file is named"
        encoded_path, encoded_real = percent_encoded(path), percent_encoded(other_case)
        written = encoded_path if encoded_path in url else path
        if url.count(written) == 1:
            real = encoded_real if written == encoded_path else other_case
            fixes = _change(listing, pointer, url.replace(written, real), certain=True)
    elif similar is not None:
        help_ = f"did you mean {quote(similar)}?"
    return Observation(
        message,
        Place(pointer),
        help=help_,
        args={"path": path, "suggestion": other_case or similar},
        fixes=fixes,
    )


def _is_same(repository: Repository, owner: str, name: str) -> bool:
    return (repository.owner or "").lower() == owner.lower() and (repository.name or "").lower() == name.lower()
