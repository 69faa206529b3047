"""Entries that nuget.org refuses a package for because they are dated in the future."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from umbmarket.formats.zip.archive import Archive
from umbmarket.nuget.package.entry_dates import entries_from_the_future

NOW = datetime(2026, 12, 31, 12, 0, 0)


def archive(**dates: tuple[int, int, int, int, int, int]) -> Archive:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, date in dates.items():
            file.writestr(zipfile.ZipInfo(name, date), "")
    return Archive.from_bytes(buffer.getvalue())


def test_a_day_ahead_is_taken_and_more_is_not() -> None:
    entries = archive(
        old=(1980, 1, 1, 0, 0, 0), day=(2027, 1, 1, 12, 0, 0), more=(2027, 1, 1, 12, 0, 2), far=(2107, 12, 31, 0, 0, 0)
    ).entries
    assert [(entry.name, date) for entry, date in entries_from_the_future(entries, NOW)] == [
        ("more", datetime(2027, 1, 1, 12, 0, 2)),
        ("far", datetime(2107, 12, 31)),
    ]


def test_a_date_that_is_none_is_not_in_the_future() -> None:
    assert list(entries_from_the_future(archive(odd=(2099, 0, 31, 0, 0, 0)).entries, NOW)) == []
