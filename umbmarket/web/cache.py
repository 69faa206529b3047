"""Feed documents on disk, asked for again with their ETag.

Written here rather than taken from hishel (2.0.0 was looked at): of RFC 9111 only validation is wanted, since
`status` right after a push must not show what was true some minutes ago; a damaged or locked cache must be a
warning and not an exception inside a request; the documents of one user's credentials must not be given to
another's; and hishel brings msgpack, anyio and anysqlite and one SQLite file shared by everything.

One file per document: a line of JSON that says what it is, then the body. A file is written beside its
place and moved there, so that a reader sees the old document or the new one. What does not fit its own
description is not used. The folder is private to the user; file names are hashes of address and
credentials.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from umbmarket.web.outcomes import ServiceWarning, first_header

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
"""A longer document is not kept."""

MAX_CACHE_BYTES = 128 * 1024 * 1024
"""The folder is brought back below this when a cache is closed, the longest unused documents first."""

MAX_AGE_SECONDS = 30 * 24 * 3600.0
"""A document not used for 30 days goes."""

_FORMAT = "umbmarket-cache-1"
_SUFFIX = ".doc"
_HEADER_LIMIT = 16 * 1024
_KEPT_HEADERS = ("content-type", "etag", "last-modified")


@dataclass(frozen=True, slots=True)
class CachedDocument:
    """A document from the disk.

    Attributes:
        headers: Content-Type, ETag and Last-Modified as far as the server gave them (names in lower case).
        body: The decoded body, complete.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The request headers that ask whether the document is still the same (RFC 9110, section 13)."""
        etag = first_header(self.headers, "etag")
        if etag is not None:
            return (("if-none-match", etag),)
        modified = first_header(self.headers, "last-modified")
        return () if modified is None else (("if-modified-since", modified),)


class DocumentCache:
    """The documents of all feeds. Safe to use from several threads and processes at once.

    Args:
        folder: Where to keep them; the user's cache folder when not given.
        on_warning: Told once when the cache cannot be read or written; it is then as good as empty.
        now: Gives the time in seconds since the epoch.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        on_warning: Callable[[ServiceWarning], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = default_cache_folder() if folder is None else folder
        self._on_warning = on_warning
        self._now = now
        self._warned = False
        self._stored = False
        self._lock = threading.Lock()

    def find(self, partition: str, url: str) -> CachedDocument | None:
        """Look a document up.

        Args:
            partition: Whose document it is (`Feed.partition`).
            url: Its address.

        Returns:
            The document, or `None` when it is not there or its file is damaged.
        """
        path = self._path(partition, url)
        try:
            with path.open("rb") as file:
                header = file.readline(_HEADER_LIMIT)
                body = file.read(MAX_DOCUMENT_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            self._warn(f"cannot be read ({_reason(error)})")
            return None
        document = _understood(header, body, path.stem)
        if document is None:
            self._warn(f"contains a damaged file ({path.name})")
            return None
        with suppress(OSError):
            os.utime(path, (self._now(), self._now()))
        return document

    def store(self, partition: str, url: str, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        """Keep a document, if it may be kept and can be asked for again.

        Args:
            partition: Whose document it is (`Feed.partition`).
            url: Its address.
            headers: All headers of the 200 answer, names in lower case. `Cache-Control: no-store` and
                `Vary: *` are respected.
            body: The decoded body, complete.
        """
        control = first_header(headers, "cache-control") or ""
        if "no-store" in control.lower() or (first_header(headers, "vary") or "").strip() == "*":
            return
        kept = [[name, value] for name, value in headers if name in _KEPT_HEADERS]
        path = self._path(partition, url)
        described = {
            "format": _FORMAT,
            "key": path.stem,
            "headers": kept,
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        header = json.dumps(described).encode("ascii") + b"\n"
        if len(body) > MAX_DOCUMENT_BYTES or len(header) > _HEADER_LIMIT:
            return
        try:
            self._write(path, header + body)
            self._stored = True
        except (OSError, ValueError) as error:
            self._warn(f"cannot be written ({_reason(error)})")

    def close(self) -> None:
        """Drop what is old or too much, if anything was stored."""
        if not self._stored:
            return
        self._stored = False
        with suppress(OSError):
            self._prune()

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # Windows refuses while another process reads the old document, which then simply stays.
            with suppress(PermissionError):
                os.replace(name, path)
        finally:
            with suppress(OSError):
                os.unlink(name)

    def _prune(self) -> None:
        now = self._now()
        found: list[tuple[float, int, str]] = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIX) or entry.name.startswith("new-"):
                    with suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        found.append((status.st_mtime, status.st_size, entry.path))
        room = MAX_CACHE_BYTES
        for used, size, name in sorted(found, reverse=True):
            room -= size
            left_over = os.path.basename(name).startswith("new-") and now - used > 3600
            if room < 0 or now - used > MAX_AGE_SECONDS or left_over:
                with suppress(OSError):
                    os.unlink(name)

    def _path(self, partition: str, url: str) -> Path:
        key = hashlib.sha256(f"{partition}\n{url}".encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{key}{_SUFFIX}"

    def _warn(self, what: str) -> None:
        with self._lock:
            if self._warned:
                return
            self._warned = True
        if self._on_warning is not None:
            text = f"The cache folder {self._folder} {what}; continuing without it. --no-cache avoids it."
            self._on_warning(ServiceWarning("cache", text))


def default_cache_folder() -> Path:
    """Give the folder for feed documents inside the user's cache folder."""
    return Path(platformdirs.user_cache_dir("umbmarket", appauthor=False)) / "feed"


def _understood(header: bytes, body: bytes, key: str) -> CachedDocument | None:
    try:
        described = json.loads(header)
    except (ValueError, RecursionError):
        return None
    if not isinstance(described, dict) or described.get("format") != _FORMAT or described.get("key") != key:
        return None
    if described.get("length") != len(body) or described.get("sha256") != hashlib.sha256(body).hexdigest():
        return None
    listed = described.get("headers")
    headers: list[tuple[str, str]] = []
    for pair in listed if isinstance(listed, list) else ():
        match pair:
            case [str(name), str(value)] if name in _KEPT_HEADERS and value.isprintable() and value.isascii():
                headers.append((name, value))
            case _:
                return None
    return CachedDocument(tuple(headers), body)


def _reason(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__
