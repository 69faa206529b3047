"""What becomes of fixes: files that are written, standard input that goes on mended, or a difference that is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.report import ExitCode, Report
from umbmarket.cli import results, streams
from umbmarket.cli.program import report_failures

if TYPE_CHECKING:
    from umbmarket.check.fixing import Fixing


_CHUNK = 64 * 1024


def write(fixing: Fixing, given: tuple[str, bytes] | None) -> Report:
    """Write the mended files, and standard input mended to standard output.

    Args:
        fixing: what was mended.
        given: name and bytes of what came by standard input; None for nothing.

    Returns:
        The report on what is left.

    Raises:
        CannotWrite: a file cannot be written; then none was.
    """
    from umbmarket.disk.replacing import NotReplaced

    try:
        with streams.ending_in_order():
            fixing.write()
    except NotReplaced as problem:
        raise streams.CannotWrite(str(problem)) from None
    if given is not None:
        mended = next((each.after for each in fixing.changes if each.file is None), given[1])
        streams.write_bytes_out(chain((mended,), _rest_of(given[1])))
    return fixing.report


def _rest_of(read: bytes) -> Iterator[bytes]:
    """What is left of an input that was too long to be read: what comes back must not be shorter."""
    from umbmarket.umbraco.listing import LARGEST_LISTING

    if len(read) > LARGEST_LISTING:
        while part := sys.stdin.buffer.read(_CHUNK):
            yield part


def show_difference(fixing: Fixing, wish: results.Wish, root: Path, settings_files: Sequence[str] = ()) -> ExitCode:
    """Show what fixes would change, and how much that is.

    Args:
        fixing: what would be mended.
        wish: how results are shown.
        root: the folder that the shown paths are relative to.
        settings_files: absolute paths of the settings files that were read.

    Returns:
        1 where there is a difference.

    Raises:
        CannotWrite: it cannot be written.
    """
    from umbmarket.output.mending_lines import closing_line
    from umbmarket.output.unified_diff import unified_diff

    to_file = wish.output is not None and wish.output != results.STDOUT
    color = streams.wants_color(wish.color, to_file=to_file)
    text = "".join(unified_diff(each.path, each.before, each.after, color=color) for each in fixing.changes)
    if to_file and wish.output is not None:
        results.refuse_what_was_read(wish.output, fixing.report, root, settings_files)
        streams.write_file(Path(wish.output), text)
    elif streams.terminal_width() is None:
        streams.write_data(text)
    else:
        streams.write_text(text)
    if not wish.quiet and (fixing.report.files or fixing.report.findings):
        for remark in fixing.report.notes:
            streams.note(remark)
        streams.note(closing_line(fixing.report, written=False))
        if to_file:
            streams.note(f"the difference is in {wish.output}")
    if fixing.report.failures:
        report_failures(fixing.report.failures)
        return ExitCode.INTERNAL
    if fixing.changes:
        return ExitCode.FINDINGS
    is_empty = fixing.report.exit_code is ExitCode.NOTHING_TO_CHECK
    return ExitCode.NOTHING_TO_CHECK if is_empty else ExitCode.CLEAN
