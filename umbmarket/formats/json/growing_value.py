"""The value that a tolerant reader builds while it reads: what is open, and where the next value goes."""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Final

from umbmarket.findings import JsonValue, Span
from umbmarket.formats.json.strict import Member
from umbmarket.formats.json.tokens import ALTERNATIVES, LITERAL, LONGEST_NUMBER, Lexer, State, Token


class Unknown:
    """Stands for a value that nobody can tell: the member is left out of what was read."""


UNKNOWN: Final = Unknown()

_NUMBER_LIKE = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.)$")
_LITERALS: Final[dict[str, JsonValue]] = {"true": True, "false": False, "null": None}
_OTHER_LITERALS: Final = {
    "true": "true",
    "false": "false",
    "null": "null",
    "none": "null",
    "nil": "null",
    "undefined": "null",
}
_NOT_NUMBERS = frozenset({"nan", "infinity", "-infinity", "+infinity"})


class Frame:
    """An object or list that is open.

    Attributes:
        member: it, as it stands in the text.
        is_object: whether it is an object.
        closer: the bracket that closes it.
        value: what it holds so far.
        state: what comes next: "key", "colon", "value" or "comma".
        after: span of the comma just passed, if the last token was one.
        beyond_limit: nested too deep to be kept.
        key: key waiting for its value, text and span; None also for a value that has no key and is passed over.
    """

    __slots__ = ("after", "beyond_limit", "closer", "is_object", "key", "member", "state", "value")

    def __init__(self, member: Member, is_object: bool, closer: str) -> None:
        """It has just been opened."""
        self.member = member
        self.is_object = is_object
        self.closer = closer
        self.value: dict[str, JsonValue] | list[JsonValue] = {} if is_object else []
        self.state: State = "key" if is_object else "value"
        self.after: Span | None = None
        self.beyond_limit = False
        self.key: tuple[str, int, int] | None = None


class GrowingValue(Lexer):
    """Values as they are read, each put into what is open.

    Attributes:
        depth_limit: values nested deeper are read but left out.
        frames: what is open, the outermost first.
        root: the root as it stands in the text; None as long as there is none.
        root_value: the root's value.
        deepest: how deep the text nests so far.
        deep_at: span of the bracket that first passed `depth_limit`, or None.
        opened: for each closing bracket the places in `frames` of what it closes.
    """

    def __init__(self, text: str, depth_limit: int) -> None:
        """Nothing of `text` is read yet."""
        super().__init__(text)
        self.depth_limit = depth_limit
        self.frames: list[Frame] = []
        self.root: Member | None = None
        self.root_value: JsonValue | Unknown = UNKNOWN
        self.deepest = 0
        self.deep_at: Span | None = None
        self.opened: dict[str, list[int]] = {"}": [], "]": []}

    @property
    def state(self) -> State | None:
        """What comes next in the innermost of what is open."""
        return self.frames[-1].state if self.frames else None

    def open(self, token: Token) -> None:
        """An opening bracket."""
        member = Member(None, -1, -1, token.start, token.end)
        frame = Frame(member, token.kind == "{", "}" if token.kind == "{" else "]")
        depth = len(self.frames) + 1
        self.deepest = max(self.deepest, depth)
        if depth > self.depth_limit:
            self.deep_at = self.deep_at or Span(token.start, token.end)
            self.attach(member, UNKNOWN, leaf=False)
        else:
            self.attach(member, frame.value, leaf=False)
        member.children = []
        frame.beyond_limit = depth > self.depth_limit
        self.opened[frame.closer].append(len(self.frames))
        self.frames.append(frame)

    def finish(self, end: int) -> None:
        """Close the innermost of what is open; `end` is where it ends."""
        frame = self.frames.pop()
        self.opened[frame.closer].pop()
        frame.member.end = end
        if not self.frames:
            self.root = frame.member
        else:
            self.frames[-1].state = "comma"

    def become_object(self, frame: Frame) -> None:
        """Go on reading an empty list as the object that was meant; its closing bracket stays the list's."""
        pairs: dict[str, JsonValue] = {}
        frame.is_object, frame.value, frame.state = True, pairs, "key"
        if len(self.frames) == 1:
            self.root_value = pairs
        elif isinstance(parent := self.frames[-2].value, list):
            parent[-1:] = [pairs]
        elif frame.member.key is not None:
            parent[frame.member.key] = pairs

    def attach(self, member: Member, value: JsonValue | Unknown, leaf: bool) -> None:
        """Give the value its place in what is open, and say what comes next there."""
        if leaf:
            member.children = []
        if not self.frames:
            self.root, self.root_value = member, value
            return
        frame = self.frames[-1]
        frame.after = None
        frame.state = "comma"
        if frame.beyond_limit:
            frame.key = None
            return
        siblings = frame.member.children
        if frame.is_object:
            key, frame.key = frame.key, None
            if key is None:
                return
            member.key, member.key_start, member.key_end = key
            if siblings is not None:
                siblings.append(member)
            if isinstance(frame.value, dict) and not isinstance(value, Unknown):
                frame.value[key[0]] = value
            return
        if isinstance(value, Unknown):
            value = None
        if siblings is not None and isinstance(frame.value, list):
            siblings.append(member)
            frame.value.append(value)

    def scalar(self, token: Token, value: JsonValue | Unknown) -> None:
        """A value that holds no others."""
        self.attach(Member(None, -1, -1, token.start, token.end), value, leaf=True)

    def bare_value(self, token: Token) -> None:
        """An unquoted word where a value belongs: a literal, a number, or what was meant for one."""
        start, end = token.start, token.end
        raw = self.text[start:end]
        if raw in _LITERALS:
            self.scalar(token, _LITERALS[raw])
            return
        if LITERAL.fullmatch(raw):
            if len(raw) > LONGEST_NUMBER:
                self.intact = False  # no edit may write the value that stands in for it
            self.scalar(token, json.loads(raw) if len(raw) <= LONGEST_NUMBER else 0)
            return
        folded = raw.lower()
        if "|" in raw and ALTERNATIVES.fullmatch(raw):
            first = raw.split("|")[0].strip()
            self.report("alternatives", start, end, written=raw)
            self.scalar(token, _LITERALS.get(first, first))
        elif folded in _OTHER_LITERALS:
            meant = _OTHER_LITERALS[folded]
            self.report("bad-literal", start, end, (start, end, meant), safe=folded == meant, written=raw, meant=meant)
            self.scalar(token, _LITERALS[meant])
        elif folded in _NOT_NUMBERS:
            self.report("not-a-number", start, end, written=raw)
            # The value leaves out a key that the text has.
            self.intact = False
            self.scalar(token, UNKNOWN)
        elif len(raw) <= LONGEST_NUMBER and _NUMBER_LIKE.match(raw):
            number = int(raw, 16) if "x" in folded else float(raw)
            number = int(number) if isinstance(number, float) and number.is_integer() else number
            # JSON has no word for what is more than a float holds.
            edits = () if isinf(number) else ((start, end, json.dumps(number)),)
            self.report("bad-number", start, end, *edits, safe=False, written=raw)
            self.scalar(token, number)
        elif raw[0].isalnum() or raw[0] in "_.-#@<\\*%&$~^(!?":
            self.report(
                "unquoted-text",
                start,
                end,
                (start, end, json.dumps(raw, ensure_ascii=False)),
                safe=False,
                text=raw,
            )
            self.scalar(token, raw)
        else:
            self.report("unexpected", start, end, found=raw)
            self.intact = False
