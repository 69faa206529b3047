"""Lines that several outputs share: a finding's first, the counts at the end, remarks on the run itself."""

from __future__ import annotations

from umbmarket.findings import Finding
from umbmarket.output.ansi import Palette
from umbmarket.output.plain import plain, plain_path
from umbmarket.report import Report


def headline(finding: Finding, colors: Palette, mark: str = "") -> str:
    """`path:line:column severity[CODE] message`; without the numbers where the file as a whole is meant.

    Args:
        finding: what to show.
        colors: the styles of its parts.
        mark: stands right after the place, such as the colon that compilers write.
    """
    where = plain_path(finding.path)
    if region := finding.region:
        where = f"{where}:{region.line}:{region.column}"
    weight = colors.severity(finding.severity)(f"{finding.severity}[{plain(finding.code)}]")
    return f"{colors.path(where)}{mark} {weight} {plain(finding.message)}"


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def summary_line(report: Report) -> str:
    """What was found in how much: `2 errors, 1 warning in 1 listing (3 suppressed)`."""
    errors, warnings, infos, suppressed, _ = report.summary
    numbers = ((errors, "error"), (warnings, "warning"), (infos, "info"))
    found = ", ".join(counted(number, noun) for number, noun in numbers if number) or "No findings"
    kinds = [file.kind for file in report.files]
    looked_at = " and ".join(
        counted(kinds.count(kind), kind) for kind in ("listing", "package") if kind in kinds
    )
    hidden = f" ({suppressed} suppressed)" if suppressed else ""
    return f"{found} in {looked_at or 'no file'}{hidden}"


def statistics_lines(report: Report) -> list[str]:
    """A table of count, code and name, the most frequent first."""
    from umbmarket.engine import codes_with_findings

    counts = codes_with_findings(report.findings)
    names = {finding.code: finding.name for finding in report.findings}
    digits = len(str(max(counts.values(), default=0)))
    return [f"{count:>{digits}}  {plain(code)}  {plain(names[code])}" for code, count in counts.items()]


def remarks(report: Report) -> str:
    """What the run has to say besides its findings, for standard error: one line each, or an empty string.

    No output says these things where its reader would take them for findings, so the command line does.
    """
    lines = [f"internal failure: {plain(failure)}" for failure in report.failures]
    lines += [f"note: {plain(note)}" for note in report.notes]
    return "".join(f"{line}\n" for line in lines)
