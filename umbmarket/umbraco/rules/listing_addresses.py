"""The addresses of a listing, for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.findings import Fix, quote
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing


def addresses(facts: ListingFacts, *patterns: str) -> Iterator[tuple[str, str]]:
    """Pointer and text of the addresses at `patterns` that the schema accepts and that are not empty."""
    for pointer, text in facts.document.texts(*patterns):
        if text.strip() and pointer not in facts.refused:
            yield pointer, text.strip()


def change(listing: Listing, pointer: str, url: str, *, certain: bool) -> tuple[Fix, ...]:
    """The fix that writes `url` at a pointer; safe where it is `certain` what was meant."""
    edit = listing.edits.replace(pointer, url)
    return listing.edits.fix(f"Change to {quote(url, 200)}", edit, safety="safe" if certain else "unsafe")
