"""A read-only view of a ZIP archive that is never extracted: what it lists, and single members within limits.

Only the central directory is read when it is opened, so that a large package costs what a small one does.
Whatever is wrong with it is data; nothing here raises.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from umbmarket.findings import Place, quote
from umbmarket.formats.zip.directory import (
    METHOD_DEFLATE,
    METHOD_STORED,
    Directory,
    DirectoryDamage,
    RawEntry,
    Stated,
    begins_with_entry,
    content_start,
    least_end,
    read_directory,
    stated_locally,
)
from umbmarket.formats.zip.member_names import entry_path, folded, unescape, unsafe_reason

MOST_ENTRIES = 65_533
"""Entries that nuget.org takes in an unsigned package (NuGetGallery, PackageMetadataValidationService):
signing adds one and 65,535 needs ZIP64.
"""

MOST_OF_A_KIND = 50
"""Problems of one kind that are kept; `Archive.counts` counts them all."""

_DEFLATE_BEST = 1032
"""How many bytes one byte of deflate stands for at most (zlib, "Technical Details")."""

_DEFLATE_SLACK = 1024
"""Bytes left out of that account, for streams too short for it to hold."""

_CHUNK = 64 * 1024
_SIGNATURE_NAME = ".signature.p7s"

Opener = Callable[[], BinaryIO]

ArchiveProblemKind = Literal[
    "unreadable",
    "empty",
    "not-a-zip",
    "truncated",
    "damaged",
    "encrypted",
    "unsafe-name",
    "name-encoding",
    "duplicate-name",
    "case-collision",
    "double-slash",
    "too-many-entries",
    "size-lie",
    "overlap",
    "too-large",
    "unsupported-method",
    "checksum",
]
"""What can be wrong.

With the whole archive, which is then `unusable`: `unreadable` (the system refuses the file), `empty`,
`not-a-zip`, `truncated`, `damaged` (NuGet cannot open it), `encrypted` (an entry is). With names:
`unsafe-name`, `name-encoding` (not UTF-8), `duplicate-name` and `case-collision` (nuget.org refuses both),
`double-slash` (it refuses that too). With sizes: `too-many-entries`, `size-lie` (declared and real length
differ), `overlap` (two entries share bytes). With one member that was read: `size-lie`, `too-large` (beyond
the reader's limit), `unsupported-method`, `checksum`, `damaged`, `encrypted`, `unreadable`.
"""


class ArchiveProblem(NamedTuple):
    """One thing that is wrong with an archive.

    Attributes:
        kind: see `ArchiveProblemKind`.
        member: name of the entry that is meant, percent-decoded once; None for the archive as a whole.
        detail: what is wrong, as a clause about "it", without a full stop.
    """

    kind: ArchiveProblemKind
    member: str | None
    detail: str

    @property
    def place(self) -> Place:
        """The entry that is meant, or the archive as a whole."""
        return Place(member=self.member)


class ArchiveEntry(NamedTuple):
    """One entry of the archive.

    Attributes:
        name: percent-decoded once, as NuGet lists it and looks it up.
        raw: what the central directory says of it.
    """

    name: str
    raw: RawEntry

    @property
    def size(self) -> int:
        """Declared length of the content in bytes."""
        return self.raw.size

    @property
    def is_folder(self) -> bool:
        """It stands for a folder, so there is nothing to read."""
        return self.name.endswith(("/", "\\"))


class Content(NamedTuple):
    """What reading one member gave.

    Attributes:
        data: its bytes; up to the limit or the place of the damage where there is a problem.
        problem: why that is not all, or not what was declared; None when all is well.
    """

    data: bytes
    problem: ArchiveProblem | None


class Archive:
    """A ZIP archive, as far as its central directory tells.

    Attributes:
        size: length of the file in bytes.
        entries: in the directory's order; empty where it could not be read.
        problems: what is wrong with it, at most `MOST_OF_A_KIND` of each kind.
        counts: how many problems of each kind there are.
        unusable: why NuGet could not open or extract it; None when it can. Entries may be listed all the
            same.
    """

    def __init__(self, opener: Opener) -> None:
        """`opener` gives the archive's bytes afresh each time. Never raises."""
        self._opener = opener
        self.size = 0
        self.entries: tuple[ArchiveEntry, ...] = ()
        self.unusable: ArchiveProblem | None = None
        self.counts: dict[ArchiveProblemKind, int] = {}
        self._problems: list[ArchiveProblem] = []
        try:
            with opener() as file:
                self.size = file.seek(0, io.SEEK_END)
                directory = read_directory(file, self.size)
        except OSError as error:
            self._refuse("unreadable", f"it cannot be read: {error.strerror or error}")
        except DirectoryDamage as damage:
            self._refuse(_DAMAGE_KINDS[damage.kind], damage.detail)
        else:
            self.entries = tuple(ArchiveEntry(unescape(raw.raw_name), raw) for raw in directory.entries)
            self._check(directory)
        self.problems = tuple(self._problems)

    @classmethod
    def open(cls, path: Path) -> Archive:
        """The archive in a file. What the system says against it becomes the problem `unreadable`."""

        def opener() -> BinaryIO:
            if not path.is_file():
                # Opening a pipe waits for a writer; a folder has a clearer message than the system's.
                raise OSError(None, "no such file" if not path.exists() else "it is not a file")
            return path.open("rb")

        return cls(opener)

    @classmethod
    def unreadable(cls, reason: str) -> Archive:
        """Stands for an archive that cannot be read, and why: the problem `unreadable`."""

        def refuse() -> BinaryIO:
            raise OSError(None, reason)

        return cls(refuse)

    @classmethod
    def from_bytes(cls, data: bytes) -> Archive:
        """The archive that `data` is."""
        return cls(lambda: io.BytesIO(data))

    @cached_property
    def by_name(self) -> dict[str, ArchiveEntry]:
        """Entries by decoded name; of a name given twice the first, as NuGet looks it up."""
        return {entry.name: entry for entry in reversed(self.entries)}

    @cached_property
    def _by_folded_name(self) -> dict[str, ArchiveEntry]:
        return {folded(entry_path(entry.name)): entry for entry in reversed(self.entries)}

    def find(self, name: str) -> ArchiveEntry | None:
        """The entry of exactly this decoded name, letter case included."""
        return self.by_name.get(name)

    def find_other_case(self, name: str) -> ArchiveEntry | None:
        """The entry whose name differs from `name` at most in letter case and in the kind of its slashes."""
        return self._by_folded_name.get(folded(entry_path(name)))

    @property
    def is_signed(self) -> bool:
        """A signature lies at its root (NuGet.Client, SigningSpecificationsV1); it is not verified."""
        return _SIGNATURE_NAME in self.by_name

    def read(self, entry: ArchiveEntry, limit: int) -> Content:
        """Inflate a member, at most `limit` bytes of it, however long it says it is. Never raises."""
        return self._read(entry, limit, whole=True)

    @cached_property
    def begins_with_entry(self) -> bool:
        """Whether an entry stands at its very beginning, where readers of streams look for the first. Never raises."""
        try:
            with self._opener() as file:
                return begins_with_entry(file)
        except OSError:
            return False

    def stated_locally(self, entry: ArchiveEntry) -> Stated | None:
        """What the header in front of a member says of it, see `directory.stated_locally`. Never raises."""
        if entry.raw.offset >= self.size:
            # ZIP64 can name places that no system can go to.
            return None
        try:
            with self._opener() as file:
                return stated_locally(file, entry.raw)
        except OSError:
            return None

    def head(self, entry: ArchiveEntry, count: int) -> bytes:
        """The first `count` bytes of a member; fewer where it is shorter, none where it cannot be read."""
        return self._read(entry, count, whole=False).data

    def _read(self, entry: ArchiveEntry, limit: int, *, whole: bool) -> Content:
        raw = entry.raw
        if raw.encrypted:
            return _failed(entry, "encrypted", "it is encrypted")
        if raw.method not in (METHOD_STORED, METHOD_DEFLATE):
            return _failed(
                entry,
                "unsupported-method",
                f"its compression method {raw.method} is not supported",
            )
        if raw.offset >= self.size:
            return _failed(entry, "damaged", "its declared start is beyond the end of the archive")
        # One byte beyond what was declared proves the lie; nothing more need be inflated.
        budget = min(limit, raw.size) + 1 if whole else limit
        try:
            with self._opener() as file:
                start = content_start(file, raw)
                if start is None or start > self.size:
                    return _failed(entry, "damaged", "its header is not where the archive says it is")
                file.seek(start)
                data, ended = _inflate(file, raw, budget)
        except OSError as error:
            return _failed(entry, "unreadable", f"it cannot be read: {error.strerror or error}")
        except zlib.error:
            return _failed(entry, "damaged", "its compressed content is damaged")
        return Content(data, _content_problem(entry, data, ended, limit) if whole else None)

    def _refuse(self, kind: ArchiveProblemKind, detail: str, member: str | None = None) -> None:
        """Note a problem that keeps NuGet from opening or extracting the archive."""
        self._note(kind, member, detail)
        if self.unusable is None:
            self.unusable = self._problems[-1]

    def _note(self, kind: ArchiveProblemKind, member: str | None, detail: str) -> None:
        self.counts[kind] = count = self.counts.get(kind, 0) + 1
        if count <= MOST_OF_A_KIND:
            self._problems.append(ArchiveProblem(kind, member, detail))

    def _check(self, directory: Directory) -> None:
        """Everything that the central directory alone gives away."""
        count = len(self.entries)
        if directory.more or count > MOST_ENTRIES + self.is_signed:
            listed = f"more than {count:,}" if directory.more else f"{count:,}"
            self._note("too-many-entries", None, f"it lists {listed} entries; nuget.org accepts {MOST_ENTRIES:,}")
        if not directory.more and directory.declared != count:
            self._refuse("damaged", f"it declares {directory.declared:,} entries, but has {count:,}")
        for entry in self.entries:
            self._check_entry(entry)
        self._check_same_names()
        self._check_overlaps(directory.start)

    def _check_entry(self, entry: ArchiveEntry) -> None:
        raw = entry.raw
        if raw.encrypted:
            self._refuse("encrypted", "it is encrypted", entry.name)
        elif raw.method == METHOD_STORED and raw.size != raw.packed_size:
            self._note(
                "size-lie", entry.name, f"its declared length is {raw.size:,} bytes, but it holds {raw.packed_size:,}"
            )
        elif raw.method == METHOD_DEFLATE and raw.size > raw.packed_size * _DEFLATE_BEST + _DEFLATE_SLACK:
            self._note(
                "size-lie",
                entry.name,
                f"its declared length is {raw.size:,} bytes, too much for {raw.packed_size:,} compressed bytes",
            )
        reason = unsafe_reason(raw.raw_name)
        if reason is not None:
            self._note("unsafe-name", entry.name, reason)
        if not raw.name_is_utf8:
            self._note("name-encoding", entry.name, "its name is not UTF-8, so readers disagree on it")
        if "\\\\" in raw.raw_name:
            self._note("double-slash", entry.name, r"its name contains \\")

    def _check_same_names(self) -> None:
        seen: dict[str, str] = {}
        for entry in self.entries:
            name = entry_path(entry.name)
            first = seen.setdefault(folded(name), name)
            if first is name:
                continue
            if first == name:
                self._note("duplicate-name", entry.name, "another entry has the same name")
            else:
                self._note("case-collision", entry.name, f"it differs from {quote(first)} only in letter case")
        collapsed: dict[str, str] = {}
        for key in seen:
            if "//" in key:
                collapsed.setdefault(_collapsed(key), seen[key])
        for key, name in seen.items() if collapsed else ():
            if "//" not in key and key in collapsed:
                self._note("double-slash", collapsed[key], f"its name is that of {quote(name)} with an extra slash")

    def _check_overlaps(self, directory_start: int) -> None:
        in_order = sorted(self.entries, key=_offset_of)
        for entry, following in zip(in_order, [*in_order[1:], None], strict=False):
            limit = directory_start if following is None else following.raw.offset
            if least_end(entry.raw) > limit:
                other = "the table of contents" if following is None else quote(following.name)
                self._note("overlap", entry.name, f"its content and that of {other} share bytes of the archive")

    def in_folder(self, folder: str) -> Iterator[ArchiveEntry]:
        """The entries below `folder` (such as `lib/`), letter case ignored, in the archive's order."""
        key = folded(folder)
        return (entry for entry in self.entries if folded(entry_path(entry.name)).startswith(key))


_DAMAGE_KINDS: dict[str, ArchiveProblemKind] = {
    "empty": "empty",
    "not-a-zip": "not-a-zip",
    "truncated": "truncated",
    "damaged": "damaged",
}


def _offset_of(entry: ArchiveEntry) -> int:
    return entry.raw.offset


def _collapsed(name: str) -> str:
    while "//" in name:
        name = name.replace("//", "/")
    return name


def _failed(entry: ArchiveEntry, kind: ArchiveProblemKind, detail: str) -> Content:
    return Content(b"", ArchiveProblem(kind, entry.name, detail))


def _inflate(file: BinaryIO, raw: RawEntry, budget: int) -> tuple[bytes, bool]:
    """At most `budget` bytes of the content that `file` stands at, and whether that is its end."""
    if raw.method == METHOD_STORED:
        data = file.read(min(budget, raw.packed_size))
        return data, len(data) == raw.packed_size
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    left = raw.packed_size
    room = budget
    while room > 0 and not inflater.eof:
        packed = inflater.unconsumed_tail
        if not packed:
            packed = file.read(min(_CHUNK, left))
            left -= len(packed)
        part = inflater.decompress(packed, min(room, _CHUNK))
        # zlib may hold back output when it has taken all input, so the end is where nothing goes in nor comes out.
        if not packed and not part:
            break
        parts.append(part)
        room -= len(part)
    return b"".join(parts), inflater.eof


def _content_problem(entry: ArchiveEntry, data: bytes, ended: bool, limit: int) -> ArchiveProblem | None:
    raw = entry.raw
    if len(data) > raw.size:
        return ArchiveProblem("size-lie", entry.name, f"its declared length is {raw.size:,} bytes, but it is longer")
    if len(data) > limit:
        return ArchiveProblem("too-large", entry.name, f"it is longer than the limit of {limit:,} bytes")
    if not ended:
        return ArchiveProblem("damaged", entry.name, "its compressed content ends too early")
    if len(data) != raw.size:
        return ArchiveProblem(
            "size-lie", entry.name, f"its declared length is {raw.size:,} bytes, but it has {len(data):,}"
        )
    if zlib.crc32(data) != raw.checksum:
        return ArchiveProblem("checksum", entry.name, "its content does not match its checksum")
    return None
