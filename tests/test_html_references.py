"""References in HTML: what `html.unescape` says, and no limit to the digits of a number."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.formats.markdown.anchors import anchors_of, has_anchor
from umbmarket.formats.markdown.targets import readme_links
from umbmarket.html_references import unescaped
from umbmarket.web.page_text import first_lines

LONG = "&#" + "1" * 5_000 + ";"
"""More digits than Python's `int` takes."""


@given(st.text(alphabet="&#;xX0123456789abAmplt<\n", max_size=40))
def test_short_references_are_what_the_library_says(text: str) -> None:
    assert unescaped(text) == unescape(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (LONG, "\ufffd"),
        (LONG.removesuffix(";"), "\ufffd"),
        ("&#" + "0" * 5_000 + "65;b", "Ab"),
        ("&#" + "0" * 5_000 + ";", "\ufffd"),
        ("&#0001114109;", "\U0010fffd"),
        ("&#0001114112;&#10000000;&#99999999;", "\ufffd\ufffd\ufffd"),
        ("&#x" + "f" * 5_000 + ";", "\ufffd"),
        ("&#x" + "0" * 5_000 + "41;", "A"),
    ],
)
def test_a_number_may_have_any_number_of_digits(text: str, meant: str) -> None:
    assert unescaped(text) == meant


def test_everything_that_reads_html_takes_such_a_number() -> None:
    assert first_lines(f"<p>a{LONG}b".encode(), "text/html", (), cut_off=False) == ("a\ufffdb",)
    inline, html = readme_links(f'[x](a{LONG})\n\n<a href="b{LONG}">\n')
    assert (inline.target, html.target) == ("a\ufffd", "b\ufffd")
    assert has_anchor(anchors_of(f"# a{LONG}b\n"), f"#a{LONG}b")
