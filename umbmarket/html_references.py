"""References in HTML and Markdown, `&amp;` and `&#38;`, in text of any size and origin."""

from __future__ import annotations

import re
from html import unescape

_LONG_NUMBER = re.compile(r"(?<=&#)[0-9]{8,}")
"""A number with more digits than that of any character needs: a few thousand of them are more than `int` takes."""

_NO_CHARACTER = "1114112"
"""The first number that is no character: HTML reads U+FFFD for it, as for every greater one."""


def unescaped(text: str) -> str:
    """`text` with each reference replaced by the character that it stands for, as `html.unescape` does.

    That function raises `ValueError` where a number has some thousand digits; HTML has no such limit.

    Args:
        text: anything.
    """
    return unescape(_LONG_NUMBER.sub(_shorter, text)) if "&" in text else text


def _shorter(number: re.Match[str]) -> str:
    significant = number[0].lstrip("0") or "0"
    return significant if len(significant) < len(_NO_CHARACTER) + 1 else _NO_CHARACTER
