from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.output.columns import cells, padded, table, wrapped


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("包裹", 4), ("é", 1), ("e\u0301", 1)])
def test_cells(text: str, count: int) -> None:
    assert cells(text) == count
    assert cells(padded(text, 6)) == 6
    assert padded(text, 0) == text


def test_text_is_filled_at_spaces() -> None:
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]
    assert wrapped("one\n two\t\u3000three", 80) == ["one two three"]
    assert wrapped("", 10) == [""]
    assert wrapped("包裹 包裹 包裹", 9) == ["包裹 包裹", "包裹"]


def test_an_address_is_not_cut_unless_asked() -> None:
    address = "https://example.com/a/long/way"
    assert wrapped(f"see {address} now", 12) == ["see", address, "now"]
    assert wrapped(f"see {address}", 12, break_words=True) == ["see", "https://exam", "ple.com/a/lo", "ng/way"]


def test_a_letter_and_its_marks_stay_together() -> None:
    assert wrapped("e\u0301" * 3, 2, break_words=True) == ["e\u0301" * 2, "e\u0301"]
    assert wrapped("包裹包", 3, break_words=True) == ["包", "裹", "包"]


def test_what_terminals_obey_is_shown() -> None:
    assert wrapped("a\x1b[31m \u202e ##[x]", 80) == ["a\\x1b[31m \\u202e \\x23#[x]"]


def test_columns_take_what_they_need() -> None:
    assert table([("A", "B"), ("one", "x"), ("2", "three")], 80, (1, 1)) == ["A    B", "one  x", "2    three"]


def test_wide_columns_are_narrowed_first() -> None:
    rows = [("net8.0", "Umbraco.Cms.Core.Something", "17"), ("net9.0", "Umbraco.Cms", "18")]
    assert table(rows, 26, (6, 8, 2)) == [
        "net8.0  Umbraco.Cms.Co  17",
        "        re.Something",
        "net9.0  Umbraco.Cms     18",
    ]
    assert table([("abcdef", "ghijkl")], 4, (3, 3)) == ["abc  ghi", "def  jkl"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(2, 40))
def test_lines_keep_the_width_and_lose_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width, break_words=True)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(wrapped(text, 10_000)).replace(" ", "")
