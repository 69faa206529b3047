from __future__ import annotations

import re

import pytest

from umbmarket.findings import Region, Related, Severity, Span
from umbmarket.output import OutputOptions, render

STYLE = re.compile("\x1b\\[[0-9;]*m")


def text(report, **options):
    return render(report, "text", OutputOptions(**options))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("text.txt", {}),
        ("text-quiet.txt", {"quiet": True}),
        ("text-verbose.txt", {"verbose": True, "min_severity": Severity.INFO}),
        ("text-statistics.txt", {"statistics": True}),
        ("text-narrow.txt", {"width": 40, "min_severity": Severity.INFO}),
        ("text-color.txt", {"color": True, "min_severity": Severity.INFO}),
    ],
)
def test_the_whole(name, options, sample_report, matches_snapshot):
    matches_snapshot(name, text(sample_report, **options))


def test_hostile_strings(hostile_report, matches_snapshot):
    matches_snapshot(
        "text-hostile.txt", text(hostile_report, verbose=True, statistics=True, min_severity=Severity.INFO)
    )


def test_colour_changes_nothing_but_the_colour(sample_report):
    colored = text(sample_report, color=True, statistics=True)
    assert colored != text(sample_report, statistics=True)
    assert STYLE.sub("", colored) == text(sample_report, statistics=True)


def test_each_line_of_colour_is_closed(sample_report):
    for line in text(sample_report, color=True).splitlines():
        styles = STYLE.findall(line)
        assert styles[1::2] == ["\x1b[0m"] * (len(styles) // 2)
        assert "\x1b[0m" not in styles[0::2]


def test_a_finding_in_full(book):
    report = book().file(text='{\n  "A": "b"\n}').finding('"b"', why="it matters", help="write c").report()
    assert text(report) == (
        "umbraco-marketplace.json:2:8 error[UMB104] it is not allowed\n"
        ' 2 |   "A": "b"\n'
        "   |        ^^^\n"
        "   = why: it matters\n"
        "   = help: write c\n"
        "\n"
        "1 error in 1 listing\n"
    )


def test_the_gutter_is_as_wide_as_the_number(book):
    report = book().file(text="\n" * 99 + "{}").finding("{}", help="h").report()
    assert text(report) == (
        "umbraco-marketplace.json:100:1 error[UMB104] it is not allowed\n"
        " 100 | {}\n"
        "     | ^^\n"
        "     = help: h\n"
        "\n"
        "1 error in 1 listing\n"
    )


def test_quiet_is_the_findings_alone(book):
    report = book().file(text="{}").finding("{}", why="w", help="h").report(suppressed=3)
    assert text(report, quiet=True) == "umbraco-marketplace.json:1:1 error[UMB104] it is not allowed\n"


def test_a_clean_run_is_one_line_and_nothing_when_quiet(book):
    report = book().file(text="{}").report()
    assert text(report, statistics=True) == "No findings in 1 listing\n"
    assert text(report, quiet=True, statistics=True) == ""


def test_a_reason_is_given_once_for_each_code_in_each_file(book):
    one = book().file("a.json", "{}").file("b.json", "{}")
    for path in ("a.json", "a.json", "b.json"):
        one.finding("{}", path=path, why="because")
    one.finding("{}", path="b.json", code="UMB105", why="because")
    assert text(one.report()).count("= why: because") == 3
    assert text(one.report(), verbose=True).count("= why: because") == 4


def test_verbose_names_the_rule_and_the_pointer(book):
    report = book().file(text="{}").finding("{}", pointer="/Category").finding("{}").report()
    assert "   = rule: not-allowed-value at /Category\n" in text(report, verbose=True)
    assert "   = rule: not-allowed-value\n" in text(report, verbose=True)
    assert "= rule" not in text(report)


def test_the_file_as_a_whole(book):
    report = book().file(text="{}").finding(None, help="look").report()
    assert text(report).startswith("umbraco-marketplace.json error[UMB104] it is not allowed\n   = help: look\n\n")


def test_a_place_whose_source_is_not_at_hand(book):
    report = book().file("a.nupkg", kind="package").finding(Region(7, 3, 7, 5, 0, 2), path="a.nupkg!/a.nuspec")
    assert text(report.report()) == ("a.nupkg!/a.nuspec:7:3 error[UMB104] it is not allowed\n\n1 error in 1 package\n")


@pytest.mark.parametrize(
    ("place", "carets"),
    [
        ("[\n 1,\n 2\n]", "      ^ to line 4, column 1"),
        ("[\n 1,\n 2\n", "      ^ to the end of line 3"),
        ("[\n", "      ^"),
        ("\n 1,", "       ^ to line 2, column 3"),
    ],
)
def test_a_place_of_several_lines_says_how_far_it_goes(book, place, carets):
    report = book().file(text='{"A": [\n 1,\n 2\n]}').finding(place).report()
    assert text(report).splitlines()[2] == f"   | {carets}"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_the_file_are_not_shown(book, end):
    report = book().file(text=f'{{{end}  "A": 1{end}}}').finding('"A"').report()
    assert text(report).splitlines()[1:3] == [' 2 |   "A": 1', "   |   ^^^"]


def test_an_empty_line_has_no_trailing_space(book):
    report = book().file(text="{\n\n}").finding(Span(2, 2)).report()
    assert text(report).splitlines()[1:3] == [" 2 |", "   | ^"]


def test_a_byte_order_mark_is_not_part_of_the_line(book):
    report = book().file(text=b'\xef\xbb\xbf{"A": 1}').finding('"A"').report()
    assert text(report).splitlines()[1:3] == [' 1 | {"A": 1}', "   |  ^^^"]


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_lines_of_source_keep_to_the_width(book, width):
    report = book().file(text='{"A": "' + "long " * 100 + '"}').finding('"A"').report()
    shown = [line for line in text(report, width=width).splitlines() if " | " in line]
    assert len(shown) == 2
    assert max(map(len, shown)) == width


def test_the_table_of_counts(book):
    one = book().file(text="{}")
    for number in range(12):
        one.finding("{}", code="UMB104" if number else "UMB001", name="first" if number else "second")
    assert text(one.report(), statistics=True).endswith(
        "11  UMB104  first\n 1  UMB001  second\n\n12 errors in 1 listing\n"
    )
    assert text(one.report(), statistics=True, quiet=True).endswith(
        "not allowed\n11  UMB104  first\n 1  UMB001  second\n"
    )


def test_related_places_are_named(book):
    one = book().file("a.nupkg", kind="package", schema_valid=None).file("b.json", '{"A": 1}')
    related = (
        Related("b.json", None, one.sources["b.json"].region(Span(1, 4)), "the listing asks for SemVer"),
        Related("a.nupkg", "a.nuspec", None, "the package\x1b[31m"),
    )
    shown = render(one.finding(None, path="a.nupkg", related=related, help="do it").report(), "text").splitlines()
    assert shown[1:4] == [
        "   = see b.json:1:2: the listing asks for SemVer",
        "   = see a.nupkg!/a.nuspec: the package\\x1b[31m",
        "   = help: do it",
    ]
