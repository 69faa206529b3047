"""UMB308, UMB310 and UMB312: what of a package shows on its pages, at the Marketplace and at nuget.org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.metadata_words import element_to_set, file_to_add
from umbmarket.umbraco.rules.package_scope import is_told_as_limit, listed_nuspec, place_of
from umbmarket.umbraco.rules.packed_file_checks import empty_element, missing, refusal
from umbmarket.umbraco.template_texts import is_left_over

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.umbraco.package_document import EmbeddedFile

_SYNC = "/AuthorDetails/SyncContributorsFromRepository"

_ICON_TYPES = ("png", "jpeg")
"""What nuget.org finds an icon to be by its first bytes (NuGetGallery, PackageMetadataValidationService)."""

_ICON_EXTENSIONS = (".png", ".jpg", ".jpeg")
"""Endings that nuget.org takes for an icon (same source)."""

_OWNER = re.compile(r"\s*(?:git\+)?https?://[^/?#]+/(?P<owner>[^/?#\s]+)/", re.IGNORECASE)
"""GitHub, GitLab, Bitbucket and Azure DevOps alike: the account is the first part of the path."""


def _name(facts: PackageFacts) -> str:
    return visible(facts.document.id or facts.document.file_name)


@rule(
    "UMB308",
    "contributors-need-github",
    Severity.WARNING,
    why="the Marketplace syncs contributors only from the GitHub repository that the package names",
)
def contributors_need_github(facts: PackageFacts) -> Iterator[Observation]:
    """`SyncContributorsFromRepository` is true, but the package has no GitHub repository URL.

    This is `RepositoryUrl` in the project, not the project URL. Not reported if the listing names contributors, as then
    nothing is synced (UMB215).

    Why it matters:
        The page silently shows no contributors (listing guide, 2024-2025 text).

    Bad:
        <repository type="git" url="https://gitlab.com/owner/repository" />

    Good:
        <repository type="git" url="https://github.com/owner/repository" />
    """
    from umbmarket.web.addresses.repositories import parse_repository

    if listed_nuspec(facts) is None or facts.listing is None:
        return
    listing = facts.listing.document
    if listing.get(_SYNC) is not True or listing.get("/AuthorDetails/Contributors"):
        return
    if not facts.document.knows("repository"):
        return
    repository = facts.document.repository
    url = repository.url.strip() if repository is not None else ""
    if url and parse_repository(url) is not None:
        return
    yield Observation(
        f"the repository of {_name(facts)} is {quote(url)}, which is not on GitHub, so no contributors are synced"
        if url
        else f"{_name(facts)} has no repository URL, so no contributors are synced",
        Place(_SYNC),
        help="set RepositoryUrl in the project to the GitHub repository, or list the contributors here",
        args={"id": facts.document.id, "repositoryUrl": url or None},
        document=listing,
    )


@rule(
    "UMB310",
    "icon",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="without an icon the package shows NuGet's default icon; nuget.org rejects a package with a broken one",
)
def icon(facts: PackageFacts) -> Iterator[Observation]:
    """No icon, or one that nuget.org rejects.

    An error if the file is not in the package at exactly this path (letter case counts), is not PNG or JPEG by its
    content and its file extension, or is larger than 1,048,576 bytes. A warning if there is no icon, or only the
    deprecated `iconUrl`.

    Why it matters:
        The Marketplace takes the icon from NuGet. Source of the limits: NuGetGallery,
        `PackageMetadataValidationService` and `GalleryConstants`.

    Bad:
        <iconUrl>https://example.com/icon.png</iconUrl>

    Good:
        <icon>icon.png</icon>
    """
    nuspec = listed_nuspec(facts)
    if nuspec is None or is_told_as_limit(nuspec, "icon"):
        return
    file = facts.document.icon
    if nuspec.icon == "":
        yield empty_element(nuspec, "icon")
        return
    if file is None:
        if facts.document.knows("icon") and facts.document.knows("iconUrl"):
            yield _no_icon(facts, nuspec)
        return
    if file.is_missing:
        yield missing(file, "icon")
        return
    wrong = _wrong_with_icon(file) if file.is_at_hand else None
    if wrong is not None:
        yield Observation(
            wrong,
            file.place(),
            help="pack a PNG or JPEG of at most 1 MB; 128 x 128 pixels are enough",
            args={"size": file.size, "type": file.image_type},
            document=file.document,
        )


def _no_icon(facts: PackageFacts, nuspec: Nuspec) -> Observation:
    added = file_to_add(facts, "icon", "icon.png")
    if nuspec.icon_url is not None and nuspec.icon_url.strip():
        return Observation(
            "the package has only the deprecated iconUrl",
            Place(nuspec.pointer("iconUrl") or "/metadata"),
            help=f"pack the image: add {added}",
            args={"iconUrl": nuspec.icon_url},
            severity=Severity.WARNING,
        )
    return Observation(
        "the package has no icon",
        Place("/metadata"),
        help=f"pack a PNG or JPEG: add {added}",
        severity=Severity.WARNING,
    )


def _wrong_with_icon(file: EmbeddedFile) -> str | None:
    """What nuget.org refuses the icon for: what it is before how it is called."""
    written, found = quote(file.declared), file.image_type
    is_readable, is_taken = file.trouble is None, found in _ICON_TYPES
    if found is not None and is_readable and not is_taken:
        return f"{written} is of type {found.upper()}, but nuget.org accepts only PNG and JPEG"
    reason = refusal(file, _ICON_EXTENSIONS)
    if reason is not None or is_taken or not is_readable:
        return reason
    return f"{written} is not an image; nuget.org accepts only PNG and JPEG"


@rule(
    "UMB312",
    "template-metadata",
    Severity.WARNING,
    why="this is the default text of a tool or template, which says nothing about the package",
)
def template_metadata(facts: PackageFacts) -> Iterator[Observation]:
    """Default metadata left over from a template or tool.

    Such as "Package Description", the description "..." of Umbraco's templates, titles such as "My Package", unreplaced
    tokens such as `$title$` and `AUTHOR_NAME`, the samples of `nuget spec`, and authors that equal the package id (but
    not the owner of the repository).

    Why it matters:
        If authors or description are missing, `dotnet pack` writes the assembly name and "Package Description". Both
        nuget.org and the Marketplace show them.

    Bad:
        <description>Package Description</description>

    Good:
        <description>Adds a colour picker to the backoffice.</description>
    """
    nuspec = listed_nuspec(facts)
    if nuspec is None:
        return
    package_id = (nuspec.id or "").strip().lower()
    for element in _WRITTEN_BY_HAND:
        written = (nuspec.text(element) or "").strip()
        if is_left_over(element, written, package_id):
            yield Observation(
                f"{quote(written)} in <{element}> is left over from a template",
                place_of(nuspec, element),
                help=_help(facts, element),
                args={"element": element, "value": written},
            )
    is_id = [author.lower() for author in nuspec.authors] == [package_id] and facts.document.knows("repository")
    if is_id and package_id not in _owners(facts):
        yield Observation(
            f"the author is {quote(nuspec.authors[0])}, which is the id of the package",
            place_of(nuspec, "authors" if nuspec.text("authors") else "owners"),
            help=_help(facts, "authors"),
            args={"element": "authors", "value": nuspec.authors[0]},
        )


def _owners(facts: PackageFacts) -> set[str]:
    """The accounts that repository URL and project URL belong to, in lower case."""
    repository = facts.document.repository
    found = _OWNER.match(repository.url) if repository is not None else None
    owners = {found["owner"].lower()} if found is not None else set()
    if facts.placement.repository is not None:
        owners.add(facts.placement.repository.owner.lower())
    return owners


_WRITTEN_BY_HAND = {
    "title": ", or remove it: then the id is shown",
    "authors": " to people or a company",
    "description": ": say in a sentence what the package does",
    "projectUrl": " to the URL of the repository",
    "releaseNotes": "",
}
"""The elements that are looked at, and to what to set one that nobody has written."""


def _help(facts: PackageFacts, element: str) -> str:
    """What to do about an element that nobody has written."""
    if element == "releaseNotes":
        return "say what is new, or remove the element"
    return f"set {element_to_set(facts, element)}{_WRITTEN_BY_HAND[element]}"
