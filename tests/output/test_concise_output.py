from __future__ import annotations

import re

from umbmarket.findings import Severity
from umbmarket.output import OutputOptions, render


def concise(report, **options):
    return render(report, "concise", OutputOptions(**options))


def test_the_whole(sample_report, matches_snapshot):
    matches_snapshot("concise.txt", concise(sample_report))


def test_a_line_for_each_finding_and_the_summary(book):
    report = book().file(text="{}").finding("}").finding(None).report()
    assert concise(report) == (
        "umbraco-marketplace.json:1:2: error: UMB104 it is not allowed\n"
        "umbraco-marketplace.json:1:1: error: UMB104 it is not allowed\n"
        "2 errors in 1 listing\n"
    )


def test_quiet_leaves_the_findings_alone(book):
    assert concise(book().file(text="{}").report(), quiet=True) == ""
    report = book().file(text="{}").finding("}").report()
    assert concise(report, quiet=True) == "umbraco-marketplace.json:1:2: error: UMB104 it is not allowed\n"


def test_the_table_of_counts_comes_before_the_summary(book):
    report = book().file(text="{}").finding("}").report()
    assert concise(report, statistics=True).splitlines()[1:] == [
        "1  UMB104  not-allowed-value",
        "1 error in 1 listing",
    ]


def test_colour_is_ours_alone(sample_report):
    colored = concise(sample_report, color=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == concise(sample_report)
    assert colored != concise(sample_report)


def test_hostile_strings(hostile_report, matches_snapshot):
    matches_snapshot("concise-hostile.txt", concise(hostile_report, statistics=True, min_severity=Severity.INFO))
