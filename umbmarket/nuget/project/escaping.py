"""MSBuild's `%XX` escapes: values are kept escaped and are decoded at the very end.

Source: dotnet/msbuild, EscapingUtilities; vectors prop-26 to prop-29 and item-28.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_SPECIAL = re.compile(r"[%*?@$();']")


def unescape(text: str) -> str:
    """`text` with each `%XX` decoded; a `%` before anything else stays."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "%" in text else text


def escape(text: str) -> str:
    """`text` so that `unescape` gives it back and nothing in it is expanded or split."""
    return text if _SPECIAL.search(text) is None else _SPECIAL.sub(lambda match: f"%{ord(match[0]):02x}", text)


def split_list(text: str) -> list[str]:
    """The entries of a `;` list that is still escaped: trimmed, without empty ones.

    A `;` inside of a reference to items, such as `@(A->'%(Identity)', ';')`, does not separate.
    """
    if ";" not in text:
        text = text.strip()
        return [text] if text else []
    if "@(" not in text:
        return [part for piece in text.split(";") if (part := piece.strip())]
    parts: list[str] = []
    start = depth = position = 0
    quoted = False
    while position < len(text):
        char = text[position]
        if depth and char == "'":
            quoted = not quoted
        elif quoted:
            pass
        elif text.startswith("@(", position):
            depth += 1
            position += 1
        elif depth and char == "(":
            depth += 1
        elif depth and char == ")":
            depth -= 1
        elif char == ";" and not depth:
            parts.append(text[start:position])
            start = position + 1
        position += 1
    parts.append(text[start:])
    return [part for piece in parts if (part := piece.strip())]
