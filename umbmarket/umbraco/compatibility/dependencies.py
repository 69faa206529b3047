"""Which dependencies of a package say what Umbraco it is for.

Sources: the listing guide (2026 text) names `Umbraco.Cms.*`, `UmbracoCms.*` (8 only) and `Umbraco.Commerce.*`,
and says that where there are direct ones, only those count. That Umbraco.Commerce is numbered as the CMS is,
and that `Umbraco.Cms.Integrations.*` is found by its name although it is not, is inferred from their packages.

A name ends at a dot, and each has a first or last major of Umbraco. A range that lies wholly beyond that is the
numbering of the package itself: `Umbraco.Cms.Search` had 1.0.0 until June 2026, when it was raised to 17.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from umbmarket.nuget import ALL_VERSIONS, InvalidRange, NuGetVersion, TargetFramework, VersionRange
from umbmarket.umbraco.compatibility.majors import OLDEST_MAJOR

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec_model import DependencyGroup

Product: TypeAlias = Literal["cms", "cms-8", "commerce", "integration"]
"""What a dependency is a part of.

- ``cms``: `Umbraco.Cms` and what follows it after a dot: Umbraco 9 and later.
- ``cms-8``: `UmbracoCms`, the same up to Umbraco 8.
- ``commerce``: `Umbraco.Commerce`, numbered as the CMS it is for.
- ``integration``: `Umbraco.Cms.Integrations`, part of the first by its name alone; its numbers are its own.
"""

DependencyEntry: TypeAlias = tuple[str, str | VersionRange | None]
"""One dependency: its id, and its range as text or read; None or an empty text for none."""

GroupEntry: TypeAlias = tuple[str | None, Sequence[DependencyEntry]]
"""One dependency group: its target framework as written, or None, and its dependencies in their order."""

FIRST_CMS_MAJOR = 9
"""`Umbraco.Cms` begins here; Umbraco 8 was `UmbracoCms`."""

FIRST_COMMERCE_MAJOR = 10
"""Umbraco.Commerce starts here; before that it was Vendr, with numbers of its own."""

LAST_LEGACY_MAJOR = 8
"""`UmbracoCms` ends here: Umbraco 9 came as `Umbraco.Cms` (listing guide: "UmbracoCms.* (v8 only)")."""

_PRODUCTS: tuple[tuple[Product, re.Pattern[str]], ...] = (
    ("integration", re.compile(r"umbraco\.cms\.integrations(?:\..*)?", re.DOTALL)),
    ("cms", re.compile(r"umbraco\.cms(?:\..*)?", re.DOTALL)),
    ("cms-8", re.compile(r"umbracocms(?:\..*)?", re.DOTALL)),
    ("commerce", re.compile(r"umbraco\.commerce(?:\..*)?", re.DOTALL)),
)
"""Lower-case ids; the first that fits counts. A name ends at a dot: `Umbraco.CmsTools` is none of them."""

_FIRST_MAJORS: dict[Product, int] = {"cms": FIRST_CMS_MAJOR, "commerce": FIRST_COMMERCE_MAJOR}
_UP_TO_LEGACY = VersionRange(maximum=NuGetVersion(LAST_LEGACY_MAJOR + 1))


def group_entries(groups: Iterable[DependencyGroup]) -> list[GroupEntry]:
    """The dependency groups of a nuspec as estimates take them, in their order."""
    return [
        (group.target_framework, [(each.id, each.range or each.version) for each in group.dependencies])
        for group in groups
    ]


def product_of(package_id: str) -> Product | None:
    """What of Umbraco a package is a part of by its id, in any letter case, or None."""
    folded = package_id.lower()
    return next((product for product, name in _PRODUCTS if name.fullmatch(folded)), None)


@dataclass(frozen=True, slots=True)
class UmbracoDependency:
    """A direct dependency whose id is one of Umbraco's.

    Attributes:
        id: As written.
        product: What it is a part of.
        range: What a restore goes by: every version where no range is written or it cannot be read.
        written: The range as written; None or empty where there is none.
        range_problem: Why it cannot be read, in words, or None.
        framework: The target framework of its group.
        group: Index of its group among all groups, from 0.
        index: Index of the dependency among all of its group, from 0.
    """

    id: str
    product: Product
    range: VersionRange
    written: str | None
    range_problem: str | None
    framework: TargetFramework
    group: int
    index: int

    @property
    def has_own_numbers(self) -> bool:
        """Its versions are not those of Umbraco, whatever its name says.

        That is so for all `Umbraco.Cms.Integrations`, and where the range holds no version of the generation of
        Umbraco that has this name. A range without a maximum tells by its minimum: nobody asks for Umbraco 1.0.0.
        """
        if self.product == "integration":
            return True
        lowest = self.range.minimum
        if self.range.is_empty:
            return False
        if self.product == "cms-8":
            return lowest is not None and lowest.major > LAST_LEGACY_MAJOR
        if self.range.maximum is None:
            # `*` begins with 0.0.0 and means any version.
            return lowest is not None and any(lowest.numbers) and lowest.major < LAST_LEGACY_MAJOR
        begins_below = lowest is None or lowest.major < self.first_major
        return begins_below and self.range.intersect(VersionRange(NuGetVersion(self.first_major))).is_empty

    @property
    def umbraco_range(self) -> VersionRange:
        """The versions of Umbraco that the range stands for, without a floating part.

        That is what of the range belongs to the generation that has this name. Numbers of the package's own are
        left as they are, since the Marketplace goes by the name.
        """
        plain = ALL_VERSIONS.intersect(self.range)
        if self.has_own_numbers:
            return plain
        if self.product == "cms-8":
            return plain.intersect(_UP_TO_LEGACY)
        lowest = plain.minimum
        reaches_below = lowest is None or lowest.major < self.first_major
        return plain.intersect(VersionRange(NuGetVersion(self.first_major))) if reaches_below else plain

    @property
    def first_major(self) -> int:
        """The first major of Umbraco that has a package of this name."""
        return _FIRST_MAJORS.get(self.product, OLDEST_MAJOR)

    @property
    def is_open_ended(self) -> bool:
        """The range has no maximum."""
        return self.range.maximum is None

    @property
    def admits_prereleases_of(self) -> int | None:
        """The major whose prereleases an exclusive `N.0.0` maximum lets in by NuGet's order, or None."""
        highest = self.range.maximum
        if highest is None or self.range.maximum_inclusive or self.range.is_empty:
            return None
        return highest.major if _is_first_of_major(highest) else None

    @property
    def brackets_look_swapped(self) -> bool:
        """The minimum is exclusive, or the maximum is an inclusive `N.0.0`: as in `(13.4.1, 14.0.0]`.

        One exact version, `[14.0.0]`, is neither.
        """
        lowest, highest = self.range.minimum, self.range.maximum
        if lowest is not None and not self.range.minimum_inclusive:
            return True
        return (
            highest is not None and self.range.maximum_inclusive and _is_first_of_major(highest) and lowest != highest
        )


def _is_first_of_major(version: NuGetVersion) -> bool:
    return not version.is_prerelease and not any(version.numbers[1:])


def umbraco_dependencies(groups: Sequence[GroupEntry]) -> Iterator[UmbracoDependency]:
    """Find the dependencies on Umbraco, in the order they are given.

    Args:
        groups: The dependency groups; dependencies outside of groups are one group without a framework.
    """
    for number, (framework, dependencies) in enumerate(groups):
        for index, (package_id, written) in enumerate(dependencies):
            product = product_of(package_id)
            if product is None:
                continue
            range_, problem = _read(written)
            yield UmbracoDependency(
                package_id,
                product,
                range_,
                written.original if isinstance(written, VersionRange) else written,
                problem,
                TargetFramework.parse(framework),
                number,
                index,
            )


def _read(written: str | VersionRange | None) -> tuple[VersionRange, str | None]:
    """The range and, where it cannot be read, why not; NuGet then takes any version."""
    if not written:
        return ALL_VERSIONS, None
    if isinstance(written, VersionRange):
        return written, None
    try:
        return VersionRange.parse(written), None
    except InvalidRange as error:
        return ALL_VERSIONS, error.reason
