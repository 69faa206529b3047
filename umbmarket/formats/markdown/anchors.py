"""The anchors of a Markdown page, as far as a reader of its text can tell.

Pages make the anchor of a heading from its text, each in its own way: in small letters, with or without what is no
letter, a hyphen for a blank. Letters and digits are what all keep, so these alone are compared. What might be a heading
counts as one: an anchor that is not found is nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from umbmarket.html_references import unescaped

_LEAD = " \t>*+-"
"""What may stand before a heading: quotes, lists and blanks."""

_TAG = re.compile(r"<h[1-6](?:\s[^<>]{0,300})?>", re.IGNORECASE)
_LONGEST_TAGGED = 200
"""Characters of a heading in HTML that are looked at."""

_MOST_TAGGED = 1000
"""Headings in HTML that are looked at."""

_NAMED = re.compile(
    r"\b(?:id|name)\s*=\s*(?:\"(?P<double>[^\"]{0,500})\"|'(?P<single>[^']{0,500})'|(?P<bare>[^\s\"'>]{1,500}))"
)
_CUSTOM = re.compile(r"\{#(?P<name>[^{}\s]{1,200})\}")
_FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]\s]{1,200})\]:")
_TARGET = re.compile(r"\]\([^()\r\n]*\)|\]\[[^\[\]\r\n]*\]|<[^<>\r\n]*>|!?\[")
_DIGITS = "0123456789"
_LINE_END = re.compile(r"\r\n?|\n")

_ALWAYS_THERE = frozenset({"", "top", "readme"})
"""The page itself: HTML gives `#top` to every page, and `#readme` is where GitHub begins it."""


def anchors_of(text: str) -> frozenset[str]:
    """What `squeezed` makes of every anchor that a page of this text may have."""
    found = {*_ALWAYS_THERE}
    for heading in _headings(text):
        # With and without the addresses of links in it, which some take for a part of its text.
        found.update((squeezed(heading), squeezed(_TARGET.sub("", heading))))
    for match in _NAMED.finditer(text):
        found.add(squeezed(match["double"] or match["single"] or match["bare"] or ""))
    for pattern in (_CUSTOM, _FOOTNOTE):
        found.update(squeezed(match["name"]) for match in pattern.finditer(text))
    return frozenset(found)


def _headings(text: str) -> Iterator[str]:
    """The texts of what may be headings."""
    above = ""
    for line in _LINE_END.split(text):
        inner = line.strip(_LEAD)
        if inner.startswith("#"):
            yield inner.strip("#")
        elif above and not inner.strip("=") and ("=" in line or "-" in line):
            yield above
        above = inner
    for tag in islice(_TAG.finditer(text), _MOST_TAGGED):
        inner = text[tag.end() : tag.end() + _LONGEST_TAGGED]
        yield inner.partition("</h")[0]


def has_anchor(anchors: frozenset[str], target: str) -> bool:
    """Whether `#part` leads to one of `anchors`. A number at its end may tell headings of the same text apart."""
    name = unquote(target.removeprefix("#"))
    for prefix in ("user-content-", "fn:", "fnref:", "fn-", "fnref-"):
        name = name.removeprefix(prefix)
    wanted = squeezed(name)
    return wanted in anchors or wanted.rstrip(_DIGITS) in anchors


def squeezed(text: str) -> str:
    """The letters and digits of a text, letter case folded."""
    return "".join(letter for letter in unescaped(text).casefold() if letter.isalnum())
