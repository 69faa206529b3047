"""What the rules may know about a document besides the document itself."""

from __future__ import annotations

from functools import cached_property

from umbmarket.documents.listing import Listing
from umbmarket.marketplace import listing_schema
from umbmarket.marketplace.listing_schema import Violation
from umbmarket.workspace.repository import Repository


class ListingFacts:
    """A listing and what is known about its surroundings.

    Attributes:
        document: the listing.
        package_id: the package it belongs to, from `--package-id`, its file name or a package beside it; None if unknown.
        repository: the git working tree it lies in, or None.
    """

    def __init__(
        self, document: Listing, *, package_id: str | None = None, repository: Repository | None = None
    ) -> None:
        """`package_id` is what the caller knows; without it the suffix of the file name counts."""
        self.document = document
        self.package_id = package_id or document.suffix
        self.repository = repository

    @cached_property
    def schema_valid(self) -> bool | None:
        """The published schema's verdict on the value that was read; None when nothing could be read."""
        if self.document.parsed == "no":
            return None
        return listing_schema.is_valid(self.document.tree.value)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the published schema refuses, each once; empty when it refuses nothing."""
        if self.schema_valid is not False:
            return ()
        return tuple(listing_schema.violations(self.document.tree.value))
