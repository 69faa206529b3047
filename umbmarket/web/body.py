"""Reading a response body up to a limit, counted after decompression.

The decompression is done here and not by the HTTP library, because that one inflates a whole network chunk at
once: 64 KB of zeros well packed are 64 MB, before any limit can be looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

ACCEPT_ENCODING = "gzip, deflate"
"""What is asked for, and all that is understood. NuGet's 3.4.0 and 3.6.0 registrations are always gzip."""


class BodyError(Exception):
    """The body cannot be decoded; the text says why, fit for a user."""


def read_limited(chunks: Iterable[bytes], encoding: str | None, limit: int) -> tuple[bytes, bool]:
    """Read and decode a body up to a limit.

    Args:
        chunks: The body as it comes from the network; read no further than needed.
        encoding: The Content-Encoding header.
        limit: The most decoded bytes to keep.

    Returns:
        The decoded bytes, at most `limit`, and whether there was more.

    Raises:
        BodyError: For an encoding that was not asked for, or a stream that is damaged or cut off.
    """
    decoder = _decoder(encoding)
    kept = bytearray()
    for chunk in chunks:
        # One byte more than allowed shows that there is more without reading on.
        kept += decoder.feed(chunk, limit + 1 - len(kept))
        if len(kept) > limit:
            return bytes(kept[:limit]), True
    decoder.finish()
    return bytes(kept), False


class _Identity:
    def feed(self, chunk: bytes, room: int) -> bytes:
        return chunk[:room]

    def finish(self) -> None:
        return None


class _Inflater:
    """gzip (several members are one stream, RFC 1952) and deflate (with or without the zlib header)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._started = False
        self._held = b""
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16 if gzip else zlib.MAX_WBITS)

    def feed(self, chunk: bytes, room: int) -> bytes:
        out = bytearray()
        rest, self._held = self._held + chunk, b""
        while rest and len(out) < room:
            # The format shows in two bytes: at the start of a deflate stream, and after a gzip member.
            if len(rest) < 2 and (not self._started or self._unpacker.eof):
                self._held = rest
                break
            if self._unpacker.eof:
                if not self._gzip or not rest.startswith(b"\x1f\x8b"):
                    break  # padding after the end, which browsers and curl ignore too
                self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            out += self._inflate(rest, room - len(out))
            rest = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
        return bytes(out)

    def _inflate(self, data: bytes, room: int) -> bytes:
        first, self._started = not self._started, True
        try:
            return self._unpacker.decompress(data, room)
        except zlib.error:
            if not first or self._gzip:
                raise BodyError("its compressed body is damaged") from None
        self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._unpacker.decompress(data, room)
        except zlib.error:
            raise BodyError("its compressed body is damaged") from None

    def finish(self) -> None:
        if not self._unpacker.eof and (self._started or self._held):
            raise BodyError("its compressed body is cut off")


def _decoder(encoding: str | None) -> _Identity | _Inflater:
    name = (encoding or "").strip().lower()
    if name in ("", "identity"):
        return _Identity()
    if name in ("gzip", "x-gzip"):
        return _Inflater(gzip=True)
    if name == "deflate":
        return _Inflater(gzip=False)
    raise BodyError("its body is compressed in a way that was not asked for")
