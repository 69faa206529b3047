"""From a report to text: one module per format, imported when it is asked for.

An output takes a `Report` and gives a string. It reads no file, asks no terminal and computes no position,
and the same report gives the same string. Lines end with LF and so does the last one; where there is nothing
to say, the string is empty.

No string of a listing reaches a reader's terminal or log as anything but visible text: see
`umbmarket.output.plain`.
"""

from __future__ import annotations

import enum
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

from umbmarket.findings import Severity

if TYPE_CHECKING:
    from umbmarket.check.report import Report

DEFAULT_WIDTH = 100
"""Cells of a line of source text, gutter included, before it is cut around the place that is meant, where no width
is given."""


class Format(enum.StrEnum):
    """The formats by the names that `--format` takes."""

    TEXT = "text"
    CONCISE = "concise"
    MSBUILD = "msbuild"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"


WITH_STATISTICS = (Format.TEXT, Format.CONCISE, Format.MSBUILD, Format.MARKDOWN)
"""The formats that can show how often each rule found something; the others are documents with a form of their own."""


class OutputOptions(NamedTuple):
    """How a report is shown. Each format takes what means something to it and leaves the rest.

    Attributes:
        color: style the text for a terminal (text, concise).
        quiet: only the findings, one line each, without a summary (text, concise, msbuild, github, markdown).
        verbose: say everything about each finding, however often it was said before (text).
        statistics: a table of how often each rule found something (those of `WITH_STATISTICS`).
        width: cells of a line: texts are wrapped to it, source text is cut. None where there is no terminal: nothing
            is wrapped, and source text is cut at `DEFAULT_WIDTH` (text).
        uri_prefix: path of the folder that shown paths are relative to, within the root of the git working
            tree, such as `src/Site`; empty when it is the root (sarif, github, gitlab and the links of markdown, whose
            paths start there).
        link_base: address below which a service shows the files of the repository, without a slash at its end; empty
            for no links (markdown).
        min_severity: the least severity that is shown, besides what can make the run fail; None for the format's own
            default (all).
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
    width: int | None = None
    uri_prefix: str = ""
    link_base: str = ""
    min_severity: Severity | None = None


class Renderer(Protocol):
    """What each format's module offers as `render`."""

    def __call__(self, report: Report, options: OutputOptions, /) -> str:
        """The report as text."""


class _Form(NamedTuple):
    """How a format is written.

    Attributes:
        module: of this package, which has `render`.
        min_severity: the least severity that it shows by default: people see what needs them, programs see all.
        gravest_first: within a file errors come first, then warnings, then infos. Programs get the findings in the
            order of the file, as their formats say.
    """

    module: str
    min_severity: Severity = Severity.INFO
    gravest_first: bool = False


def _for_people(module: str) -> _Form:
    return _Form(module, Severity.WARNING, gravest_first=True)


_FORMS = {
    Format.TEXT: _for_people("text"),
    Format.CONCISE: _for_people("concise"),
    Format.MSBUILD: _for_people("msbuild"),
    Format.JSON: _Form("json_v1"),
    Format.SARIF: _Form("sarif"),
    Format.GITHUB: _for_people("github"),
    Format.GITLAB: _Form("gitlab"),
    Format.JUNIT: _Form("junit"),
    Format.MARKDOWN: _for_people("markdown"),
}


def default_min_severity(format: Format) -> Severity:
    """The least severity that `format` shows where nobody said otherwise."""
    return _FORMS[format].min_severity


def renderer(format: Format) -> Renderer:
    """The function that writes `format`; only its module is imported."""
    found: Renderer = import_module(f"{__name__}.{_FORMS[format].module}").render
    return found


def render(report: Report, format: Format | str, options: OutputOptions | None = None) -> str:
    """The report in one of the formats: what is shown of it, in the format's order.

    Args:
        report: what a run found.
        format: a `Format` or its name.
        options: the defaults when None.

    Returns:
        Text with LF line ends, the last one included, or an empty string.

    Raises:
        ValueError: `format` is none of the names.
    """
    options = options or OutputOptions()
    form = _FORMS[Format(format)]
    shown = report.least(options.min_severity or form.min_severity)
    if form.gravest_first:
        shown = shown.gravest_first()
    return renderer(Format(format))(shown, options)
