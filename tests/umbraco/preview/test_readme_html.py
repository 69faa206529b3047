"""Readmes in a preview: GitHub's Markdown, nothing that acts, and dead links that are marked."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.umbraco.preview.hostile import README
from umbmarket.findings import Finding, Severity
from umbmarket.umbraco.preview.pictures_of_page import Pictures
from umbmarket.umbraco.preview.readme_html import LONGEST, RenderedReadme, render_readme


def finding(target: str, kind: str = "link") -> Finding:
    args = {"target": target, "kind": kind}
    return Finding("UMB309", "readme", Severity.WARNING, "m", "r.md", None, "", None, "w", "h", args, ())


def rendered(text: str, *findings: Finding, remote: bool = False) -> RenderedReadme:
    return render_readme(text, findings, Pictures(None, remote=remote))


def html(text: str, *findings: Finding) -> str:
    return rendered(text, *findings).html.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("# One", '<h3 id="readme-one">One</h3>'),
        ("###### Six", '<h6 id="readme-six">Six</h6>'),
        ("## A *b* & c!", '<h4 id="readme-a-b--c">A <em>b</em> &amp; c!</h4>'),
        (
            "[a](https://example.com/ 'T')",
            '<p><a href="https://example.com/" title="T" rel="noopener noreferrer nofollow">a</a></p>',
        ),
        ("[a](mailto:x@example.com)", '<p><a href="mailto:x@example.com" rel="noopener noreferrer nofollow">a</a></p>'),
        ("> [!NOTE]\n> Text", "<blockquote>\n<p>[!NOTE]\nText</p>\n</blockquote>"),
        ("```\na < b\n```", '<pre tabindex="0"><code>a &lt; b\n</code></pre>'),
        (
            "- [x] a\n- [ ] b",
            '<ul>\n<li class="task-list-item"><span class="task" role="img" aria-label="done">☑</span> a</li>\n'
            '<li class="task-list-item"><span class="task" role="img" aria-label="to do">☐</span> b</li>\n</ul>',
        ),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_table_scrolls_within_the_page() -> None:
    found = html("| a |\n|---|\n| b |\n\nafter")
    assert found.startswith('<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
    assert found.endswith("</table></div>\n<p>after</p>")


def test_a_dead_link_is_marked_with_the_code_and_leads_nowhere() -> None:
    found = rendered("[the docs](docs/index.md)", finding("docs/index.md"))
    assert found.html == (
        '<p><span class="code-mark" title="docs/index.md leads nowhere on the page">UMB309</span>'
        '<a class="dead">the docs</a></p>\n'
    )
    assert found.dead == 1


def test_a_dead_link_that_no_finding_tells_is_marked_all_the_same() -> None:
    assert ">dead</span>" in html("[a](docs/index.md)")


def test_a_target_that_markdown_encodes_is_found_again() -> None:
    assert ">UMB309</span>" in html("[a](<docs/größe x.md>)", finding("docs/größe x.md"))


def test_a_dead_image_shows_where_it_should_be() -> None:
    found = rendered("![The editor](images/editor.png)", finding("images/editor.png", "image"))
    assert '<span class="no-image dead">The editor: images/editor.png</span>' in found.html
    assert "<img" not in found.html


def test_an_image_from_elsewhere_is_named() -> None:
    found = html("![Downloads](https://img.shields.io/nuget/dt/x)")
    assert found == (
        '<p><span class="no-image" title="https://img.shields.io/nuget/dt/x: it is not in this working tree">'
        "Downloads <small>img.shields.io</small></span></p>"
    )


def test_an_image_from_elsewhere_is_fetched_where_that_is_wanted() -> None:
    found = rendered("![a](https://example.com/a.png)", remote=True).html
    assert found == '<p><img src="https://example.com/a.png" alt="a"></p>\n'


def test_anchors_lead_to_headings_of_the_readme() -> None:
    found = html("[go](#Set-Up) [top](#top)\n\n## Set up\n\n## Set up")
    assert '<a href="#readme-set-up">go</a>' in found
    assert '<a href="#readme">top</a>' in found
    assert found.count('id="readme-set-up"') == 1


def test_an_anchor_that_no_heading_has_is_marked() -> None:
    assert '<a class="dead">go</a>' in html("[go](#nowhere)", finding("#nowhere"))


def test_ids_of_a_readme_are_never_those_of_the_page() -> None:
    found = html('<p id="content">a</p>\n\n<a id="sheet"></a><a name="others">b</a>')
    assert re.findall(r'id="([^"]*)"', found) == ["readme-content", "readme-sheet", "readme-others"]


def test_an_address_without_a_scheme_gets_one() -> None:
    assert 'href="https://example.com/a"' in html("[a](//example.com/a)")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_schemes_that_act_are_no_links(target: str) -> None:
    found = html(f'[a]({target}) <a href="{target}">b</a> <img src="{target}">')
    assert "href" not in found
    assert "src=" not in found


def test_nothing_of_a_hostile_readme_acts() -> None:
    found = html(README)
    assert not re.search(
        r"<(?:script|style|iframe|object|embed|form|input|button|svg|math|link|meta|base|video)", found
    )
    assert not re.search(r"<[^>]*\s(?:on\w+|style|srcset|ping|src)\s*=", found)
    for address in re.findall(r'href="([^"]*)"', found):
        assert address.startswith(("https://", "#readme"))


@pytest.mark.parametrize(
    "character", ["\0", "\x08", "\x0b", "\x7f", "\x85", "\u202e", "\ud800", "\ufdd0", "\ufffe", "\U0001ffff"]
)
def test_what_html_may_not_hold_is_replaced(character: str) -> None:
    found = html(f"a{character}b &#{ord(character)};")
    assert character not in found
    assert "a\ufffdb" in found
    found.encode("utf-8")


OPENED = (
    *("a", "b", "blockquote", "br", "code", "dd", "details", "div", "dl", "dt", "em", "h2", "hr", "img", "input", "li"),
    *("ol", "p", "pre", "span", "summary", "table", "td", "tr", "th", "ul", "script", "style", "svg", "math", "select"),
    *("option", "button", "form", "font", "center", "body", "html"),
)
MARKS = ("**", "`", "\n\n", "\n", "> ", "- ", "# ", "| a |\n|---|\n", "[x](y)", "![x](y)", "<!--", "-->", "&#0;", "x")
PIECES = st.one_of(
    st.sampled_from(OPENED).map(lambda name: f"<{name} id=x href='#x' src=y>"),
    st.sampled_from(OPENED).map(lambda name: f"</{name}>"),
    st.sampled_from(MARKS),
)


@given(st.lists(PIECES, max_size=25))
def test_whatever_a_readme_holds_is_html_without_a_mistake(pieces: list[str]) -> None:
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(f"<!DOCTYPE html><title>x</title><div>{html(''.join(pieces))}</div><p>after</p>")


@pytest.mark.parametrize(
    "text", ["<p><select><p>a", "<button><p>a<button>b", "<li><summary><li>a", "<p><button><p>a</p>"]
)
def test_what_is_taken_out_leaves_no_mistake_behind(text: str) -> None:
    html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html><title>x</title><div>{html(text)}</div>")


def test_details_keep_their_summary() -> None:
    text = "<details><summary>a</summary>b</details>"
    assert html(text) == text


def test_a_very_long_readme_is_cut() -> None:
    found = rendered("word " * (LONGEST // 5 + 1))
    assert found.is_cut
    assert not rendered("word").is_cut


@pytest.mark.parametrize(
    "text", ["> " * 5_000, "- " * 5_000, "<div>" * 5_000, "[" * 20_000, "*a " * 5_000, "| a " * 3_000]
)
def test_deep_and_long_texts_are_rendered(text: str) -> None:
    assert isinstance(rendered(text).html, str)
