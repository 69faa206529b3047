"""The registration documents of a NuGet V3 feed: an index of pages, whose entries describe one version each.

Sources: the NuGet documentation (registration-base-url-resource); NuGet.Services.Metadata (EntityBuilder: what is
missing is an empty text, no tags are a list with one empty text). Other feeds leave more out or write tags as one
text; nothing here depends on what is optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.nuget.feed.answers import PublishedDependency, PublishedGroup, PublishedVersion

MOST_PAGES = 400
"""Pages of one package that are read: at nuget.org's 64 versions to a page, 25,600 versions."""

UNLISTED_YEAR = 1900
"""The year that nuget.org gives as the date of an unlisted version (NuGet documentation)."""

_TAG = re.compile(r"[^, \t|;]+")
"""Where nuget.org's catalog splits tags (NuGetGallery, Utils.SplitTags)."""


@dataclass(frozen=True, slots=True)
class PageReference:
    """One page of a registration index.

    Attributes:
        address: Where the page is, or None.
        entries: The versions in it, when the index holds them itself; None when the page must be fetched.
        upper: The highest version in it, or None where the index does not say.
    """

    address: str | None
    entries: tuple[PublishedVersion, ...] | None
    upper: NuGetVersion | None


def read_index(document: object) -> tuple[PageReference, ...] | None:
    """Read a registration index.

    Args:
        document: The parsed JSON, anything.

    Returns:
        Its pages in the document's order, at most `MOST_PAGES`; None when it is no registration index.
    """
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    return tuple(_page(item) for item in items[:MOST_PAGES] if isinstance(item, dict))


def read_page(document: object) -> tuple[PublishedVersion, ...] | None:
    """Read a registration page.

    Args:
        document: The parsed JSON, anything.

    Returns:
        The versions in it in the document's order; None when it is no registration page. An entry without a
        version that NuGet can read is passed over.
    """
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    return tuple(_versions(items))


def _page(item: dict[str, object]) -> PageReference:
    address = item.get("@id")
    return PageReference(
        address if isinstance(address, str) else None,
        read_page(item),
        _version(item.get("upper")),
    )


def _versions(items: list[object]) -> Iterator[PublishedVersion]:
    for item in items:
        entry = item.get("catalogEntry") if isinstance(item, dict) else None
        if isinstance(entry, dict):
            version = _version(entry.get("version"))
            if version is not None:
                yield _entry(entry, version)


def _entry(entry: dict[str, object], version: NuGetVersion) -> PublishedVersion:
    listed = entry.get("listed")
    return PublishedVersion(
        id=_text(entry.get("id")) or "",
        version=version,
        listed=not (listed is False or (isinstance(listed, str) and listed.strip().lower() == "false")),
        tags=tuple(_tags(entry.get("tags"))),
        project_url=_text(entry.get("projectUrl")),
        dependency_groups=tuple(_groups(entry.get("dependencyGroups"))),
        published=_moment(entry.get("published")),
        license_expression=_text(entry.get("licenseExpression")),
        described="tags" in entry or "dependencyGroups" in entry,
    )


def _tags(value: object) -> Iterator[str]:
    for text in _listed(value):
        if isinstance(text, str):
            yield from _TAG.findall(text)


def _groups(value: object) -> Iterator[PublishedGroup]:
    for group in _listed(value):
        if isinstance(group, dict):
            dependencies = tuple(_dependencies(group.get("dependencies")))
            yield PublishedGroup(_text(group.get("targetFramework")), dependencies)


def _dependencies(value: object) -> Iterator[PublishedDependency]:
    for dependency in _listed(value):
        package_id = _text(dependency.get("id")) if isinstance(dependency, dict) else None
        if package_id is not None and isinstance(dependency, dict):
            yield PublishedDependency(package_id, _text(dependency.get("range")))


def _listed(value: object) -> list[object]:
    """A list as it is; one thing alone, as writers of JSON-LD may leave it, as a list of it."""
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _version(value: object) -> NuGetVersion | None:
    try:
        return NuGetVersion.parse(value) if isinstance(value, str) else None
    except InvalidVersion:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if moment is None or moment.year <= UNLISTED_YEAR else moment
