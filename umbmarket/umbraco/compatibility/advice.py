"""What to write in place of a range without a maximum: the minimum stays, the end is computed."""

from __future__ import annotations

from typing import NamedTuple

from umbmarket.nuget import VersionRange
from umbmarket.nuget.versions import MAX_NUMBER
from umbmarket.umbraco.compatibility.dependencies import LAST_LEGACY_MAJOR, UmbracoDependency
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR
from umbmarket.umbraco.compatibility.spans import majors_text


class ClosedRange(NamedTuple):
    """A range to write instead, and the majors of Umbraco that it is for, such as `13` or `13-18`."""

    text: str
    majors: str


def closed(dependency: UmbracoDependency, last_major: int) -> ClosedRange | None:
    """The range of a dependency with a maximum after `last_major`, or after what its generation ends with.

    Args:
        dependency: Any; where it has no minimum, or 0.0.0, the first major of its generation is taken.
        last_major: The last major to hold; the one of the minimum counts where that is higher.

    Returns:
        The range, or None where no version of NuGet's is high enough to end it.
    """
    lowest = dependency.range.minimum
    first = max(lowest.major, dependency.first_major) if lowest is not None else dependency.first_major
    last = LAST_LEGACY_MAJOR if dependency.product == "cms-8" else max(last_major, first)
    if last >= MAX_NUMBER or first > last:
        return None
    # 0.0.0, as of `*`, means any version.
    start = lowest.normalized if lowest is not None and any(lowest.numbers) else f"{first}.0.0"
    return ClosedRange(f"[{start}, {last + 1}.0.0)", majors_text(range(first, last + 1)))


def up_to_newest(dependency: UmbracoDependency) -> ClosedRange | None:
    """The same up to the newest major that is known, or to the end of its generation."""
    return closed(dependency, NEWEST_MAJOR)


def below_next_major(interval: VersionRange) -> str | None:
    """The range that keeps the prereleases of its exclusive `N.0.0` maximum out, such as `[17.0.0, 17.999.999]`."""
    highest = interval.maximum
    if highest is None or not highest.major:
        return None
    opening = "[" if interval.minimum_inclusive else "("
    lowest = interval.minimum.normalized if interval.minimum is not None else ""
    return f"{opening}{lowest}, {highest.major - 1}.999.999]"
