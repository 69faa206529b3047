"""UMB605 to UMB609: what is published, and what the Marketplace shows of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from umbmarket.check.catalogue import rule
from umbmarket.findings import JsonValue, Observation, Place, Severity, quote, visible
from umbmarket.umbraco.published_facts import PublishedFacts

_MOST_KEYS = 5
"""Keys that one message names."""


@rule(
    "UMB605",
    "not-published",
    Severity.ERROR,
    why="the Marketplace shows only packages with a listed, stable version on nuget.org",
    online=True,
)
def not_published(facts: PublishedFacts) -> Iterator[Observation]:
    """A package that is not on the feed, or has no version there that is both listed and stable.

    Nothing is reported if the feed does not answer.

    Why it matters:
        The Marketplace reads packages from nuget.org. It appears not to list a package with only prereleases: a sync is
        accepted, but has no effect.

    Bad:
        My.Package: 1.0.0-rc.1 (listed), 0.9.0 (unlisted)

    Good:
        My.Package: 1.0.0 (listed)
    """
    from umbmarket.umbraco.published_state import unpublished

    lack = unpublished(facts)
    if lack is not None:
        yield Observation(lack.message, help=lack.help, args=lack.data)


@rule(
    "UMB606",
    "published-listing-missing",
    Severity.ERROR,
    why="without the file the Marketplace shows only NuGet metadata: no category, screenshots or links",
    online=True,
)
def published_listing_missing(facts: PublishedFacts) -> Iterator[Observation]:
    """A published package without a listing at any of the URLs that the Marketplace tries.

    The URLs are derived from the project URL of the latest stable version: first the file with the package id in its
    name, then `umbraco-marketplace.json`. A web page does not count as a listing. Nothing is reported if one of the
    URLs could not be reached.

    Why it matters:
        9 of about 115 public repositories moved their listing because it was never found. The project URL of the
        published version counts: moving the file helps at once, changing the URL only with the next version.

    Bad:
        https://example.com/my-package/umbraco-marketplace.json answers 404

    Good:
        https://example.com/my-package/umbraco-marketplace.json is the listing
    """
    from umbmarket.umbraco.published_state import listing_nowhere

    lack = listing_nowhere(facts)
    if lack is not None:
        yield Observation(lack.message, help=lack.help, args=lack.data)


@rule(
    "UMB607",
    "published-listing-differs",
    Severity.INFO,
    why="the Marketplace shows the published file, not the local one",
    online=True,
)
def published_listing_differs(facts: PublishedFacts) -> Iterator[Observation]:
    """A published listing that differs from the local one.

    White space, comments and the order of properties do not count.

    Why it matters:
        A change shows when it is on the branch that the project URL leads to (the default branch, unless the URL names
        another one) and the Marketplace has read it.

    Bad:
        {"Category": "Search"} as published, {"Category": "Editor Tools"} here

    Good:
        {"Category": "Editor Tools"} in both
    """
    there, here = facts.listing, facts.local
    if there is None or here is None or not there.document.is_object or not here.is_object:
        return
    keys = _differing(there.document.value, here.value)
    if keys:
        more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
        named = ", ".join(visible(key) for key in keys[:_MOST_KEYS])
        first = f"/{keys[0].replace('~', '~0').replace('/', '~1')}"
        yield Observation(
            f"the published listing differs from the local {visible(here.path)} in {named}{more}",
            Place(first if keys[0] in there.document.value else ""),
            help="push the change to the branch that the Marketplace reads, then run `umbmarket sync`",
            args={"keys": list[JsonValue](keys), "path": here.path},
            document=there.document,
        )


def _differing(first: Mapping[str, JsonValue], second: Mapping[str, JsonValue]) -> list[str]:
    """Keys that only one of two objects has, or that have different values."""
    missing = object()
    return [key for key in {**first, **second} if first.get(key, missing) != second.get(key, missing)]


@rule(
    "UMB608",
    "marketplace-shows-otherwise",
    Severity.WARNING,
    why="users see what the Marketplace shows, which may be out of date",
    online=True,
)
def marketplace_shows_otherwise(facts: PublishedFacts) -> Iterator[Observation]:
    """The Marketplace shows another version, category, licence type or other Umbraco versions than were published.

    Compares the Marketplace's API with the latest stable version on the feed, the published listing, and the Umbraco
    versions of all listed stable versions. These are an estimate, so a difference in them may be the estimate's
    mistake. Also reports a package that should be listed, but is not.

    Why it matters:
        The Marketplace usually shows a release within hours, and after a sync within about half an hour. If it still
        differs later, it read something differently from what you meant.

    Bad:
        1.2.0 on the Marketplace, 1.3.0 on nuget.org

    Good:
        1.3.0 on both
    """
    from umbmarket.umbraco.published_state import differences

    for each in differences(facts):
        yield Observation(
            each.message,
            help="run `umbmarket sync`, and check again in half an hour",
            args={"what": each.subject, "shown": each.shown, "derived": each.derived},
        )


@rule(
    "UMB609",
    "transitive-only",
    Severity.WARNING,
    why="the Umbraco versions that the Marketplace shows then depend on another package",
    online=True,
)
def transitive_only(facts: PublishedFacts) -> Iterator[Observation]:
    """A package that depends on Umbraco only through another package.

    The message names the shortest path. The dependencies are followed in the versions that NuGet restore takes, up to
    200 packages.

    Why it matters:
        "Transitive dependencies are only used when no direct Umbraco dependency exists" (listing guide). The supported
        versions are then those of the other package, and change with it.

    Bad:
        My.Package > Other.Package 2.0.0 > Umbraco.Cms.Core [13.0.0, 14.0.0)

    Good:
        My.Package > Umbraco.Cms.Core [13.0.0, 14.0.0)
    """
    from umbmarket.umbraco.published_state import advice_for_way, way_to_umbraco

    way = way_to_umbraco(facts)
    if way is not None:
        yield Observation(
            f"{quote(facts.package_id)} depends on Umbraco only through other packages: {visible(way.text)}",
            help=advice_for_way(way),
            args={"path": list[JsonValue]((*way.path, way.id)), "range": way.range},
        )
