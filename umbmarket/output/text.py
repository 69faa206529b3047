"""The format for people: each finding with its source line, carets under the place, reason and way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Region
from umbmarket.output import DEFAULT_WIDTH, OutputOptions
from umbmarket.output.ansi import palette
from umbmarket.output.excerpt import excerpt
from umbmarket.output.plain import plain
from umbmarket.output.source_lines import SourceLines
from umbmarket.output.wording import Headlines, related_parts, statistics_lines, summary_lines

_INDENT = 4
"""Spaces before the further lines of a message that is wrapped."""


def render(report: Report, options: OutputOptions) -> str:
    """The report for people.

    The reason (`why`) belongs to the rule, not to the finding: twelve unknown keys would say the same
    sentence twelve times. So it is shown with the first finding of each code in each file, and with all of
    them when `verbose`. With `quiet` a finding is its message alone, and there is no summary.
    """
    lines: list[str] = []
    styled, bare = Headlines(palette(options.color)), Headlines()
    fill = _filler(options.width)
    blocks = _Blocks(report, options, fill)
    for finding in report.findings:
        lead = bare.lead(finding) if options.width is not None else ""
        lines += fill(styled.lead(finding), lead, finding.message, _INDENT)
        if not options.quiet:
            blocks.add_to(lines, finding)
    if options.statistics and (report.findings or report.hidden):
        lines += statistics_lines(report)
        if not options.quiet:
            lines.append("")
    if not options.quiet:
        for line in summary_lines(report):
            # What is indented is a list, of which each entry keeps its line.
            lines += [line] if line.startswith(" ") else fill("", "", line, 0)
    lines.append("")
    return "\n".join(lines)


_Fill: TypeAlias = Callable[[str, str, str, int], list[str]]
"""Lines of a lead as it is styled, the same without style, a text, and the indent of its further lines."""


def _filler(width: int | None) -> _Fill:
    """What writes a text beside its lead: on one line, or wrapped to `width` by words."""
    if width is None:
        return lambda styled, _bare, text, _indent: [f"{styled} {plain(text)}" if styled else plain(text)]
    # Late: what goes into a file or a pipe is not wrapped.
    from umbmarket.output.columns import beside, cells

    def fill(styled: str, bare: str, text: str, indent: int) -> list[str]:
        first, *others = beside(cells(bare) + 1 if bare else 0, text, width, indent)
        return [f"{styled} {first}" if styled and first else styled or first, *others]

    return fill


class _Blocks:
    """Writes what stands below the first line of each finding."""

    def __init__(self, report: Report, options: OutputOptions, fill: _Fill) -> None:
        colors = palette(options.color)
        self._sources = report.sources
        self._verbose = options.verbose
        self._width = options.width or DEFAULT_WIDTH
        self._fill = fill
        self._severity = colors.severity
        self._number = colors.frame
        self._bar = colors.frame("|")
        self._equals = colors.frame("=")
        self._label = colors.label
        self._source_lines = SourceLines()
        self._said: set[tuple[str, str]] = set()

    def add_to(self, lines: list[str], finding: Finding) -> None:
        """Add the source line, the explanations and an empty line."""
        region = finding.region
        blank = "   " if region is None else "  " + " " * len(str(region.line))
        path = finding.path
        source = self._sources.get(path)
        if region and source:
            self._add_source(lines, finding, region, self._source_lines.get(source, region.line), blank)
        key = (path, finding.code)
        if finding.why and (self._verbose or key not in self._said):
            self._said.add(key)
            lines += self._remark(blank, "why", finding.why)
        for related in finding.related:
            see, text = related_parts(related)
            lines += self._fill(f"{blank}{self._equals} {see}", f"{blank}= {see}", text, len(blank) + 2)
        if finding.help:
            lines += self._remark(blank, "help", finding.help)
        if self._verbose:
            rule = f"{finding.name} at {finding.pointer}" if finding.pointer else finding.name
            lines += self._remark(blank, "rule", rule)
        lines.append("")

    def _remark(self, blank: str, label: str, text: str) -> list[str]:
        """A text below the finding, its further lines under its first word."""
        styled, bare = f"{blank}{self._equals} {self._label(label)}:", f"{blank}= {label}:"
        return self._fill(styled, bare, text, len(bare) + 1)

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
