r"""ECMAScript regular expressions, said in Python's dialect.

JSON Schema's ``pattern`` is ECMA-262. Handed to Python as it stands it means something else in places that
matter: Python's ``$`` also matches before a final line feed, its ``\s`` knows other characters (U+001C to
U+001F, but not U+FEFF), and its ``\d`` and ``\w`` go beyond ASCII.

Source: ECMA-262, "RegExp (Regular Expression) Objects", without the ``u`` flag: the published listing schema
escapes ``:`` and ``-``, which that flag forbids.
"""

from __future__ import annotations

import re

WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
r"""The characters that ``\s`` stands for (ECMA-262, WhiteSpace and LineTerminator)."""

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": re.escape(WHITE_SPACE)}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_LINE_TERMINATORS = "\n\r\u2028\u2029"
_QUANTIFIER = re.compile(r"[*+?]\??|\{[0-9]+(?:,[0-9]*)?\}\??")


def to_python(pattern: str) -> str:
    r"""Translate a pattern.

    Args:
        pattern: An ECMAScript pattern, without slashes and flags.

    Returns:
        A pattern for `re.search` that finds the same strings.

    Raises:
        ValueError: The pattern uses something this translation does not know, such as a look-ahead, a back
            reference or ``\b``; the message names it.
    """
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            text, position = _escape(pattern, position)
            parts.append(text)
        elif char == "[":
            text, position = _character_class(pattern, position)
            parts.append(text)
        elif char == "$":
            parts.append(r"\Z")
            position += 1
        elif char == ".":
            parts.append(f"[^{_LINE_TERMINATORS}]")
            position += 1
        elif char in "*+?{":
            match = _QUANTIFIER.match(pattern, position)
            if match is None:
                raise ValueError(f"cannot translate {char!r} at {position} of the pattern {pattern!r}")
            parts.append(match[0])
            position = match.end()
        elif char == "(" and pattern.startswith("(?", position) and not pattern.startswith("(?:", position):
            raise ValueError(f"cannot translate the group at {position} of the pattern {pattern!r}")
        elif char in "^|()":
            # The "?" of "(?:" would otherwise be taken for a quantifier.
            text = "(?:" if pattern.startswith("(?:", position) else char
            parts.append(text)
            position += len(text)
        else:
            parts.append(re.escape(char))
            position += 1
    return "".join(parts)


def _escape(pattern: str, position: int) -> tuple[str, int]:
    """Translate the escape at ``position``, outside a character class."""
    char = _escaped(pattern, position)
    if char.lower() in _CLASSES:
        negation = "^" if char.isupper() else ""
        return f"[{negation}{_CLASSES[char.lower()]}]", position + 2
    return _literal(pattern, position, char), position + 2


def _character_class(pattern: str, position: int) -> tuple[str, int]:
    """Translate the character class that opens at ``position``."""
    start = position
    parts = ["["]
    position += 1
    if pattern.startswith("^", position):
        parts.append("^")
        position += 1
    if pattern.startswith("]", position):
        raise ValueError(f"cannot translate the empty class at {start} of the pattern {pattern!r}")
    while position < len(pattern):
        char = pattern[position]
        if char == "]":
            return "".join(parts) + "]", position + 1
        if char == "\\":
            escaped = _escaped(pattern, position)
            if escaped in _CLASSES:
                parts.append(_CLASSES[escaped])
            elif escaped == "b" or escaped.lower() in _CLASSES:
                raise ValueError(f"cannot translate \\{escaped} in a class of the pattern {pattern!r}")
            else:
                parts.append(_literal(pattern, position, escaped))
            position += 2
        else:
            # A bare hyphen keeps its meaning (a range, or itself at either end) in both dialects.
            parts.append("-" if char == "-" else re.escape(char))
            position += 1
    raise ValueError(f"the class at {start} of the pattern {pattern!r} is not closed")


def _escaped(pattern: str, position: int) -> str:
    """The character that the backslash at ``position`` escapes."""
    if position + 1 >= len(pattern):
        raise ValueError(f"the pattern {pattern!r} ends in a backslash")
    return pattern[position + 1]


def _literal(pattern: str, position: int, char: str) -> str:
    """Translate an escape that stands for one character."""
    if char in _CONTROLS:
        return re.escape(_CONTROLS[char])
    if char.isalnum():
        raise ValueError(f"cannot translate \\{char} at {position} of the pattern {pattern!r}")
    return re.escape(char)
