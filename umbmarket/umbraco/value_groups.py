"""Groups of places in a listing that several rules look at, as patterns for `Listing.each`."""

from __future__ import annotations

from typing import Final

AUTHOR_ADDRESSES: Final = ("/AuthorDetails/Url", "/AuthorDetails/ImageUrl")
"""Addresses that the schema has no pattern for."""

IMAGE_VALUES: Final = ("/Screenshots/*/ImageUrl", "/AuthorDetails/ImageUrl")
"""Addresses that must serve an image."""

VIDEO_VALUES: Final = ("/VideoUrl", "/Screenshots/*/VideoUrl")
"""Addresses of a video."""

PAGE_VALUES: Final = (
    "/DocumentationUrl",
    "/IssueTrackerUrl",
    "/DiscussionForumUrl",
    "/AuthorDetails/Url",
    "/AuthorDetails/Contributors/*/Url",
)
"""Addresses that people follow."""

URL_VALUES: Final = (*PAGE_VALUES, *IMAGE_VALUES, *VIDEO_VALUES)
"""Every address that the Marketplace reads."""

ALSO_LISTED_VALUES: Final = (
    "/RelatedPackages/*/PackageId",
    "/PackagesByAuthor/*",
    "/AddOnPackagesRequiredForUmbracoCloud/*",
)
"""Ids of packages that are to be listed as well (listing guide)."""

PACKAGE_ID_VALUES: Final = (
    "/IsSubPackageOf",
    "/VersionSpecificPackageIds/*/PackageId",
    *ALSO_LISTED_VALUES,
)
"""Every id of a NuGet package."""
