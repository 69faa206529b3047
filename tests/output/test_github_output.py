from __future__ import annotations

import pytest

from umbmarket.findings import Region, Related, Severity, Span
from umbmarket.output import OutputOptions, render


def github(report, **options):
    return render(report, "github", OutputOptions(**options))


def test_the_whole(sample_report, matches_snapshot):
    matches_snapshot("github.txt", github(sample_report))


def test_a_command_in_full(book):
    one = book().file("src/a.json", '{\n  "A": "b"\n}')
    one.finding('"b"', path="src/a.json", message="it is wrong: 100%, sure", help="write c")
    assert github(one.report()) == (
        "::error file=src/a.json,line=2,col=8,endLine=2,endColumn=10,title=UMB104 not-allowed-value"
        "::it is wrong: 100%25, sure%0Ahelp: write c\n"
    )


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "::error "), (Severity.WARNING, "::warning "), (Severity.INFO, "::notice ")],
)
def test_each_severity_has_its_command(book, severity, command):
    report = book().file(text="{}").finding("{", severity=severity).report()
    assert github(report, min_severity=Severity.INFO).startswith(command)


def test_a_place_of_several_lines_has_no_columns(book):
    report = book().file(text="[\n1\n]").finding("[\n1\n]").report()
    assert github(report).startswith("::error file=umbraco-marketplace.json,line=1,endLine=3,title=")


def test_an_empty_place_ends_where_it_starts(book):
    report = book().file(text="[]").finding(Span(1, 1)).report()
    assert ",line=1,col=2,endLine=1,endColumn=2," in github(report)


def test_a_file_as_a_whole_has_no_line(book):
    report = book().file("a.json").finding(None, path="a.json").report()
    assert github(report) == "::error file=a.json,title=UMB104 not-allowed-value::it is not allowed\n"


def test_a_place_in_an_archive_is_the_archive(book):
    one = book().file("a.nupkg", kind="package").finding(Region(7, 3, 7, 5, 0, 2), path="a.nupkg!/a.nuspec")
    assert github(one.report()) == (
        "::error file=a.nupkg,title=UMB104 not-allowed-value::it is not allowed (in a.nuspec, line 7)\n"
    )


@pytest.mark.parametrize(
    ("path", "prefix", "file"),
    [
        ("a.json", "", "a.json"),
        ("a.json", "src/App", "src/App/a.json"),
        ("../a.json", "src/App", "src/a.json"),
        ("a,b:c%.json", "", "a%2Cb%3Ac%25.json"),
        ("a\nb\r.json", "", "a\\nb\\r.json"),
        ("/elsewhere/a.json", "src", "/elsewhere/a.json"),
        ("C:/a.json", "src", "C%3A/a.json"),
    ],
)
def test_paths_start_at_the_root_of_the_repository(book, path, prefix, file):
    report = book().file(path).finding(None, path=path).report()
    assert github(report, uri_prefix=prefix).startswith(f"::error file={file},title=UMB104 ")


def test_nothing_found_is_nothing_said(book):
    assert github(book().file(text="{}").report()) == ""


@pytest.mark.parametrize(("errors", "warnings", "noted"), [(10, 10, False), (11, 10, True), (3, 11, True)])
def test_more_than_github_shows_is_noted(book, errors, warnings, noted):
    one = book().file(text="{}")
    for number in range(errors + warnings):
        one.finding("{", severity=Severity.ERROR if number < errors else Severity.WARNING)
    lines = github(one.report()).splitlines()
    assert sum(line.startswith("::") for line in lines) == errors + warnings
    assert (
        lines[errors + warnings :]
        == [
            "GitHub shows 10 annotations of a kind for each step; this log has all that were found:"
            f" {errors} errors, {warnings} warnings"
        ]
        * noted
    )
    assert len(github(one.report(), quiet=True).splitlines()) == errors + warnings


def test_hostile_strings(hostile_report, matches_snapshot):
    matches_snapshot("github-hostile.txt", github(hostile_report, min_severity=Severity.INFO))


def test_a_finding_in_a_package_is_shown_in_the_repository_if_it_names_a_place_there(book):
    one = book().file("out/a.nupkg", kind="package", schema_valid=None).file("b.csproj", "<Project />", kind="project")
    place = Related("b.csproj", None, one.sources["b.csproj"].region(Span(1, 8)), "here it is written")
    one.finding(Region(4, 9, 4, 15, 120, 126), path="out/a.nupkg!/a.nuspec", related=(place,))
    one.finding(None, path="out/a.nupkg")
    assert render(one.report(), "github", OutputOptions(uri_prefix="src")).splitlines() == [
        "::error file=src/b.csproj,line=1,col=2,endLine=1,endColumn=8,title=UMB104 not-allowed-value"
        "::it is not allowed (in a.nuspec, line 4)%0Asee out/a.nupkg: the package"
        "%0Asee b.csproj:1:2: here it is written",
        "::error file=src/out/a.nupkg,title=UMB104 not-allowed-value::it is not allowed",
    ]
