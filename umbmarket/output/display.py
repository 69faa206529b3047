"""How many terminal cells text takes, for lines that hold more than printable ASCII."""

from typing import NamedTuple
from unicodedata import category, east_asian_width

from umbmarket.findings import visible
from umbmarket.output.plain import LOG_COMMAND, VISIBLE_HASH

TAB_STOP = 4
"""Cells between two tab stops: tabs are shown as spaces, so that no terminal moves the carets."""

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINING_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))


class Layout(NamedTuple):
    """Text as it is shown, in pieces that share cells.

    Attributes:
        pieces: what is shown; a letter with its combining marks, a joined emoji or an escape is one piece.
        offsets: the cell at which each piece starts, and at the end the cell after the last one.
        piece_of: for each code point of the text the number of its piece.
    """

    pieces: list[str]
    offsets: list[int]
    piece_of: list[int]


def lay_out(text: str) -> Layout:
    """Say how `text`, one line of a file, is shown, and where each of its code points stands.

    Widths are those of East Asian Width (Unicode Annex 11): two cells for wide and full-width characters,
    none for combining marks and the vowels and finals of a Hangul syllable, two for an emoji however many
    parts it is joined of. What does not print is spelled out as `umbmarket.findings.visible` does, tabs
    become spaces.
    """
    guarded = {match.start() for match in LOG_COMMAND.finditer(text)} if "##" in text else set()
    pieces: list[str] = []
    # Parts of the last piece: an emoji may be joined of any number, and text that grows is copied each time.
    parts: list[str] = []
    offsets: list[int] = [0]
    piece_of: list[int] = []
    cells = 0
    base = ""
    for index, char in enumerate(text):
        if " " <= char <= "~" and index not in guarded:
            shown, width, base = char, 1, char
        elif char == "\t":
            width = TAB_STOP - cells % TAB_STOP
            shown, base = " " * width, ""
        elif index in guarded or visible(char) != char:
            shown = VISIBLE_HASH if index in guarded else visible(char)
            width, base = len(shown), ""
        elif base and _continues(base, text[index - 1], char):
            if char == _EMOJI_STYLE and cells - offsets[-2] == 1 and category(base)[0] in "NPS":
                cells += 1
                offsets[-1] = cells
            parts.append(char)
            piece_of.append(len(pieces))
            continue
        else:
            shown, width, base = char, _width(char), char
        if parts:
            pieces.append("".join(parts))
        piece_of.append(len(pieces))
        parts = [shown]
        cells += width
        offsets.append(cells)
    if parts:
        pieces.append("".join(parts))
    return Layout(pieces, offsets, piece_of)


def _width(char: str) -> int:
    """Cells of one code point that prints and is not ASCII."""
    if _is_mark(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def _is_mark(char: str) -> bool:
    """Whether `char` stands in the cells of what precedes it."""
    return (
        char == _JOINER
        or category(char) in ("Mn", "Me")
        or any(ord(char) in vowels_and_finals for vowels_and_finals in _JOINING_JAMO)
    )


def _continues(base: str, previous: str, char: str) -> bool:
    """Whether `char`, not ASCII, belongs to the piece that starts with `base` and ends with `previous`."""
    if _is_mark(char):
        return True
    if not _is_pictogram(base):
        return False
    return ord(char) in _SKIN_TONES or (previous == _JOINER and _is_pictogram(char))


def _is_pictogram(char: str) -> bool:
    """Whether `char` may be part of a joined emoji; a joiner between Indic letters joins no cells."""
    return category(char) in ("So", "Sm")
