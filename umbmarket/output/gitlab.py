"""GitLab's Code Quality report, which GitLab shows in a merge request.

The properties are those of GitLab's documentation ("Code Quality report format").
"""

from __future__ import annotations

from hashlib import sha256

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Severity
from umbmarket.output import OutputOptions
from umbmarket.output.identity import Identities, snippet_of
from umbmarket.output.json_text import to_json, whole_text
from umbmarket.output.locations import Places, from_root, message_of
from umbmarket.output.plain import plain
from umbmarket.output.source_lines import SourceLines

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
"""GitLab's word for each severity; its "critical" and "blocker" are for what endangers a running service."""

_LINE_LEVELS = 1
"""Each finding on a line of its own."""


def render(report: Report, options: OutputOptions) -> str:
    """A JSON array with an object for each finding, in ASCII; an empty array where there is none.

    Paths start at the root of the repository, as GitLab wants them. Of the options only `uri_prefix` counts.
    """
    places, identities, lines = Places(report, options.uri_prefix), Identities(), SourceLines()
    found = []
    for finding in report.findings:
        snippet = snippet_of(finding.region, report.sources.get(finding.path), lines)
        own = whole_text(from_root(finding.file, options.uri_prefix))
        fingerprint = identities.of(finding, own, snippet)
        found.append(
            {
                "description": _description(finding),
                "check_name": plain(finding.code),
                "fingerprint": sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest(),
                "severity": SEVERITIES[finding.severity],
                "location": _location(finding, places, options.uri_prefix),
            }
        )
    return to_json(found, _LINE_LEVELS)


def _description(finding: Finding) -> str:
    """One line: GitLab shows nothing else."""
    message = plain(message_of(finding))
    return f"{message} ({plain(finding.help)})" if finding.help else message


def _location(finding: Finding, places: Places, prefix: str) -> dict[str, object]:
    instead = places.instead(finding)
    file = finding.file if instead is None else instead.file
    region = (finding.region if finding.member is None else None) if instead is None else instead.region
    begin, end = (region.line, region.end_line) if region else (1, 1)
    return {"path": whole_text(from_root(file, prefix)) or ".", "lines": {"begin": begin, "end": end}}
