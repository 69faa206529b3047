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

if TYPE_CHECKING:
    from umbmarket.check.report import Report

DEFAULT_WIDTH = 100
"""Cells of a line of source text, gutter included, before it is cut around the place that is meant."""


class Format(enum.StrEnum):
    """The formats by the names that `--format` takes."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


class OutputOptions(NamedTuple):
    """How a report is shown. Each format takes what means something to it and leaves the rest.

    Attributes:
        color: style the text for a terminal (text, concise).
        quiet: only the findings, one line each, without a summary (text, concise, github).
        verbose: say everything about each finding, however often it was said before (text).
        statistics: a table of how often each rule found something (text, concise).
        width: cells of a line of source text, gutter included, before it is cut (text).
        uri_prefix: path of the folder that shown paths are relative to, within the root of the git working
            tree, such as `src/Site`; empty when it is the root (sarif, github, whose paths start there).
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
    width: int = DEFAULT_WIDTH
    uri_prefix: str = ""


class Renderer(Protocol):
    """What each format's module offers as `render`."""

    def __call__(self, report: Report, options: OutputOptions, /) -> str:
        """The report as text."""


_MODULES = {
    Format.TEXT: "text",
    Format.CONCISE: "concise",
    Format.JSON: "json_v1",
    Format.SARIF: "sarif",
    Format.GITHUB: "github",
    Format.JUNIT: "junit",
}


def renderer(format: Format) -> Renderer:
    """The function that writes `format`; only its module is imported."""
    found: Renderer = import_module(f"{__name__}.{_MODULES[format]}").render
    return found


def render(report: Report, format: Format | str, options: OutputOptions | None = None) -> str:
    """The report in one of the formats.

    Args:
        report: what a run found.
        format: a `Format` or its name.
        options: the defaults when None.

    Returns:
        Text with LF line ends, the last one included, or an empty string.

    Raises:
        ValueError: `format` is none of the names.
    """
    return renderer(Format(format))(report, options or OutputOptions())
