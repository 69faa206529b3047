"""Archives for the cases of the rules, also with what no packer writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

_HEADER_LENGTH = 46
_FLAGS_AT = 8
_SIZE_AT = 24
_LENGTHS = struct.Struct("<3H")
_LENGTHS_AT = 28
_ENCRYPTED = 1


def odd_archive(members: Mapping[str, bytes], odd: Mapping[str, Any]) -> bytes:
    """A ZIP archive of `members`, sorted by name, the same bytes each time.

    `odd` may hold, each key optional: `raw`, a text to be the whole file; `names`, the names to give to members;
    `twice`, names of members to write two times; `pad`, how many spaces to add to members; `sizes`, lengths to declare
    for members; `dates`, dates to give to members; `encrypted`, names of members to mark as encrypted; `truncate`, how
    many bytes to keep.
    """
    if "raw" in odd:
        return str(odd["raw"]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(members.items()):
            info = zipfile.ZipInfo()
            # Set later, because the constructor turns the separators of the system into slashes.
            info.filename = odd.get("names", {}).get(name, name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.date_time = tuple(odd.get("dates", {}).get(name, info.date_time))
            content = data + b" " * odd.get("pad", {}).get(name, 0)
            archive.writestr(info, content)
            if name in odd.get("twice", ()):
                again = zipfile.ZipInfo(info.filename)
                # `writestr` warns about a name that it has written already.
                archive.NameToInfo.pop(info.filename)
                archive.writestr(again, content)
    data = bytearray(buffer.getvalue())
    for name, header in _headers(data):
        if name in odd.get("encrypted", ()):
            data[header + _FLAGS_AT] |= _ENCRYPTED
        if name in odd.get("sizes", {}):
            struct.pack_into("<I", data, header + _SIZE_AT, odd["sizes"][name])
    return bytes(data[: odd.get("truncate", len(data))])


def _headers(data: bytearray) -> Iterator[tuple[str, int]]:
    """Each name in the central directory, and where its entry there starts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at, count = archive.start_dir, len(archive.infolist())
    for _ in range(count):
        name_length, extra_length, comment_length = _LENGTHS.unpack_from(data, at + _LENGTHS_AT)
        name_at = at + _HEADER_LENGTH
        yield data[name_at : name_at + name_length].decode(), at
        at = name_at + name_length + extra_length + comment_length
