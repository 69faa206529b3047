"""UMB6xx: what the network says of the addresses and package ids in a listing. Pure: a service asked beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.value_groups import (
    ALSO_LISTED_VALUES,
    IMAGE_VALUES,
    PACKAGE_ID_VALUES,
    PAGE_VALUES,
    VIDEO_VALUES,
)
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

LINK_VALUES = (*PAGE_VALUES, *IMAGE_VALUES)
"""Addresses that are fetched themselves. Videos are asked for at their site."""

LINK_CODES = frozenset({"UMB601", "UMB602", "UMB603", "UMB610"})
"""Rules that need the answers for links, images and videos."""

PACKAGE_CODES = frozenset({"UMB602", "UMB604", "UMB611"})
"""Rules that need the answers for package ids."""


@rule(
    "UMB601",
    "broken-link",
    Severity.ERROR,
    why="visitors see an error or no image",
    online=True,
)
def broken_link(facts: ListingFacts) -> Iterator[Observation]:
    """A broken link or image: the host does not exist, or the server answers 404 or the like.

    The answers 404, 410 and most others of 4xx count as broken, after redirects. Answers that firewalls often give to
    programs, such as 401, 403 and 429, are reported as UMB602, like everything that could not be reached. A host that
    does not exist counts as broken if other host names were found in the same run. Only with `--online`.

    Why it matters:
        Repositories are renamed, branches deleted and images moved, and nobody tells the author of the listing. The
        Marketplace fetches the images itself, so a broken one does not show.

    Bad:
        {"DocumentationUrl": "https://example.com/this-page-is-gone"}

    Good:
        {"DocumentationUrl": "https://example.com/"}
    """
    if facts.online is None:
        return
    for pointer, url in facts.document.texts(*LINK_VALUES, *VIDEO_VALUES):
        answer = facts.online.link(url)
        if answer is None or answer.standing != "broken":
            continue
        is_image = pointer.endswith("/ImageUrl")
        yield Observation(
            f"{quote(url)} is broken: {visible(answer.detail)}",
            Place(pointer),
            help="correct the URL, or restore the image" if is_image else "correct the URL, or remove the property",
            args={"url": url, "status": answer.status},
        )


@rule(
    "UMB602",
    "unreachable",
    Severity.INFO,
    why="the link could not be checked, so it may be broken",
    online=True,
)
def unreachable(facts: ListingFacts) -> Iterator[Observation]:
    """A link, an image, a video or a package that could not be checked.

    There was no connection, no answer in time, a server error (5xx), an answer such as 403 or 429, too many redirects,
    or the URL leads to this machine or a private network. `--allow-private-hosts` allows such URLs; by default a
    listing cannot make a build server send requests inside its own network. Only with `--online`.

    Why it matters:
        The cause may be the network of this machine. If the same URL is reported in every run, open it in a browser.

    Bad:
        {"DocumentationUrl": "https://unreachable.example.com/"}

    Good:
        {"DocumentationUrl": "https://example.com/"}
    """
    if facts.online is None:
        return
    for pointer, url in facts.document.texts(*LINK_VALUES, *VIDEO_VALUES):
        video = facts.online.video(url) if pointer.endswith("/VideoUrl") else None
        link = facts.online.link(url)
        answer = video or link
        if answer is not None and answer.standing == "unknown":
            blocked = video is None and link is not None and link.blocked
            yield Observation(
                f"{quote(url)} could not be checked: {visible(answer.detail)}",
                Place(pointer),
                help="use a URL on the public internet, or check this one with --allow-private-hosts"
                if blocked
                else "open it in a browser to see whether it works",
                args={"url": url, "status": answer.status},
            )
    yield from _unknown_packages(facts)


def _unknown_packages(facts: ListingFacts) -> Iterator[Observation]:
    """One finding for all ids, since what failed is the feed and not one of them."""
    if facts.online is None:
        return
    unknown = [
        (pointer, package_id, answer.detail)
        for pointer, package_id in facts.document.texts(*PACKAGE_ID_VALUES)
        if (answer := facts.online.package(package_id)) is not None and answer.standing == "unknown"
    ]
    if not unknown:
        return
    pointer, _, detail = unknown[0]
    ids = list(dict.fromkeys(package_id for _, package_id, _ in unknown))
    count = f"{len(ids)} package ids" if len(ids) > 1 else "1 package id"
    yield Observation(
        f"{count} could not be looked up: {visible(detail).removesuffix('.')}",
        Place(pointer),
        help="try again later, or set UMBMARKET_NUGET_SOURCE to the right feed",
        args={"packageIds": [*ids]},
    )


@rule(
    "UMB603",
    "not-an-image",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace fetches the URL and gets no image to show",
    online=True,
)
def not_an_image(facts: ListingFacts) -> Iterator[Observation]:
    """An image URL that does not serve a PNG, JPEG, GIF or WebP image.

    Judged by the first bytes of the file and by the content type. A web page, text, an empty answer or a Git LFS
    pointer is an error. An image of another type, such as SVG, or with the wrong content type is a warning, because it
    is not known whether it shows. Only with `--online`.

    Why it matters:
        Many hosts answer 200 with a web page instead of the image: a login, a cookie banner, a friendly "not found".
        The link works, but no image shows.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://example.com/a-page-about-the-picture"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://example.com/editor.png"}]}
    """
    from umbmarket.umbraco.image_hosts import OTHER_IMAGES, SHOWN_IMAGES

    if facts.online is None:
        return
    for pointer, url in facts.document.texts(*IMAGE_VALUES):
        answer = facts.online.link(url)
        if answer is None or answer.standing != "works":
            continue
        content, media_type = answer.content, answer.media_type
        args = {"url": url, "content": content, "mediaType": media_type}
        if content in SHOWN_IMAGES:
            if media_type in _TYPES_THAT_SAY_NOTHING or media_type.startswith("image/"):
                continue
            yield Observation(
                f"{quote(url)} serves {_a(content)} image, but declares it as {quote(media_type)}",
                Place(pointer),
                help=f'configure the server to answer with "Content-Type: image/{content.lower()}"',
                args=args,
                severity=Severity.WARNING,
            )
        elif content in OTHER_IMAGES:
            yield Observation(
                f"{quote(url)} serves {_a(content)} image, which is not known to show on the Marketplace",
                Place(pointer),
                help="use a PNG, JPEG, GIF or WebP image",
                args=args,
                severity=Severity.WARNING,
            )
        elif content == "unknown" and media_type.startswith("image/"):
            yield Observation(
                f"{quote(url)} does not serve a PNG, JPEG, GIF or WebP image; the server declares it as"
                f" {quote(media_type)}",
                Place(pointer),
                help="use a PNG, JPEG, GIF or WebP image",
                args=args,
                severity=Severity.WARNING,
            )
        else:
            called = (
                f", although the server declares it as {quote(media_type)}" if media_type.startswith("image/") else ""
            )
            yield Observation(
                f"{quote(url)} serves {_OTHER_CONTENTS.get(content, 'something else')}, not an image{called}",
                Place(pointer),
                help=_HELP.get(content, "use the URL of the image file itself"),
                args=args,
            )


_TYPES_THAT_SAY_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_OTHER_CONTENTS = {
    "HTML": "an HTML page",
    "XML": "an XML document",
    "JSON": "JSON",
    "PDF": "a PDF file",
    "ZIP": "a ZIP archive",
    "video": "a video",
    "git-lfs": "a Git LFS pointer",
    "text": "text",
    "nothing": "an empty answer",
    "unknown": "a file of an unknown type",
}
_HELP = {
    "git-lfs": "use https://media.githubusercontent.com/media/{owner}/{repository}/{branch}/{path}, which serves the "
    "file itself, or keep the image out of Git LFS",
    "HTML": "use the URL of the image file itself; open this one in a private browser window to see what it serves",
}


def _a(content: str) -> str:
    return f"{'an' if content in ('AVIF', 'HEIC', 'ICO', 'SVG') else 'a'} {content}"


@rule(
    "UMB604",
    "unknown-package",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the Marketplace finds packages by their NuGet id",
    online=True,
)
def unknown_package(facts: ListingFacts) -> Iterator[Observation]:
    """A package id that NuGet does not have.

    Checks all package ids in the listing on nuget.org, or on the feed that `UMBMARKET_NUGET_SOURCE` names. A package
    with only unlisted versions is an info. Only with `--online`.

    Why it matters:
        A misspelt or renamed package silently does not show.

    Bad:
        {"RelatedPackages": [{"PackageId": "Umbraco.Forms.Cor"}]}

    Good:
        {"RelatedPackages": [{"PackageId": "Umbraco.Forms"}]}
    """
    if facts.online is None:
        return
    for pointer, package_id in facts.document.texts(*PACKAGE_ID_VALUES):
        answer = facts.online.package(package_id)
        if answer is None:
            continue
        if answer.standing == "missing":
            yield Observation(
                f"{visible(facts.online.feed)} has no package {quote(package_id)}",
                Place(pointer),
                help="correct the id, or publish that package first",
                args={"packageId": package_id},
            )
        elif answer.standing == "unlisted":
            yield Observation(
                f"all versions of the package {quote(package_id)} are unlisted",
                Place(pointer),
                help="use its successor, or remove it",
                args={"packageId": package_id},
                severity=Severity.INFO,
            )


@rule(
    "UMB610",
    "video-gone",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the listing page shows an empty player",
    online=True,
)
def video_gone(facts: ListingFacts) -> Iterator[Observation]:
    """A YouTube or Vimeo video that does not exist, is private, or may not be embedded.

    Asks the oEmbed services of the two sites, because their pages answer 200 even for deleted videos. Vimeo gives the
    same answer for a deleted video and for one that only certain sites may embed, so that is a warning. Only with
    `--online`.

    Why it matters:
        Videos are deleted, made private, or uploaded with embedding switched off. The URL stays valid, and the listing
        shows a player that plays nothing.

    Bad:
        {"VideoUrl": "https://www.youtube.com/watch?v=AAAAAAAAAAA"}

    Good:
        {"VideoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
    """
    if facts.online is None:
        return
    for pointer, url in facts.document.texts(*VIDEO_VALUES):
        answer = facts.online.video(url)
        if answer is None or answer.standing not in ("gone", "doubtful"):
            continue
        doubtful = answer.standing == "doubtful"
        yield Observation(
            f"the video {quote(url)} {'may' if doubtful else 'does'} not play in a listing: {visible(answer.detail)}",
            Place(pointer),
            help="allow marketplace.umbraco.com to embed it, or use another video"
            if doubtful
            else "make it public and allow embedding, or use another video",
            args={"url": url, "status": answer.status},
            severity=Severity.WARNING if doubtful else None,
        )


@rule(
    "UMB611",
    "untagged-related-package",
    Severity.INFO,
    why="the Marketplace can show only packages that it lists",
    online=True,
)
def not_also_listed(facts: ListingFacts) -> Iterator[Observation]:
    """A related package that does not have the Marketplace's tag.

    `RelatedPackages`, `PackagesByAuthor` and `AddOnPackagesRequiredForUmbracoCloud` are for packages that are listed
    themselves (listing guide). A package is not listed if none of its listed, stable versions has the tag
    `umbraco-marketplace`. Reported once for each id. Only with `--online`.

    Why it matters:
        The entry silently does not show.

    Bad:
        {"PackagesByAuthor": ["My.Package.Core"]} where My.Package.Core does not have the tag

    Good:
        {"PackagesByAuthor": ["My.Other.Package"]} where My.Other.Package has it
    """
    if facts.online is None:
        return
    told: set[str] = set()
    for pointer, package_id in facts.document.texts(*ALSO_LISTED_VALUES):
        answer, key = facts.online.package(package_id), package_id.strip().lower()
        if answer is None or answer.tagged is not False or key in told:
            continue
        told.add(key)
        yield Observation(
            f"the Marketplace does not list the package {quote(package_id)}, which does not have the tag"
            f" {quote(MARKETPLACE_TAG)}",
            Place(pointer),
            help="remove it, or give that package the tag if users are meant to install it by itself",
            args={"packageId": package_id},
        )
