"""Git's glob patterns as regular expressions over bytes.

After git's `wildmatch.c`, byte for byte: `?` is one byte, a name outside ASCII is its UTF-8. The expressions
are built so that matching takes no more than quadratic time, whatever the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import product

MOST_SPELLINGS = 16
"""Up to this many literal spellings, a pattern such as `[Bb]in` is kept as those instead of an expression."""

_SLASH = ord("/")
_NOT_SLASH = bytes(byte for byte in range(1, 256) if byte != _SLASH)
_LETTERS_LOW = frozenset(range(ord("a"), ord("z") + 1))
_LETTERS_HIGH = frozenset(range(ord("A"), ord("Z") + 1))
_DIGITS = frozenset(range(ord("0"), ord("9") + 1))
_PRINTABLE = frozenset(range(0x20, 0x7F))
_WHITE = frozenset(b" \t\n\r")

_CLASSES = {
    b"alnum": _LETTERS_LOW | _LETTERS_HIGH | _DIGITS,
    b"alpha": _LETTERS_LOW | _LETTERS_HIGH,
    b"blank": frozenset(b" \t"),
    b"cntrl": frozenset(range(0x20)) | {0x7F},
    b"digit": _DIGITS,
    b"graph": _PRINTABLE - _WHITE,
    b"lower": _LETTERS_LOW,
    b"print": _PRINTABLE,
    b"punct": _PRINTABLE - _WHITE - _LETTERS_LOW - _LETTERS_HIGH - _DIGITS,
    b"space": _WHITE,
    b"upper": _LETTERS_HIGH,
    b"xdigit": _DIGITS | frozenset(b"abcdefABCDEF"),
}
"""What `[:name:]` stands for; git knows ASCII alone."""


class _Wildcard(Enum):
    STAR = "any bytes but a slash"
    FOLDERS = "nothing, or any bytes and a slash"
    ALL = "any bytes"


Token = bytes | _Wildcard
"""One step of a pattern: the bytes that one byte may be, or a wildcard."""


def tokens(pattern: bytes, *, is_path: bool, ignore_case: bool) -> list[Token] | None:
    """Take a pattern apart.

    Args:
        pattern: without `!`, without the slash at its end that means "folders only".
        is_path: slashes count, and `**` crosses them; otherwise the pattern is for a name, which has none.
        ignore_case: the tokens are for text in lower case.

    Returns:
        The tokens, or None for a pattern that git never matches (an open bracket, a back slash at the end).
    """
    found: list[Token] = []
    position, end = 0, len(pattern)
    while position < end:
        char = pattern[position : position + 1]
        if char == b"*":
            start = position
            while pattern.startswith(b"*", position):
                position += 1
            wildcard = _Wildcard.STAR
            if is_path:
                wildcard, position = _wildcard(pattern, start, position)
            if wildcard is not _Wildcard.FOLDERS or found[-1:] != [wildcard]:
                # Twice in a row it says no more than once.
                found.append(wildcard)
            continue
        if char == b"[":
            bracket = _bracket(pattern, position + 1, ignore_case)
            if bracket is None:
                return None
            members, position = bracket
            if is_path:
                members = members.replace(b"/", b"")
            if not members:
                return None
            found.append(members)
            continue
        if char == b"\\":
            # An escaped capital stays one, and matches nothing where letter case is ignored: so it is in git.
            position += 1
            char = pattern[position : position + 1]
            if not char:
                return None
        elif char == b"?":
            char = _NOT_SLASH
        elif ignore_case:
            char = char.lower()
        found.append(char)
        position += 1
    return found


def _wildcard(pattern: bytes, start: int, after: int) -> tuple[_Wildcard, int]:
    """What the stars `pattern[start:after]` mean, and where the pattern goes on."""
    alone = start == 0 or pattern[start - 1] == _SLASH
    if after - start == 1 or not alone:
        return _Wildcard.STAR, after
    if pattern.startswith(b"/", after):
        return _Wildcard.FOLDERS, after + 1
    if after == len(pattern) or pattern.startswith(b"\\/", after):
        return _Wildcard.ALL, after
    return _Wildcard.STAR, after


def _bracket(pattern: bytes, position: int, ignore_case: bool) -> tuple[bytes, int] | None:
    """The bytes that a bracket expression admits, and where the pattern goes on behind its `]`."""
    negated = pattern[position : position + 1] in (b"!", b"^")
    position += negated
    admitted: set[int] = set()
    previous = 0
    first = True
    while first or not pattern.startswith(b"]", position):
        first = False
        if position >= len(pattern):
            return None
        char = pattern[position]
        following = pattern[position + 1 : position + 2]
        if char == ord("-") and previous and following not in (b"", b"]"):
            position += 2 if following == b"\\" else 1
            if position >= len(pattern):
                return None
            admitted.update(_between(previous, pattern[position], ignore_case))
            char = 0
        elif char == ord("\\"):
            position += 1
            if position >= len(pattern):
                return None
            char = pattern[position]
            admitted.add(char)
        elif char == ord("[") and following == b":":
            close = pattern.find(b"]", position + 2)
            if close < 0:
                return None
            if close > position + 2 and pattern[close - 1] == ord(":"):
                named = _CLASSES.get(pattern[position + 2 : close - 1])
                if named is None:
                    return None
                admitted |= named
                if ignore_case and named == _LETTERS_HIGH:
                    admitted |= _LETTERS_LOW
                position, char = close, 0
            else:
                admitted.add(char)
        else:
            admitted.add(char)
        previous = char
        position += 1
    members = bytes(byte for byte in range(1, 256) if (byte in admitted) != negated)
    return members, position + 1


def _between(low: int, high: int, ignore_case: bool) -> set[int]:
    between = set(range(low, high + 1))
    if ignore_case:
        between |= {byte + 32 for byte in between & _LETTERS_HIGH}
    return between


def spellings(parts: Sequence[Token]) -> list[bytes] | None:
    """The literal texts that the tokens stand for, or None when they are more than `MOST_SPELLINGS`."""
    members: list[bytes] = []
    number = 1
    for part in parts:
        number *= len(part) if isinstance(part, bytes) else MOST_SPELLINGS + 1
        if not isinstance(part, bytes) or number > MOST_SPELLINGS:
            return None
        members.append(part)
    return [bytes(choice) for choice in product(*members)]


def expression(parts: Sequence[Token]) -> bytes:
    """A regular expression for `fullmatch` with `re.DOTALL`.

    Between two wildcards the leftmost fit is always as good as any other, so everything but what follows the
    last one is an atomic group; without that, the time for `*a*a*a*a*b` would grow with the fifth power of
    the length.
    """
    pieces: list[tuple[_Wildcard | None, list[Token]]] = [(None, [])]
    for part in parts:
        if part is _Wildcard.FOLDERS or part is _Wildcard.ALL:
            pieces.append((part, []))
        else:
            pieces[-1][1].append(part)
    made = [_piece(opening, inner, is_last=number == len(pieces) - 1) for number, (opening, inner) in enumerate(pieces)]
    return b"".join(made)


def _piece(opening: _Wildcard | None, inner: list[Token], *, is_last: bool) -> bytes:
    """What stands between two wildcards that cross slashes, with the one that opens it."""
    lead = {None: b"", _Wildcard.FOLDERS: b"(?:.*?/)??", _Wildcard.ALL: b".*?"}[opening]
    if is_last and opening is _Wildcard.ALL and not inner:
        return b".*"
    runs: list[list[bytes]] = [[]]
    for part in inner:
        if isinstance(part, bytes):
            runs[-1].append(_one_byte(part))
        else:
            runs.append([])
    fixed = [b"".join(run) for run in runs]
    body = fixed[0]
    for number, run in enumerate(fixed[1:], start=1):
        final = is_last and number == len(fixed) - 1
        body += b"[^/]*" + run if final else b"(?>[^/]*?" + run + b")"
    return lead + body if is_last or opening is None else b"(?>" + lead + body + b")"


def _one_byte(members: bytes) -> bytes:
    if len(members) == 1:
        return re.escape(members)
    if len(members) > 128:
        return b"[^" + re.escape(bytes(byte for byte in range(256) if byte not in members)) + b"]"
    return b"[" + re.escape(members) + b"]"
