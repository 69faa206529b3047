"""Reading JSON that is not JSON: every independent problem at its place, and the value that was meant.

A tolerant reader for files that the strict parser refused. It never raises, visits every character a bounded number of
times and keeps its own stack, so neither nesting nor nonsense can hurt it. How it recovers:

* a missing comma, colon, quote, bracket or brace is assumed where the next token shows that it was meant;
* a closing bracket of the wrong kind closes what is open, unless an outer one was clearly meant;
* text that cannot belong anywhere is passed over, and the reading is then no longer `intact`.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from umbmarket.documents.json_strict import Member
from umbmarket.findings import JsonValue, Span

MOST_PROBLEMS = 50
"""Problems reported of one file; beyond that a file is not a listing with mistakes but something else."""

MOST_TOKENS = 100_000
"""Tokens, comments and stretches of white space read before giving up: a listing has some hundred, and this bounds the
time for a hostile file."""

_LOOKAHEAD = 4096
"""Code points that a guess about a quote may look ahead: bounds the time on very long lines."""


class Problem(NamedTuple):
    """One thing wrong with the text.

    Attributes:
        kind: which one; the wording belongs to the rules.
        span: where, in code points; empty spans stand between two characters.
        detail: facts for the wording.
        edits: code point ranges to replace, which mend it; empty where no mending is sure enough to offer.
        safe: the edits keep what was meant.
    """

    kind: str
    span: Span
    detail: dict[str, JsonValue]
    edits: tuple[tuple[int, int, str], ...] = ()
    safe: bool = True


class Recovered(NamedTuple):
    """What could be read.

    Attributes:
        value: what was meant; meaningful only if `found`.
        found: a value was found at all.
        root: the members with their spans; None unless `found`.
        problems: in the order of the text.
        intact: nothing that was written was passed over.
        deepest: how deep the text nests.
        deep_at: span of the bracket that first passed `depth_limit`, or None.
    """

    value: JsonValue
    found: bool
    root: Member | None
    problems: tuple[Problem, ...]
    intact: bool
    deepest: int
    deep_at: Span | None


def recover(text: str, depth_limit: int) -> Recovered:
    """Read `text` as the JSON that was meant. Values nested beyond `depth_limit` are read but left out."""
    return _Reader(text, depth_limit).read()


class _Unknown:
    """Stands for a value that nobody can tell: the member is left out of what was read."""


_UNKNOWN: Final = _Unknown()

_LONGEST_NUMBER = 300
"""Code points of a number that is converted while recovering: a longer one is nonsense in any listing."""

_SPACE = re.compile(r"[ \t\r\n]+")
_ODD_SPACE = re.compile(r"[\u00a0\ufeff\u2028\u2029\u000b\u000c\u0085\u1680\u2000-\u200b\u202f\u205f\u3000]+")
_PLAIN_STRING = re.compile(r'[^"\\\x00-\x1f]*')
_LITERAL = re.compile(r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?=[\s,;\]}:/]|$)")
_ALTERNATIVES = re.compile(r"[^\s,:{}\[\]\"'|]+(?:[ \t]*\|[ \t]*[^\s,:{}\[\]\"'|]+)+")
_BARE_VALUE = re.compile(r"[^\r\n,{}\[\]\"]+")
_BARE_KEY = re.compile(r"[^\s,:={}\[\]\"'/]+")
_NUMBER_LIKE = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.)$")
_LINE_REST = re.compile(r"[^\r\n]*")
_COLON_NEXT = re.compile(r"[ \t\r\n]*:")
_MORE_MEMBERS = re.compile(r'[ \t\r\n]*(?:,[ \t\r\n]*)?"[^"\r\n]*"[ \t\r\n]*:')
_SOMETHING = re.compile(r"\s*[^\s]")
_STRING_MAY_END = re.compile(r"[ \t]*(?:[,:\]}]|//|/\*|\r|\n|$)")
_KEY_NEXT = re.compile(r"[ \t]*[A-Za-z_$][\w$]*[ \t]*:")
_CLOSING_QUOTE = re.compile(r'"(?=[ \t]*(?:[,}\]]|:|\r|\n|$))')
_NEXT_LINE_STARTS = re.compile(r'[\r\n]\s*(?:,?\s*"|[}\]]|$)')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
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
_QUOTE_PAIRS: Final = {
    "'": "'",
    "\u2018": "\u2018\u2019",
    "\u2019": "\u2019",
    "\u201c": "\u201c\u201d",
    "\u201d": "\u201d",
    "`": "`",
}


class _Frame:
    """An object or list that is open."""

    __slots__ = ("after", "beyond_limit", "closer", "is_object", "key", "member", "state", "value")

    def __init__(self, member: Member, is_object: bool, closer: str) -> None:
        self.member = member
        self.is_object = is_object
        self.closer = closer
        self.value: dict[str, JsonValue] | list[JsonValue] = {} if is_object else []
        # What comes next: "key", "colon", "value" or "comma".
        self.state = "key" if is_object else "value"
        # Span of the comma just passed, if the last token was one.
        self.after: Span | None = None
        # Nested too deep to be kept.
        self.beyond_limit = False
        # Key waiting for its value: text and span; None also for a value that has no key and is passed over.
        self.key: tuple[str, int, int] | None = None


class _Token(NamedTuple):
    """`kind` is one of `{ } [ ] : ,` or `string`, `bare`, `end`."""

    kind: str
    start: int
    end: int
    value: JsonValue | _Unknown = None


class _Reader:
    def __init__(self, text: str, depth_limit: int) -> None:
        self.text = text
        self.depth_limit = depth_limit
        self.at = 0
        self.last_end = 0  # end of the last token that is not a comment
        self.problems: list[Problem] = []
        self.frames: list[_Frame] = []
        self.root: Member | None = None
        self.root_value: JsonValue | _Unknown = _UNKNOWN
        self.done = False
        self.intact = True
        self.seen = 0
        self.deepest = 0
        self.deep_at: Span | None = None

    # -- the result ---------------------------------------------------------------------------------------------

    def read(self) -> Recovered:
        while not self.done:
            token = self.next_token()
            if token.kind == "end":
                self.at_end()
                break
            again: _Token | None = token
            while again is not None:
                again = self.take(again)
            self.last_end = max(self.last_end, token.end)
        value = self.root_value
        found = not isinstance(value, _Unknown)
        self.problems.sort(key=lambda problem: problem.span)
        return Recovered(
            None if isinstance(value, _Unknown) else value,
            found,
            self.root if found else None,
            tuple(self.problems),
            self.intact,
            self.deepest,
            self.deep_at,
        )

    def report(
        self,
        kind: str,
        start: int,
        end: int,
        *edits: tuple[int, int, str],
        safe: bool = True,
        **detail: JsonValue,
    ) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(kind, Span(start, end), detail, edits, safe))

    # -- tokens -------------------------------------------------------------------------------------------------

    def next_token(self) -> _Token:
        text, length = self.text, len(self.text)
        while self.at < length:
            char = text[self.at]
            self.seen += 1
            if self.seen > MOST_TOKENS:
                self.intact = False
                break
            if char in " \t\r\n":
                space = _SPACE.match(text, self.at)
                self.at = space.end() if space else self.at + 1
            elif char == "/" and text.startswith(("//", "/*"), self.at):
                self.comment()
            elif odd := _ODD_SPACE.match(text, self.at):
                self.report("odd-space", self.at, odd.end(), (self.at, odd.end(), " "), character=char)
                self.at = odd.end()
            elif char in "{}[]:,":
                self.at += 1
                return _Token(char, self.at - 1, self.at)
            elif char == '"':
                return self.string()
            elif char in _QUOTE_PAIRS:
                return self.odd_quotes(char)
            else:
                return self.bare()
        return _Token("end", length, length)

    def comment(self) -> None:
        text, start = self.text, self.at
        if text.startswith("//", start):
            line = _LINE_REST.match(text, start)
            end = line.end() if line else len(text)
        else:
            found = text.find("*/", start + 2)
            end = found + 2 if found >= 0 else len(text)
            if found < 0:
                self.report("unterminated-comment", start, start + 2)
                self.intact = False
                self.at = end
                return
        self.report("comment", start, end, self.comment_edit(start, end))
        self.at = end

    def comment_edit(self, start: int, end: int) -> tuple[int, int, str]:
        """Remove the comment; with its line when it stands alone on one."""
        text = self.text
        line_start = start
        while line_start > 0 and text[line_start - 1] in " \t":
            line_start -= 1
        alone = line_start == 0 or text[line_start - 1] in "\r\n"
        if alone and line_start > 0 and (end == len(text) or text[end] in "\r\n"):
            line_start -= 2 if text.startswith("\r\n", line_start - 2) else 1
            return (line_start, end, "")
        return (line_start if not alone else start, end, "")

    def string(self) -> _Token:
        text, start = self.text, self.at
        at = start + 1
        parts: list[str] = []
        controls: list[int] = []
        inner: list[int] = []
        while True:
            plain = _PLAIN_STRING.match(text, at)
            stop = plain.end() if plain else at
            parts.append(text[at:stop])
            at = stop
            if at >= len(text):
                self.report("unterminated-string", start, at, (at, at, '"'), safe=False)
                self.intact = False
                break
            char = text[at]
            if char == '"':
                if self.ends_string(at):
                    at += 1
                    break
                inner.append(at)
                parts.append(char)
                at += 1
            elif char == "\\":
                at = self.escape(at, parts)
            elif char in "\r\n" and self.line_ends_string(at):
                end = at - (len(text[start:at]) - len(text[start:at].rstrip(" \t,}]")))
                end = max(end, start + 1)
                self.report("unterminated-string", start, end, (end, end, '"'), safe=False)
                parts = [text[start + 1 : end]]
                at = end
                break
            else:
                controls.append(at)
                parts.append(char)
                at += 1
        for position in inner[:1]:
            self.report("inner-quote", position, position + 1, *((place, place, "\\") for place in inner), safe=False)
        if controls:
            self.report(
                "control-character",
                controls[0],
                controls[0] + 1,
                *((place, place + 1, json.dumps(text[place])[1:-1]) for place in controls),
                character=text[controls[0]],
                count=len(controls),
            )
        self.at = at
        return _Token("string", start, at, "".join(parts))

    def ends_string(self, at: int) -> bool:
        """Whether the quote at `at` closes the string rather than standing inside it, unescaped."""
        text = self.text
        is_key = bool(self.frames) and self.frames[-1].state == "key"
        if is_key or _STRING_MAY_END.match(text, at + 1) or _KEY_NEXT.match(text, at + 1):
            return True
        rest = at + 1
        while rest < len(text) and text[rest] in " \t":
            rest += 1
        if text[rest] in '"{[':
            return True
        line_end = min((end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0), default=len(text))
        return _CLOSING_QUOTE.search(text, at + 1, min(line_end + 1, at + _LOOKAHEAD)) is None

    def line_ends_string(self, at: int) -> bool:
        """Whether the line break at `at` means that the closing quote was forgotten, not a break inside the text."""
        if _NEXT_LINE_STARTS.match(self.text, at):
            return True
        return self.text.find('"', at) < 0

    def escape(self, at: int, parts: list[str]) -> int:
        """Read the escape sequence at `at` into `parts`; the offset after it."""
        text = self.text
        match = _ESCAPE.match(text, at)
        if match is None:
            self.report(
                "bad-escape",
                at,
                min(at + 2, len(text)),
                (at, at, "\\"),
                safe=False,
                sequence=text[at : at + 2],
            )
            parts.append("\\")
            return at + 1
        end = match.end()
        if text[at + 1] == "u" and "d8" <= text[at + 2 : at + 4].lower() < "dc":
            low = _ESCAPE.match(text, end)
            if low and text[end + 1] == "u":
                end = low.end()
        decoded: str = json.loads(f'"{text[at:end]}"')
        parts.append(decoded)
        return end

    def odd_quotes(self, opener: str) -> _Token:
        """A string in quotes that JSON does not know: single, typographic or back quotes."""
        text, start = self.text, self.at
        closers = _QUOTE_PAIRS[opener] + ('"' if opener not in "'`" else "")
        limit = min(start + _LOOKAHEAD, len(text))
        end = start + 1
        last = -1
        while end < limit and text[end] not in "\r\n":
            if text[end] == "\\":
                end += 2
                continue
            if text[end] in closers:
                last = end
                if re.match(r"[ \t]*[,:\]}\r\n]", text[end + 1 : end + 64]) or end + 1 == len(text):
                    break
            end += 1
        if last < 0:
            return self.bare()
        content = text[start + 1 : last].replace("\\'", "'")
        quoted = json.dumps(content, ensure_ascii=False)
        kind = "single-quotes" if opener in "'`" else "typographic-quotes"
        self.report(kind, start, last + 1, (start, last + 1, quoted), quote=opener)
        self.at = last + 1
        return _Token("string", start, last + 1, content)

    def bare(self) -> _Token:
        """Text without quotes; what it is worth depends on where it stands, so the token only bounds it."""
        text, start = self.text, self.at
        frame = self.frames[-1] if self.frames else None
        literal = _LITERAL.match(text, start)
        if literal:
            self.at = literal.end()
        elif alternatives := _ALTERNATIVES.match(text, start):
            self.at = alternatives.end()
        elif frame is None or frame.state in ("key", "colon", "comma"):
            key = _BARE_KEY.match(text, start)
            self.at = key.end() if key else start + 1
        else:
            value = _BARE_VALUE.match(text, start)
            end = value.end() if value else start + 1
            cut = re.search(r"[ \t]+(?://|/\*)", text[start:end])
            self.at = start + cut.start() if cut and cut.start() else start + max(len(text[start:end].rstrip()), 1)
        return _Token("bare", start, self.at)

    # -- structure ----------------------------------------------------------------------------------------------

    def take(self, token: _Token) -> _Token | None:
        """Let the token act on what is open; the token again when it was not used up."""
        if not self.frames:
            return self.take_at_top(token)
        frame = self.frames[-1]
        if token.kind in "}]":
            self.close(token, frame)
            return None
        if frame.state == "key":
            return self.take_key(token, frame)
        if frame.state == "colon":
            return self.take_colon(token, frame)
        if frame.state == "value":
            return self.take_value(token, frame)
        return self.take_comma(token, frame)

    def take_at_top(self, token: _Token) -> _Token | None:
        if self.root is not None:
            end = len(self.text.rstrip())
            self.report("text-after-end", token.start, max(end, token.end))
            self.intact = False
            self.done = True
        elif token.kind in "{[":
            self.open(token)
        elif token.kind == "string" and _COLON_NEXT.match(self.text, token.end):
            self.report("missing-opening-brace", token.start, token.end, (token.start, token.start, "{"), safe=False)
            self.open(_Token("{", token.start, token.start))
            return token
        elif token.kind == "string":
            self.scalar(token, str(token.value))
        elif token.kind == "bare":
            self.bare_at_top(token)
        else:
            self.report("unexpected", token.start, token.end, found=token.kind)
            self.intact = False
        return None

    def bare_at_top(self, token: _Token) -> None:
        """A number or literal is a root of the wrong kind; any other text says that the file is something else."""
        if _LITERAL.fullmatch(self.text, token.start, token.end):
            self.bare_value(token)
            return
        line_end = _LINE_REST.match(self.text, token.start)
        end = min(line_end.end() if line_end else token.end, token.start + _LOOKAHEAD)
        self.report("not-json", token.start, end, is_markup=self.text[token.start] == "<")
        self.intact, self.done = False, True

    def take_key(self, token: _Token, frame: _Frame) -> _Token | None:
        if token.kind == "string":
            frame.key = (str(token.value), token.start, token.end)
            frame.state = "colon"
        elif token.kind == "bare":
            name = self.text[token.start : token.end]
            self.report("unquoted-key", token.start, token.end, (token.start, token.end, json.dumps(name)), key=name)
            frame.key = (name, token.start, token.end)
            frame.state = "colon"
        elif token.kind == ",":
            self.report("extra-comma", token.start, token.end, (token.start, token.end, ""))
        elif token.kind == ":":
            self.report("missing-key", token.start, token.end)
            frame.key, frame.state = None, "value"
            self.intact = False
        else:
            self.report("value-without-key", token.start, token.end)
            frame.key, frame.state = None, "value"
            self.intact = False
            return token
        frame.after = None
        return None

    def take_colon(self, token: _Token, frame: _Frame) -> _Token | None:
        key = frame.key
        where = key[2] if key else self.last_end
        if token.kind == ":":
            frame.state = "value"
        elif token.kind == ",":
            self.key_alone(frame)
            frame.state, frame.after = "key", Span(token.start, token.end)
        elif token.kind == "bare" and self.text[token.start] == "=":
            end = token.start + (2 if self.text.startswith("=>", token.start) else 1)
            self.report("equals-sign", token.start, end, (token.start, end, ":"))
            self.at = end
            frame.state = "value"
        else:
            self.report("missing-colon", where, where, (where, where, ":"))
            frame.state = "value"
            return token
        return None

    def key_alone(self, frame: _Frame) -> None:
        if frame.key:
            self.report("key-without-value", frame.key[1], frame.key[2], key=frame.key[0])
        frame.key = None
        self.intact = False

    def take_value(self, token: _Token, frame: _Frame) -> _Token | None:
        if token.kind in ("string", "bare") and self.begins_parent_key(token, frame):
            return token
        if token.kind in "{[":
            self.open(token)
        elif token.kind == "string":
            self.scalar(token, str(token.value))
        elif token.kind == "bare":
            self.bare_value(token)
        elif token.kind == ",":
            if frame.is_object:
                self.value_missing(frame)
                frame.state = "key"
                frame.after = Span(token.start, token.end)
            else:
                self.report("extra-comma", token.start, token.end, (token.start, token.end, ""))
        else:
            self.report("unexpected", token.start, token.end, found=token.kind)
            self.intact = False
        return None

    def value_missing(self, frame: _Frame) -> None:
        key = frame.key
        self.report("missing-value", self.last_end, self.last_end, key=key[0] if key else None)
        frame.key = None
        self.intact = False

    def take_comma(self, token: _Token, frame: _Frame) -> _Token | None:
        if token.kind == ",":
            frame.after = Span(token.start, token.end)
            frame.state = "key" if frame.is_object else "value"
            return None
        if token.kind == "bare" and self.text[token.start] == ";":
            self.report("semicolon", token.start, token.start + 1, (token.start, token.start + 1, ","))
            self.at = token.start + 1
            frame.state = "key" if frame.is_object else "value"
            return None
        if token.kind in ("string", "bare") and self.begins_parent_key(token, frame):
            return token
        is_member = bool(_COLON_NEXT.match(self.text, token.end)) and token.kind in ("string", "bare")
        if token.kind == ":" or (frame.is_object and not is_member):
            end = token.end
            self.report("unexpected", token.start, end, found=self.text[token.start : end])
            self.intact = False
            if token.kind == ":" or token.kind in "{[":
                # What follows the colon, or the bracket opens, belongs to no key: it is read and left out.
                frame.key, frame.state = None, "value"
                return None if token.kind == ":" else token
            return None
        self.report("missing-comma", self.last_end, self.last_end, (self.last_end, self.last_end, ","))
        frame.state = "key" if frame.is_object else "value"
        return token

    def begins_parent_key(self, token: _Token, frame: _Frame) -> bool:
        """In a list: is this a key of the object around it, so that the closing bracket was forgotten?"""
        if frame.is_object or not _COLON_NEXT.match(self.text, token.end):
            return False
        if not frame.value and frame.after is None:
            self.report("pairs-in-list", frame.member.start, frame.member.start + 1)
            self.become_object(frame)
            return True
        if len(self.frames) < 2 or not self.frames[-2].is_object:
            return False
        items = frame.member.children
        end = items[-1].end if items else frame.member.start + 1
        has_comma = frame.after is not None
        self.report("missing-closer", end, end, (end, end, "]"), safe=False, missing="]", opened=frame.member.start)
        self.finish(end)
        parent = self.frames[-1]
        if has_comma:
            parent.state = "key"
        return True

    def become_object(self, frame: _Frame) -> None:
        """Go on reading an empty list as the object that was meant; its closing bracket stays the list's."""
        pairs: dict[str, JsonValue] = {}
        frame.is_object, frame.value, frame.state = True, pairs, "key"
        if len(self.frames) == 1:
            self.root_value = pairs
        elif isinstance(parent := self.frames[-2].value, list):
            parent[-1:] = [pairs]
        elif frame.member.key is not None:
            parent[frame.member.key] = pairs

    # -- values -------------------------------------------------------------------------------------------------

    def scalar(self, token: _Token, value: JsonValue | _Unknown) -> None:
        self.attach(Member(None, -1, -1, token.start, token.end), value, leaf=True)

    def bare_value(self, token: _Token) -> None:
        start, end = token.start, token.end
        raw = self.text[start:end]
        if raw in _LITERALS:
            self.scalar(token, _LITERALS[raw])
            return
        if _LITERAL.fullmatch(raw):
            number = json.loads(raw) if len(raw) <= _LONGEST_NUMBER else 0
            self.scalar(token, number)
            return
        folded = raw.lower()
        if "|" in raw and _ALTERNATIVES.fullmatch(raw):
            first = raw.split("|")[0].strip()
            self.report("alternatives", start, end, written=raw)
            self.scalar(token, _LITERALS.get(first, first))
        elif folded in _OTHER_LITERALS:
            meant = _OTHER_LITERALS[folded]
            self.report("bad-literal", start, end, (start, end, meant), safe=folded == meant, written=raw, meant=meant)
            self.scalar(token, _LITERALS[meant])
        elif folded in _NOT_NUMBERS:
            self.report("not-a-number", start, end, written=raw)
            self.scalar(token, _UNKNOWN)
        elif len(raw) <= _LONGEST_NUMBER and _NUMBER_LIKE.match(raw):
            number = int(raw, 16) if "x" in folded else float(raw)
            number = int(number) if isinstance(number, float) and number.is_integer() else number
            self.report("bad-number", start, end, (start, end, json.dumps(number)), safe=False, written=raw)
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

    def attach(self, member: Member, value: JsonValue | _Unknown, leaf: bool) -> None:
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
            if isinstance(frame.value, dict) and not isinstance(value, _Unknown):
                frame.value[key[0]] = value
            return
        if isinstance(value, _Unknown):
            value = None
        if siblings is not None and isinstance(frame.value, list):
            siblings.append(member)
            frame.value.append(value)

    def open(self, token: _Token) -> None:
        member = Member(None, -1, -1, token.start, token.end)
        frame = _Frame(member, token.kind == "{", "}" if token.kind == "{" else "]")
        depth = len(self.frames) + 1
        self.deepest = max(self.deepest, depth)
        if depth > self.depth_limit:
            self.deep_at = self.deep_at or Span(token.start, token.end)
            self.attach(member, _UNKNOWN, leaf=False)
        else:
            self.attach(member, frame.value, leaf=False)
        member.children = []
        frame.beyond_limit = depth > self.depth_limit
        self.frames.append(frame)

    def close(self, token: _Token, frame: _Frame) -> None:
        if token.kind != frame.closer and not self.settle_mismatch(token, frame):
            return
        frame = self.frames[-1]
        if frame.state == "colon":
            self.key_alone(frame)
        elif frame.is_object and frame.state == "value":
            self.value_missing(frame)
        elif frame.after is not None:
            start, end = frame.after
            self.report("trailing-comma", start, end, (start, end, ""))
        elif len(self.frames) == 1 and token.kind == "}" and _MORE_MEMBERS.match(self.text, token.end):
            self.report("early-closer", token.start, token.end, (token.start, token.end, ""), safe=False)
            frame.state = "comma"
            return
        self.finish(token.end)

    def settle_mismatch(self, token: _Token, frame: _Frame) -> bool:
        """A closer of another kind than what is open: True when the (new) innermost frame is to be closed with it."""
        outer = next((i for i in range(len(self.frames) - 2, -1, -1) if self.frames[i].closer == token.kind), None)
        if outer is None and (len(self.frames) > 1 or not _SOMETHING.match(self.text, token.end)):
            # Nothing open takes it: it must be meant for what is open.
            self.wrong_closer(token, frame)
            return True
        if outer is None:
            self.report(
                "unexpected",
                token.start,
                token.end,
                (token.start, token.end, ""),
                safe=False,
                found=token.kind,
            )
            return False
        if outer == 0 and _SOMETHING.match(self.text, token.end):
            self.wrong_closer(token, frame)
            return True
        missing = "".join(open_.closer for open_ in reversed(self.frames[outer + 1 :]))
        end = self.last_end
        self.report(
            "missing-closer",
            end,
            end,
            (end, end, missing),
            safe=False,
            missing=missing,
            opened=frame.member.start,
        )
        while len(self.frames) > outer + 1:
            self.frames[-1].after = None
            self.finish(end)
        return True

    def wrong_closer(self, token: _Token, frame: _Frame) -> None:
        self.report(
            "wrong-closer",
            token.start,
            token.end,
            (token.start, token.end, frame.closer),
            safe=False,
            found=token.kind,
            expected=frame.closer,
            opened=frame.member.start,
        )

    def finish(self, end: int) -> None:
        frame = self.frames.pop()
        frame.member.end = end
        if not self.frames:
            self.root = frame.member
        else:
            self.frames[-1].state = "comma"

    def at_end(self) -> None:
        """The text is over: close what is still open."""
        end = len(self.text.rstrip())
        if self.frames:
            missing = "".join(frame.closer for frame in reversed(self.frames))
            inner = self.frames[-1]
            if inner.key is not None:
                self.intact = False
            shown: JsonValue = missing if len(missing) <= 16 else missing[:16] + "…"
            edits = () if inner.key is not None or len(missing) > 16 else ((end, end, missing),)
            self.report(
                "unexpected-end",
                end,
                end,
                *edits,
                safe=False,
                missing=shown,
                opened=self.frames[-1].member.start,
            )
            while self.frames:
                self.finish(end)
        elif self.root is None and not self.problems:
            self.report("empty", 0, 0)
