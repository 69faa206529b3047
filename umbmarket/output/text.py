"""The format for people: each finding with its source line, carets under the place, reason and way out."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.documents.text import SourceText
from umbmarket.findings import Finding, Region
from umbmarket.output import OutputOptions
from umbmarket.output.ansi import Palette, palette
from umbmarket.output.excerpt import excerpt
from umbmarket.output.plain import plain
from umbmarket.output.wording import headline, statistics_lines, summary_line
from umbmarket.report import Report


def render(report: Report, options: OutputOptions) -> str:
    """The report for people.

    The reason (`why`) belongs to the rule, not to the finding: twelve unknown keys would say the same
    sentence twelve times. So it is shown with the first finding of each code in each file, and with all of
    them when `verbose`. With `quiet` a finding is its first line alone, and a clean run says nothing.
    """
    lines: list[str] = []
    colors = palette(options.color)
    said: set[tuple[str, str]] = set()
    line_texts = _LineTexts()
    for finding in report.findings:
        lines.append(headline(finding, colors))
        if options.quiet:
            continue
        gutter = " " * (len(str(finding.region.line)) if finding.region else 1)
        source = report.sources.get(finding.path)
        if finding.region and source:
            lines += _source_lines(
                finding, finding.region, line_texts.get(source, finding.region.line), options, colors
            )
        is_new = (finding.path, finding.code) not in said
        said.add((finding.path, finding.code))
        for label, text in _explanations(finding, options.verbose, is_new):
            lines.append(f" {gutter} {colors.frame('=')} {colors.label(label)}: {plain(text)}")
        lines.append("")
    if options.statistics and report.findings:
        lines += statistics_lines(report)
        if not options.quiet:
            lines.append("")
    if report.findings or not options.quiet:
        lines.append(summary_line(report))
    return "".join(f"{line}\n" for line in lines)


def _explanations(finding: Finding, verbose: bool, is_new: bool) -> Iterator[tuple[str, str]]:
    """Label and text of the lines below a finding."""
    if finding.why and (is_new or verbose):
        yield "why", finding.why
    if finding.help:
        yield "help", finding.help
    if verbose:
        yield "rule", f"{finding.name} at {finding.pointer}" if finding.pointer else finding.name


def _source_lines(
    finding: Finding, region: Region, line: str, options: OutputOptions, colors: Palette
) -> tuple[str, str]:
    """The source line with its number, and the carets below it."""
    number = str(region.line)
    start = max(region.column - 1, 0)
    end = region.end_column - 1 if region.end_line == region.line else len(line)
    shown = excerpt(line, start, end, options.width - len(number) - 4)
    bar = colors.frame("|")
    source = (
        f" {colors.frame(number)} {bar} {shown.source}" if shown.source else f" {colors.frame(number)} {bar}"
    )
    carets = colors.severity(finding.severity)("^" * shown.carets + _extent(region))
    return source, f" {' ' * len(number)} {bar} {' ' * shown.indent}{carets}"


def _extent(region: Region) -> str:
    """How far a region goes beyond its first line; one that ends with a line break has not left that line."""
    if region.end_column > 1:
        line, column = region.end_line, region.end_column - 1
        return f" to line {line}, column {column}" if line > region.line else ""
    line = region.end_line - 1
    return f" to the end of line {line}" if line > region.line else ""


class _LineTexts:
    """The line that was asked for last: a minified listing has all its findings on one line of a megabyte."""

    def __init__(self) -> None:
        self._key: tuple[int, int] | None = None
        self._text = ""

    def get(self, source: SourceText, number: int) -> str:
        """The text of line `number` of `source`, which must live as long as this object is used."""
        key = (id(source), number)
        if key != self._key:
            self._key, self._text = key, source.line(number)
        return self._text
