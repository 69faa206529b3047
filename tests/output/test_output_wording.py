from __future__ import annotations

from dataclasses import replace

import pytest

from umbmarket.check.report import Mending
from umbmarket.findings import Edit, Fix, Severity
from umbmarket.output.wording import fixable_line, statistics_lines, summary_line


@pytest.mark.parametrize(
    ("errors", "warnings", "infos", "listings", "packages", "suppressed", "line"),
    [
        (0, 0, 0, 1, 0, 0, "No findings in 1 listing"),
        (0, 0, 0, 3, 0, 0, "No findings in 3 listings"),
        (0, 0, 0, 3, 0, 2, "No findings in 3 listings (2 suppressed)"),
        (0, 0, 0, 0, 1, 0, "No findings in 1 package"),
        (0, 0, 0, 0, 0, 0, "No findings in no file"),
        (2, 1, 0, 1, 0, 0, "2 errors, 1 warning in 1 listing"),
        (1, 0, 0, 2, 0, 0, "1 error in 2 listings"),
        (0, 2, 0, 1, 2, 0, "2 warnings in 1 listing and 2 packages"),
        (1, 2, 1, 1, 1, 3, "1 error, 2 warnings, 1 suggestion in 1 listing and 1 package (3 suppressed)"),
        (0, 0, 5, 2, 0, 1, "5 suggestions in 2 listings (1 suppressed)"),
    ],
)
def test_the_summary(book, errors, warnings, infos, listings, packages, suppressed, line):
    one = book()
    for number in range(listings):
        one.file(f"{number}.json")
    for number in range(packages):
        one.file(f"{number}.nupkg", kind="package")
    for severity, count in zip(Severity, (errors, warnings, infos), strict=True):
        for _ in range(count):
            one.finding(None, severity=severity)
    assert summary_line(one.report(suppressed=suppressed)) == line


def test_kinds_are_named_in_the_order_of_the_files(book):
    one = (
        book().file("a.zip", kind="bundle").file("b.json").file("c.zip", kind="bundle").file("d.nupkg", kind="package")
    )
    assert summary_line(one.report()) == "No findings in 2 bundles, 1 listing and 1 package"


def test_what_is_left_out_is_counted(book):
    report = book().file("a.json").report(suppressed=2, capped=1400)
    assert summary_line(report) == "No findings in 1 listing (2 suppressed, 1400 more not shown)"


SAFE, UNSAFE = (Fix("x", safety, (Edit(0, 0, "x"),)) for safety in ("safe", "unsafe"))


@pytest.mark.parametrize(
    ("fixes", "line"),
    [
        ([()], None),
        ([(SAFE,), (), (UNSAFE, SAFE)], "2 fixable with --fix"),
        ([(SAFE,), (UNSAFE,)], "1 fixable with --fix, 1 more with --unsafe-fixes"),
        ([(UNSAFE,), (UNSAFE,)], "2 fixable with --fix --unsafe-fixes"),
    ],
)
def test_what_can_be_fixed_is_counted(book, fixes, line):
    one = book().file("a.json")
    for each in fixes:
        one.finding(None, severity=Severity.INFO, fixes=each)
    report = one.report()
    assert fixable_line(report) == line
    assert fixable_line(report.least(Severity.ERROR)) == line
    assert fixable_line(replace(report, mending=Mending(()))) is None


def test_the_statistics_of_nothing(book):
    assert statistics_lines(book().report()) == []
