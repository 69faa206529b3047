"""One line for each finding, for other programs, editors and searching."""

from __future__ import annotations

from umbmarket.check.report import Report
from umbmarket.output import OutputOptions
from umbmarket.output.ansi import palette
from umbmarket.output.wording import Headlines, statistics_lines, summary_lines


def render(report: Report, options: OutputOptions) -> str:
    """`path:line:column: severity[CODE] message` for each finding, as compilers write it, then the summary.

    With `quiet` there is no summary, so that every line is a finding.
    """
    headlines = Headlines(palette(options.color), mark=":")
    lines = [headlines.of(finding) for finding in report.findings]
    if options.statistics:
        lines += statistics_lines(report)
    if not options.quiet:
        lines += summary_lines(report)
    return "".join(f"{line}\n" for line in lines)
