"""Findings about documents that are made of other files: where they stand, and that they are told once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from umbmarket.check.catalogue import Catalogue, Family, rule
from umbmarket.check.engine import Gathered, Origin, run
from umbmarket.check.report import CheckedFile, Report
from umbmarket.findings import Document, Observation, Place, Region, RelatedPlace, Severity, Source, Span
from umbmarket.formats.source import SourceText
from umbmarket.settings.options import Settings


class File:
    """A text file."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._source = SourceText(text.encode())

    def member_of(self, place: Place) -> str | None:
        return None

    def source_of(self, place: Place) -> Source:
        return self._source

    def locate(self, place: Place) -> Region | None:
        return self._source.region(place.span) if place.span is not None else None


class Made:
    """A document that is no file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def member_of(self, place: Place) -> str | None:
        return None

    def source_of(self, place: Place) -> Source | None:
        return None

    def locate(self, place: Place) -> Region | None:
        return None


class Thing(NamedTuple):
    document: Document
    word: str
    other: Document | None = None
    better: str = ""


@rule("TST101", "word", Severity.WARNING, why="it is a word", other_severities=(Severity.INFO,))
def word(facts: Thing) -> Iterator[Observation]:
    """A word.

    Why it matters:
        It does.

    Bad:
        bad

    Good:
        good
    """
    related = (RelatedPlace(facts.other, Place("/word"), "the other one"),) if facts.other is not None else ()
    help_ = f"write {facts.better}" if facts.better else ""
    yield Observation(f"the word is {facts.word}", Place("/word"), help=help_, related=related)


CATALOGUE = Catalogue("TST", {"1": Family("words", "Words")}, modules={__name__: ("Thing",)})
SHARED = File("shared.txt", "first\nsecond\n")
SPAN = Span(6, 12)


def origins(document: Document, place: Place) -> Origin | None:
    if not isinstance(document, Made) or place.pointer != "/word":
        return None
    made_of = RelatedPlace(File(f"{document.path}.txt", "x"), Place(span=Span(0, 1)), "made of it")
    return Origin(SHARED, Place("/line[2]", span=SPAN), (made_of,), ", once it is made")


def report(*things: Thing, **settings: object) -> Report:
    files = [CheckedFile(thing.document.path, "thing", "strict", None) for thing in things]
    given = Settings(**settings)  # type: ignore[arg-type]  # each test gives what fits
    found = run([Gathered(CATALOGUE, things, files, origins=origins)], given)
    assert found.failures == ()
    return found


def test_a_finding_stands_where_its_place_comes_from() -> None:
    (finding,) = report(Thing(Made("a"), "bad")).findings
    assert finding.message == "the word is bad, once it is made"
    assert (finding.file, finding.pointer) == ("shared.txt", "/line[2]")
    assert finding.region == SHARED.locate(Place(span=SPAN))
    assert [(each.file, each.message) for each in finding.related] == [("a.txt", "made of it")]


def test_what_is_alike_there_is_told_once_with_the_places_of_all() -> None:
    things = [Thing(Made(name), "bad") for name in ("a", "b", "a")]
    (finding,) = report(*things).findings
    assert [each.file for each in finding.related] == ["a.txt", "b.txt"]
    assert len(report(*things, Thing(Made("c"), "worse")).findings) == 2


def test_what_is_mended_alike_there_is_told_once_for_several_documents() -> None:
    same = Made("a")
    one, other, third = (
        Thing(document, word, better="good")
        for document, word in ((same, "bad"), (Made("b"), "worse"), (same, "worst"))
    )
    (finding,) = report(one, other).findings
    assert finding.message == "the word is bad, once it is made"
    assert [each.file for each in finding.related] == ["a.txt", "b.txt"]
    # In one document these are two things to see.
    assert [each.message for each in report(one, third).findings] == [
        "the word is bad, once it is made",
        "the word is worst, once it is made",
    ]
    assert len(report(one, other._replace(better="excellent")).findings) == 2


def test_other_documents_stay_where_they_are() -> None:
    same = Thing(File("own.txt", "x"), "bad")
    found = report(same, same).findings
    assert [(finding.file, finding.region, finding.message) for finding in found] == [
        ("own.txt", None, "the word is bad")
    ] * 2


def test_related_places_are_followed_too() -> None:
    (finding,) = report(Thing(File("own.txt", "x"), "bad", other=Made("a"))).findings
    assert [(each.file, each.region, each.message) for each in finding.related] == [
        ("shared.txt", SHARED.locate(Place(span=SPAN)), "the other one")
    ]


def test_settings_go_by_the_file_that_it_stands_in() -> None:
    thing = Thing(Made("a"), "bad")
    assert report(thing, per_file_ignores={"a": ("TST101",)}).findings
    ignored = report(thing, per_file_ignores={"shared.txt": ("TST101",)})
    assert (ignored.findings, ignored.suppressed) == ((), 1)
