"""What the first bytes of an answer are: a picture, and of which kind, or something else.

Signatures: PNG (W3C PNG, 5.2), JPEG (ITU-T T.81, B.1.1.3), GIF (GIF89a, 17), WebP (RFC 9649, 2.4), and for the
others the WHATWG MIME Sniffing standard, section 7.1. SVG and HTML are told by their first element.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

ENOUGH_BYTES = 4096
"""How much of a body is looked at: an SVG may begin with a declaration, a DOCTYPE and a comment of its editor."""

Content: TypeAlias = Literal[
    "PNG",
    "JPEG",
    "GIF",
    "WebP",
    "SVG",
    "AVIF",
    "HEIC",
    "BMP",
    "ICO",
    "TIFF",
    "HTML",
    "XML",
    "JSON",
    "PDF",
    "ZIP",
    "video",
    "git-lfs",
    "text",
    "nothing",
    "unknown",
]
"""What bytes are. `git-lfs` is the small text that stands in a repository for a file kept in Git LFS; `nothing` is an
empty body; `unknown` are bytes that are neither text nor any of the others."""

_STARTS: tuple[tuple[bytes, Content], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\1\0", "ICO"),
    (b"%PDF-", "PDF"),
    (b"PK\3\4", "ZIP"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"version https://git-lfs.github.com/spec/", "git-lfs"),
)
_BRANDS: dict[bytes, Content] = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
}
"""Major brands of ISO base media files that are images; all others are videos."""

_PREAMBLE = re.compile(rb"\s+|<\?[^>]*\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(rb"<!doctype\s+([a-z]+)", re.IGNORECASE)
_ELEMENT = re.compile(rb"<(?:[a-z][\w.\-]*:)?([a-z][\w.\-]*)", re.IGNORECASE)
_HTML_ELEMENTS = frozenset(
    (b"html", b"head", b"body", b"script", b"title", b"meta", b"link", b"style", b"div", b"p", b"h1", b"a", b"br")
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def recognise(data: bytes) -> Content:
    """Say what bytes are.

    Args:
        data: The beginning of a body; `ENOUGH_BYTES` are enough, and more are not looked at.
    """
    head = data[:ENOUGH_BYTES]
    if not head:
        return "nothing"
    for start, content in _STARTS:
        if head.startswith(start):
            return content
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video")
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "BMP"
    if _is_wide_text(head):
        head = head.replace(b"\0", b"")
    if _BINARY.search(head):
        return "unknown"
    return _text(head)


def _is_wide_text(head: bytes) -> bool:
    return head.startswith(_MARKS[1:])


def _text(head: bytes) -> Content:
    """What a text is, by its first element or bracket."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    is_xml = head.lstrip().startswith(b"<?xml")
    at = 0
    while (skipped := _PREAMBLE.match(head, at)) is not None:
        at = skipped.end()
    doctype = _DOCTYPE.match(head, at)
    element = doctype or _ELEMENT.match(head, at)
    if element is not None:
        name = element[1].lower()
        if name == b"svg":
            return "SVG"
        if name in _HTML_ELEMENTS:
            return "HTML"
        return "XML" if is_xml or doctype is not None else "text"
    if is_xml:
        return "XML"
    return "JSON" if head[at : at + 1] in (b"{", b"[") else "text"
