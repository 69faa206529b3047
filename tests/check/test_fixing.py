"""Fixes are made round by round, without harm, whatever rules offer them: a marketplace of lines of text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from umbmarket.check.catalogue import Catalogue, Family, rule
from umbmarket.check.choosing import Choice, edited
from umbmarket.check.engine import Gathered
from umbmarket.check.fixing import MOST_ROUNDS, Fixing, fix
from umbmarket.check.marketplace import Inputs, Recognised
from umbmarket.check.report import CheckedFile
from umbmarket.disk.files import read_file
from umbmarket.disk.replacing import NotReplaced
from umbmarket.disk.shown_path import shown
from umbmarket.findings import Edit, Finding, Fix, Observation, Place, Region, Severity, Source, Span
from umbmarket.formats.source import SourceText
from umbmarket.settings.options import Settings


class Note:
    """A text file."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.source = SourceText(data)

    def member_of(self, place: Place) -> str | None:
        return None

    def source_of(self, place: Place) -> Source | None:
        return self.source

    def locate(self, place: Place) -> Region | None:
        return self.source.region(place.span) if place.span is not None else None


@dataclass(frozen=True)
class NoteFacts:
    document: Note
    copies: tuple[Note, ...] = ()


_DOC = """A word.

    Why it matters:
        It does.

    Bad:
        a

    Good:
        b
    """

Check = Callable[[NoteFacts], Iterable[Observation]]


def make_rule(code: str, check: Check, severity: Severity = Severity.ERROR, *, always: bool = False) -> Check:
    def function(facts: NoteFacts) -> Iterable[Observation]:
        return check(facts)

    function.__doc__ = _DOC
    return rule(code, f"rule-{code.lower()}", severity, why="words matter", fix="unsafe", always=always)(function)


def says(
    code: str,
    word: str,
    instead: str | None = None,
    severity: Severity = Severity.ERROR,
    *,
    safety: Literal["safe", "unsafe"] = "safe",
    encoding: str | None = None,
    always: bool = False,
    wide: int = 0,
) -> Check:
    """A rule against a word. `instead` is its fix; `wide` makes the edit longer than the word, to both sides."""

    def check(facts: NoteFacts) -> Iterator[Observation]:
        text, source = facts.document.source.text, facts.document.source
        for found in re.finditer(word, text):
            start, end = max(found.start() - wide, 0), min(found.end() + wide, len(text))
            written = None if instead is None else text[start : found.start()] + instead + text[found.end() : end]
            edits = () if written is None else (Edit(source.byte_offset(start), source.byte_offset(end), written),)
            fixes = (Fix(f"Write {instead}", safety, edits, encoding=encoding),) if edits else ()
            yield Observation(f"the word {word}", Place(span=Span(*found.span())), fixes=fixes)

    return make_rule(code, check, severity, always=always)


@dataclass
class Notes:
    """A marketplace of `.note` files."""

    rules: Sequence[Callable[[NoteFacts], Iterable[Observation]]]
    faults: Callable[[str], int] = lambda text: 0
    twins: bool = False
    looks_for: Sequence[str] = ("notes (.note)", "nothing else")
    catalogue: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        self.catalogue = Catalogue("NOT", {"1": Family("note", "Notes")}, rules=self.rules)

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        return [Recognised(name, "note") for name in names if name.endswith(".note")]

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        return ()

    def claims(self, path: str) -> bool:
        return path.endswith(".note")

    def listed_in(self, path: str) -> None:
        return

    def gather(self, inputs: Inputs) -> Gathered:
        notes = []
        for handed in inputs.files:
            data = read_file(handed.path, 10_000).data
            notes.append(Note(shown(Path(handed.path), Path(inputs.root)), data))
        if inputs.given is not None:
            notes.append(Note(*inputs.given))
        faults = {note: self.faults(note.source.text) for note in notes}
        files = [
            CheckedFile(note.path, "note", "tolerant" if faults[note] else "strict", None, faults[note])
            for note in notes
        ]
        if self.twins:
            return Gathered(self.catalogue, [NoteFacts(notes[0], tuple(notes[1:]))], files)
        return Gathered(self.catalogue, [NoteFacts(note) for note in notes], files)


def run(
    folder: Path, *rules: Check, unsafe: bool = False, stdin: tuple[str, bytes] | None = None, **more: object
) -> Fixing:
    settings = more.pop("settings", Settings())
    assert isinstance(settings, Settings)
    notes = Notes(rules, **more)  # type: ignore[arg-type]  # keywords of several types
    return fix([folder], [notes], settings=settings, root=folder, stdin=stdin, unsafe=unsafe)


def write(folder: Path, text: str | bytes, name: str = "a.note") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def contents(fixing: Fixing) -> dict[str, bytes]:
    return {change.path: change.after for change in fixing.changes}


def done(fixing: Fixing) -> list[tuple[str, str]]:
    assert fixing.report.mending is not None
    return [(each.code, each.title) for each in fixing.report.mending.fixed]


def test_what_can_be_fixed_is_fixed_and_the_report_tells_what_is_left(tmp_path: Path) -> None:
    file = write(tmp_path, "foo bar foo baz")
    fixing = run(tmp_path, says("NOT101", "foo", "ok"), says("NOT102", "baz"))
    assert contents(fixing) == {"a.note": b"ok bar ok baz"}
    assert done(fixing) == [("NOT101", "Write ok"), ("NOT101", "Write ok")]
    assert [finding.code for finding in fixing.report.findings] == ["NOT102"]
    assert file.read_bytes() == b"foo bar foo baz"
    fixing.write()
    assert file.read_bytes() == b"ok bar ok baz"


def test_where_nothing_can_be_fixed_nothing_changes(tmp_path: Path) -> None:
    write(tmp_path, "foo")
    fixing = run(tmp_path, says("NOT101", "foo"))
    assert fixing.changes == ()
    assert done(fixing) == []
    assert len(fixing.report.findings) == 1


def test_guesses_are_made_only_where_they_were_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "foo bar")
    rules = says("NOT101", "foo", "ok", safety="unsafe"), says("NOT102", "bar", "fine")
    assert contents(run(tmp_path, *rules)) == {"a.note": b"foo fine"}
    assert contents(run(tmp_path, *rules, unsafe=True)) == {"a.note": b"ok fine"}


def test_edits_that_overlap_wait_for_the_next_round(tmp_path: Path) -> None:
    write(tmp_path, "foobar")
    fixing = run(tmp_path, says("NOT101", "foo", "FOO", wide=1), says("NOT102", "bar", "BAR"))
    assert contents(fixing) == {"a.note": b"FOOBAR"}
    assert done(fixing) == [("NOT101", "Write FOO"), ("NOT102", "Write BAR")]


def test_edits_that_touch_are_made_together_unless_one_inserts() -> None:
    source = SourceText(b"abcdef")
    choice = Choice({"a.note": source}.get, unsafe=False)
    for number, (start, end) in enumerate(((0, 2), (2, 4), (4, 4), (2, 2), (5, 5), (5, 6), (5, 5))):
        fixed = Fix(f"{number}", "safe", (Edit(start, end, str(number)),))
        finding = Finding("NOT101", "", Severity.INFO, "", "a.note", None, "", None, "", "", {}, (fixed,))
        choice.add(finding)
    assert [each.fix.title for each in choice.chosen] == ["0", "1", "4"]
    assert edited(source, choice.chosen) == b"01e4f"


def test_one_fix_for_two_findings_is_made_once(tmp_path: Path) -> None:
    write(tmp_path, "foo")
    fixing = run(tmp_path, says("NOT101", "foo", "ok"), says("NOT102", "foo", "ok"))
    assert contents(fixing) == {"a.note": b"ok"}
    assert done(fixing) == [("NOT101", "Write ok"), ("NOT102", "Write ok")]


def test_rounds_end(tmp_path: Path) -> None:
    write(tmp_path, "x")
    fixing = run(tmp_path, says("NOT101", "x", "yx"))
    assert contents(fixing) == {"a.note": b"y" * MOST_ROUNDS + b"x"}
    assert len(fixing.report.findings) == 1


def test_rounds_that_make_a_file_readable_count_apart(tmp_path: Path) -> None:
    write(tmp_path, "((((x")
    fixing = run(
        tmp_path,
        says("NOT101", r"\((?!\()", ""),
        says("NOT102", "(?<!\\()x", "yx"),
        faults=lambda text: text.count("("),
    )
    assert contents(fixing) == {"a.note": b"y" * MOST_ROUNDS + b"x"}


def test_a_fix_that_changes_nothing_is_none(tmp_path: Path) -> None:
    write(tmp_path, "x")
    fixing = run(tmp_path, says("NOT101", "x", "x"))
    assert (fixing.changes, done(fixing)) == ((), [])


@pytest.mark.parametrize("worse", [Severity.ERROR, Severity.WARNING])
def test_a_fix_that_makes_more_to_find_is_not_made_and_noted(tmp_path: Path, worse: Severity) -> None:
    write(tmp_path, "foo one two")
    fixing = run(
        tmp_path,
        says("NOT101", "foo", "bad bad", Severity.WARNING),
        says("NOT102", "bad", None, worse),
        says("NOT103", "one", "1"),
        says("NOT104", "two", "2"),
    )
    assert contents(fixing) == {"a.note": b"foo 1 2"}
    assert fixing.report.failures == ()
    assert fixing.report.notes == (
        'a.note: the fix "Write bad bad" of NOT101 was not made: more would be found after it',
    )
    assert done(fixing) == [("NOT103", "Write 1"), ("NOT104", "Write 2")]


def test_a_fix_may_turn_an_error_into_a_warning(tmp_path: Path) -> None:
    write(tmp_path, "foo")
    fixing = run(tmp_path, says("NOT101", "foo", "bad"), says("NOT102", "bad", None, Severity.WARNING))
    assert contents(fixing) == {"a.note": b"bad"}
    assert fixing.report.failures == ()


def test_what_harms_only_together_is_no_failure(tmp_path: Path) -> None:
    write(tmp_path, "foo bar")
    rules = (
        says("NOT101", "foo", "A", Severity.WARNING),
        says("NOT102", "bar", "B", Severity.WARNING),
        says("NOT103", "A B", None),
    )
    fixing = run(tmp_path, *rules)
    assert contents(fixing) == {"a.note": b"A bar"}
    assert [finding.code for finding in fixing.report.findings] == ["NOT102"]
    assert fixing.report.failures == ()
    # Alone it does harm in the round after that.
    assert fixing.report.notes == ('a.note: the fix "Write B" of NOT102 was not made: more would be found after it',)


def test_a_fix_that_makes_a_file_harder_to_read_is_not_made(tmp_path: Path) -> None:
    write(tmp_path, "foo (a)")
    fixing = run(tmp_path, says("NOT101", "foo", "("), faults=lambda text: abs(text.count("(") - text.count(")")))
    assert fixing.changes == ()
    assert fixing.report.failures == ('the fix "Write (" of NOT101 would have broken a.note and was not made',)
    assert fixing.report.exit_code == 4


def test_a_fix_that_makes_a_file_readable_may_show_more_of_it(tmp_path: Path) -> None:
    write(tmp_path, "(foo")

    def hidden(facts: NoteFacts) -> Iterator[Observation]:
        if "(" not in facts.document.source.text:
            yield from (Observation(f"hidden {number}") for number in range(3))

    fixing = run(tmp_path, says("NOT101", r"\(", ""), make_rule("NOT102", hidden), faults=lambda text: text.count("("))
    assert contents(fixing) == {"a.note": b"foo"}
    assert fixing.report.failures == ()
    assert len(fixing.report.findings) == 3


@pytest.mark.parametrize(
    "data", ["\ufeffnö foo\r\n".encode(), "\ufeffnö foo\n".encode("utf-16-le"), "nö foo".encode("cp1252")]
)
def test_text_is_written_in_the_encoding_of_the_file(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, data)
    encoding = SourceText(data).encoding
    fixing = run(tmp_path, says("NOT101", "foo", "jä"))
    assert contents(fixing) == {"a.note": data.replace("foo".encode(encoding), "jä".encode(encoding))}


def test_a_text_that_the_encoding_lacks_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, "nö foo bar".encode("cp1252"))
    fixing = run(tmp_path, says("NOT101", "foo", "\u4e00"), says("NOT102", "bar", "ok"))
    assert contents(fixing) == {"a.note": "nö foo ok".encode("cp1252")}
    assert fixing.report.failures == ()


def test_a_change_of_encoding_has_a_round_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "nö foo".encode("cp1252"))
    fixing = run(tmp_path, says("NOT101", "foo", "ok"), says("NOT102", "ö", "ö", encoding="utf-8"))
    assert contents(fixing) == {"a.note": "nö ok".encode()}


def test_twins_are_mended_alike(tmp_path: Path) -> None:
    write(tmp_path, "foo", "a.note")
    write(tmp_path, "foo", "b.note")
    fixing = run(tmp_path, says("NOT101", "foo", "ok"), twins=True)
    assert contents(fixing) == {"a.note": b"ok", "b.note": b"ok"}
    assert fixing.report.mending is not None
    assert fixing.report.mending.fixed[0].edited == ("a.note", "b.note")
    fixing.write()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.note": b"ok", "b.note": b"ok"}


def test_standard_input_is_mended_and_lies_in_no_file(tmp_path: Path) -> None:
    file = write(tmp_path, "foo", "b.note")
    fixing = run(tmp_path, says("NOT101", "foo", "ok"), stdin=("a.note", b"a foo"))
    assert {(change.path, change.file is None, change.after) for change in fixing.changes} == {
        ("a.note", True, b"a ok"),
        ("b.note", False, b"ok"),
    }
    fixing.write()
    assert file.read_bytes() == b"ok"
    assert [path.name for path in tmp_path.iterdir()] == ["b.note"]


def test_what_is_ignored_or_not_selected_is_not_fixed(tmp_path: Path) -> None:
    write(tmp_path, "foo bar baz")
    rules = says("NOT101", "foo", "1"), says("NOT102", "bar", "2"), says("NOT103", "baz", "3", always=True)
    selected = run(tmp_path, *rules, settings=Settings(select=("NOT101",)))
    assert contents(selected) == {"a.note": b"1 bar baz"}
    assert [finding.code for finding in selected.report.findings] == ["NOT103"]
    ignored = run(tmp_path, *rules, settings=Settings(ignore={"NOT101": None}))
    assert contents(ignored) == {"a.note": b"foo 2 3"}


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not every user make links")
def test_a_link_out_of_the_tree_is_not_written(tmp_path: Path) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside.note"
    tree.mkdir()
    outside.write_bytes(b"foo")
    link = tree / "a.note"
    link.symlink_to(outside)
    fixing = fix([link], [Notes([says("NOT101", "foo", "ok")])], settings=Settings(), root=tree)
    assert [change.after for change in fixing.changes] == [b"ok"]
    with pytest.raises(NotReplaced, match="a link that leads out of"):
        fixing.write()
    assert outside.read_bytes() == b"foo"


def test_a_file_that_changed_since_it_was_read_is_not_written(tmp_path: Path) -> None:
    file = write(tmp_path, "foo")
    fixing = run(tmp_path, says("NOT101", "foo", "ok"))
    file.write_bytes(b"foo, and what somebody else wrote")
    with pytest.raises(NotReplaced, match="another program has changed it"):
        fixing.write()
    assert file.read_bytes() == b"foo, and what somebody else wrote"


def test_a_mistake_of_many_fixes_ends_the_search_for_it(tmp_path: Path) -> None:
    write(tmp_path, " ".join(f"x{number:02}" for number in range(99)))
    fixing = run(tmp_path, says("NOT101", "x", "bad bad"), says("NOT102", "bad", None))
    assert fixing.changes == ()
    assert fixing.report.notes
