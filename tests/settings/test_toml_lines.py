"""Where a key of a TOML document stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.settings.toml_lines import TomlLines

TEXT = """\
# select = 0
select = [
  "one",  # not "two"
  'two',
]
"fail-on"="x"

[ severity ] # here
UMB1 = "info"
 "a b" . c = 1
[tool . umbmarket."per-file-ignores"]
'docs/**' = ["one"]
[[list]]
x = 1
"""


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("select",), None, 2),
        (("select",), "one", 3),
        (("select",), "three", 2),
        (("fail-on",), None, 6),
        (("fail-on",), "x", 6),
        (("severity",), None, 8),
        (("severity", "UMB1"), "info", 9),
        (("severity", "UMB2"), None, 8),
        (("severity", "a b", "c"), None, 10),
        (("severity", "a b"), None, 10),
        (("tool", "umbmarket", "per-file-ignores", "docs/**"), "one", 12),
        (("tool",), None, 11),
        (("nothing",), None, None),
        ((), None, None),
    ],
)
def test_line_of_a_key(path: tuple[str, ...], value: str | None, line: int | None) -> None:
    assert TomlLines(TEXT).line_of(path, value) == line


def test_two_on_a_line_in_a_comment_is_not_preferred_to_an_earlier_line() -> None:
    assert TomlLines(TEXT).line_of(("select",), "two") == 3


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80), path=st.lists(st.text(max_size=5), max_size=3))
def test_any_text_gives_a_line_of_it_or_none(text: str, path: list[str]) -> None:
    line = TomlLines(text).line_of(path)
    assert line is None or 1 <= line <= text.count("\n") + 1


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_ends_where_toml_ends_it(end: str) -> None:
    text = f"# a\x85b\u2028c\u2029d{end}select = []{end}fail-on = 'x'{end}"
    assert [TomlLines(text).line_of((key,)) for key in ("select", "fail-on")] == [2, 3]


def test_a_line_that_looks_like_a_deep_value_is_no_key() -> None:
    """In a text over several lines anything may stand."""
    text = f'exclude = ["""\n[a = {"[" * 100_000}]\n"""]\nselect = []\n'
    assert TomlLines(text).line_of(("select",)) == 4
