import re

import pytest

from umbmarket.git.wildmatch import MOST_SPELLINGS, expression, spellings, tokens


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (b"[Bb]in", [b"Bin", b"bin"]),
        (b"a\\*", [b"a*"]),
        (b"[ab][cd]", [b"ac", b"ad", b"bc", b"bd"]),
        (b"[a-d][a-d]", [bytes((first, second)) for first in b"abcd" for second in b"abcd"]),
        (b"[a-d][a-e]", None),
        (b"a?", None),
        (b"a*", None),
    ],
)
def test_few_spellings_are_kept_as_such(pattern: bytes, expected: list[bytes] | None) -> None:
    parts = tokens(pattern, is_path=False, ignore_case=False)
    assert parts is not None
    assert spellings(parts) == expected
    assert expected is None or len(expected) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        (b"**/a", [b"a", b"b/a", b"b/c/a"], [b"ba", b"a/b"]),
        (b"a/**", [b"a/", b"a/b", b"a/b/c"], [b"a", b"ab"]),
        (b"a/**/b", [b"a/b", b"a/c/b", b"a/c/d/b"], [b"ab", b"a/cb"]),
        (b"a/**/**/***/b", [b"a/b", b"a/c/b", b"a/c/d/b"], [b"ab", b"a/cb"]),
        (b"a**b", [b"ab", b"axb"], [b"a/b"]),
        (b"**\\/b", [b"/b", b"a/b"], [b"b"]),
        (b"*/b*c*d", [b"a/bcd", b"/bxcxcxd"], [b"a/b/cd", b"bcd", b"a/bcdx"]),
        (b"**/x*y/**/z", [b"xy/z", b"a/xby/c/z", b"xa/xy/z"], [b"xay/", b"xz/z"]),
        (b"[!b]", [b"a", b"\xff"], [b"b", b"/", b""]),
        (b"a?c", [b"abc"], [b"a/c", b"ac"]),
    ],
)
def test_paths(pattern: bytes, fits: list[bytes], does_not: list[bytes]) -> None:
    parts = tokens(pattern, is_path=True, ignore_case=False)
    assert parts is not None
    matcher = re.compile(expression(parts), re.DOTALL)
    assert [path for path in fits if not matcher.fullmatch(path)] == []
    assert [path for path in does_not if matcher.fullmatch(path)] == []


@pytest.mark.parametrize(
    "pattern", [b"[", b"[a", b"[]", b"[!]", b"[a\\", b"[a-\\", b"[[:no:]]", b"[[:alpha:", b"a\\", b"[/]"]
)
def test_patterns_that_never_fit(pattern: bytes) -> None:
    assert tokens(pattern, is_path=True, ignore_case=False) is None
