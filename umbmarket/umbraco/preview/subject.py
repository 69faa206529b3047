"""What a preview is of: one package with its listing, or a listing alone, among all that lies under a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from umbmarket.umbraco.belonging import readme_beside
from umbmarket.umbraco.file_names import kind_of_name
from umbmarket.umbraco.inspection import PackageListing
from umbmarket.umbraco.judged import is_judged

if TYPE_CHECKING:
    from umbmarket.umbraco.facts import ListingFacts, PackageFacts
    from umbmarket.umbraco.found import Found
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Subject:
    """What a preview may be of.

    Attributes:
        id: of the package; None where nothing tells it.
        package: the package, or None.
        listing: its listing, or None.
        readme: its Marketplace readme, or None.
        is_meant: it is for the Marketplace, as far as tags and listings tell.
    """

    id: str | None
    package: PackageFacts | None
    listing: ListingFacts | None
    readme: MarketplaceReadme | None
    is_meant: bool = True

    @property
    def taken(self) -> PackageListing:
        """The listing, and what becomes of it."""
        path = self.readme.path if self.readme is not None else None
        if self.listing is None:
            return PackageListing(readme=path)
        origin = self.package.origin if self.package is not None else "named"
        return PackageListing(self.listing.document, origin, self.listing.verdict, path)

    @property
    def name(self) -> str:
        """What it is called where several are named."""
        return self.id or self.path

    @property
    def path(self) -> str:
        """The shown path of its package, else of its listing."""
        about = self.package or self.listing
        return about.document.path if about is not None else ""


def subjects(found: Found, workspace: Workspace) -> tuple[Subject, ...]:
    """All that a preview may be of: the packages, then listings without one.

    Args:
        found: the documents of the run.
        workspace: the facts about them.
    """
    return tuple(_subjects(found, workspace))


def _subjects(found: Found, workspace: Workspace) -> Iterator[Subject]:
    for facts in workspace.packages:
        yield Subject(facts.document.id, facts, facts.listing, facts.readme_file, is_judged(facts))
    with_package = {facts.listing for facts in workspace.packages}
    by_document = {each.document: each for each in found.listings}
    for listing in workspace.listings:
        own = by_document[listing.document]
        if own.document.unreadable is not None and not own.named and kind_of_name(own.document.file_name) is None:
            # A folder that could not be searched.
            continue
        if listing not in with_package and (listing.read_instead is None or own.named):
            readme = readme_beside(found.tree, own.location, listing.package_id)
            yield Subject(listing.package_id, None, listing, readme)
