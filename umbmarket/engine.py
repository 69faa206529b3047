"""Runs the rules over a workspace and makes a report of what they say. The only caller of rules."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase

from umbmarket.documents.text import SourceText
from umbmarket.findings import Finding, Observation
from umbmarket.report import CheckedFile, Report
from umbmarket.rules import all_rules
from umbmarket.rules.catalogue import Rule
from umbmarket.settings import Settings, codes_of, codes_of_all
from umbmarket.workspace.facts import ListingFacts
from umbmarket.workspace.workspace import Workspace


def run(workspace: Workspace, settings: Settings) -> Report:
    """Check everything in `workspace`.

    A rule that breaks is recorded in the report's `failures`; the others still run.

    Raises:
        SettingsError: a selector in `settings` names no rule.
    """
    rules = all_rules()
    wanted = codes_of_all(settings.select) if settings.select else frozenset(rules)
    run_rules = [rule for code, rule in rules.items() if code in wanted and not rule.online]
    ignores = _Ignores(settings)
    findings: list[Finding] = []
    failures: list[str] = []
    files: list[CheckedFile] = []
    sources: dict[str, SourceText] = {}
    with _no_collection():
        for facts in workspace.listings:
            listing = facts.document
            sources[listing.path] = listing.source
            found = [
                finding
                for rule in run_rules
                for finding in _apply(rule, facts, settings, failures)
                if not ignores.covers(finding)
            ]
            found.sort(key=_order)
            findings.extend(found)
            files.append(CheckedFile(listing.path, listing.kind, listing.parsed, facts.schema_valid))
    return Report(
        tuple(files),
        tuple(findings),
        ignores.suppressed,
        settings.fail_on,
        tuple(ignores.unused(settings)) if files else (),
        tuple(failures),
        sources,
    )


def _apply(rule: Rule, facts: ListingFacts, settings: Settings, failures: list[str]) -> Iterator[Finding]:
    try:
        for observation in rule.check(facts):
            yield _finding(rule, observation, facts, settings)
    except Exception as error:  # noqa: BLE001 - a broken rule must not hide what the others found
        failures.append(f"{rule.code} broke on {facts.document.path}: {type(error).__name__}: {error}")


def _finding(rule: Rule, observation: Observation, facts: ListingFacts, settings: Settings) -> Finding:
    document = observation.document or facts.document
    severity = settings.severity.get(rule.code) or observation.severity or rule.severity
    place = observation.place
    path = f"{document.path}!/{place.member}" if place.member else document.path
    return Finding(
        rule.code,
        rule.slug,
        severity,
        observation.message,
        path,
        place.pointer,
        document.locate(place),
        rule.why,
        observation.help,
        observation.args,
        observation.fixes,
    )


def _order(finding: Finding) -> tuple[int, int, str, str]:
    region = finding.region
    return (region.start, region.end, finding.code, finding.message) if region else (-1, -1, finding.code, finding.message)


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
        self._used: set[tuple[str | None, str]] = set()

    def covers(self, finding: Finding) -> bool:
        hits: list[tuple[str | None, str]] = [
            (None, selector) for selector, codes in self._everywhere.items() if finding.code in codes
        ]
        hits += [
            (glob, selector)
            for glob, selector, codes in self._in_files
            if finding.code in codes and matches(finding.path, glob)
        ]
        if not hits:
            return False
        self._used.update(hits)
        self.suppressed += 1
        return True

    def unused(self, settings: Settings) -> Iterator[str]:
        """One line for each ignore of the settings file that ignored nothing in this run."""
        if settings.source is None:
            return
        for selector in settings.ignore:
            if (None, selector) not in self._used:
                yield f'{settings.source}: nothing was found for ignore "{selector}"; it can be removed'
        for glob, selector, _ in self._in_files:
            if (glob, selector) not in self._used:
                yield f'{settings.source}: nothing was found for "{selector}" in "{glob}"; it can be removed'


def matches(path: str, glob: str) -> bool:
    """Whether the shown path, or its last part where the glob has no slash, matches `glob` (`*` crosses slashes)."""
    return fnmatchcase(path, glob) or ("/" not in glob and fnmatchcase(path.rpartition("/")[2], glob))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes many small objects and no cycles worth collecting; the collector would only visit them again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def codes_with_findings(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each code has, most first, then by code: what `--statistics` shows."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
