"""Names of the files that the Marketplace looks for, and names that were meant to be one."""

from __future__ import annotations

import re
from typing import Literal

from umbmarket.umbraco.listing import LISTING_STEM
from umbmarket.umbraco.readme import README_STEM

NameKind = Literal["listing", "readme", "misnamed"]

_LISTING = re.compile(rf"{LISTING_STEM}(?![-.]schema\.json).*\.json", re.IGNORECASE | re.ASCII | re.DOTALL)
"""The names of listings in any letter case. A copy of the published schema has such a name, and is none."""

_README = re.compile(rf"{README_STEM}.*\.md", re.IGNORECASE | re.ASCII | re.DOTALL)
"""The names of Marketplace readmes in any letter case."""

_WRONG_STEM = r"umbraco(?:_marketplace|-marketplate)"
"""An underscore, and a slip that the Marketplace's own makers shipped in five repositories (2023-07-05,
Umbraco.Commerce.*)."""

_MISNAMED = re.compile(
    rf"{_WRONG_STEM}.*\.json|{_WRONG_STEM}.*readme.*\.md|{LISTING_STEM}-.*readme.*\.md",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""Names that were meant to be a listing's or a readme's; the last has the package id before the word readme."""

_ID_FIRST = re.compile(rf"{LISTING_STEM}-(?P<id>.+)[-_.]readme\.md", re.DOTALL)


def kind_of_name(name: str) -> NameKind | None:
    """What a file is by its name: in any letter case a listing or a readme, or one that is misnamed; else None."""
    if _LISTING.fullmatch(name):
        return "listing"
    if _README.fullmatch(name):
        return "readme"
    return "misnamed" if _MISNAMED.fullmatch(name) else None


def right_name(name: str) -> str:
    """The name that the Marketplace looks for where `name` was meant for it: in lower case, with its stem.

    HQ renamed its own files "to use lowercased package IDs" (Umbraco.StorageProviders, 2023-11-13).
    """
    name = re.sub(rf"^{_WRONG_STEM}_?", _as_stem, name.lower())
    id_first = _ID_FIRST.fullmatch(name)
    return f"{README_STEM}-{id_first['id']}.md" if id_first is not None else name


def _as_stem(found: re.Match[str]) -> str:
    return LISTING_STEM + ("-" if found[0].endswith("_") else "")
