"""XML as a DOM has it: names with their prefixes, all text, and the place of each tag and attribute.

For documents whose reader is Java's: it takes a DTD and expands the entities that it declares. Expat reads; what would
be read from elsewhere (external entities, an external DTD) never is, and what entities make of a document is bounded.
For documents that .NET reads see `elements`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from umbmarket.findings import Place, Span, quote
from umbmarket.formats.xml.elements import ELEMENT_LIMIT, XmlRefused, read_xml

DEEPEST = 256
"""Levels of elements that are read, as libxml2 has it."""

LONGEST_EXPANSION = 1_048_576
"""Characters that all references to declared entities may stand for together."""

_ATTRIBUTE = re.compile(r"\s(?P<name>[^\s=\"'<>/]++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')")
_START_TAG = re.compile(r"<[^\s/<>!?]++(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_REFERENCE = re.compile(r"&(?P<name>[^\s;&#<>]++);")
_XML_PREFIXES = {"xml", "xmlns"}


class Attribute(NamedTuple):
    """An attribute.

    Attributes:
        name: with its prefix.
        value: as XML reads it.
        span: name and value in the text; the start tag where a DTD gave it.
        name_span: of the name.
        value_span: between the quotes; where the value is empty, as `span`.
        pointer: `/@name` below the element's.
    """

    name: str
    value: str
    span: Span
    name_span: Span
    value_span: Span
    pointer: str

    @property
    def place(self) -> Place:
        """Its value."""
        return Place(self.pointer, span=self.value_span)

    @property
    def whole(self) -> Place:
        """Name and value."""
        return Place(self.pointer, on="key", span=self.span)


class MarkupElement:
    """An element.

    Attributes:
        name: with its prefix.
        attributes: by name, in their order.
        children: the child elements.
        tag: span of the start tag; of the reference where an entity holds the element.
        content: span of what lies between its tags; empty where there is nothing.
        pointer: element path below the root, such as `/dependencies/package[2]`; empty for the root.
    """

    __slots__ = ("_counts", "_parts", "attributes", "children", "content", "name", "pointer", "tag")

    def __init__(self, name: str, pointer: str, tag: Span, attributes: dict[str, Attribute]) -> None:
        self.name = name
        self.pointer = pointer
        self.tag = tag
        self.attributes = attributes
        self.children: list[MarkupElement] = []
        self.content = Span(tag.end, tag.end)
        self._parts: list[str | MarkupElement] = []
        self._counts: dict[str, int] = {}

    @property
    def text(self) -> str:
        """All text in it and its descendants, not trimmed; comments do not count (DOM's `textContent`)."""
        texts: list[str] = []
        waiting: list[str | MarkupElement] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                texts.append(part)
            else:
                waiting.extend(reversed(part._parts))
        return "".join(texts)

    @property
    def own_text(self) -> str:
        """The text directly in it."""
        return "".join(part for part in self._parts if isinstance(part, str))

    def named(self, name: str) -> Iterator[MarkupElement]:
        """The child elements of exactly this name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> MarkupElement | None:
        """The first of `named`, or None."""
        return next(self.named(name), None)

    def get(self, attribute: str) -> str | None:
        """The value of an attribute, or None."""
        found = self.attributes.get(attribute)
        return None if found is None else found.value

    @property
    def name_span(self) -> Span:
        """Its name in the start tag."""
        return Span(self.tag.start + 1, min(self.tag.start + 1 + len(self.name), self.tag.end))

    @property
    def place(self) -> Place:
        """Its name."""
        return Place(self.pointer, on="key", span=self.name_span)

    @property
    def whole_tag(self) -> Place:
        """The start tag."""
        return Place(self.pointer, span=self.tag)


class Markup(NamedTuple):
    """A document.

    Attributes:
        root: the root element.
        doctype: span of the beginning of its DOCTYPE; None for none.
        external: what the DTD would have read from elsewhere: identifiers of entities and of an external DTD.
    """

    root: MarkupElement
    doctype: Span | None
    external: tuple[str, ...]


def read_markup(text: str) -> Markup:
    """Read a document that was decoded already; the encoding that it declares is ignored. Nothing else is opened.

    Raises:
        XmlRefused: it is not well-formed, is nested more deeply than `DEEPEST`, has more than `ELEMENT_LIMIT` elements,
            or entities that stand for more than `LONGEST_EXPANSION`.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._data = text.encode("utf-8", "surrogatepass")
        self._is_ascii = len(self._data) == len(text)
        self._last = (0, 0)
        self._open: list[MarkupElement] = []
        # Counted, not copied for each element: a document may declare thousands of them, and have as many elements.
        self._known_prefixes = Counter(_XML_PREFIXES)
        self._own_prefixes: list[tuple[str, ...]] = []
        self._root: MarkupElement | None = None
        self._count = 0
        self._doctype: Span | None = None
        self._external: dict[str, None] = {}
        self._entities: dict[str, str] = {}

    def read(self) -> Markup:
        # Late: only those who read such documents pay for it.
        from xml.parsers import expat

        parser = self._parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = _skip
        try:
            parser.Parse(self._data, True)
        except expat.ExpatError as error:
            raise self._refusal(error.code, parser.ErrorByteIndex) from None
        if self._root is None:
            raise XmlRefused("not-well-formed", 0, "it has no element")
        return Markup(self._root, self._doctype, tuple(self._external))

    def _refusal(self, code: int, byte: int) -> XmlRefused:
        """What is wrong, in libxml2's place and our words where it sees it too."""
        from xml.parsers import expat

        try:
            read_xml(self._text)
        except XmlRefused as refused:
            if refused.kind != "doctype":
                return refused
        offset = len(self._data[: max(byte, 0)].decode("utf-8", "ignore"))
        return XmlRefused("not-well-formed", min(offset, len(self._text)), expat.ErrorString(code))

    def _here(self) -> int:
        """The code point that the parser is at. It only goes forward."""
        byte = self._parser.CurrentByteIndex
        if self._is_ascii:
            return int(byte)
        last_byte, last_point = self._last
        if byte < last_byte:
            last_byte = last_point = 0
        point = last_point + len(self._data[last_byte:byte].decode("utf-8", "ignore"))
        self._last = (byte, point)
        return point

    def _start(self, name: str, flat: list[str]) -> None:
        self._count += 1
        if self._count > ELEMENT_LIMIT:
            raise XmlRefused("too-large", 0, f"it has more than {ELEMENT_LIMIT:,} elements")
        start = self._here()
        if len(self._open) >= DEEPEST:
            raise XmlRefused("too-large", start, "its elements are nested too deeply")
        pointer = ""
        if self._open:
            above = self._open[-1]
            above._counts[name] = number = above._counts.get(name, 0) + 1
            pointer = f"{above.pointer}/{name}" if number == 1 else f"{above.pointer}/{name}[{number}]"
        match = _START_TAG.match(self._text, start)
        tag = Span(*match.span()) if match else self._reference_at(start)
        rest = Span(*match.span("rest")) if match else Span(start, start)
        values = dict(zip(flat[::2], flat[1::2], strict=True))
        element = MarkupElement(name, pointer, tag, self._attributes(values, rest, tag, pointer))
        self._check_prefixes(element, start)
        if self._open:
            self._open[-1].children.append(element)
            self._open[-1]._parts.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _reference_at(self, start: int) -> Span:
        found = _REFERENCE.match(self._text, start)
        return Span(start, found.end() if found else min(start + 1, len(self._text)))

    def _attributes(self, values: dict[str, str], rest: Span, tag: Span, pointer: str) -> dict[str, Attribute]:
        spans: dict[str, tuple[Span, Span, Span]] = {}
        for match in _ATTRIBUTE.finditer(self._text, rest.start, rest.end):
            whole, name = Span(match.start("name"), match.end()), Span(*match.span("name"))
            value = Span(*match.span("double" if match["double"] is not None else "single"))
            spans[match["name"]] = (whole, name, value if value.end > value.start else whole)
        return {
            name: Attribute(name, value, *spans.get(name, (tag, tag, tag)), f"{pointer}/@{name}")
            for name, value in values.items()
        }

    def _check_prefixes(self, element: MarkupElement, start: int) -> None:
        """A prefix that is not declared is an error for a reader that knows namespaces."""
        own = tuple(name[6:] for name in element.attributes if name.startswith("xmlns:"))
        self._own_prefixes.append(own)
        self._known_prefixes.update(own)
        for name in (element.name, *element.attributes):
            prefix, colon, _ = name.partition(":")
            if colon and not self._known_prefixes[prefix]:
                raise XmlRefused(
                    "not-well-formed", start, f"the prefix {quote(prefix)} of {quote(name)} is not declared"
                )

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        self._known_prefixes.subtract(self._own_prefixes.pop())
        end = self._here()
        if end > element.tag.end and not self._text.startswith("/>", element.tag.end - 2):
            element.content = Span(element.tag.end, end)

    def _characters(self, text: str) -> None:
        if self._open:
            self._open[-1]._parts.append(text)

    def _start_doctype(self, _name: str, system: str | None, public: str | None, _has_internal: int) -> None:
        found = self._text.rfind("<!DOCTYPE", 0, self._here() + len("<!DOCTYPE"))
        start = max(found, 0)
        self._doctype = Span(start, start + len("<!DOCTYPE"))
        if system is not None or public is not None:
            self._external[system or public or ""] = None

    def _entity(
        self,
        name: str,
        is_parameter: int,
        value: str | None,
        _base: str | None,
        system: str | None,
        public: str | None,
        _notation: str | None,
    ) -> None:
        if system is not None or public is not None:
            self._external[system or public or ""] = None
        elif not is_parameter and value is not None:
            self._entities.setdefault(name, value)

    def _end_doctype(self) -> None:
        """Refuse a document whose entities would stand for too much, before any of them is expanded."""
        sizes: dict[str, int] = {}
        for name in self._entities:
            self._size(name, sizes)
        start = self._here()
        total = sum(sizes.get(match["name"], 0) for match in _REFERENCE.finditer(self._text, start))
        if total > LONGEST_EXPANSION:
            raise XmlRefused("too-large", start, f"its entities expand to more than {LONGEST_EXPANSION:,} characters")

    def _size(self, name: str, sizes: dict[str, int]) -> None:
        """Note how much an entity stands for; one that holds itself is the parser's to refuse."""
        waiting, entered = [name], set()
        while waiting:
            current = waiting[-1]
            value = self._entities[current]
            inner = [each["name"] for each in _REFERENCE.finditer(value) if each["name"] in self._entities]
            missing = [each for each in inner if each not in sizes and each not in entered]
            entered.add(current)
            if missing:
                waiting.extend(dict.fromkeys(missing))
                continue
            waiting.pop()
            sizes[current] = len(value) + sum(sizes.get(each, 0) for each in inner)


def _skip(_context: Any, _base: str | None, _system: str | None, _public: str | None) -> int:
    """What lies elsewhere counts as empty."""
    return 1
