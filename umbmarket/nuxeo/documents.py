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
    is_wide = source.encoding.startswith(("utf-16", "utf-32"))
    head = source.text[:_HEAD].encode("ascii", "replace") if is_wide else data[3 if source.has_bom else 0 :][:_HEAD]
    found = _DECLARED.match(head)
    declared = found["name"].decode("ascii") if found is not None else None
    lie = _lie(source.encoding, declared)
    if lie is not None:
        return XmlFile(path, member, source, XmlProblem("encoding", _span_of(source, declared or ""), lie))
    if is_wide:
        return XmlFile(path, member, source)
    if declared is None or declared.lower() in _UTF8_NAMES:
        return XmlFile(path, member, source, _utf8_problem(source, declared))
    if found is not None and not _may_be_known_to_java(declared):
        detail = f"Java does not know the encoding {quote(declared)}"
        return XmlFile(path, member, source, XmlProblem("encoding", _span_of(source, declared), detail))
    if source.problem is not None:
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


_NARROW = re.compile(r"utf-?8|(?:us-)?ascii|iso-8859-[0-9]+|windows-125[0-9]", re.IGNORECASE)
_WIDE = re.compile(r"utf-(?:16|32)", re.IGNORECASE)
_UTF_OF_JAVA = re.compile(r"(?:utf[-_]?(?:8|16|32)|utf[-_](?:16|32)(?:be|le)|utf[-_]32(?:be|le)[-_]bom)", re.IGNORECASE)
_JAVA_ONLY = re.compile(
    r"(?:x-|ibm|cp|windows|cs|ms|iso[^-]|iso-[^8]|iso-8859[^-]|jis|ebcdic|[0-9]|big5|cesu|euc|extended|iscii|latin|mac|pc-"
    r"|st_|unicode|x0|ansi-|ascii|ccsid|cns|default|gb|koi|korean|ks|pck|shift|sjis|sun|tis)",
    re.IGNORECASE,
)
"""How names of encodings begin that Java knows and Python may not (measured with Java 17 and 25)."""


def _may_be_known_to_java(name: str) -> bool:
    """Whether Java's parser may know an encoding; of what it does not know it is certain."""
    if name.lower().startswith("utf"):
        return _UTF_OF_JAVA.fullmatch(name) is not None and name.lower() != "utf_8"
    return _known(name) is not None or _JAVA_ONLY.match(name) is not None


def _lie(encoding: str, declared: str | None) -> str | None:
    """Why Java refuses a file for what it declares, as a clause (measured with Java 17 and 25); None where it does not.

    Args:
        encoding: that the file has, by its bytes.
        declared: that it says it has; None for none.
    """
    if encoding.startswith("utf-32"):
        return "the file is UTF-32, which Java does not read"
    if declared is None:
        return None
    if encoding.startswith("utf-16"):
        return f"the file declares {quote(declared)}, but is UTF-16" if _NARROW.fullmatch(declared) else None
    return f"the file declares {quote(declared)}, but is not {declared[:6].upper()}" if _WIDE.match(declared) else None


def _span_of(source: SourceText, declared: str) -> Span:
    at = source.text.find(declared)
    return Span(max(at, 0), max(at, 0) + len(declared))


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
