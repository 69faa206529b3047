"""What tells that the Marketplace has read a package since a request: something it shows now and did not show before.

An answer of the API says nothing of when it was read, so only a change tells. A release is seen by its version, or by
its time of publishing where the record has no version. Where the version was shown already (only the listing changed),
or a later one (a fix for an older major), values of the published listing tell, if they were shown otherwise. Where
there is none of that, nothing can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from umbmarket.findings import JsonValue
from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord

if TYPE_CHECKING:
    from umbmarket.umbraco.online.api import NotListed


@dataclass(frozen=True, slots=True)
class Signs:
    """What is waited for.

    Attributes:
        text: In a few words, such as `1.2.0`; empty where any record will do.
        are_in: Whether a record has them.
    """

    text: str
    are_in: Callable[[MarketplaceRecord], bool]


def release_signs(
    before: MarketplaceRecord | NotListed | MarketplaceFailure,
    version: NuGetVersion | None,
    published: datetime | None,
) -> Signs | None:
    """Say by what a release is seen.

    Args:
        before: What the Marketplace showed before the request. Where it gave no answer, what it shows later has to do.
        version: The version that was released, if it is known.
        published: When it was pushed, if that is known.

    Returns:
        The signs; None where the record had them already, so that they tell nothing.
    """

    def are_in(record: MarketplaceRecord) -> bool:
        if version is None:
            return True
        shown = _version(record.latest_version)
        if shown is not None:
            return shown >= version
        seen = record.last_published
        return published is not None and seen is not None and _aware(seen) >= _aware(published)

    if isinstance(before, MarketplaceRecord) and are_in(before):
        return None
    return Signs(version.normalized if version is not None else "", are_in)


def listing_signs(before: MarketplaceRecord, listing: Mapping[str, JsonValue]) -> Signs | None:
    """Say by what a changed listing is seen.

    Args:
        before: What the Marketplace showed before the request.
        listing: What counts of the published listing.

    Returns:
        The signs; None where every value that can be compared was shown already.
    """
    keys = [key for key in _COMPARED if _says(listing, key) is not None and not _shows(before, listing, key)]
    if not keys:
        return None
    return Signs(
        f"the listing's {' and '.join(keys)}", lambda record: all(_shows(record, listing, key) for key in keys)
    )


_COMPARED: Mapping[str, Callable[[MarketplaceRecord], object]] = {
    "Title": lambda record: record.title,
    "Category": lambda record: record.category,
    "LicenseTypes": lambda record: sorted(record.license_types),
    "PackageType": lambda record: record.package_type,
}
"""Keys of a listing whose values a record shows as they are written."""


def _says(listing: Mapping[str, JsonValue], key: str) -> object:
    value = listing.get(key)
    if isinstance(value, list):
        return sorted(each for each in value if isinstance(each, str)) or None
    return value.strip() or None if isinstance(value, str) else None


def _shows(record: MarketplaceRecord, listing: Mapping[str, JsonValue], key: str) -> bool:
    return _COMPARED[key](record) == _says(listing, key)


def is_later(shown: str | None, version: NuGetVersion | None) -> bool:
    """Whether a record shows a later version than the one that was released."""
    found = _version(shown)
    return found is not None and version is not None and found > version


def _version(text: str | None) -> NuGetVersion | None:
    try:
        return NuGetVersion.parse(text) if text else None
    except InvalidVersion:
        return None


def _aware(moment: datetime) -> datetime:
    # Neither API promises a time zone; where one writes none, it means UTC as everything of NuGet's does.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
