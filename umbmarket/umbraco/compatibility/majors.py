"""The major versions of Umbraco CMS and when each was released.

Sources: Umbraco's pages "Long-term Support and End-of-Life" and "Versioning and release cadence" (9, 13, 14,
15), the blog posts announcing 16 and 17, and endoflife.date, which reads the first of these pages (all from 8
to 17). For 18 only the month is confirmed, and the day within it narrowed down: HQ's add-ons were released
for the final 18.0.0 on 2026-06-23 (Umbraco Commerce 18.0.0) and 2026-06-25 (Umbraco CMS MCP 18.0.0), and
endoflife.date added it on 2026-06-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class UmbracoMajor:
    """A major version of Umbraco CMS.

    Attributes:
        number: The version, such as 13.
        released: The day its ``{number}.0.0`` was released.
        long_term_support: Whether it is one of the versions with long-term support.
        exact: Whether the day is confirmed; otherwise only the month is.
    """

    number: int
    released: date
    long_term_support: bool = False
    exact: bool = True


UMBRACO_MAJORS: dict[int, UmbracoMajor] = {
    major.number: major
    for major in (
        UmbracoMajor(8, date(2019, 2, 26), long_term_support=True),
        UmbracoMajor(9, date(2021, 9, 28)),
        UmbracoMajor(10, date(2022, 6, 16), long_term_support=True),
        UmbracoMajor(11, date(2022, 12, 1)),
        UmbracoMajor(12, date(2023, 6, 29)),
        UmbracoMajor(13, date(2023, 12, 14), long_term_support=True),
        UmbracoMajor(14, date(2024, 5, 30)),
        UmbracoMajor(15, date(2024, 11, 14)),
        UmbracoMajor(16, date(2025, 6, 12)),
        UmbracoMajor(17, date(2025, 11, 27), long_term_support=True),
        # Approximate: June 2026 is confirmed, the day is not.
        UmbracoMajor(18, date(2026, 6, 25), exact=False),
    )
}
"""The versions the Marketplace lists packages for, by number, oldest first.

Umbraco 8 is the oldest: the listing guide (until 2025) names it as the minimum.
"""

OLDEST_MAJOR = min(UMBRACO_MAJORS)
"""The oldest major version the Marketplace lists packages for."""

NEWEST_MAJOR = max(UMBRACO_MAJORS)
"""The newest major version known to this program."""

PRERELEASE_MAJORS: frozenset[int] = frozenset()
"""The majors that have public prereleases and no stable version yet; today there are none."""
