from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.findings import Region, Span
from umbmarket.formats.source import EncodingProblem, SourceText


def test_plain_utf8() -> None:
    source = SourceText("é\nb".encode())
    assert (source.text, source.encoding, source.has_bom, source.problem, source.readable) == (
        "é\nb",
        "utf-8",
        False,
        None,
        True,
    )


def test_a_mark_is_not_part_of_the_text() -> None:
    source = SourceText(b"\xef\xbb\xbfab")
    assert (source.text, source.has_bom, source.byte_offset(1), source.position(0)) == ("ab", True, 4, (1, 1))


@pytest.mark.parametrize(
    ("data", "problem", "text"),
    [
        ("Café".encode("cp1252"), EncodingProblem(3, 0xE9, "Windows-1252"), "Café"),
        ("é".encode() + "–".encode("cp1252"), EncodingProblem(2, 0x96, "Windows-1252"), "Ã©–"),
        (codecs.BOM_UTF16_LE + "ä".encode("utf-16-le"), EncodingProblem(0, 0xFF, "UTF-16"), "ä"),
        (codecs.BOM_UTF16_BE + "ä".encode("utf-16-be"), EncodingProblem(0, 0xFE, "UTF-16"), "ä"),
        (codecs.BOM_UTF32_LE + "ä".encode("utf-32-le"), EncodingProblem(0, 0xFF, "UTF-32"), "ä"),
        ("{}".encode("utf-16-le"), EncodingProblem(1, 0, "UTF-16"), "{}"),
        ("{}".encode("utf-16-be"), EncodingProblem(0, 0, "UTF-16"), "{}"),
        ("{}".encode("utf-32-le"), EncodingProblem(1, 0, "UTF-32"), "{}"),
    ],
)
def test_other_encodings_are_read_and_named(data: bytes, problem: EncodingProblem, text: str) -> None:
    source = SourceText(data)
    assert (source.problem, source.text, source.readable) == (problem, text, True)


@pytest.mark.parametrize("data", [b"ab\xff\x81", b"\xc3", b"\x00\xff\x9d"])
def test_bytes_of_no_known_encoding(data: bytes) -> None:
    source = SourceText(data)
    assert source.problem is not None
    if source.problem.looks_like is None:
        assert not source.readable


def test_broken_bytes_keep_the_text_before_them() -> None:
    source = SourceText(b"a\nb\x81")
    assert (source.readable, source.problem) == (False, EncodingProblem(3, 0x81, None))
    assert source.position(source.offset_of_byte(3)) == (2, 2)
    assert source.line(2) == "b\ufffd"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_at_every_kind_of_break(line_break: str) -> None:
    source = SourceText(f"one{line_break}two{line_break}".encode())
    assert [source.line(number) for number in (0, 1, 2, 3, 4)] == ["", "one", "two", "", ""]
    assert source.position(3 + len(line_break)) == (2, 1)


def test_region_counts_code_points_and_bytes() -> None:
    source = SourceText('{"ä😀": 1,\n "b": 2}'.encode())
    assert source.region(Span(1, 5)) == Region(1, 2, 1, 6, 1, 9)
    assert source.region(Span(7, 13)) == Region(1, 8, 2, 4, 11, 17)


@given(st.text(), st.data())
def test_bytes_and_code_points_convert_both_ways(text: str, data: st.DataObject) -> None:
    encoded = text.encode("utf-8", "replace")
    source = SourceText(encoded)
    if source.encoding != "utf-8" or source.problem is not None:
        return
    offset = data.draw(st.integers(0, len(source.text)))
    assert source.offset_of_byte(source.byte_offset(offset)) == offset
    line, column = source.position(offset)
    assert source.line_starts[line - 1] + column - 1 == offset


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data: bytes) -> None:
    source = SourceText(data)
    assert source.region(Span(0, len(source.text))).line == 1
    assert (source.problem is None) == (_decodes(data) and source.encoding == "utf-8")


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_bytes_of_a_long_text_are_counted_as_those_of_a_short_one(encoding: str) -> None:
    """From places whose bytes were counted before, which must not differ from counting all of them."""
    text = "a\u00e9\u20ac\U0001f600\r\n" * 2_500
    source = SourceText(text.encode(encoding))
    mark = {"utf-8": 0, "utf-8-sig": 3, "utf-16": 2, "utf-32": 4}[encoding]
    for offset in (0, 1, 4_095, 4_096, 4_097, 8_192, 12_345, len(text) - 1, len(text), len(text) + 9):
        assert source.byte_offset(offset) == mark + len(text[:offset].encode(source.encoding))
