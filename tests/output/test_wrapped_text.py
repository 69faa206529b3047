"""Text for people is wrapped to the width of a terminal, by words, and left alone where there is none."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.check.report import Fixed, Mending
from umbmarket.findings import Related, Span
from umbmarket.output import OutputOptions, render
from umbmarket.output.columns import beside, cells, wrapped

LONG = "the published schema rejects the file, and only a file that matches it is imported"


def shown(report, width, **options):
    return render(report, "text", OutputOptions(width=width, **options)).splitlines()


@pytest.fixture
def report(book):
    one = book().file("a.json", '{"A": "b"}').file("b c.json", '{"A": 1}')
    related = (
        Related("b c.json", None, one.sources["b c.json"].region(Span(1, 4)), "the listing asks for SemVer here"),
    )
    return one.finding(
        '"b"', path="a.json", message=f"it is wrong: {LONG}", why=LONG, help=f"write c: {LONG}", related=related
    ).report()


def test_further_lines_stand_under_the_first_word(report):
    assert shown(report, 50) == [
        "a.json:1:7 error[UMB104] it is wrong: the",
        "    published schema rejects the file, and only a",
        "    file that matches it is imported",
        ' 1 | {"A": "b"}',
        "   |       ^^^",
        "   = why: the published schema rejects the file,",
        "          and only a file that matches it is",
        "          imported",
        "   = see b c.json:1:2: the listing asks for SemVer",
        "     here",
        "   = help: write c: the published schema rejects",
        "           the file, and only a file that matches",
        "           it is imported",
        "",
        "1 error in 2 listings",
    ]


def test_without_a_width_each_text_is_one_line(report):
    lines = shown(report, None)
    assert f"a.json:1:7 error[UMB104] it is wrong: {LONG}" in lines
    assert f"   = why: {LONG}" in lines
    assert f"   = help: write c: {LONG}" in lines


@pytest.mark.parametrize("width", [60, 80, 120])
def test_wrapping_loses_nothing_and_keeps_to_the_width(report, width):
    lines = shown(report, width)
    assert max(map(cells, lines)) <= width
    assert " ".join("\n".join(lines).split()) == " ".join("\n".join(shown(report, None)).split())


def test_colour_takes_no_room(report):
    colored = render(report, "text", OutputOptions(width=50, color=True))
    assert re.sub("\x1b\\[[0-9;]*m", "", colored).splitlines() == shown(report, 50)


def test_a_place_is_never_broken(book):
    path = "a folder with a long name/and another one/umbraco-marketplace.json"
    report = book().file(path, "{}").finding("{}", path=path, help="do it").report()
    assert shown(report, 40)[:2] == [f"{path}:1:1 error[UMB104]", "    it is not allowed"]


def test_a_summary_is_wrapped_and_one_finding_a_line_is_not(book):
    one = book().file("a.json").finding(None, path="a.json", message=LONG).report(suppressed=2)
    assert shown(one, 30)[-2:] == ["1 error in 1 listing (2", "suppressed)"]
    assert render(one, "concise", OutputOptions(width=30)).splitlines()[0] == f"a.json:1:1: error: UMB104 {LONG}"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('move "my files/the listing.json" up', ["move", '"my files/the listing.json"', "up"]),
        ("run `umbmarket validate --online` now", ["run", "`umbmarket validate --online`", "now"]),
        ('write "two words here" and more', ['write "two words', 'here" and more']),
        ('of "C:\\my files\\a.json", say', ["of", '"C:\\my files\\a.json",', "say"]),
        ('a "b" and/or the "c" of them', ['a "b" and/or the "c"', "of them"]),
        ('an unpaired " and a/b or so on', ['an unpaired " and', "a/b or so on"]),
    ],
)
def test_paths_and_commands_stay_whole(text, lines):
    assert wrapped(text, 20) == lines


def test_no_line_starts_with_what_a_build_service_obeys(book):
    report = book().file("a.json").finding(None, path="a.json", help="some words before ::error::x").report()
    assert shown(report, 24)[2:4] == ["   = help: some words before", "           \\x3a:error::x"]
    assert "   = help: some words before ::error::x" in shown(report, 80)


def test_a_text_has_some_room_in_however_narrow_a_terminal(report):
    assert max(len(line.split()) for line in shown(report, 1)) >= 3


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from('ab /"`:\\包é'), max_size=60), st.integers(1, 60), st.integers(0, 30), st.integers(0, 12)
)
def test_a_text_beside_its_lead_loses_nothing(text, width, lead, indent):
    lines = beside(lead, text, width, indent)
    assert "".join("".join(lines).replace("\\x3a", ":").split()) == "".join(text.split())
    assert all(line.startswith(" " * indent) for line in lines[1:])


def test_what_was_fixed_keeps_its_lines(report):
    fixed = Fixed("UMB101", "unknown-key", "a.json", "/a", "it is wrong", f"Write {LONG}", "safe", ("a.json",))
    lines = shown(replace(report, findings=(), mending=Mending((fixed,))), 40)
    assert lines[2:] == [
        "Fixed in a.json:",
        f"  UMB101 Write {LONG}",
        "",
        "Fixed 1 finding in 1 file, none left",
    ]
