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
    why="the Marketplace reads nuget.org and shows listed, stable versions only",
    online=True,
)
def not_published(facts: PublishedFacts) -> Iterator[Observation]:
    """A package id that the feed does not have, or has without a version that is listed and stable.

    Looks at all versions of the feed, unlisted ones included. A feed that cannot be asked gives no finding: nothing is
    known then.

    Why it matters:
        The Marketplace is made from what is on nuget.org. A package that has only prereleases appears not to be listed
        at all, and a sync that is asked for is accepted and does nothing.

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
    why="without the file the Marketplace shows what NuGet knows: no category, no screenshots, no links",
    online=True,
)
def published_listing_missing(facts: PublishedFacts) -> Iterator[Observation]:
    """A published package whose listing is at none of the addresses that the Marketplace tries.

    The addresses come from the project URL of the latest stable version: the file that ends in the package id in lower
    case first, then `umbraco-marketplace.json`. A page for visitors is no listing, whatever its status. Where one of
    the addresses could not be reached, nothing is known and nothing is reported.

    Why it matters:
        9 of about 115 public repositories moved their listing after it was never found. The project URL of the
        published version counts, not the one in the project file: moving the file helps at once, changing the URL with
        the next version.

    Bad:
        https://example.com/my-package/umbraco-marketplace.json answers 404

    Good:
        https://example.com/my-package/umbraco-marketplace.json holds the listing
    """
    from umbmarket.umbraco.published_state import listing_nowhere

    lack = listing_nowhere(facts)
    if lack is not None:
        yield Observation(lack.message, help=lack.help, args=lack.data)


@rule(
    "UMB607",
    "published-listing-differs",
    Severity.INFO,
    why="the Marketplace shows the published file, not the one here",
    online=True,
)
def published_listing_differs(facts: PublishedFacts) -> Iterator[Observation]:
    """A published listing that differs from the one here.

    Compares what the two files mean: white space, comments and the order of keys make no difference.

    Why it matters:
        A change counts once it is on the branch that the project URL leads to, which is the default branch unless the
        URL names another one, and the Marketplace has read it.

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
            f"the published listing differs from {visible(here.path)} here in {named}{more}",
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
    why="users see what the Marketplace shows, which may be an older state",
    online=True,
)
def marketplace_shows_otherwise(facts: PublishedFacts) -> Iterator[Observation]:
    """The Marketplace shows another version, other majors, another category or licence than package and listing say.

    Compares the record of the Marketplace's API with the latest stable version on the feed, with the Umbraco versions
    estimated over all listed stable versions, and with the published listing. What either side does not say is not
    compared. A package that should be listed and is not is reported as well. The majors are an estimate, so a
    difference there may be the estimate's.

    Why it matters:
        After a push the Marketplace follows within hours, after an accepted sync within about half an hour. What stays
        different longer was read otherwise than its author meant it: a package with a group for each of three
        frameworks was shown only for the last one.

    Bad:
        1.2.0 on the Marketplace, 1.3.0 on nuget.org

    Good:
        1.3.0 on both
    """
    from umbmarket.umbraco.published_state import differences

    for each in differences(facts):
        yield Observation(
            each.message,
            help="run `umbmarket sync`, and look again in half an hour",
            args={"what": each.subject, "shown": each.shown, "derived": each.derived},
        )


@rule(
    "UMB609",
    "transitive-only",
    Severity.WARNING,
    why="the Umbraco versions shown then depend on another package",
    online=True,
)
def transitive_only(facts: PublishedFacts) -> Iterator[Observation]:
    """A package that depends on Umbraco only through another package.

    Names the shortest way. Every level of dependencies is searched in the version that a restore takes, up to 200
    packages; the first level that depends on Umbraco ends the search.

    Why it matters:
        "Transitive dependencies are only used when no direct Umbraco dependency exists" (the listing guide). The
        supported versions are then those of the other package, and change when it does.

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
