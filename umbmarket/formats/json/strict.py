"""JSON exactly as RFC 8259 has it: the arbiter of what counts as readable, and an index of what stands where.

The standard library's parser decides; the three things it lets pass (`NaN` and the infinities, keys given twice,
integers too long for Python to convert) are caught here. The index answers "where is the value at this pointer?" with
that same parser, level by level and only where asked, so a healthy file never pays for a syntax tree.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple, cast

from umbmarket.findings import JsonValue

LONGEST_INTEGER = 4300
"""Digits of an integer that are still converted exactly: Python's own default limit for int-from-string."""

_HUGE_INTEGER = 10**400
"""Stands for an integer beyond `LONGEST_INTEGER`: still an integer, still beyond any limit a rule knows."""

_skip_space = cast("Callable[[str, int], re.Match[str]]", re.compile(r"[ \t\n\r]*").match)
_skip_comma = cast("Callable[[str, int], re.Match[str]]", re.compile(r"[ \t\n\r]*(?:,[ \t\n\r]*)?").match)
_plain_key = re.compile(r'"([^"\\]*)"[ \t\n\r]*:[ \t\n\r]*').match
"""A key without escapes, and the colon behind it."""


class Member:
    """One key and value of an object, or one item of a list, as it stands in the text.

    Attributes:
        key: the decoded key; None for an item of a list and for the root.
        key_start: with `key_end`, the span of the key with its quotes; both are -1 where there is no key.
        start: with `end`, the span of the value.
        children: members of the value; None while unknown.
    """

    __slots__ = ("children", "end", "key", "key_end", "key_start", "start")

    def __init__(self, key: str | None, key_start: int, key_end: int, start: int, end: int) -> None:
        """Spans are code point offsets."""
        self.key = key
        self.key_start = key_start
        self.key_end = key_end
        self.start = start
        self.end = end
        self.children: list[Member] | None = None


class StrictReading(NamedTuple):
    """What the strict parser read.

    Attributes:
        value: the value; of a key given twice the last one, as `JSON.parse` and .NET's readers have it.
        has_duplicates: some object has a key twice.
    """

    value: JsonValue
    has_duplicates: bool


class NotStrictJson(ValueError):
    """The text is not JSON.

    Attributes:
        offset: code point at which the parser gave up, or None where it cannot say (nesting too deep for it).
        reason: the parser's own word for it.
    """

    def __init__(self, offset: int | None, reason: str) -> None:
        """See the attributes."""
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


def _integer(digits: str) -> int:
    if len(digits) <= LONGEST_INTEGER:
        return int(digits)
    return -_HUGE_INTEGER if digits.startswith("-") else _HUGE_INTEGER


class _NotANumber(ValueError):
    """`NaN`, `Infinity` or `-Infinity`."""


def _refuse_constant(name: str) -> None:
    raise _NotANumber(name)


class _KeyTwice(Exception):
    """An object has a key more than once."""


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice
    return found


_decoder = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)
_decoder_of_single_keys = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_constant=_refuse_constant
)
# The parser without the wrapper around it, which would double the cost of an index.
_scan_value: Callable[[str, int], tuple[JsonValue, int]] = getattr(_decoder, "scan_once", _decoder.raw_decode)


def read_strict(text: str) -> StrictReading:
    """The value that `text` spells.

    Raises:
        NotStrictJson: the text is not JSON, or nests deeper than the parser can follow.
    """
    try:
        try:
            return StrictReading(_decoder_of_single_keys.decode(text), has_duplicates=False)
        except _KeyTwice:
            return StrictReading(_decoder.decode(text), has_duplicates=True)
    except json.JSONDecodeError as error:
        raise NotStrictJson(error.pos, error.msg) from None
    except _NotANumber as error:
        raise NotStrictJson(None, f"{error} is not JSON") from None
    except RecursionError:
        raise NotStrictJson(None, "nested too deep") from None


def root_member(text: str) -> Member:
    """The root value of a text that `read_strict` accepted."""
    start = _skip_space(text, 0).end()
    return Member(None, -1, -1, start, len(text.rstrip(" \t\n\r")))


def children_of(text: str, member: Member) -> list[Member]:
    """The members of an object or items of a list, in order and with duplicates; empty for anything else.

    `text` must be one that `read_strict` accepted.
    """
    opener = text[member.start]
    found: list[Member] = []
    if opener not in "{[":
        return found
    at = _skip_space(text, member.start + 1).end()
    while text[at] not in "}]":
        key, key_start, key_end = None, -1, -1
        if opener == "{":
            key_start = at
            plain = _plain_key(text, at)
            if plain is not None:
                key, key_end, at = plain[1], plain.end(1) + 1, plain.end()
            else:
                name, key_end = _scan_value(text, at)
                key = str(name)
                at = _skip_space(text, _skip_space(text, key_end).end() + 1).end()
        _, end = _scan_value(text, at)
        found.append(Member(key, key_start, key_end, at, end))
        at = _skip_comma(text, end).end()
    return found
