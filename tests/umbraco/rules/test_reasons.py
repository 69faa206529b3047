"""Reasons in the data of findings (`args`): clauses that a person reads in other tools, word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import CASES
from tests.umbraco.rules.case_folders import check_case

NOT_AN_ID = "but an id consists of letters, digits, '_', '.' and '-'"


@pytest.mark.parametrize(
    ("case", "key", "reasons"),
    [
        (
            "UMB209/bad/not-ids",
            "problem",
            [
                f"it contains ' ', {NOT_AN_ID}",
                f"it contains ':', {NOT_AN_ID}",
                f"it contains ' ', {NOT_AN_ID}",
                "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'",
                f"it contains '@', {NOT_AN_ID}",
            ],
        ),
        ("UMB210/bad/unknown-and-twice", "major", ["6", "130", 8, None]),
        (
            "UMB313/bad/id",
            "reason",
            ["it contains 'é', but nuget.org accepts only ASCII letters in the id of a new package"],
        ),
        (
            "UMB702/bad/transitive-pinning",
            "unknown",
            [{"dependencies": "transitive packages with a central version become dependencies too"}],
        ),
    ],
)
def test_a_reason_is_plain(case: str, key: str, reasons: list[object], tmp_path: Path) -> None:
    found = check_case(CASES / case, tmp_path)
    assert [each.args[key] for each in found if key in each.args] == reasons
