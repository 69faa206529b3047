"""Dates in a package that nuget.org refuses: those of entries that lie in the future.

Source: NuGetGallery (ZipArchiveHelpers.FoundEntryInFuture), which allows a day for clocks that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from umbmarket.formats.zip.archive import ArchiveEntry

CLOCK_ALLOWANCE = timedelta(days=1)
"""How far ahead of its own clock nuget.org takes the date of an entry."""


def entries_from_the_future(entries: Iterable[ArchiveEntry], now: datetime) -> Iterator[tuple[ArchiveEntry, datetime]]:
    """The entries that nuget.org would refuse the package for, each with its date.

    Args:
        entries: Of the archive.
        now: The time in UTC, without a time zone: ZIP archives know none, and nuget.org takes their dates for UTC.
    """
    latest = now + CLOCK_ALLOWANCE
    for entry in entries:
        # Most entries are years old: no date need be made of them.
        if entry.raw.date[0] < latest.year:
            continue
        try:
            date = datetime(*entry.raw.date)
        except ValueError:
            # .NET takes a date that is none for 1980.
            continue
        if date > latest:
            yield entry, date
