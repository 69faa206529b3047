"""A table in GitHub's Markdown, for the summary of a workflow's step or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from umbmarket.check.report import Report
from umbmarket.findings import Finding, Region
from umbmarket.output import OutputOptions
from umbmarket.output.locations import Places, from_root, is_absolute, message_of, uri_of
from umbmarket.output.plain import plain
from umbmarket.output.wording import related_parts, summary_line, summary_lines

LARGEST = 1024 * 1024
"""Bytes of the summary of a step that GitHub takes (GitHub documentation, "Adding a job summary"); a larger one is
refused whole."""

_RESERVED = 1024
"""Bytes that are kept free for the line that says what was cut."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&!]|(?<=[A-Za-z])://|(?<=\b[Ww]{3})\.")
"""What Markdown, its tables, its links and its formulas are made of."""

_MENTION = re.compile(r"[@#](?=\w)")
"""What GitHub and GitLab link to a person, a team or an issue, and tell them of it."""

_OPENING = re.compile(r"[-#+>=]|[0-9]+(?=[.)])")
"""What would make something else of a line than a paragraph."""

_BREAK = "<!-- -->"
"""Nothing, between a mark and its name: Markdown has no escape for a mention."""

_HEAD = ("| | where | what |\n", "|---|---|---|\n")


def render(report: Report, options: OutputOptions) -> str:
    """A heading with the counts, a row for each finding, and what was not looked at.

    Files are linked to where `link_base` says, to the line. What does not fit into `LARGEST` is counted instead. With
    `quiet` there is only the table.
    """
    before = [] if options.quiet else [f"### {_text(f'umbmarket: {summary_line(report)}')}\n", "\n"]
    after = list(_after(report, options))
    rows = _rows(report, options)
    room = LARGEST - _RESERVED - sum(map(_size, (*before, *_HEAD, *after)))
    kept = _fitting(rows, room)
    lines = [*before]
    if rows:
        lines += [*_HEAD, *kept]
    if len(kept) < len(rows):
        number = f"{len(rows) - len(kept):,}"
        lines += ["\n", f"{number} more findings do not fit here; the log and the other formats have them.\n"]
    text = "".join([*lines, *after])
    return text if _size(text) <= LARGEST else _without_rest([*lines], after)


def _without_rest(lines: list[str], after: list[str]) -> str:
    """The text where even what follows the table is too much: the first lines of it."""
    kept = _fitting(after, LARGEST - _RESERVED - sum(map(_size, lines)))
    return "".join([*lines, *kept])


def _rows(report: Report, options: OutputOptions) -> list[str]:
    places = Places(report, options.uri_prefix)
    return [
        f"| {finding.severity.value} | {_where(finding, places, options)} | {_what(finding)} |\n"
        for finding in report.findings
    ]


def _where(finding: Finding, places: Places, options: OutputOptions) -> str:
    """The place, linked where it lies in the repository; of a finding in a package, the place that stands for it."""
    shown = _place(finding.path, finding.region)
    instead = places.instead(finding)
    if instead is not None:
        return (
            f"{_linked(_place(instead.path, instead.region), instead.file, instead.region, options)}<br>{_text(shown)}"
        )
    if not places.is_in_repository(finding.file, finding.member):
        return _text(shown)
    return _linked(shown, finding.file, finding.region, options)


def _place(path: str, region: Region | None) -> str:
    return f"{path}:{region.line}:{region.column}" if region else path


def _linked(shown: str, file: str, region: Region | None, options: OutputOptions) -> str:
    path = from_root(file, options.uri_prefix)
    if not options.link_base or is_absolute(path):
        return _text(shown)
    lines = f"#L{region.line}" if region else ""
    if region and region.end_line > region.line:
        lines += f"-L{region.end_line}"
    target = uri_of(path).replace("(", "%28").replace(")", "%29")
    return f"[{_text(shown)}]({options.link_base}/{target}{lines})"


def _what(finding: Finding) -> str:
    code = _text(finding.code).strip()
    parts = [f"**{code}** {_text(message_of(finding))}" if code else _text(message_of(finding))]
    parts += [_text(" ".join(related_parts(related))) for related in finding.related]
    if finding.help:
        parts.append(f"help: {_text(finding.help)}")
    return "<br>".join(parts)


def _after(report: Report, options: OutputOptions) -> Iterator[str]:
    """What follows the table, each paragraph with an empty line before it."""
    if options.statistics:
        from umbmarket.output.wording import statistics_rows

        rows = statistics_rows(report)
        if rows:
            yield "\n| findings | rule | name |\n|---:|---|---|\n"
            yield from (f"| {count} | {_text(code)} | {_text(name)} |\n" for count, code, name in rows)
    if not options.quiet:
        # The first is the heading, and the empty ones stand between the others here anyway.
        yield from (f"\n{_paragraph(line)}\n" for line in summary_lines(report)[1:] if line)
    for failure in report.failures:
        yield f"\n**umbmarket itself failed:** {_text(failure)}\n"


def _text(text: str) -> str:
    """Text that means itself in Markdown: no link, no markup, no mention."""
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", plain(text))
    return _MENTION.sub(lambda match: f"{match[0]}{_BREAK}", escaped)


def _paragraph(text: str) -> str:
    """Text that is a paragraph of its own, whatever it begins with."""
    text = text.strip()
    opening = _OPENING.match(text)
    if opening is None:
        return _text(text)
    if opening[0].isdigit():
        return f"{opening[0]}\\{_text(text[opening.end() :])}"
    return f"\\{opening[0]}{_text(text[1:])}"


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "backslashreplace"))


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """The first lines that together take no more than `room` bytes."""
    kept = []
    for line in lines:
        room -= _size(line)
        if room < 0:
            break
        kept.append(line)
    return kept
