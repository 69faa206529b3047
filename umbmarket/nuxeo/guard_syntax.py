"""The grammar of guards: the expressions in `fail`, `ignore` and `if` of an installation command.

Nuxeo evaluates them with Apache Commons JEXL 1.1, of which this reads what its grammar takes in one expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

DEEPEST = 40
"""Levels of parentheses, operators of one operand, calls and members."""

LONGEST = 10_000
"""Letters of a guard that is read: real ones have some 50."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)
        |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
        |(?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
        |(?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%<>!~|^&().,\[\];=])
        |(?P<wrong>\S))""",
    re.VERBOSE,
)
_LEVELS: Sequence[dict[str, str]] = (
    {"||": "or", "or": "or"},
    {"&&": "and", "and": "and"},
    {"|": "|"},
    {"^": "^"},
    {"&": "&"},
    {"==": "==", "eq": "==", "!=": "!=", "ne": "!="},
    {"<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "div": "/", "%": "%", "mod": "%"},
)
"""Operators of two operands, those that bind least first."""

_PREFIXES = {"-": "-", "~": "~", "!": "not", "not": "not", "empty": "empty"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_WORD_OPERATORS = frozenset(word for level in _LEVELS for word in level if word.isalpha())
_KEYWORDS = _WORD_OPERATORS | _CONSTANTS.keys() | {"not", "empty", "size", "if", "else", "while", "foreach", "in"}


class InvalidGuard(ValueError):
    """JEXL refuses the expression.

    Attributes:
        offset: of the code point where it goes wrong.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class UnreadGuard(InvalidGuard):
    """The expression is longer than what is read here; JEXL may take it."""


class Constant(NamedTuple):
    """A literal."""

    value: bool | int | float | str | None


class Name(NamedTuple):
    """A variable, such as `Platform`."""

    name: str


class Member(NamedTuple):
    """What follows a dot: a property, or a method where there are arguments."""

    owner: Node
    name: str
    arguments: tuple[Node, ...] | None
    offset: int


class Element(NamedTuple):
    """What stands in brackets behind a value."""

    owner: Node
    inside: Node


class Operation(NamedTuple):
    """An operator, in its shortest spelling of words, and its one or two operands."""

    operator: str
    operands: tuple[Node, ...]


Node = Constant | Name | Member | Element | Operation


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


def parse(text: str) -> Node:
    """The expression that a text is.

    Raises:
        InvalidGuard: it is none.
        UnreadGuard: it is longer than `LONGEST`, or nested more deeply than `DEEPEST`.
    """
    if len(text) > LONGEST:
        raise UnreadGuard("the expression is too long", LONGEST)
    tokens = [
        _Token(match.lastgroup or "", match[match.lastgroup or 0], match.start(match.lastgroup or 0))
        for match in _TOKEN.finditer(text.rstrip())
    ]
    return _Parser(tokens, len(text.rstrip())).whole()


class _Parser:
    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._end = _Token("end", "", end)
        self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else self._end

    def whole(self) -> Node:
        node = self._binary(0)
        # JEXL adds a semicolon of its own, and evaluates the first statement alone.
        if self._next.kind != "end" and self._next.text != ";":
            raise self._unexpected()
        return node

    def _unexpected(self) -> InvalidGuard:
        token = self._next
        message = "it ends too early" if token.kind == "end" else f'unexpected "{token.text}"'
        return InvalidGuard(message, token.offset)

    def _take(self, text: str) -> bool:
        if self._next.kind == "sign" and self._next.text == text:
            self._at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._unexpected()

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self._next.kind in ("sign", "word") and self._next.text in _LEVELS[level]:
            operator = _LEVELS[level][self._next.text]
            self._at += 1
            left = Operation(operator, (left, self._binary(level + 1)))
            self._deeper()
        return left

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadGuard("the expression is too long", self._next.offset)

    def _unary(self) -> Node:
        operator = _PREFIXES.get(self._next.text) if self._next.kind in ("sign", "word") else None
        if operator is None:
            return self._postfix(self._primary())
        self._deeper()
        self._at += 1
        return Operation(operator, (self._unary(),))

    def _primary(self) -> Node:
        token = self._next
        if self._take("("):
            self._deeper()
            inner = self._binary(0)
            self._need(")")
            return inner
        if token.kind == "word" and token.text == "size":
            self._at += 1
            self._need("(")
            inner = self._binary(0)
            self._need(")")
            return Operation("size", (inner,))
        self._at += 1
        match token.kind:
            case "number":
                return Constant(float(token.text) if "." in token.text else int(token.text[:18]))
            case "text":
                return Constant(re.sub(r"\\(.)", r"\1", token.text[1:-1]))
            case "word" if token.text in _CONSTANTS:
                return Constant(_CONSTANTS[token.text])
            case "word" if token.text not in _KEYWORDS:
                return Name(token.text)
        self._at -= 1
        raise self._unexpected()

    def _postfix(self, node: Node) -> Node:
        while True:
            if self._take("."):
                self._deeper()
                name = self._next
                if name.kind != "word":
                    raise self._unexpected()
                self._at += 1
                node = Member(node, name.text, self._arguments(), name.offset)
            elif self._take("["):
                self._deeper()
                node = Element(node, self._binary(0))
                self._need("]")
            else:
                return node

    def _arguments(self) -> tuple[Node, ...] | None:
        if not self._take("("):
            return None
        if self._take(")"):
            return ()
        self._deeper()
        found = [self._binary(0)]
        while self._take(","):
            self._deeper()
            found.append(self._binary(0))
        self._need(")")
        return tuple(found)
