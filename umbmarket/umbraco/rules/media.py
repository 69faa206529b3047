"""UMB2xx, addresses: videos, images and files of the repository that a listing points to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.formats.json.tree import join, unescape
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.image_hosts import (
    AUTHOR_IMAGE_EXTENSIONS,
    IMAGE_EXTENSIONS,
    LEFT_TO_OTHERS,
    NOT_IMAGES,
    classify_image,
    detour_of,
)
from umbmarket.umbraco.rules.listing_addresses import addresses, change
from umbmarket.umbraco.rules.schema_refusals import as_clause
from umbmarket.umbraco.rules.sentences import lower_first, sentence
from umbmarket.umbraco.urls import diagnose_url
from umbmarket.umbraco.value_groups import AUTHOR_ADDRESSES, IMAGE_VALUES, URL_VALUES, VIDEO_VALUES


@rule(
    "UMB201",
    "video-url-format",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace embeds only three forms of video URL",
    fix="unsafe",
)
def video_url_format(facts: ListingFacts) -> Iterator[Observation]:
    """A `VideoUrl` that the Marketplace cannot embed.

    It embeds `https://www.youtube.com/embed/{id}`, `https://www.youtube.com/watch?v={id}` and
    `https://player.vimeo.com/video/{id}`. For short links, shorts, live streams, other host names, additional
    parameters and Vimeo pages the right form is suggested. The fix is safe if the id is certain and nothing else in the
    URL is lost. A video file is fine in a screenshot, where the schema asks for "a video file".

    A warning if something is added to one of these forms, such as `&t=30s`, `?si=...` or the hash of an unlisted video:
    what the Marketplace does with it is not known.

    Why it matters:
        These three are the only forms that the listing guide names. The schema does not check them, so
        `https://youtu.be/...`, which YouTube's Share button gives, passes validation and shows nothing.

    Bad:
        {"VideoUrl": "https://youtu.be/dQw4w9WgXcQ"}

    Good:
        {"VideoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
    """
    listing = facts.document
    for pointer, url in addresses(facts, *VIDEO_VALUES):
        # Late: most listings have none.
        from umbmarket.umbraco.videos import EMBEDDABLE_FORMS, classify_video

        video = classify_video(url)
        if video.kind == "embeddable" or (video.kind == "video-file" and pointer != "/VideoUrl"):
            continue
        # The hash of an unlisted video has to stay.
        instead = video.embed_url if video.embed_url != url else None
        help_ = f"write {visible(instead)}" if instead else f"use one of {', '.join(EMBEDDABLE_FORMS)}"
        if video.kind == "vimeo-unlisted":
            help_ = f"make the video public, or {help_}" if instead or not video.embed_url else "make the video public"
        yield Observation(
            f"{quote(url)} {'may not' if video.may_work else 'cannot'} be embedded:"
            f" {lower_first(sentence(video.reason))}",
            Place(pointer),
            help=help_,
            args={"kind": video.kind, "videoId": video.id, "suggestion": instead},
            fixes=change(listing, pointer, instead, certain=video.certain) if instead else (),
            severity=Severity.WARNING if video.may_work else None,
            estimate=video.may_work,
        )


@rule(
    "UMB202",
    "github-page-not-image",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace fetches the image from this URL and gets a web page or an error instead",
    fix="safe",
)
def page_not_image(facts: ListingFacts) -> Iterator[Observation]:
    """An image URL that leads to a web page, or that expires.

    Finds GitHub's page about a file (`/blob/` without `?raw=true`), imgur's page about an image, pages of other file
    hosts, URLs of issue attachments that expire (`private-user-images`), and `raw.githubusercontent.com` URLs with an
    extra `blob/`, `raw/` or `tree/` before the branch. The fix for GitHub is the raw URL of the same file.

    A warning for URLs that give an image today but may stop working: issue attachments
    (`user-attachments`), and the cached copies of GitHub (`camo`) and GitBook (`/~gitbook/image?url=`). Authors have
    replaced them in their listings.

    Why it matters:
        17 image URLs in listings of public repositories are such GitHub pages. Umbraco HQ finds them in the error logs:
        the URL "gives a 404", and no image shows.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://github.com/owner/repository/blob/main/editor.png"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/editor.png"}]}
    """
    listing = facts.document
    for pointer, url in addresses(facts, *IMAGE_VALUES):
        image = classify_image(url)
        if image.kind not in NOT_IMAGES:
            continue
        instead, is_left = image.image_url, image.kind in LEFT_TO_OTHERS
        fault = _FAULTS.get(image.kind, "is not an image")
        yield Observation(
            f"{quote(url)} {fault}: {lower_first(sentence(image.reason))}",
            Place(pointer),
            help=_instead_of(url, instead),
            args={"kind": image.kind, "suggestion": instead},
            fixes=change(listing, pointer, instead, certain=True) if instead and not is_left else (),
            severity=Severity.WARNING if is_left else None,
        )


_FAULTS = {
    **dict.fromkeys(LEFT_TO_OTHERS, "may stop working"),
    "private-attachment": "stops working",
}
"""What is wrong with an address that leads to an image today."""


def _instead_of(url: str, instead: str | None) -> str:
    """What to write in the place of an address that is no image."""
    if instead is None:
        return "put the image in the repository and use its raw URL"
    detour = detour_of(url)
    return f"remove {quote(detour + '/')}: write {visible(instead)}" if detour else f"write {visible(instead)}"


@rule(
    "UMB203",
    "image-type",
    Severity.WARNING,
    why="images of other types are not known to show on the Marketplace",
)
def image_type(facts: ListingFacts) -> Iterator[Observation]:
    """An image of a type that is not known to show on the Marketplace.

    Known types are png, jpg, jpeg, gif and webp for screenshots, and png and jpg for the author's image. URLs without a
    file extension, such as those of avatars, are not reported.

    Why it matters:
        The listing guide asks for png or jpg for the author's image. The types for screenshots are those seen in live
        listings; no SVG was seen there.

    Bad:
        {"AuthorDetails": {"ImageUrl": "https://example.com/logo.svg"}}

    Good:
        {"AuthorDetails": {"ImageUrl": "https://example.com/logo.png"}}
    """
    for pointer, url in addresses(facts, *IMAGE_VALUES):
        image = classify_image(url)
        author = pointer.startswith("/AuthorDetails")
        allowed = AUTHOR_IMAGE_EXTENSIONS if author else IMAGE_EXTENSIONS
        if image.extension is None or image.extension in allowed or image.kind in (*NOT_IMAGES, "relative-path"):
            continue
        if image.kind == "file" and image.extension not in _OTHER_FILE_TYPES:
            continue  # an ending such as .com or .aspx says nothing about what the address serves
        whose = "an author image" if author else "a screenshot"
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
    why="the Marketplace cannot resolve a relative path: the schema rejects the file, or the image does not show",
    fix="unsafe",
)
def relative_path(facts: ListingFacts) -> Iterator[Observation]:
    """A relative path where a full URL is needed.

    In a clone of a GitHub repository the full URL is suggested: the raw URL of an image, and GitHub's page about the
    file for a link. The fix is safe if the file exists. Nothing is suggested for the top-level `VideoUrl`, as only
    YouTube and Vimeo videos are embedded.

    Why it matters:
        Relative paths work in a readme on GitHub, but not in a listing. In screenshots and links the schema rejects
        them, and with them the whole file.

    Bad:
        {"Screenshots": [{"ImageUrl": "./images/editor.png"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/images/editor.png"}]}
    """
    listing = facts.document
    for pointer, text in chain(facts.odd_author_addresses, _refused_addresses(facts)):
        unchecked = pointer in AUTHOR_ADDRESSES
        # UMB108 asks the same of the same text, so that one of the two takes it.
        problem = diagnose_url(text.strip() if unchecked else text)
        if problem is None or problem.code not in (_RELATIVE if unchecked else _RELATIVE[:1]):
            continue
        name = quote(unescape(pointer.rpartition("/")[2]))
        if problem.code == "no-scheme":
            fixes = change(listing, pointer, problem.corrected, certain=True) if problem.corrected else ()
            # What stands before a colon is the scheme.
            is_path = ":" not in text.partition("/")[0]
            yield Observation(
                f"{name} has no scheme, so {quote(text)} is {'a relative path' if is_path else 'not a URL of the web'}",
                Place(pointer),
                help='begin it with "https://"',
                args={"value": text},
                fixes=fixes,
            )
            continue
        full, exists = _full_address(facts, pointer, text.strip())
        yield Observation(
            f"{name} is the relative path {quote(text)}",
            Place(pointer),
            help=f"write {visible(full)}" if full else "write the full URL, beginning with https://",
            args={
                "value": text,
                "suggestion": full,
                **({} if unchecked else {"keyword": "pattern", "pointer": pointer}),
            },
            fixes=change(listing, pointer, full, certain=exists) if full else (),
        )


_RELATIVE = ("relative-path", "no-scheme")
"""What a browser looks for below the page; the schema's pattern refuses the second as a mistyped URL (UMB108)."""


def _refused_addresses(facts: ListingFacts) -> Iterator[tuple[str, str]]:
    """The addresses that the schema's pattern refuses, but for empty ones."""
    if not facts.refused:
        return
    for pointer, text in chain(facts.document.texts(*URL_VALUES), _unknown_addresses(facts)):
        if "pattern" in facts.refused.get(pointer, ()) and text.strip():
            yield pointer, text


def _unknown_addresses(facts: ListingFacts) -> Iterator[tuple[str, str]]:
    """Texts under unknown keys of the listing that end in `Url`: the schema has its pattern for these as well."""
    for key, value in facts.document.value.items():
        if key.endswith("Url") and f"/{key}" not in URL_VALUES and isinstance(value, str):
            yield join("", key), value


def _full_address(facts: ListingFacts, pointer: str, text: str) -> tuple[str | None, bool]:
    """The address of the file that a relative path in this listing means, and whether the file is there."""
    from umbmarket.web.addresses.repositories import page_url, raw_url, repository_of

    if pointer == "/VideoUrl":
        return None, False

    repository, folder = facts.repository, facts.folder
    path = _normal_path(text, folder or "")
    if repository is None or folder is None or path is None or not (repository.owner and repository.name):
        return None, False
    named = repository_of(repository.owner, repository.name)
    branch = repository.default_branch or repository.branch
    if named is None or branch is None:
        return None, False
    found = repository.look_up(path)
    exists = found.exact or found.other_case is not None
    if pointer.startswith("/Screenshots/") or pointer.endswith("/ImageUrl"):
        return raw_url(named, branch, found.other_case or path), exists
    # "/issues" may be meant as an address below any site.
    return (page_url(named, branch, found.other_case or path) if exists else None), exists


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
    why="the schema accepts any string here, but visitors get a dead link or no image",
    fix="safe",
)
def author_address(facts: ListingFacts) -> Iterator[Observation]:
    """A `Url` or `ImageUrl` of `AuthorDetails` that is not a URL: words, a mistyped scheme, a space inside.

    URLs that browsers open although the schema's pattern would reject them, such as one with a port, are fine here, and
    so is `mailto:` in `Url`. Relative paths are reported as UMB204.

    Why it matters:
        The schema has no pattern for these two properties, so nothing else reports a mistake in them.

    Bad:
        {"AuthorDetails": {"Url": "htps://example.com"}}

    Good:
        {"AuthorDetails": {"Url": "https://example.com"}}
    """
    listing = facts.document
    for pointer, text in facts.odd_author_addresses:
        # A port is fine here, and what is wrong behind it is not.
        problem = diagnose_url(_PORT.sub("", text.strip()))
        is_mail = pointer == "/AuthorDetails/Url" and text.strip().lower().startswith("mailto:")
        if problem is None or problem.code not in _NO_ADDRESS or is_mail:
            continue
        told = diagnose_url(text.strip())
        if told is not None and told.code in _RELATIVE:
            continue  # UMB204 says it
        yield Observation(
            f"{quote(pointer.rpartition('/')[2])} of AuthorDetails {visible(problem.message)}",
            Place(pointer),
            help=as_clause(visible(problem.help)),
            args={"value": text, "problem": problem.code},
            fixes=change(listing, pointer, problem.corrected, certain=True)
            if problem.corrected and not _PORT.search(text)
            else (),
        )
