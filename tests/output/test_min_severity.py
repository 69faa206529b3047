"""Which findings a format shows by default, in which order, and that what fails the run is among them."""

from __future__ import annotations

import json

import pytest

from umbmarket.check.report import ExitCode
from umbmarket.findings import Severity
from umbmarket.output import Format, OutputOptions, default_min_severity, render
from umbmarket.output.wording import summary_lines
from umbmarket.settings.options import FailOn

FOR_PEOPLE = ("text", "concise", "msbuild", "github", "markdown")
FOR_PROGRAMS = ("json", "sarif", "gitlab", "junit")


@pytest.fixture
def mixed(book):
    """Two files, each with an info, a warning and an error in this order."""
    one = book()
    for path in ("a.json", "b.json"):
        one.file(path, '{"A": "B"}')
        one.finding('"A"', path=path, code="UMB112", name="missing-schema", severity=Severity.INFO, message="an info")
        one.finding(":", path=path, code="UMB207", name="spaces", severity=Severity.WARNING, message="a warning")
        one.finding('"B"', path=path, code="UMB104", name="not-allowed", severity=Severity.ERROR, message="an error")
    return one


def codes(text: str) -> list[str]:
    """The codes of the lines that begin a finding, in their order."""
    return [line.split("UMB")[1][:3] for line in text.splitlines() if "UMB" in line]


def test_people_see_warnings_and_programs_everything():
    shown = {format.value: default_min_severity(format).value for format in Format}
    assert {name: shown[name] for name in FOR_PEOPLE} == dict.fromkeys(FOR_PEOPLE, "warning")
    assert {name: shown[name] for name in FOR_PROGRAMS} == dict.fromkeys(FOR_PROGRAMS, "info")
    assert {*FOR_PEOPLE, *FOR_PROGRAMS} == set(shown)


@pytest.mark.parametrize("format", FOR_PEOPLE)
def test_errors_come_first_within_a_file(format, mixed):
    everything = render(mixed.report(), format, OutputOptions(quiet=True, min_severity=Severity.INFO))
    assert codes(everything) == ["104", "207", "112"] * 2
    assert codes(render(mixed.report(), format, OutputOptions(quiet=True))) == ["104", "207"] * 2


def test_findings_of_one_severity_keep_the_order_of_the_file(book):
    one = book().file(text='{"A": "B"}')
    for at in ('"A"', '"B"'):
        one.finding(at, severity=Severity.WARNING, code="UMB207").finding(at, code="UMB104")
    lines = render(one.report(), "concise", OutputOptions(quiet=True)).splitlines()
    assert [line.split(":")[2] + line.split("UMB")[1][:3] for line in lines] == ["2104", "7104", "2207", "7207"]


def test_a_package_is_one_file_whatever_member_is_meant(book):
    one = book().file("a.nupkg", kind="package")
    one.finding(None, path="a.nupkg!/a.txt", severity=Severity.WARNING, code="UMB316")
    one.finding(None, path="a.nupkg!/b.nuspec", code="UMB301")
    assert codes(render(one.report(), "concise", OutputOptions(quiet=True))) == ["301", "316"]


def test_programs_get_the_order_of_the_file(mixed):
    report = mixed.report()
    document = json.loads(render(report, "json"))
    assert [finding["code"] for finding in document["findings"]] == ["UMB112", "UMB207", "UMB104"] * 2
    (run,) = json.loads(render(report, "sarif"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["UMB112", "UMB207", "UMB104"] * 2
    written = render(report, "junit")
    assert written.index("UMB112") < written.index("UMB207") < written.index("UMB104")


@pytest.mark.parametrize("format", [format.value for format in Format])
@pytest.mark.parametrize("least", Severity)
def test_what_can_fail_the_run_is_shown_in_every_format(format, least, mixed):
    for fail_on in FailOn:
        text = render(mixed.report(fail_on=fail_on), format, OutputOptions(min_severity=least))
        for message, severity in (("an info", "info"), ("a warning", "warning"), ("an error", "error")):
            is_shown = Severity(severity).rank >= least.rank or fail_on.fails(Severity(severity))
            assert (message in text.lower()) == is_shown, (fail_on, message)


def test_what_is_not_shown_changes_no_exit_code(book):
    infos = book().finding(None, severity=Severity.INFO, path="umbraco_marketplace.json")
    for fail_on, code in ((FailOn.ERROR, ExitCode.CLEAN), (FailOn.INFO, ExitCode.FINDINGS)):
        report = infos.report(fail_on=fail_on)
        assert report.exit_code is report.least(Severity.ERROR).exit_code is code
    log = json.loads(render(infos.report(), "sarif", OutputOptions(min_severity=Severity.ERROR)))
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"][0]["exitCode"] == 0


@pytest.mark.parametrize(
    ("severities", "least", "lines"),
    [
        ((), "warning", ["No findings in 1 listing"]),
        (("info",), "warning", ["No errors or warnings in 1 listing", "1 suggestion, --min-severity info shows it"]),
        (
            ("info",) * 3,
            "warning",
            ["No errors or warnings in 1 listing", "3 suggestions, --min-severity info shows them"],
        ),
        (("info",), "info", ["1 suggestion in 1 listing"]),
        (("error", "info"), "warning", ["1 error in 1 listing", "1 suggestion, --min-severity info shows it"]),
        (("warning",), "error", ["No errors in 1 listing", "1 warning, --min-severity warning shows it"]),
        (
            ("error", "warning", "warning", "info"),
            "error",
            ["1 error in 1 listing", "2 warnings and 1 suggestion, --min-severity info shows them"],
        ),
    ],
)
def test_the_summary_counts_what_is_not_shown(severities, least, lines, book):
    one = book().file("a.json")
    for severity in severities:
        one.finding(None, path="a.json", severity=Severity(severity))
    report = one.report(fail_on=FailOn.NEVER)
    assert summary_lines(report.least(Severity(least))) == lines
    options = OutputOptions(min_severity=Severity(least))
    for format in ("text", "concise"):
        assert render(report, format, options).splitlines()[-len(lines) :] == lines
    # GitHub's log has no summary, but says what it leaves out; quiet means the findings alone.
    assert ("--min-severity" in render(report, "github", options)) == (len(lines) == 2)
    for format in FOR_PEOPLE:
        assert "--min-severity" not in render(report, format, options._replace(quiet=True))


def test_statistics_count_what_is_not_shown(mixed):
    shown = render(mixed.report(), "concise", OutputOptions(statistics=True)).splitlines()
    assert shown[4:7] == ["2  UMB104  not-allowed", "2  UMB112  missing-schema", "2  UMB207  spaces"]
    hidden = render(mixed.report(), "text", OutputOptions(statistics=True, quiet=True)).splitlines()
    assert hidden[4:] == shown[4:7]


def test_json_counts_what_it_leaves_out(mixed):
    document = json.loads(render(mixed.report(), "json", OutputOptions(min_severity=Severity.WARNING)))
    assert [finding["code"] for finding in document["findings"]] == ["UMB207", "UMB104"] * 2
    assert document["summary"] == {
        "errors": 2,
        "warnings": 2,
        "infos": 0,
        "suppressed": 0,
        "files": 2,
        "hidden": 2,
    }
    assert "hidden" not in json.loads(render(mixed.report(), "json"))["summary"]
