"""Git's ignore rules (gitignore(5)), decided as git decides them.

Written after git's `dir.c`, on bytes as git does it. The rules of a folder's own `.gitignore` come before
those of the folders above it, these before `.git/info/exclude`, and that before the user's own file; in each
file the last pattern that fits decides. A folder that is ignored is not entered, so nothing below it can be
taken back.

No library is used: in generated trees pathspec disagrees with `git check-ignore` in one of ten (character
classes, `dir/**`, trailing white space), knows no `core.ignoreCase`, and takes longer to import than most
searches take.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from umbmarket.disk.files import read_start
from umbmarket.git import wildmatch

IGNORE_FILE = ".gitignore"

LARGEST_IGNORE_FILE = 256 * 1024
"""Bytes of an ignore file that are read; the longest well-known templates have some 10,000."""

MOST_PATTERNS = 3_000
"""Patterns of one file that count, so that a hostile file costs bounded time."""

LONGEST_PATH = 4096
"""Bytes (PATH_MAX of Linux): a pattern with wildcards that asks for more fits nothing."""

_UTF8_BOM = b"\xef\xbb\xbf"

_SPECIAL = re.compile(rb"[*?\[\\]")
"""Where a pattern stops being literal (dir.c, `simple_length`)."""


class _Expression(NamedTuple):
    """A pattern that no look-up decides.

    Attributes:
        rank: the number of its pattern; a later one wins.
        folders_only: it ended in a slash.
        matcher: for the whole name or the whole path.
    """

    rank: int
    folders_only: bool
    matcher: re.Pattern[bytes]


class _Ranks(NamedTuple):
    """The last pattern that names something literally: one for files, one for folders; -1 for none."""

    file: int = -1
    folder: int = -1


class IgnoreRules:
    """The patterns of one ignore file."""

    def __init__(self, data: bytes, *, ignore_case: bool = False) -> None:
        """Read the bytes of an ignore file; whatever they are, this does not raise.

        Args:
            data: the file; only its first `MOST_PATTERNS` patterns count.
            ignore_case: git's `core.ignoreCase`: the letters of ASCII match in either case.
        """
        self._ignore_case = ignore_case
        self._negated: list[bool] = []
        self._names: dict[bytes, _Ranks] = {}
        self._paths: dict[bytes, _Ranks] = {}
        self._endings: list[tuple[int, bool, bytes]] = []
        self._name_expressions: list[_Expression] = []
        self._path_expressions: list[_Expression] = []
        for line in data.removeprefix(_UTF8_BOM).split(b"\n"):
            if len(self._negated) == MOST_PATTERNS:
                break
            self._add(line.removesuffix(b"\r").partition(b"\0")[0])
        self._any_ending = tuple({ending for _, _, ending in self._endings})

    def __bool__(self) -> bool:
        """Whether there is any pattern."""
        return bool(self._negated)

    def _add(self, line: bytes) -> None:
        pattern = b"" if line.startswith(b"#") else _without_trailing_spaces(line)
        if not pattern:
            return
        negated = pattern.startswith(b"!")
        if negated:
            pattern = pattern[1:]
        folders_only = pattern.endswith(b"/")
        if folders_only:
            pattern = pattern[:-1]
        rank = len(self._negated)
        self._negated.append(negated)
        if b"/" in pattern:
            self._add_path(pattern.removeprefix(b"/"), rank, folders_only)
        else:
            self._add_name(pattern, rank, folders_only)

    def _add_name(self, pattern: bytes, rank: int, folders_only: bool) -> None:
        special = _SPECIAL.search(pattern)
        if special is None:
            _add_literal(self._names, self._folded(pattern), rank, folders_only)
        elif pattern[:1] == b"*" and _SPECIAL.search(pattern, 1) is None:
            self._endings.append((rank, folders_only, self._folded(pattern[1:])))
        else:
            parts = wildmatch.tokens(pattern, is_path=False, ignore_case=self._ignore_case)
            self._add_parts(self._names, self._name_expressions, parts, rank, folders_only)

    def _add_path(self, pattern: bytes, rank: int, folders_only: bool) -> None:
        special = _SPECIAL.search(pattern)
        if special is None:
            _add_literal(self._paths, self._folded(pattern), rank, folders_only)
            return
        # Git compares what stands before the first wildcard literally and matches the rest on its own, so
        # that `**` counts as being at the start even in `lib**/x`.
        literal, rest = pattern[: special.start()], pattern[special.start() :]
        parts = wildmatch.tokens(rest, is_path=True, ignore_case=self._ignore_case)
        if parts is not None:
            parts = [*(bytes((byte,)) for byte in self._folded(literal)), *parts]
        self._add_parts(self._paths, self._path_expressions, parts, rank, folders_only)

    def _add_parts(
        self,
        literals: dict[bytes, _Ranks],
        expressions: list[_Expression],
        parts: list[wildmatch.Token] | None,
        rank: int,
        folders_only: bool,
    ) -> None:
        if parts is None or sum(isinstance(part, bytes) for part in parts) > LONGEST_PATH:
            return
        spellings = wildmatch.spellings(parts)
        if spellings is None:
            matcher = re.compile(wildmatch.expression(parts), re.DOTALL)
            expressions.append(_Expression(rank, folders_only, matcher))
            return
        for spelling in spellings:
            _add_literal(literals, spelling, rank, folders_only)

    def _folded(self, text: bytes) -> bytes:
        return text.lower() if self._ignore_case else text

    def verdict(self, path: bytes, *, is_folder: bool) -> bool | None:
        """Whether these patterns ignore something.

        Args:
            path: relative to the folder of the ignore file, with forward slashes.
            is_folder: what it is.

        Returns:
            True for ignored, False for taken back by `!`, None when no pattern fits.
        """
        path = self._folded(path)
        name = path[path.rfind(b"/") + 1 :]
        best = max(self._names.get(name, _Ranks())[is_folder], self._paths.get(path, _Ranks())[is_folder])
        if self._any_ending and name.endswith(self._any_ending):
            for rank, folders_only, ending in reversed(self._endings):
                if rank < best:
                    break
                if (is_folder or not folders_only) and name.endswith(ending):
                    best = rank
                    break
        for text, expressions in ((name, self._name_expressions), (path, self._path_expressions)):
            for rank, folders_only, matcher in reversed(expressions):
                if rank < best:
                    break
                if (is_folder or not folders_only) and matcher.fullmatch(text):
                    best = rank
                    break
        return None if best < 0 else not self._negated[best]


class IgnoreStack:
    """The rules that hold in one folder, innermost first. Paths are bytes, relative to the tree's root."""

    def __init__(self, levels: tuple[tuple[IgnoreRules, int], ...] = ()) -> None:
        """`levels`: rules, and the bytes of a path that lead to their folder, its slash included."""
        self._levels = levels

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._levels)

    def inside(self, folder: bytes, rules: IgnoreRules) -> IgnoreStack:
        """The stack for `folder`, whose ignore file has `rules`; the folder's path is empty for the root."""
        if not rules:
            return self
        return IgnoreStack(((rules, len(folder) + 1 if folder else 0), *self._levels))

    def ignores(self, path: bytes, *, is_folder: bool) -> bool:
        """Whether git ignores what is at `path`, given that it does not ignore the folder it is in."""
        for rules, start in self._levels:
            verdict = rules.verdict(path[start:], is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False


def load(path: str, *, ignore_case: bool, is_shared: bool = False) -> IgnoreRules:
    """The rules of the ignore file at `path`; none when it cannot be read.

    Args:
        path: the file.
        ignore_case: git's `core.ignoreCase`.
        is_shared: it is the user's or the repository's own file, which may be a link. Git follows no link in
            place of a `.gitignore` in the working tree.
    """
    if not is_shared and os.path.islink(path):
        return IgnoreRules(b"")
    return IgnoreRules(read_start(path, LARGEST_IGNORE_FILE) or b"", ignore_case=ignore_case)


def _add_literal(literals: dict[bytes, _Ranks], text: bytes, rank: int, folders_only: bool) -> None:
    file_rank = literals.get(text, _Ranks()).file if folders_only else rank
    literals[text] = _Ranks(file_rank, rank)


def _without_trailing_spaces(line: bytes) -> bytes:
    r"""`line` without the spaces at its end, unless they are escaped (dir.c, `trim_trailing_spaces`)."""
    if not line.endswith(b" "):
        return line
    kept = len(line.rstrip(b" "))
    escapes = len(line[:kept]) - len(line[:kept].rstrip(b"\\"))
    return line[: kept + escapes % 2]
