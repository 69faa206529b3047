"""Lines that several outputs share: a finding's first, the table of counts, the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Related, Severity
from umbmarket.output.ansi import NO_COLOR, Palette
from umbmarket.output.plain import plain, plain_path


class Headlines:
    """Writes the first lines of findings: `path:line:column severity[CODE] message`.

    Where the file as a whole is meant there are no numbers.
    """

    def __init__(self, colors: Palette = NO_COLOR) -> None:
        """`colors`: the styles to use."""
        self._colors = colors
        self._after = f"{colors.path.off} "
        self._path: str | None = None
        self._shown_path = ""
        self._weights: dict[tuple[str, str], str] = {}

    def of(self, finding: Finding) -> str:
        """The first line of `finding`."""
        return f"{self.lead(finding)} {plain(finding.message)}"

    def lead(self, finding: Finding) -> str:
        """What stands before the message: the place, the severity and the code."""
        path = finding.path
        if path != self._path:
            self._path, self._shown_path = path, self._colors.path.on + plain_path(path)
        region = finding.region
        place = f":{region.line}:{region.column}" if region else ""
        return f"{self._shown_path}{place}{self._after}{self._weight(finding)}"

    def _weight(self, finding: Finding) -> str:
        """`error[UMB104]`, of which there are few."""
        key = (finding.severity, finding.code)
        if key not in self._weights:
            style = self._colors.severity(finding.severity)
            self._weights[key] = style(f"{finding.severity.value}[{plain(finding.code)}]")
        return self._weights[key]


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "suggestion"}
"""What findings are called where they are counted."""


def counts(findings: Iterable[Finding]) -> list[str]:
    """How many of which severity, the gravest first: `2 errors`, `1 suggestion`."""
    numbers = Counter(finding.severity for finding in findings)
    return [counted(numbers[severity], noun) for severity, noun in _NOUNS.items() if numbers[severity]]


def summary_line(report: Report) -> str:
    """What is shown of how much: `2 errors, 1 warning in 1 listing (3 suppressed)`."""
    suppressed, capped = report.suppressed, report.capped
    found = ", ".join(counts(report.findings)) or _nothing(report)
    kinds = Counter(plain(file.kind) for file in report.files)
    looked_at = listed([counted(number, kind) for kind, number in kinds.items()])
    left_out = ((suppressed, "suppressed"), (capped, "more not shown"))
    hidden = ", ".join(f"{number} {why}" for number, why in left_out if number)
    return f"{found} in {looked_at or 'no file'}{f' ({hidden})' if hidden else ''}"


def _nothing(report: Report) -> str:
    """What to say where no finding is shown."""
    hidden = {finding.severity for finding in report.hidden}
    if not hidden:
        return "No findings"
    return "No errors" if Severity.WARNING in hidden else "No errors or warnings"


def hidden_line(report: Report) -> str | None:
    """What is not shown, and how to see it: `3 suggestions, --min-severity info shows them`; None for nothing."""
    if not report.hidden:
        return None
    least = min((finding.severity for finding in report.hidden), key=lambda severity: severity.rank)
    them = "it" if len(report.hidden) == 1 else "them"
    return f"{listed(counts(report.hidden))}, --min-severity {least.value} shows {them}"


def fixable_line(report: Report) -> str | None:
    """How many findings can be fixed, and how: `2 fixable with --fix`; None for none, and for a run that fixed."""
    if report.mending is not None:
        return None
    found = [finding.fixes for finding in (*report.findings, *report.hidden) if finding.fixes]
    safe = sum(any(fix.safety == "safe" for fix in fixes) for fixes in found)
    unsafe = len(found) - safe
    if not safe:
        return f"{unsafe} fixable with --fix --unsafe-fixes" if unsafe else None
    return f"{safe} fixable with --fix{f', {unsafe} more with --unsafe-fixes' if unsafe else ''}"


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def related_line(related: Related) -> str:
    """`see path:line:column: what stands there`, on one line."""
    return " ".join(related_parts(related))


def related_parts(related: Related) -> tuple[str, str]:
    """`see path:line:column:` and what stands there."""
    place = f":{related.region.line}:{related.region.column}" if related.region else ""
    return f"see {plain_path(related.path)}{place}:", plain(related.message)


def summary_lines(report: Report) -> list[str]:
    """The summary, what is not shown, what was not looked at, and what was fixed."""
    lines = [summary_line(report), hidden_line(report), fixable_line(report), *map(plain, report.remarks)]
    if report.mending is not None:
        from umbmarket.output.mending_lines import closing_line, fixed_lines

        lines += ["", *fixed_lines(report), closing_line(report)]
    return [line for line in lines if line is not None]


def statistics_rows(report: Report) -> list[tuple[int, str, str]]:
    """Count, code and name of each rule that found something, the most frequent first; what is not shown counts."""
    from umbmarket.check.engine import codes_with_findings

    found = (*report.findings, *report.hidden)
    names = {finding.code: finding.name for finding in found}
    return [(count, code, names[code]) for code, count in codes_with_findings(found).items()]


def statistics_lines(report: Report) -> list[str]:
    """`statistics_rows` as lines."""
    rows = statistics_rows(report)
    digits = max((len(str(count)) for count, _, _ in rows), default=0)
    return [f"{count:>{digits}}  {plain(code)}  {plain(name)}" for count, code, name in rows]
