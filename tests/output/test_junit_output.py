from __future__ import annotations

from xml.etree import ElementTree

import pytest

from umbmarket.findings import Region, Severity
from umbmarket.output import OutputOptions, render
from umbmarket.settings.options import FailOn


def suite(report):
    """The one suite; the counts are right, on both levels."""
    root = ElementTree.fromstring(render(report, "junit"))
    assert root.tag == "testsuites"
    (only,) = root
    assert only.tag == "testsuite"
    assert only.attrib == root.attrib
    assert only.attrib == {
        "name": "umbmarket",
        "tests": str(len(only)),
        "failures": str(len(only.findall("testcase/failure"))),
        "errors": str(len(only.findall("testcase/error"))),
        "skipped": "0",
    }
    return only


def test_the_whole(sample_report, matches_snapshot):
    matches_snapshot("junit.xml", render(sample_report, "junit"))


def test_options_change_nothing(sample_report):
    every = OutputOptions(color=True, quiet=True, verbose=True, statistics=True, width=20, uri_prefix="x")
    assert render(sample_report, "junit", every) == render(sample_report, "junit")


def test_a_finding_is_a_test_that_fails(book):
    one = book().file("a.json", '{\n"A": 1}')
    one.finding('"A"', path="a.json", message='it is <wrong> & "odd"', why="because", help="mend it")
    (case,) = suite(one.report())
    assert case.attrib == {
        "classname": "a.json",
        "name": "UMB104 not-allowed-value at 2:1",
        "file": "a.json",
        "line": "2",
    }
    (failure,) = case
    assert (failure.tag, failure.attrib) == ("failure", {"type": "error", "message": 'it is <wrong> & "odd"'})
    assert failure.text == 'a.json:2:1 error[UMB104] it is <wrong> & "odd"\nwhy: because\nhelp: mend it'


def test_a_clean_file_is_a_test_that_passes(book):
    (case,) = suite(book().file("a.json", "{}").report())
    assert case.attrib == {"classname": "a.json", "name": "no findings", "file": "a.json"}
    assert len(case) == 0


def test_files_come_in_their_order(sample_report):
    assert list(dict.fromkeys(case.get("classname") for case in suite(sample_report))) == [
        "src/Søk/umbraco-marketplace.json",
        "broken.json",
        "clean.json",
        "dist/Search.1.0.0.nupkg",
    ]


@pytest.mark.parametrize(
    ("fail_on", "outcomes"),
    [
        (FailOn.ERROR, ["failure", "system-out", "system-out"]),
        (FailOn.WARNING, ["failure", "failure", "system-out"]),
        (FailOn.INFO, ["failure", "failure", "failure"]),
        (FailOn.NEVER, ["system-out", "system-out", "system-out"]),
    ],
)
def test_a_test_fails_where_the_run_does(book, fail_on, outcomes):
    one = book().file(text="{}")
    for severity in Severity:
        one.finding("{", severity=severity)
    report = one.report(fail_on=fail_on)
    assert [case[0].tag for case in suite(report)] == outcomes
    assert (int(suite(report).get("failures", "")) > 0) == (report.exit_code == 1)


def test_a_finding_in_an_archive_belongs_to_the_archive(book):
    one = book().file("a.nupkg", kind="package").finding(Region(7, 3, 7, 5, 0, 2), path="a.nupkg!/a.nuspec")
    (case,) = suite(one.report())
    assert case.attrib == {
        "classname": "a.nupkg",
        "name": "UMB104 not-allowed-value at a.nuspec:7:3",
        "file": "a.nupkg",
    }
    assert (case[0].text or "").startswith("a.nupkg!/a.nuspec:7:3 error[UMB104]")


def test_a_file_as_a_whole_has_no_line(book):
    (case,) = suite(book().file("a.json").finding(None, path="a.json").report())
    assert case.attrib == {"classname": "a.json", "name": "UMB104 not-allowed-value", "file": "a.json"}


def test_a_broken_rule_is_an_error(book):
    _, case = suite(book().file(text="{}").report(failures=("UMB104 broke on a.json",)))
    assert case.attrib == {"classname": "umbmarket", "name": "internal failure"}
    assert (case[0].tag, case[0].attrib) == ("error", {"type": "internal", "message": "UMB104 broke on a.json"})


def test_nothing_to_check_is_no_test(book):
    assert len(suite(book().report())) == 0


def test_the_encoding_it_names_is_the_one_it_has(sample_report):
    text = render(sample_report, "junit")
    assert text.startswith("<?xml version='1.0' encoding='us-ascii'?>\n")
    assert text.isascii()


def test_hostile_strings(hostile_report, matches_snapshot):
    assert len(suite(hostile_report)) == 4
    matches_snapshot("junit-hostile.xml", render(hostile_report, "junit"))


def test_each_test_of_a_file_has_a_name_of_its_own(book):
    one = book().file("a.json", '{"A": 1}').file("b.json", '{"A": 1}')
    for _ in range(3):
        one.finding('"A"', path="a.json")
    one.finding('"A"', path="b.json").finding(None, path="b.json").finding(None, path="b.json")
    one.finding(None, path="b.json", name="not-allowed-value (2)")
    cases = suite(one.report(failures=("one", "two")))
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("a.json", "UMB104 not-allowed-value at 1:2"),
        ("a.json", "UMB104 not-allowed-value at 1:2 (2)"),
        ("a.json", "UMB104 not-allowed-value at 1:2 (3)"),
        ("b.json", "UMB104 not-allowed-value at 1:2"),
        ("b.json", "UMB104 not-allowed-value"),
        ("b.json", "UMB104 not-allowed-value (2)"),
        ("b.json", "UMB104 not-allowed-value (2) (2)"),
        ("umbmarket", "internal failure"),
        ("umbmarket", "internal failure (2)"),
    ]
