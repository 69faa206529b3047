"""The Umbraco versions that a package supports over all of its versions.

"We use this, across all versions of your package, to determine the minimum and maximum" (listing guide, 2024-2025
text). That Default mode's cap works on each version before they unite, and that gaps between them stay, is inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from umbmarket.nuget import RangeUnion, VersionRange
from umbmarket.umbraco.compatibility.dependencies import GroupEntry
from umbmarket.umbraco.compatibility.estimate import (
    Outcome,
    VersionMode,
    estimate_compatibility,
    reaches_beyond_cap,
)


def supported_versions(packages: Iterable[Sequence[GroupEntry]], mode: VersionMode = "Default") -> Outcome | None:
    """Unite what each version of a package supports.

    Args:
        packages: The dependency groups of each version that counts.
        mode: The listing's `VersionDependencyMode`.

    Returns:
        The estimate; None when no version depends on Umbraco.
    """
    ranges: list[VersionRange] = []
    as_written: list[VersionRange] = []
    known = False
    # Most versions of a package have the dependencies of the one before.
    for groups in dict.fromkeys(_frozen(each) for each in packages):
        found = estimate_compatibility(groups, mode)
        if found.dependencies:
            known = True
            ranges.extend(found.shown.ranges)
            as_written.extend(found.semver.ranges)
    shown = RangeUnion(ranges)
    is_capped = shown != RangeUnion(as_written) and not reaches_beyond_cap(shown)
    return Outcome(mode, shown, is_capped) if known else None


def _frozen(groups: Sequence[GroupEntry]) -> tuple[GroupEntry, ...]:
    return tuple((framework, tuple(entries)) for framework, entries in groups)
