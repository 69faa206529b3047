"""Listings of a run that say the same twice: twins that one package reads, and copies that were left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from umbmarket.umbraco.file_names import LISTING_STEM
from umbmarket.umbraco.found import Found, FoundListing

if TYPE_CHECKING:
    from umbmarket.umbraco.belonging import Belongings

_ASSETS = "app_plugins"
"""Lower-case name of the folder that a package's files for the backoffice lie in, where no project URL leads."""


def twins_of(found: Found, belongings: Belongings | None) -> Mapping[FoundListing, FoundListing]:
    """Each listing without an id in its name that is the twin of the one with an id beside it.

    Both are equal byte by byte, there is only one with an id in the folder, and no package of another id has the plain
    one: several authors keep both to please the validation page. Listings of different packages are no twins.

    Returns:
        The plain listing to the one with the id, which is asked for first.
    """
    twins: dict[FoundListing, FoundListing] = {}
    by_folder: dict[str, list[FoundListing]] = {}
    for listing in found.listings:
        by_folder.setdefault(listing.location, []).append(listing)
    for together in by_folder.values():
        with_id = [each for each in together if each.document.suffix is not None]
        plain = [each for each in together if each.document.file_name == f"{LISTING_STEM}.json"]
        if len(with_id) != 1 or len(plain) != 1 or len(together) != 2:
            continue
        own, other = with_id[0], plain[0]
        data = own.document.source.data
        if data and data == other.document.source.data and not _is_of_another(other, own, found, belongings):
            twins[other] = own
    return twins


def _is_of_another(plain: FoundListing, own: FoundListing, found: Found, belongings: Belongings | None) -> bool:
    """Whether a package that the listing with the id is not for has the plain one."""
    packages = belongings.packages if belongings is not None else ()
    return any(
        belonging.listing is plain and (package.document.id or "").lower() != (own.document.suffix or "").lower()
        for package, belonging in zip(found.packages, packages, strict=False)
    )


def left_behind(found: Found, belongings: Belongings | None) -> Mapping[FoundListing, FoundListing]:
    """Each listing that was found, not named, and is not read, because another one of its package is.

    Known where a package of the run with its id has another listing where the project URL leads. An estimate for one
    below `App_Plugins`: without an id in its name it is left behind where the packages of the run have others; without
    packages, where the root of its repository has one for the same package, or one of the two does not say for which.

    Returns:
        The listing to the one that is read instead.
    """
    candidates = [each for each in found.listings if not each.named and each.repository is not None]
    if len(found.listings) < 2 or not candidates:
        return {}
    has_packages = any(not package.planned for package in found.packages)
    if belongings is None or not (has_packages or any(each.listing is not None for each in belongings.packages)):
        return _below_assets(candidates, found.listings)
    read = {
        (package.document.id or "").lower(): belonging.listing
        for package, belonging in zip(found.packages, belongings.packages, strict=True)
        if belonging.at_placement and belonging.listing is not None
    }
    had = {belonging.listing for belonging in belongings.packages}
    left: dict[FoundListing, FoundListing] = {}
    for listing in candidates:
        suffix = listing.document.suffix
        others = [read[suffix.lower()]] if suffix is not None and suffix.lower() in read else []
        if suffix is None and _is_below_assets(listing):
            others = list(read.values())
        here = next((each for each in others if each.repository is listing.repository), None)
        if listing not in had and here is not None:
            left[listing] = here
    return left


def _is_below_assets(listing: FoundListing) -> bool:
    return _ASSETS in (listing.folder or "").lower().split("/")


def _below_assets(
    candidates: Sequence[FoundListing], listings: Sequence[FoundListing]
) -> Mapping[FoundListing, FoundListing]:
    left: dict[FoundListing, FoundListing] = {}
    for listing in candidates:
        if not _is_below_assets(listing):
            continue
        ids = {None, (listing.document.suffix or "").lower() or None}
        for other in listings:
            other_id = (other.document.suffix or "").lower() or None
            is_same = other_id in ids or listing.document.suffix is None
            if other.folder == "" and other.repository is listing.repository and is_same:
                left[listing] = other
                break
    return left
