"""What `umbmarket inspect` finds out about one package: what its action makes and its outputs show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from umbmarket.umbraco.verdict import NO_LISTING, Verdict

if TYPE_CHECKING:
    from umbmarket.findings import JsonValue, Region
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.compatibility.estimate import Compatibility, VersionMode
    from umbmarket.umbraco.found import ListingOrigin
    from umbmarket.umbraco.listing import Listing
    from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField
    from umbmarket.umbraco.placement import Placement
    from umbmarket.umbraco.planned_document import PlannedDocument
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


class FactSource(NamedTuple):
    """Where something that a project says of its package is written.

    Attributes:
        file: as shown to the user.
        line: of the element or of its text, from 1.
        column: likewise.
    """

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """One thing that the package of a project would say of itself.

    Attributes:
        name: of its element in a nuspec, such as `projectUrl`.
        value: as `dotnet pack` would write it; None where there is none, and where it is not known.
        unknown: why it is not known, as a clause; None where it is.
        source: where it is written; None for a default of the SDK, and for what is written nowhere.
    """

    name: str
    value: str | None
    unknown: str | None
    source: FactSource | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is told of a project besides what is told of a package.

    Attributes:
        facts: what the package would say of itself, in the order of the page.
        unknowns: why something is not known, by the name of its element; `packable` for whether it is packed at all.
        packable: whether `dotnet pack` packs it; None where that is not known.
        dependency_sources: where the range of a dependency is written, by the indices of its group and of itself.
        dependency_doubts: why a range is not known, likewise.
        field_doubts: why a field of the listing page is not known, by its name.
        dropped_project_url: what is written as the project URL and does not get into the package, or None.
        versions_doubt: why the Umbraco versions are not known; None where they are.
    """

    facts: tuple[PlannedFact, ...]
    unknowns: Mapping[str, str]
    packable: bool | None
    dependency_sources: Mapping[tuple[int, int], FactSource]
    dependency_doubts: Mapping[tuple[int, int], str]
    field_doubts: Mapping[str, str]
    dropped_project_url: str | None = None
    versions_doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the Marketplace will read from a package and its listing.

    Attributes:
        path: of the package, or of the project that it would be packed from, as shown to the user.
        package: the package, packed or only planned. Of a packed one id and version are there; of a planned one they
            are None where they are not known.
        metadata: what NuGet knows of it, as far as the listing page shows it.
        tagged: it has the tag of the Marketplace.
        compatibility: the Umbraco versions, an estimate.
        mode_source: who decided on the mode of `compatibility`.
        placement: where the Marketplace looks for the listing and the readme.
        listing: the listing and what becomes of it.
        fields: the listing page, field by field.
        way: what is behind its dependencies, as far as the packages of the run tell; None where it depends on Umbraco
            directly.
        planned: what is told of a project besides; None for a package that was packed.
    """

    path: str
    package: NuGetPackage | PlannedDocument
    metadata: PackageMetadata
    tagged: bool
    compatibility: Compatibility
    mode_source: ModeSource
    placement: Placement
    listing: PackageListing
    fields: tuple[PreviewField, ...]
    way: Way | None = None
    planned: Planned | None = None

    @property
    def packed(self) -> NuGetPackage | None:
        """The package where it was packed, else None."""
        return cast("NuGetPackage", self.package) if self.planned is None else None


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """One finding of `umbmarket validate` that keeps NuGet from reading a package, or a project from being packed.

    Attributes:
        code: the rule that tells it.
        path: of the package, with the member after `!/`; of a project the file that it stands in.
        region: where it stands in that member or file, or None.
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
        packages: those that can be read, in the order they were named.
        problems: what keeps NuGet from reading the others.
        asked: how many packages and projects were looked at.
        projects: how many of them were projects.
        skipped: what a solution lists and nobody can look at: shown paths, and why, in words.
    """

    packages: tuple[Inspection, ...]
    problems: tuple[PackageProblem, ...]
    asked: int
    projects: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
