"""Markdown split into what may hold links: paragraphs and HTML, without code and comments.

Follows the block structure of CommonMark 0.31 as far as it decides what is code: fenced and indented code,
lists and quotes around them, HTML blocks, and link reference definitions. One pass over the lines.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from umbmarket.findings import Span

LONGEST_LABEL = 999
"""Characters of a link label (CommonMark 0.31, link label)."""

DEEPEST_NESTING = 32
"""Lists and quotes that one line may open; what is nested deeper is read as text."""

_CODE_INDENT = 4
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)++")
_FENCE = re.compile(r"(?P<fence>`{3,}+(?=[^`\r\n]*+[\r\n]*\Z)|~{3,}+)")
_HEADING = re.compile(r"#{1,6}(?:[ \t\r\n]|\Z)")
_RULE = re.compile(r"(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)[\r\n]*\Z")
_SETEXT = re.compile(r"(?:=++|-++)[ \t]*+[\r\n]*\Z")
_ITEM = re.compile(r"(?P<marker>[-+*]|[0-9]{1,9}[.)])(?P<space>[ \t]++|(?=[\r\n]|\Z))")
_DEFINITION = re.compile(
    r"\[(?P<label>(?:[^\[\]\\]|\\.){1,999}+)\]:[ \t]*+"
    r"(?:(?:<(?P<angle>[^<>\r\n]*+)>|(?P<bare>[^\s<]\S*+))"
    r"(?:[ \t]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+[ \t]*+)?+[\r\n]*\Z"
)
_TARGET_LINE = re.compile(
    r"(?:<(?P<angle>[^<>\r\n]*+)>|(?P<bare>[^\s<]\S*+))"
    r"(?:[ \t]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+[ \t]*+[\r\n]*\Z"
)

_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)


class _HtmlKind(NamedTuple):
    """An HTML block that goes on to an end of its own, blank lines or not, and whether it holds HTML."""

    opening: re.Pattern[str]
    closing: re.Pattern[str]
    is_html: bool


def _kind(opening: str, closing: str, *, is_html: bool = False) -> _HtmlKind:
    return _HtmlKind(re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE), is_html)


_HTML_UNTIL = (
    _kind(r"<(?:script|style|textarea)(?=[\s>]|\Z)", r"</(?:script|style|textarea)>"),
    _kind(r"<pre(?=[\s>]|\Z)", r"</pre>", is_html=True),
    _kind(r"<!--", r"-->"),
    _kind(r"<\?", r"\?>"),
    _kind(r"<!\[CDATA\[", r"\]\]>"),
    _kind(r"<![A-Z]", r">"),
)
"""The kinds 1 to 5 of CommonMark."""

_HTML_TO_BLANK = re.compile(rf"</?(?:{_BLOCK_TAGS})(?=[\s>]|/>|\Z)", re.IGNORECASE)
HTML_ATTRIBUTES = r"(?:\s++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+)*+\s*+/?"
"""The attributes of an HTML tag and what may stand before its `>` (CommonMark 0.31, raw HTML)."""

_HTML_ALONE = re.compile(rf"(?:<[A-Za-z][A-Za-z0-9-]*+{HTML_ATTRIBUTES}|</[A-Za-z][A-Za-z0-9-]*+\s*+)>\s*\Z")


class Definition(NamedTuple):
    """A link reference definition, `[label]: target`.

    Attributes:
        label: normalized, as references are compared.
        span: of the target in the text.
    """

    label: str
    span: Span


class Stretch(NamedTuple):
    """A part of the text in which links may stand and that no code span or link leaves.

    Attributes:
        kind: `inline` for Markdown with HTML in it, `html` for HTML alone.
        span: where.
    """

    kind: Literal["inline", "html"]
    span: Span


class Blocks(NamedTuple):
    """The result: stretches in the order of the text, and definitions, the first of each label."""

    stretches: tuple[Stretch, ...]
    definitions: tuple[Definition, ...]


def normalized_label(label: str) -> str:
    """A link label as labels are compared: white space collapsed, letter case folded."""
    return " ".join(label.split()).casefold()


def split_blocks(text: str) -> Blocks:
    """Split a Markdown document; never raises, takes time in proportion to its length."""
    splitter = _Splitter(text)
    for match in _LINE.finditer(text):
        if match.end() > match.start():
            splitter.line(match.start(), match.end())
    splitter.flush()
    return Blocks(tuple(splitter.stretches), tuple(splitter.definitions.values()))


class _Container(NamedTuple):
    """What an open fence or HTML block lies in: the indent of a list item, and whether there is a quote."""

    list_indent: int
    in_quote: bool

    def is_left(self, indent: int, *, is_blank: bool, in_quote: bool) -> bool:
        """Whether a line lies outside."""
        return (self.in_quote and not in_quote) or (not is_blank and indent < self.list_indent)


class _Fence(NamedTuple):
    """An open code fence: its characters and what it lies in."""

    marker: str
    container: _Container


class _Splitter:
    """Where the pass stands: what is open, and what has been found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stretches: list[Stretch] = []
        self.definitions: dict[str, Definition] = {}
        self._paragraph: Span | None = None
        self._fence: _Fence | None = None
        self._html_end: re.Pattern[str] | None = None
        self._html: Span | None = None
        self._html_counts = False
        self._html_container = _Container(0, False)
        self._label: Definition | None = None
        self._list_indents: list[int] = []
        self._after_blank = True
        self._item_is_empty = False
        self._was_quoted = False

    def flush(self) -> None:
        """End what is open: a paragraph, an HTML block, a definition whose target has not come."""
        if self._label is not None:
            self._paragraph, self._label = self._label.span, None
        if self._paragraph is not None:
            self.stretches.append(Stretch("inline", self._paragraph))
            self._paragraph = None
        if self._html is not None:
            if self._html_counts:
                self.stretches.append(Stretch("html", self._html))
            self._html = self._html_end = None

    def line(self, start: int, end: int) -> None:
        """Take in one line."""
        at = start
        # Inside of a fence or an HTML block that is in no quote, '>' is a character like any other.
        is_plain = self._open_container is not None and not self._open_container.in_quote
        quote = None if is_plain else _QUOTE.match(self.text, at, end)
        in_quote = quote is not None and self._relative(_indent(self.text, at, end)) < _CODE_INDENT
        if quote is not None and in_quote:
            at = quote.end()
        indent = _indent(self.text, at, end)
        at = _skip_space(self.text, at, end)
        is_blank = not self.text[at:end].strip()
        if self._is_inside(at, end, indent, is_blank=is_blank, in_quote=in_quote):
            return
        if is_blank:
            self.flush()
            if self._item_is_empty:
                # A list item can start with one blank line, not with two.
                self._list_indents.pop()
            self._item_is_empty = False
        else:
            self._item_is_empty = False
            self._block(at, end, indent, in_quote=in_quote)
        self._after_blank = is_blank

    @property
    def _open_container(self) -> _Container | None:
        if self._fence is not None:
            return self._fence.container
        return self._html_container if self._html is not None else None

    def _relative(self, indent: int) -> int:
        return indent - self._list_indent

    @property
    def _list_indent(self) -> int:
        return self._list_indents[-1] if self._list_indents else 0

    def _is_inside(self, at: int, end: int, indent: int, *, is_blank: bool, in_quote: bool) -> bool:
        """Whether the line belongs to the code fence or HTML block that is open, or ends it."""
        if self._fence is not None:
            if self._fence.container.is_left(indent, is_blank=is_blank, in_quote=in_quote):
                self._fence = None
                return False
            closing = self.text[at:end].strip()
            marker = self._fence.marker
            is_fence = closing.startswith(marker) and not closing.strip(marker[0])
            if is_fence and indent - self._fence.container.list_indent < _CODE_INDENT:
                self._fence = None
            return True
        if self._html is None:
            return False
        if self._html_container.is_left(indent, is_blank=is_blank, in_quote=in_quote):
            self.flush()
            return False
        if self._html_end is None and is_blank:
            return False
        self._html = Span(self._html.start, end)
        if self._html_end is not None and self._html_end.search(self.text, at, end):
            self.flush()
        return True

    def _block(self, at: int, end: int, indent: int, *, in_quote: bool) -> None:
        """Find out what a line that is not blank starts or goes on with."""
        text = self.text
        if in_quote and not self._was_quoted:
            self.flush()
        self._was_quoted = in_quote
        if self._paragraph is None or self._after_blank:
            self._leave_items(indent)
        for _ in range(DEEPEST_NESTING):
            is_open = self._paragraph is not None or self._label is not None
            is_indented = self._relative(indent) >= _CODE_INDENT
            if is_indented and not is_open:
                return
            if _RULE.match(text, at, end) or (is_open and _SETEXT.match(text, at, end)):
                self.flush()
                self._leave_items(indent)
                return
            item = _ITEM.match(text, at, end) if not is_indented else None
            if item is not None:
                self.flush()
                self._leave_items(indent)
                space = _indent(text, item.end("marker"), end)
                width = len(item["marker"]) + (space if 1 <= space <= _CODE_INDENT else 1)
                self._list_indents.append(indent + width)
                at = item.end()
                indent += len(item["marker"]) + space
            elif text.startswith(">", at):
                self.flush()
                at = _skip_space(text, at + 1, end)
            else:
                break
            if not text[at:end].strip():
                self._item_is_empty = item is not None
                return
        fence = _FENCE.match(text, at, end)
        if fence is not None:
            self.flush()
            self._leave_items(indent)
            self._fence = _Fence(fence["fence"], _Container(self._list_indent, in_quote))
        elif not text.startswith("<", at) or not self._start_html(at, end, indent, in_quote=in_quote):
            self._text_line(at, end, indent)

    def _leave_items(self, indent: int) -> None:
        """Leave the list items that a line with this indent is not in."""
        while self._list_indents and indent < self._list_indents[-1]:
            self._list_indents.pop()

    def _start_html(self, at: int, end: int, indent: int, *, in_quote: bool) -> bool:
        """Start an HTML block where the line is one."""
        kind = next((each for each in _HTML_UNTIL if each.opening.match(self.text, at, end)), None)
        is_alone = self._paragraph is None and _HTML_ALONE.match(self.text, at, end)
        if kind is None and not is_alone and not _HTML_TO_BLANK.match(self.text, at, end):
            return False
        self.flush()
        self._leave_items(indent)
        self._html = Span(at, end)
        self._html_container = _Container(self._list_indent, in_quote)
        self._html_end = kind.closing if kind is not None else None
        self._html_counts = kind is None or kind.is_html
        if kind is not None and kind.closing.search(self.text, at, end):
            # What follows a comment on its line may still be a tag.
            self._html_counts = True
            self.flush()
        return True

    def _text_line(self, at: int, end: int, indent: int) -> None:
        """A line of text: a definition, a heading, a row of a table, or part of a paragraph."""
        text = self.text
        if self._label is not None:
            label, self._label = self._label, None
            target = _TARGET_LINE.match(text, at, end)
            if target is not None:
                self._define(label.label, target)
                return
            self._paragraph = label.span
        if self._paragraph is None:
            found = _DEFINITION.match(text, at, end)
            if found is not None and not found["label"].startswith("^"):
                label_text = normalized_label(found["label"])
                if found["angle"] is None and found["bare"] is None:
                    self._label = Definition(label_text, Span(at, end))
                else:
                    self._define(label_text, found)
                return
        is_heading = _HEADING.match(text, at, end) is not None
        if is_heading or text.startswith("|", at):
            self.flush()
            if is_heading:
                self._leave_items(indent)
            self.stretches.append(Stretch("inline", Span(at, end)))
            return
        self._paragraph = Span(at if self._paragraph is None else self._paragraph.start, end)

    def _define(self, label: str, target: re.Match[str]) -> None:
        span = Span(*target.span("angle" if target["angle"] is not None else "bare"))
        self.definitions.setdefault(label, Definition(label, span))


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " \t":
        at += 1
    return at


def _indent(text: str, at: int, end: int) -> int:
    """Columns of white space from `at` on, a tab reaching to the next multiple of four."""
    columns = 0
    while at < end and text[at] in " \t":
        columns += 4 - columns % 4 if text[at] == "\t" else 1
        at += 1
    return columns
