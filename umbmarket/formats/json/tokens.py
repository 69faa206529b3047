"""The tokens of JSON that is not JSON: quotes of every kind, comments, text without quotes.

The lexer guesses where a text with a missing or an unescaped quote was meant to end, by what follows. It visits every
character a bounded number of times.
"""

import json
import re
from bisect import bisect_left
from typing import Final, Literal, NamedTuple

from umbmarket.findings import JsonValue, Span
from umbmarket.formats.json.problems import Problem

MOST_PROBLEMS = 50
"""Problems reported of one file; beyond that a file is not a listing with mistakes but something else. What some
readers tolerate is counted apart, so that it never crowds out what no reader does."""

TOLERATED = frozenset({"comment", "trailing-comma"})
"""Kinds of problem that some readers of JSON pass over."""

UNCLOSED = frozenset({"unterminated-string", "unterminated-comment"})
"""Kinds of problem after which nobody knows whether text still belongs to a string or a comment."""

MOST_TOKENS = 100_000
"""Tokens, comments and stretches of white space read before giving up: a listing has some hundred, and this bounds the
time for a hostile file."""

LOOKAHEAD = 4096
"""Code points that a guess about a quote may look ahead: bounds the time on very long lines."""

LONGEST_NUMBER = 300
"""Code points of a number that is converted while recovering: a longer one is nonsense in any listing."""

LITERAL = re.compile(r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?=[\s,;\]}:/]|$)")
"""A literal or number of JSON, complete where it stands."""

_WORD = r"[^\s,:{}\[\]\"'|]{1,200}+"
ALTERNATIVES = re.compile(rf"{_WORD}(?:[ \t]*+\|[ \t]*+{_WORD})++(?![^\s,:{{}}\[\]\"'|])")
"""A choice such as `true|false`, as documents write it. Its words are short, which bounds the time on long ones."""

LINE_REST = re.compile(r"[^\r\n]*")
"""What is left of a line."""

State = Literal["key", "colon", "value", "comma"]
"""What comes next in an open object or list."""

_SPACE = re.compile(r"[ \t\r\n]+")
_ODD_SPACE = re.compile(r"[\u00a0\ufeff\u2028\u2029\u000b\u000c\u0085\u1680\u2000-\u200b\u202f\u205f\u3000]+")
_PLAIN_STRING = re.compile(r'[^"\\\x00-\x1f]*')
_BARE_VALUE = re.compile(r"[^\r\n,{}\[\]\"]+")
_BARE_KEY = re.compile(r"[^\s,:={}\[\]\"'/]+")
_STRING_MAY_END = re.compile(r"[ \t]*(?:[,:\]}]|//|/\*|\r|\n|$)")
_KEY_NEXT = re.compile(r"[ \t]*[A-Za-z_$][\w$]*[ \t]*:")
_CLOSING_QUOTE = re.compile(r'"(?=[ \t]*(?:[,}\]]|:|\r|\n|$))')
_NEXT_LINE_STARTS = re.compile(r'\s*+(?P<starts>,?\s*+"|[}\]]|\Z)?')
_COMMENT_BEHIND = re.compile(r"(?<![ \t])[ \t]++(?://|/\*)")
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_QUOTE_PAIRS: Final = {
    "'": "'",
    "\u2018": "\u2018\u2019",
    "\u2019": "\u2019",
    "\u201c": "\u201c\u201d",
    "\u201d": "\u201d",
    "`": "`",
}


class Token(NamedTuple):
    """`kind` is one of `{ } [ ] : ,` or `string`, `bare`, `end`."""

    kind: str
    start: int
    end: int
    text: str = ""


class Lexer:
    """Cuts a text into tokens and reports what is wrong with each.

    Attributes:
        text: the text.
        at: where the next token is looked for.
        problems: what was wrong so far.
        intact: nothing was passed over so far.
    """

    def __init__(self, text: str) -> None:
        """Begin at the start of `text`."""
        self.text = text
        self.at = 0
        self.problems: list[Problem] = []
        self.intact = True
        self._seen = 0
        self._reported = {True: 0, False: 0}
        # Neither overlaps with another one, as what is read next begins where they end.
        self._unclosed: list[Span] = []
        self._last_quote = text.rfind('"')
        self._no_closing_before = 0
        self._line_end = (-1, False)

    @property
    def state(self) -> State | None:
        """What comes next in what is open, by which the lexer judges quotes and bare text; None at the top."""
        return None

    def report(
        self,
        kind: str,
        start: int,
        end: int,
        *edits: tuple[int, int, str],
        safe: bool = True,
        **detail: JsonValue,
    ) -> None:
        """Note a problem of `kind` at `[start, end)`; `edits` mend it, and `detail` is for its wording.

        What would be written into a string or a comment that does not end waits until that ends.
        """
        if kind in UNCLOSED:
            self._unclosed.append(Span(start, end if kind == "unterminated-string" else len(self.text)))
        elif any(self._is_unclosed_at(edit[0]) for edit in edits):
            edits = ()
        is_tolerated = kind in TOLERATED
        self._reported[is_tolerated] += 1
        if self._reported[is_tolerated] <= MOST_PROBLEMS:
            self.problems.append(Problem(kind, Span(start, end), detail, edits, safe))

    def _is_unclosed_at(self, at: int) -> bool:
        """Whether a place lies in a string or a comment that does not end."""
        before = bisect_left(self._unclosed, at, key=lambda span: span.start)
        return before > 0 and at <= self._unclosed[before - 1].end

    def next_token(self) -> Token:
        """The next token; `end` at the end of the text, and when there are too many."""
        text, length = self.text, len(self.text)
        while self.at < length:
            char = text[self.at]
            self._seen += 1
            if self._seen > MOST_TOKENS:
                self.report("refused", self.at, self.at, reason="too many parts to be a listing")
                self.intact = False
                break
            if char in " \t\r\n":
                space = _SPACE.match(text, self.at)
                self.at = space.end() if space else self.at + 1
            elif char in "{}[]:,":
                self.at += 1
                return Token(char, self.at - 1, self.at)
            elif char == '"':
                return self._string()
            elif char == "/" and text.startswith(("//", "/*"), self.at):
                self._comment()
            elif odd := _ODD_SPACE.match(text, self.at):
                self.report("odd-space", self.at, odd.end(), (self.at, odd.end(), " "), character=char)
                self.at = odd.end()
            elif char in _QUOTE_PAIRS:
                return self._odd_quotes(char)
            else:
                return self._bare()
        return Token("end", length, length)

    def _comment(self) -> None:
        text, start = self.text, self.at
        if text.startswith("//", start):
            line = LINE_REST.match(text, start)
            end = line.end() if line else len(text)
        else:
            found = text.find("*/", start + 2)
            end = found + 2 if found >= 0 else len(text)
            if found < 0:
                self.report("unterminated-comment", start, start + 2)
                self.intact = False
                self.at = end
                return
        self.report("comment", start, end, comment_edit(text, start, end))
        self.at = end

    def _string(self) -> Token:
        text, start = self.text, self.at
        at = start + 1
        end = text.find('"', at)
        if end >= 0 and _PLAIN_STRING.fullmatch(text, at, end) and self._ends_string(end):
            self.at = end + 1
            return Token("string", start, end + 1, text[at:end])
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
                if self._ends_string(at):
                    at += 1
                    break
                inner.append(at)
                parts.append(char)
                at += 1
            elif char == "\\":
                at = self._escape(at, parts)
            elif char in "\r\n" and self._line_ends_string(at):
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
        return Token("string", start, at, "".join(parts))

    def _ends_string(self, at: int) -> bool:
        """Whether the quote at `at` closes the string rather than standing inside it, unescaped."""
        text = self.text
        is_key = self.state == "key"
        if is_key or _STRING_MAY_END.match(text, at + 1) or _KEY_NEXT.match(text, at + 1):
            return True
        rest = at + 1
        while rest < len(text) and text[rest] in " \t":
            rest += 1
        if text[rest] in '"{[':
            return True
        limit = min(at + LOOKAHEAD, len(text))
        ends = (end + 1 for end in (text.find("\n", at, limit), text.find("\r", at, limit)) if end >= 0)
        end = min(ends, default=limit)
        closing = _CLOSING_QUOTE.search(text, max(at + 1, self._no_closing_before), end)
        # From the next quote on only what lies behind that is new.
        self._no_closing_before = end if closing is None else closing.start()
        return closing is None

    def _line_ends_string(self, at: int) -> bool:
        """Whether the line break at `at` means that the closing quote was forgotten, not a break inside the text."""
        known_to, answer = self._line_end
        if at >= known_to:
            # What follows the white space is the same for all line breaks in it.
            line = _NEXT_LINE_STARTS.match(self.text, at)
            answer = line is None or line["starts"] is not None or at > self._last_quote
            known_to = line.end() if line is not None else at
            self._line_end = known_to, answer
        return answer

    def _escape(self, at: int, parts: list[str]) -> int:
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

    def _odd_quotes(self, opener: str) -> Token:
        """A string in quotes that JSON does not know: single, typographic or back quotes."""
        text, start = self.text, self.at
        closers = _QUOTE_PAIRS[opener] + ('"' if opener not in "'`" else "")
        limit = min(start + LOOKAHEAD, len(text))
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
            return self._bare()
        content = text[start + 1 : last].replace("\\'", "'")
        quoted = json.dumps(content, ensure_ascii=False)
        kind = "single-quotes" if opener in "'`" else "typographic-quotes"
        self.report(kind, start, last + 1, (start, last + 1, quoted), quote=opener)
        self.at = last + 1
        return Token("string", start, last + 1, content)

    def _bare(self) -> Token:
        """Text without quotes; what it is worth depends on where it stands, so the token only bounds it."""
        text, start = self.text, self.at
        literal = LITERAL.match(text, start)
        if literal:
            self.at = literal.end()
        elif alternatives := ALTERNATIVES.match(text, start):
            self.at = alternatives.end()
        elif self.state != "value":
            key = _BARE_KEY.match(text, start)
            self.at = key.end() if key else start + 1
        else:
            value = _BARE_VALUE.match(text, start)
            end = value.end() if value else start + 1
            cut = _COMMENT_BEHIND.search(text[start:end])
            self.at = start + cut.start() if cut and cut.start() else start + max(len(text[start:end].rstrip()), 1)
        return Token("bare", start, self.at)


def comment_edit(text: str, start: int, end: int) -> tuple[int, int, str]:
    """The edit that removes the comment at `[start, end)`, with its line when it stands alone on one."""
    line_start = start
    while line_start > 0 and text[line_start - 1] in " \t":
        line_start -= 1
    alone = line_start == 0 or text[line_start - 1] in "\r\n"
    if alone and (end == len(text) or text[end] in "\r\n"):
        if line_start > 0:
            line_start -= 2 if text.startswith("\r\n", line_start - 2) else 1
        else:
            end += 2 if text.startswith("\r\n", end) else 1
        return (line_start, min(end, len(text)), "")
    return (line_start if not alone else start, end, "")
