"""UMB4xx: which Umbraco versions will the package be shown for?

What the Marketplace makes of a package's dependencies is partly inferred, so every finding here that names majors is an
estimate (see `umbmarket.umbraco.compatibility.estimate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import JsonValue, Observation, Place, RelatedPlace, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.package_scope import listed_nuspec, lost_mode, ranged_nuspec
from umbmarket.umbraco.rules.version_words import (
    framework_name,
    place_of_range,
    prerelease_minimum,
    range_in_words,
    stable_minimum,
)

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency
    from umbmarket.umbraco.compatibility.estimate import Compatibility, UmbracoGroup

_MOST_NAMED = 6
"""Groups that one message names: a package has seldom more target frameworks."""


def _open_range(facts: PackageFacts, group: UmbracoGroup, dependency: UmbracoDependency) -> str:
    """That a range has no maximum, and in which group, where it is not the only one."""
    is_only = len(facts.compatibility.groups_with_umbraco) == 1
    where = "" if is_only else f" for {framework_name(group.framework)}"
    return f"{range_in_words(dependency)}{where} has no maximum"


def _shown(found: Compatibility) -> str:
    """The majors in words; where groups disagree, both what they are together and what the highest one is alone."""
    if found.highest_alone is None or found.highest_alone[1].text == found.shown.text:
        return found.shown.text
    highest, alone = found.highest_alone
    together = f"{found.shown.text} if all target frameworks count"
    return f"{together}, or {alone.text} if only {framework_name(highest.framework)} does"


def _majors_shown(found: Compatibility) -> dict[str, JsonValue]:
    """The same as data."""
    alone = found.highest_alone
    return {"majors": found.shown.text, "highestAlone": alone[1].text if alone is not None else None}


def _without_maximum(group: UmbracoGroup) -> UmbracoDependency | None:
    """What to give a maximum to, where the group has none; of what cannot be read UMB313 tells."""
    if not all(each.is_open_ended for each in group.dependencies) or group.mixes_generations:
        return None
    return next((each for each in group.dependencies if each.range_problem is None), None)


def _open_legacy(facts: PackageFacts, group: UmbracoGroup, dependency: UmbracoDependency) -> Observation:
    """`UmbracoCms` without a maximum: the name ends with 8, and nobody has seen what the Marketplace makes of it."""
    from umbmarket.umbraco.compatibility.advice import up_to_newest

    advised = up_to_newest(dependency)
    return Observation(
        f"{_open_range(facts, group, dependency)}, so the package may be shown for more than Umbraco 8 (an estimate)",
        place_of_range(facts, dependency),
        help=f"write {advised.text}: UmbracoCms ends at version 8"
        if advised is not None
        else "give the range a maximum: UmbracoCms ends at version 8",
        args=_majors_shown(facts.compatibility),
        estimate=True,
    )


@rule(
    "UMB402",
    "hidden-from-14",
    Severity.WARNING,
    why="in Default mode the Marketplace cuts off an open range below Umbraco 14 if it starts at 13 or lower",
)
def hidden_from_14(facts: PackageFacts) -> Iterator[Observation]:
    """A range without a maximum that starts at Umbraco 13 or lower, in Default mode.

    Reported for each target framework with such a range. Not reported if the listing's `VersionDependencyMode` is
    `SemVer`, as then the range counts for all later versions (UMB403). `UmbracoCms` ends at version 8, but it is not
    known whether the Marketplace takes that into account. That each target framework is cut off separately is an
    estimate.

    Why it matters:
        The Marketplace silently shows the package only for Umbraco 13 and lower (listing guide, 2024-2025 text; since
        2024-06-06).

    Bad:
        <dependency id="Umbraco.Cms.Core" version="10.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[10.0.0, 17.0.0)" />
    """
    if ranged_nuspec(facts) is None:
        return
    found = facts.compatibility
    if found.mode != "Default" or found.only_own_numbers:
        return
    for group in found.groups_with_umbraco:
        dependency = _without_maximum(group)
        if dependency is None:
            continue
        if dependency.product == "cms-8":
            yield _open_legacy(facts, group, dependency)
        elif group.is_capped and found.mode_matters:
            yield _capped(facts, group, dependency)


def _capped(facts: PackageFacts, group: UmbracoGroup, dependency: UmbracoDependency) -> Observation:
    from umbmarket.umbraco.compatibility.advice import closed, up_to_newest
    from umbmarket.umbraco.compatibility.estimate import LAST_MAJOR_OF_OLD_BACKOFFICE

    found = facts.compatibility
    only, more = closed(dependency, LAST_MAJOR_OF_OLD_BACKOFFICE), up_to_newest(dependency)
    advice = (
        f"write {only.text} for Umbraco {only.majors} only, or {more.text} if you have tested {more.majors}"
        if only is not None and more is not None
        else "give the range a maximum"
    )
    lost = lost_mode(facts)
    together = "" if found.highest_alone is not None else " only"
    return Observation(
        f"the package is shown for Umbraco {_shown(found)}{together} (an estimate):"
        f" {_open_range(facts, group, dependency)} and starts at 13 or lower"
        f"{lost.message if lost is not None else ''}",
        place_of_range(facts, dependency),
        help=f"{lost.help}, or {advice}" if lost is not None else advice,
        args={"default": found.default.text, "semver": found.semver.text, **_majors_shown(found)},
        related=lost.related if lost is not None else (),
        estimate=True,
    )


@rule(
    "UMB403",
    "claims-every-future-major",
    Severity.WARNING,
    why="the listing claims that the package works with every later version of Umbraco",
)
def claims_every_future_major(facts: PackageFacts) -> Iterator[Observation]:
    """A range without a maximum, which includes every later version of Umbraco.

    Applies if the minimum is 14 or higher, or if the listing's `VersionDependencyMode` is `SemVer`. Reported for each
    target framework with such a range, also for `UmbracoCms`, which ends at version 8.

    Why it matters:
        Each new major version of Umbraco is shown as supported from the day of its release. `dotnet pack` writes such a
        range for `Version="17.0.0"`, and also for the floating `Version="17.*"`.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="17.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />
    """
    if ranged_nuspec(facts) is None:
        return
    found = facts.compatibility
    if found.only_own_numbers:
        return
    for group in found.groups_with_umbraco:
        dependency = _without_maximum(group)
        if dependency is None:
            continue
        if dependency.product == "cms-8" and found.mode == "SemVer":
            yield _open_legacy(facts, group, dependency)
        elif group.outcome(found.mode).open_ended:
            yield _unbounded(facts, group, dependency)


def _unbounded(facts: PackageFacts, group: UmbracoGroup, dependency: UmbracoDependency) -> Observation:
    from umbmarket.umbraco.compatibility.advice import closed, up_to_newest

    found = facts.compatibility
    only, more = closed(dependency, 0), up_to_newest(dependency)
    if only is None or more is None:
        advice = "give the range a maximum"
    elif only == more:
        advice = f"write {only.text}, and raise the maximum when you have tested the next major version"
    else:
        advice = (
            f"write {only.text} for Umbraco {only.majors} only, or {more.text} if you have tested {more.majors};"
            " raise the maximum when you have tested the next major version"
        )
    return Observation(
        f"the package is shown for Umbraco {_shown(found)} (an estimate): {_open_range(facts, group, dependency)}",
        place_of_range(facts, dependency),
        help=advice,
        args=_majors_shown(found),
        estimate=True,
    )


@rule(
    "UMB404",
    "mode-without-effect",
    Severity.INFO,
    why="the mode matters only for ranges without a maximum that begin with 13 or lower",
    fix="unsafe",
)
def mode_without_effect(facts: PackageFacts) -> Iterator[Observation]:
    """`VersionDependencyMode` is `SemVer`, and the package would be shown for the same versions without it.

    Why it matters:
        It does no harm. Whoever reads the listing will think that the range is open.

    Bad:
        {"VersionDependencyMode": "SemVer"}

    Good:
        {"Category": "Search"}
    """
    if ranged_nuspec(facts) is None or facts.listing is None or facts.compatibility.mode != "SemVer":
        return
    if facts.compatibility.mode_matters or not facts.compatibility.dependencies:
        return
    listing = facts.listing.document
    yield Observation(
        f'"SemVer" has no effect for {visible(facts.document.id or facts.document.file_name)}',
        Place("/VersionDependencyMode"),
        help="remove the property, unless another package uses this listing",
        args={"majors": facts.compatibility.shown.text},
        fixes=listing.edits.fix("Remove the property", listing.edits.remove("/VersionDependencyMode"), safety="unsafe"),
        document=listing,
    )


@rule(
    "UMB405",
    "groups-disagree",
    Severity.WARNING,
    why="the Marketplace may show only some of the versions if target frameworks have different ranges",
)
def groups_disagree(facts: PackageFacts) -> Iterator[Observation]:
    """Target frameworks with different Umbraco ranges.

    If the outcome depends on it, the message gives both: the versions of all target frameworks together, and those of
    the highest one alone. Ranges that cannot be read are reported as UMB313.

    Why it matters:
        This is normal in NuGet, but how the Marketplace treats it is not known. For a package with Umbraco 13 for .NET
        8, 15 for .NET 9 and 17 for .NET 10 it showed only 17.

    Bad:
        <group targetFramework="net8.0"><dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" /></group>
        <group targetFramework="net9.0"><dependency id="Umbraco.Cms.Core" version="[15.0.0, 16.0.0)" /></group>

    Good:
        <group targetFramework="net8.0"><dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" /></group>
    """
    if ranged_nuspec(facts) is None:
        return
    found = facts.compatibility
    groups = found.disagreeing_groups
    if not groups:
        return
    named = [f"{framework_name(group.framework)} {group.outcome(found.mode).text}" for group in groups]
    shown: list[JsonValue] = list(named)
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    yield Observation(
        f"the target frameworks are for different Umbraco versions: {', '.join(named[:_MOST_NAMED])}{more}; shown for"
        f" {_shown(found)} (an estimate)",
        place_of_range(facts, groups[0].dependencies[0]),
        help="check what the listing shows after publishing; to be sure, publish one package for each major version",
        args={"groups": shown, **_majors_shown(found)},
        related=tuple(
            RelatedPlace(facts.document, place_of_range(facts, group.dependencies[0]), text)
            for group, text in list(zip(groups, named, strict=True))[1:_MOST_NAMED]
        ),
        estimate=True,
    )


@rule(
    "UMB410",
    "not-a-version-of-umbraco",
    Severity.WARNING,
    why="the Marketplace reads these version numbers as Umbraco's",
)
def not_a_version_of_umbraco(facts: PackageFacts) -> Iterator[Observation]:
    """The only dependencies on Umbraco do not have Umbraco's version numbers.

    These are `Umbraco.Cms.Integrations.*`, and ranges outside the versions that exist under a name: `Umbraco.Cms`
    starts at 9, `Umbraco.Commerce` starts at 10, and `UmbracoCms` ends at 8.

    Why it matters:
        The listing would show the version numbers of the integration as Umbraco versions. That the Marketplace does not
        skip these packages is an estimate.

    Bad:
        <dependency id="Umbraco.Cms.Integrations.Crm.Hubspot" version="4.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Integrations.Crm.Hubspot" version="4.0.0" />
        <dependency id="Umbraco.Cms.Web.Common" version="[13.0.0, 14.0.0)" />
    """
    if ranged_nuspec(facts) is not None and facts.compatibility.only_own_numbers:
        first = facts.compatibility.dependencies[0]
        by_name = first.product == "integration"
        yield Observation(
            f"{visible(first.id) if by_name else range_in_words(first)} does not have Umbraco's version numbers, and no"
            " other dependency says which Umbraco version the package is for",
            place_of_range(facts, first),
            help="add a dependency on the Umbraco.Cms package that yours needs, with its range"
            + ("" if by_name else f"; {_BEGINNINGS[first.product]}"),
            args={"id": visible(first.id)},
        )


_BEGINNINGS = {
    "cms": "Umbraco.Cms starts at version 9; Umbraco 8 is UmbracoCms",
    "cms-8": "UmbracoCms ends at version 8; Umbraco 9 and later is Umbraco.Cms",
    "commerce": "Umbraco.Commerce starts at version 10",
}
"""Where the numbers of a name begin or end, for whoever meant Umbraco itself."""


@rule(
    "UMB411",
    "mixed-generations",
    Severity.WARNING,
    why="no website has both, so the package cannot be installed",
)
def mixed_generations(facts: PackageFacts) -> Iterator[Observation]:
    """`UmbracoCms` (Umbraco 8) and `Umbraco.Cms` (9 and later) for the same target framework.

    Why it matters:
        These are two names of the same product, for .NET Framework and for .NET.

    Bad:
        <dependency id="UmbracoCms.Core" version="8.18.0" />
        <dependency id="Umbraco.Cms.Core" version="9.0.0" />

    Good:
        <group targetFramework="net472"><dependency id="UmbracoCms.Core" version="[8.18.0, 9.0.0)" /></group>
        <group targetFramework="net5.0"><dependency id="Umbraco.Cms.Core" version="[9.0.0, 10.0.0)" /></group>
    """
    if ranged_nuspec(facts) is None:
        return
    for group in facts.compatibility.groups:
        old = [each for each in group.dependencies if each.product == "cms-8"]
        new = [each for each in group.dependencies if each.product == "cms"]
        if old and new:
            yield Observation(
                f"{visible(old[0].id)} is for Umbraco 8, but {visible(new[0].id)} is for Umbraco 9 or later",
                Place(facts.document.dependency_groups[old[0].group].dependencies[old[0].index].id_pointer),
                help="give each its own target framework, or make two packages",
                args={"old": visible(old[0].id), "new": visible(new[0].id)},
            )


@rule(
    "UMB412",
    "prerelease-package",
    Severity.INFO,
    why="the Marketplace appears to show only stable versions (an estimate)",
    estimate=True,
)
def prerelease_package(facts: PackageFacts) -> Iterator[Observation]:
    """The package's own version is a prerelease.

    Why it matters:
        One author of a package with only prereleases reports that a sync "is wasted". No document says so, therefore
        this is an info.

    Bad:
        <version>2.0.0-beta.1</version>

    Good:
        <version>2.0.0</version>
    """
    version = facts.document.version
    if listed_nuspec(facts) is not None and version is not None and version.is_prerelease:
        awaited = prerelease_minimum(facts)
        after = f", once {visible(awaited.id)} {stable_minimum(awaited)} is released" if awaited is not None else ""
        yield Observation(
            f"{quote(version.original)} is a prerelease",
            Place("/metadata/version"),
            help=f"publish a stable version to be listed{after}",
            args={"version": version.original},
        )
