"""Workflow commands that make GitHub show findings as annotations on a pull request's changes.

The syntax and its escapes are those of GitHub's own toolkit (actions/toolkit, packages/core, command.ts).
"""

from __future__ import annotations

from collections import Counter

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Related, Severity
from umbmarket.output import OutputOptions
from umbmarket.output.locations import Places, from_root, message_of
from umbmarket.output.plain import plain
from umbmarket.output.wording import counted, hidden_line, related_line

ANNOTATION_LIMIT = 10
"""Annotations of one kind that GitHub shows for one step of a workflow; the others stay in the log."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report, options: OutputOptions) -> str:
    """One workflow command for each finding, and a last line where GitHub will not show them all.

    That line is no command, as a notice would itself take one of the places; neither is the one that counts the
    findings that are not shown. `quiet` leaves both out. Where nothing was found the result is empty.
    """
    places = Places(report, options.uri_prefix)
    lines = [_command(finding, places, options.uri_prefix) for finding in report.findings]
    counts = Counter(_COMMANDS[finding.severity] for finding in report.findings)
    if not options.quiet and any(count > ANNOTATION_LIMIT for count in counts.values()):
        found = ", ".join(counted(counts[kind], kind) for kind in _COMMANDS.values() if counts[kind])
        lines.append(
            f"GitHub shows {ANNOTATION_LIMIT} annotations of a kind for each step;"
            f" this log has all that were found: {found}"
        )
    hidden = None if options.quiet else hidden_line(report)
    if hidden is not None:
        lines.append(hidden)
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding, places: Places, prefix: str) -> str:
    """The command of one finding, at the place in the repository that stands for it.

    GitHub takes columns only where a region lies on one line; its `endColumn` is the last column, ours is the
    one after it.
    """
    instead = places.instead(finding)
    properties = {"file": from_root(finding.file if instead is None else instead.file, prefix)}
    region = (finding.region if finding.member is None else None) if instead is None else instead.region
    if region:
        properties["line"] = str(region.line)
        if region.line == region.end_line:
            properties["col"] = str(region.column)
            properties["endLine"] = str(region.end_line)
            properties["endColumn"] = str(max(region.end_column - 1, region.column))
        else:
            properties["endLine"] = str(region.end_line)
    properties["title"] = f"{finding.code} {finding.name}"
    listed = ",".join(f"{name}={plain(value).translate(_PROPERTY)}" for name, value in properties.items())
    data = plain(message_of(finding))
    if instead is not None:
        data += f"\n{related_line(Related(finding.file, None, None, 'the package'))}"
    for related in finding.related:
        data += f"\n{related_line(related)}"
    if finding.help:
        data += f"\nhelp: {plain(finding.help)}"
    return f"::{_COMMANDS[finding.severity]} {listed}::{data.translate(_DATA)}"
