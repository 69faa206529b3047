"""The examples of the rules' pages: what is shown as bad gives the finding, what is shown as good gives no error."""

from __future__ import annotations

import re

import pytest

import umbmarket
from umbmarket.check.catalogue import RulePage
from umbmarket.findings import Severity
from umbmarket.umbraco.rules import all_rules

NAME = "umbraco-marketplace.json"

_ASIDE = re.compile(r"    \([^()]*\)\Z")
"""What an example says of itself behind the text."""

WITH_MORE = frozenset(
    {
        "UMB002",
        "UMB010",
        "UMB106",
        "UMB208",
        "UMB214",
        "UMB216",
        "UMB225",
        "UMB404",
    }
)
"""Rules whose bad example is shortened, is in another encoding, or is bad only beside a package or a file."""


def examples(kind: str) -> dict[str, str]:
    """The examples of offline rules that are listings as they stand, by code."""
    found = {}
    for code, rule in all_rules().items():
        page = RulePage.parse(rule.check)
        text = _ASIDE.sub("", page.bad if kind == "bad" else page.good)
        if not rule.online and text.startswith(("{", "[")) and text.rstrip().endswith(("}", "]")):
            found[code] = text
    return found


@pytest.mark.parametrize("code", examples("good"))
def test_what_is_shown_as_good_gives_no_error(code: str) -> None:
    found = umbmarket.validate((), stdin=(NAME, examples("good")[code].encode())).findings
    assert [(each.code, each.message) for each in found if each.severity is Severity.ERROR or each.code == code] == []


@pytest.mark.parametrize("code", [code for code in examples("bad") if code not in WITH_MORE])
def test_what_is_shown_as_bad_gives_the_finding(code: str) -> None:
    data = examples("bad")[code].replace("\\ufeff", "\ufeff").encode()
    assert code in {each.code for each in umbmarket.validate((), stdin=(NAME, data)).findings}
