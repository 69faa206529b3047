"""Finds the line of a TOML document that a key or one of its values stands on.

`tomllib` keeps no positions. This looks the line up again, for error messages only: it is slow, and gives up
where the document is written in a way that hides the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence

KeyPath = tuple[str, ...]
"""The way to a key from the root of the document, such as `("tool", "umbmarket", "select")`."""

_HEADER = re.compile(r"\s*\[([^\[\]].*)\]\s*(#.*)?")
_KEY = re.compile(r"""\s*((?:[^=#"'\s]|"[^"]*"|'[^']*'|\s)+?)\s*=""")


def line_of(text: str, path: Sequence[str], value: object = None) -> int | None:
    """The 1-based line that the last key of `path` stands on.

    Args:
        text: the document, which need not be valid.
        path: the keys from the root; where the last ones are not found, the nearest key above them counts.
        value: a text below that key whose own line is wanted, in lists over several lines.

    Returns:
        The line; None where not even the first key is found.
    """
    lines = text.splitlines()
    keys = list(_keys(lines))
    for length in range(len(path), 0, -1):
        wanted = tuple(path[:length])
        for position, (number, key) in enumerate(keys):
            if key[:length] == wanted:
                end = keys[position + 1][0] if position + 1 < len(keys) else len(lines) + 1
                return _line_of_value(lines, number, end, value)
    return None


def _line_of_value(lines: list[str], start: int, end: int, value: object) -> int:
    """The first line of `[start, end)` that holds `value` in quotes, else `start`."""
    if isinstance(value, str):
        for number in range(start, end):
            if f'"{value}"' in lines[number - 1] or f"'{value}'" in lines[number - 1]:
                return number
    return start


def _keys(lines: list[str]) -> Iterator[tuple[int, KeyPath]]:
    """Every line that names a table or begins with a key, with the whole way to it."""
    table: KeyPath = ()
    for number, line in enumerate(lines, 1):
        if header := _HEADER.fullmatch(line):
            named = _path(header[1])
            if named is not None:
                table = named
                yield number, table
        elif match := _KEY.match(line):
            named = _path(match[1])
            if named is not None:
                yield number, (*table, *named)


def _path(written: str) -> KeyPath | None:
    """A dotted key as written, read the way TOML reads it; None if it is no key."""
    try:
        node: object = tomllib.loads(f"{written} = 0")
    except ValueError:
        return None
    path: list[str] = []
    while isinstance(node, dict) and len(node) == 1:
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)
