"""Git's configuration files, read without git and without ever failing."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from umbmarket.disk.files import read_start

LARGEST_CONFIG = 1024 * 1024
"""Bytes of a configuration file that are read; real ones have some hundred. What follows is left alone."""

_HEADER = re.compile(r'\[(?P<section>[A-Za-z0-9.-]+)(?:[ \t\r]+"(?P<subsection>(?:[^"\\]|\\.)*)")?\]')
_KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9-]*)[ \t]*(?P<equals>=)?")
_ESCAPED = re.compile(r"\\(.)")

_SPACE = " \t\r"
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}
_TRUE = frozenset({"true", "yes", "on"})


class Entry(NamedTuple):
    """One setting.

    Attributes:
        section: lower case.
        subsection: as written; empty when there is none.
        key: lower case.
        value: None for a key without `=`, which stands for "true".
    """

    section: str
    subsection: str
    key: str
    value: str | None


class GitConfig:
    """Settings in the order in which git reads them; a later one wins."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """`entries` in the order of the files, the user's before the repository's."""
        self.entries = tuple(entries)
        # Looked up, not searched: a file of 1 MiB can hold 20,000 remotes, and each is asked for its address.
        self._values: dict[tuple[str, str, str], list[str]] = {}
        self._bases: dict[str, str] = {}
        for entry in self.entries:
            if entry.value is not None:
                self._values.setdefault(entry[:3], []).append(entry.value)
                if (entry.section, entry.key) == ("url", "insteadof") and entry.value:
                    self._bases.setdefault(entry.value, entry.subsection)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._bases})

    def all(self, section: str, subsection: str, key: str) -> list[str]:
        """The values of one setting, in order; section and key in lower case."""
        return self._values.get((section, subsection, key), [])

    def last(self, section: str, subsection: str, key: str) -> str | None:
        """The value that counts, or None."""
        values = self.all(section, subsection, key)
        return values[-1] if values else None

    def is_true(self, section: str, key: str) -> bool:
        """Whether a setting without a subsection is on, by git's words for it."""
        for entry in reversed(self.entries):
            if entry[:3] == (section, "", key):
                value = entry.value
                return value is None or value.lower() in _TRUE or (value.isdecimal() and int(value[:9]) != 0)
        return False

    def subsections(self, section: str, key: str) -> list[str]:
        """The subsections of `section` that set `key`, each once, in order."""
        wanted = (section, key)
        return list(dict.fromkeys(each.subsection for each in self.entries if (each.section, each.key) == wanted))

    def rewritten(self, url: str) -> str:
        """`url` after `url.<base>.insteadOf`, of which the longest prefix wins (git-config(1))."""
        for length in reversed(self._prefix_lengths[: bisect_right(self._prefix_lengths, len(url))]):
            base = self._bases.get(url[:length])
            if base is not None:
                return base + url[length:]
        return url


def parse(text: str) -> Iterator[Entry]:
    """Read the text of a configuration file.

    The syntax is git's own (git-config(1), "Syntax"; config.c). Git refuses a file with a mistake in it; here
    the line with the mistake is passed over. `include` is an entry like any other and is not followed.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    section, subsection = "", ""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        start = _end_of_space(line, 0)
        while line.startswith("[", start):
            header = _HEADER.match(line, start)
            if header is None:
                section, start = "", len(line)
                break
            section, subsection = _names(header)
            start = _end_of_space(line, header.end())
        key = _KEY.match(line, start) if section else None
        if key is None:
            continue
        if key["equals"]:
            value, number = _value(line[key.end() :], lines, number)
            if value is not None:
                yield Entry(section, subsection, key["key"].lower(), value)
        elif _end_of_space(line, key.end()) == len(line):
            yield Entry(section, subsection, key["key"].lower(), None)


def _end_of_space(line: str, start: int) -> int:
    while start < len(line) and line[start] in _SPACE:
        start += 1
    return start


def _names(header: re.Match[str]) -> tuple[str, str]:
    section = header["section"].lower()
    if header["subsection"] is not None:
        return section, _ESCAPED.sub(r"\1", header["subsection"])
    # The old spelling `[branch.main]`, whose subsection git reads in lower case.
    section, _, subsection = section.partition(".")
    return section, subsection


def _value(rest: str, lines: list[str], number: int) -> tuple[str | None, int]:
    """The value that begins with `rest` and may go on in `lines[number]`; None when it is not well-formed."""
    made: list[str] = []
    spaces = ""
    quoted = False
    position = 0
    while True:
        if position >= len(rest):
            return (None if quoted else "".join(made)), number
        char = rest[position]
        position += 1
        if not quoted:
            if char in _SPACE:
                spaces += char if made else ""
                continue
            if char in "#;":
                return "".join(made), number
        if spaces:
            made.append(spaces)
            spaces = ""
        if char == '"':
            quoted = not quoted
        elif char != "\\":
            made.append(char)
        elif position < len(rest):
            escaped = _ESCAPES.get(rest[position])
            if escaped is None:
                return None, number
            made.append(escaped)
            position += 1
        elif number < len(lines):
            rest, position = lines[number], 0
            number += 1
        else:
            return (None if quoted else "".join(made)), number


def read(path: str) -> tuple[Entry, ...]:
    """The settings of the file at `path`; none when there is no such file."""
    data = read_start(path, LARGEST_CONFIG)
    return tuple(parse(data.decode("utf-8", "surrogateescape"))) if data else ()


def user_folders() -> tuple[str, str]:
    """The user's home folder, and git's folder below `$XDG_CONFIG_HOME`; each empty where unknown."""
    home = os.environ.get("HOME") or os.path.expanduser("~")
    if not os.path.isabs(home):
        home = ""
    settings = os.environ.get("XDG_CONFIG_HOME") or (os.path.join(home, ".config") if home else "")
    return home, (os.path.join(settings, "git") if settings else "")


def user_entries() -> tuple[Entry, ...]:
    """The user's settings: `$GIT_CONFIG_GLOBAL`, else `$XDG_CONFIG_HOME/git/config` and `~/.gitconfig`."""
    named = os.environ.get("GIT_CONFIG_GLOBAL")
    if named is not None:
        return read(named)
    home, settings = user_folders()
    own = read(os.path.join(home, ".gitconfig")) if home else ()
    return (*(read(os.path.join(settings, "config")) if settings else ()), *own)
