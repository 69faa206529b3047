"""What commands check, where their words depend on that."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """What a command checks, where its words depend on that.

    Attributes:
        noun: one of it, with its article.
        stdin_name: what standard input is called in the results.
        largest: bytes of standard input that are read.
        not_built: what is not looked for in what builds leave.
        example: the command for one file.
    """

    noun: str
    stdin_name: str
    largest: int
    not_built: str
    example: str


LISTINGS = Subject(
    "a listing",
    "umbraco-marketplace.json",
    1_048_576,
    "listings and projects",
    "umbmarket validate path/to/umbraco-marketplace.json",
)
"""What `umbmarket validate` is about. A listing is at most so long (`umbraco.listing.LARGEST_LISTING`)."""

NUXEO_PACKAGES = Subject(
    "a package.xml",
    "package.xml",
    64 * 1_048_576,
    "package.xml files",
    "umbmarket nuxeo validate path/to/package.xml",
)
"""What `umbmarket nuxeo validate` is about."""
