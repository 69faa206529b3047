"""What fixes make of files, as a unified diff: what `diff -u` and git write, and `patch` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from umbmarket.formats.source import SourceText
from umbmarket.output.ansi import PLAIN, Style
from umbmarket.output.plain import plain, plain_path

CONTEXT = 3
"""Lines around a change, as other programs have it."""

LARGEST_COMPARISON = 4000
"""Lines that are compared with each other; of more, all are shown as changed, for that takes no time."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_RESET = "\x1b[0m"

_Block = tuple[str, int, int, int, int]


class _Styles(NamedTuple):
    """How the parts of a diff look."""

    header: Style = PLAIN
    hunk: Style = PLAIN
    removed: Style = PLAIN
    added: Style = PLAIN


_COLORED = _Styles(
    Style("\x1b[1m", _RESET), Style("\x1b[36m", _RESET), Style("\x1b[31m", _RESET), Style("\x1b[32m", _RESET)
)


class _Line(NamedTuple):
    """A line of a file: its text with the line break, and its bytes, by which lines are compared."""

    text: str
    data: bytes


def unified_diff(path: str, before: bytes, after: bytes, *, color: bool = False) -> str:
    r"""The difference between two contents of a file; empty where there is none.

    Where the encoding changes, a line above the header says so, since the text may be the same. What does not print
    is shown as an escape (a tab, and a carriage return at the end of a line, stay): no text of a file acts on a
    terminal or a log. `\ No newline at end of file` is written as diff writes it.

    Args:
        path: as shown to the user.
        before: the old bytes.
        after: the new bytes.
        color: style it for a terminal.
    """
    if before == after:
        return ""
    old, new = SourceText(before), SourceText(after)
    styles = _COLORED if color else _Styles()
    shown = plain_path(path)
    lines = []
    if old.encoding != new.encoding:
        lines.append(styles.header(f"{shown}: the encoding changes from {_name(old)} to {_name(new)}") + "\n")
    name, end = _header_name(path)
    lines += (styles.header(f"--- {name}") + f"{end}\n", styles.header(f"+++ {name}") + f"{end}\n")
    lines += _hunks(_lines_of(old), _lines_of(new), styles)
    return "".join(lines)


def _header_name(path: str) -> tuple[str, str]:
    """A path as git writes it into a diff, and what ends it, so that `git apply` and `patch` find the file.

    What does not print is escaped within quotes, as in C (git-config, core.quotePath); a name with a space is ended by
    a tab, for `patch` takes a space for its end.
    """
    if _TO_QUOTE.search(path) is None and path.isprintable() and plain(path) == path:
        return path, "\t" if " " in path else ""
    escaped = "".join(_escaped(char) for char in path)
    return f'"{escaped}"', ""


_TO_QUOTE = re.compile(r'["\\]')
_LETTERS = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "#": "\\043"}


def _escaped(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))


def _name(source: SourceText) -> str:
    if source.problem is not None and source.problem.looks_like is not None:
        return source.problem.looks_like
    return source.encoding.upper()


def _lines_of(source: SourceText) -> list[_Line]:
    """The lines of a text; they end at a line feed, as for diff and git. A byte order mark is part of the first."""
    text = f"\ufeff{source.text}" if source.has_bom else source.text
    errors = "strict" if source.readable else "replace"
    return [_Line(line, line.encode(source.encoding, errors)) for line in _LINE.findall(text)]


def _hunks(old: Sequence[_Line], new: Sequence[_Line], styles: _Styles) -> Iterator[str]:
    for group in _groups(_blocks(old, new)):
        first, last = group[0], group[-1]
        yield styles.hunk(f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@") + "\n"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _shown(" ", old[i1:i2], PLAIN)
            else:
                yield from _shown("-", old[i1:i2], styles.removed)
                yield from _shown("+", new[j1:j2], styles.added)


def _shown(mark: str, lines: Sequence[_Line], style: Style) -> Iterator[str]:
    for line in lines:
        body = line.text.removesuffix("\n")
        text = body.removesuffix("\r")
        end = "\r" if text != body else ""
        # A tab acts on nothing, and a patch that lacks them does not apply.
        yield style(mark + "\t".join(map(plain, text.split("\t")))) + end + "\n"
        if body == line.text:
            yield "\\ No newline at end of file\n"


def _range(start: int, stop: int) -> str:
    """Where a hunk stands: the first line and how many there are, as diff writes it."""
    length = stop - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


def _blocks(old: Sequence[_Line], new: Sequence[_Line]) -> list[_Block]:
    """What is equal and what is not. Only what lies between the first and the last difference is compared."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at].data != new[at].data), most)
    end = next((at for at in range(most - start) if old[-1 - at].data != new[-1 - at].data), most - start)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    blocks: list[_Block] = [("equal", 0, start, 0, start)] if start else []
    if len(middle_old) + len(middle_new) > LARGEST_COMPARISON:
        blocks.append(("replace", start, len(old) - end, start, len(new) - end))
    else:
        matcher = SequenceMatcher(None, [line.data for line in middle_old], [line.data for line in middle_new])
        blocks += [
            (tag, start + i1, start + i2, start + j1, start + j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    if end:
        blocks.append(("equal", len(old) - end, len(old), len(new) - end, len(new)))
    return blocks


def _groups(blocks: list[_Block]) -> Iterator[list[_Block]]:
    """The blocks of each hunk, with the lines around them."""
    group: list[_Block] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(blocks):
        if tag != "equal":
            group.append((tag, i1, i2, j1, j2))
            continue
        is_first, is_last = number == 0, number == len(blocks) - 1
        length = i2 - i1
        if not is_first and not is_last and length <= 2 * CONTEXT:
            group.append((tag, i1, i2, j1, j2))
            continue
        if not is_first:
            kept = min(CONTEXT, length)
            yield [*group, (tag, i1, i1 + kept, j1, j1 + kept)]
            group = []
        if not is_last:
            kept = min(CONTEXT, length)
            group = [(tag, i2 - kept, i2, j2 - kept, j2)]
    if group:
        yield group
