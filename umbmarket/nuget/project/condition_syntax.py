"""The grammar of `Condition` attributes: read once, evaluated often.

Source: dotnet/msbuild, Conditionals (Scanner, Parser); vectors cond-13 to cond-31 and cond-65 to cond-72.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from umbmarket.nuget.project.unknown import ProjectRefused

DEEPEST_NESTING = 60
"""Parentheses and negations inside each other; beyond that a condition is refused to be read."""

_TOKEN = re.compile(
    r"\s*+(?:(?P<quoted>'[^']*+')|(?P<compare>==|!=|<=|>=|<|>)|(?P<mark>[(),!])"
    r"|(?P<number>[+-]?(?:0[xX][0-9A-Fa-f]++|(?=[0-9.])[0-9]*+(?:\.[0-9]*+)*+))|(?P<word>[^\W\d]\w*+)"
    r"|(?P<open>[$@%]\())"
)
_BRACKET = re.compile(r"[()'\"`]")
_IN_QUOTES = re.compile(r"'|@\(")


class Text(NamedTuple):
    """An operand; `expandable` when it holds `$(`, `@(`, `%(` or an escape."""

    text: str
    expandable: bool


class Comparison(NamedTuple):
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


class Both(NamedTuple):
    """Operands with `and` between them."""

    operands: tuple[Node, ...]


class Either(NamedTuple):
    """Operands with `or` between them."""

    operands: tuple[Node, ...]


class Not(NamedTuple):
    """`!operand`."""

    operand: Node


class Call(NamedTuple):
    """`Exists(...)` or `HasTrailingSlash(...)`; the name is in lower case."""

    name: str
    argument: Text


Node = Text | Comparison | Both | Either | Not | Call


@lru_cache(maxsize=1024)
def parse_condition(text: str) -> Node | ProjectRefused:
    """The tree of a condition that is not empty; what MSBuild refuses comes back as the refusal."""
    try:
        reader = _Reader(text)
        node = reader.either(0)
        if reader.kind != "end":
            reader.unexpected()
    except ProjectRefused as refused:
        return refused
    return node


class _Reader:
    """A recursive descent over the tokens; `kind` and `value` are those of the current one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.kind = ""
        self.value = ""
        self.advance()

    def advance(self) -> None:
        text = self.text
        found = _TOKEN.match(text, self.position)
        if found is None:
            rest = text[self.position :].lstrip()
            if not rest:
                self.kind, self.value = "end", ""
                self.position = len(text)
                return
            if rest[0] == "'":
                raise ProjectRefused("MSB4101", f"a quote is not closed in the condition {text[:100]}")
            code = "MSB4105" if rest[0] == "=" else "MSB4090"
            raise ProjectRefused(code, f"the character {rest[0]} is not expected in the condition {text[:100]}")
        self.kind, self.value = str(found.lastgroup), found[0].strip()
        self.position = found.end()
        if self.kind == "quoted":
            whole = self._with_items(found.start("quoted") + 1) if "@(" in self.value else None
            self.value = self.value[1:-1] if whole is None else whole
        elif self.kind == "open":
            self.value = self._bracketed(found.end() - 2)

    def _with_items(self, start: int) -> str | None:
        """A quoted text from `start` on that refers to items, where quotes in the reference do not close it.

        None where the reference or the text is not closed.
        """
        position = start
        while (found := _IN_QUOTES.search(self.text, position)) is not None:
            position = found.end()
            if found[0] == "'":
                self.position = position
                return self.text[start : found.start()]
            depth, quoted = 1, False
            while depth and position < len(self.text):
                char = self.text[position]
                if char == "'":
                    quoted = not quoted
                elif not quoted:
                    depth += (char == "(") - (char == ")")
                position += 1
        return None

    def _bracketed(self, start: int) -> str:
        """`$(...)`, up to its closing parenthesis."""
        depth, position = 1, start + 2
        while depth:
            found = _BRACKET.search(self.text, position)
            if found is None:
                raise ProjectRefused("MSB4109", f"a parenthesis is not closed in the condition {self.text[:100]}")
            position = found.end()
            if found[0] == "(":
                depth += 1
            elif found[0] == ")":
                depth -= 1
            else:
                closed = self.text.find(found[0], position)
                position = closed + 1 if closed >= 0 else len(self.text)
        self.position = position
        return self.text[start:position]

    def unexpected(self) -> None:
        """Raise what MSBuild says of a token in the wrong place."""
        raise ProjectRefused(
            "MSB4092", f'the token "{self.value[:40]}" is not expected in the condition {self.text[:100]}'
        )

    def _takes_word(self, word: str) -> bool:
        if self.kind == "word" and self.value.lower() == word:
            self.advance()
            return True
        return False

    def _takes(self, mark: str) -> bool:
        if self.kind == "mark" and self.value == mark:
            self.advance()
            return True
        return False

    def either(self, depth: int) -> Node:
        """`a or b or c`."""
        operands = [self._both(depth)]
        while self._takes_word("or"):
            operands.append(self._both(depth))
        return operands[0] if len(operands) == 1 else Either(tuple(operands))

    def _both(self, depth: int) -> Node:
        operands = [self._relation(depth)]
        while self._takes_word("and"):
            operands.append(self._relation(depth))
        return operands[0] if len(operands) == 1 else Both(tuple(operands))

    def _relation(self, depth: int) -> Node:
        node = self._factor(depth)
        while self.kind == "compare":
            operator = self.value
            self.advance()
            node = Comparison(operator, node, self._factor(depth))
            depth += 1
        return node

    def _factor(self, depth: int) -> Node:
        if depth > DEEPEST_NESTING:
            raise ProjectRefused("", "a condition is nested too deeply")
        if self._takes("!"):
            return Not(self._factor(depth + 1))
        if self._takes("("):
            node = self.either(depth + 1)
            if not self._takes(")"):
                self.unexpected()
            return node
        kind, value = self.kind, self.value
        if kind not in ("quoted", "number", "word", "open"):
            self.unexpected()
        if kind == "word" and value.lower() in ("and", "or"):
            self.unexpected()
        self.advance()
        if kind == "word" and self.kind == "mark" and self.value == "(":
            return self._call(value)
        return Text(value, kind == "open" or (kind == "quoted" and any(mark in value for mark in "$@%")))

    def _call(self, name: str) -> Call:
        self.advance()
        arguments: list[Text] = []
        while not (self.kind == "mark" and self.value == ")"):
            if self.kind not in ("quoted", "number", "word", "open"):
                self.unexpected()
            expandable = self.kind in ("open", "quoted") and any(mark in self.value for mark in "$@%")
            arguments.append(Text(self.value, expandable))
            self.advance()
            if not self._takes(",") and not (self.kind == "mark" and self.value == ")"):
                self.unexpected()
        self.advance()
        if name.lower() not in ("exists", "hastrailingslash"):
            raise ProjectRefused("MSB4091", f"the function {name} does not exist in conditions")
        if len(arguments) != 1:
            raise ProjectRefused("MSB4089", f"the function {name} takes one argument")
        return Call(name.lower(), arguments[0])
