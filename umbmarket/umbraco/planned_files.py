"""Icon, readme and licence as they would be in a planned package: an `EmbeddedFile` each."""

from __future__ import annotations

from umbmarket.findings import WHOLE_DOCUMENT, Place, Span
from umbmarket.formats.source import SourceText
from umbmarket.nuget.package.packed_file import LARGEST_EMBEDDED_FILE, image_type_of, is_text
from umbmarket.nuget.project.packed_items import PlannedFile
from umbmarket.umbraco.planned_places import DiskFile

_HEAD_LENGTH = 16

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""What a file of Git LFS begins with where only its pointer was checked out (git-lfs, docs/spec.md)."""


class FileToPack:
    """A file that a planned package would have, or certainly would not have.

    Attributes:
        declared: the path as written.
        path: the path in the package.
        is_missing: no item packs it, which is certain.
        pack_code: the error with which `dotnet pack` stops then.
    """

    def __init__(
        self, planned: PlannedFile, pack_code: str, document: DiskFile | None, at: Place = WHOLE_DOCUMENT
    ) -> None:
        """Nothing is read yet.

        Args:
            planned: what is known of it.
            pack_code: as the attribute.
            document: the file on the disk; None where that is not known.
            at: where the project names it.
        """
        self._at = at
        self.declared = planned.declared
        self.path = planned.path
        self.is_missing = planned.is_packed is False
        self.pack_code = pack_code
        self._extension = planned.extension
        self._document = document

    @classmethod
    def of_item(cls, path: str, at: Place) -> FileToPack:
        """A file that an item packs, and whose content may still be changed before that."""
        return cls(PlannedFile(path, None, True, None, None), "", None, at)

    @property
    def document(self) -> DiskFile | None:
        """The file on the disk."""
        return self._document

    @property
    def is_at_hand(self) -> bool:
        """An item packs it, and it can be read; a pointer of Git LFS stands for a file that was not checked out."""
        data = self._document.data if self._document is not None else None
        return data is not None and not data.startswith(_LFS_POINTER)

    def place(self, span: Span | None = None) -> Place:
        """The file on the disk, or a part of its text; where that is not known, its item in the project."""
        return Place(span=span) if self._document is not None else self._at

    @property
    def near(self) -> str | None:
        """None: where a file of this name is packed, it is not certain that this one is missing."""
        return None

    @property
    def elsewhere(self) -> tuple[()]:
        """None, for the same reason."""
        return ()

    @property
    def trouble(self) -> str | None:
        """None: what cannot be read is not at hand."""
        return None

    @property
    def is_told_with_archive(self) -> bool:
        """There is no archive."""
        return False

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._document.size if self._document is not None else 0

    @property
    def is_too_large(self) -> bool:
        """It is longer than nuget.org takes."""
        return self.size > LARGEST_EMBEDDED_FILE

    @property
    def extension(self) -> str:
        """The ending in lower case with the dot; empty without one."""
        return self._extension

    @property
    def image_type(self) -> str | None:
        """What the first bytes say it is, or None."""
        data = self._document.data if self._document is not None else None
        return image_type_of(data[:_HEAD_LENGTH]) if data is not None else None

    @property
    def source(self) -> SourceText:
        """The content as text; empty where it cannot be read."""
        return self._document.source if self._document is not None else SourceText(b"")

    @property
    def looks_like_text(self) -> bool:
        """nuget.org would take it for a text file."""
        return is_text((self._document.data if self._document is not None else None) or b"")
