"""What is checked before a package is packed or published, and what of it stands in the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.findings import Severity

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.nuxeo.package import NuxeoPackage
    from umbmarket.settings.options import Settings

MOST_CODES = 5
"""Codes that are named; the rest is counted."""


def checked(path: Path, settings: Settings | None, root: Path) -> Report:
    """What the rules find in a ZIP, which is judged in full as what a server gets.

    Args:
        path: of the ZIP.
        settings: which findings are ignored, and how much others weigh; what they select does not count.
        root: the folder that shown paths are relative to.
    """
    from umbmarket.check.validation import validate
    from umbmarket.nuxeo.marketplace import NuxeoMarketplace
    from umbmarket.settings.options import Settings

    # The ignores may be for other files, so those that ignore nothing are nothing to tell here.
    wanted = replace(settings or Settings(), select=Settings().select, source=None)
    return validate([path], [NuxeoMarketplace("built", is_explicit=True)], settings=wanted, root=root)


def errors_in(report: Report) -> tuple[str, ...]:
    """What of a report stands in the way, one clause each."""
    found = []
    codes = [finding.code for finding in report.findings if finding.severity is Severity.ERROR]
    if codes:
        unique = list(dict.fromkeys(codes))
        more = f" and {len(unique) - MOST_CODES} more" if len(unique) > MOST_CODES else ""
        found.append(f"{len(codes)} error{'' if len(codes) == 1 else 's'} ({', '.join(unique[:MOST_CODES])}{more})")
    if report.failures:
        found.append("a rule broke, so not everything was checked")
    return tuple(found)


def identity_of(package: NuxeoPackage) -> tuple[str, bool]:
    """The id of a package as the server will see it, and whether it is a snapshot; an empty id where there is none."""
    manifest = package.manifest
    if manifest is None or not manifest.name or manifest.version is None:
        return "", False
    return f"{manifest.name}-{manifest.version}", manifest.version.is_snapshot
