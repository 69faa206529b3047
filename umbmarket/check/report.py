"""What a run found: which findings count, the summary and the exit code."""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal, NamedTuple

from umbmarket.check.catalogue import Rule
from umbmarket.findings import Finding, Severity, Source
from umbmarket.settings.options import FailOn


class ExitCode(enum.IntEnum):
    """What `umbmarket validate` tells its caller."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING_TO_CHECK = 3
    INTERNAL = 4


class CheckedFile(NamedTuple):
    """One file that was looked at.

    Attributes:
        path: as shown to the user.
        kind: what it is, as a noun: `listing`, `package`, or another word of its marketplace.
        parsed: how well it could be read.
        schema_valid: the published schema's verdict on a file that has one; None when nothing could be read, for files
            without a schema, and for the source of a template.
        faults: how many things are wrong with it as a text of its format, as far as they were counted.
    """

    path: str
    kind: str
    parsed: Literal["strict", "tolerant", "no"]
    schema_valid: bool | None
    faults: int = 0


class Fixed(NamedTuple):
    """A finding that was mended.

    Attributes:
        code: of the rule, and `name` its slug.
        file: path of the document, as in `Finding.file`.
        pointer: as in `Finding.pointer`, in the file as it was in that round.
        message: what was wrong.
        title: what the fix did.
        safety: whether the fix kept the file's meaning or guessed at it.
        edited: paths of the files that the fix edited.
    """

    code: str
    name: str
    file: str
    pointer: str
    message: str
    title: str
    safety: Literal["safe", "unsafe"]
    edited: tuple[str, ...]


class Mending(NamedTuple):
    """What a run that was asked to fix made of its findings; those of the report are what is left.

    Attributes:
        fixed: in the order of the rounds, and of the report within one.
        unsafe: unsafe fixes were asked for as well.
    """

    fixed: tuple[Fixed, ...]
    unsafe: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the files that are other than they were, in the order of the fixes."""
        return tuple(dict.fromkeys(path for each in self.fixed for path in each.edited))


class Summary(NamedTuple):
    """How many of what.

    Attributes:
        suppressed: findings that were there but ignored by the settings.
        capped: findings that were there but left out, because one file had too many of one rule.
        hidden: findings that are not shown, because they are below the least severity that is.
    """

    errors: int
    warnings: int
    infos: int
    suppressed: int
    files: int
    capped: int = 0
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run.

    Attributes:
        files: in the order they were named or found.
        findings: those that count, ordered by file, position and code.
        suppressed: how many the settings ignored.
        fail_on: the least severity that makes `exit_code` 1.
        notes: remarks on the run itself, such as an ignore that ignored nothing; no findings.
        failures: rules that broke, one line each: bugs of this tool.
        sources: the text behind each finding by `Finding.path`, for outputs that show source lines.
        rules: the rules that found something, by code.
        capped: how many findings were left out, see `Summary`.
        remarks: what was not looked at, as lines that belong to the summary.
        hidden: those that count but are not shown, see `least`; empty in the report that a run makes.
        mending: what was fixed before; None for a run that was not asked to fix anything.
        fail_on_in: by file, where the settings of its folder say something else than `fail_on`.
        excluded: how many paths that were named are left out, as the settings exclude them.
        by_tool: a tool named the files because they changed.
    """

    files: tuple[CheckedFile, ...]
    findings: tuple[Finding, ...]
    suppressed: int = 0
    fail_on: FailOn = FailOn.ERROR
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    capped: int = 0
    remarks: tuple[str, ...] = ()
    hidden: tuple[Finding, ...] = ()
    mending: Mending | None = None
    fail_on_in: Mapping[str, FailOn] = field(default_factory=dict)
    excluded: int = 0
    by_tool: bool = False

    @property
    def summary(self) -> Summary:
        """The counts."""
        count = Counter(finding.severity for finding in self.findings)
        return Summary(
            count[Severity.ERROR],
            count[Severity.WARNING],
            count[Severity.INFO],
            self.suppressed,
            len(self.files),
            self.capped,
            len(self.hidden),
        )

    def least(self, severity: Severity) -> "Report":
        """The report with the findings below `severity` hidden, but for those that can make the run fail.

        What comes of the run stays the same: the exit code does not depend on what is shown.
        """
        shown: list[Finding] = []
        hidden: list[Finding] = []
        for finding in self.findings:
            is_shown = finding.severity.rank >= severity.rank or self.fails(finding)
            (shown if is_shown else hidden).append(finding)
        return replace(self, findings=tuple(shown), hidden=(*self.hidden, *hidden)) if hidden else self

    def gravest_first(self) -> "Report":
        """The report with the findings of each file by severity, errors first, each in the order they have here."""
        ordered: list[Finding] = []
        for _, findings in groupby(self.findings, key=lambda finding: finding.file):
            ordered.extend(sorted(findings, key=lambda finding: -finding.severity.rank))
        return replace(self, findings=tuple(ordered))

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes the run fail, by the settings of its own file."""
        return self.fail_on_in.get(finding.file, self.fail_on).fails(finding.severity)

    @property
    def exit_code(self) -> ExitCode:
        """4 when a rule broke, 3 when there was nothing to check, 1 when a finding reaches `fail_on`, else 0.

        Files with a name that is nearly a listing's are not looked at, and yet there are findings about them. That
        every path that was named is excluded, or is for no marketplace, is no mistake where a tool names changed files.
        """
        if self.failures:
            return ExitCode.INTERNAL
        if not self.files and not self.findings and not self.hidden:
            return ExitCode.CLEAN if self.excluded or self.by_tool else ExitCode.NOTHING_TO_CHECK
        if any(map(self.fails, self.findings)):
            return ExitCode.FINDINGS
        return ExitCode.CLEAN
