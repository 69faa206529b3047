"""Lines of source text, for outputs that come to the same line again and again."""

from __future__ import annotations

from umbmarket.findings import Source


class SourceLines:
    """Keeps the line that was asked for last.

    A minified listing has all its findings on one line of up to a megabyte; it is not cut out for each.
    """

    def __init__(self) -> None:
        self._source: Source | None = None
        self._number = 0
        self._text = ""

    def get(self, source: Source, number: int) -> str:
        """The text of line `number` (1-based) of `source`, without its line break."""
        if number != self._number or source is not self._source:
            self._source, self._number, self._text = source, number, source.line(number)
        return self._text
