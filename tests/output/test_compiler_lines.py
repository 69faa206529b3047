"""The lines of `concise` and `msbuild`, read by what editors, build services and our own matchers read them with."""

from __future__ import annotations

import json
import re

import pytest

from tests.shared_corpus import ROOT
from umbmarket.findings import Region, Severity
from umbmarket.output import OutputOptions, render

GCC = re.compile(r"^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)$")
"""`$gcc` of the C/C++ extension of Visual Studio Code (vscode-cpptools, Extension/package.json)."""

MS_COMPILE = re.compile(
    r"^\s*(?:\s*\d+>)?(\S.*?)(?:\((\d+|\d+,\d+|\d+,\d+,\d+,\d+)\))?\s*:\s+(?:(\S+)\s+)?"
    r"((?:fatal +)?error|warning|info)\s+(\w+\d+)?\s*:\s*(.*)$"
)
"""`$msCompile` of Visual Studio Code (src/vs/workbench/contrib/tasks/common/problemMatcher.ts): groups 1 file,
2 location, 4 severity, 5 code, 6 message."""

MATCHERS = ROOT / "matchers"


@pytest.fixture
def report(book):
    one = book().file("src/My App/a b.json", '{\n  "A": 1\n}').file("b.json", parsed="no", schema_valid=None)
    one.file("out/c.1.0.0.nupkg", kind="package", schema_valid=None)
    one.finding('"A"', path="src/My App/a b.json", message='"A": is (1,2): error here')
    one.finding(None, path="b.json", code="UMB001", severity=Severity.WARNING, message="cannot be read")
    one.finding(Region(4, 9, 5, 2, 120, 140), path="out/c.1.0.0.nupkg!/c.nuspec", code="UMB301", message="no tag")
    one.finding('"A"', path="src/My App/a b.json", code="UMB112", severity=Severity.INFO, message="could be")
    return one.report()


SHOWN = [
    ("src/My App/a b.json", (2, 3, 2, 6), "error", "UMB104", '"A": is (1,2): error here'),
    ("b.json", (1, 1, 1, 1), "warning", "UMB001", "cannot be read"),
    ("out/c.1.0.0.nupkg!/c.nuspec", (4, 9, 5, 2), "error", "UMB301", "no tag"),
    ("src/My App/a b.json", (2, 3, 2, 6), "info", "UMB112", "could be"),
]


def lines(report, format: str) -> list[str]:
    options = OutputOptions(min_severity=Severity.INFO, statistics=True)
    return render(report, format, options).splitlines()


def test_concise_is_what_gcc_writes(report):
    first, second, third, fourth, *rest = lines(report, "concise")
    assert first == 'src/My App/a b.json:2:3: error: UMB104 "A": is (1,2): error here'
    assert second == "b.json:1:1: warning: UMB001 cannot be read"
    assert third == "out/c.1.0.0.nupkg!/c.nuspec:4:9: error: UMB301 no tag"
    assert fourth == "src/My App/a b.json:2:3: note: UMB112 could be"
    assert rest[-1] == "2 errors, 1 warning, 1 suggestion in 2 listings and 1 package"


def test_msbuild_is_its_canonical_form(report):
    first, second, third, fourth, *rest = lines(report, "msbuild")
    assert first == 'src/My App/a b.json(2,3,2,6): error UMB104: "A": is (1,2): error here'
    assert second == "b.json(1,1,1,1): warning UMB001: cannot be read"
    assert third == "out/c.1.0.0.nupkg!/c.nuspec(4,9,5,2): error UMB301: no tag"
    assert fourth == "src/My App/a b.json(2,3,2,6): info UMB112: could be"
    assert rest[-1] == "2 errors, 1 warning, 1 suggestion in 2 listings and 1 package"


def test_gcc_of_visual_studio_code_reads_concise(report):
    found = [GCC.match(line) for line in lines(report, "concise")]
    assert [(match[1], int(match[2]), int(match[3]), match[4], match[5]) for match in found if match is not None] == [
        (path, place[0], place[1], severity, f"{code} {message}")
        for path, place, severity, code, message in SHOWN
        if severity != "info"
    ]


def test_mscompile_of_visual_studio_code_reads_msbuild(report):
    found = [MS_COMPILE.match(line) for line in lines(report, "msbuild")]
    assert [
        (match[1], tuple(map(int, match[2].split(","))), match[4], match[5], match[6])
        for match in found
        if match is not None
    ] == SHOWN


def pattern(name: str, *way) -> tuple[re.Pattern[str], dict[str, int]]:
    """The pattern of a shipped matcher, and the number of the group of each of its properties."""
    content = json.loads((MATCHERS / name).read_text("utf-8"))
    for step in way:
        content = content[step]
    return re.compile(content.pop("regexp")), content


@pytest.mark.parametrize(
    ("name", "way", "format", "info"),
    [
        ("github.json", ("problemMatcher", 0, "pattern", 0), "concise", None),
        ("github.json", ("problemMatcher", 1, "pattern", 0), "msbuild", None),
        ("vscode-tasks.json", ("tasks", 1, "problemMatcher", "pattern"), "concise", "note"),
    ],
)
def test_our_own_matchers_read_both(name, way, format, info, report):
    expression, groups = pattern(name, *way)
    found = [expression.match(line) for line in lines(report, format)]
    assert [
        tuple(match[groups[each]] for each in ("file", "line", "column", "severity", "code", "message"))
        for match in found
        if match is not None
    ] == [
        (path, str(place[0]), str(place[1]), info if severity == "info" else severity, code, message)
        for path, place, severity, code, message in SHOWN
        if severity != "info" or info
    ]


def test_the_tasks_run_what_the_matchers_read():
    first, second = json.loads((MATCHERS / "vscode-tasks.json").read_text("utf-8"))["tasks"]
    assert first["args"] == ["validate", "--format", "msbuild"]
    assert first["problemMatcher"]["base"] == "$msCompile"
    assert second["args"] == ["validate", "--format", "concise", "--min-severity", "info"]
    owners = [each["owner"] for each in json.loads((MATCHERS / "github.json").read_text("utf-8"))["problemMatcher"]]
    assert len(set(owners)) == len(owners)


@pytest.mark.parametrize("format", ["concise", "msbuild"])
def test_quiet_leaves_the_findings_alone(format, report, book):
    assert len(render(report, format, OutputOptions(quiet=True)).splitlines()) == 3
    assert render(book().file(text="{}").report(), format, OutputOptions(quiet=True)) == ""


def test_msbuild_as_a_whole(sample_report, hostile_report, matches_snapshot):
    matches_snapshot("msbuild.txt", render(sample_report, "msbuild"))
    options = OutputOptions(statistics=True, min_severity=Severity.INFO)
    matches_snapshot("msbuild-hostile.txt", render(hostile_report, "msbuild", options))
