"""One line of a file, cut to a width around the place that is meant, and where the carets go below it."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

ELLIPSIS = "..."
"""Stands for the cut part of a line; ASCII, as Windows code pages lack the single character."""

NARROWEST = 24
"""Cells of source text that are shown in however narrow a terminal; less would hide the place itself."""

LEAD = 12
"""Cells shown before a place that is too long to be shown whole: most often the key of the value."""


class Excerpt(NamedTuple):
    """What to print: `source`, and below it `indent` spaces and `carets` carets (one at least)."""

    source: str
    indent: int
    carets: int


class _Window(NamedTuple):
    """The cells `[low, high)` that are shown, and on which sides something was cut."""

    low: int
    high: int
    cut_left: bool
    cut_right: bool


def excerpt(line: str, start: int, end: int, width: int) -> Excerpt:
    """Show `line` with the code points `[start, end)` marked.

    Args:
        line: one line of a file without its line break.
        start: code points before the place; one beyond the line means its end.
        end: the place's end, exclusive; at most `start` for an empty place, which gets one caret.
        width: cells to use; `NARROWEST` when less.

    Returns:
        The line as shown: what does not print spelled out, tabs as spaces, cut where it is too long. The time
        taken depends on `width`, not on the length of the line.
    """
    width = max(width, NARROWEST)
    start = min(start, len(line))
    end = min(max(end, start), len(line))
    if len(line) <= width and _is_simple(line):
        return Excerpt(line, start, max(end - start, 1))
    low = max(0, start - width)
    high = min(len(line), end + width, start + 2 * width)
    piece = line[low:high]
    more = (low > 0, high < len(line))
    start -= low
    end = min(end, high) - low
    if _is_simple(piece):
        window = _window(len(piece), start, max(end, start + 1), width, more)
        shown = piece[window.low : window.high]
        return _excerpt(shown, window, start - window.low, min(end, window.high) - start)
    return _wide_excerpt(piece, start, end, width, more)


def _is_simple(text: str) -> bool:
    """Whether each character is shown as it is, in one cell."""
    return text.isascii() and text.isprintable() and "##" not in text


def _wide_excerpt(piece: str, start: int, end: int, width: int, more: tuple[bool, bool]) -> Excerpt:
    """As `excerpt`, for text whose characters take other than one cell each."""
    from umbmarket.output.display import lay_out

    pieces, offsets, piece_of = lay_out(piece)
    first = piece_of[start] if start < len(piece) else len(pieces)
    last = piece_of[end - 1] + 1 if end > start else first
    start_cell, end_cell = offsets[first], offsets[last]
    window = _window(offsets[-1], start_cell, max(end_cell, start_cell + 1), width, more)
    from_piece = bisect_left(offsets, window.low)
    to_piece = max(bisect_right(offsets, window.high) - 1, from_piece)
    shown = "".join(pieces[from_piece:to_piece])
    return _excerpt(shown, window, start_cell - offsets[from_piece], min(end_cell, offsets[to_piece]) - start_cell)


def _excerpt(shown: str, window: _Window, indent: int, carets: int) -> Excerpt:
    left, right = ELLIPSIS * window.cut_left, ELLIPSIS * window.cut_right
    return Excerpt(left + shown + right, len(left) + indent, max(carets, 1))


def _window(total: int, start: int, end: int, width: int, more: tuple[bool, bool]) -> _Window:
    """Choose which cells of a line to show.

    The start of the line is kept where the place still shows, else the place comes to the middle; of a place
    that is too long, the start shows after a little of what precedes it.

    Args:
        total: cells of the line, or of the part of it that was looked at.
        start: cell at which the place starts.
        end: cell after it.
        width: cells to use, those of the ellipses included.
        more: whether the line goes on before and after that part.
    """
    more_left, more_right = more
    total = max(total, end)
    if total <= width and not more_left and not more_right:
        return _Window(0, total, False, False)
    one_cut = width - len(ELLIPSIS)
    if not more_left and end <= one_cut:
        return _Window(0, min(total, one_cut), False, True)
    room = one_cut - len(ELLIPSIS)
    span = end - start
    if span < room:
        low = start - (room - span) // 2
    else:
        low = 0 if start <= room // 3 and not more_left else start - min(LEAD, room // 3)
    if low <= 0 and not more_left:
        return _Window(0, one_cut, False, True)
    low = max(low, 0)
    if not more_right and low + one_cut >= total:
        return _Window(max(total - one_cut, 0), total, True, False)
    return _Window(low, low + room, True, True)
