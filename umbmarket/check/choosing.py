"""Which fixes of a report can be made together, and what they make of the files. Knows no rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from umbmarket.findings import Edit, Finding, Fix, Source

SourceOf = Callable[[str], Source | None]
"""Gives the text of a document by its path; None where there is none to edit."""


FixKey = tuple[str, str, str, str]
"""What tells a fix from others also after another round: code, pointer, title and file."""


class Chosen(NamedTuple):
    """A finding and the fix that is to be made for it.

    Attributes:
        finding: the finding.
        fix: one of its fixes.
        paths: the documents that the fix edits.
    """

    finding: Finding
    fix: Fix
    paths: tuple[str, ...]

    @property
    def key(self) -> FixKey:
        """What tells the fix from others."""
        return self.finding.code, self.finding.pointer, self.fix.title, self.paths[0]


class Choice:
    """Fixes that do not get into each other's way, in the order of the findings.

    Of overlapping edits the first are made; the others find the next round. Edits that only touch count as overlapping
    where one of them inserts, since nothing says which text would come first.
    """

    def __init__(self, source_of: SourceOf, *, unsafe: bool) -> None:
        """`unsafe`: fixes that guess are made as well."""
        self.chosen: list[Chosen] = []
        self._source_of = source_of
        self._unsafe = unsafe
        self._taken: dict[str, list[tuple[int, int]]] = {}
        self._closed: set[str] = set()
        self._same: set[tuple[tuple[str, ...], tuple[Edit, ...], str | None]] = set()

    def add(self, finding: Finding, passed_over: Container[FixKey] = ()) -> None:
        """Choose the best fix of a finding, unless it has to wait.

        Args:
            finding: any of the report.
            passed_over: keys of fixes that are not to be made.
        """
        fix = next((fix for fix in finding.fixes if self._unsafe or fix.safety == "safe"), None)
        if fix is None or not fix.edits or finding.member is not None:
            return
        chosen = Chosen(finding, fix, tuple(dict.fromkeys((fix.file or finding.file, *fix.also))))
        if chosen.key in passed_over or not self._can_be_made(chosen):
            return
        same = (chosen.paths, fix.edits, fix.encoding)
        if same in self._same:
            # Two findings with one way out are both gone after it.
            self.chosen.append(chosen)
        elif all(self._is_free(path, fix) for path in chosen.paths):
            self._same.add(same)
            for path in chosen.paths:
                self._take(path, fix)
            self.chosen.append(chosen)

    def _can_be_made(self, chosen: Chosen) -> bool:
        """Whether its documents can be edited, are alike where they are several, and would be other than before."""
        sources = [self._source_of(path) for path in chosen.paths]
        first = sources[0]
        if first is None or any(source is None or source.data != first.data for source in sources):
            return False
        try:
            return any(first.data[start:end] != text for start, end, text in _encoded(first, chosen.fix))
        except UnicodeEncodeError:
            return False

    def _is_free(self, path: str, fix: Fix) -> bool:
        if path in self._closed:
            return False
        taken = self._taken.get(path, [])
        if fix.encoding is not None:
            # All texts of one round are written in one encoding.
            return not taken
        return not any(_collides(edit, taken) for edit in fix.edits)

    def _take(self, path: str, fix: Fix) -> None:
        if fix.encoding is not None:
            self._closed.add(path)
        taken = self._taken.setdefault(path, [])
        taken.extend((edit.start, edit.end) for edit in fix.edits)
        taken.sort()


def _collides(edit: Edit, taken: list[tuple[int, int]]) -> bool:
    """Whether an edit overlaps with one of the `taken` ranges, which are in order and do not overlap."""
    at = bisect_left(taken, (edit.start, edit.end))
    for start, end in taken[max(at - 1, 0) : at + 1]:
        inserts = edit.start == edit.end or start == end
        if (start <= edit.end and edit.start <= end) if inserts else (start < edit.end and edit.start < end):
            return True
    return False


def edited(source: Source, fixes: Iterable[Chosen]) -> bytes:
    """The bytes of a document after some fixes, which do not overlap; outside of their edits nothing changes.

    Raises:
        UnicodeEncodeError: a text cannot be written in the encoding of the file.
    """
    edits = sorted({edit for each in fixes for edit in _encoded(source, each.fix)})
    parts: list[bytes] = []
    at = 0
    for start, end, text in edits:
        parts += (source.data[at:start], text)
        at = end
    return b"".join((*parts, source.data[at:]))


def _encoded(source: Source, fix: Fix) -> Iterator[tuple[int, int, bytes]]:
    """The edits of a fix in bytes; raises `UnicodeEncodeError` as `edited` does."""
    for edit in fix.edits:
        yield edit.start, edit.end, edit.text.encode(fix.encoding or source.encoding)


def all_edited(fixes: Sequence[Chosen], source_of: SourceOf) -> Mapping[str, bytes]:
    """The new content of each document that fixes of one `Choice` edit, by its path."""
    by_path: dict[str, list[Chosen]] = {}
    for each in fixes:
        for path in each.paths:
            by_path.setdefault(path, []).append(each)
    found: dict[str, bytes] = {}
    for path, of_path in by_path.items():
        source = source_of(path)
        if source is not None:
            found[path] = edited(source, of_path)
    return found
