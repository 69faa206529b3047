"""Runs the rules over a workspace and makes a report of what they say. The only caller of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain
from typing import Literal

from umbmarket.check.catalogue import Facts, Rule, Subject
from umbmarket.check.report import CheckedFile, Report
from umbmarket.findings import Document, Finding, Observation, Place
from umbmarket.formats.source import SourceText
from umbmarket.settings.options import Settings, codes_of, codes_of_all
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.readme import MarketplaceReadme
from umbmarket.umbraco.rules import all_rules
from umbmarket.umbraco.workspace import Workspace


def run(workspace: Workspace, settings: Settings) -> Report:
    """Check everything in `workspace`.

    A rule that breaks is recorded in the report's `failures`; the others still run.

    Raises:
        SettingsError: a selector in `settings` names no rule.
    """
    rules = all_rules()
    wanted = codes_of_all(settings.select) if settings.select else frozenset(rules)
    ran = frozenset(code for code in wanted if workspace.online or not rules[code].online)
    by_subject: dict[Subject, list[Rule]] = {subject: [] for subject in Subject}
    for code, rule in rules.items():
        if code in ran:
            by_subject[rule.subject].append(rule)
    collector = _Collector(settings, ran)
    for listing in workspace.listings:
        collector.look_at(listing.document, listing, by_subject[Subject.LISTING])
    for package in workspace.packages:
        collector.look_at(package.document, package, by_subject[Subject.PACKAGE])
    for published in workspace.published:
        collector.look_at(published.document, published, by_subject[Subject.PUBLISHED])
    collector.look_at(None, workspace, by_subject[Subject.WORKSPACE])
    files = [
        CheckedFile(facts.document.path, "listing", facts.document.parsed, facts.schema_valid)
        for facts in workspace.listings
    ]
    files += [CheckedFile(facts.document.path, "package", _parsed(facts), None) for facts in workspace.packages]
    return collector.report(files)


def _parsed(facts: PackageFacts) -> Literal["strict", "tolerant", "no"]:
    """How well a package could be read: `tolerant` is what NuGet's own reader would refuse in part."""
    nuspec = facts.document.nuspec
    if nuspec is None or facts.document.unusable is not None:
        return "no"
    return "tolerant" if any(problem.refused_by == "client" for problem in nuspec.problems) else "strict"


class _Collector:
    """Runs rules and keeps what counts of what they say."""

    def __init__(self, settings: Settings, ran: frozenset[str]) -> None:
        self.settings = settings
        self.ran = ran
        self.ignores = _Ignores(settings)
        self.failures: list[str] = []
        self.sources: dict[str, SourceText] = {}
        self.found: dict[str, list[Finding]] = {}

    def look_at(self, document: Document | None, facts: Facts, rules: list[Rule]) -> None:
        path = document.path if document is not None else ""
        if document is not None:
            self.found.setdefault(path, [])
        for rule in rules:
            try:
                for observation in rule.check(facts):
                    self._keep(rule, observation, observation.document or document)
            except Exception as error:  # noqa: BLE001 - a broken rule must not hide what the others found
                self.failures.append(f"{rule.code} broke on {path or 'the run'}: {type(error).__name__}: {error}")

    def _keep(self, rule: Rule, observation: Observation, document: Document | None) -> None:
        place = observation.place
        own_path = document.path if document is not None else ""
        path, source = _origin(document, place)
        finding = Finding(
            rule.code,
            rule.slug,
            self.settings.severity.get(rule.code) or observation.severity or rule.severity,
            observation.message,
            path,
            place.pointer,
            document.locate(place) if document is not None else None,
            rule.why,
            observation.help,
            observation.args,
            observation.fixes,
        )
        if self.ignores.covers(finding):
            return
        if source is not None:
            self.sources[path] = source
        self.found.setdefault(own_path, []).append(finding)

    def _notes(self) -> Iterator[str]:
        if not self.ran:
            yield "none of the selected rules ran: they need --online"
        yield from self.ignores.unused(self.settings, self.ran)

    def report(self, files: list[CheckedFile]) -> Report:
        for findings in self.found.values():
            findings.sort(key=_order)
        return Report(
            tuple(files),
            tuple(chain.from_iterable(self.found.values())),
            self.ignores.suppressed,
            self.settings.fail_on,
            tuple(self._notes()) if files else (),
            tuple(self.failures),
            self.sources,
        )


def _origin(document: Document | None, place: Place) -> tuple[str, SourceText | None]:
    """The path to show for a place, with the archive member behind `!/`, and the text that it is in."""
    if document is None:
        return "", None
    if isinstance(document, Listing):
        return document.path, document.source
    if isinstance(document, MarketplaceReadme):
        # Read only when something in it is pointed at.
        return document.path, document.source if place.span is not None else None
    source: Callable[[str], SourceText | None] | None = getattr(document, "source", None)
    member = place.member
    if member is None and (place.pointer or place.span is not None):
        member = getattr(document, "nuspec_name", None)
    if member is None:
        return document.path, None
    return f"{document.path}!/{member}", source(member) if source is not None else None


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    """Whole files first, then by position; members of an archive one after the other."""
    region = finding.region
    start, end = (region.start, region.end) if region else (-1, -1)
    return finding.path, start, end, finding.code, finding.message


class _Ignores:
    """Decides which findings do not count, and remembers which ignores were of any use."""

    def __init__(self, settings: Settings) -> None:
        self.suppressed = 0
        self._everywhere = {selector: codes_of(selector) for selector in settings.ignore}
        self._in_files = [
            (glob, selector, codes_of(selector))
            for glob, selectors in settings.per_file_ignores.items()
            for selector in selectors
        ]
        self._before = f"{settings.folder}/" if settings.folder else ""
        self._used: set[tuple[str | None, str]] = set()

    def covers(self, finding: Finding) -> bool:
        if not self._everywhere and not self._in_files:
            return False
        hits: list[tuple[str | None, str]] = [
            (None, selector) for selector, codes in self._everywhere.items() if finding.code in codes
        ]
        hits += [
            (glob, selector)
            for glob, selector, codes in self._in_files
            if finding.code in codes and matches(self._before + finding.path, glob)
        ]
        if not hits:
            return False
        self._used.update(hits)
        self.suppressed += 1
        return True

    def unused(self, settings: Settings, ran: frozenset[str]) -> Iterator[str]:
        """One line for each ignore of the settings file whose rules `ran` and that ignored nothing all the same."""
        if settings.source is None:
            return
        for selector, codes in self._everywhere.items():
            if (None, selector) not in self._used and codes & ran:
                yield f'{settings.source}: ignore "{selector}" had nothing to ignore in this run'
        for glob, selector, codes in self._in_files:
            if (glob, selector) not in self._used and codes & ran:
                yield f'{settings.source}: "{selector}" had nothing to ignore in "{glob}" in this run'


def matches(path: str, glob: str) -> bool:
    """Whether `path`, or its last part where the glob has no slash, matches `glob` (`*` crosses slashes)."""
    return fnmatchcase(path, glob) or ("/" not in glob and fnmatchcase(path.rpartition("/")[2], glob))


def codes_with_findings(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each code has, most first, then by code: what `--statistics` shows."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
