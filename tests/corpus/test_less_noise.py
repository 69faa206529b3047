"""How much is written about 105 real listings, and that no error or warning is lost by writing less."""

from __future__ import annotations

import re

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.check.report import Report
from umbmarket.findings import Severity
from umbmarket.output import OutputOptions, render

CHARACTERS_BEFORE = 79_252
LINES_BEFORE = 1_377
"""What the text output was when it showed every info: measured before `--min-severity` came, at commit 4940b6c."""

HEADLINE = re.compile(
    r"^(?P<place>listings/[^ ]+?)(?P<at>:[0-9]+:[0-9]+)? (?P<severity>[a-z]+)\[(?P<code>UMB[0-9]+)\] "
)


@pytest.fixture(scope="module")
def report() -> Report:
    return umbmarket.validate([CORPUS / entry["file"] for entry in listings()], root=CORPUS)


def shown(report: Report, **options) -> list[tuple[str, str, str]]:
    """Place, severity and code of each finding in the text output."""
    matches = map(HEADLINE.match, render(report, "text", OutputOptions(**options)).splitlines())
    return [(f"{match['place']}{match['at'] or ''}", match["severity"], match["code"]) for match in matches if match]


@needs_corpus
def test_the_default_text_is_at_most_half_as_long_as_it_was(report: Report) -> None:
    text = render(report, "text")
    assert 0 < len(text) <= CHARACTERS_BEFORE / 2
    assert 0 < text.count("\n") <= LINES_BEFORE / 2


@needs_corpus
def test_no_error_or_warning_is_lost(report: Report) -> None:
    found = [
        (f"{each.path}:{each.region.line}:{each.region.column}" if each.region else each.path, each.severity, each.code)
        for each in report.findings
    ]
    grave = [each for each in found if each[1] != Severity.INFO]
    assert len(grave) > 50
    assert sorted(shown(report)) == sorted(grave)
    assert sorted(shown(report, min_severity=Severity.INFO)) == sorted(found)


@needs_corpus
def test_what_is_not_shown_is_counted(report: Report) -> None:
    infos = report.summary.infos
    assert f"\n{infos} suggestions, --min-severity info shows them\n" in render(report, "text")
