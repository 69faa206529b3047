"""What is said of a listing that is given as a text, and what its fixes make of it."""

from __future__ import annotations

import json
from itertools import pairwise

import umbmarket
from umbmarket.check.report import Report
from umbmarket.findings import Finding, Fix
from umbmarket.formats.source import SourceText

NAME = "umbraco-marketplace-my.own.package.json"


def check_text(listing: str | bytes | object, *, name: str = NAME) -> Report:
    """The report on one listing: its text, its bytes, or the value that it spells."""
    if not isinstance(listing, str | bytes):
        listing = json.dumps(listing, ensure_ascii=False)
    data = listing if isinstance(listing, bytes) else listing.encode()
    report = umbmarket.validate((), stdin=(name, data))
    assert report.failures == ()
    return report


def told(listing: str | bytes | object, *codes: str) -> list[tuple[str, str, str, str]]:
    """Code, severity, message and help of the findings on a listing; of `codes` alone where some are named."""
    return [
        (finding.code, str(finding.severity), finding.message, finding.help)
        for finding in check_text(listing).findings
        if not codes or finding.code in codes
    ]


def codes_of(report: Report, *severities: str) -> set[str]:
    """The codes of the findings of these severities, or of all."""
    return {each.code for each in report.findings if not severities or str(each.severity) in severities}


def applied(data: bytes, fix: Fix) -> bytes:
    """`data` after one fix."""
    encoding = fix.encoding or SourceText(data).encoding
    edits = sorted(fix.edits)
    assert all(first.end <= second.start for first, second in pairwise(edits))
    for edit in reversed(edits):
        data = data[: edit.start] + edit.text.encode(encoding) + data[edit.end :]
    return data


def fixes_of(report: Report) -> list[tuple[Finding, Fix]]:
    return [(finding, fix) for finding in report.findings for fix in finding.fixes]
