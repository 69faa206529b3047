"""How NuGet reads a licence expression.

Source: NuGet.Client, NuGet.Packaging/Licenses (LicenseExpressionTokenizer, NuGetLicenseExpressionParser). Its syntax is
narrower than that of SPDX: words are separated by single spaces, operators are in capitals, and nothing but letters,
digits, dots, hyphens, plus signs and parentheses is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.nuget.errors import quoted

_OPERATORS = frozenset(("AND", "OR", "WITH"))
_OTHER_CHARACTER = re.compile(r"[^A-Za-z0-9 .\-+()]")
_ID = re.compile(r"[A-Za-z0-9.\-]+\+?")


def expression_problem(expression: str) -> str | None:
    """Say why NuGet cannot read a licence expression, whatever licences it names.

    Args:
        expression: such as `MIT` or `(MIT OR Apache-2.0)`; anything. White space around it does not count.

    Returns:
        What is wrong, as a clause without a full stop, or None if it can be read.
    """
    text = expression.strip()
    if not text:
        return "it is empty"
    other = _OTHER_CHARACTER.search(text)
    if other is not None:
        return f"it contains {quoted(other[0])}, but licences are joined by AND, OR and WITH, with spaces in between"
    return _order_problem(list(_tokens(text)))


def _tokens(text: str) -> Iterator[str]:
    for word in text.split(" "):
        inner = word.lstrip("(")
        kept = inner.rstrip(")")
        yield from "(" * (len(word) - len(inner))
        if kept:
            yield kept
        yield from ")" * (len(inner) - len(kept))


def _order_problem(tokens: list[str]) -> str | None:
    """What stands in the wrong place, if anything does."""
    depth = 0
    before = ""
    for number, token in enumerate(tokens):
        # An operand follows an operator, an opening parenthesis, or nothing.
        wants_operand = before in ("", "(") or before in _OPERATORS
        if token == "(":
            if not wants_operand or before == "WITH":
                return f"the parenthesis after {quoted(before)} is in the wrong place"
            depth += 1
        elif token == ")":
            if wants_operand:
                return (
                    f"there is nothing between {quoted(before)} and the closing parenthesis" if before else _NO_OPENING
                )
            depth -= 1
            if depth < 0:
                return _NO_OPENING
        elif token in _OPERATORS:
            if wants_operand:
                return f"there is nothing before {quoted(token)}"
            if token == "WITH" and (before == ")" or (number > 1 and tokens[number - 2] == "WITH")):
                return "WITH must follow a licence, and names one exception"
        elif not wants_operand:
            return f"{quoted(token)} follows {quoted(before)} without AND, OR or WITH in between"
        elif not _ID.fullmatch(token):
            return f"{quoted(token)} is not a licence id"
        before = token
    if before == "(" or before in _OPERATORS:
        return f"there is nothing after {quoted(before)}"
    return "a closing parenthesis is missing" if depth else None


_NO_OPENING = "a closing parenthesis has no opening one"
