"""Edits of a JSON text that leave everything else as its author wrote it."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import Literal

from umbmarket.findings import Edit, Fix, JsonValue
from umbmarket.formats.json.strict import Member
from umbmarket.formats.json.tree import JsonTree, with_key_at
from umbmarket.formats.source import SourceText

_JSON_SPACE = " \t\r\n"
_COMMA = re.compile(r"((?:[ \t\r\n]++|//[^\r\n]*+|/\*.*?\*/)*+),", re.DOTALL)

_INFINITE = re.compile(r'"(?:[^"\\]++|\\.)*+"|(Infinity)')

_LINE_ENDS = re.compile(r"[ \t]*[\r\n]")
_LINE_END = re.compile(r"\r\n?|\n")


def _comments_of(between: str) -> str:
    """What stays of the text between two members when the comma in it goes: nothing, unless there are comments."""
    if "/" not in between:
        return ""
    # From the start alone: a comma in a comment is none.
    comma = _COMMA.match(between)
    return between if comma is None else comma[1] + between[comma.end() :]


def _gap_before_comments(between: str) -> str:
    """What parts a brace from a new member, where comments stand between the brace and the member that is first now."""
    line_end = _LINE_END.search(between)
    if line_end is None:
        return " "
    last = _LINE_END.split(between)[-1]
    return line_end[0] + last[: len(last) - len(last.lstrip(" \t"))]


class JsonEdits:
    """Makes the `Edit`s of one document. Each method gives None when there is nothing to edit at its pointer."""

    def __init__(self, source: SourceText, tree: JsonTree) -> None:
        """`tree` must be the reading of `source.text`."""
        self._source = source
        self._tree = tree

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Replace the code points `[start, end)` by `text`."""
        return Edit(self._source.byte_offset(start), self._source.byte_offset(end), text)

    def replace(self, pointer: str, value: JsonValue) -> Edit | None:
        """Another value at `pointer`."""
        member = self._tree.member(pointer)
        return self.edit(member.start, member.end, _spelled(value)) if member else None

    def rename(self, pointer: str, key: str) -> Edit | None:
        """Another key for the value at `pointer`."""
        member = self._tree.member(pointer)
        if member is None or member.key_start < 0:
            return None
        return self.edit(member.key_start, member.key_end, _spelled(key))

    def remove(self, pointer: str) -> Edit | None:
        """No member or item at `pointer`, and one comma less."""
        parent = self._tree.member(pointer.rpartition("/")[0])
        member = self._tree.member(pointer)
        return self._removed(member, parent) if pointer else None

    def remove_repeated(self, pointer: str, key_start: int) -> Edit | None:
        """No member whose key begins at `key_start` in the object that `pointer` leads into: of a key given twice one.

        Args:
            pointer: of the value that counts, which stays.
            key_start: code point offset.
        """
        parent = self._tree.member(pointer.rpartition("/")[0])
        siblings = self._tree.children(parent) if parent is not None else []
        return self._removed(with_key_at(siblings, key_start), parent)

    def remove_at(self, start: int) -> Edit | None:
        """No member or item whose value begins at the code point `start`, at whatever depth."""
        waiting = [self._tree.member("")]
        for parent in waiting:
            for member in self._tree.children(parent) if parent is not None else ():
                if member.start == start:
                    return self._removed(member, parent)
                if member.start < start < member.end:
                    waiting.append(member)
        return None

    def _removed(self, member: Member | None, parent: Member | None) -> Edit | None:
        if member is None or parent is None or not self._tree.intact:
            # What was passed over while reading must not go with it.
            return None
        siblings = self._tree.children(parent)
        # They stand in the order of the text: to look at each would take the square of the time for a list of many.
        at = bisect_left(siblings, member.start, key=lambda sibling: sibling.start)
        start = member.key_start if member.key_start >= 0 else member.start
        if at + 1 < len(siblings):
            after = siblings[at + 1]
            end = after.key_start if after.key_start >= 0 else after.start
            return self.edit(start, end, _comments_of(self._tree.text[member.end : end]).lstrip(" \t"))
        if at:
            before = siblings[at - 1].end
            kept = _comments_of(self._tree.text[before:start])
            # Where the line ends behind the member, nothing of its own line need stay.
            kept = kept.rstrip() if _LINE_ENDS.match(self._tree.text, member.end) else kept
            return self.edit(before, member.end, kept)
        inside = parent.start + 1, parent.end - 1
        around = self._tree.text[inside[0] : start] + self._tree.text[member.end : inside[1]]
        if around and not around.strip(_JSON_SPACE) and inside[1] >= member.end:
            # What was laid out over several lines for the one member would stay behind as an empty line.
            return self.edit(*inside, "")
        return self.edit(start, member.end, "")

    def insert_after(self, pointer: str, value: JsonValue) -> Edit | None:
        """One more item behind the one at `pointer`, on a line of its own where the first item has one."""
        parent = self._tree.member(pointer.rpartition("/")[0])
        member = self._tree.member(pointer)
        if member is None or parent is None or not pointer or not self._tree.intact:
            return None
        between = self._tree.text[parent.start + 1 : self._tree.children(parent)[0].start]
        gap = between if between and not between.strip(_JSON_SPACE) else " "
        return self.edit(member.end, member.end, f",{gap}{_spelled(value)}")

    def insert_first(self, key: str, value: JsonValue, pointer: str = "") -> Edit | None:
        """A first member of the object at `pointer`, indented like the one that is first now.

        Comments between the brace and that one stay with it: the new member stands before them.
        """
        root = self._tree.member(pointer)
        if root is None or not self._tree.intact or self._tree.text[root.start : root.start + 1] != "{":
            return None
        member = f"{_spelled(key)}: {_spelled(value)}"
        children = self._tree.children(root)
        if not children:
            return self.edit(root.start + 1, root.start + 1, member if pointer else f"\n  {member}\n")
        between = self._tree.text[root.start + 1 : children[0].key_start]
        gap = between if not between.strip(_JSON_SPACE) else _gap_before_comments(between)
        return self.edit(root.start + 1, root.start + 1, f"{gap}{member},")

    def fix(self, title: str, *edits: Edit | None, safety: Literal["safe", "unsafe"] = "safe") -> tuple[Fix, ...]:
        """One fix of these edits; none at all when one of them could not be made."""
        made = tuple(edit for edit in edits if edit is not None)
        if len(made) != len(edits) or not made:
            return ()
        return (Fix(title, safety, tuple(sorted(made))),)


_written = json.JSONEncoder(ensure_ascii=False).encode


def _spelled(value: JsonValue) -> str:
    """`value` as JSON; a lone surrogate, which no encoding can write, stays an escape sequence."""
    text = _written(value)
    if not text.isprintable():
        text = json.dumps(value, ensure_ascii=not _encodable(text))
    # What is more than a float holds was read as infinite, for which JSON has no word.
    return _INFINITE.sub(lambda found: "1e999" if found[1] else found[0], text) if "Infinity" in text else text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
