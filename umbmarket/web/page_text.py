"""What a server says, for a person: the first lines of an answer's body, HTML or not, safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from umbmarket.html_references import unescaped
from umbmarket.web.credentials import without_secrets
from umbmarket.web.outcomes import shown_text

PAGE_LIMIT = 16 * 1024
"""Bytes of a body that are read to show its first lines: error pages begin with some kilobytes of style sheet."""

MOST_LINES = 10
"""Lines of a body that are shown; the rest is a matter for a browser."""

# What no reader of a page sees, then where a line ends, then all other markup. Everything is bounded by `PAGE_LIMIT`.
_UNSEEN = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1[^<>]*>|\Z)")
_LINE_END = re.compile(
    r"(?i)</?(?:address|blockquote|body|br|dd|div|dl|dt|form|h[1-6]|head|header|hr|html|li|main|ol|p|pre|section|table"
    r"|td|th|title|tr|ul)\b[^<>]*>"
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")


def first_lines(body: bytes, media_type: str, secrets: Sequence[str], *, cut_off: bool) -> tuple[str, ...]:
    """Give the first lines of a body that are not empty, each once.

    Args:
        body: What was read of it, decompressed.
        media_type: The Content-Type header.
        secrets: What to hide, in each of its spellings.
        cut_off: The body went on.

    Returns:
        At most `MOST_LINES` lines of plain text; the last one is an ellipsis where there was more. None of what is no
        text.
    """
    if b"\0" in body:
        return ()
    text = body.decode("utf-8-sig", "replace")
    if "html" in media_type.lower() or text.lstrip().startswith("<"):
        text = _UNSEEN.sub(" ", text)
        # Line ends of the source mean nothing in HTML.
        text = unescaped(_TAG.sub("", _LINE_END.sub("\0", text.replace("\n", " ")))).replace("\0", "\n")
    # What takes no room on a screen could stand in the middle of a secret.
    text = without_secrets("".join(char for char in text if unicodedata.category(char) != "Cf"), secrets)
    if cut_off:
        # The end may hold the beginning of a secret, which nobody could find.
        text = text[: -max(map(len, secrets), default=1)]
    # Error pages say in their title and their heading the same.
    lines = [line for line in dict.fromkeys(map(_shown, text.splitlines())) if line]
    return tuple(lines) if len(lines) <= MOST_LINES else (*lines[: MOST_LINES - 1], "…")


def _shown(line: str) -> str:
    """A line that is safe to show, with single spaces."""
    return shown_text(" ".join(shown_text(line, len(line) + 1).split()))
