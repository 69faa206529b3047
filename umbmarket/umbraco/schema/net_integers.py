"""Integers to the text of JSON Schema that no .NET reader takes for one: `13.0`, `1.3e1`, more than 64 bits.

Measured: NJsonSchema 10.8 to 11.6 and a typed read by Newtonsoft.Json all refuse the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.umbraco.listing import Listing

LARGEST_INTEGER = 2**63 - 1

_INTEGERS = ("/VersionSpecificPackageIds/*/UmbracoMajorVersion",)
"""Where the published schema wants an integer."""


def unreadable_integers(listing: Listing) -> Iterator[tuple[str, int | float]]:
    """Pointer and value of every number of the listing that JSON Schema accepts and .NET refuses."""
    for pattern in _INTEGERS:
        for pointer, value in listing.each(pattern):
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if (isinstance(value, float) and value.is_integer()) or (
                isinstance(value, int) and abs(value) > LARGEST_INTEGER
            ):
                yield pointer, value
