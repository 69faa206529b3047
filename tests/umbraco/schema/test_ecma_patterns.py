from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.schema.ecma_patterns import WHITE_SPACE, to_python


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("Url$", "FooUrl", True),
        ("Url$", "FooUrl\n", False),
        ("^a", "b\na", False),
        (r"^\S*$", "a\ufeff", False),
        (r"^\S*$", "a\u2028b", False),
        (r"^\S*$", "a\x1cb", True),
        (r"^\S*$", "a\x85b", True),
        (r"^\S*$", "a\u180eb", True),
        (r"^\S*$", "a\u00a0b", False),
        (r"^\s$", "\u3000", True),
        (r"^\d$", "٣", False),
        (r"^\d$", "3", True),
        (r"^\D$", "٣", True),
        (r"^\w$", "é", False),
        (r"^\w$", "_", True),
        (r"^\W$", "é", True),
        (r"^\:\/\-$", ":/-", True),
        (r"^[a-c\-\.\s]+$", "a-. \ufeffc", True),
        (r"^[^a-c]$", "d", True),
        (r"^[^a-c]$", "b", False),
        (r"^[\d\w]+$", "a1_", True),
        (r"^[-+a]$", "+", True),
        (r"^[[&~|]$", "&", True),
        (r"^.$", "\u2028", False),
        (r"^.$", "\x85", True),
        (r"^(a|b){2,3}?(?:c)+$", "abcc", True),
        (r"^a{2}b*c+d?$", "aacd", True),
        (r"^\t\n\v\f\r$", "\t\n\x0b\x0c\r", True),
        ("^a b#c$", "a b#c", True),
    ],
)
def test_a_pattern_means_what_it_means_in_ecmascript(pattern: str, text: str, found: bool) -> None:
    assert (re.search(to_python(pattern), text) is not None) is found


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?=a)", "cannot translate the group at 0 of the pattern '(?=a)'"),
        ("(?<n>a)", "cannot translate the group at 0 of the pattern '(?<n>a)'"),
        (r"(a)\1", r"cannot translate \1 at 3 of the pattern '(a)\\1'"),
        (r"\bx", r"cannot translate \b at 0 of the pattern '\\bx'"),
        (r"\u0041", r"cannot translate \u at 0 of the pattern '\\u0041'"),
        (r"[\S]", r"cannot translate \S in a class of the pattern '[\\S]'"),
        (r"[\b]", r"cannot translate \b in a class of the pattern '[\\b]'"),
        ("[]a]", "cannot translate the empty class at 0 of the pattern '[]a]'"),
        ("[a", "the class at 0 of the pattern '[a' is not closed"),
        ("a{x}", "cannot translate '{' at 1 of the pattern 'a{x}'"),
        ("a\\", "the pattern 'a\\\\' ends in a backslash"),
    ],
)
def test_what_it_does_not_know_it_refuses(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        to_python(pattern)


def test_white_space_is_that_of_the_standard() -> None:
    # Zs of Unicode, and what ECMA-262 lists by name.
    assert set(WHITE_SPACE) == {
        *"\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff",
        *map(chr, range(0x2000, 0x200B)),
    }


@given(st.text())
def test_a_translation_compiles_or_is_refused(pattern: str) -> None:
    try:
        translated = to_python(pattern)
    except ValueError:
        return
    try:
        re.compile(translated)
    except re.error:
        # Then it is no pattern in ECMAScript either: unbalanced, or a quantifier with nothing before it.
        assert re.search(r"[()*+?{}\-|]", pattern)
