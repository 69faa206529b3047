"""Which major versions of Umbraco a text names, and which of them it claims to be for.

The phrases are those of real titles, descriptions and readmes. A claim is only what can hardly be meant otherwise:
"for Umbraco 17", "requires Umbraco CMS 13+", not "migrates from Umbraco 8" and not "use version 2 for Umbraco 10".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from umbmarket.findings import Span
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR
from umbmarket.umbraco.compatibility.spans import MajorSpan

OLDEST_NAMED = 7
"""Numbers below are of something else, or of an Umbraco that no package on the Marketplace was made for."""

NEWEST_NAMED = NEWEST_MAJOR + 5
"""Numbers above are of something else."""

MOST_MENTIONS = 200
"""Mentions that are looked at: a long change log has some fifty."""

_NUMBER = r"v?\d{1,2}(?![\d%])(?:\.(?:\d{1,3}|x))*+"
_NAME = r"umbraco(?:[ \u00a0]cms)?(?:[ \u00a0]versions?)?"
_BETWEEN = r"[ \u00a0]?(?:,|/|&|-|\u2013|\band\b|\bor\b|\bto\b|\bthrough\b)[ \u00a0]?(?:(?:and|or)[ \u00a0])?"
_HIGHER = "later|above|up|upwards?|newer|higher|onwards?|beyond"
_MENTION = re.compile(
    rf"(?<![\w.]){_NAME}[ \u00a0-]?(?P<list>{_NUMBER}(?:{_BETWEEN}(?:{_NAME}[ \u00a0])?{_NUMBER}){{0,20}})"
    rf"(?P<open>[ \u00a0]?(?:\+|(?:and|or)[ \u00a0](?:{_HIGHER})\b|(?:onwards?|upwards?)\b))?",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?P<between>-|\u2013|to|through)?[ \u00a0]?(?:umbraco(?:[ \u00a0]cms)?[ \u00a0])?v?(?P<major>\d{1,2})(?:\.\w+)*",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:for|with|on|supports|supporting|requires|requiring|targets|targeting)[ \u00a0](?:the[ \u00a0])?\Z",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[\r\n|]")
_NO_CLAIM = re.compile(
    r"\b(?:migrat|upgrad|updat|import|convert|port(?:ed|ing|s)?\b|from\b|since\b|until\b|before\b|prior\b|old|earlier\b"
    r"|previous|legacy\b|former|use\b|using\b|see\b|branch|release|versions?[ \u00a0]v?\d|v?\d+\.x\b|v\d+\.\d"
    r"|no[ \u00a0]longer|not\b|never\b|deprecat|obsolete|ended\b|dropped\b|was\b|were\b|if\b|test|also\b|another\b"
    r"|separate|different|unlike\b|instead\b|introduced\b|feature|https?:)|n['\u2019]t\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 400


class Mention(NamedTuple):
    """One place where a text names majors of Umbraco.

    Attributes:
        span: of the name and the numbers, in code points.
        majors: what is named; a span without an end for `17+` and its like.
        is_claim: the text says that it is for these.
    """

    span: Span
    majors: tuple[MajorSpan, ...]
    is_claim: bool


def mentions_of_majors(text: str, *, is_title: bool = False) -> Iterator[Mention]:
    """What a text names, in its order, at most `MOST_MENTIONS`.

    Args:
        text: Plain or Markdown.
        is_title: It is the name of a package, where each mention is a claim unless its words say otherwise.
    """
    for number, match in enumerate(_MENTION.finditer(text)):
        if number == MOST_MENTIONS:
            return
        majors = tuple(_majors(match["list"], is_open=match["open"] is not None))
        if not majors or not all(OLDEST_NAMED <= each.first <= NEWEST_NAMED for each in majors):
            continue
        before = text[max(0, match.start() - _LONGEST_SENTENCE) : match.start()]
        before = _SENTENCE_END.split(before)[-1] if before else before
        end = _SENTENCE_END.search(text, match.end(), match.end() + _LONGEST_SENTENCE)
        after = text[match.end() : end.start() if end is not None else match.end() + _LONGEST_SENTENCE]
        says_otherwise = _NO_CLAIM.search(before) is not None or _NO_CLAIM.search(after) is not None
        is_claim = (is_title or _CLAIM.search(before) is not None) and not says_otherwise
        yield Mention(Span(*match.span()), majors, is_claim)


def _majors(listed: str, *, is_open: bool) -> Iterator[MajorSpan]:
    """The majors of `10`, `10-13`, `8, 9 and 10`; the last without an end where a `+` or its like follows."""
    found: list[MajorSpan] = []
    for match in _EACH.finditer(listed):
        major = int(match["major"])
        if match["between"] and found and found[-1].first <= major:
            found[-1] = MajorSpan(found[-1].first, major)
        else:
            found.append(MajorSpan(major, major))
    if is_open and found:
        found[-1] = MajorSpan(found[-1].first, None)
    yield from found


def overlap(one: MajorSpan, other: MajorSpan) -> bool:
    """Whether two spans have a major in common."""
    ends_before = one.last is not None and one.last < other.first
    begins_after = other.last is not None and other.last < one.first
    return not ends_before and not begins_after
