"""What was fixed, in words: the lines at the end of a report for people, and the one line for everyone else."""

from __future__ import annotations

from collections import Counter

from umbmarket.check.report import Report
from umbmarket.output.plain import plain, plain_path


def fixed_lines(report: Report) -> list[str]:
    """What was done to each file, one line for each kind of fix, and an empty line behind each file."""
    lines: list[str] = []
    if report.mending is None:
        return lines
    for path in report.mending.files:
        lines.append(f"Fixed in {plain_path(path)}:")
        done = Counter((each.code, each.title) for each in report.mending.fixed if path in each.edited)
        for (code, title), times in done.items():
            lines.append(f"  {plain(code)} {plain(title)}{f' ({times} times)' if times > 1 else ''}")
        lines.append("")
    return lines


def closing_line(report: Report, *, written: bool = True) -> str:
    """`Fixed 7 findings in 2 files, 3 left (1 needs --unsafe-fixes)`; empty for a run that was not to fix anything.

    Args:
        report: on what is left.
        written: the files are changed; else the line says what would be.
    """
    mending = report.mending
    if mending is None:
        return ""
    left = len(report.findings) + len(report.hidden) + report.capped
    number = len(mending.fixed)
    if not number and not left:
        return "Nothing to fix"
    files = len(mending.files)
    what = f"{_counted(number, 'finding')} in {_counted(files, 'file')}" if number else "nothing"
    rest = f"{left or 'none'} {'left' if written or not number else 'would be left'}"
    return f"{'Fixed' if written else 'Would fix'} {what}, {rest}{_waiting(report)}"


def _waiting(report: Report) -> str:
    """How many of the findings that are left have a fix that was not asked for."""
    if report.mending is None or report.mending.unsafe:
        return ""
    number = sum(
        bool(finding.fixes) and all(fix.safety == "unsafe" for fix in finding.fixes)
        for finding in (*report.findings, *report.hidden)
    )
    return f" ({number} {'needs' if number == 1 else 'need'} --unsafe-fixes)" if number else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
