"""What `umbmarket inspect` finds out about one package: what its action makes and its outputs show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.umbraco.compatibility.estimate import Compatibility
from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField
from umbmarket.umbraco.package_listing import PackageListing
from umbmarket.umbraco.placement import Placement

ModeSource: TypeAlias = Literal["option", "listing", "default"]
"""Who decided on the mode: the caller, the listing, or nobody."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the Marketplace will read from a package and its listing.

    Attributes:
        path: of the package, as shown to the user.
        package: the package; id and version are there.
        metadata: what NuGet knows of it, as far as the listing page shows it.
        tagged: it has the tag of the Marketplace.
        compatibility: the Umbraco versions, an estimate.
        mode_source: who decided on the mode of `compatibility`.
        placement: where the Marketplace looks for the listing and the readme.
        listing: the listing and what becomes of it.
        fields: the listing page, field by field.
    """

    path: str
    package: NuGetPackage
    metadata: PackageMetadata
    tagged: bool
    compatibility: Compatibility
    mode_source: ModeSource
    placement: Placement
    listing: PackageListing
    fields: tuple[PreviewField, ...]
