"""UMB4xx: which Umbraco versions will the package be shown for?

What the Marketplace makes of a package's dependencies is partly inferred, so every finding here that names majors is an
estimate (see `umbmarket.umbraco.compatibility.estimate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import JsonValue, Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.package_scope import listed_nuspec, lost_mode, readable_nuspec

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency

_MOST_NAMED = 6
"""Groups that one message names: a package has seldom more target frameworks."""


def _place(facts: PackageFacts, dependency: UmbracoDependency) -> Place:
    """The range of a dependency in the nuspec."""
    group = facts.document.dependency_groups[dependency.group]
    return Place(group.dependencies[dependency.index].version_pointer)


def _distinct(dependencies: Iterable[UmbracoDependency]) -> Iterator[UmbracoDependency]:
    """One dependency for each range as written: packages repeat the same range for several ids and frameworks."""
    seen: set[str] = set()
    for dependency in dependencies:
        key = dependency.range.normalized
        if key not in seen:
            seen.add(key)
            yield dependency


def _range(dependency: UmbracoDependency) -> str:
    return f"{visible(dependency.id)} {visible(dependency.written) if dependency.written else '(any version)'}"


@rule(
    "UMB401",
    "no-umbraco-dependency",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace lists only packages that depend on Umbraco",
)
def no_umbraco_dependency(facts: PackageFacts) -> Iterator[Observation]:
    """No direct dependency on Umbraco.

    Counted are `Umbraco.Cms`, `UmbracoCms` (Umbraco 8) and `Umbraco.Commerce`, and ids that begin with one of them and
    a dot. An error where the package depends on nothing. A warning where it has other dependencies: one of these may
    depend on Umbraco in turn, which counts only when there is no direct one; `umbmarket status` follows them.

    Why it matters:
        A package without such a dependency "will not be listed" (listing guide, 2026 text). Packages made with
        `dotnet new` templates or with `SuppressDependenciesWhenPacking` have none; templates are listed when they get
        one that they do not need.

    Bad:
        <group targetFramework="net8.0" />

    Good:
        <group targetFramework="net8.0">
          <dependency id="Umbraco.Cms.Web.Common" version="[13.0.0, 14.0.0)" />
        </group>
    """
    if listed_nuspec(facts) is None or facts.compatibility.dependencies:
        return
    others = facts.compatibility.other_dependencies
    nuspec = facts.document.nuspec
    has_element = nuspec is not None and nuspec.locate(Place("/metadata/dependencies")) is not None
    place = Place("/metadata/dependencies" if has_element else "/metadata")
    if others:
        yield Observation(
            "no direct dependency on Umbraco",
            place,
            help="when one of the other dependencies depends on Umbraco, that counts: after publishing, umbmarket"
            " status tells; else add a dependency on the Umbraco.Cms package that is needed",
            args={"otherDependencies": others},
            severity=Severity.WARNING,
        )
        return
    yield Observation(
        "the package depends on nothing, and so not on Umbraco",
        place,
        help="add a dependency on the Umbraco.Cms package that is needed; look for SuppressDependenciesWhenPacking and"
        " PrivateAssets in the project",
        args={"otherDependencies": 0},
    )


@rule(
    "UMB402",
    "hidden-from-14",
    Severity.WARNING,
    why="Umbraco 14 came with a new backoffice, so the Marketplace does not take an open range across it at its word",
)
def hidden_from_14(facts: PackageFacts) -> Iterator[Observation]:
    """A range without a maximum that begins with Umbraco 13 or lower, in Default mode.

    No finding when the listing's `VersionDependencyMode` is `SemVer` and the listing is not ignored. That the cap works
    on each version of a package by itself is an estimate.

    Why it matters:
        The Marketplace shows such a package for 13 and lower alone (listing guide, 2024-2025 text; since 2024-06-06),
        without a word to its author.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="10.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[10.0.0, 17.0.0)" />
    """
    if listed_nuspec(facts) is None or not facts.compatibility.shown.capped:
        return
    open_ended = [each for each in facts.compatibility.dependencies if each.is_open_ended]
    if not open_ended:
        return
    shown = facts.compatibility.default.text
    lost = lost_mode(facts)
    maximum = "give the range a maximum, such as [10.0.0, 18.0.0)"
    yield Observation(
        f"shown for Umbraco {shown} only (an estimate): {_range(open_ended[0])} has no maximum and begins with 13 or"
        f" lower{lost.message if lost else ''}",
        _place(facts, open_ended[0]),
        help=f"{lost.help}, or {maximum}"
        if lost
        else f'{maximum}, or set "VersionDependencyMode": "SemVer" in the listing',
        args={"default": shown, "semver": facts.compatibility.semver.text},
        related=lost.related if lost else (),
    )


@rule(
    "UMB403",
    "claims-every-future-major",
    Severity.WARNING,
    why="the listing will claim that the package works with versions that nobody has tested it with",
)
def claims_every_future_major(facts: PackageFacts) -> Iterator[Observation]:
    """A range without a maximum that the Marketplace takes at its word.

    That is so when its minimum is 14 or higher, or when the listing's `VersionDependencyMode` is `SemVer`.

    Why it matters:
        Every new Umbraco major appears among the supported ones on the day it comes out. `dotnet pack` writes such a
        range for a plain `Version="17.0.0"`, and also for a floating `Version="17.*"`, whose ceiling it drops.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="17.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />
    """
    if listed_nuspec(facts) is None or not facts.compatibility.shown.open_ended:
        return
    open_ended = [each for each in facts.compatibility.dependencies if each.is_open_ended and not each.has_own_numbers]
    if not open_ended:
        return
    shown = facts.compatibility.shown.text
    yield Observation(
        f"shown for Umbraco {shown} (an estimate): {_range(open_ended[0])} has no maximum",
        _place(facts, open_ended[0]),
        help="give the range a maximum, such as [17.0.0, 18.0.0), and raise it with each major that you have tested",
        args={"majors": shown},
    )


@rule(
    "UMB404",
    "mode-without-effect",
    Severity.INFO,
    why="the mode matters only for ranges without a maximum that begin with 13 or lower",
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
    if listed_nuspec(facts) is None or facts.listing is None or facts.compatibility.mode != "SemVer":
        return
    if facts.compatibility.mode_matters or not facts.compatibility.dependencies:
        return
    listing = facts.listing.document
    yield Observation(
        f'"SemVer" changes nothing for {visible(facts.document.id or facts.document.file_name)}',
        Place("/VersionDependencyMode"),
        help="remove the key, unless another package uses this listing",
        args={"majors": facts.compatibility.shown.text},
        fixes=listing.edits.fix("Remove the key", listing.edits.remove("/VersionDependencyMode")),
        document=listing,
    )


@rule(
    "UMB405",
    "groups-disagree",
    Severity.WARNING,
    why="of a package whose target frameworks had different ranges the Marketplace was seen to show only some",
)
def groups_disagree(facts: PackageFacts) -> Iterator[Observation]:
    """Target frameworks with different ranges of Umbraco.

    Why it matters:
        It is normal for NuGet, and what the Marketplace makes of it is not settled: of a package with Umbraco 13 for
        .NET 8, 15 for .NET 9 and 17 for .NET 10 only the last was shown. The majors that this tool gives for such a
        package are an estimate that takes all groups together.

    Bad:
        <group targetFramework="net8.0"><dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" /></group>
        <group targetFramework="net9.0"><dependency id="Umbraco.Cms.Core" version="[15.0.0, 16.0.0)" /></group>

    Good:
        <group targetFramework="net8.0"><dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" /></group>
    """
    if listed_nuspec(facts) is None:
        return
    groups = facts.compatibility.disagreeing_groups
    if not groups:
        return
    named = [
        f"{'any framework' if group.framework.is_any else group.framework.short_name} {group.text}" for group in groups
    ]
    shown: list[JsonValue] = [visible(name) for name in named]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    yield Observation(
        f"the target frameworks are for different Umbraco versions: {visible(', '.join(named[:_MOST_NAMED]))}{more}",
        _place(facts, groups[0].dependencies[0]),
        help="after publishing, compare what the listing shows; a package of its own for each major is the sure way",
        args={"groups": shown},
    )


@rule(
    "UMB406",
    "admits-next-prereleases",
    Severity.INFO,
    why="in NuGet's order 18.0.0-rc.1 comes before 18.0.0",
)
def admits_next_prereleases(facts: PackageFacts) -> Iterator[Observation]:
    """An exclusive `N.0.0` maximum, which lets the prereleases of N in.

    Why it matters:
        A restore picks such a prerelease only where a project asks for prereleases of Umbraco. Authors who want to keep
        them out write a maximum such as `17.999.999`; the bound `18.0.0-0`, which would say it exactly, is refused by
        nuget.org (UMB407).

    Bad:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 17.999.999]" />
    """
    if listed_nuspec(facts) is None:
        return
    for dependency in _distinct(facts.compatibility.dependencies):
        major = dependency.admits_prereleases_of
        if major is not None and not dependency.has_own_numbers:
            yield Observation(
                f"{_range(dependency)} lets prereleases of {major} in",
                _place(facts, dependency),
                help=f"leave it, or end the range at {major - 1}.999.999",
                args={"major": major},
            )


@rule(
    "UMB407",
    "refused-prerelease-bound",
    Severity.ERROR,
    why="nuget.org refuses the package on push, although dotnet pack makes it",
)
def refused_prerelease_bound(facts: PackageFacts) -> Iterator[Observation]:
    """A bound with a prerelease label that nuget.org refuses, such as `18.0.0-0`.

    A single label must begin with a letter (NuGetGallery, `ManifestValidator`); `18.0.0-a` passes.

    Why it matters:
        The push ends with "The package manifest contains an invalid Version". NuGet's own documentation recommends the
        bound.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0-0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 17.999.999]" />
    """
    from umbmarket.nuget.package.push_rules import push_problems

    nuspec = readable_nuspec(facts)
    for problem in push_problems(nuspec) if nuspec is not None else ():
        if problem.kind == "dependency-version-label":
            yield Observation(
                visible(problem.detail),
                problem.place,
                help="end the range below the next major instead, such as 17.999.999, or use a label that begins with a"
                " letter, such as -a",
                args=dict(problem.args),
            )


@rule(
    "UMB408",
    "impossible-range",
    Severity.ERROR,
    why="no version of Umbraco satisfies it, so nobody can install the package",
)
def impossible_range(facts: PackageFacts) -> Iterator[Observation]:
    """A range that holds no version, or dependencies of one target framework that have none in common.

    Why it matters:
        NuGet fails with NU1102 or NU1107 in every project.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="(13.0.0, 13.0.0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" />
    """
    if listed_nuspec(facts) is None:
        return
    empty = [each for each in facts.compatibility.dependencies if each.range.is_empty]
    for dependency in empty:
        yield Observation(
            f"{_range(dependency)} holds no version",
            _place(facts, dependency),
            help="check the bounds and the brackets: [ and ] include the bound, ( and ) do not",
            args={"range": dependency.written},
        )
    for group in facts.compatibility.impossible_groups:
        if any(each.range.is_empty for each in group.dependencies):
            continue
        ranges = " and ".join(_range(each) for each in list(_distinct(group.dependencies))[:_MOST_NAMED])
        yield Observation(
            f"no version of Umbraco satisfies {ranges}",
            _place(facts, group.dependencies[-1]),
            help="Umbraco's packages come with the same version: give them the same range",
            args={"framework": visible(group.framework.short_name)},
        )


@rule(
    "UMB409",
    "brackets-look-swapped",
    Severity.WARNING,
    why="the range leaves out the version it names first, or takes in one version of the next major",
)
def brackets_look_swapped(facts: PackageFacts) -> Iterator[Observation]:
    """An exclusive minimum, or an inclusive `N.0.0` maximum: `(13.4.1, 14.0.0]`.

    Why it matters:
        Such a package is shown for N as well, and installs with N.0.0 and no later version of it. It was published like
        this, and put right in the next release.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="(13.4.1, 14.0.0]" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[13.4.1, 14.0.0)" />
    """
    if listed_nuspec(facts) is None:
        return
    for dependency in _distinct(facts.compatibility.dependencies):
        if not dependency.brackets_look_swapped or dependency.range.is_empty:
            continue
        swapped = dependency.range
        lowest, highest = swapped.minimum, swapped.maximum
        meant = f"[{lowest.normalized if lowest else ''}, {highest.normalized if highest else ''})"
        yield Observation(
            f"the brackets of {_range(dependency)} look swapped",
            _place(facts, dependency),
            help=f"did you mean {meant}? [ and ] include the bound, ( and ) do not",
            args={"range": dependency.written, "suggestion": meant},
        )


@rule(
    "UMB410",
    "not-a-version-of-umbraco",
    Severity.WARNING,
    why="the Marketplace goes by the name and would take these numbers for Umbraco's",
)
def not_a_version_of_umbraco(facts: PackageFacts) -> Iterator[Observation]:
    """The only dependencies that count have version numbers of their own: `Umbraco.Cms.Integrations.*`.

    Why it matters:
        The majors on the listing would be those of the integration. That the Marketplace does not leave these packages
        out is an estimate.

    Bad:
        <dependency id="Umbraco.Cms.Integrations.Crm.Hubspot" version="4.0.0" />

    Good:
        <dependency id="Umbraco.Cms.Integrations.Crm.Hubspot" version="4.0.0" />
        <dependency id="Umbraco.Cms.Web.Common" version="[13.0.0, 14.0.0)" />
    """
    if listed_nuspec(facts) is not None and facts.compatibility.only_own_numbers:
        first = facts.compatibility.dependencies[0]
        yield Observation(
            f"{visible(first.id)} does not have Umbraco's version numbers, and no other dependency says what Umbraco"
            " it is for",
            _place(facts, first),
            help="add a dependency on the Umbraco.Cms package that is needed, with its range",
            args={"id": visible(first.id)},
        )


@rule(
    "UMB411",
    "mixed-generations",
    Severity.WARNING,
    why="no site can have both, so the package cannot be installed",
)
def mixed_generations(facts: PackageFacts) -> Iterator[Observation]:
    """`UmbracoCms` (Umbraco 8) and `Umbraco.Cms` (9 and later) for the same target framework.

    Why it matters:
        The two are the same product under two names, for .NET Framework and for .NET.

    Bad:
        <dependency id="UmbracoCms.Core" version="8.18.0" />
        <dependency id="Umbraco.Cms.Core" version="9.0.0" />

    Good:
        <group targetFramework="net472"><dependency id="UmbracoCms.Core" version="[8.18.0, 9.0.0)" /></group>
        <group targetFramework="net5.0"><dependency id="Umbraco.Cms.Core" version="[9.0.0, 10.0.0)" /></group>
    """
    if listed_nuspec(facts) is None:
        return
    for group in facts.compatibility.groups:
        old = [each for each in group.dependencies if each.product == "cms-8"]
        new = [each for each in group.dependencies if each.product == "cms"]
        if old and new:
            yield Observation(
                f"{visible(old[0].id)} is Umbraco 8, {visible(new[0].id)} is Umbraco 9 or later",
                Place(facts.document.dependency_groups[old[0].group].dependencies[old[0].index].id_pointer),
                help="give each its own target framework, or make two packages",
                args={"old": visible(old[0].id), "new": visible(new[0].id)},
            )


@rule(
    "UMB412",
    "prerelease-package",
    Severity.INFO,
    why="the Marketplace appears to show stable versions only (an estimate)",
)
def prerelease_package(facts: PackageFacts) -> Iterator[Observation]:
    """The package's own version is a prerelease.

    Why it matters:
        An author who published prereleases alone believes that a forced sync "is wasted". It is not settled, so the
        finding is an info.

    Bad:
        <version>2.0.0-beta.1</version>

    Good:
        <version>2.0.0</version>
    """
    version = facts.document.version
    if listed_nuspec(facts) is not None and version is not None and version.is_prerelease:
        yield Observation(
            f"{quote(version.original)} is a prerelease",
            Place("/metadata/version"),
            help="publish a stable version to be listed",
            args={"version": version.original},
        )
