"""Conditions evaluated with three outcomes: true, false, or unknown with the reason.

Source: dotnet/msbuild, Conditionals (MultipleComparisonExpressionNode, NumericComparisonExpressionNode,
FunctionCallExpressionNode); vectors cond-01 to cond-72 and exists-01 to exists-18.
"""

from __future__ import annotations

import re
from typing import Protocol

from umbmarket.nuget.project.condition_syntax import (
    Both,
    Call,
    Comparison,
    Either,
    Node,
    Not,
    Text,
    parse_condition,
)
from umbmarket.nuget.project.escaping import split_list, unescape
from umbmarket.nuget.project.expressions import Scope, expand
from umbmarket.nuget.project.number_functions import DottedVersion
from umbmarket.nuget.project.project_files import OUTSIDE
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_HEX = re.compile(r"0[xX][0-9A-Fa-f]{1,8}")
BOOLEANS = {
    **dict.fromkeys(("true", "on", "yes", "!false", "!off", "!no"), True),
    **dict.fromkeys(("false", "off", "no", "!true", "!on", "!yes"), False),
}
"""What conditions take for true and for false, in lower case: `'yes' == 'true'` is true."""

_LONGEST_BOOLEAN = max(map(len, BOOLEANS))


class ConditionScope(Scope, Protocol):
    """What a condition is evaluated in."""

    def exists(self, path: str, base: str) -> bool | Unknown:
        """Whether there is a file or folder, relative to `base`."""

    def expand_items(self, text: str) -> str | Unknown:
        """`@(...)` and `%(...)` replaced in a text without `$(...)`; raises ProjectRefused where none may stand."""


def says_true(text: str) -> bool:
    """Whether a condition takes a text for `true`, which is how targets ask for most switches; blanks count."""
    return BOOLEANS.get(text.lower(), False)


def holds(condition: str, scope: ConditionScope, base: str) -> bool | Unknown:
    """Whether a condition is true; an empty one is.

    Args:
        condition: the attribute's value.
        scope: properties, and items where those may stand.
        base: absolute folder that the paths of `Exists` are relative to.

    Raises:
        ProjectRefused: MSBuild refuses the condition.
    """
    if not condition:
        return True
    node = parse_condition(condition)
    if isinstance(node, ProjectRefused):
        if not node.code:
            return Unknown(node.detail)
        raise ProjectRefused(node.code, node.detail)
    return _Evaluation(condition, scope, base).truth(node)


class _Evaluation:
    def __init__(self, condition: str, scope: ConditionScope, base: str) -> None:
        self.condition = condition
        self.scope = scope
        self.base = base

    def truth(self, node: Node) -> bool | Unknown:
        if isinstance(node, Comparison):
            return self._compare(node)
        if isinstance(node, Both):
            return self._joined(node.operands, False)
        if isinstance(node, Either):
            return self._joined(node.operands, True)
        if isinstance(node, Not):
            inner = self.truth(node.operand)
            return inner if isinstance(inner, Unknown) else not inner
        if isinstance(node, Call):
            return self._call(node)
        value = self._text(node)
        if isinstance(value, Unknown):
            return value
        truth = BOOLEANS.get(value.lower())
        if truth is None:
            raise ProjectRefused("MSB4113", f'the condition {self.condition[:100]} gives "{value[:40]}", not a boolean')
        return truth

    def _joined(self, operands: tuple[Node, ...], decisive: bool) -> bool | Unknown:
        """`and` is decided by the first that is false, `or` by the first that is true; the others are not looked at.

        After an operand that is unknown, nobody knows whether MSBuild looks at the next one, and so refuses it.
        """
        doubt: Unknown | None = None
        for operand in operands:
            try:
                outcome = self.truth(operand)
            except ProjectRefused:
                if doubt is not None:
                    return doubt
                raise
            if outcome is decisive:
                return decisive
            if isinstance(outcome, Unknown):
                doubt = doubt or outcome
        return doubt if doubt is not None else not decisive

    def _text(self, node: Text) -> str | Unknown:
        """The decoded value of an operand."""
        if not node.expandable:
            return node.text
        value = self._expanded(node.text)
        return value if isinstance(value, Unknown) else unescape(value)

    def _expanded(self, text: str) -> str | Unknown:
        """A text with metadata, properties and items in it replaced, in this order."""
        value: str | Unknown = text
        if "%(" in text and "@(" not in text:
            value = self.scope.expand_items(text)
        if isinstance(value, str):
            value = expand(value, self.scope)
        if isinstance(value, Unknown) or "@(" not in value:
            return value
        return self.scope.expand_items(value) if "@(" in text else Unknown("a property refers to items")

    def _operand(self, node: Node) -> str | Unknown:
        if isinstance(node, Text):
            return self._text(node)
        truth = self.truth(node)
        return truth if isinstance(truth, Unknown) else str(truth)

    def _compare(self, node: Comparison) -> bool | Unknown:
        left, right = self._operand(node.left), self._operand(node.right)
        if isinstance(left, Unknown):
            return left
        if isinstance(right, Unknown):
            return right
        if node.operator in ("==", "!="):
            return _equal(left, right) == (node.operator == "==")
        return self._ordered(node.operator, left, right)

    def _ordered(self, operator: str, left: str, right: str) -> bool:
        numbers = _number(left), _number(right)
        versions = DottedVersion.parse(left), DottedVersion.parse(right)
        for number, version, text in zip(numbers, versions, (left, right), strict=True):
            if number is None and version is None:
                raise ProjectRefused(
                    "MSB4086", f'the condition {self.condition[:100]} compares "{text[:40]}", which is not a number'
                )
        if numbers[0] is not None and numbers[1] is not None:
            return _in_order(operator, (numbers[0] > numbers[1]) - (numbers[0] < numbers[1]))
        if versions[0] is not None and versions[1] is not None:
            return _in_order(operator, (versions[0] > versions[1]) - (versions[0] < versions[1]))
        if versions[0] is not None:
            other = numbers[1] or 0.0
            major: float = versions[0].major
            # A version is more than the number that its major is.
            return _in_order(operator, 1 if major >= other else -1)
        other, major = numbers[0] or 0.0, versions[1].major if versions[1] is not None else 0
        return _in_order(operator, -1 if other <= major else 1)

    def _call(self, node: Call) -> bool | Unknown:
        value = self._expanded(node.argument.text)
        if isinstance(value, Unknown):
            return value
        if node.name == "hastrailingslash":
            return unescape(value).rstrip()[-1:] in ("/", "\\")
        unsure: Unknown | None = None
        paths = split_list(value)
        for path in paths:
            there = self.scope.exists(unescape(path), self.base)
            if there is False:
                return False
            if isinstance(there, Unknown):
                is_outside = there.reason.startswith(OUTSIDE)
                written = unescape(path).strip().replace("\\", "/")
                unsure = Unknown(f"{written} is outside of the repository") if is_outside else there
        return unsure if unsure is not None else bool(paths)


def _in_order(operator: str, order: int) -> bool:
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]


def _equal(left: str, right: str) -> bool:
    if left == right:
        return True
    if left and right:
        numbers = _number(left), _number(right)
        if None not in numbers:
            return numbers[0] == numbers[1]
        if len(left) <= _LONGEST_BOOLEAN and len(right) <= _LONGEST_BOOLEAN:
            booleans = BOOLEANS.get(left.lower()), BOOLEANS.get(right.lower())
            if None not in booleans:
                return booleans[0] == booleans[1]
    # .NET compares without regard to letter case one character for one, so that no length changes.
    return len(left) == len(right) and left.upper() == right.upper()


def _number(text: str) -> float | None:
    if not text or text[0] not in "+-.0123456789":
        return None
    if _HEX.fullmatch(text):
        number = int(text, 16)
        return float(number - 0x1_0000_0000 if number > 0x7FFF_FFFF else number)
    return float(text) if _DECIMAL.fullmatch(text) and len(text) <= 300 else None
