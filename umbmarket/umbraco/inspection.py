"""What `umbmarket inspect` finds out about one package: what its action makes and its outputs show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from umbmarket.umbraco.verdict import NO_LISTING, Verdict

if TYPE_CHECKING:
    from umbmarket.findings import JsonValue, Region
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.compatibility.estimate import Compatibility, VersionMode
    from umbmarket.umbraco.found import ListingOrigin
    from umbmarket.umbraco.listing import Listing
    from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField
    from umbmarket.umbraco.placement import Placement
    from umbmarket.umbraco.ways import Way

ModeSource: TypeAlias = Literal["option", "listing", "default"]
"""Who decided on the mode: the caller, the listing, or nobody."""


@dataclass(frozen=True, slots=True)
class PackageListing:
    """The listing of a package and what becomes of it.

    Attributes:
        document: The listing, or None where none was found.
        origin: How it was found, or None.
        verdict: What becomes of it.
        readme: Path of the Marketplace readme that belongs to the package, as shown to the user, or None.
    """

    document: Listing | None = None
    origin: ListingOrigin | None = None
    verdict: Verdict = NO_LISTING
    readme: str | None = None

    @property
    def counts(self) -> bool:
        """There is a listing, it may be read from where it lies, and the Marketplace does not ignore it."""
        return self.document is not None and self.origin != "elsewhere" and self.verdict.counts

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why the Marketplace ignores it as a whole, as clauses about "it"; empty where it does not."""
        return self.verdict.refusals

    @property
    def empty_urls(self) -> tuple[str, ...]:
        """Keys with an empty address: the published schema refuses them, live listings have them."""
        return self.verdict.empty_urls

    @property
    def value(self) -> dict[str, JsonValue]:
        """What the Marketplace takes from it: empty where it is not read or ignored, and where there is none."""
        return self.verdict.value if self.counts else {}

    @property
    def mode(self) -> VersionMode:
        """The mode that counts."""
        return self.verdict.mode if self.counts else "Default"

    @property
    def mode_is_lost(self) -> bool:
        """It asks for `SemVer`, and `Default` counts all the same."""
        return self.verdict.wanted_mode == "SemVer" and self.mode != "SemVer"


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
        way: what is behind its dependencies, as far as the packages of the run tell; None where it depends on Umbraco
            directly.
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
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """One thing that keeps NuGet from reading a package: a finding of `umbmarket validate`.

    Attributes:
        code: the rule that tells it.
        path: of the package, with the member after `!/`.
        region: where it stands in that member, or None.
        message: one line, without a full stop.
        severity: an error as a rule; a warning is told beside an error.
    """

    code: str
    path: str
    region: Region | None
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        """As a finding's first line: `path:line:column error[CODE] message`."""
        place = f":{self.region.line}:{self.region.column}" if self.region is not None else ""
        return f"{self.path}{place} {self.severity}[{self.code}] {self.message}"


@dataclass(frozen=True, slots=True)
class Inspections:
    """What was found out about several packages.

    Attributes:
        packages: those that NuGet can read, in the order they were named.
        problems: what keeps NuGet from reading the others.
        asked: how many packages were looked at.
    """

    packages: tuple[Inspection, ...]
    problems: tuple[PackageProblem, ...]
    asked: int
