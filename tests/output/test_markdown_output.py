from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.output.test_hostile_reports import OPTIONS, reports
from umbmarket.findings import Edit, Fix, Region, Related, Severity, Span
from umbmarket.output import OutputOptions, render
from umbmarket.output.locations import from_root, message_of
from umbmarket.output.markdown import LARGEST
from umbmarket.output.plain import plain

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BLOB = "https://github.com/example/site/blob/0123456789abcdef"


def markdown(report, **options):
    return render(report, "markdown", OutputOptions(**options))


class Page(HTMLParser):
    """What a page holds: its elements, its links, and the text of each cell of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(MARKDOWN.render(text))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br":
            self.handle_data("\n")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_the_whole(sample_report, matches_snapshot):
    matches_snapshot("markdown.md", markdown(sample_report, link_base=BLOB, uri_prefix="web", statistics=True))


def test_hostile_strings(hostile_report, matches_snapshot):
    text = markdown(hostile_report, link_base=BLOB, statistics=True, min_severity=Severity.INFO)
    matches_snapshot("markdown-hostile.md", text)


def test_a_row_for_each_finding(book):
    one = book().file("a b.json", '{\n"A": [\n1]}').finding(Span(7, 12), path="a b.json", help="mend it")
    one.finding(None, path="a b.json", severity=Severity.WARNING)
    assert markdown(one.report(), link_base=BLOB, uri_prefix="src/My (App)") == (
        "### umbmarket: 1 error, 1 warning in 1 listing\n"
        "\n"
        "| | where | what |\n"
        "|---|---|---|\n"
        f"| error | [a b.json:2:6]({BLOB}/src/My%20%28App%29/a%20b.json#L2-L3) | **UMB104** it is not allowed"
        "<br>help: mend it |\n"
        f"| warning | [a b.json]({BLOB}/src/My%20%28App%29/a%20b.json) | **UMB104** it is not allowed |\n"
    )


def test_nothing_found_is_said(book):
    assert markdown(book().file(text="{}").report()) == "### umbmarket: No findings in 1 listing\n\n"
    assert markdown(book().file(text="{}").report(), quiet=True) == ""


def test_quiet_leaves_the_table_alone(book):
    text = markdown(book().file(text="{}").finding("}").report(), quiet=True)
    assert text.startswith("| | where | what |\n")
    assert text.count("\n") == 3


def test_what_was_not_looked_at_and_what_broke_comes_last(book):
    from dataclasses import replace

    report = book().file(text="{}").finding("}", severity=Severity.INFO).report(failures=("UMB104 broke",))
    text = markdown(replace(report, remarks=("- tag was not checked", "1. no", "# x", "a: b")), statistics=True)
    assert text == (
        "### umbmarket: No errors or warnings in 1 listing\n\n"
        "\n| findings | rule | name |\n|---:|---|---|\n| 1 | UMB104 | not-allowed-value |\n"
        "\n1 suggestion, --min-severity info shows it\n"
        "\n\\- tag was not checked\n"
        "\n1\\. no\n"
        "\n\\# x\n"
        "\na: b\n"
        "\n**umbmarket itself failed:** UMB104 broke\n"
    )
    assert {"ul", "ol", "h1"}.isdisjoint(Page(text).tags)


@pytest.mark.parametrize("path", ["/elsewhere/a.json", "../a.json", "C:/a.json", "a.nupkg"])
def test_what_is_not_in_the_repository_is_no_link(path, book):
    one = book().file(path, kind="package" if path.endswith("nupkg") else "listing").finding(None, path=path)
    assert Page(markdown(one.report(), link_base=BLOB)).links == []
    assert Page(markdown(book().file("b.json").finding(None, path="b.json").report())).links == []


def test_a_finding_in_a_package_links_to_the_place_that_stands_for_it(book):
    one = book().file("out/a.nupkg", kind="package", schema_valid=None).file("b.csproj", "<Project />", kind="project")
    place = Related("b.csproj", None, one.sources["b.csproj"].region(Span(1, 8)), "here it is written")
    one.finding(Region(4, 9, 4, 15, 120, 126), path="out/a.nupkg!/a.nuspec", related=(place,))
    text = markdown(one.report(), link_base=BLOB)
    assert f"| [b.csproj:1:2]({BLOB}/b.csproj#L1)<br>out/a.nupkg\\!/a.nuspec:4:9 |" in text


def test_no_text_of_a_file_means_anything(book):
    hostile = (
        "| ` <b>x</b> <!-- [a](b) ![a](b) *a* _a_ ~~a~~ $x$ &amp; \\| @org/team #12 https://e.com www.e.com a@b.cd"
    )
    one = book().file("a.json", "{}").finding(None, path="a.json", message=hostile, help=hostile)
    page = Page(markdown(one.report()))
    assert page.tags == {"h3", "table", "thead", "tbody", "tr", "th", "td", "strong", "br"}
    assert page.rows[1][2].strip() == f"UMB104 {hostile}\nhelp: {hostile}"
    text = markdown(one.report())
    # What GitHub links by itself, without any markup, is broken up.
    for mark in ("@org", "#12", "https://", "www.e", "@b.cd"):
        assert mark not in text


@settings(max_examples=150, deadline=None)
@given(reports(), OPTIONS)
def test_whatever_a_report_holds_a_reader_sees_its_own_words(report, options):
    page = Page(
        render(report, "markdown", options._replace(link_base=BLOB, min_severity=Severity.INFO, statistics=False))
    )
    assert page.tags <= {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "br", "a"}
    assert all(link.startswith(f"{BLOB}/") for link in page.links)
    shown = [" ".join(row[2].split("\n")[0].split()) for row in page.rows[1:]]
    said = [" ".join(f"{plain(each.code)} {plain(message_of(each))}".split()) for each in report.findings]
    assert sorted(shown) == sorted(said)


def test_what_does_not_fit_is_counted(book):
    one = book().file("a.json", '{"A": 1}')
    for number in range(6_000):
        one.finding('"A"', path="a.json", message=f"{number} {'ø' * 100}", severity=Severity.WARNING)
    text = markdown(one.report(), link_base=BLOB)
    size = len(text.encode())
    assert LARGEST - 2048 < size <= LARGEST
    left = 6_000 - text.count("| warning |")
    assert f"\n{left:,} more findings do not fit here; the log and the other formats have them.\n" in text
    assert text.startswith("### umbmarket: 6000 warnings in 1 listing\n")
    assert left > 0


def test_not_even_what_follows_the_table_makes_it_too_large(book):
    report = book().file("a.json", "{}").report(failures=tuple("x" * 1000 for _ in range(3_000)))
    assert LARGEST - 4096 < len(markdown(report).encode()) <= LARGEST


def test_paths_in_links_are_those_of_the_repository():
    assert from_root("a.json", "src") == "src/a.json"


def test_an_archive_of_whatever_kind_is_no_link(book):
    one = book().file("target/a.zip", kind="Nuxeo package", schema_valid=None).file("b/package.xml", "<a/>")
    one.finding(None, path="target/a.zip!/package.xml").finding(None, path="target/a.zip")
    one.finding("<a/>", path="b/package.xml")
    assert Page(markdown(one.report(), link_base=BLOB)).links == [f"{BLOB}/b/package.xml#L1"]


def test_what_can_be_fixed_is_said(book):
    one = book().file(text='{"A": 1}').finding('"A"', fixes=(Fix("mend it", "safe", (Edit(1, 4, '"B"'),)),))
    assert "\n\n1 fixable with --fix\n" in markdown(one.report())
    assert "--fix" not in markdown(one.report(), quiet=True)
