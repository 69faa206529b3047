"""One line for each finding as MSBuild and the .NET compilers write it, for build logs and editors."""

from __future__ import annotations

from umbmarket.check.report import Report
from umbmarket.findings import Region
from umbmarket.output import OutputOptions
from umbmarket.output.plain import plain, plain_path
from umbmarket.output.wording import statistics_lines, summary_lines

_FIRST = (1, 1, 1, 1)
"""The place of a finding about a file as a whole: an editor shows no problem without numbers."""


def render(report: Report, options: OutputOptions) -> str:
    """`path(line,column,endLine,endColumn): severity CODE: message` for each finding, then the summary.

    MSBuild's canonical form (MSBuild documentation, "MSBuild and Visual Studio format for diagnostic messages"), with
    the end as the C# compiler gives it. MSBuild itself takes errors and warnings out of such lines, `$msCompile` of
    Visual Studio Code also infos. With `quiet` there is no summary, so that every line is a finding.
    """
    lines = [
        f"{plain_path(finding.path)}({','.join(map(str, _numbers(finding.region)))}):"
        f" {finding.severity.value} {plain(finding.code)}: {plain(finding.message)}"
        for finding in report.findings
    ]
    if options.statistics:
        lines += statistics_lines(report)
    if not options.quiet:
        lines += summary_lines(report)
    return "".join(f"{line}\n" for line in lines)


def _numbers(region: Region | None) -> tuple[int, int, int, int]:
    return _FIRST if region is None else (region.line, region.column, region.end_line, region.end_column)
