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
from umbmarket.output.wording import listed

_FOR_PEOPLE = (Format.TEXT, Format.CONCISE, Format.MSBUILD)
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
        also: further formats, each with its file.
    """

    format: Format
    output: str | None
    color: str
    quiet: bool
    verbose: bool
    statistics: bool
    min_severity: Severity | None = None
    to_stderr: bool = False
    also: tuple[tuple[Format, str], ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """All files that are written."""
        own = (self.output,) if self.output is not None and self.output != STDOUT else ()
        return (*own, *(file for _, file in self.also))


def show(report: Report, wish: Wish, root: Path, settings_files: Sequence[str] = ()) -> None:
    """Write the report where `wish` says, and the remarks on the run to standard error.

    Nothing is written where one of the files was read in the run. After that each format is written, whatever becomes
    of the others.

    Args:
        report: what the run found.
        wish: how it is shown.
        root: the folder that the shown paths are relative to.
        settings_files: absolute paths of the settings files that were read.

    Raises:
        CannotWrite: some of it cannot be written; the text has a line for each.
    """
    for file in wish.files:
        refuse_what_was_read(file, report, root, settings_files)
    to_file = wish.output not in (None, STDOUT)
    for_people = wish.format in _FOR_PEOPLE
    is_empty = not (report.files or report.findings)
    problems = []
    for format_, file in wish.also:
        text = _rendered(report, format_, wish, root, to_file=True)
        try:
            streams.refuse_no_place(Path(file), makes_folders=True)
            streams.make_folder(Path(file).parent)
            streams.write_file(Path(file), text)
        except streams.CannotWrite as problem:
            problems.append(str(problem))
    text = _rendered(report, wish.format, wish, root, to_file=to_file)
    if wish.output is not None and to_file:
        try:
            streams.write_file(Path(wish.output), text)
        except streams.CannotWrite as problem:
            problems.insert(0, str(problem))
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
        elif is_empty and report.by_tool:
            streams.note("none of the files that were named is for the Marketplace")
        for remark in report.notes:
            streams.note(remark)
        if report.mending is not None and not for_people and not is_empty:
            from umbmarket.output.mending_lines import closing_line

            streams.note(closing_line(report))
        if wish.files and not problems:
            streams.note(f"the results are in {listed(list(wish.files))}")
    if report.failures:
        report_failures(report.failures)
    if problems:
        raise streams.CannotWrite(*problems)


def _rendered(report: Report, format_: Format, wish: Wish, root: Path, *, to_file: bool) -> str:
    """The report in one of the formats."""
    for_people = format_ in _FOR_PEOPLE
    if for_people and not (report.files or report.findings):
        # Where nothing was checked, people must not read "nothing found"; programs get their document.
        return ""
    options = OutputOptions(
        color=for_people and streams.wants_color(wish.color, to_file=to_file or wish.to_stderr),
        quiet=wish.quiet,
        verbose=wish.verbose,
        statistics=wish.statistics,
        width=None if to_file else streams.terminal_width(),
        uri_prefix="" if for_people else _place_in_repository(root),
        link_base=_link_base() if format_ is Format.MARKDOWN else "",
        min_severity=wish.min_severity,
    )
    return render(report, format_, options)


def _link_base() -> str:
    # Late: one format alone has links.
    from umbmarket.cli.repository_address import blob_address

    return blob_address(os.environ)


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
