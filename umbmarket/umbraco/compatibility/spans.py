"""From ranges of versions to major versions of Umbraco, and those in words.

A major counts when a stable version of it can lie in the range, so `[17.0.0, 17.99999999]` and
`(17.99999999, 18.0.0)` are 17, and `[17.0.0, 18.0.0)` is 17 although 18.0.0-rc.1 lies in it. NuGet's versions
have four numbers of 32 bits, which decides the cases at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from umbmarket.nuget import NuGetVersion, VersionRange
from umbmarket.nuget.versions import MAX_NUMBER
from umbmarket.umbraco.compatibility.majors import OLDEST_MAJOR, UMBRACO_MAJORS


class MajorSpan(NamedTuple):
    """The majors that have a stable version in a range, first and last; `last` is None without an end."""

    first: int
    last: int | None


def major_span(interval: VersionRange) -> MajorSpan | None:
    """The majors with a stable version in a range, or None if there is none.

    Args:
        interval: Any range; a floating part plays no role.
    """
    lowest = interval.minimum.major if interval.minimum is not None else 0
    for first in (lowest, lowest + 1):
        if first_stable(interval, first) is not None:
            return MajorSpan(first, _last_major(interval.maximum, inclusive=interval.maximum_inclusive))
    return None


def _last_major(maximum: NuGetVersion | None, *, inclusive: bool) -> int | None:
    """The last major below a maximum, under the condition that some stable version is."""
    if maximum is None:
        return None
    is_itself_in = inclusive and not maximum.is_prerelease
    return maximum.major if is_itself_in or any(maximum.numbers[1:]) else maximum.major - 1


def first_stable(interval: VersionRange, major: int) -> NuGetVersion | None:
    """The lowest stable version of a major that lies in a range, whether it was published or not, or None."""
    lowest = interval.minimum
    if major > MAX_NUMBER or (lowest is not None and lowest.major > major):
        return None
    candidate: NuGetVersion | None
    if lowest is None or lowest.major < major:
        candidate = NuGetVersion(major)
    elif lowest.is_prerelease:
        candidate = NuGetVersion(*lowest.numbers)
    else:
        candidate = lowest if interval.minimum_inclusive else _next_of_major(lowest)
    return candidate if candidate is not None and interval.contains(candidate) else None


def _next_of_major(version: NuGetVersion) -> NuGetVersion | None:
    """The stable version right after a stable one, or None after the last of its major."""
    major, minor, patch, revision = version.numbers
    if revision < MAX_NUMBER:
        return NuGetVersion(major, minor, patch, revision + 1)
    if patch < MAX_NUMBER:
        return NuGetVersion(major, minor, patch + 1)
    return NuGetVersion(major, minor + 1) if minor < MAX_NUMBER else None


def known_majors(spans: Iterable[MajorSpan]) -> tuple[int, ...]:
    """The known majors of Umbraco that lie in one of the spans, ascending."""
    listed = tuple(spans)
    return tuple(
        major
        for major in UMBRACO_MAJORS
        if any(span.first <= major and (span.last is None or major <= span.last) for span in listed)
    )


def open_from(spans: Iterable[MajorSpan]) -> int | None:
    """The first major from which on every later one is included, known or not; None where there is an end."""
    found = [max(span.first, OLDEST_MAJOR) for span in spans if span.last is None]
    return min(found) if found else None


def majors_text(majors: Iterable[int], from_major: int | None = None) -> str:
    """Majors for people: `17`, `10-12`, `13-14, 17 and later`, `none`.

    Args:
        majors: Any majors.
        from_major: What `open_from` gives: it and all later ones are included, too.
    """
    listed = set(majors)
    parts: list[str] = []
    if from_major is not None:
        while from_major - 1 in listed:
            from_major -= 1
        listed = {major for major in listed if major < from_major}
    for major in sorted(listed):
        if major - 1 not in listed:
            last = major
            while last + 1 in listed:
                last += 1
            parts.append(str(major) if last == major else f"{major}-{last}")
    if from_major is not None:
        parts.append(f"{from_major} and later")
    return ", ".join(parts) or "none"
