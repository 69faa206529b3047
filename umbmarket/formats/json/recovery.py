"""Reading JSON that is not JSON: every independent problem at its place, and the value that was meant.

A tolerant reader for files that the strict parser refused. It never raises, visits every character a bounded number of
times and keeps its own stack, so neither nesting nor nonsense can hurt it. How it recovers:

* a missing comma, colon, quote, bracket or brace is assumed where the next token shows that it was meant;
* a closing bracket of the wrong kind closes what is open, unless an outer one was clearly meant;
* text that cannot belong anywhere is passed over, and the reading is then no longer `intact`.
"""

import json
import re
from typing import NamedTuple

from umbmarket.findings import JsonValue, Span
from umbmarket.formats.json.growing_value import Frame, GrowingValue, Unknown
from umbmarket.formats.json.problems import Problem
from umbmarket.formats.json.strict import Member
from umbmarket.formats.json.tokens import (
    LINE_REST,
    LITERAL,
    LOOKAHEAD,
    TOLERATED,
    Token,
)


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


_COLON_NEXT = re.compile(r"[ \t\r\n]*:")
_MORE_MEMBERS = re.compile(r'[ \t\r\n]*(?:,[ \t\r\n]*)?"[^"\r\n]*"[ \t\r\n]*:')
_SOMETHING = re.compile(r"\s*[^\s]")
_ONLY_CLOSERS = re.compile(r"[\]},;\s]*")
_INDENT = re.compile(r"[ \t]*")


class _Reader(GrowingValue):
    def __init__(self, text: str, depth_limit: int) -> None:
        super().__init__(text, depth_limit)
        self.last_end = 0  # end of the last token that is not a comment
        self.done = False

    # -- the result ---------------------------------------------------------------------------------------------

    def read(self) -> Recovered:
        while not self.done:
            token = self.next_token()
            if token.kind == "end":
                self.at_end()
                break
            again: Token | None = token
            while again is not None:
                again = self.take(again)
            self.last_end = max(self.last_end, token.end)
        value = self.root_value
        found = not isinstance(value, Unknown)
        self.problems.sort(key=lambda problem: problem.span)
        return Recovered(
            None if isinstance(value, Unknown) else value,
            found,
            self.root if found else None,
            tuple(self.problems),
            self.intact,
            self.deepest,
            self.deep_at,
        )

    # -- structure ----------------------------------------------------------------------------------------------

    def take(self, token: Token) -> Token | None:
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

    def take_at_top(self, token: Token) -> Token | None:
        if self.root is not None:
            end = max(len(self.text.rstrip()), token.end)
            if _ONLY_CLOSERS.fullmatch(self.text, token.start, end):
                before = len(self.text[: token.start].rstrip())
                self.report("text-after-end", token.start, end, (before, end, ""))
            else:
                self.report("text-after-end", token.start, end)
                self.intact = False
            self.done = True
        elif token.kind in "{[":
            self.open(token)
        elif token.kind == "string" and _COLON_NEXT.match(self.text, token.end):
            self.report("missing-opening-brace", token.start, token.end, (token.start, token.start, "{"), safe=False)
            self.open(Token("{", token.start, token.start))
            return token
        elif token.kind == "string":
            self.scalar(token, token.text)
        elif token.kind == "bare":
            self.bare_at_top(token)
        else:
            self.report("unexpected", token.start, token.end, found=token.kind)
            self.intact = False
        return None

    def bare_at_top(self, token: Token) -> None:
        """A number or literal is a root of the wrong kind; any other text says that the file is something else."""
        if LITERAL.fullmatch(self.text, token.start, token.end):
            self.bare_value(token)
            return
        line_end = LINE_REST.match(self.text, token.start)
        end = min(line_end.end() if line_end else token.end, token.start + LOOKAHEAD)
        self.report("not-json", token.start, end, is_markup=self.text[token.start] == "<")
        self.intact, self.done = False, True

    def take_key(self, token: Token, frame: Frame) -> Token | None:
        if token.kind == "string":
            frame.key = (token.text, token.start, token.end)
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

    def take_colon(self, token: Token, frame: Frame) -> Token | None:
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

    def key_alone(self, frame: Frame) -> None:
        if frame.key:
            self.report("key-without-value", frame.key[1], frame.key[2], key=frame.key[0])
        frame.key = None
        self.intact = False

    def take_value(self, token: Token, frame: Frame) -> Token | None:
        if token.kind in ("string", "bare") and self.begins_parent_key(token, frame):
            return token
        if token.kind in "{[":
            self.open(token)
        elif token.kind == "string":
            self.scalar(token, token.text)
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

    def value_missing(self, frame: Frame) -> None:
        key = frame.key
        self.report("missing-value", self.last_end, self.last_end, key=key[0] if key else None)
        frame.key = None
        self.intact = False

    def take_comma(self, token: Token, frame: Frame) -> Token | None:
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

    def begins_parent_key(self, token: Token, frame: Frame) -> bool:
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

    def close(self, token: Token, frame: Frame) -> None:
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

    def settle_mismatch(self, token: Token, frame: Frame) -> bool:
        """A closer of another kind than what is open: True when the (new) innermost frame is to be closed with it."""
        fitting = self.opened[token.kind]
        outer = fitting[-1] if fitting else None
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

    def wrong_closer(self, token: Token, frame: Frame) -> None:
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

    def at_end(self) -> None:
        """The text is over: close what is still open."""
        end = len(self.text.rstrip())
        if self.frames:
            missing = "".join(frame.closer for frame in reversed(self.frames))
            inner = self.frames[-1]
            if inner.key is not None:
                self.intact = False
            shown: JsonValue = missing if len(missing) <= 16 else missing[:16] + "…"
            at = self.last_end
            edits = () if inner.key is not None or len(missing) > 16 else ((at, at, self.closing_lines(at)),)
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
        elif self.root is None and all(problem.kind in TOLERATED for problem in self.problems):
            self.report("empty", 0, 0, has_comments=bool(self.problems))

    def closing_lines(self, at: int) -> str:
        """The brackets that close what is open at the end: each on a line of its own where the opening one had one."""
        text = self.text
        line_break = "\r\n" if "\r\n" in text else "\n"
        closers = []
        for frame in reversed(self.frames):
            start = frame.member.start
            line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
            spreads = "\n" in text[start:at] or "\r" in text[start:at]
            indent = _INDENT.match(text, line_start)
            closers.append(f"{line_break}{indent[0] if indent else ''}{frame.closer}" if spreads else frame.closer)
        return "".join(closers)
