"""One line for each finding as gcc writes it, for other programs, editors and searching."""

from __future__ import annotations

from umbmarket.check.report import Report
from umbmarket.findings import Severity
from umbmarket.output import OutputOptions
from umbmarket.output.ansi import palette
from umbmarket.output.plain import plain, plain_path
from umbmarket.output.wording import statistics_lines, summary_lines

WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
"""What gcc calls each severity."""

FIRST = (1, 1)
"""Line and column of a finding about a file as a whole: what reads such lines wants numbers."""


def render(report: Report, options: OutputOptions) -> str:
    """`path:line:column: severity: CODE message` for each finding, then the summary.

    So do gcc and clang write (GNU coding standards, "Formatting Error Messages"), and so do editors read: `$gcc` of
    Visual Studio Code, Vim's default `errorformat`. With `quiet` there is no summary, so that every line is a finding.
    """
    colors = palette(options.color)
    lines = []
    for finding in report.findings:
        region = finding.region
        line, column = (region.line, region.column) if region else FIRST
        place = colors.path(f"{plain_path(finding.path)}:{line}:{column}:")
        weight = colors.severity(finding.severity)(f"{WORDS[finding.severity]}:")
        lines.append(f"{place} {weight} {plain(finding.code)} {plain(finding.message)}")
    if options.statistics:
        lines += statistics_lines(report)
    if not options.quiet:
        lines += summary_lines(report)
    return "".join(f"{line}\n" for line in lines)
