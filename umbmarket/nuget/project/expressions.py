"""`$(...)` in project files: read into parts once, and expanded against the properties of an evaluation.

Source: dotnet/msbuild, Expander (ExpandPropertiesLeaveTypedAndEscaped, ScanForClosingParenthesis,
ExtractFunctionArguments); vectors prop-26 to prop-29, prop-47 to prop-49 and func-01 to func-23.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, Protocol

from umbmarket.nuget.project.escaping import escape, unescape
from umbmarket.nuget.project.property_functions import (
    Escaped,
    FunctionValue,
    Surroundings,
    call_member,
    call_static,
    shown,
)
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

DEEPEST_NESTING = 24
"""Expressions inside of expressions that are followed; real files have at most four."""

LONGEST_VALUE = 1_000_000
"""Code points of an expanded text: a property can double itself, and forty doublings would fill any memory."""

SHORT = 500
"""Code points of a text that `Scope.spend` is not asked about."""

LARGEST_TEXTS = 5_000_000
"""Code points of all texts together that expressions give; those of up to `SHORT` do not count."""

MOST_STEPS = 50
"""Members of one chain that are followed; real files have at most five."""

_LONGEST_REMEMBERED = 500

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STOP = re.compile(r"[()'\"`]")
_ARGUMENT_STOP = re.compile(r"[(),'\"`]")
_STATIC = re.compile(r"\[(?P<type>[^\[\]]*)\]::(?P<member>[A-Za-z_][A-Za-z0-9_]*)")
_MEMBER = re.compile(r"\s*\.\s*(?P<member>[A-Za-z_][A-Za-z0-9_]*)")
_QUOTES = "'\"`"


class Spending:
    """How much text one pass over a project has made, see `Scope.spend`."""

    def __init__(self, before: Spending | None = None) -> None:
        """`before` is what an earlier pass has made, which stays as it is: passes must not depend on their order."""
        self._length: int = before._length if before is not None else 0

    def spend(self, length: int) -> Unknown | None:
        """See `Scope`."""
        self._length += length
        return _TOO_LONG if self._length > LARGEST_TEXTS else None


_TOO_LONG = Unknown(f"the texts have more than {LARGEST_TEXTS:,} characters together")


class Reference(NamedTuple):
    """`$(Name)`; `key` is the name in lower case."""

    key: str
    name: str


class Step(NamedTuple):
    """One member of a chain: `.Trim()`, `.Length`, `[0]`; `arguments` is None without parentheses."""

    member: str
    arguments: tuple[Argument, ...] | None


class Function(NamedTuple):
    """`$(Name.Step...)` or `$([Type]::Step...)`: `receiver` is a property's name, or `type` is a type's."""

    receiver: Reference | None
    type: str
    steps: tuple[Step, ...]
    text: str


class Refused(NamedTuple):
    """Something that MSBuild refuses once it is expanded."""

    detail: str


class Opaque(NamedTuple):
    """Something whose value nobody can tell."""

    reason: str


Part = str | Reference | Function | Refused | Opaque
Argument = tuple[Part, ...] | None
"""The parts of an argument; None stands for `null`."""


class Scope(Surroundings, Protocol):
    """What an expression is expanded against."""

    def property_value(self, key: str, name: str) -> str | Unknown:
        """The escaped value of a property by its lower-case and its written name; empty when it is unset."""

    def spend(self, length: int) -> Unknown | None:
        """Count a text that an expression gives; the answer is why it is not known, once there are too many."""


def expand(text: str, scope: Scope) -> str | Unknown:
    """`text` with each `$(...)` replaced; what it gives is still escaped.

    Raises:
        ProjectRefused: a property function cannot be evaluated.
    """
    return expand_parts(parsed(text), scope) if "$(" in text else text


def expand_parts(parts: tuple[Part, ...], scope: Scope) -> str | Unknown:
    """The same for a text that was read already."""
    if len(parts) == 1:
        value = _part(parts[0], scope)
        too_long = scope.spend(len(value)) if isinstance(value, str) and len(value) > SHORT else None
        return too_long or value
    pieces: list[str] = []
    length = 0
    for part in parts:
        piece = part if isinstance(part, str) else _part(part, scope)
        if isinstance(piece, Unknown):
            return piece
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_VALUE:
            return Unknown(f"a value has more than {LONGEST_VALUE:,} characters")
    too_long = scope.spend(length) if length > SHORT else None
    return too_long or "".join(pieces)


def _part(part: Part, scope: Scope) -> str | Unknown:
    if isinstance(part, str):
        return part
    if isinstance(part, Reference):
        return scope.property_value(part.key, part.name)
    if isinstance(part, Function):
        value = _call(part, scope)
        return value if isinstance(value, Unknown) else _result(value)
    if isinstance(part, Refused):
        raise ProjectRefused("MSB4184", part.detail)
    return Unknown(part.reason)


def _result(value: FunctionValue) -> str:
    if isinstance(value, list):
        return ";".join(map(escape, value))
    return value if isinstance(value, Escaped) else escape(shown(value))


def _call(function: Function, scope: Scope) -> FunctionValue | Unknown:
    steps = function.steps
    value: FunctionValue | Unknown
    if function.receiver is not None:
        read = scope.property_value(*function.receiver)
        value = read if isinstance(read, Unknown) else unescape(read)
    else:
        arguments = _arguments(steps[0], scope)
        if isinstance(arguments, Unknown):
            return arguments
        value = call_static(function.type, steps[0].member, arguments, scope, function.text)
        steps = steps[1:]
    if len(steps) > MOST_STEPS:
        return Unknown("a chain of functions is too long")
    for step in steps:
        if isinstance(value, Unknown):
            return value
        arguments = _arguments(step, scope)
        if isinstance(arguments, Unknown):
            return arguments
        value = unescape(value) if isinstance(value, Escaped) else value
        value = call_member(value, step.member, arguments, function.text)
        if isinstance(value, str) and len(value) > SHORT:
            too_long = scope.spend(len(value))
            if too_long is not None or len(value) > LONGEST_VALUE:
                return too_long or Unknown(f"a value has more than {LONGEST_VALUE:,} characters")
    return value


def _arguments(step: Step, scope: Scope) -> list[str | None] | Unknown | None:
    if step.arguments is None:
        return None
    values: list[str | None] = []
    for argument in step.arguments:
        if argument is None:
            values.append(None)
            continue
        value = _argument_value(argument, scope)
        if isinstance(value, Unknown):
            return value
        values.append(unescape(value))
    return values


def _argument_value(parts: tuple[Part, ...], scope: Scope) -> str | Unknown:
    """The escaped text of one argument. A function alone keeps its type in MSBuild, which matters for a list."""
    if len(parts) == 1 and isinstance(parts[0], Function):
        value = _call(parts[0], scope)
        if isinstance(value, list):
            return Unknown("a function of a list is not evaluated")
        return value if isinstance(value, Unknown) else _result(value)
    return expand_parts(parts, scope) if parts else ""


def parsed(text: str) -> tuple[Part, ...]:
    """`text` as plain pieces and expressions, in their order."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _parse(text, 0)


@lru_cache(maxsize=2048)
def _remembered(text: str) -> tuple[Part, ...]:
    return _parse(text, 0)


def _parse(text: str, depth: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    position = 0
    while True:
        start = text.find("$(", position)
        end = _closing(text, start + 2) if start >= 0 else -1
        if end < 0:
            if position < len(text) or not parts:
                parts.append(text[position:])
            return tuple(parts)
        if start > position:
            parts.append(text[position:start])
        parts.append(_body(text[start + 2 : end], depth + 1))
        position = end + 1


def _closing(text: str, position: int) -> int:
    """Where the parenthesis that is open at `position` is closed, or -1; quoted text does not count."""
    depth = 1
    while True:
        found = _STOP.search(text, position)
        if found is None:
            return -1
        char = found[0]
        position = found.end()
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return found.start()
        else:
            position = text.find(char, position) + 1
            if not position:
                return -1


def _body(body: str, depth: int) -> Part:
    """What stands between `$(` and `)`."""
    if _NAME.fullmatch(body):
        return Reference(body.lower(), body)
    if depth > DEEPEST_NESTING:
        return Opaque("expressions are nested too deeply")
    if body.lower().startswith("registry:"):
        return Opaque("the registry is not read")
    if "." not in body and "[" not in body:
        return Refused(f"the expression $({body}) cannot be evaluated") if "$" in body else ""
    return _function(body.strip(), depth) or Refused(f"the expression $({body}) cannot be evaluated")


def _function(body: str, depth: int) -> Function | None:
    static = _STATIC.match(body)
    steps: list[Step] = []
    receiver = None
    if static is not None:
        position = static.end()
        arguments, position = _optional_arguments(body, position, depth)
        steps.append(Step(static["member"], arguments))
    else:
        name = _NAME.match(body)
        if name is None:
            return None
        receiver = Reference(name[0].lower(), name[0])
        position = name.end()
    while position < len(body):
        if body[position] == "[":
            end = body.find("]", position)
            if end < 0:
                return None
            steps.append(Step("[]", (_argument(body[position + 1 : end], depth),)))
            position = end + 1
            continue
        member = _MEMBER.match(body, position)
        if member is None:
            return None
        arguments, position = _optional_arguments(body, member.end(), depth)
        steps.append(Step(member["member"], arguments))
    return Function(receiver, static["type"].strip() if static is not None else "", tuple(steps), body)


def _optional_arguments(body: str, position: int, depth: int) -> tuple[tuple[Argument, ...] | None, int]:
    """The arguments in parentheses that start at `position`, if any, and where the text goes on."""
    blank = position
    while blank < len(body) and body[blank].isspace():
        blank += 1
    if not body.startswith("(", blank):
        return None, position
    position = blank
    end = _closing(body, position + 1)
    if end < 0:
        return None, position
    inner = body[position + 1 : end]
    if not inner.strip():
        return (), end + 1
    return tuple(_argument(piece, depth) for piece in _at_commas(inner)), end + 1


def _at_commas(text: str) -> list[str]:
    """The pieces between commas that are in no quotes and no parentheses."""
    pieces: list[str] = []
    start = position = depth = 0
    while (found := _ARGUMENT_STOP.search(text, position)) is not None:
        char = found[0]
        position = found.end()
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == ",":
            if not depth:
                pieces.append(text[start : found.start()])
                start = position
        else:
            position = text.find(char, position) + 1 or len(text)
    pieces.append(text[start:])
    return pieces


def _argument(text: str, depth: int) -> Argument:
    text = text.strip()
    if text.lower() == "null":
        return None
    if len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0]:
        text = text[1:-1]
    return _parse(text, depth) if text else ()
