"""The text of an XML document: which encoding its bytes are in, and whether .NET reads them the same way."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from umbmarket.findings import Span, quote
from umbmarket.formats.source import SourceText

_DECLARATION = re.compile(r"\s*<\?xml(?P<rest>\s[^?<>]*)\?>")
_VERSION = re.compile(r"""\sversion\s*=\s*["'](?P<version>[^"']*)["']""")
_ENCODING = re.compile(r"""\sencoding\s*=\s*["'](?P<name>[^"']*)["']""")

_HEAD = 400
"""Bytes or characters that an XML declaration is looked for in; a usual one has 40."""

_UTF8_NAMES = frozenset(
    ("utf-8", "unicode-1-1-utf-8", "unicode-2-0-utf-8", "x-unicode-1-1-utf-8", "x-unicode-2-0-utf-8")
)
_ASCII_NAMES = frozenset(
    (
        "us-ascii",
        "ascii",
        "us",
        "ansi_x3.4-1968",
        "ansi_x3.4-1986",
        "cp367",
        "ibm367",
        "iso646-us",
        "iso-ir-6",
        "csascii",
    )
)
_LATIN_1_NAMES = frozenset(
    ("iso-8859-1", "iso_8859-1", "iso8859-1", "latin1", "l1", "cp819", "ibm819", "iso-ir-100", "csisolatin1")
)
"""What .NET reads without a package of code pages (measured with .NET 8). It knows neither `utf8` nor Windows-1252,
whatever .NET Framework knows."""

_WIDE_NAME = re.compile(r"utf-?(16|32)(le|be)?|ucs-?[24]|(iso-10646-)?ucs-?[24]|unicode", re.IGNORECASE)
_SINGLE_BYTE_NAME = re.compile(r"iso-8859-1?[0-9]|latin[19]|windows-125[0-8]|cp125[0-8]", re.IGNORECASE)
"""Other encodings of one byte a character that a nuspec could be written in: what was meant can be told."""

_MISSING_MARKS = {b"<\0": b"\xff\xfe", b"\0<": b"\xfe\xff"}


class TextProblem(NamedTuple):
    """Why .NET's `XmlReader` refuses the bytes, or reads other text than their author meant.

    Attributes:
        span: where, in the decoded text.
        detail: what is wrong, as a clause about "it".
        refused: .NET refuses it; otherwise it reads garbled text.
    """

    span: Span
    detail: str
    refused: bool


class XmlText(NamedTuple):
    """The decoded text of an XML document.

    Attributes:
        source: its text and positions, with the mark that UTF-16 lacked added. Where the text is in an encoding
            of one byte a character, the byte offsets are those of its UTF-8 form.
        problem: what is wrong with its encoding or its declaration, or None.
    """

    source: SourceText
    problem: TextProblem | None


def decode_xml(data: bytes) -> XmlText:
    """Decode the bytes of an XML document by mark, declaration and pattern, in this order; never raises."""
    # An XML document starts with '<', which gives UTF-16 without a mark away (XML 1.0, appendix F).
    source = SourceText(_MISSING_MARKS.get(data[:2], b"") + data)
    declared, at = _declared_encoding(source.text[:_HEAD] or data[:_HEAD].decode("latin-1"))
    name = declared.lower() if declared is not None else None
    written = quote(declared or "")
    if source.encoding.startswith(("utf-16", "utf-32")):
        if name is None or _WIDE_NAME.fullmatch(name):
            return XmlText(source, _version_problem(source.text))
        detail = f"it declares the encoding {written} and is {_family(source.encoding)}"
        return XmlText(source, TextProblem(at, detail, refused=True))
    if name is None or name in _UTF8_NAMES:
        return XmlText(source, _utf8_problem(source) or _version_problem(source.text))
    if name in _ASCII_NAMES:
        return _ascii(data, source, written)
    if name in _LATIN_1_NAMES:
        return _latin_1(data, source, at, written)
    if _WIDE_NAME.fullmatch(name):
        detail = f"it declares the encoding {written} and is not in it"
        return XmlText(source, TextProblem(at, detail, refused=True))
    detail = f"it declares the encoding {written}, which .NET does not read"
    if source.problem is not None and _SINGLE_BYTE_NAME.fullmatch(name) and _is_known(name):
        source = SourceText(data.decode(name, "replace").encode("utf-8"))
    return XmlText(source, TextProblem(at, detail, refused=True))


def _is_known(encoding: str) -> bool:
    """Whether Python can decode it: there is no ISO 8859-12, and the numbers end at 16."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _ascii(data: bytes, source: SourceText, written: str) -> XmlText:
    """A text that says it is ASCII; .NET reads question marks for everything else."""
    if source.problem is not None:
        source = SourceText(data.decode("latin-1").encode("utf-8"))
    if source.text.isascii():
        return XmlText(source, _version_problem(source.text))
    offset = next(offset for offset, char in enumerate(source.text) if not char.isascii())
    detail = f"it declares the encoding {written}, so every other letter comes out as a question mark"
    return XmlText(source, TextProblem(Span(offset, offset + 1), detail, refused=False))


def _latin_1(data: bytes, source: SourceText, at: Span, written: str) -> XmlText:
    if source.problem is None:
        if source.text.isascii():
            return XmlText(source, _version_problem(source.text))
        detail = f"it declares the encoding {written} and is UTF-8, so letters with accents come out garbled"
        return XmlText(source, TextProblem(at, detail, refused=False))
    text = data.decode("latin-1")
    return XmlText(SourceText(text.encode("utf-8")), _version_problem(text))


def _declared_encoding(head: str) -> tuple[str | None, Span]:
    """The encoding that the declaration at the start of `head` names, and where; None when it names none."""
    declaration = _DECLARATION.match(head)
    found = _ENCODING.search(head, declaration.start("rest"), declaration.end("rest")) if declaration else None
    return (found["name"], Span(*found.span("name"))) if found else (None, Span(0, 0))


def _version_problem(text: str) -> TextProblem | None:
    """.NET reads XML 1.0 alone."""
    declaration = _DECLARATION.match(text[:_HEAD])
    if declaration is None:
        return None
    found = _VERSION.search(declaration[0])
    if found is None or found["version"] == "1.0":
        return None
    span = Span(*found.span("version"))
    return TextProblem(span, f"it declares XML version {quote(found['version'])}; .NET reads only 1.0", refused=True)


def _utf8_problem(source: SourceText) -> TextProblem | None:
    problem = source.problem
    if problem is None:
        return None
    at = source.offset_of_byte(problem.offset) if source.readable else 0
    guess = f", though it looks like {problem.looks_like}" if problem.looks_like else ""
    byte = f"byte {problem.offset:,} (0x{problem.byte:02X})"
    detail = f"{byte} is not UTF-8, and no other encoding is declared{guess}"
    return TextProblem(Span(at, min(at + 1, len(source.text))), detail, refused=True)


def _family(encoding: str) -> str:
    return encoding[:6].upper()
