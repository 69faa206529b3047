"""What is known of a package that is published: plain data that the services fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from umbmarket.findings import Place, Region, Source
from umbmarket.umbraco.facts import ListingFacts

if TYPE_CHECKING:
    from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.umbraco.compatibility.estimate import Outcome
    from umbmarket.umbraco.listing import Listing
    from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord, NotListed
    from umbmarket.umbraco.online.dependency_graph import DependencySearch
    from umbmarket.umbraco.placement import Address, Placement

AttemptResult: TypeAlias = Literal["found", "missing", "web-page", "unknown"]
"""What became of an address.

- ``found``: it gave a file.
- ``missing``: the server says that there is none, or will not give it.
- ``web-page``: it gave a page for visitors instead of the file.
- ``unknown``: there was no answer, or one that may be different a moment later.
"""


NOT_ASKED = "was not asked"
"""How the answer of an address begins that leads to this machine or a private network."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An address where the Marketplace looks, and what it answered.

    Attributes:
        kind: what should be there.
        address: the address.
        result: what became of it.
        answer: in a few words, without a full stop, such as `404`.
    """

    kind: Literal["listing", "readme"]
    address: Address
    result: AttemptResult
    answer: str


@dataclass(frozen=True, slots=True)
class PublishedPackage:
    """A package on a feed as something a finding can be about.

    Attributes:
        path: the package id.
    """

    path: str

    def member_of(self, place: Place) -> str | None:
        """None: it is no file here."""
        return None

    def source_of(self, place: Place) -> Source | None:
        """None: its files are elsewhere."""
        return None

    def locate(self, place: Place) -> Region | None:
        """Nothing of it has lines."""


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """A published package and what the Marketplace shows of it.

    Attributes:
        document: the package; its path is the id, in the feed's letter case where the feed knows it.
        versions: its versions.
        nuspec: of the latest listed stable version; None where there is none or it could not be read.
        placement: where the Marketplace looks, by that nuspec; None without it.
        attempts: the addresses that were tried, in order; those after a file that was found were not.
        listing: the listing that was found, or None.
        local: the listing that lies here for this package, or None.
        transitive: what was found behind other packages; None where that was not looked for, because there is a
            direct dependency on Umbraco or none is known at all.
        supported: the Umbraco versions over all listed stable versions, an estimate; None where none is known.
        record: what the Marketplace shows; None where it was not asked.
    """

    document: PublishedPackage
    versions: PackageVersions | NotFound | FeedFailure
    nuspec: Nuspec | None = None
    placement: Placement | None = None
    attempts: tuple[Attempt, ...] = ()
    listing: ListingFacts | None = None
    local: Listing | None = None
    transitive: DependencySearch | None = None
    supported: Outcome | None = None
    record: MarketplaceRecord | NotListed | MarketplaceFailure | None = None

    @property
    def has_private(self) -> bool:
        """An address was not asked, because it leads to this machine or a private network."""
        return any(attempt.answer.startswith(NOT_ASKED) for attempt in self.attempts)

    @property
    def package_id(self) -> str:
        """The id."""
        return self.document.path

    def tried(self, kind: Literal["listing", "readme"]) -> tuple[Attempt, ...]:
        """The attempts to find one kind of file."""
        return tuple(attempt for attempt in self.attempts if attempt.kind == kind)
