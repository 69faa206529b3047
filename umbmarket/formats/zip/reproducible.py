"""Writing a ZIP archive whose bytes depend on names and contents alone.

Not on clocks, owners, modes or the order of a folder. Compression is zlib's, so another zlib may make other bytes.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first that a ZIP can tell."""

_MODE = stat.S_IFREG | 0o644
_FOLDER_MODE = stat.S_IFDIR | 0o755
_FOLDER = 0x10
"""What MS-DOS calls a folder (APPNOTE.TXT, "external file attributes")."""
_UNIX = 3
_CHUNK = 64 * 1024


def write_zip(target: BinaryIO, files: Mapping[str, Path], folders: Collection[str] = ()) -> None:
    """Write an archive of files, piece by piece, in the order of the names.

    Args:
        target: an empty file, which can be sought in.
        files: what to take, by the name of its entry, with forward slashes.
        folders: names of folders that get an entry of their own, each with a slash at its end.

    Raises:
        OSError: a file cannot be read, or the target not be written.
        UnicodeEncodeError: a name cannot be written as UTF-8.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*files, *folders}, key=lambda name: name.encode("utf-8")):
            entry = zipfile.ZipInfo(name, FIRST_TIME)
            entry.create_system = _UNIX
            if name not in files:
                entry.external_attr = _FOLDER_MODE << 16 | _FOLDER
                archive.writestr(entry, b"")
                continue
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE << 16
            with files[name].open("rb") as source:
                # The size decides whether the entry needs the fields for more than 4 GB.
                entry.file_size = source.seek(0, 2)
                source.seek(0)
                with archive.open(entry, "w") as sink:
                    shutil.copyfileobj(source, sink, _CHUNK)
