"""How a user's text stands in a message."""

from __future__ import annotations

import pytest

from umbmarket.findings import quote, shortened

RAW = "https://raw.githubusercontent.com/somebody/some-package/main/docs/screenshots"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "ab…efg"),
        ("abcdefgh", 7, "abc…fgh"),
        ("ab", 1, "…"),
        ("abc", 2, "…c"),
        ("", 1, ""),
    ],
)
def test_the_middle_is_left_out(text: str, limit: int, expected: str) -> None:
    assert shortened(text, limit) == expected


def test_addresses_that_differ_at_their_ends_differ_in_messages() -> None:
    told = {quote(f"{RAW}/editor-{number}.png") for number in range(11)}
    assert len(told) == 11
    assert quote(f"{RAW}/editor-7.png") == '"https://raw.githubusercontent…/docs/screenshots/editor-7.png"'


def test_what_does_not_print_is_made_visible_after_cutting() -> None:
    assert quote("\x1b" * 70, 5) == r'"\x1b\x1b…\x1b\x1b"'


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("e\u0301" * 10, 6, "e\u0301…e\u0301"),
        ("e\u0301" * 10, 8, "e\u0301…e\u0301e\u0301"),
        ("abcdefgh", 5, "ab…gh"),
        ("ab\U0001f468\u200d\U0001f469cdefgh", 9, "ab…efgh"),
        ("abcdefgh\U0001f468\u200d\U0001f469z", 5, "ab…z"),
        ("\u0301" * 20, 5, "…"),
        ("\u0928\u093f" * 10, 4, "…\u0928\u093f"),
    ],
)
def test_a_letter_that_is_cut_off_goes_with_its_marks(text: str, limit: int, shown: str) -> None:
    assert shortened(text, limit) == shown
    assert len(shortened(text, limit)) <= limit
