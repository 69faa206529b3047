"""UMB401 and UMB415: does the package depend on Umbraco, and on any version of it that the Marketplace shows?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import JsonValue, Observation, Place, Severity, visible
from umbmarket.umbraco.compatibility.dependencies import product_of
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.package_scope import listed_nuspec, ranged_nuspec
from umbmarket.umbraco.rules.version_words import distinct_ranges, place_of_range, range_in_words

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import Withheld
    from umbmarket.umbraco.ways import Way

WAY_CODES = frozenset({"UMB401"})
"""Rules that need to know what is behind the dependencies of a package."""

_MOST_NAMED = 6
"""Ranges that one message names."""

_ADD = "add a dependency on the Umbraco.Cms package that yours needs"


@rule(
    "UMB401",
    "no-umbraco-dependency",
    Severity.ERROR,
    other_severities=(Severity.WARNING, Severity.INFO),
    why="the Marketplace lists only packages that depend on Umbraco",
)
def no_umbraco_dependency(facts: PackageFacts) -> Iterator[Observation]:
    """No direct dependency on Umbraco.

    `Umbraco.Cms`, `UmbracoCms` (Umbraco 8), `Umbraco.Commerce`, and ids that begin with one of them and a dot count as
    Umbraco. Other dependencies are followed through the packages that are checked together, and with `--online` through
    the feed.

    - error: no dependency leads to Umbraco
    - warning: it is not known what some dependencies depend on; `--online` and `umbmarket status` find out
    - info: the package depends on Umbraco through another package, which counts

    References of a project that do not become dependencies, mostly because of `PrivateAssets="All"`, are named.

    Why it matters:
        A package without such a dependency "will not be listed" (listing guide, 2026 text), even if it has only
        client-side files, because the Marketplace reads the Umbraco versions from it. Packages made from `dotnet new`
        templates or with `SuppressDependenciesWhenPacking` often have none.

    Bad:
        <group targetFramework="net8.0" />

    Good:
        <group targetFramework="net8.0">
          <dependency id="Umbraco.Cms.Web.Common" version="[13.0.0, 14.0.0)" />
        </group>
    """
    nuspec = listed_nuspec(facts)
    if nuspec is None or facts.compatibility.dependencies or not facts.document.knows("dependencies"):
        return
    others = facts.compatibility.other_dependencies
    withheld = [each for each in facts.document.withheld if product_of(each.id) is not None]
    if withheld and not (facts.way is not None and facts.way.search.found):
        yield _withheld(withheld, others)
        return
    has_element = nuspec.locate(Place("/metadata/dependencies")) is not None
    place = Place("/metadata/dependencies" if has_element else "/metadata")
    client_side = "; a package with only client-side files needs it too" if facts.document.is_client_side else ""
    if not others:
        yield Observation(
            "the package has no dependencies, so it does not depend on Umbraco",
            place,
            help=f"{_ADD}{client_side}; look for SuppressDependenciesWhenPacking and PrivateAssets in the project",
            args={"otherDependencies": 0},
        )
    elif facts.way is not None and facts.way.search.found:
        yield _behind_others(facts, facts.way, place)
    elif facts.way is not None and facts.way.is_certain:
        yield Observation(
            "no dependency leads to Umbraco",
            place,
            help=f"{_ADD}{client_side}",
            args={"otherDependencies": others},
        )
    else:
        yield Observation(
            "no direct dependency on Umbraco",
            place,
            help=_what_is_not_known(facts, client_side),
            args={"otherDependencies": others},
            severity=Severity.WARNING,
        )


def _withheld(references: list[Withheld], others: int) -> Observation:
    """That each reference to Umbraco is kept out of the package."""
    first = references[0]
    more = f", like {len(references) - 1} more," if len(references) > 1 else ""
    no_dependency = "no direct dependency on Umbraco" if others else "the package has no dependencies"
    return Observation(
        f"{no_dependency}: {visible(first.reason)} keeps {visible(first.id)}{more} out of the package",
        first.place,
        help='remove it, or write what is not to be passed on, such as PrivateAssets="contentfiles;analyzers;build"',
        args={"otherDependencies": others, "id": first.id, "reason": first.reason},
        severity=Severity.WARNING if others else None,
    )


def _what_is_not_known(facts: PackageFacts, client_side: str) -> str:
    way = facts.way
    if way is not None and way.asked and way.search.problems:
        problem = visible(way.search.problems[0]).rstrip(".")
        return f"the dependencies of the other packages could not be read ({problem}); {_ADD}{client_side}"
    return (
        "a dependency through another package counts: `umbmarket validate --online` checks that; otherwise"
        f" {_ADD}{client_side}"
    )


def _behind_others(facts: PackageFacts, way: Way, place: Place) -> Observation:
    from umbmarket.umbraco.compatibility.estimate import estimate_compatibility

    first = way.search.found[0]
    shown = estimate_compatibility(way.search.groups, facts.mode).shown.text if way.knows_ranges else None
    majors = f"; shown for Umbraco {visible(shown)}" if shown is not None else ""
    return Observation(
        f"the package depends on Umbraco only through other packages: {visible(first.text)}{majors} (an estimate)",
        place,
        help=f"keep it, or add a dependency on {visible(first.id)} with the range that your package supports",
        args={"path": list[JsonValue]((*first.path, first.id)), "range": first.range, "majors": shown},
        severity=Severity.INFO,
        estimate=True,
    )


@rule(
    "UMB415",
    "shown-for-no-version",
    Severity.WARNING,
    why="visitors who filter by Umbraco version do not find the package",
)
def shown_for_no_version(facts: PackageFacts) -> Iterator[Observation]:
    """Dependency ranges that include no stable version of Umbraco.

    A range that no version at all satisfies is reported as UMB408. How the Marketplace derives the versions from the
    ranges is an estimate.

    Why it matters:
        The Marketplace lists packages for Umbraco 8 and later. If a range ends before 8.0.0 or includes only
        prereleases, no version is left to show.

    Bad:
        <dependency id="UmbracoCms.Core" version="[7.5.3, 8.0.0)" />

    Good:
        <dependency id="UmbracoCms.Core" version="[8.0.0, 9.0.0)" />
    """
    from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR, OLDEST_MAJOR

    if ranged_nuspec(facts) is None:
        return
    found = facts.compatibility
    if not found.dependencies or found.only_own_numbers or found.impossible_groups:
        return
    if any(each.range_problem is not None for each in found.dependencies):
        return
    shown = found.shown
    if shown.majors or shown.open_ended or any(span.first > NEWEST_MAJOR for span in shown.spans):
        return
    ranges = [each for each in distinct_ranges(found.dependencies) if not each.has_own_numbers][:_MOST_NAMED]
    yield Observation(
        f"the package is shown for no Umbraco version (an estimate): {' and '.join(map(range_in_words, ranges))} "
        f"{'includes' if len(ranges) == 1 else 'include'} no stable version of Umbraco {OLDEST_MAJOR} to"
        f" {NEWEST_MAJOR}",
        place_of_range(facts, ranges[0]),
        help="write a range that includes a stable version of each Umbraco version that the package supports",
        args={"ranges": [each.written for each in ranges]},
        estimate=True,
    )
