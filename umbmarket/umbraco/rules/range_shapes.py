"""UMB406 to UMB409 and UMB413: ranges of Umbraco that are not what they look like, whatever majors they hold."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.judged import pushed_nuspec
from umbmarket.umbraco.rules.package_scope import ranged_nuspec
from umbmarket.umbraco.rules.version_words import (
    distinct_ranges,
    place_of_range,
    prerelease_minimum,
    range_in_words,
    stable_minimum,
)

if TYPE_CHECKING:
    from umbmarket.nuget import VersionRange
    from umbmarket.nuget.package.nuspec_model import NuspecProblem
    from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency
    from umbmarket.umbraco.compatibility.estimate import UmbracoGroup

_MOST_NAMED = 6
"""Ranges that one message names."""


@rule(
    "UMB406",
    "admits-next-prereleases",
    Severity.INFO,
    why="NuGet sorts 18.0.0-rc.1 before 18.0.0, so the range includes it",
)
def admits_next_prereleases(facts: PackageFacts) -> Iterator[Observation]:
    """A range up to but excluding `N.0.0`, which includes the prereleases of N, while N has no stable version.

    Reported once for a package, and only for a major version that umbmarket knows to be in prerelease.

    Why it matters:
        NuGet picks such a prerelease only if a project asks for prereleases of Umbraco. To exclude them, write a
        maximum such as `17.999.999`. The exact bound, `18.0.0-0`, is rejected by nuget.org (UMB407).

    Bad:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 17.999.999]" />
    """
    from umbmarket.umbraco.compatibility.majors import PRERELEASE_MAJORS

    if ranged_nuspec(facts) is not None:
        yield from prereleases_let_in(facts, PRERELEASE_MAJORS)


def prereleases_let_in(facts: PackageFacts, in_prerelease: Container[int]) -> Iterator[Observation]:
    """What UMB406 tells, at most one observation, if these majors have prereleases and no stable version yet."""
    from umbmarket.umbraco.compatibility.advice import below_next_major

    for dependency in facts.compatibility.dependencies:
        major = dependency.admits_prereleases_of
        advised = below_next_major(dependency.range)
        if major in in_prerelease and advised is not None and not dependency.has_own_numbers:
            yield Observation(
                f"{range_in_words(dependency)} includes prereleases of Umbraco {major}",
                place_of_range(facts, dependency),
                help=f"keep it, or write {advised}",
                args={"major": major},
            )
            return


@rule(
    "UMB407",
    "refused-prerelease-bound",
    Severity.ERROR,
    why="dotnet pack accepts this range, but nuget.org rejects the package on push",
)
def refused_prerelease_bound(facts: PackageFacts) -> Iterator[Observation]:
    """A range with a prerelease bound that nuget.org rejects, such as `18.0.0-0`.

    A prerelease label must begin with a letter if it is the only one (NuGetGallery, `ManifestValidator`). `18.0.0-a` is
    accepted.

    Why it matters:
        The push fails with "The package manifest contains an invalid Version", although NuGet's documentation
        recommends this bound.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0-0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 17.999.999]" />
    """
    from umbmarket.nuget.package.push_rules import push_problems

    nuspec = pushed_nuspec(facts)
    for problem in push_problems(nuspec) if nuspec is not None else ():
        if problem.kind == "dependency-version-label":
            yield Observation(
                visible(problem.detail),
                problem.place,
                help=_other_bound(facts, problem),
                args=dict(problem.args),
            )


def _other_bound(facts: PackageFacts, problem: NuspecProblem) -> str:
    """What to write instead of a bound that nuget.org refuses."""
    from umbmarket.umbraco.compatibility.advice import below_next_major

    written = str(problem.args.get("bound", ""))
    numbers = written.partition("-")[0]
    letter = f"a label that begins with a letter, such as {visible(numbers)}-a"
    interval = _range_at(facts, problem.place.pointer)
    highest = interval.maximum if interval is not None else None
    if interval is None or highest is None or highest.full != written:
        return f"write {visible(numbers)}, or use {letter}"
    below = below_next_major(interval) if not any(highest.numbers[1:]) else None
    return f"write {below}, or use {letter}" if below is not None else f"write {visible(numbers)}, or use {letter}"


def _range_at(facts: PackageFacts, pointer: str) -> VersionRange | None:
    for group in facts.document.dependency_groups:
        for dependency in group.dependencies:
            if dependency.version_pointer == pointer:
                return dependency.range
    return None


@rule(
    "UMB408",
    "impossible-range",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the package cannot be installed, as no version of Umbraco satisfies the range",
)
def impossible_range(facts: PackageFacts) -> Iterator[Observation]:
    """A range that no version satisfies, or ranges of one target framework without a common version.

    A warning between Umbraco.Cms and Umbraco.Commerce, because it is inferred that they have the same version numbers,
    and if the ranges have a major version in common: packages of one major version can sometimes be combined, and
    add-ons may have minor versions of their own. Packages with their own version numbers do not count.
    `UmbracoCms` and `Umbraco.Cms` together are reported as UMB411.

    Why it matters:
        NuGet restore fails with NU1102 or NU1107 in every project.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="(13.0.0, 13.0.0)" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" />
    """
    if ranged_nuspec(facts) is None:
        return
    empty = [each for each in facts.compatibility.dependencies if each.range.is_empty]
    for dependency in empty:
        yield Observation(
            f"no version satisfies {range_in_words(dependency)}",
            place_of_range(facts, dependency),
            help="check the bounds and the brackets: [ and ] include the bound, ( and ) do not",
            args={"range": dependency.written},
        )
    for group in facts.compatibility.groups_with_umbraco:
        yield from _nothing_in_common(facts, group)


def _nothing_in_common(facts: PackageFacts, group: UmbracoGroup) -> Iterator[Observation]:
    from umbmarket.umbraco.compatibility.estimate import group_range

    numbered = [each for each in group.dependencies if not each.has_own_numbers]
    if any(each.range.is_empty for each in numbered):
        return
    for products in (("cms-8",), ("cms", "commerce")):
        dependencies = [each for each in numbered if each.product in products]
        common = group_range(dependencies)
        if common is None or not common.is_empty:
            continue
        alone = (group_range(each for each in dependencies if each.product == product) for product in products)
        is_certain = any(each is not None and each.is_empty for each in alone) and not _share_a_major(dependencies)
        ranges = " and ".join(range_in_words(each) for each in list(distinct_ranges(dependencies))[:_MOST_NAMED])
        yield Observation(
            f"no version of Umbraco satisfies {ranges}",
            place_of_range(facts, dependencies[-1]),
            help="give Umbraco's packages the same range, as they are released with the same version",
            args={"framework": visible(group.framework.short_name)},
            severity=None if is_certain else Severity.WARNING,
            estimate=not is_certain,
        )


def _share_a_major(dependencies: Iterable[UmbracoDependency]) -> bool:
    """Whether some major of Umbraco has versions in every one of the ranges, though no version is in all of them."""
    from umbmarket.umbraco.compatibility.spans import major_span

    spans = [major_span(each.umbraco_range) for each in dependencies]
    first = max((span.first if span is not None else 0 for span in spans), default=0)
    return all(span is not None and (span.last is None or first <= span.last) for span in spans)


@rule(
    "UMB409",
    "brackets-look-swapped",
    Severity.WARNING,
    why="the range excludes its minimum, or includes a single version of the next major version",
)
def brackets_look_swapped(facts: PackageFacts) -> Iterator[Observation]:
    """An exclusive minimum, or an inclusive `N.0.0` maximum: `(13.4.1, 14.0.0]`.

    Why it matters:
        The package is also shown for Umbraco N, but can be installed only with N.0.0 and no later version.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="(13.4.1, 14.0.0]" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[13.4.1, 14.0.0)" />
    """
    if ranged_nuspec(facts) is None:
        return
    for dependency in distinct_ranges(facts.compatibility.dependencies):
        if not dependency.brackets_look_swapped or dependency.range.is_empty:
            continue
        swapped = dependency.range
        lowest, highest = swapped.minimum, swapped.maximum
        meant = f"[{lowest.normalized if lowest else ''}, {highest.normalized if highest else ''})"
        is_advised = _holds_a_version(meant)
        brackets = "[ and ] include the bound, ( and ) do not"
        yield Observation(
            f"the brackets of {range_in_words(dependency)} look swapped",
            place_of_range(facts, dependency),
            help=f"did you mean {meant}? {brackets}" if is_advised else f"check both bounds: {brackets}",
            args={"range": dependency.written, "suggestion": meant if is_advised else None},
        )


def _holds_a_version(text: str) -> bool:
    """Whether a package with this range would be shown for some version of Umbraco, known or to come."""
    from umbmarket.nuget import VersionRange
    from umbmarket.umbraco.compatibility.majors import OLDEST_MAJOR
    from umbmarket.umbraco.compatibility.spans import major_span

    span = major_span(VersionRange.parse(text))
    return span is not None and (span.last is None or span.last >= OLDEST_MAJOR)


@rule(
    "UMB413",
    "stable-on-prerelease",
    Severity.WARNING,
    why="with a prerelease as minimum, NuGet may install a prerelease of Umbraco for a stable package",
)
def stable_on_prerelease(facts: PackageFacts) -> Iterator[Observation]:
    """A stable package whose Umbraco range starts at a prerelease.

    Why it matters:
        A prerelease bound allows prereleases, and NuGet restore takes the lowest version that fits. `dotnet pack` warns
        about it too (NU5104). Often it is left over from the time when the Umbraco version was a release candidate.

    Bad:
        <version>2.0.0</version>
        <dependency id="Umbraco.Cms.Core" version="[17.0.0-rc1, 18.0.0)" />

    Good:
        <version>2.0.0</version>
        <dependency id="Umbraco.Cms.Core" version="[17.0.0, 18.0.0)" />
    """
    version = facts.document.version
    if ranged_nuspec(facts) is None or version is None or version.is_prerelease:
        return
    dependency = prerelease_minimum(facts)
    lowest = dependency.range.minimum if dependency is not None else None
    if dependency is None or lowest is None:
        return
    yield Observation(
        f"{quote(version.original)} is stable, but {range_in_words(dependency)} starts at a prerelease",
        place_of_range(facts, dependency),
        help=f"raise the minimum to {stable_minimum(dependency)} once it is released, or give the package a prerelease"
        " version",
        args={"minimum": lowest.normalized},
    )
