"""UMB6xx: what the network says of the addresses and package ids in a listing. Pure: a service asked beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.marketplace_tag import MARKETPLACE_TAG
from umbmarket.umbraco.value_groups import (
    ALSO_LISTED_VALUES,
    IMAGE_VALUES,
    PACKAGE_ID_VALUES,
    PAGE_VALUES,
    VIDEO_VALUES,
)

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
    """A broken link or image: its host does not exist, or answers that there is nothing.

    404, 410 and every other answer that blames the request (4xx), after redirects. Not among them are the answers that
    depend on who asks, when and from where, such as 401, 403 and 429: firewalls give them to programs for pages that
    every browser shows. They are UMB602, as is everything that could not be reached. A host that does not exist is
    broken where other names could be looked up in the same run. Only with `--online`.

    Why it matters:
        Repositories are renamed, branches deleted and images moved; the listing is forgotten, and nothing tells its
        author. The Marketplace's own server fetches the images: one that answers 404 does not show.

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
            help="correct the address, or restore the image" if is_image else "correct the address or remove the key",
            args={"url": url, "status": answer.status},
        )


@rule(
    "UMB602",
    "unreachable",
    Severity.INFO,
    why="this address could not be checked, so it may be broken",
    online=True,
)
def unreachable(facts: ListingFacts) -> Iterator[Observation]:
    """A link, an image, a video or a package that could not be checked.

    No connection, no answer in time, a server error (5xx), an answer meant for programs (403, 429 ...), too many
    redirects, or an address that the address guard refuses: a listing must not make a build server ask for something
    inside its own network. `--allow-private-hosts` lifts the guard. Only with `--online`.

    Why it matters:
        The reason may be this machine's network, so it is no error. If it comes again in every run, look at the address
        in a browser.

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
                help="name an address on the public internet; --allow-private-hosts fetches this one anyway"
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
        help="run it again later, or name the feed in UMBMARKET_NUGET_SOURCE",
        args={"packageIds": [*ids]},
    )


@rule(
    "UMB603",
    "not-an-image",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace fetches the address and gets no image to show",
    online=True,
)
def not_an_image(facts: ListingFacts) -> Iterator[Observation]:
    """An image address that does not serve a PNG, JPEG, GIF or WebP image.

    Judged by the first bytes, and by the type that the server names. A page, a text, nothing at all, or the pointer
    that stands in a repository for a file in Git LFS, is an error. An image of another type, such as SVG, and an image
    that the server calls something else are warnings: it is not known whether they show. Only with `--online`.

    Why it matters:
        Many hosts answer 200 with a page for a picture: a login, a cookie banner, a friendly "not found". The link
        works, but no image shows.

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
                f"{quote(url)} serves {_a(content)} image, which is not known to be shown by the Marketplace",
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
                help=_HELP.get(content, "use the address of the image file itself"),
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
    "git-lfs": "the pointer to a file in Git LFS",
    "text": "text",
    "nothing": "an empty answer",
    "unknown": "a file of an unknown type",
}
_HELP = {
    "git-lfs": "use the address https://media.githubusercontent.com/media/{owner}/{repository}/{branch}/{path}, which "
    "serves the file itself, or keep the image out of Git LFS",
    "HTML": "use the address of the image file itself; a private browser window shows what this one leads to",
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

    Related packages, packages by the author, version specific packages, the parent of a sub-package and add-ons for
    Umbraco Cloud. A package that has only unlisted versions is an info: it can be installed and not be found. Asks
    nuget.org, or the feed that `UMBMARKET_NUGET_SOURCE` names. Only with `--online`.

    Why it matters:
        Nothing else checks these ids: a misspelt or renamed one simply does not show.

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
                help="name its successor, or remove it",
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
    """A video on YouTube or Vimeo that does not exist, is private, or must not be embedded.

    Asks the oEmbed addresses of the two sites; their pages answer "200 OK" for videos that are gone. Vimeo answers the
    same for a video that is gone and for one that certain sites alone may embed, so that is a warning. Only with
    `--online`.

    Why it matters:
        Videos are deleted, made private, or uploaded with embedding switched off. The address stays valid, and the
        listing shows a player that plays nothing.

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
            help="allow marketplace.umbraco.com to embed it, or name another video"
            if doubtful
            else "make it public and allow embedding, or name another video",
            args={"url": url, "status": answer.status},
            severity=Severity.WARNING if doubtful else None,
        )


@rule(
    "UMB611",
    "untagged-related-package",
    Severity.INFO,
    why="the Marketplace can only show packages that it lists itself",
    online=True,
)
def not_also_listed(facts: ListingFacts) -> Iterator[Observation]:
    """A related package that does not have the Marketplace's tag.

    `RelatedPackages`, `PackagesByAuthor` and `AddOnPackagesRequiredForUmbracoCloud` name packages that are also listed
    (listing guide); without the tag `umbraco-marketplace` on any listed, stable version none is. Told once for each id.
    Only with `--online`.

    Why it matters:
        The entry does not show, and nothing says why.

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
            help="remove it, or give that package the tag if people are meant to install it by itself",
            args={"packageId": package_id},
        )
