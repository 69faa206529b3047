"""The Umbraco versions that the Marketplace should show for a package: an estimate, in four steps.

1. `umbraco_dependencies`: the direct dependencies on Umbraco (see that module).
2. `group_range` and `united`: inside a dependency group their ranges intersect; across groups they unite, and
   gaps stay.
3. `is_capped` and `capped`: in Default mode a group for Umbraco 13 or lower that sets no maximum counts for
   versions below 14 alone; in SemVer mode the range counts as it is written.
4. `Outcome.majors`: every major version that has a stable version inside.

Sources: the listing guide (2024-2025 and 2026 texts) for what counts as Umbraco, for ranges and for both modes
of `VersionDependencyMode`. Inferred: that a group's ranges intersect, that groups unite (one package with a
group per framework was seen to be shown for its highest framework alone, see `Compatibility.highest_alone`), and
that the cap works on one group of one version of a package; the guide looks at all of its versions. So every
result is an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, TypeAlias

from umbmarket.nuget import ALL_VERSIONS, NuGetVersion, RangeUnion, TargetFramework, VersionRange
from umbmarket.umbraco.compatibility.dependencies import GroupEntry, UmbracoDependency, umbraco_dependencies
from umbmarket.umbraco.compatibility.spans import MajorSpan, known_majors, major_span, majors_text, open_from

VersionMode: TypeAlias = Literal["Default", "SemVer"]
"""What `VersionDependencyMode` of a listing may be; `Default` is what counts without one."""

LAST_MAJOR_OF_OLD_BACKOFFICE = 13
"""The cap is for packages whose minimum is at most this (listing guide): 14 came with a new backoffice."""

BELOW_THE_CAP = VersionRange(maximum=NuGetVersion(LAST_MAJOR_OF_OLD_BACKOFFICE + 1))
"""The versions that the cap leaves."""


@dataclass(frozen=True, slots=True)
class UmbracoGroup:
    """One dependency group, as far as Umbraco is concerned.

    Attributes:
        index: Index among all groups of the package, from 0.
        framework: Its target framework.
        dependencies: Its dependencies that count; empty where it has none.
        range: The versions that all of them allow: `umbmarket.nuget.NO_VERSIONS` where they have none in
            common, None where there are no dependencies.
    """

    index: int
    framework: TargetFramework
    dependencies: tuple[UmbracoDependency, ...]
    range: VersionRange | None

    @property
    def is_impossible(self) -> bool:
        """No version satisfies all dependencies of the group, or one of the ranges is itself empty.

        Numbers that are not Umbraco's need not have one in common.
        """
        has_own = all(each.has_own_numbers for each in self.dependencies)
        return self.range is not None and self.range.is_empty and not has_own

    @property
    def mixes_generations(self) -> bool:
        """`UmbracoCms` and `Umbraco.Cms` stand side by side."""
        return {"cms", "cms-8"} <= {each.product for each in self.dependencies}

    @property
    def is_capped(self) -> bool:
        """In Default mode it counts for versions below 14 alone."""
        return self.range is not None and is_capped(self.range)

    @property
    def is_readable(self) -> bool:
        """Every range of it can be read, so that its versions are those that were meant."""
        return all(each.range_problem is None for each in self.dependencies)

    def outcome(self, mode: VersionMode) -> Outcome:
        """What a mode makes of this group alone."""
        as_written = united([self.range] if self.range is not None else [])
        if self.range is None or mode == "SemVer" or not self.is_capped:
            return Outcome(mode, as_written, capped=False)
        return Outcome(mode, united([capped(self.range)]), capped=True)

    @property
    def span(self) -> MajorSpan | None:
        """First and last major with a stable version in the range; None where there is none."""
        return major_span(self.range) if self.range is not None else None

    @property
    def majors(self) -> tuple[int, ...]:
        """The known majors in the range, ascending."""
        return known_majors(_existing([self.span]))

    @property
    def text(self) -> str:
        """Its majors for people, such as `10-12` or `17 and later`."""
        spans = _existing([self.span])
        return majors_text(known_majors(spans), open_from(spans))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mode makes of the groups.

    Attributes:
        mode: The mode.
        ranges: The versions, with gaps; empty where no version is left.
        capped: Everything from 14 on was taken away.
    """

    mode: VersionMode
    ranges: RangeUnion
    capped: bool

    @property
    def spans(self) -> tuple[MajorSpan, ...]:
        """First and last major of each interval that has a stable version, ascending."""
        return _existing(major_span(interval) for interval in self.ranges)

    @property
    def majors(self) -> tuple[int, ...]:
        """The known majors, ascending; for an open-ended range up to the newest known."""
        return known_majors(self.spans)

    @property
    def open_from(self) -> int | None:
        """The first major from which on all are included, also those that do not exist yet; or None."""
        return open_from(self.spans)

    @property
    def open_ended(self) -> bool:
        """There is no maximum."""
        return self.open_from is not None

    @property
    def text(self) -> str:
        """The majors for people, such as `13-14`, `17 and later` or `none`."""
        return majors_text(self.majors, self.open_from)


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What the Marketplace should show, and how it comes about.

    Attributes:
        mode: The mode that was asked for.
        dependencies: All direct dependencies with one of Umbraco's ids, in their order.
        groups: All dependency groups, also those without Umbraco.
        other_dependencies: How many dependencies there are besides, in all groups together.
        default: What Default makes of it.
        semver: What SemVer makes of it.
        estimate: Always true: some of the steps are inferred.
    """

    mode: VersionMode
    dependencies: tuple[UmbracoDependency, ...]
    groups: tuple[UmbracoGroup, ...]
    other_dependencies: int
    default: Outcome
    semver: Outcome
    estimate: Literal[True] = True

    @property
    def shown(self) -> Outcome:
        """What the mode that was asked for makes of it."""
        return self.default if self.mode == "Default" else self.semver

    @property
    def mode_matters(self) -> bool:
        """The two modes differ."""
        return self.default.ranges != self.semver.ranges

    @property
    def highest_alone(self) -> tuple[UmbracoGroup, Outcome] | None:
        """Where groups disagree: the one with the highest target framework, and what is shown if it alone counts.

        So it was seen of one package with groups for net8.0, net9.0 and net10.0.
        """
        groups = self.disagreeing_groups
        if not groups:
            return None
        highest = max(groups, key=lambda group: (_height(group.framework), group.index))
        return highest, highest.outcome(self.mode)

    @property
    def groups_with_umbraco(self) -> tuple[UmbracoGroup, ...]:
        """The groups that say something about Umbraco."""
        return tuple(group for group in self.groups if group.range is not None)

    @property
    def groups_without_umbraco(self) -> tuple[UmbracoGroup, ...]:
        """The groups without a dependency on Umbraco that counts."""
        return tuple(group for group in self.groups if group.range is None)

    @property
    def disagreeing_groups(self) -> tuple[UmbracoGroup, ...]:
        """All groups with Umbraco whose ranges can be read, where these are not the same; else none."""
        groups = tuple(group for group in self.groups_with_umbraco if group.is_readable)
        return groups if len({group.range.cuts for group in groups if group.range is not None}) > 1 else ()

    @property
    def impossible_groups(self) -> tuple[UmbracoGroup, ...]:
        """The groups whose dependencies have no version in common."""
        return tuple(group for group in self.groups if group.is_impossible)

    @property
    def only_own_numbers(self) -> bool:
        """All its dependencies on Umbraco have numbers of their own, so that the majors mean nothing."""
        return bool(self.dependencies) and all(each.has_own_numbers for each in self.dependencies)


def estimate_compatibility(groups: Sequence[GroupEntry], mode: VersionMode = "Default") -> Compatibility:
    """Work out the Umbraco versions that the Marketplace should show for a package.

    Args:
        groups: Its dependency groups as (target framework, [(id, range)]); dependencies outside of groups are
            one group without a framework. A range that is missing or that NuGet cannot read means any
            version, as NuGet takes it.
        mode: The listing's `VersionDependencyMode`.
    """
    dependencies = tuple(umbraco_dependencies(groups))
    by_group: dict[int, list[UmbracoDependency]] = {}
    for dependency in counting(dependencies):
        by_group.setdefault(dependency.group, []).append(dependency)
    found = tuple(_group(index, framework, by_group.get(index, ())) for index, (framework, _) in enumerate(groups))
    ranges = [group.range for group in found if group.range is not None]
    as_written = united(ranges)
    default = united(capped(each) if is_capped(each) else each for each in ranges)
    return Compatibility(
        mode,
        dependencies,
        found,
        sum(len(entries) for _, entries in groups) - len(dependencies),
        default=Outcome("Default", default, default != as_written and not reaches_beyond_cap(default)),
        semver=Outcome("SemVer", as_written, capped=False),
    )


def _group(index: int, framework: str | None, own: Sequence[UmbracoDependency]) -> UmbracoGroup:
    return UmbracoGroup(index, TargetFramework.parse(framework), tuple(own), group_range(own))


def counting(dependencies: Sequence[UmbracoDependency]) -> Sequence[UmbracoDependency]:
    """Those whose versions are versions of Umbraco; where a package has none of them, all the same.

    The Marketplace finds `Umbraco.Cms.Integrations.*` by name. Beside Umbraco itself its numbers would only
    spoil the result, alone they are all there is to go by.
    """
    numbered = [dependency for dependency in dependencies if not dependency.has_own_numbers]
    return numbered or dependencies


def group_range(dependencies: Iterable[UmbracoDependency]) -> VersionRange | None:
    """Step 2 inside a group: the versions that all dependencies allow; None without dependencies."""
    ranges = [dependency.umbraco_range for dependency in dependencies]
    return reduce(VersionRange.intersect, ranges, ALL_VERSIONS) if ranges else None


def united(ranges: Iterable[VersionRange]) -> RangeUnion:
    """Step 2 across groups: the versions that any group allows, gaps kept."""
    return RangeUnion(ranges)


def is_capped(interval: VersionRange) -> bool:
    """Step 3: whether Default mode takes versions of one group away: it begins with 13 or lower and has no end."""
    begins_old = interval.minimum is None or interval.minimum.major <= LAST_MAJOR_OF_OLD_BACKOFFICE
    return begins_old and interval.maximum is None and not interval.is_empty


def capped(interval: VersionRange) -> VersionRange:
    """Step 3: what is left of a range below 14."""
    return interval.intersect(BELOW_THE_CAP)


def reaches_beyond_cap(ranges: RangeUnion) -> bool:
    """Whether any version from 14 on is left."""
    return not ranges.is_subset_of(BELOW_THE_CAP)


_FAMILIES = (".NETStandard", ".NETFramework", ".NETCoreApp")
"""Identifiers of target frameworks, the newest kind last."""


def _height(framework: TargetFramework) -> tuple[int, TargetFramework]:
    """Which of two target frameworks is the higher: newer kinds before newer versions."""
    name = framework.identifier
    return (_FAMILIES.index(name) + 1 if name in _FAMILIES else 0), framework


def _existing(spans: Iterable[MajorSpan | None]) -> tuple[MajorSpan, ...]:
    return tuple(span for span in spans if span is not None)
