"""The rules of the Umbraco Marketplace: their catalogue, and one module per part of a family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from umbmarket.check.catalogue import Catalogue, Family, Rule

_LISTING, _PACKAGE, _WORKSPACE, _PUBLISHED = "ListingFacts", "PackageFacts", "Workspace", "PublishedFacts"
_ARCHIVE, _PROJECT = "ArchiveFacts", "ProjectFacts"

CATALOGUE: Final = Catalogue(
    "UMB",
    {
        "0": Family("reading", "Reading a listing file"),
        "1": Family("schema", "The published schema"),
        "2": Family("listing", "What the schema cannot say"),
        "3": Family("package", "The package"),
        "4": Family("compatibility", "The Umbraco versions"),
        "5": Family("placement", "Where listing and package meet"),
        "6": Family("online", "Online"),
        "7": Family("project", "Project files"),
    },
    modules={
        f"{__name__}.reading": (_LISTING,),
        f"{__name__}.schema_keys": (_LISTING,),
        f"{__name__}.schema_values": (_LISTING,),
        f"{__name__}.listing_content": (_LISTING,),
        f"{__name__}.listing_entries": (_LISTING,),
        f"{__name__}.listing_wording": (_LISTING,),
        f"{__name__}.media": (_LISTING,),
        f"{__name__}.repository_links": (_LISTING,),
        f"{__name__}.package_archive": (_ARCHIVE,),
        f"{__name__}.package_metadata": (_PACKAGE,),
        f"{__name__}.package_page": (_PACKAGE,),
        f"{__name__}.readmes": (_PACKAGE, _WORKSPACE),
        f"{__name__}.package_license": (_PACKAGE,),
        f"{__name__}.package_texts": (_PACKAGE,),
        f"{__name__}.umbraco_dependency": (_PACKAGE,),
        f"{__name__}.umbraco_versions": (_PACKAGE,),
        f"{__name__}.range_shapes": (_PACKAGE,),
        f"{__name__}.project_url": (_PACKAGE, _WORKSPACE),
        f"{__name__}.listing_and_package": (_PACKAGE, _WORKSPACE),
        f"{__name__}.published_package": (_PUBLISHED,),
        f"{__name__}.project_reading": (_PROJECT,),
        f"{__name__}.project_versions": (_PROJECT,),
        f"{__name__}.fetched_links": (_LISTING,),
        f"{__name__}.published_schema": (_LISTING,),
    },
)
"""Every rule about Umbraco Marketplace listings and packages."""


def all_rules() -> Mapping[str, Rule]:
    """Every rule of the Umbraco Marketplace by code, in the order of the codes."""
    return CATALOGUE.rules
