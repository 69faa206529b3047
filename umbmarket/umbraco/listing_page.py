"""What the listing page of a package shows, field by field, and where each value comes from.

Sources: the listing guide (2024-2025 text): the page is made of what NuGet knows (name, icon, authors,
description, readme, project URL), overlaid by the listing; the title is the listing's, else NuGet's, else the
package id; the description and the author are the listing's, else NuGet's. The published schema for what is
meant when a key is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from umbmarket.findings import JsonValue
from umbmarket.web.addresses.repositories import parse_repository

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument

FieldSource: TypeAlias = Literal["listing", "nuget", "fallback", "missing"]
"""Where a value comes from.

- ``listing``: the listing, or the Marketplace readme beside it.
- ``nuget``: the package.
- ``fallback``: neither says anything, and the Marketplace makes something of it.
- ``missing``: nothing is shown.
"""


@dataclass(frozen=True, slots=True)
class PreviewField:
    """One field of the listing page.

    Attributes:
        name: The listing's key for it, where there is one.
        value: As written; a path in the package for `Icon` and for a `Readme` from there. None where it is
            missing, and where a fallback is made of what the package does not tell (`PackagesByAuthor`: the
            owners' other packages).
        source: Where it comes from.
    """

    name: str
    value: JsonValue
    source: FieldSource


@dataclass(frozen=True, slots=True)
class PackageMetadata:
    """What NuGet knows of a package, as far as the page shows it; None or empty for what it does not know.

    Attributes:
        id: The package id.
        title: The title.
        description: The description.
        authors: The authors as one text.
        project_url: The project URL.
        repository_url: Where the source is.
        icon: Path of the icon in the package, or the address of an icon outside.
        readme: Path of the readme in the package.
    """

    id: str
    title: str | None = None
    description: str | None = None
    authors: str | None = None
    project_url: str | None = None
    repository_url: str | None = None
    icon: str | None = None
    readme: str | None = None


def metadata_of(package: PackageDocument) -> PackageMetadata:
    """What NuGet knows of a package, or would know of one that a project would be packed to."""
    return PackageMetadata(
        id=package.id or "",
        title=package.title,
        description=package.description,
        authors=", ".join(package.authors) or None,
        project_url=package.project_url,
        repository_url=package.repository.url if package.repository is not None else None,
        icon=package.icon.declared if package.icon is not None else package.icon_url,
        readme=package.readme.declared if package.readme is not None else None,
    )


_DETAILS = (
    ("AuthorDescription", "Description"),
    ("AuthorUrl", "Url"),
    ("AuthorImageUrl", "ImageUrl"),
)
"""Fields of the author block and their keys in `AuthorDetails`."""


def preview(
    listing: Mapping[str, JsonValue], package: PackageMetadata, *, marketplace_readme: str | None = None
) -> tuple[PreviewField, ...]:
    """Lay the listing over what NuGet knows.

    Args:
        listing: The listing; empty where there is none or the Marketplace ignores it. An empty text or list
            overrides nothing.
        package: What NuGet knows.
        marketplace_readme: Path of the readme for the Marketplace, where there is one.

    Returns:
        Every field, always in the same order.
    """
    return tuple(_fields(listing, package, marketplace_readme))


def _fields(
    listing: Mapping[str, JsonValue], package: PackageMetadata, marketplace_readme: str | None
) -> Iterator[PreviewField]:
    details = listing.get("AuthorDetails")
    author = details if isinstance(details, dict) else {}

    def own(name: str, fallback: JsonValue = None) -> PreviewField:
        """A field that the listing alone can fill."""
        return _first(name, ("listing", listing.get(name)), ("fallback", fallback))

    yield _first("Title", ("listing", listing.get("Title")), ("nuget", package.title), ("fallback", package.id))
    yield _first("Description", ("listing", listing.get("Description")), ("nuget", package.description))
    yield _first("Author", ("listing", author.get("Name")), ("nuget", package.authors))
    for name, key in _DETAILS:
        yield _first(name, ("listing", author.get(key)))
    yield _contributors(author, package)
    yield own("Category")
    yield own("AlternateCategory")
    yield own("PackageType", "Package")
    yield _license_types(listing)
    yield own("Tags")
    yield _first("Icon", ("nuget", package.icon))
    yield _first("ProjectUrl", ("nuget", package.project_url))
    yield _first("RepositoryUrl", ("nuget", package.repository_url))
    yield own("DocumentationUrl")
    yield own("IssueTrackerUrl")
    yield own("DiscussionForumUrl")
    yield own("Screenshots")
    yield own("VideoUrl")
    yield _first("Readme", ("listing", marketplace_readme), ("nuget", package.readme))
    yield own("VersionDependencyMode", "Default")
    yield own("VersionSpecificPackageIds")
    yield own("IsSubPackageOf")
    yield own("RelatedPackages")
    by_author = own("PackagesByAuthor")
    yield by_author if by_author.source == "listing" else PreviewField(by_author.name, None, "fallback")
    yield own("AddOnPackagesRequiredForUmbracoCloud")
    yield own("LookingForContributors", False)
    yield own("LookingForMaintainer", False)


def _first(name: str, *candidates: tuple[FieldSource, JsonValue]) -> PreviewField:
    """The first candidate that says something."""
    for source, value in candidates:
        if _says_something(value):
            return PreviewField(name, value, source)
    return PreviewField(name, None, "missing")


def _says_something(value: JsonValue) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(_says_something(item) for item in value)
    return value is not None


def _contributors(author: Mapping[str, JsonValue], package: PackageMetadata) -> PreviewField:
    """The listed ones, else the repository they are read from: a list of names wins over the switch."""
    listed = _first("Contributors", ("listing", author.get("Contributors")))
    if listed.source == "listing" or author.get("SyncContributorsFromRepository") is not True:
        return listed
    url = package.repository_url
    return _first(listed.name, ("nuget", url if url and parse_repository(url.strip()) else None))


def _license_types(listing: Mapping[str, JsonValue]) -> PreviewField:
    """The list, else the deprecated single value."""
    single = listing.get("LicenseType")
    return _first(
        "LicenseTypes",
        ("listing", listing.get("LicenseTypes")),
        ("listing", [single] if isinstance(single, str) else None),
    )
