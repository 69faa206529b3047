"""A file that the metadata of a package names: icon, readme or licence. Read only when it is asked for."""

from __future__ import annotations

import re
from functools import cached_property

from umbmarket.findings import Document, Place, Span
from umbmarket.formats.source import SourceText
from umbmarket.formats.zip.archive import Archive, ArchiveEntry, ArchiveProblem, Content
from umbmarket.formats.zip.member_names import entry_path, folded

LARGEST_EMBEDDED_FILE = 1_048_576
"""Bytes of icon, readme and licence each (NuGetGallery, GalleryConstants.MaxFileLengthBytes)."""

MOST_ELSEWHERE = 3
"""Other places of a missing file that are named: enough to recognise it by."""

_HEAD_LENGTH = 16

_MAGIC = (
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("bmp", re.compile(rb"BM")),
    ("ico", re.compile(rb"\x00\x00\x01\x00")),
    ("svg", re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!--)")),
)
"""How image files start. nuget.org looks for the first two alone (NuGetGallery, StreamExtensions)."""

_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
"""Bytes that nuget.org takes for a sign of a binary file (NuGetGallery, TextHelper.IsUtf8TextByte)."""


class PackedFile:
    """One file that the metadata names.

    Attributes:
        declared: the path as written in the nuspec.
        path: the entry that it means: forward slashes, no leading `./` and slashes (see `entry_path`).
        entry: that entry, or None where the package has none of exactly this name.
    """

    def __init__(self, archive: Archive, declared: str) -> None:
        """Look `declared` up in `archive`; nothing is read."""
        self._archive = archive
        self.declared = declared
        self.path = entry_path(declared)
        self.entry: ArchiveEntry | None = archive.find(self.path)

    @property
    def is_missing(self) -> bool:
        """The package has no such entry."""
        return self.entry is None

    @property
    def is_at_hand(self) -> bool:
        """The package has the entry."""
        return self.entry is not None

    @property
    def pack_code(self) -> str:
        """Empty: it was packed all the same."""
        return ""

    @property
    def document(self) -> Document | None:
        """None: its places are in the package."""
        return None

    def place(self, span: Span | None = None) -> Place:
        """The entry, or a part of its text."""
        return Place(span=span, member=self.entry.name if self.entry is not None else None)

    @cached_property
    def near(self) -> str | None:
        """The entry that was meant, where the path is off by letter case or white space alone; else None."""
        if self.entry is not None:
            return None
        found = self._archive.find_other_case(self.path.strip())
        return found.name if found is not None else None

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """Where the path has no entry: those of its file name in other folders, at most `MOST_ELSEWHERE`."""
        if self.entry is not None or self.near is not None:
            return ()
        name = folded(self.path.strip().rpartition("/")[2])
        found: list[str] = []
        for entry in self._archive.entries if name else ():
            if folded(entry_path(entry.name)).rpartition("/")[2] == name:
                found.append(entry.name)
                if len(found) == MOST_ELSEWHERE:
                    break
        return tuple(found)

    @property
    def size(self) -> int:
        """Declared length in bytes; 0 where the package has no such entry."""
        return self.entry.size if self.entry is not None else 0

    @property
    def is_too_large(self) -> bool:
        """It says that it is beyond `LARGEST_EMBEDDED_FILE`."""
        return self.size > LARGEST_EMBEDDED_FILE

    @property
    def extension(self) -> str:
        """What follows the last dot of the file name, in lower case with the dot; empty without one."""
        name = self.path.rpartition("/")[2]
        stem, dot, extension = name.rpartition(".")
        return f".{extension.lower()}" if dot and (stem or extension) else ""

    @cached_property
    def content(self) -> Content:
        """The bytes, at most `LARGEST_EMBEDDED_FILE` of them, and what is wrong with them."""
        if self.entry is None:
            return Content(b"", None)
        return self._archive.read(self.entry, LARGEST_EMBEDDED_FILE)

    @property
    def problem(self) -> ArchiveProblem | None:
        """What is wrong with the content: it lies about its length, is damaged, encrypted or too large."""
        return self.content.problem

    @property
    def trouble(self) -> str | None:
        """The same in words."""
        return self.problem.detail if self.problem is not None else None

    @property
    def is_told_with_archive(self) -> bool:
        """`problem` is one that the archive has among its own."""
        return any((each.kind, each.member) == self.problem[:2] for each in self._archive.problems if self.problem)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, at most 16; only so much is inflated."""
        return self._archive.head(self.entry, _HEAD_LENGTH) if self.entry is not None else b""

    @property
    def image_type(self) -> str | None:
        """What the first bytes say: `png`, `jpeg`, `gif`, `webp`, `bmp`, `ico`, `svg`, or None."""
        return image_type_of(self.head)

    @cached_property
    def source(self) -> SourceText:
        """The content as text; empty where it cannot be read."""
        return SourceText(self.content.data)

    @property
    def looks_like_text(self) -> bool:
        """nuget.org would take it for a text file: no control characters but tabs, line and page breaks."""
        return is_text(self.content.data)


def image_type_of(head: bytes) -> str | None:
    """What the first bytes of a file say: `png`, `jpeg`, `gif`, `webp`, `bmp`, `ico`, `svg`, or None."""
    return next((name for name, magic in _MAGIC if magic.match(head)), None)


def is_text(data: bytes) -> bool:
    """Whether nuget.org would take the bytes for a text file."""
    return _NOT_TEXT.search(data) is None
