"""Text in columns: filled to a width that counts terminal cells, not characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from umbmarket.output.display import lay_out
from umbmarket.output.plain import plain

GAP = "  "
"""What stands between two columns."""


def cells(text: str) -> int:
    """How many terminal cells `text`, which prints, takes."""
    return len(text) if text.isascii() else lay_out(text).offsets[-1]


def padded(text: str, width: int) -> str:
    """`text` with spaces after it up to `width` cells."""
    return text + " " * max(width - cells(text), 0)


def wrapped(text: str, width: int, *, break_words: bool = False) -> list[str]:
    """`text`, made `plain`, in lines of at most `width` cells; at least one line.

    Args:
        text: Anything; line breaks and other white space count as spaces.
        width: Cells of a line.
        break_words: Cut words that are longer than a line. Otherwise they stand on a line of their own, so
            that an address can be copied.
    """
    lines: list[str] = []
    line = ""
    for word in plain(" ".join(text.split())).split(" "):
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = ""
        if break_words:
            pieces = _pieces(word, width)
            lines.extend(pieces[:-1])
            word = pieces[-1]
        line = f"{line} {word}" if line else word
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    """A word cut into pieces of at most `width` cells each, never within a letter and its marks."""
    pieces = [""]
    taken = 0
    layout = lay_out(word)
    for number, piece in enumerate(layout.pieces):
        size = layout.offsets[number + 1] - layout.offsets[number]
        if taken + size > width and pieces[-1]:
            pieces.append("")
            taken = 0
        pieces[-1] += piece
        taken += size
    return pieces


def table(rows: Sequence[Sequence[str]], width: int, narrowest: Sequence[int]) -> list[str]:
    """Rows in columns of their widest cell; where that is too wide, the widest columns are narrowed.

    Args:
        rows: All of the same number of texts; they are made `plain`.
        width: Cells of a line, as far as the narrowest columns allow.
        narrowest: For each column the cells it keeps in any case.
    """
    shown = [[plain(" ".join(text.split())) for text in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        slack = [size - least for size, least in zip(widths, narrowest, strict=True)]
        widest = max(range(len(widths)), key=lambda number: (slack[number] > 0, widths[number]))
        if slack[widest] <= 0:
            break
        widths[widest] -= 1
    lines = []
    for row in shown:
        parts = [wrapped(text, size, break_words=True) for text, size in zip(row, widths, strict=True)]
        for line in zip_longest(*parts, fillvalue=""):
            lines.append(GAP.join(padded(text, size) for text, size in zip(line, widths, strict=True)).rstrip())
    return lines
