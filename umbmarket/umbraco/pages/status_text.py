"""The status of a published package as one screen that a person reads at a glance: 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from umbmarket.findings import Finding, Severity
from umbmarket.nuget.feed.answers import NotFound, PackageVersions, PublishedVersion
from umbmarket.output import Format, default_min_severity
from umbmarket.output.ansi import Palette, palette
from umbmarket.output.columns import GAP, padded, wrapped
from umbmarket.output.plain import plain
from umbmarket.output.wording import counted, counts, listed
from umbmarket.umbraco.compatibility.dependencies import umbraco_dependencies
from umbmarket.umbraco.compatibility.spans import majors_text
from umbmarket.umbraco.online.api import MarketplaceRecord, NotListed
from umbmarket.umbraco.publication import Status
from umbmarket.umbraco.published_facts import Attempt
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

PAGE_WIDTH = 80
"""Cells of a line; only an address that is longer goes beyond."""

MOST_FINDINGS = 6
"""Findings that are shown, the gravest first; with `verbose` all are."""

MOST_DEPENDENCIES = 4
"""Dependencies that are shown; with `verbose` all are."""

LONGEST_VALUE = 400
"""Code points of a value that are shown."""

LONGEST_ADDRESS = 4_000
"""The same for an address, which is there to be copied: nuget.org takes no longer project URL."""

_INDENT = "  "
_LABEL_WIDTH = 11
_LOG_COMMAND_START = re.compile(r"^([ \t]*):(?=:)", re.MULTILINE)
"""What GitHub's runner would read as a command: a wrapped line may start with anything."""


def render(
    status: Status,
    *,
    color: bool = False,
    width: int = PAGE_WIDTH,
    verbose: bool = False,
    min_severity: Severity | None = None,
) -> str:
    """The page as text with LF line ends.

    Args:
        status: what was found out.
        color: style it for a terminal.
        width: cells of a line.
        verbose: show every version, dependency and finding.
        min_severity: the least severity that is shown, unless `verbose`; None for that of other texts.
    """
    least = Severity.INFO if verbose else min_severity or default_min_severity(Format.TEXT)
    lines = list(_Page(status, palette(color), width, least, verbose=verbose).lines())
    return _LOG_COMMAND_START.sub(r"\1\\x3a", "\n".join(lines)) + "\n"


class _Page:
    """Writes one status."""

    def __init__(self, status: Status, colors: Palette, width: int, least: Severity, *, verbose: bool) -> None:
        self._found = status
        self._colors = colors
        self._width = width
        self._least = least
        self._verbose = verbose

    def lines(self) -> Iterator[str]:
        latest = self._found.latest
        version = f" {latest.version.normalized}" if latest is not None else ""
        yield self._colors.label(plain(_cut(f"{self._found.package_id}{version}")))
        yield from self._versions()
        if self._found.nuspec is not None:
            yield from self._package()
            yield from self._dependencies()
        yield from self._files()
        yield from self._marketplace()
        yield from self._findings()
        yield from self._list("Could not be checked", self._found.problems)
        yield ""
        yield self._colors.label("What to do next")
        for number, step in enumerate(self._found.next_steps, 1):
            yield from self._pair(f"{number}.", step, 2)

    def _pair(self, label: str, text: str, label_width: int = _LABEL_WIDTH) -> Iterator[str]:
        """A label with its text, wrapped beside it."""
        lead = f"{_INDENT}{padded(label, label_width)}{GAP}"
        for number, line in enumerate(wrapped(_cut(text, LONGEST_ADDRESS), self._width - len(lead))):
            yield f"{lead if not number else ' ' * len(lead)}{line}".rstrip()

    def _list(self, title: str, sentences: Sequence[str]) -> Iterator[str]:
        if sentences:
            yield ""
            yield self._colors.label(title)
            for sentence in sentences:
                yield from self._pair("-", sentence, 1)

    def _versions(self) -> Iterator[str]:
        found = self._found.facts.versions
        yield from self._pair("Feed", self._found.source)
        if isinstance(found, NotFound):
            yield from self._pair("Versions", "none: the feed does not have this package")
        elif isinstance(found, PackageVersions):
            yield from self._pair("Versions", _count(found.versions))
            latest = found.latest_stable
            if latest is not None:
                date = f", published {latest.published:%Y-%m-%d}" if latest.published is not None else ""
                yield from self._pair("Latest", f"{latest.version.normalized} (listed and stable){date}")
            else:
                yield from self._pair("Latest", "no version is both listed and stable")
            if self._verbose:
                yield from self._pair("All", ", ".join(_marked(each) for each in reversed(found.versions)))
        else:
            yield from self._pair("Versions", "not known")

    def _package(self) -> Iterator[str]:
        nuspec = self._found.nuspec
        if nuspec is None:
            return
        yield from self._pair(
            "Tag", f"{MARKETPLACE_TAG}: {'yes' if self._found.tagged else 'NO, so the Marketplace does not list it'}"
        )
        yield from self._pair("Project URL", nuspec.project_url or "none")

    def _dependencies(self) -> Iterator[str]:
        facts = self._found.facts
        nuspec = facts.nuspec
        groups = [
            (group.target_framework, [(each.id, each.range or each.version) for each in group.dependencies])
            for group in (nuspec.dependency_groups if nuspec is not None else ())
        ]
        lines = [
            f"{each.id} {each.range.normalized}{_for(each.framework.short_name, any_=each.framework.is_any)}"
            for each in umbraco_dependencies(groups)
        ]
        if facts.transitive is not None:
            lines = [f"through {each.text} {each.range or '(any version)'}" for each in facts.transitive.found]
            none = "NO: not on Umbraco, not even through another package"
            unknown = "not on Umbraco as far as known: not all packages could be read"
            lines = lines or [none if facts.transitive.complete else unknown]
        shown = lines if self._verbose else lines[:MOST_DEPENDENCIES]
        for number, line in enumerate(shown):
            yield from self._pair("Depends on" if not number else "", line)
        if len(lines) > len(shown):
            yield from self._pair("", f"and {len(lines) - len(shown)} more; -v shows all")
        supported = facts.supported
        if supported is not None:
            capped = "; cut off below 14" if supported.capped else ""
            versions = counted(self._found.described_versions, "listed stable version")
            yield from self._pair(
                "Umbraco", f"{supported.text} (estimate over {versions}, mode {supported.mode}{capped})"
            )

    def _files(self) -> Iterator[str]:
        placement = self._found.facts.placement
        if placement is None:
            return
        if placement.reason:
            yield from self._pair("Placement", placement.reason)
        for kind, label in (("listing", "Listing"), ("readme", "Readme")):
            tried = self._found.facts.tried("listing" if kind == "listing" else "readme")
            if tried:
                yield from self._pair(label, f"in {_folder(tried[0])}")
            for attempt in tried:
                yield from self._pair("", _answer(attempt))
            if kind == "readme" and not any(attempt.result == "found" for attempt in tried):
                nuspec = self._found.nuspec
                packed = nuspec.readme if nuspec is not None else None
                text = f"the one in the package: {_cut(packed)}" if packed else "the package has none either"
                yield from self._pair(label if not tried else "", text)

    def _marketplace(self) -> Iterator[str]:
        record = self._found.facts.record
        if isinstance(record, MarketplaceRecord):
            parts = [
                f"version {record.latest_version}" if record.latest_version else "",
                f"Umbraco {majors_text(record.majors)}" if record.majors is not None else "",
                f"category {record.category}" if record.category else "",
                f"licence {', '.join(record.license_types)}" if record.license_types else "",
                f"published {record.last_published:%Y-%m-%d %H:%M}" if record.last_published is not None else "",
            ]
            told = ", ".join(_cut(part) for part in parts if part)
            yield from self._pair("Marketplace", f"listed{': ' if told else ''}{told}")
        elif isinstance(record, NotListed):
            yield from self._pair("Marketplace", "not listed")
        else:
            yield from self._pair("Marketplace", "not known")

    def _findings(self) -> Iterator[str]:
        report = self._found.report.least(self._least)
        findings = sorted(report.findings, key=lambda finding: -finding.severity.rank)
        shown = findings if self._verbose else findings[:MOST_FINDINGS]
        left_out = [*findings[len(shown) :], *report.hidden]
        blockers = self._found.blockers
        if not shown and not left_out and not blockers:
            return
        yield ""
        yield self._colors.label("Findings")
        for blocker in blockers:
            yield from self._finding("error:", self._colors.error("error:"), blocker.removesuffix("."))
        for finding in shown:
            lead = f"{finding.severity.value}[{finding.code}]"
            yield from self._finding(lead, self._colors.severity(finding.severity)(lead), _located(finding))
        if left_out:
            told = f"{listed(counts(left_out))} not shown; -v shows all"
            yield from (f"{_INDENT}{line}" for line in wrapped(told, self._width - len(_INDENT)))

    def _finding(self, lead: str, styled: str, message: str) -> Iterator[str]:
        lines = wrapped(f"{lead} {_cut(message, LONGEST_ADDRESS)}", self._width - len(_INDENT) * 2)
        for number, line in enumerate(lines):
            if not number:
                yield f"{_INDENT}{styled}{line.removeprefix(lead)}"
            else:
                yield f"{_INDENT * 2}{line}"


def _located(finding: Finding) -> str:
    place = f" (listing, line {finding.region.line})" if finding.region is not None else ""
    return f"{finding.message}{place}"


def _folder(attempt: Attempt) -> str:
    """Where an address looks: all addresses of one kind of file lie in one folder."""
    return attempt.address.url.rpartition("/")[0] + "/"


def _answer(attempt: Attempt) -> str:
    marks = {"found": "found", "missing": "missing", "web-page": "no file", "unknown": "not known"}
    return f"{marks[attempt.result]} ({attempt.answer}): {attempt.address.file_name}"


def _count(versions: Sequence[PublishedVersion]) -> str:
    """How many of which kind: `12 versions: 9 listed and stable, 2 prereleases, 1 unlisted`."""
    stable = sum(each.is_listed_stable for each in versions)
    unlisted = sum(not each.listed for each in versions)
    prereleases = len(versions) - stable - unlisted
    parts = [f"{stable} listed and stable"] if stable else []
    parts += [counted(prereleases, "prerelease")] if prereleases else []
    parts += [f"{unlisted} unlisted"] if unlisted else []
    return f"{len(versions)}: {', '.join(parts)}"


def _marked(version: PublishedVersion) -> str:
    return version.version.normalized + ("" if version.listed else " (unlisted)")


def _for(framework: str, *, any_: bool) -> str:
    return "" if any_ else f" for {framework}"


def _cut(text: str, limit: int = LONGEST_VALUE) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."
