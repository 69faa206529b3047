"""Words of a package in messages, of which there may be many, and which may be long."""

from __future__ import annotations

from collections.abc import Iterable

from umbmarket.findings import QUOTE_LIMIT, did_you_mean, shortened, visible

MOST_HINTS = 100
"""Words that are compared with those known: a report holds no more findings of one rule in one file."""


def brief(text: str, limit: int = QUOTE_LIMIT) -> str:
    """A name as it is, without quotes: not too long, and nothing in it that does not print."""
    return visible(shortened(text, limit))


class Hints:
    """Compares words with those that are known, the first ones alone."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._left = MOST_HINTS

    def on(self, word: str) -> str:
        """`; did you mean "x"?` for the nearest of the words known, or nothing."""
        self._left -= 1
        return did_you_mean(word, self._known) if self._left >= 0 and len(word) <= QUOTE_LIMIT else ""
