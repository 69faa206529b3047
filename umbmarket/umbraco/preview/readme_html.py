"""A readme as HTML that is safe to show: Markdown with GitHub's tables and task lists, raw HTML sanitised.

How the Marketplace renders is not documented; that it takes Markdown, and that relative targets are dead there, is.
What nh3 gives is canonical (every attribute quoted, every tag in lower case), so exact patterns find its tags again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from umbmarket.findings import Finding, visible
from umbmarket.formats.markdown.anchors import squeezed
from umbmarket.formats.markdown.targets import form_of
from umbmarket.html_references import unescaped

if TYPE_CHECKING:
    from umbmarket.umbraco.preview.pictures_of_page import Pictures

LONGEST: Final = 300_000
"""Code points that are rendered: ten times the longest real readme that was seen."""

_TAGS: Final = frozenset(
    (
        *("a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
        *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input"),
        *("ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt"),
        *("u", "ul", "var"),
    )
)
_ATTRIBUTES: Final = {
    "*": {"id", "align"},
    "a": {"href", "name", "title"},
    "img": {"src", "alt", "title"},
    "input": {"checked"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "details": {"open"},
}
_WITHOUT_CONTENT: Final = {
    "script",
    "style",
    "title",
    "template",
    "iframe",
    "noscript",
    "object",
    "svg",
    "math",
    "textarea",
}
_OPENING = re.compile(r'<(?P<name>[a-z][a-z0-9]*)(?P<rest>(?: [a-z][a-z-]*="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' (?P<name>[a-z][a-z-]*)="(?P<value>[^"]*)"')
_HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
_HEADING_TEXT = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_SUMMARY = re.compile(r"(?P<details><details[^<>]*>\s*)?<summary[^<>]*>|(?P<end></summary>)")
_ANY_TAG = re.compile(r"<[^>]*>")
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""What may not stand in HTML (its standard, 13.1.4), and what turns the direction of text."""

_MOST_READINGS: Final = 5
_SHIFT: Final = 2
"""Levels that headings go down, as the page has two above the readme."""


class RenderedReadme(NamedTuple):
    """A readme in HTML.

    Attributes:
        html: safe to be put into a page.
        dead: links and images in it that lead nowhere.
        is_cut: it was longer than `LONGEST`.
    """

    html: str
    dead: int
    is_cut: bool


def render_readme(text: str, findings: Iterable[Finding], pictures: Pictures) -> RenderedReadme:
    """Render a readme.

    Args:
        text: the Markdown.
        findings: those about it: what they name as a target is marked with their code.
        pictures: gives its pictures.
    """
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(tasklists_plugin)
    html = markdown.render(_NOT_TEXT.sub("\ufffd", text[:LONGEST].replace("\r\n", "\n")))
    clean = _sanitised(html)
    clean = _NOT_TEXT.sub("\ufffd", clean)
    writer = _Writer(clean, findings, pictures)
    return RenderedReadme(writer.html, writer.dead, len(text) > LONGEST)


def _sanitised(html: str) -> str:
    """HTML with nothing but what may stay, in which a browser finds no mistake.

    What was taken out (a `<select>`, a `<button>`) may have changed how the rest was read, so it is read again until it
    stays as it is.
    """
    for _ in range(_MOST_READINGS):
        before = html
        cleaned = nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            clean_content_tags=_WITHOUT_CONTENT,
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
            allowed_classes={"li": {"task-list-item"}},
        )
        html = _without_strays(cleaned)
        if html == before:
            break
    return html


def _without_strays(html: str) -> str:
    """The same without the tags of a `<summary>` that begins no `<details>`: parsers disagree what it may hold."""
    opened: list[bool] = []

    def kept(match: re.Match[str]) -> str:
        if match["end"]:
            return match[0] if opened and opened.pop() else ""
        opened.append(match["details"] is not None)
        return match[0] if opened[-1] else ""

    return _SUMMARY.sub(kept, html)


class _Writer:
    """Writes the tags anew: dead links are marked, pictures embedded or named, ids kept apart from the page's own."""

    def __init__(self, clean: str, findings: Iterable[Finding], pictures: Pictures) -> None:
        self.dead = 0
        self._pictures = pictures
        self._codes = dict(_targets(findings))
        self._anchors: dict[str, str] = {}
        self._ids: set[str] = set()
        headed = _HEADING_TEXT.sub(self._with_id, clean)
        for match in re.finditer(r' (?:id|name)="([^"]*)"', headed):
            self._anchors.setdefault(squeezed(unescaped(match[1])), _plain_id(match[1]))
        written = _OPENING.sub(self._tag, headed)
        self.html = _HEADING.sub(lambda match: f"{match[1]}{min(int(match[2]) + _SHIFT, 6)}", written).replace(
            "</table>", "</table></div>"
        )

    def _with_id(self, match: re.Match[str]) -> str:
        """A heading with the anchor that pages give it."""
        text = unescaped(_ANY_TAG.sub("", match[2])).strip().lower()
        name = "".join("-" if letter.isspace() else letter for letter in text if letter.isalnum() or letter in " -_")
        return f'<h{match[1]} id="{escape(name)}">{match[2]}</h{match[1]}>'

    def _tag(self, match: re.Match[str]) -> str:
        name = match["name"]
        given = {each["name"]: unescaped(each["value"]) for each in _ATTRIBUTE.finditer(match["rest"])}
        if name == "img":
            return self._image(given)
        if name == "input":
            is_done = "checked" in given
            said = "done" if is_done else "to do"
            return f'<span class="task" role="img" aria-label="{said}">{"☑" if is_done else "☐"}</span>'
        before, more = "", {key: value for key, value in given.items() if key not in ("id", "name", "href", "title")}
        own_id = self._own_id(given.get("id") or (given.get("name", "") if name == "a" else ""))
        if own_id:
            more["id"] = own_id
        if name == "a" and "href" in given:
            return self._link(given["href"], given.get("title", ""), more)
        if name == "table":
            before = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
        elif name == "pre":
            more["tabindex"] = "0"
        return f"{before}<{name}{_written(more)}>"

    def _own_id(self, name: str) -> str:
        """The id of an element, which no other has; empty for none."""
        plain = _plain_id(name)
        if not plain or plain in self._ids:
            return ""
        self._ids.add(plain)
        return plain

    def _link(self, href: str, title: str, more: dict[str, str]) -> str:
        target = href.strip()
        form = form_of(target)
        code = self._codes.get(("link", _key(target)), "")
        if form == "anchor":
            leads = self._anchors.get(squeezed(unquote(target[1:])), "")
            if leads or not code:
                return f"<a{_written({'href': f'#{leads}' if leads else '#readme', **more})}>"
        if form == "absolute" and not code:
            whole = f"https:{target}" if target.startswith("//") else target
            return f"<a{_written({'href': whole, 'title': title, 'rel': 'noopener noreferrer nofollow', **more})}>"
        if form == "empty" and not code:
            return f"<a{_written(more)}>"
        self.dead += 1
        return f"{_mark(code, target)}<a{_written({'class': 'dead', **more})}>"

    def _image(self, given: Mapping[str, str]) -> str:
        source, alt = given.get("src", "").strip(), given.get("alt", "").strip()
        code = self._codes.get(("image", _key(source)), "")
        if form_of(source) != "absolute" or code:
            self.dead += 1
            said = f"{alt}: " if alt else ""
            where = escape(said + (_shown(source) or "no address"))
            return f'<span class="no-image dead">{where}</span>{_mark(code, source)}'
        whole = f"https:{source}" if source.startswith("//") else source
        picture = self._pictures.at(whole)
        if picture.source:
            size = {"width": str(picture.width), "height": str(picture.height)} if picture.width else {}
            return f"<img{_written({'src': picture.source, 'alt': alt, **size}, keep=('alt',))}>"
        host = whole.split("/")[2] if whole.count("/") > 1 else whole
        title = f"{_shown(whole)}: {picture.reason}"
        return (
            f'<span class="no-image"{_written({"title": title})}>{escape(alt or "image")} '
            f"<small>{escape(_shown(host))}</small></span>"
        )


def _targets(findings: Iterable[Finding]) -> Iterable[tuple[tuple[str, str], str]]:
    for finding in findings:
        kind, target = finding.args.get("kind"), finding.args.get("target")
        if isinstance(kind, str) and isinstance(target, str):
            yield (kind, _key(target)), finding.code


def _key(target: str) -> str:
    """A target as it is compared: Markdown's renderer encodes what is written plainly."""
    return unquote(target.strip())


def _plain_id(name: str) -> str:
    """The id in the page for a name in the readme."""
    letters = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in unescaped(name).strip())
    return f"readme-{letters}" if letters.strip("-") else ""


def _written(attributes: Mapping[str, str], keep: tuple[str, ...] = ()) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value or name in keep)


def _shown(target: str) -> str:
    return visible(target if len(target) <= 200 else f"{target[:199]}…")


def _mark(code: str, target: str) -> str:
    """The code of what is found, where a person looks for it and a screen reader reads it."""
    title = _written({"title": f"{_shown(target)} leads nowhere on the page"})
    return f'<span class="code-mark"{title}>{escape(code or "dead")}</span>'
