"""Bytes to text, and offsets in the text to lines, columns and byte offsets."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from umbmarket.findings import Region, Span

UTF8_BOM = b"\xef\xbb\xbf"

_STEP = 4096
"""Code points between two places whose byte offsets are kept, so that not all of a text is counted for each place."""

_LINE_BREAK = re.compile(r"\r\n|\n|\r")

_WIDE_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


class EncodingProblem(NamedTuple):
    """Why bytes are not UTF-8.

    Attributes:
        offset: byte offset of the first byte that is not UTF-8.
        byte: its value, 0-255.
        looks_like: `Windows-1252`, `UTF-16` or `UTF-32` where the bytes decode as that, else None.
    """

    offset: int
    byte: int
    looks_like: str | None


class SourceText:
    """The text of one file and the way back from a code point in it to a line, a column and a byte.

    Lines end at LF, CR LF or CR. Columns count code points from 1; a byte order mark is not part of the text.

    Attributes:
        data: the bytes as read.
        text: the decoded text without a byte order mark; with U+FFFD for what is not UTF-8 when `readable` is False.
        encoding: Python's name of the encoding that `text` was decoded with.
        has_bom: a UTF-8 byte order mark leads.
        problem: set when the bytes are not UTF-8.
        readable: some encoding gave the whole text.
    """

    def __init__(self, data: bytes) -> None:
        """Decode `data`, whatever it is; never raises."""
        self.data = data
        self.has_bom = data.startswith(UTF8_BOM)
        self.encoding = "utf-8"
        self.problem: EncodingProblem | None = None
        self.readable = True
        self._mark_length = len(UTF8_BOM) if self.has_bom else 0
        try:
            self.text = data[self._mark_length :].decode("utf-8") if self.has_bom else data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._read_other_encoding(error.start + self._mark_length)
            return
        # UTF-16 without a mark is legal UTF-8 as long as it holds ASCII alone: every other byte is NUL.
        if "\0" in self.text:
            self._read_markless_wide()

    def _read_other_encoding(self, offset: int) -> None:
        self.text = ""
        for mark, encoding, name in _WIDE_BOMS:
            if self.data.startswith(mark) and self._decode(encoding, len(mark)):
                self.problem = EncodingProblem(0, self.data[0], name)
                return
        looks_like = None
        if not self.has_bom and b"\0" not in self.data and self._decode("cp1252", 0):
            looks_like = "Windows-1252"
        self.readable = looks_like is not None
        if not self.readable:
            self.text = self.data[self._mark_length :].decode("utf-8", "replace")
        self.problem = EncodingProblem(offset, self.data[offset], looks_like)

    def _read_markless_wide(self) -> None:
        lead = self.data[:4]
        if len(lead) < 4 or self.has_bom:
            return
        for pattern, encoding, name in (
            ((True, False, False, False), "utf-32-le", "UTF-32"),
            ((False, False, False, True), "utf-32-be", "UTF-32"),
            ((True, False, True, False), "utf-16-le", "UTF-16"),
            ((False, True, False, True), "utf-16-be", "UTF-16"),
        ):
            if tuple(byte != 0 for byte in lead) == pattern and self._decode(encoding, 0):
                first_nul = self.data.index(0)
                self.problem = EncodingProblem(first_nul, 0, name)
                return

    def _decode(self, encoding: str, mark_length: int) -> bool:
        try:
            self.text = self.data[mark_length:].decode(encoding)
        except UnicodeDecodeError:
            return False
        self.encoding, self._mark_length = encoding, mark_length
        return True

    @property
    def is_sound(self) -> bool:
        """Whether all bytes are UTF-8."""
        return self.problem is None

    @cached_property
    def line_starts(self) -> list[int]:
        """Code point offset of the first character of each line."""
        if "\r" in self.text:
            return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]
        lengths = map(len, self.text.split("\n")[:-1])
        return [0, *accumulate(map((1).__add__, lengths))]

    @cached_property
    def _byte_per_point(self) -> bool:
        return self.encoding == "cp1252" or (self.encoding == "utf-8" and self.text.isascii())

    def byte_offset(self, offset: int) -> int:
        """Byte offset in the file of the code point at `offset` in the text."""
        if self._byte_per_point:
            return self._mark_length + offset
        step = min(offset, len(self.text)) // _STEP
        before = self._steps[step] if step else 0
        return self._mark_length + before + self._bytes_of(step * _STEP, offset)

    @cached_property
    def _steps(self) -> list[int]:
        """How many bytes stand before every `_STEP`th code point."""
        return [0, *accumulate(self._bytes_of(at, at + _STEP) for at in range(0, len(self.text), _STEP))]

    def _bytes_of(self, start: int, end: int) -> int:
        return len(self.text[start:end].encode(self.encoding, "surrogatepass"))

    def offset_of_byte(self, byte_offset: int) -> int:
        """Code point offset of the character that the byte at `byte_offset` belongs to or precedes."""
        prefix = self.data[self._mark_length : max(byte_offset, self._mark_length)]
        return len(prefix.decode(self.encoding, "ignore"))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both 1-based, of the code point at `offset` (which may be the end of the text)."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (1-based) without its line break; empty beyond the end."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def region(self, span: Span) -> Region:
        """The lines, columns and bytes of `span`."""
        line, column = self.position(span.start)
        end_line, end_column = (line, column + span.end - span.start)
        if line < len(self.line_starts) and span.end >= self.line_starts[line]:
            end_line, end_column = self.position(span.end)
        return Region(line, column, end_line, end_column, self.byte_offset(span.start), self.byte_offset(span.end))
