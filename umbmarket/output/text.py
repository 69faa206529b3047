"""The format for people: each finding with its source line, carets under the place, reason and way out."""

from __future__ import annotations

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Region
from umbmarket.output import OutputOptions
from umbmarket.output.ansi import palette
from umbmarket.output.excerpt import excerpt
from umbmarket.output.plain import plain
from umbmarket.output.source_lines import SourceLines
from umbmarket.output.wording import Headlines, related_line, statistics_lines, summary_lines


def render(report: Report, options: OutputOptions) -> str:
    """The report for people.

    The reason (`why`) belongs to the rule, not to the finding: twelve unknown keys would say the same
    sentence twelve times. So it is shown with the first finding of each code in each file, and with all of
    them when `verbose`. With `quiet` a finding is its first line alone, and there is no summary.
    """
    lines: list[str] = []
    headlines = Headlines(palette(options.color))
    blocks = _Blocks(report, options)
    for finding in report.findings:
        lines.append(headlines.of(finding))
        if not options.quiet:
            blocks.add_to(lines, finding)
    if options.statistics and report.findings:
        lines += statistics_lines(report)
        if not options.quiet:
            lines.append("")
    if not options.quiet:
        lines += summary_lines(report)
    lines.append("")
    return "\n".join(lines)


class _Blocks:
    """Writes what stands below the first line of each finding."""

    def __init__(self, report: Report, options: OutputOptions) -> None:
        colors = palette(options.color)
        self._sources = report.sources
        self._verbose = options.verbose
        self._width = options.width
        self._severity = colors.severity
        self._number = colors.frame
        self._bar = colors.frame("|")
        self._equals = colors.frame("=")
        self._why, self._help, self._rule = (colors.label(label) for label in ("why", "help", "rule"))
        self._source_lines = SourceLines()
        self._said: set[tuple[str, str]] = set()

    def add_to(self, lines: list[str], finding: Finding) -> None:
        """Add the source line, the explanations and an empty line."""
        region = finding.region
        blank = "   " if region is None else "  " + " " * len(str(region.line))
        source = self._sources.get(finding.path)
        if region and source:
            self._add_source(lines, finding, region, self._source_lines.get(source, region.line), blank)
        key = (finding.path, finding.code)
        if finding.why and (self._verbose or key not in self._said):
            self._said.add(key)
            lines.append(f"{blank}{self._equals} {self._why}: {plain(finding.why)}")
        for related in finding.related:
            lines.append(f"{blank}{self._equals} {related_line(related)}")
        if finding.help:
            lines.append(f"{blank}{self._equals} {self._help}: {plain(finding.help)}")
        if self._verbose:
            rule = f"{finding.name} at {finding.pointer}" if finding.pointer else finding.name
            lines.append(f"{blank}{self._equals} {self._rule}: {plain(rule)}")
        lines.append("")

    def _add_source(self, lines: list[str], finding: Finding, region: Region, line: str, blank: str) -> None:
        """Add the source line with its number, and the carets below it."""
        end = region.end_column - 1 if region.end_line == region.line else len(line)
        shown = excerpt(line, region.column - 1, end, self._width - len(blank) - 2)
        carets = self._severity(finding.severity)("^" * shown.carets + _extent(region))
        text = f" {shown.source}" if shown.source else ""
        lines.append(f" {self._number(str(region.line))} {self._bar}{text}")
        lines.append(f"{blank}{self._bar} {' ' * shown.indent}{carets}")


def _extent(region: Region) -> str:
    """How far a region goes beyond its first line; one that ends with a line break has not left that line."""
    if region.end_line == region.line:
        return ""
    if region.end_column > 1:
        return f" to line {region.end_line}, column {region.end_column - 1}"
    return f" to the end of line {region.end_line - 1}" if region.end_line - 1 > region.line else ""
