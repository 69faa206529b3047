"""What the first bytes of an answer are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.formats.pictures import ENOUGH_BYTES, recognise

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\x89PNG\n\x1a\n\0\0\0\rIHDR", "unknown"),  # line ends were "corrected" on the way
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF87a\1\0", "GIF"),
        (b"GIF89a\1\0", "GIF"),
        (b"GIF88a", "text"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "unknown"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"\0\0\1\0\1\0", "ICO"),
        (b"BM\x36\0\x0c\0\0\0\0\0", "BMP"),
        (b"BMW is a car", "text"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (b"\x1aE\xdf\xa3\x01", "video"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\3\4\x14\0", "ZIP"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "git-lfs"),
        (SVG, "SVG"),
        (b"\xef\xbb\xbf \n" + SVG, "SVG"),
        (b'<?xml version="1.0"?>\n<!-- Made by -->\n<!DOCTYPE svg PUBLIC "x" "y">\n' + SVG, "SVG"),
        (b"<!-- Made by hand -->" + SVG, "SVG"),
        (b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xff\xfe" + SVG.decode().encode("utf-16-le"), "SVG"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"\r\n<!doctype HTML>", "HTML"),
        (b"<html lang=en>", "HTML"),
        (b"<!-- page --><script>", "HTML"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "HTML"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML"),
        (b'<?xml version="1.0"?>', "XML"),
        (b"<Error>", "text"),
        (b'{"message": "Not Found"}', "JSON"),
        (b"[]", "JSON"),
        (b"404: Not Found", "text"),
        (b"\x00\x01\x02\x03", "unknown"),
        (b"", "nothing"),
    ],
)
def test_contents(data: bytes, expected: str) -> None:
    assert recognise(data) == expected


def test_only_the_beginning_counts() -> None:
    assert recognise(b" " * (ENOUGH_BYTES - 4) + SVG) == "SVG"
    assert recognise(b" " * (ENOUGH_BYTES - 3) + SVG) == "text"


@settings(max_examples=200)
@given(st.binary(max_size=64) | st.text("<!->?svghtml \n").map(str.encode))
def test_any_bytes_are_something(data: bytes) -> None:
    content = recognise(data)
    assert (content == "nothing") is (data == b"")
    assert recognise(b"\x89PNG\r\n\x1a\n" + data) == "PNG"
