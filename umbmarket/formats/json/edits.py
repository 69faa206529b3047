"""Edits of a JSON text that leave everything else as its author wrote it."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import Literal

from umbmarket.findings import Edit, Fix, JsonValue
from umbmarket.formats.json.tree import JsonTree
from umbmarket.formats.source import SourceText


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
        if member is None or parent is None or not pointer:
            return None
        siblings = self._tree.children(parent)
        # They stand in the order of the text: to look at each would take the square of the time for a list of many.
        at = bisect_left(siblings, member.start, key=lambda sibling: sibling.start)
        start = member.key_start if member.key_start >= 0 else member.start
        if at + 1 < len(siblings):
            after = siblings[at + 1]
            return self.edit(start, after.key_start if after.key_start >= 0 else after.start, "")
        if at:
            return self.edit(siblings[at - 1].end, member.end, "")
        return self.edit(start, member.end, "")

    def insert_first(self, key: str, value: JsonValue) -> Edit | None:
        """A first member of the root object, indented like the one that is first now."""
        root = self._tree.member("")
        if root is None or self._tree.text[root.start : root.start + 1] != "{":
            return None
        member = f"{_spelled(key)}: {_spelled(value)}"
        children = self._tree.children(root)
        if not children:
            return self.edit(root.start + 1, root.start + 1, f"\n  {member}\n")
        between = self._tree.text[root.start + 1 : children[0].key_start]
        gap = between if not between.strip() else " "
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
    return text if text.isprintable() else json.dumps(value, ensure_ascii=not _encodable(text))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
