"""The links and images of a Markdown readme, each with the place of its target.

A listing page shows a readme away from the repository it was written in, so that a relative target leads
nowhere. This finds the targets: inline and by reference, and those of HTML's `<a href>` and `<img src>`; not
in code or comments. It follows CommonMark 0.31 as far as that decides what a link is, and takes time in
proportion to the text's length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from umbmarket.findings import Span
from umbmarket.formats.markdown.blocks import HTML_ATTRIBUTES, LONGEST_LABEL, normalized_label, split_blocks
from umbmarket.html_references import unescaped

DEEPEST_PARENTHESES = 8
"""Levels of parentheses in a target without `<>` (CommonMark 0.31 asks for three at least)."""

_TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|`++|<!--|!\[|\[|\]|<")
_COMMENT_END = "-->"
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+>")
_TAG = re.compile(rf"<(?:(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<rest>{HTML_ATTRIBUTES})|/[A-Za-z][A-Za-z0-9-]*+\s*+)>")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'=<>`]++))"
)
_SPACE = re.compile(r"\s*+")
_ANGLE = re.compile(r"<(?P<target>(?:[^<>\r\n\\]++|\\.)*+)>")
_BARE_PIECE = re.compile(r"[^\s()\\\x00-\x1f]++|\\[!-/:-@\[-`{-~]|\\|[()]")
_TITLE = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+'|\((?:[^()\\]++|\\.)*+\)", re.DOTALL)
_LABEL = re.compile(r"\[(?P<label>(?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)
_WITH_BLANK = re.compile(
    r"[ \t]*+(?P<target>[^\s()<>\"']++(?:[ \t]++[^\s()<>\"']++){1,16}?)"
    r"(?:[ \t]++\"[^\"\r\n]*+\")?[ \t]*+\)"
)
"""What stands in the parentheses where an address with a blank was meant, with or without a title."""

_IS_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_IS_FILE = re.compile(r".*\.[a-z0-9]{2,5}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")

_TARGETS = {"a": ("href", "link"), "img": ("src", "image")}

LinkForm = Literal["absolute", "anchor", "relative", "empty"]


class ReadmeLink(NamedTuple):
    r"""One target.

    Attributes:
        target: escapes and character references undone.
        kind: what it is the target of; `image` for a definition that any image uses.
        syntax: `inline` for `[text](target)`, `reference` for `[label]: target`, or `html`.
        form: `absolute` (a scheme, or `//host`), `anchor` (`#part` of the page), `relative` (all else, also
            `/path` and `C:\path`) or `empty`.
        span: of the target as written, in the readme's text.
    """

    target: str
    kind: Literal["link", "image"]
    syntax: Literal["inline", "reference", "html"]
    form: LinkForm
    span: Span


class ReadmeTag(NamedTuple):
    """An opening tag of raw HTML.

    Attributes:
        name: in lower case.
        span: of the whole tag.
    """

    name: str
    span: Span


class Reading(NamedTuple):
    """What a Markdown text holds, each in its order; nothing of it stands in code or comments.

    Attributes:
        links: all targets; definitions only where something refers to them.
        tags: the opening tags of raw HTML.
        blanks: addresses in `[text](address)` that have a blank and so make no link of it.
    """

    links: tuple[ReadmeLink, ...]
    tags: tuple[ReadmeTag, ...]
    blanks: tuple[Span, ...]


def form_of(target: str) -> LinkForm:
    """How a target is resolved."""
    target = target.strip()
    if not target:
        return "empty"
    if target.startswith("#"):
        return "anchor"
    return "absolute" if _SCHEME.match(target) else "relative"


def readme_links(text: str) -> tuple[ReadmeLink, ...]:
    """All targets of a Markdown text in their order; definitions only where something refers to them."""
    return read_markdown(text).links


def read_markdown(text: str) -> Reading:
    """Targets, tags and addresses with a blank of a Markdown text."""
    blocks = split_blocks(text)
    defined = {definition.label for definition in blocks.definitions}
    used: dict[str, Literal["link", "image"]] = {}
    found: list[ReadmeLink] = []
    tags: list[re.Match[str]] = []
    blanks: list[Span] = []
    for stretch in blocks.stretches:
        if stretch.kind == "html":
            tags.extend(_html_tags(text, stretch.span))
        else:
            inline = _Inline(text, stretch.span, defined, used)
            found.extend(inline.targets())
            tags.extend(inline.tags)
            blanks.extend(inline.blanks)
    for tag in tags:
        found.extend(_tag_target(text, tag))
    for definition in blocks.definitions:
        kind = used.get(definition.label)
        if kind is not None:
            found.append(_link(text, kind, "reference", definition.span))
    opening = tuple(ReadmeTag(tag["name"].lower(), Span(*tag.span())) for tag in tags if tag["name"])
    return Reading(tuple(sorted(found, key=lambda link: link.span)), opening, tuple(blanks))


def dead_links(text: str) -> tuple[ReadmeLink, ...]:
    """The targets that lead nowhere on another page than the repository's."""
    return tuple(link for link in readme_links(text) if link.form == "relative")


def _link(
    text: str, kind: Literal["link", "image"], syntax: Literal["inline", "reference", "html"], span: Span
) -> ReadmeLink:
    written = text[span.start : span.end]
    if syntax != "html":
        written = _ESCAPED.sub(r"\1", written)
    target = unescaped(written) if "&" in written else written
    return ReadmeLink(target, kind, syntax, form_of(target), span)


def _html_tags(text: str, span: Span) -> Iterator[re.Match[str]]:
    """The tags in a stretch of HTML."""
    at = span.start
    while (at := text.find("<", at, span.end)) >= 0:
        if text.startswith("<!--", at):
            end = text.find(_COMMENT_END, at + 4, span.end)
            if end < 0:
                return
            at = end
            continue
        tag = _TAG.match(text, at, span.end)
        if tag is not None:
            yield tag
        at = tag.end() if tag is not None else at + 1


def _tag_target(text: str, tag: re.Match[str]) -> Iterator[ReadmeLink]:
    """The target of one `<a>` or `<img>`."""
    wanted = _TARGETS.get((tag["name"] or "").lower())
    if wanted is None:
        return
    for attribute in _ATTRIBUTE.finditer(text, *tag.span("rest")):
        if attribute["name"].lower() == wanted[0]:
            group = next(name for name in ("double", "single", "bare") if attribute[name] is not None)
            kind: Literal["link", "image"] = "image" if wanted[1] == "image" else "link"
            yield _link(text, kind, "html", Span(*attribute.span(group)))
            return


def _is_meant(target: str, *, is_image: bool) -> bool:
    """Whether a text with a blank was meant as an address, and not as words in parentheses."""
    if _IS_ADDRESS.match(target):
        return True
    return (is_image or "/" in target) and _IS_FILE.fullmatch(target) is not None


class _Inline:
    """Finds the targets in one stretch of Markdown, and notes which labels it refers to.

    Attributes:
        tags: the HTML tags that it came by.
        blanks: the addresses with a blank that it came by.
    """

    def __init__(self, text: str, span: Span, defined: set[str], used: dict[str, Literal["link", "image"]]) -> None:
        self._text = text
        self._defined = defined
        self._end = span.end
        self._start = span.start
        self._used = used
        self._ticks: dict[int, list[int]] | None = None
        self.tags: list[re.Match[str]] = []
        self.blanks: list[Span] = []

    def targets(self) -> Iterator[ReadmeLink]:
        """The targets, in the order in which they end."""
        text, end = self._text, self._end
        at = self._start
        openers: list[tuple[int, bool]] = []
        comment_possible = True
        while (token := _TOKEN.search(text, at, end)) is not None:
            at = token.end()
            mark = token[0]
            if mark[0] == "`":
                at = self._after_code(token)
            elif mark == "<!--":
                close = text.find(_COMMENT_END, at, end) if comment_possible else -1
                comment_possible = close >= 0
                at = close + len(_COMMENT_END) if close >= 0 else at
            elif mark == "<":
                tag = _AUTOLINK.match(text, token.start(), end) or _TAG.match(text, token.start(), end)
                if tag is not None:
                    at = tag.end()
                    if tag.re is _TAG:
                        self.tags.append(tag)
            elif mark in ("[", "!["):
                openers.append((at, mark == "!["))
            elif mark == "]" and openers:
                opened, is_image = openers.pop()
                span, at = self._after_bracket(opened, token.start(), is_image=is_image)
                if span is not None:
                    yield _link(text, "image" if is_image else "link", "inline", span)

    def _after_code(self, opening: re.Match[str]) -> int:
        """Where the text goes on after a run of backticks: after the code span, or after the run."""
        if self._ticks is None:
            self._ticks = {}
            for run in re.finditer(r"`+", self._text[self._start : self._end]):
                length = run.end() - run.start()
                self._ticks.setdefault(length, []).append(self._start + run.start())
        length = len(opening[0])
        starts = self._ticks.get(length, [])
        following = bisect_right(starts, opening.start())
        return starts[following] + length if following < len(starts) else opening.end()

    def _after_bracket(self, opened: int, closed: int, *, is_image: bool) -> tuple[Span | None, int]:
        """The span of the inline target after `[text]`, if there is one, and where the text goes on."""
        text, end = self._text, self._end
        at = closed + 1
        if text.startswith("(", at):
            inline = self._inline_target(at + 1)
            if inline is not None:
                return inline
            with_blank = _WITH_BLANK.match(text, at + 1, end)
            if with_blank is not None and _is_meant(with_blank["target"], is_image=is_image):
                self.blanks.append(Span(*with_blank.span("target")))
        label = _LABEL.match(text, at, end)
        if label is not None and label["label"].strip():
            return None, label.end() if self._use(label["label"], is_image=is_image) else at
        if closed - opened <= LONGEST_LABEL:
            self._use(text[opened:closed], is_image=is_image)
        return None, label.end() if label is not None else at

    def _use(self, label: str, *, is_image: bool) -> bool:
        """Note that something refers to a label; False where nothing defines it."""
        key = normalized_label(label)
        if key not in self._defined:
            return False
        if is_image or key not in self._used:
            self._used[key] = "image" if is_image else "link"
        return True

    def _inline_target(self, at: int) -> tuple[Span, int] | None:
        """The target after `(`, and where the text goes on after `)`; None where it is no link after all."""
        text, end = self._text, self._end
        at = self._skip_space(at)
        angle = _ANGLE.match(text, at, end)
        if angle is not None:
            span, at = Span(*angle.span("target")), angle.end()
        else:
            stop = self._bare_end(at)
            if stop is None:
                return None
            span, at = Span(at, stop), stop
        after = self._skip_space(at)
        if after > at:
            title = _TITLE.match(text, after, end)
            after = self._skip_space(title.end()) if title is not None else after
        return (span, after + 1) if text.startswith(")", after) and after < end else None

    def _skip_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at, self._end)
        return found.end() if found is not None else at

    def _bare_end(self, at: int) -> int | None:
        """Where a target without `<>` ends: at white space or the parenthesis that closes the link."""
        if self._text.startswith("<", at):
            return None
        depth = 0
        while (piece := _BARE_PIECE.match(self._text, at, self._end)) is not None:
            if piece[0] == "(":
                depth += 1
                if depth > DEEPEST_PARENTHESES:
                    return None
            elif piece[0] == ")":
                if depth == 0:
                    return at
                depth -= 1
            at = piece.end()
        return at if depth == 0 else None
