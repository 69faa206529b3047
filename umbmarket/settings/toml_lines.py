"""Finds the line of a TOML document that a key or one of its values stands on.

`tomllib` keeps no positions. This looks the line up again, for error messages only: it is slow, and gives up
where the document is written in a way that hides the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property

KeyPath = tuple[str, ...]
"""The way to a key from the root of the document, such as `("tool", "umbmarket", "select")`."""

DEEPEST_KEY = 8
"""Parts of a key that are looked up: settings have four at most."""

_HEADER = re.compile(r"\s*\[([^\[\]].*)\]\s*(#.*)?")
_KEY = re.compile(r"""\s*+((?:[^=#"'\s]++|"[^"]*+"|'[^']*+'|\s++)++)=""")


class TomlLines:
    """The lines of one TOML document, which need not be valid.

    Args:
        text: the document.
    """

    def __init__(self, text: str) -> None:
        # At a line feed alone, as in TOML: others are characters of a comment or a string.
        self._lines = text.split("\n")

    @cached_property
    def _first(self) -> dict[KeyPath, tuple[int, int]]:
        """For each key, and each beginning of one, the line of the first, and the line of what comes after that."""
        keys = list(_keys(self._lines))
        ends = [number for number, _ in keys[1:]] + [len(self._lines) + 1]
        first: dict[KeyPath, tuple[int, int]] = {}
        for (number, key), end in zip(keys, ends, strict=bool(keys)):
            for length in range(1, min(len(key), DEEPEST_KEY) + 1):
                first.setdefault(key[:length], (number, end))
        return first

    def line_of(self, path: Sequence[str], value: object = None) -> int | None:
        """The 1-based line that the last key of `path` stands on.

        Args:
            path: the keys from the root; where the last ones are not found, the nearest key above them counts.
            value: a text below that key whose own line is wanted, in lists over several lines.

        Returns:
            The line; None where not even the first key is found.
        """
        for length in range(min(len(path), DEEPEST_KEY), 0, -1):
            found = self._first.get(tuple(path[:length]))
            if found is not None:
                return self._line_of_value(*found, value)
        return None

    def _line_of_value(self, start: int, end: int, value: object) -> int:
        """The first line of `[start, end)` that holds `value` in quotes, else `start`."""
        if isinstance(value, str):
            for number in range(start, end):
                if f'"{value}"' in self._lines[number - 1] or f"'{value}'" in self._lines[number - 1]:
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
    except (ValueError, RecursionError):
        return None
    path: list[str] = []
    while isinstance(node, dict) and len(node) == 1:
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)
