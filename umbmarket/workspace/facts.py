"""What the rules may know about a document besides the document itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from umbmarket.documents.json_tree import join
from umbmarket.documents.listing import Listing
from umbmarket.findings import JsonValue
from umbmarket.marketplace import listing_schema
from umbmarket.marketplace.listing_schema import Violation
from umbmarket.workspace.repository import Repository


class ListingFacts:
    """A listing and what is known about its surroundings.

    Attributes:
        document: the listing.
        package_id: the package it belongs to, from `--package-id`, its file name or a package beside it, or None.
        repository: the git working tree it lies in, or None.
        folder: the folder of the listing relative to the root of that working tree, with forward slashes; empty for
            the root, None where there is no working tree.
    """

    def __init__(
        self,
        document: Listing,
        *,
        package_id: str | None = None,
        repository: Repository | None = None,
        folder: str | None = None,
    ) -> None:
        """`package_id` is what the caller knows; without it the suffix of the file name counts."""
        self.document = document
        self.package_id = package_id or document.suffix
        self.repository = repository
        self.folder = folder

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

    @cached_property
    def refused(self) -> Mapping[str, frozenset[str]]:
        """The schema's keywords that refuse a value, by the pointer of the value."""
        keywords: dict[str, set[str]] = {}
        for violation in self.violations:
            keywords.setdefault(violation.pointer, set()).add(violation.keyword)
        return {pointer: frozenset(found) for pointer, found in keywords.items()}

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Pointer and value of every text in the listing, in the order of the file."""
        found: list[tuple[str, str]] = []
        waiting: list[tuple[str, JsonValue]] = [("", self.document.value)]
        while waiting:
            pointer, value = waiting.pop()
            if isinstance(value, str):
                found.append((pointer, value))
            elif isinstance(value, dict):
                waiting.extend((join(pointer, key), item) for key, item in reversed(value.items()))
            elif isinstance(value, list):
                waiting.extend((join(pointer, number), value[number]) for number in range(len(value) - 1, -1, -1))
        return tuple(found)

    @cached_property
    def blanks(self) -> Mapping[str, None]:
        """Pointers of all texts that are empty or white space alone, in the order of the file."""
        return {pointer: None for pointer, text in self.texts if not text or text.isspace()}

    def is_blank(self, pointer: str) -> bool:
        """Whether an empty text stands there."""
        return pointer in self.blanks
