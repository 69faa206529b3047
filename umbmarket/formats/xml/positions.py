"""Where the elements and attributes of a well-formed XML text stand.

The parser tells no columns, so the text is scanned once more, and only when a position is asked for. As the
text is known to be well-formed and to have no DTD, its tags can be found one after another.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from umbmarket.findings import Place, Span
from umbmarket.formats.xml.references import with_references
from umbmarket.formats.xml.white_space import is_blank

_TAG = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<close>/?)(?P<name>[^\s/<>!?]++)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"\s(?P<name>[^\s=\"'<>/]++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')")
_STEP = re.compile(r"(?P<name>[^\[]+)(?:\[(?P<number>[1-9][0-9]{0,6})\])?")
_PIECE = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<raw>.*?)\]\]>|(?P<reference>&[^;&<]++;)|(?P<end>\r\n?)", re.DOTALL
)


class _Found(NamedTuple):
    """The place that a pointer names.

    Attributes:
        name: span of the element's or attribute's name.
        tag: span of the start tag.
        content: span of what is inside the element or between the quotes; None for an element without
            content.
        is_text: the content is text alone.
    """

    name: Span
    tag: Span
    content: Span | None
    is_text: bool


class XmlPlaces:
    """Positions in one well-formed XML text without a DTD."""

    def __init__(self, text: str) -> None:
        """`text` is the decoded document."""
        self._text = text
        self._starts = array("q")
        self._name_ends = array("q")
        self._tag_ends = array("q")
        self._content_ends = array("q")
        self._last = array("q")
        """For each element the number of the first one after it that does not lie in it."""
        self._scan()

    def _scan(self) -> None:
        open_elements: list[int] = []
        for tag in _TAG.finditer(self._text):
            if tag["name"] is None:
                continue
            if tag["close"]:
                if open_elements:
                    self._end(open_elements.pop(), tag.start())
                continue
            number = len(self._starts)
            self._starts.append(tag.start())
            self._name_ends.append(tag.end("name"))
            self._tag_ends.append(tag.end())
            self._content_ends.append(-1)
            self._last.append(number + 1)
            if not tag[0].endswith("/>"):
                open_elements.append(number)
        for number in open_elements:
            self._end(number, len(self._text))

    def _end(self, number: int, content_end: int) -> None:
        self._content_ends[number] = content_end
        self._last[number] = len(self._starts)

    def span(self, place: Place) -> Span | None:
        """Where `place` stands in the text, or None when nothing is there.

        Pointers are element paths below the root: `/metadata/tags`,
        `/metadata/dependencies/group[2]/dependency[1]`, with `/@name` for an attribute. Numbers count from 1
        among the children of one name and may be left out for the first. A name that is not there in its
        letter case is looked for in another. The value of an element with children, or without content, is
        its start tag.
        """
        if place.span is not None:
            return place.span
        found = self._find(place.pointer)
        if found is None:
            return None
        if place.on == "key":
            return found.name
        if found.content is None or not found.is_text:
            return found.tag
        if place.within is not None:
            return self._within(found.content, *place.within)
        return self._trimmed(found.content) or found.tag

    def start_tag(self, number: int) -> Span | None:
        """The start tag of the element with this number in the order of the document, the root being 0."""
        if not 0 <= number < len(self._starts):
            return None
        return Span(self._starts[number], self._tag_ends[number])

    def text_of(self, number: int) -> str:
        """The text in the element with this number, as .NET's `XmlDocument` has it.

        Comments do not count, nor does white space alone between markup, a CDATA section being markup, too.
        """
        found: list[str] = []
        run: list[str] = []
        at, end = self._tag_ends[number], self._content_ends[number]
        for match in _PIECE.finditer(self._text, at, max(end, at)):
            run.append(self._text[at : match.start()])
            at = match.end()
            if match["reference"] or match["end"]:
                run.append(with_references(match["reference"]) if match["reference"] else "\n")
                continue
            found += [_unless_blank("".join(run)), match["raw"] or ""]
            run = []
        run.append(self._text[at : max(end, at)])
        return "".join([*found, _unless_blank("".join(run))])

    def text_at(self, pointer: str) -> str | None:
        """The text that an element or attribute holds, decoded; None where `pointer` names none."""
        found = self._find(pointer)
        if found is None or not found.is_text:
            return None
        return "".join(piece for piece, _, _ in self._pieces(found.content)) if found.content else ""

    def _find(self, pointer: str) -> _Found | None:
        if not self._starts:
            return None
        number = 0
        for step in pointer.split("/")[1:]:
            if step.startswith("@"):
                return self._attribute(number, step[1:])
            match = _STEP.fullmatch(step)
            child = self._child(number, match["name"], int(match["number"] or 1)) if match else None
            if child is None:
                return None
            number = child
        start, tag_end, content_end = self._starts[number], self._tag_ends[number], self._content_ends[number]
        content = Span(tag_end, content_end) if content_end > tag_end else None
        return _Found(
            Span(start + 1, self._name_ends[number]),
            Span(start, tag_end),
            content,
            is_text=self._last[number] == number + 1,
        )

    def _child(self, parent: int, name: str, wanted: int) -> int | None:
        """The `wanted`th child of that name; where the name is only there in another letter case, of that."""
        folded = name.lower()
        other_case: list[int] = []
        count = 0
        child = parent + 1
        while child < self._last[parent]:
            local = self._local_name(child)
            if local == name:
                count += 1
                if count == wanted:
                    return child
            elif local.lower() == folded:
                other_case.append(child)
            child = self._last[child]
        return other_case[wanted - 1] if count == 0 and wanted <= len(other_case) else None

    def _local_name(self, number: int) -> str:
        return self._text[self._starts[number] + 1 : self._name_ends[number]].rpartition(":")[2]

    def _attribute(self, number: int, name: str) -> _Found | None:
        tag = Span(self._starts[number], self._tag_ends[number])
        for match in _ATTRIBUTE.finditer(self._text, self._name_ends[number], tag.end):
            if match["name"] == name:
                group = "double" if match["double"] is not None else "single"
                return _Found(
                    Span(*match.span("name")),
                    Span(match.start("name"), match.end()),
                    Span(*match.span(group)),
                    is_text=True,
                )
        return None

    def _trimmed(self, content: Span) -> Span | None:
        text = self._text[content.start : content.end]
        start = content.start + len(text) - len(text.lstrip())
        end = content.start + len(text.rstrip())
        return Span(start, end) if end > start else None

    def _within(self, content: Span, start: int, end: int) -> Span:
        """The source range of the code points `[start, end)` of the decoded content."""
        decoded: list[int] = []
        sources: list[int] = []
        ends: list[int] = []
        at = 0
        for piece, source_start, source_end in self._pieces(content):
            decoded.append(at)
            sources.append(source_start)
            ends.append(source_end)
            at += len(piece)
        if not decoded:
            return content

        def source(offset: int, *, is_end: bool) -> int:
            number = max(bisect_right(decoded, offset - is_end) - 1, 0)
            # A reference is several characters for one: its end is not its start plus one.
            length = (decoded[number + 1] if number + 1 < len(decoded) else at) - decoded[number]
            if length != ends[number] - sources[number]:
                return ends[number] if is_end else sources[number]
            return min(sources[number] + max(offset - decoded[number], 0), ends[number])

        first = source(start, is_end=False)
        return Span(first, max(source(end, is_end=True), first))

    def _pieces(self, content: Span) -> Iterator[tuple[str, int, int]]:
        """The decoded content in pieces, each with the source range it comes from.

        White space alone between markup is left out, as the reader leaves it out.
        """
        at = content.start
        run: list[tuple[str, int, int]] = []
        for match in _PIECE.finditer(self._text, content.start, content.end):
            if match.start() > at:
                run.append((self._text[at : match.start()], at, match.start()))
            at = match.end()
            if match["reference"]:
                run.append((with_references(match["reference"]), *match.span()))
            elif match["end"]:
                run.append(("\n", *match.span()))
            elif match["raw"] is not None:
                run.append((match["raw"], *match.span("raw")))
            else:
                yield from _kept(run)
                run = []
        if at < content.end:
            run.append((self._text[at : content.end], at, content.end))
        yield from _kept(run)


def _unless_blank(text: str) -> str:
    return "" if is_blank(text) else text


def _kept(run: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """A run of text between markup, or nothing where it is white space alone."""
    return run if any(piece and not is_blank(piece) for piece, _, _ in run) else []
