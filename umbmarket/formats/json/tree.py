"""A JSON text with positions: what it says, what is wrong with it, and where the value at a JSON Pointer stands.

A text that is JSON is read by the strict parser and indexed only where a finding asks for a position. So is one that is
JSON but for comments and trailing commas. Any other text goes through the tolerant reader, which places every
independent problem and recovers the value that was meant.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from umbmarket.findings import JsonValue, Place, Span
from umbmarket.formats.json.problems import Problem
from umbmarket.formats.json.strict import Member, NotStrictJson, children_of, read_strict, root_member

DEPTH_LIMIT = 64
"""Levels of nesting that are read: .NET's own default (`JsonReaderOptions.MaxDepth`); a valid listing has four."""

_FEW = 64
"""Members of an object that are looked through for a key; of more an index is made, for there may be very many."""


class Duplicate(NamedTuple):
    """A key that an object has more than once.

    Attributes:
        pointer: of the value that counts, which is the last one.
        key: the decoded key.
        first: span of the first key.
        again: spans of the later ones.
    """

    pointer: str
    key: str
    first: Span
    again: tuple[Span, ...]


class JsonTree:
    """The reading of one JSON text.

    Attributes:
        text: the text that was read.
        value: what it says, or what was meant; None also when nothing could be read.
        parsed: `strict` when it is JSON, `tolerant` when a value was recovered, `no` when there is none.
        problems: why it is not strict JSON, in the order of the text.
        intact: nothing of the text was passed over, so that what is absent from `value` is absent from the file.
        deep_at: the bracket that first passes `DEPTH_LIMIT`, or None; what it holds is left out of `value`.
    """

    def __init__(self, text: str) -> None:
        """Read `text`; never raises."""
        self.text = text
        self.problems: tuple[Problem, ...] = ()
        self.intact = True
        self.deep_at: Span | None = None
        self.parsed: Literal["strict", "tolerant", "no"] = "strict"
        self.value: JsonValue = None
        self._root: Member | None = None
        self._has_duplicates = True
        self._indexed = text
        self._by_key: dict[int, dict[str | None, Member]] = {}
        deep_enough = text.count("{") + text.count("[") > DEPTH_LIMIT
        try:
            self.value, self._has_duplicates = read_strict(text)
        except NotStrictJson as refusal:
            if deep_enough or not self._tolerate():
                self._recover(refusal)
            return
        self._root = root_member(text)
        if deep_enough and _depth(self.value) > DEPTH_LIMIT:
            from umbmarket.formats.json.recovery import recover

            recovered = recover(text, DEPTH_LIMIT)
            # The strict index would recurse as deep as the text nests; the recovered tree does not.
            self.value, self.deep_at, self._root = recovered.value, recovered.deep_at, recovered.root

    def _tolerate(self) -> bool:
        """Read a text whose only faults are some that readers pass over; False where it has others."""
        # Late: nearly all files are JSON.
        from umbmarket.formats.json.tolerated import read_tolerated

        tolerated = read_tolerated(self.text)
        if tolerated is None:
            return False
        self.parsed, self.problems, self._indexed = "tolerant", tolerated.problems, tolerated.blanked
        self.value, self._has_duplicates = tolerated.reading
        self._root = root_member(self._indexed)
        return True

    def _recover(self, refusal: NotStrictJson) -> None:
        # Late: nearly all files are JSON.
        from umbmarket.formats.json.recovery import recover

        recovered = recover(self.text, DEPTH_LIMIT)
        self.value, self._root = recovered.value, recovered.root
        self.intact, self.deep_at = recovered.intact, recovered.deep_at
        self.problems = recovered.problems
        self.parsed = "tolerant" if recovered.found else "no"
        if not self.problems and recovered.deep_at is None:
            # The two readers must not disagree; should they, the strict one's word is passed on.
            at = refusal.offset if refusal.offset is not None else 0
            self.problems = (Problem("refused", Span(at, at), {"reason": refusal.reason}),)

    def children(self, member: Member) -> list[Member]:
        """The members of an object or items of a list, in the order of the text, duplicates included."""
        if member.children is None:
            member.children = children_of(self._indexed, member)
        return member.children

    def member(self, pointer: str) -> Member | None:
        """The member at a JSON Pointer; of a key given twice the last one. None when there is none."""
        member = self._root
        for part in pointer.split("/")[1:]:
            if member is None:
                return None
            key = unescape(part)
            children = self.children(member)
            is_object = bool(children) and children[0].key is not None
            member = self._last_named(children, key) if is_object else _numbered(children, key)
        return member

    def _last_named(self, children: list[Member], key: str) -> Member | None:
        if len(children) <= _FEW:
            return _last_named(children, key)
        # By the identity of a list that lives as long as the tree does.
        by_key = self._by_key.get(id(children))
        if by_key is None:
            by_key = self._by_key[id(children)] = {child.key: child for child in children}
        return by_key.get(key)

    def span(self, place: Place) -> Span | None:
        """Where `place` stands in the text, or None when there is nothing at its pointer."""
        if place.span is not None:
            return place.span
        member = self.member(place.pointer)
        if member is None:
            return None
        if place.on == "key" and member.key_start >= 0:
            return Span(member.key_start, member.key_end)
        if place.within is not None:
            return self._within(member, *place.within)
        return Span(member.start, member.end)

    def _within(self, member: Member, start: int, end: int) -> Span:
        """The source range of the code points `[start, end)` of a decoded string."""
        first, last = member.start + 1, member.end - 1
        literal = self.text[first:last]
        if "\\" not in literal:
            return Span(min(first + start, last), min(first + end, last))
        offsets = [*_escape_offsets(literal), len(literal)]
        top = len(offsets) - 1
        return Span(first + offsets[min(start, top)], first + offsets[min(end, top)])

    def duplicates(self) -> Iterator[Duplicate]:
        """Every key that stands more than once in its object, in the order of the text."""
        if not self._has_duplicates or self._root is None:
            return
        waiting: list[tuple[str, Member]] = [("", self._root)]
        while waiting:
            pointer, member = waiting.pop()
            children = self.children(member)
            for number, child in enumerate(children):
                if self.children(child):
                    waiting.append((join(pointer, child.key if child.key is not None else number), child))
            keys = [child.key for child in children if child.key is not None]
            if len(set(keys)) == len(keys):
                continue
            seen: dict[str, list[Span]] = {}
            for child in children:
                if child.key is not None:
                    seen.setdefault(child.key, []).append(Span(child.key_start, child.key_end))
            for key, spans in seen.items():
                if len(spans) > 1:
                    yield Duplicate(join(pointer, key), key, spans[0], tuple(spans[1:]))

    def value_at_key(self, pointer: str, key_start: int) -> JsonValue:
        """The value whose key begins at `key_start`, in the object that `pointer` leads into; None for none.

        Of a key given twice, `value` has only the last value.
        """
        parent = self.member(pointer.rpartition("/")[0])
        member = with_key_at(self.children(parent), key_start) if parent is not None else None
        return None if member is None else JsonTree(self.text[member.start : member.end]).value


def with_key_at(members: Sequence[Member], key_start: int) -> Member | None:
    """The member whose key begins at a place; None for none.

    To look at each would take the square of the time for an object with very many repeated keys.

    Args:
        members: of one object, in the order of the text.
        key_start: code point offset.
    """
    at = bisect_left(members, key_start, key=lambda member: member.key_start if member.key_start >= 0 else member.start)
    return members[at] if at < len(members) and members[at].key_start == key_start else None


def join(pointer: str, key: str | int) -> str:
    """`pointer` with one reference token more, escaped as RFC 6901 asks."""
    if isinstance(key, int):
        return f"{pointer}/{key}"
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{key}"


def unescape(token: str) -> str:
    """The key or index that one reference token of a JSON Pointer names (RFC 6901)."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def _last_named(children: list[Member], key: str) -> Member | None:
    for child in reversed(children):
        if child.key == key:
            return child
    return None


def _numbered(children: list[Member], index: str) -> Member | None:
    if not index.isascii() or not index.isdigit() or len(index) > 9 or int(index) >= len(children):
        return None
    return children[int(index)]


def _depth(value: JsonValue) -> int:
    """Levels of objects and lists in `value`, counted without recursion."""
    depth = 0
    level: list[JsonValue] = [value]
    while level:
        below: list[JsonValue] = []
        any_container = False
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
                any_container = True
            elif isinstance(item, list):
                below.extend(item)
                any_container = True
        depth += any_container
        level = below
    return depth


def _escape_offsets(literal: str) -> Iterator[int]:
    """Offset in the escaped literal of each code point of the decoded string."""
    at = 0
    while at < len(literal):
        yield at
        if literal[at] != "\\":
            at += 1
        elif literal[at + 1 : at + 2] == "u":
            high = literal[at + 2 : at + 4].lower()
            paired = (
                "d8" <= high < "dc"
                and literal[at + 6 : at + 8] == "\\u"
                and "dc" <= literal[at + 8 : at + 10].lower() <= "df"
            )
            at += 12 if paired else 6
        else:
            at += 2
