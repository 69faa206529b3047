"""A file as the one part of a multipart/form-data body (RFC 7578), read while it is sent."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from umbmarket.web.outcomes import CannotSend

PIECE_BYTES = 64 * 1024
"""What is read of a file, and handed to the connection, at a time."""


class Body(NamedTuple):
    """What a request carries.

    Attributes:
        media_type: the Content-Type header.
        length: of all pieces together, in bytes.
        pieces: the content, to be gone through once.
    """

    media_type: str
    length: int
    pieces: Iterable[bytes]


def file_body(
    field: str, name: str, media_type: str, file: BinaryIO, on_sent: Callable[[int, int], None] | None = None
) -> Body:
    """Make a body with one part, which is a file.

    Args:
        field: Name of the form's field.
        name: Name of the file, as the server is told.
        media_type: Of the file.
        file: The open file, from its beginning to the end that it has now.
        on_sent: Told how many bytes of the file were handed over and how many there are.

    Returns:
        The body. Going through its pieces raises `CannotSend` where the file cannot be read to that end.
    """
    boundary = f"umbmarket-{secrets.token_hex(16)}"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(field)}"; filename="{_escaped(name)}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    size = file.seek(0, os.SEEK_END)

    def pieces() -> Iterator[bytes]:
        yield head
        yield from _content(file, size, on_sent)
        yield tail

    return Body(f"multipart/form-data; boundary={boundary}", len(head) + size + len(tail), pieces())


def _content(file: BinaryIO, size: int, on_sent: Callable[[int, int], None] | None) -> Iterator[bytes]:
    sent = 0
    try:
        file.seek(0)
        while sent < size and (piece := file.read(min(PIECE_BYTES, size - sent))):
            yield piece
            sent += len(piece)
            if on_sent is not None:
                on_sent(sent, size)
    except OSError as error:
        raise CannotSend(f"the file could not be read to its end: {error.strerror or error}") from None
    if sent < size:
        raise CannotSend("the file became shorter while it was sent")


def _escaped(text: str) -> str:
    """A name as forms of browsers write it (HTML standard, "multipart/form-data encoding algorithm")."""
    plain = text.encode("utf-8", "replace").decode()
    return plain.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
