from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.formats.markdown.anchors import anchors_of, has_anchor

TEXT = """# My *package*

## Getting started &amp; more!
### :rocket: `AddMyPackage()` in [Startup](https://example.org/a)
Set up
------
Usage
=====
## Custom {#own-name}
<h2 align="center">In <b>HTML</b></h2>
<a name="old-anchor"></a><div id='box'></div>

Text[^1].

[^1]: A note.
## Größe & Maß
"""


@pytest.mark.parametrize(
    "target",
    [
        "#my-package",
        "#getting-started--more",
        "#getting-started-more",
        "#rocket-addmypackage-in-startup",
        "#set-up",
        "#usage",
        "#usage-1",
        "#own-name",
        "#in-html",
        "#old-anchor",
        "#box",
        "#fn-1",
        "#user-content-usage",
        "#gr%C3%B6%C3%9Fe--ma%C3%9F",
        "#Größe--maß",
        "#",
        "#top",
        "#readme",
    ],
)
def test_anchors_that_some_page_makes_are_known(target: str) -> None:
    assert has_anchor(anchors_of(TEXT), target)


@pytest.mark.parametrize("target", ["#installation", "#set", "#package", "#fn-2x", "#text"])
def test_other_anchors_are_not(target: str) -> None:
    assert not has_anchor(anchors_of(TEXT), target)


@given(st.text(st.sampled_from("#ab -=<>h2[](){}^:\"'\n1"), max_size=200))
def test_whatever_the_text_the_page_itself_is_there(text: str) -> None:
    assert has_anchor(anchors_of(text), "#top")


@pytest.mark.parametrize("piece", ["<h1 ", "<h1>", 'id="', "{#", "[^", "# [", "](", "> # "])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    assert has_anchor(anchors_of(piece * 20_000), "#top")


def test_a_heading_ends_at_the_end_of_its_line_alone() -> None:
    anchors = anchors_of("# Form\x0cfeed\x85and\u2028more\r## Next\r\nSet\x1cup\n---\n")
    for target in ("#formfeedandmore", "#next", "#setup"):
        assert has_anchor(anchors, target)
    assert not has_anchor(anchors, "#formfeedandmore-next")
