"""Several version ranges together, with the gaps between them kept.

NuGet itself has no such thing: its `VersionRange.Combine` fills the gaps, which `RangeUnion.hull` does too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from umbmarket.nuget.ranges import ALL_VERSIONS, NO_VERSIONS, VersionRange
from umbmarket.nuget.versions import NuGetVersion

__all__ = ["RangeUnion"]


class RangeUnion:
    """A set of versions made of intervals. Immutable and hashable.

    It is kept normalised: the intervals are not empty, do not overlap or touch, are in ascending order, and
    do not float. So two unions are equal if they hold the same intervals.

    Example:
        >>> str(RangeUnion(map(VersionRange.parse, ("[13,14)", "[10,11)", "[11,12)"))))
        '[10.0.0, 12.0.0) or [13.0.0, 14.0.0)'
    """

    __slots__ = ("_intervals",)

    _intervals: tuple[VersionRange, ...]

    def __init__(self, ranges: Iterable[VersionRange] = ()) -> None:
        """Unite ranges.

        Args:
            ranges: Any ranges, in any order; empty ones add nothing, and floating ones count with their
                interval.
        """
        found = sorted((interval for interval in ranges if not interval.is_empty), key=lambda each: each.cuts)
        merged: list[VersionRange] = []
        for interval in found:
            if merged and interval.cuts[0] <= merged[-1].cuts[1]:
                merged[-1] = _span(merged[-1], interval)
            else:
                merged.append(_span(interval, interval))
        self._intervals = tuple(merged)

    @property
    def intervals(self) -> tuple[VersionRange, ...]:
        """The intervals, ascending, with a gap between each two; empty if no version is inside."""
        return self._intervals

    @property
    def normalized(self) -> tuple[str, ...]:
        """The normalized text of each interval, ascending."""
        return tuple(interval.normalized for interval in self._intervals)

    @property
    def is_empty(self) -> bool:
        """Whether no version is inside."""
        return not self._intervals

    @property
    def hull(self) -> VersionRange:
        """The smallest range around all of it (NuGet.Client, VersionRange.Combine), or `NO_VERSIONS`."""
        return _span(self._intervals[0], self._intervals[-1]) if self._intervals else NO_VERSIONS

    def contains(self, version: NuGetVersion) -> bool:
        """Whether a version lies in one of the intervals; prereleases are versions like any other."""
        return any(interval.contains(version) for interval in self._intervals)

    def union(self, other: RangeUnion | VersionRange) -> RangeUnion:
        """The versions that are in this union or in the other one."""
        return RangeUnion((*self._intervals, *_intervals_of(other)))

    def intersect(self, other: RangeUnion | VersionRange) -> RangeUnion:
        """The versions that are in this union and in the other one."""
        mine, theirs = self._intervals, _intervals_of(other)
        common = []
        i = j = 0
        while i < len(mine) and j < len(theirs):
            common.append(mine[i].intersect(theirs[j]))
            if mine[i].cuts[1] <= theirs[j].cuts[1]:
                i += 1
            else:
                j += 1
        return RangeUnion(common)

    def is_subset_of(self, other: RangeUnion | VersionRange) -> bool:
        """Whether every version of this union lies in the other one; an empty union is a subset of all."""
        return self.intersect(other) == self

    def __iter__(self) -> Iterator[VersionRange]:
        return iter(self._intervals)

    def __len__(self) -> int:
        return len(self._intervals)

    def __str__(self) -> str:
        return " or ".join(self.normalized) or "no version"

    def __repr__(self) -> str:
        return f"RangeUnion({list(self.normalized)!r})"

    def __hash__(self) -> int:
        return hash(self._cuts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RangeUnion):
            return NotImplemented
        return self._cuts == other._cuts

    @property
    def _cuts(self) -> tuple[object, ...]:
        return tuple(interval.cuts for interval in self._intervals)


def _intervals_of(other: RangeUnion | VersionRange) -> tuple[VersionRange, ...]:
    return other.intervals if isinstance(other, RangeUnion) else RangeUnion((other,)).intervals


def _span(first: VersionRange, second: VersionRange) -> VersionRange:
    """The plain range from the start of `first`, which is not after that of `second`, to the higher end."""
    upper = first if first.cuts[1] >= second.cuts[1] else second
    if first.minimum is None and upper.maximum is None:
        return ALL_VERSIONS
    return VersionRange(first.minimum, first.minimum_inclusive, upper.maximum, upper.maximum_inclusive)
