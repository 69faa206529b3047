"""The listing of a published package as the Marketplace reads it: where the project URL of the package leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from umbmarket.findings import JsonValue
from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.umbraco.listing import LARGEST_LISTING, read_listing
from umbmarket.umbraco.online.placement_fetch import fetch_first
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.verdict import verdict_on

if TYPE_CHECKING:
    from umbmarket.nuget import NuGetVersion
    from umbmarket.nuget.feed.v3 import NugetFeed
    from umbmarket.web.client import Http


def published_values(
    feed: NugetFeed, http: Http, package_id: str, version: NuGetVersion
) -> Mapping[str, JsonValue] | None:
    """Read what counts of the published listing.

    Args:
        feed: The feed, for the nuspec.
        http: The client for addresses that the package's author wrote.
        package_id: The id in its own letter case.
        version: The version whose project URL counts.

    Returns:
        What the Marketplace takes from it; None where there is no listing, or nobody could tell.
    """
    nuspec = feed.nuspec(package_id, version)
    if isinstance(nuspec, NotFound | FeedFailure):
        return None
    # One byte more than is read, so that a listing that is too long is seen to be.
    tried, file = fetch_first(http, "listing", place(nuspec.project_url, package_id).listing, LARGEST_LISTING + 1)
    return verdict_on(read_listing(tried[-1].address.url, file.body)).value if file is not None else None
