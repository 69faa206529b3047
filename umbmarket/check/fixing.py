"""Mends what can be mended: makes fixes round by round in memory, and checks what each round made of the files.

Nothing here knows a rule or writes a file. A round takes the fixes of the report that do not overlap, looks at the
whole run as it would be with them, and goes on from there. A fix after which there is more to find is not made, and
noted; one that would break a file is told as a failure as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import gt, sub
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.check.choosing import Choice, Chosen, FixKey, all_edited
from umbmarket.check.policies import Policies
from umbmarket.check.report import CheckedFile, Fixed, Mending, Report
from umbmarket.check.validation import texts_of, validate
from umbmarket.disk.files import read_file
from umbmarket.disk.overlay import laid_over
from umbmarket.disk.replacing import Replacement, replace_all
from umbmarket.disk.shown_path import shown
from umbmarket.findings import Finding, Severity, Source, quote
from umbmarket.formats.source import SourceText
from umbmarket.git.repository import Repositories

if TYPE_CHECKING:
    from umbmarket.check.marketplace import Marketplace, OnlineOptions
    from umbmarket.check.validation import PathLike
    from umbmarket.settings.options import SettingsSource

MOST_ROUNDS = 5
"""Rounds of fixes: edits that overlap wait for the next one, and some fixes make others possible."""

MOST_TRIALS = 100
"""Runs in search of the fix that made something worse. It is a mistake of ours, and must not take forever."""

_LARGEST_TARGET = 16 * 1024 * 1024
"""Bytes of a document that a fix may edit besides the one it was found in."""

_READ = {"no": 0, "tolerant": 1, "strict": 2}


class Change(NamedTuple):
    """A document that is other than it was.

    Attributes:
        path: as shown to the user.
        file: absolute path of the file; None for the document that lies in no file.
        before: the bytes as they were read.
        after: the bytes with all fixes.
    """

    path: str
    file: str | None
    before: bytes
    after: bytes


class Fixing(NamedTuple):
    """What a run with fixes came to. Nothing is written yet.

    Attributes:
        report: what is left, with `Report.mending`.
        changes: the documents that changed, in the order in which they were edited first.
        root: absolute path of the folder that the shown paths are relative to.
    """

    report: Report
    changes: tuple[Change, ...]
    root: str

    def write(self) -> None:
        """Write all changed files, or none of them. What lies in no file is the caller's to write.

        Raises:
            NotReplaced: a file leads out of its tree by a link, cannot be written, or was changed meanwhile.
        """
        repositories = Repositories()
        replace_all(
            [
                Replacement(each.file, each.path, each.before, each.after, _tree_of(each.file, self.root, repositories))
                for each in self.changes
                if each.file is not None
            ]
        )


def _tree_of(file: str, root: str, repositories: Repositories) -> str:
    """The folder that a file must not be a link out of: its working tree, the working folder, or its own folder."""
    folder = os.path.dirname(file)
    repository = repositories.of(folder)
    if repository is not None:
        return repository.root
    below = os.path.join(root, "")
    return root if file.startswith(below) else folder


def fix(
    paths: PathLike | Iterable[PathLike],
    marketplaces: Sequence[Marketplace],
    *,
    settings: SettingsSource,
    root: Path,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
    unsafe: bool = False,
    force_exclude: bool = False,
) -> Fixing:
    """Check files as `check.validation.validate` does, and fix in memory what the selected rules have a fix for.

    Args:
        paths: as for `validate`.
        marketplaces: likewise.
        settings: likewise. Only what counts as a finding is fixed, and of the rules that run whatever is selected only
            those that are.
        root: likewise.
        stdin: likewise; it is fixed like a file.
        online: asks the network once, for the report at the end.
        unsafe: fixes that guess at what was meant are made as well.
        force_exclude: as for `validate`.

    Raises:
        SettingsError: as for `validate`.
        ValueError: a path is empty.
    """
    named = texts_of(paths)
    policies = Policies(settings, [each.catalogue for each in marketplaces], os.path.abspath(root))

    def run(contents: Mapping[str, bytes], online: OnlineOptions | None = None) -> Report:
        given = stdin
        if stdin is not None:
            given = (stdin[0], contents.get(_shown(stdin[0], root), stdin[1]))
        files = {os.path.join(root, path): data for path, data in contents.items() if path != given_path}
        with laid_over(files):
            return validate(
                named,
                marketplaces,
                settings=settings,
                root=root,
                stdin=given,
                online=online,
                force_exclude=force_exclude,
            )

    def is_wanted(finding: Finding) -> bool:
        wanted = policies.of(finding.file).selection.wanted
        return wanted is None or finding.code in wanted

    given_path = None if stdin is None else _shown(stdin[0], root)
    rounds = _Rounds(run, root, is_wanted, unsafe=unsafe)
    rounds.run_all()
    report = rounds.report if online is None else run(rounds.contents, online)
    report = replace(
        report,
        notes=(*report.notes, *rounds.left_out),
        failures=(*report.failures, *rounds.failures),
        mending=Mending(tuple(rounds.fixed), unsafe),
    )
    changes = tuple(
        Change(path, None if path == given_path else os.path.join(root, path), rounds.originals[path], data)
        for path, data in rounds.contents.items()
        if data != rounds.originals[path]
    )
    return Fixing(report, changes, os.path.abspath(root))


def _shown(name: str, root: Path) -> str:
    return shown(Path(os.path.abspath(root), name), Path(os.path.abspath(root)))


class _Rounds:
    """The rounds of one run.

    Attributes:
        report: on the files as they are now.
        contents: what the documents hold that were edited, by their shown path.
        originals: what they held when they were read.
        fixed: what was mended.
        failures: fixes that were not made, because they would have broken a file: mistakes of ours.
    """

    def __init__(
        self,
        run: Callable[[Mapping[str, bytes]], Report],
        root: Path,
        is_wanted: Callable[[Finding], bool],
        *,
        unsafe: bool,
    ) -> None:
        self.contents: dict[str, bytes] = {}
        self.originals: dict[str, bytes] = {}
        self.fixed: list[Fixed] = []
        self.failures: list[str] = []
        self.report = run({})
        self._run = run
        self._root = root
        self._is_wanted = is_wanted
        self._unsafe = unsafe
        self._passed_over: set[FixKey] = set()
        self._broken: set[FixKey] = set()
        self._left_out: dict[FixKey, str] = {}
        self._trials = 0
        self._other_sources: dict[str, Source | None] = {}

    @property
    def left_out(self) -> tuple[str, ...]:
        """One line for each fix that was not made, because more would be found after it."""
        return tuple(self._left_out.values())

    def run_all(self) -> None:
        """Fix until nothing is left to fix, or for `MOST_ROUNDS`.

        Rounds that make a file easier to read count apart: what is in it is fixed only after them.
        """
        rounds = {True: 0, False: 0}
        while rounds[True] < MOST_ROUNDS and rounds[False] < MOST_ROUNDS:
            choice = Choice(self._source_of, unsafe=self._unsafe)
            for finding in self.report.findings:
                if self._is_wanted(finding):
                    choice.add(finding, self._passed_over)
            if not choice.chosen:
                return
            made, report = self._without_harm([], choice.chosen, self.report)
            if not made:
                # What is still on offer had to be left out.
                return
            # After other fixes, what was left out may do no harm.
            self._passed_over = set(self._broken)
            self._left_out.clear()
            for path, data in all_edited(made, self._source_of).items():
                source = self._source_of(path)
                self.originals.setdefault(path, source.data if source is not None else b"")
                self.contents[path] = data
            self.fixed += map(_fixed, made)
            rounds[_some_clearer(self.report, report)] += 1
            self.report = report
            self._other_sources.clear()

    def _source_of(self, path: str) -> Source | None:
        """The text of a document as it is now."""
        known = self.report.sources.get(path)
        if known is not None:
            return known
        if path not in self._other_sources:
            data: bytes | None = self.contents.get(path)
            if data is None:
                content = read_file(os.path.join(self._root, path), _LARGEST_TARGET)
                data = None if content.problem is not None else content.data
            self._other_sources[path] = None if data is None else SourceText(data)
        return self._other_sources[path]

    def _without_harm(
        self, sure: list[Chosen], tried: list[Chosen], so_far: Report, known: Report | None = None
    ) -> tuple[list[Chosen], Report]:
        """Those of the fixes that can be made together without making anything worse, and the report with them.

        Nearly always all of them. Otherwise those of the files in question are looked at by halves, so that no fix
        that does harm hides behind others that do good. One that does harm by itself is never made; one that does harm
        only beside the others may find the next round.

        Args:
            sure: fixes that are made anyway.
            tried: the fixes to look at.
            so_far: the report with those that are made anyway.
            known: the report with all of them, where it is known.
        """
        is_last_trial = self._trials >= MOST_TRIALS
        report = known if known is not None else self._trial([*sure, *tried])
        outcome = compared(so_far, report, tried)
        if not outcome.worse and (not outcome.doubtful or len(tried) == 1 or is_last_trial):
            return [*sure, *tried], report
        if is_last_trial:
            return sure, so_far
        if len(tried) > 1:
            in_question = outcome.worse | outcome.doubtful
            suspects = [each for each in tried if not in_question.isdisjoint(each.paths)]
            if suspects and len(suspects) < len(tried):
                sure = [*sure, *(each for each in tried if in_question.isdisjoint(each.paths))]
                return self._without_harm(sure, suspects, self._trial(sure), report)
            half = len(tried) // 2
            sure, so_far = self._without_harm(sure, tried[:half], so_far)
            return self._without_harm(sure, tried[half:], so_far)
        alone = outcome if not sure else compared(self.report, self._trial(tried), tried)
        if alone.worse:
            self._pass_over(tried[0], is_broken=alone.broken)
        return sure, so_far

    def _pass_over(self, chosen: Chosen, *, is_broken: bool) -> None:
        """Never make a fix in this run: one that breaks a file is a mistake of ours."""
        self._passed_over.add(chosen.key)
        what = f"the fix {quote(chosen.fix.title)} of {chosen.finding.code}"
        path = chosen.paths[0]
        if is_broken:
            self._broken.add(chosen.key)
            self.failures.append(f"{what} would have broken {path} and was not made")
        else:
            self._left_out[chosen.key] = f"{path}: {what} was not made: more would be found after it"

    def _trial(self, fixes: Sequence[Chosen]) -> Report:
        """The report with some fixes of this round made."""
        self._trials += 1
        return self._run({**self.contents, **all_edited(fixes, self._source_of)})


def _fixed(chosen: Chosen) -> Fixed:
    finding, fix = chosen.finding, chosen.fix
    return Fixed(
        finding.code, finding.name, finding.file, finding.pointer, finding.message, fix.title, fix.safety, chosen.paths
    )


class Outcome(NamedTuple):
    """What fixes did.

    Attributes:
        worse: paths of the files that they did harm to.
        broken: some of these files are less well to read, or their schema refuses them now.
        doubtful: paths of those that have less good of them than they were made for: one may hide another's harm.
    """

    worse: frozenset[str]
    broken: bool
    doubtful: frozenset[str]


def compared(before: Report, after: Report, made: Sequence[Chosen]) -> Outcome:
    """What some fixes did to the files.

    They did harm where a file is less well to read, where its schema refuses it now, and where there is more to find:
    more errors, more errors and warnings, or more findings in all. They did what they were made for where there is
    less to find by what they mend. In a file with fewer faults as a text of its format, what is found now was there
    before and could not be seen.
    """
    files = {file.path: file for file in before.files}
    pairs = [(files[file.path], file) for file in after.files if file.path in files]
    worse = {file.path for known, file in pairs if _reads_worse(known, file)}
    worse |= {file.path for known, file in pairs if file.faults > known.faults or _is_refused_now(known, file)}
    clearer = {file.path for known, file in pairs if _is_clearer(known, file)}
    broken = any(_reads_worse(*pair) for pair in pairs) or len(after.failures) > len(before.failures)
    doubtful = set()
    edited = {path for each in made for path in each.paths}
    if len(after.failures) > len(before.failures):
        worse |= edited
    counts_before, counts_after = _counts(before.findings), _counts(after.findings)
    mended = _counts(each.finding for each in made)
    for path in counts_before.keys() | counts_after.keys():
        if path in clearer or (clearer and path not in edited):
            continue
        then, now = counts_before.get(path, _NONE), counts_after.get(path, _NONE)
        if any(map(gt, now, then)):
            worse.add(path)
        elif any(map(gt, now, map(sub, then, mended.get(path, _NONE)))):
            doubtful.add(path)
    return Outcome(frozenset(worse), broken, frozenset(doubtful))


def _some_clearer(before: Report, after: Report) -> bool:
    """Whether a file is easier to read than before."""
    files = {file.path: file for file in before.files}
    return any(file.path in files and _is_clearer(files[file.path], file) for file in after.files)


def _is_clearer(before: CheckedFile, after: CheckedFile) -> bool:
    return after.faults < before.faults or _READ[after.parsed] > _READ[before.parsed]


def _reads_worse(before: CheckedFile, after: CheckedFile) -> bool:
    # What the schema says of a file that is no JSON is about a guess at what was meant.
    is_certain = before.parsed == after.parsed == "strict"
    return _READ[after.parsed] < _READ[before.parsed] or (is_certain and _is_refused_now(before, after))


def _is_refused_now(before: CheckedFile, after: CheckedFile) -> bool:
    return before.schema_valid is True and after.schema_valid is False and not _is_clearer(before, after)


_NONE = (0, 0, 0)


def _counts(findings: Iterable[Finding]) -> dict[str, tuple[int, ...]]:
    """For each file how many errors, errors and warnings, and findings it has."""
    found: dict[str, list[int]] = {}
    for finding in findings:
        counts = found.setdefault(finding.file, list(_NONE))
        for at in range(Severity.ERROR.rank - finding.severity.rank, len(counts)):
            counts[at] += 1
    return {path: tuple(counts) for path, counts in found.items()}
