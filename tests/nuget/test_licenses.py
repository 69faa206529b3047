"""Which ids of a licence expression are accepted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget.licenses import APPROVED_LICENSES, LICENSE_EXCEPTIONS, unapproved_ids


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "Apache-2.0+",
        "MIT OR Apache-2.0",
        "(MIT AND (BSD-3-Clause OR MPL-2.0))",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "",
    ],
)
def test_approved_ids_are_passed_over(expression: str) -> None:
    assert list(unapproved_ids(expression)) == []


@pytest.mark.parametrize(
    ("expression", "unapproved"),
    [
        ("Proprietary", ["Proprietary"]),
        ("mit", ["mit"]),
        ("GPL-2.0", ["GPL-2.0"]),
        ("GPL-3.0+ OR MIT", ["GPL-3.0"]),
        ("BUSL-1.1 OR (BUSL-1.1 AND Elastic-2.0)", ["BUSL-1.1", "Elastic-2.0"]),
        ("MIT, Apache-2.0", ["MIT,"]),
        ("MIT WITH MIT", ["MIT"]),
        ("Classpath-exception-2.0", ["Classpath-exception-2.0"]),
        ("MIT or Apache-2.0", ["or"]),
        ("+", ["+"]),
    ],
)
def test_other_ids_are_given_once_in_their_order(expression: str, unapproved: list[str]) -> None:
    assert list(unapproved_ids(expression)) == unapproved


def test_the_lists_are_apart() -> None:
    assert {"MIT", "MS-PL", "Unlicense", "EUPL-1.2"} <= APPROVED_LICENSES
    assert "LLVM-exception" in LICENSE_EXCEPTIONS
    assert not APPROVED_LICENSES & LICENSE_EXCEPTIONS


@settings(max_examples=100)
@given(st.text())
def test_any_text_can_be_read(expression: str) -> None:
    found = list(unapproved_ids(expression))
    assert len(set(found)) == len(found)
    assert not APPROVED_LICENSES & set(found) or "WITH" in expression
