"""One file of a package, in a ZIP or beside others in a folder, with its text and the places in it."""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple

from umbmarket.findings import Place, Region, Span, quote
from umbmarket.formats.source import SourceText
from umbmarket.formats.xml.elements import XmlRefused, leading_space
from umbmarket.formats.xml.markup import Markup, MarkupElement, read_markup

LARGEST_XML = 1_048_576
"""Bytes of an XML file that are read: the largest real one has 7,000."""

_DECLARED = re.compile(rb"""<\?xml\s[^?<>]*?\bencoding\s*=\s*["'](?P<name>[A-Za-z0-9._-]+)["']""")
_HEAD = 400
_UTF8_NAMES = frozenset(("utf-8", "utf8"))
_MISSING_MARKS = {b"<\0": b"\xff\xfe", b"\0<": b"\xfe\xff"}

_PROLOG_ERROR = 'Nuxeo says "Content is not allowed in prolog"'


class XmlProblem(NamedTuple):
    """Why Nuxeo, or umbmarket, does not read an XML file.

    Attributes:
        kind: `encoding`, `not-well-formed` or `too-large` (beyond what is read here; Nuxeo may read it).
        span: where, in the decoded text.
        detail: what is wrong, as a clause about "it".
    """

    kind: Literal["encoding", "not-well-formed", "too-large"]
    span: Span
    detail: str


class PackageFile:
    """A `findings.Document`: one file of a package.

    Attributes:
        path: of the file, or of the ZIP that it is in, as shown to the user.
        member: its name in the ZIP; None for a file of its own.
        source: its text.
    """

    def __init__(self, path: str, member: str | None, source: SourceText) -> None:
        self.path = path
        self.member = member
        self.source = source

    @property
    def name(self) -> str:
        """What it is called within the package: the last part of its path."""
        return (self.path if self.member is None else self.member).replace("\\", "/").rpartition("/")[2]

    def member_of(self, place: Place) -> str | None:
        """Its name in the ZIP."""
        return self.member

    def source_of(self, place: Place) -> SourceText | None:
        """Its text."""
        return self.source

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of the place; None for the file as a whole."""
        return None if place.span is None else self.source.region(place.span)


class XmlFile(PackageFile):
    """An XML file of a package.

    Attributes:
        markup: what it says; None where it cannot be read.
        problem: why it cannot be read; None where it can.
        is_template: it is no XML yet: `<%` of EJS or JSP is in it.
    """

    def __init__(
        self, path: str, member: str | None, source: SourceText, encoding_problem: XmlProblem | None = None
    ) -> None:
        super().__init__(path, member, source)
        self.markup: Markup | None = None
        self.problem = encoding_problem
        self.is_template = "<%" in source.text
        if encoding_problem is None:
            self._read()

    def _read(self) -> None:
        text = self.source.text
        try:
            self.markup = read_markup(text)
        except XmlRefused as refused:
            kind: Literal["not-well-formed", "too-large"] = (
                "too-large" if refused.kind == "too-large" else "not-well-formed"
            )
            blank = leading_space(text)
            span = Span(0, blank) if blank else Span(refused.offset, min(refused.offset + 1, len(text)))
            self.problem = XmlProblem(kind, span, refused.detail)

    @property
    def root(self) -> MarkupElement | None:
        """Its root element; None where it cannot be read."""
        return None if self.markup is None else self.markup.root


def manifest_file(path: str, member: str | None, data: bytes) -> XmlFile:
    """A `package.xml`: its encoding is told by its mark or its declaration, else it is UTF-8. Never raises."""
    if len(data) > LARGEST_XML:
        return _too_large(path, member, data)
    source = SourceText(_MISSING_MARKS.get(data[:2], b"") + data)
    if source.encoding.startswith(("utf-16", "utf-32")):
        return XmlFile(path, member, source)
    found = _DECLARED.match(data, 3 if source.has_bom else 0, _HEAD)
    declared = found["name"].decode("ascii") if found is not None else None
    if declared is None or declared.lower() in _UTF8_NAMES:
        return XmlFile(path, member, source, _utf8_problem(source, declared))
    if source.problem is not None:
        # What Java does with encodings that Python does not know is not known here.
        encoding = _known(declared)
        source = SourceText(data.decode(encoding or "latin-1", "replace").encode("utf-8", "surrogatepass"))
    return XmlFile(path, member, source)


def script_file(path: str, member: str | None, data: bytes) -> XmlFile:
    """An `install.xml`: Nuxeo reads it as UTF-8, whatever it declares and whatever mark it has. Never raises."""
    if len(data) > LARGEST_XML:
        return _too_large(path, member, data)
    source = SourceText(data)
    problem = None
    if source.encoding.startswith(("utf-16", "utf-32")) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = source.encoding[:6].upper() if source.encoding.startswith("utf-") else "UTF-16"
        problem = XmlProblem("encoding", Span(0, 0), f"it is {name}, and Nuxeo reads it as UTF-8: {_PROLOG_ERROR}")
    elif source.has_bom:
        problem = XmlProblem("encoding", Span(0, 0), f"it begins with a byte order mark: {_PROLOG_ERROR}")
    return XmlFile(path, member, source, problem)


def _too_large(path: str, member: str | None, data: bytes) -> XmlFile:
    detail = f"it is longer than {LARGEST_XML:,} bytes, so it was not read"
    return XmlFile(path, member, SourceText(data[:0]), XmlProblem("too-large", Span(0, 0), detail))


def _known(encoding: str) -> str | None:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return None


def _utf8_problem(source: SourceText, declared: str | None) -> XmlProblem | None:
    problem = source.problem
    if problem is None:
        return None
    at = source.offset_of_byte(problem.offset) if source.readable else 0
    says = (
        f"although the file declares {quote(declared)}" if declared is not None else "and no other encoding is declared"
    )
    guess = f"; it looks like {problem.looks_like}" if problem.looks_like else ""
    detail = f"byte {problem.offset:,} (0x{problem.byte:02X}) is not UTF-8, {says}{guess}"
    return XmlProblem("encoding", Span(at, min(at + 1, len(source.text))), detail)
