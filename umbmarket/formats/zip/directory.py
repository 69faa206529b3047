"""The central directory of a ZIP archive: found, read and checked without touching the content.

Python's `zipfile` is not used. It cuts names at a NUL, moves offsets to fit bytes put in front, trusts the
number of entries, and raises half a dozen kinds of exception; .NET's `ZipArchive`, which NuGet opens packages
with, does none of this. The format is PKWARE's APPNOTE 6.3, sections 4.3 and 4.4.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

DIRECTORY_LIMIT = 32 * 1024 * 1024
"""Bytes of central directory that are read: some 500 for each of 65,533 entries, where 100 are usual."""

ENTRY_READ_LIMIT = 70_000
"""Entries that are read: above what nuget.org takes (65,533), so that a package beyond is known to be beyond.
"""

METHOD_STORED = 0
METHOD_DEFLATE = 8

_COMMENT_LIMIT = 0xFFFF
_END = struct.Struct("<4s4H2IH")
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sIQI")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2I4Q")
_END64_SIGNATURE = b"PK\x06\x06"
_HEADER = struct.Struct("<4s6H3I5H2I")
_HEADER_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_EXTRA = struct.Struct("<2H")
_ZIP64_EXTRA = 1

_TOO_BIG_16 = 0xFFFF
_TOO_BIG_32 = 0xFFFFFFFF

_UNIX_SYSTEMS = (3, 19)
"""Systems whose modes stand in the upper half of the external attributes: Unix and macOS (APPNOTE 4.4.2, 4.4.15)."""

_ENCRYPTED = 0x0001
_STATED_BEHIND = 0x0008
_UTF8_NAME = 0x0800


class DirectoryDamage(Exception):
    """The archive cannot be opened.

    Attributes:
        kind: `empty`, `not-a-zip`, `truncated` or `damaged`.
        detail: what is wrong, as a clause about "it".
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class RawEntry(NamedTuple):
    """One entry as the central directory states it; nothing here has been checked against the content.

    Attributes:
        raw_name: the name before percent-decoding. Bytes that are not UTF-8 are U+FFFD, as .NET reads them.
        name_is_utf8: the name's bytes are UTF-8.
        size: declared length of the content, in bytes.
        packed_size: declared length of the compressed content, in bytes.
        method: how it is compressed: 0 stored, 8 deflate.
        encrypted: the content is encrypted.
        checksum: declared CRC-32 of the content.
        offset: where its local header stands, in bytes from the start of the file.
        date: MS-DOS date and time of its last change, as (year, month, day, hour, minute, second), unchecked.
        is_link: its content is the path that a symbolic link leads to.
        stated_behind: checksum and length stand behind the content, since they were not known before.
    """

    raw_name: str
    name_is_utf8: bool
    size: int
    packed_size: int
    method: int
    encrypted: bool
    checksum: int
    offset: int
    date: tuple[int, int, int, int, int, int]
    is_link: bool
    stated_behind: bool


class Directory(NamedTuple):
    """What the central directory says.

    Attributes:
        entries: in the directory's order, at most `ENTRY_READ_LIMIT`.
        declared: number of entries that the end record promises.
        start: offset of the directory itself, where the content must have ended.
        more: there were more entries than are read.
    """

    entries: tuple[RawEntry, ...]
    declared: int
    start: int
    more: bool


def read_directory(file: BinaryIO, size: int) -> Directory:
    """Read the central directory of an archive of `size` bytes.

    Raises:
        DirectoryDamage: it is no archive, or one that cannot be opened.
        OSError: the file cannot be read.
    """
    end_offset, declared, start = _find_end(file, size)
    if start > end_offset:
        raise DirectoryDamage(
            "damaged",
            f"its table of contents should start at byte {start:,}, beyond its end at {end_offset:,}",
        )
    length = end_offset - start
    if length > DIRECTORY_LIMIT:
        raise DirectoryDamage(
            "damaged",
            f"its table of contents takes {length:,} bytes, more than the limit of {DIRECTORY_LIMIT:,}",
        )
    file.seek(start)
    data = file.read(length)
    entries: list[RawEntry] = []
    for entry in _entries(data):
        if len(entries) == ENTRY_READ_LIMIT:
            return Directory(tuple(entries), declared, start, True)
        entries.append(entry)
    return Directory(tuple(entries), declared, start, False)


def _find_end(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Where the directory must end, how many entries it should have, and where it starts."""
    if size == 0:
        raise DirectoryDamage("empty", "it is empty")
    tail_start = max(size - _END.size - _COMMENT_LIMIT, 0)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    at = tail.rfind(_END_SIGNATURE, 0, max(len(tail) - _END.size + len(_END_SIGNATURE), 0))
    if at < 0:
        file.seek(0)
        if file.read(len(_LOCAL_SIGNATURE)) == _LOCAL_SIGNATURE:
            raise DirectoryDamage("truncated", "it starts like a ZIP archive, but its end is missing")
        raise DirectoryDamage("not-a-zip", "it is not a ZIP archive")
    _, disk, directory_disk, _, declared, length, start, _ = _END.unpack_from(tail, at)
    end_offset = tail_start + at
    if _TOO_BIG_16 in (disk, directory_disk, declared) or _TOO_BIG_32 in (length, start):
        found = _find_end64(file, tail, at, size)
        if found is not None:
            return found
    if disk != directory_disk or disk != 0:
        raise DirectoryDamage("damaged", "it is one part of a multi-part archive")
    return end_offset, declared, start


def _find_end64(file: BinaryIO, tail: bytes, at: int, size: int) -> tuple[int, int, int] | None:
    """The same from the ZIP64 records in front of the end record, or None where there are none."""
    if at < _LOCATOR.size:
        return None
    signature, _, end64_offset, _ = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)
    if signature != _LOCATOR_SIGNATURE:
        return None
    if end64_offset + _END64.size > size:
        raise DirectoryDamage("damaged", "its ZIP64 end record should be beyond its end")
    file.seek(end64_offset)
    data = file.read(_END64.size)
    if len(data) < _END64.size or not data.startswith(_END64_SIGNATURE):
        raise DirectoryDamage("damaged", "its ZIP64 end record is not where it should be")
    record = _END64.unpack(data)
    return end64_offset, record[7], record[9]


def _entries(data: bytes) -> Iterator[RawEntry]:
    """The entries one after another, up to the first place where none starts."""
    at = 0
    while at + _HEADER.size <= len(data) and data.startswith(_HEADER_SIGNATURE, at):
        (
            _signature,
            made_by,
            _needed,
            flags,
            method,
            time,
            date,
            checksum,
            packed_size,
            size,
            name_length,
            extra_length,
            comment_length,
            _disk,
            _internal,
            external,
            offset,
        ) = _HEADER.unpack_from(data, at)
        name_at = at + _HEADER.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if at > len(data):
            return
        name = data[name_at:extra_at]
        if _TOO_BIG_32 in (size, packed_size, offset):
            wide = _zip64_values(data[extra_at : extra_at + extra_length])
            size = next(wide, size) if size == _TOO_BIG_32 else size
            packed_size = next(wide, packed_size) if packed_size == _TOO_BIG_32 else packed_size
            offset = next(wide, offset) if offset == _TOO_BIG_32 else offset
        raw_name = name.decode("utf-8", "replace")
        yield RawEntry(
            raw_name,
            "\ufffd" not in raw_name or raw_name.encode() == name,
            size,
            packed_size,
            method,
            bool(flags & _ENCRYPTED),
            checksum,
            offset,
            (1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2),
            made_by >> 8 in _UNIX_SYSTEMS and stat.S_ISLNK(external >> 16),
            bool(flags & _STATED_BEHIND),
        )


def _zip64_values(extra: bytes) -> Iterator[int]:
    """The eight-byte numbers of the ZIP64 extra field, in their order; none where there is no such field."""
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        if kind == _ZIP64_EXTRA:
            field = extra[at : at + length]
            yield from (int.from_bytes(field[start : start + 8], "little") for start in range(0, len(field) - 7, 8))
            return
        at += length


def content_start(file: BinaryIO, entry: RawEntry) -> int | None:
    """Offset of the entry's compressed content, or None when its local header is not where it is said to be.

    Raises:
        OSError: the file cannot be read.
    """
    header = _local_header(file, entry)
    if header is None:
        return None
    *_, name_length, extra_length = header
    return entry.offset + _LOCAL.size + int(name_length) + int(extra_length)


def _local_header(file: BinaryIO, entry: RawEntry) -> tuple[Any, ...] | None:
    """The fields of the header in front of an entry's content; None where it is not where it is said to be."""
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
        return None
    return _LOCAL.unpack(header)


def begins_with_entry(file: BinaryIO) -> bool:
    """Whether a local header stands at the very beginning.

    Raises:
        OSError: the file cannot be read.
    """
    file.seek(0)
    return file.read(len(_LOCAL_SIGNATURE)) == _LOCAL_SIGNATURE


class Stated(NamedTuple):
    """What the local header of an entry says of its content, in front of which it stands.

    Attributes:
        checksum: CRC-32.
        size: length in bytes.
    """

    checksum: int
    size: int


def stated_locally(file: BinaryIO, entry: RawEntry) -> Stated | None:
    """What the local header says, which readers of streams go by; None where it leaves that for behind the content.

    Raises:
        OSError: the file cannot be read.
    """
    header = _local_header(file, entry)
    if header is None:
        return None
    _, _, flags, _, _, _, checksum, _, size, _, _ = header
    return None if flags & _STATED_BEHIND or size == _TOO_BIG_32 else Stated(checksum, size)


def least_end(entry: RawEntry) -> int:
    """Offset that the entry ends at when its local header has no name and no extra field: never earlier."""
    return entry.offset + _LOCAL.size + entry.packed_size
