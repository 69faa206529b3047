"""Lines that several outputs share: a finding's first, the table of counts, the summary."""

from __future__ import annotations

from collections import Counter

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Related
from umbmarket.output.ansi import NO_COLOR, Palette
from umbmarket.output.plain import plain, plain_path


class Headlines:
    """Writes the first lines of findings: `path:line:column severity[CODE] message`.

    Where the file as a whole is meant there are no numbers.
    """

    def __init__(self, colors: Palette = NO_COLOR, mark: str = "") -> None:
        """`mark` stands right after the place, such as the colon that compilers write."""
        self._colors = colors
        self._after = f"{colors.path.off}{mark} "
        self._path: str | None = None
        self._shown_path = ""
        self._weights: dict[tuple[str, str], str] = {}

    def of(self, finding: Finding) -> str:
        """The first line of `finding`."""
        if finding.path != self._path:
            self._path, self._shown_path = finding.path, self._colors.path.on + plain_path(finding.path)
        region = finding.region
        place = f":{region.line}:{region.column}" if region else ""
        return f"{self._shown_path}{place}{self._after}{self._weight(finding)} {plain(finding.message)}"

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


def summary_line(report: Report) -> str:
    """What was found in how much: `2 errors, 1 warning in 1 listing (3 suppressed)`."""
    errors, warnings, infos, suppressed, _, capped = report.summary
    numbers = ((errors, "error"), (warnings, "warning"), (infos, "info"))
    found = ", ".join(counted(number, noun) for number, noun in numbers if number) or "No findings"
    kinds = Counter(plain(file.kind) for file in report.files)
    looked_at = listed([counted(number, kind) for kind, number in kinds.items()])
    left_out = ((suppressed, "suppressed"), (capped, "more not shown"))
    hidden = ", ".join(f"{number} {why}" for number, why in left_out if number)
    return f"{found} in {looked_at or 'no file'}{f' ({hidden})' if hidden else ''}"


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def related_line(related: Related) -> str:
    """`see path:line:column: what stands there`, on one line."""
    place = f":{related.region.line}:{related.region.column}" if related.region else ""
    return f"see {plain_path(related.path)}{place}: {plain(related.message)}"


def summary_lines(report: Report) -> list[str]:
    """The summary, and what was not looked at."""
    return [summary_line(report), *map(plain, report.remarks)]


def statistics_lines(report: Report) -> list[str]:
    """A table of count, code and name, the most frequent first."""
    from umbmarket.check.engine import codes_with_findings

    counts = codes_with_findings(report.findings)
    names = {finding.code: finding.name for finding in report.findings}
    digits = len(str(max(counts.values(), default=0)))
    return [f"{count:>{digits}}  {plain(code)}  {plain(names[code])}" for code, count in counts.items()]
