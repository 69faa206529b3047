"""White space as XML has it: blanks, tabs and line ends alone. A no-break space is text."""

from __future__ import annotations

WHITE_SPACE = " \t\r\n"
"""The production `S` of XML 1.0."""


def is_blank(text: str) -> bool:
    """Whether a text is white space alone, which does not count between markup; an empty one is none."""
    return text.isspace() and not text.strip(WHITE_SPACE)
