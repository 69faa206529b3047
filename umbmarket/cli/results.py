"""Shows a report: in the format asked for, where it was asked for, with the remarks on the run beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from umbmarket.check.report import Report
from umbmarket.cli import streams
from umbmarket.cli.program import report_failures
from umbmarket.findings import Severity
from umbmarket.output import Format, OutputOptions, render

_FOR_PEOPLE = (Format.TEXT, Format.CONCISE)
STDOUT = "-"
"""What `--output` names to mean standard output."""


class Wish(NamedTuple):
    """How the user wants to see the results.

    Attributes:
        format: one of the formats.
        output: the file to write; None or "-" for standard output.
        color: what `--color` says.
        quiet: no notes.
        verbose: everything.
        statistics: counts by rule.
        min_severity: the least severity to show; None for the format's own default.
        to_stderr: standard output is taken, so that standard error gets the results.
    """

    format: Format
    output: str | None
    color: str
    quiet: bool
    verbose: bool
    statistics: bool
    min_severity: Severity | None = None
    to_stderr: bool = False


def show(report: Report, wish: Wish, root: Path, settings_files: Sequence[str] = ()) -> None:
    """Write the report where `wish` says, and the remarks on the run to standard error.

    Args:
        report: what the run found.
        wish: how it is shown.
        root: the folder that the shown paths are relative to.
        settings_files: absolute paths of the settings files that were read.

    Raises:
        CannotWrite: it cannot be written.
    """
    to_file = wish.output not in (None, STDOUT)
    if wish.output is not None and to_file:
        refuse_what_was_read(wish.output, report, root, settings_files)
    for_people = wish.format in _FOR_PEOPLE
    options = OutputOptions(
        color=for_people and streams.wants_color(wish.color, to_file=to_file or wish.to_stderr),
        quiet=wish.quiet,
        verbose=wish.verbose,
        statistics=wish.statistics,
        width=None if to_file else streams.terminal_width(),
        uri_prefix="" if for_people else _place_in_repository(root),
        min_severity=wish.min_severity,
    )
    # Where nothing was checked, people must not read "nothing found"; programs get their document.
    is_empty = not (report.files or report.findings)
    text = "" if for_people and is_empty else render(report, wish.format, options)
    if wish.output is not None and to_file:
        streams.write_file(Path(wish.output), text)
    elif wish.to_stderr:
        streams.write_error(text)
    elif for_people:
        streams.write_text(text)
    else:
        streams.write_data(text)
    if not wish.quiet:
        if is_empty and report.excluded:
            are = "1 path that was named is" if report.excluded == 1 else f"{report.excluded} paths that were named are"
            streams.note(f"{are} excluded by the settings")
        for remark in report.notes:
            streams.note(remark)
        if report.mending is not None and not for_people and not is_empty:
            from umbmarket.output.mending_lines import closing_line

            streams.note(closing_line(report))
        if to_file:
            streams.note(f"the results are in {wish.output}")
    if report.failures:
        report_failures(report.failures)


def refuse_what_was_read(output: str, report: Report, root: Path, settings_files: Sequence[str] = ()) -> None:
    """Raise `CannotWrite` where the results would replace a file that was just read, under whatever name.

    Files are looked at besides those that are counted: whatever a finding stands in, or names as related, was read.
    """
    read = dict.fromkeys(file.path for file in report.files)
    for finding in report.findings:
        read.update(dict.fromkeys((finding.file, *(related.file for related in finding.related))))
    for path in (*read, *settings_files):
        try:
            is_same = os.path.samefile(output, root / path)
        except (OSError, ValueError):
            # One of the two is no file: standard input, or results that are written for the first time.
            continue
        if is_same:
            what = "a file that was just checked" if path in read else "the settings file"
            raise streams.CannotWrite(f"{output} is {what}; name another file for the results")


def _place_in_repository(root: Path) -> str:
    """The way from the root of the git working tree to `root`, with forward slashes; empty at the root."""
    for folder in (root, *root.parents):
        if os.path.lexists(folder / ".git"):
            way = root.relative_to(folder).as_posix()
            return "" if way == "." else way
    return ""
