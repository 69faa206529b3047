"""Runs the rules over what the marketplaces gathered and makes a report of what they say. The only caller of rules."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, Protocol, TypeAlias

from umbmarket.check.catalogue import Catalogue, Rule
from umbmarket.check.policies import Policies
from umbmarket.check.report import CheckedFile, Report
from umbmarket.check.selection import Selection
from umbmarket.findings import Document, Finding, Observation, Place, Region, Related, RelatedPlace, Source
from umbmarket.settings.options import Settings, SettingsError

MOST_ALIKE = 100
"""Findings of one rule in one file that a report holds; the others are counted. A file of 1 MiB can hold 150,000
repeated keys: nobody reads them, and a report of them would be 58 MB long."""


class Facts(Protocol):
    """What rules are called for: a document and what is known about it.

    May have `copies`, further documents that are equal to it byte by byte: what is found in it holds for them too.
    """

    @property
    def document(self) -> Document | None:
        """What the observations are about, unless one says otherwise; None for facts about the run as a whole."""


class Origin(NamedTuple):
    """Where something stands that a rule names in terms of a document which is no file of its own.

    Attributes:
        document: the file.
        place: in it.
        related: further places for a reader; findings that are alike there are told once, with the places of all.
        note: the end of the message, such as that nothing is written there yet; or empty.
        note_on: a text without which a message does without the note.
    """

    document: Document
    place: Place
    related: tuple[RelatedPlace, ...] = ()
    note: str = ""
    note_on: str = ""


Origins: TypeAlias = Callable[[Document, Place], Origin | None]
"""Tells where a place of a document really stands; None for right there."""


class Gathered(NamedTuple):
    """What one marketplace found out about what the user handed in.

    Attributes:
        catalogue: its rules.
        facts: what they are called for, in the order of the report. The name of the class decides which rules are.
        files: the files that were looked at.
        online: the network was asked for what the online rules need; they run only then.
        notes: remarks on the run, such as what could not be checked and why.
        remarks: what was not looked at, as lines that belong to the summary.
        origins: where places of its documents really stand; None where each stands where it is.
    """

    catalogue: Catalogue
    facts: Sequence[Facts]
    files: Sequence[CheckedFile] = ()
    online: bool = False
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    origins: Origins | None = None


def run(gathered: Sequence[Gathered], settings: Settings | Policies) -> Report:
    """Check everything that was gathered.

    A rule that breaks is recorded in the report's `failures`; the others still run.

    Args:
        gathered: what each marketplace found out.
        settings: which rules count and when the run fails, for all files or for each.

    Raises:
        SettingsError: a selector in `settings` names no rule.
    """
    if isinstance(settings, Settings):
        settings = Policies(settings, [each.catalogue for each in gathered])
    collector = _Collector(settings)
    selection = collector.selection
    for each in gathered:
        subjects = {type(facts).__name__ for facts in each.facts}
        rules = each.catalogue.rules_for(subjects)
        collector.origins = each.origins
        collector.look_at(each.facts, [rule for rule in rules if selection.runs(rule, online=each.online)])
    return collector.report(gathered)


def _with_copies(observation: Observation, copies: Sequence[Document]) -> Observation:
    """An observation about a document of which there are copies, byte by byte: told once, and mended in all."""
    paths = tuple(copy.path for copy in copies)
    related = tuple(RelatedPlace(copy, observation.place, "this file is the same, byte by byte") for copy in copies)
    fixes = tuple(fix._replace(also=paths) if fix.file is None else fix for fix in observation.fixes)
    return observation._replace(related=(*observation.related, *related), fixes=fixes)


class _Asked(NamedTuple):
    """Facts that rules are called for.

    Attributes:
        facts: the facts.
        document: what they are about.
        copies: documents that are equal to it byte by byte.
        found: what was found for these facts, by file; the order of the facts is that of the report.
    """

    facts: Facts
    document: Document | None
    copies: Sequence[Document]
    found: dict[str, list[Finding]]


class _Told(NamedTuple):
    """A finding about a value that several documents may be made of.

    Attributes:
        findings: the list that it is in.
        at: its place in the list.
        made: which document it was found in.
    """

    findings: list[Finding]
    at: int
    made: int

    def says(self, observation: Observation, made: int) -> bool:
        """Whether it says the same: in the same words, or of another document with the same way out."""
        finding = self.findings[self.at]
        if finding.message == observation.message:
            return True
        return self.made != made and bool(finding.help) and finding.help == observation.help

    def add(self, related: tuple[Related, ...]) -> None:
        """Add further places to it."""
        finding = self.findings[self.at]
        more = tuple(each for each in related if each not in finding.related)
        self.findings[self.at] = finding._replace(related=finding.related + more)


class _Collector:
    """Runs rules and keeps what counts of what they say."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self.selection = policies.selection
        self.failures: list[str] = []
        self.sources: dict[str, Source] = {}
        self.found: list[dict[str, list[Finding]]] = []
        self.rules: dict[str, Rule] = {}
        self.alike: dict[tuple[str, str], int] = {}
        self.origins: Origins | None = None
        self.shared: dict[tuple[str, str, Region | None], list[_Told]] = {}

    def look_at(self, all_facts: Iterable[Facts], rules: Iterable[Rule]) -> None:
        """Ask rule by rule: a processor that stays within one rule is a sixth faster than one that changes it."""
        asked: dict[str, list[_Asked]] = {}
        for facts in all_facts:
            document = facts.document
            found: dict[str, list[Finding]] = {} if document is None else {document.path: []}
            self.found.append(found)
            asked.setdefault(type(facts).__name__, []).append(
                _Asked(facts, document, getattr(facts, "copies", ()), found)
            )
        for rule in rules:
            for facts, document, copies, found in asked[rule.subject]:
                try:
                    for observation in rule.check(facts):
                        if copies and observation.document in (None, document):
                            observation = _with_copies(observation, copies)
                        self._keep(rule, observation, observation.document or document, found)
                except SettingsError:
                    raise
                except Exception as error:  # noqa: BLE001 - a broken rule must not hide what the others found
                    path = (document.path if document is not None else "") or "the run"
                    self.failures.append(f"{rule.code} broke on {path}: {type(error).__name__}: {error}")

    def _keep(
        self, rule: Rule, observation: Observation, document: Document | None, found: dict[str, list[Finding]]
    ) -> None:
        origin = (
            self.origins(document, observation.place) if self.origins is not None and document is not None else None
        )
        made = id(document)
        if origin is not None:
            document = origin.document
            observation = observation._replace(
                place=origin.place,
                message=observation.message + (origin.note if origin.note_on in observation.message else ""),
                related=(*observation.related, *origin.related),
            )
        file = document.path if document is not None else ""
        policy = self.policies.of(file)
        if rule.always == "marked" and not observation.always and not policy.selection.selects(rule):
            return
        if not self.policies.wants(rule, policy) or policy.ignores(rule.code, file):
            return
        place = observation.place
        shared = None
        if origin is not None:
            shared = self.shared.setdefault((rule.code, file, origin.document.locate(place)), [])
            told = next((each for each in shared if each.says(observation, made)), None)
            if told is not None:
                told.add(tuple(map(self._related, observation.related)))
                return
        key = (rule.code, file)
        self.alike[key] = self.alike.get(key, 0) + 1
        if self.alike[key] > MOST_ALIKE:
            return
        member = region = source = None
        if document is not None:
            member, region = document.member_of(place), document.locate(place)
            source = document.source_of(place)
        finding = Finding(
            rule.code,
            rule.slug,
            policy.selection.severity.get(rule.code) or observation.severity or rule.severity,
            observation.message,
            file,
            member,
            place.pointer,
            region,
            rule.why,
            observation.help,
            observation.args,
            observation.fixes,
            tuple(map(self._related, observation.related)) if observation.related else (),
            rule.estimate if observation.estimate is None else observation.estimate,
        )
        if source is not None:
            self.sources[finding.path] = source
        self.rules[rule.code] = rule
        findings = found.setdefault(file, [])
        if shared is not None:
            shared.append(_Told(findings, len(findings), made))
        findings.append(finding)

    def _related(self, related: RelatedPlace) -> Related:
        document, place = related.document, related.place
        origin = self.origins(document, place) if self.origins is not None else None
        if origin is not None:
            document, place = origin.document, origin.place
        found = Related(document.path, document.member_of(place), document.locate(place), related.message)
        source = document.source_of(place)
        if source is not None:
            self.sources[found.path] = source
        return found

    def _notes(self, gathered: Sequence[Gathered]) -> Iterator[str]:
        yield from self.selection.notes
        if self.selection.wanted is not None and not _ran(gathered, self.selection):
            yield f"none of the selected rules ran: {_why_none_ran(gathered, self.selection.wanted)}"
        capped = [(file, code, number) for (code, file), number in self.alike.items() if number > MOST_ALIKE]
        order = [file for found in self.found for file in found] if capped else []
        for file, code, number in sorted(capped, key=lambda each: order.index(each[0])):
            yield f"{file}: {number - MOST_ALIKE:,} more findings of {code} are not shown"
        for each in gathered:
            yield from each.notes
        for policy in self.policies:
            if policy.has_ignores:
                yield from policy.unused(_ran(gathered, policy.selection))

    def report(self, gathered: Sequence[Gathered]) -> Report:
        by_file: dict[str, list[Finding]] = {}
        for found in self.found:
            for file, findings in found.items():
                by_file.setdefault(file, []).extend(findings)
        for findings in by_file.values():
            findings.sort(key=_order)
        files = tuple(file for each in gathered for file in each.files)
        fail_on = self.policies.own.settings.fail_on
        others = {file: self.policies.of(file).settings.fail_on for file in by_file}
        return Report(
            files,
            tuple(chain.from_iterable(by_file.values())),
            sum(policy.suppressed for policy in self.policies),
            fail_on,
            tuple(self._notes(gathered)) if files else self.selection.notes,
            tuple(self.failures),
            self.sources,
            self.rules,
            sum(max(number - MOST_ALIKE, 0) for number in self.alike.values()),
            tuple(chain.from_iterable(each.remarks for each in gathered)),
            fail_on_in={file: other for file, other in others.items() if other is not fail_on},
        )


def _ran(gathered: Sequence[Gathered], selection: Selection) -> frozenset[str]:
    """Codes of the selected rules that could run, whether or not there was anything that they are called for."""
    return frozenset(
        code
        for each in gathered
        for code, rule in each.catalogue.rules.items()
        if selection.runs(rule, online=each.online) and (selection.wanted is None or code in selection.wanted)
    )


def _why_none_ran(gathered: Sequence[Gathered], wanted: Collection[str]) -> str:
    here = [rule for each in gathered for code, rule in each.catalogue.rules.items() if code in wanted]
    if not here:
        return "they are for another marketplace, of which no file was found"
    if any(rule.online for rule in here):
        return "they need --online"
    return "rules in preview run only if they are named by their full code or name"


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    """The order within one file: the file as a whole first, then by position; members of an archive one by one."""
    member, region = finding.member, finding.region
    start, end = (region.start, region.end) if region else (-1, -1)
    return "" if member is None else f"/{member}", start, end, finding.code, finding.message


def codes_with_findings(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each code has, most first, then by code: what `--statistics` shows."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
