"""Texts whose only faults are comments and trailing commas, which some readers of JSON pass over.

Most listings that are not JSON are of this kind. Blanked out, the faults leave a text of the same length, which the
strict parser reads in a tenth of the time that the tolerant reader takes. The two readers agree on such a text.
"""

import re
from typing import NamedTuple

from umbmarket.findings import Span
from umbmarket.formats.json.problems import Problem
from umbmarket.formats.json.strict import NotStrictJson, StrictReading, read_strict
from umbmarket.formats.json.tokens import LONGEST_NUMBER, MOST_PROBLEMS, MOST_TOKENS, comment_edit

_PART = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|//[^\r\n]*+|/\*.*?\*/|[^\s"/{}\[\]:,]++|[{}\[\]:,/"]',
    re.DOTALL,
)
"""A string, a comment, a literal or number, or one other character. White space lies between them."""

_NO_VALUE = frozenset(("", "{", "[", ":", ","))
"""First characters of what a comma may not follow, the start of the text among them."""


class Tolerated(NamedTuple):
    """What such a text says.

    Attributes:
        blanked: the text with spaces in the place of its faults; every other character stands where it stood.
        reading: what the strict parser made of it.
        problems: the faults, in the order of the text.
    """

    blanked: str
    reading: StrictReading
    problems: tuple[Problem, ...]


def read_tolerated(text: str) -> Tolerated | None:
    """Read a text that the strict parser refused; None where it has other faults, too many, or none."""
    if len(text) > MOST_TOKENS:
        return None
    problems: list[Problem] = []
    before = ""
    comma = -1
    for part in _PART.finditer(text):
        start, end = part.span()
        first = text[start]
        if first in '/"' and end - start == 1:
            return None
        if first == "/":
            problems.append(Problem("comment", Span(start, end), {}, (comment_edit(text, start, end),)))
            continue
        if first in "}]" and comma >= 0:
            problems.append(Problem("trailing-comma", Span(comma, comma + 1), {}, ((comma, comma + 1, ""),)))
        elif end - start > LONGEST_NUMBER and first != '"':
            return None
        comma = -1
        if first == ",":
            if before in _NO_VALUE:
                return None
            comma = start
        before = first
    if not problems or len(problems) > MOST_PROBLEMS:
        return None
    problems.sort(key=lambda problem: problem.span)
    blanked = _blanked(text, problems)
    try:
        return Tolerated(blanked, read_strict(blanked), tuple(problems))
    except NotStrictJson:
        return None


def _blanked(text: str, problems: list[Problem]) -> str:
    pieces: list[str] = []
    at = 0
    for problem in problems:
        start, end = problem.span
        pieces += (text[at:start], " " * (end - start))
        at = end
    return "".join((*pieces, text[at:]))
