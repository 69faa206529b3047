"""Text in columns: filled to a width that counts terminal cells, not characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from umbmarket.output.display import lay_out
from umbmarket.output.plain import VISIBLE_COLON, plain

GAP = "  "
"""What stands between two columns."""

NARROWEST_TEXT = 24
"""Cells that running text gets in however narrow a terminal: with less, most words would stand alone."""


def cells(text: str) -> int:
    """How many terminal cells `text`, which prints, takes."""
    return len(text) if text.isascii() else lay_out(text).offsets[-1]


def padded(text: str, width: int) -> str:
    """`text` with spaces after it up to `width` cells."""
    return text + " " * max(width - cells(text), 0)


_QUOTED = re.compile(r'"[^"]*"|`[^`]*`')
_IS_PATH = re.compile(r"[/\\]")


def _words(text: str) -> Iterator[str]:
    """What a line is not broken within: words, paths and addresses in double quotes, and commands in backticks."""
    word = ""
    end = 0
    for quoted in _QUOTED.finditer(text):
        if " " not in quoted[0] or not (quoted[0][0] == "`" or _IS_PATH.search(quoted[0])):
            continue
        *before, word_start = f"{word}{text[end : quoted.start()]}".split(" ")
        yield from before
        word, end = word_start + quoted[0], quoted.end()
    # The text goes on within the word that a quotation ended.
    rest = text[end:].split(" ")
    yield word + rest[0]
    yield from rest[1:]


def wrapped(text: str, width: int, *, taken: int = 0, break_words: bool = False) -> list[str]:
    """`text`, made `plain`, in lines of at most `width` cells; at least one line.

    Args:
        text: Anything; line breaks and other white space count as spaces.
        width: Cells of a line.
        taken: Cells of the first line that are not to be had: the first line is empty where no word fits beside them.
        break_words: Cut words that are longer than a line. Otherwise they stand on a line of their own, and so do
            paths in double quotes and commands in backticks, so that they can be copied.
    """
    lines: list[str] = []
    line = ""
    whole = plain(" ".join(text.split()))
    for word in whole.split(" ") if break_words else _words(whole):
        before = cells(line) + 1 if line else 0
        if before + cells(word) > width - (0 if lines else taken) and (line or (taken and not lines)):
            lines.append(line)
            line = ""
        if break_words:
            pieces = _pieces(word, width)
            lines.extend(pieces[:-1])
            word = pieces[-1]
        line = f"{line} {word}" if line else word
    return [*lines, line]


def beside(lead: int, text: str, width: int, indent: int) -> list[str]:
    """The lines of a text that stands beside a lead, as they are printed after it.

    Args:
        lead: Cells of the lead, with the space after it.
        text: As for `wrapped`.
        width: Cells of a line; little room is given in however narrow a terminal.
        indent: Spaces before all lines but the first.
    """
    room = max(width - indent, NARROWEST_TEXT)
    first, *others = wrapped(text, room, taken=max(lead - indent, 0))
    # A build service would take what starts with two colons as a command, also after spaces.
    return [first, *(f"{' ' * indent}{VISIBLE_COLON + line[1:] if line.startswith('::') else line}" for line in others)]


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
