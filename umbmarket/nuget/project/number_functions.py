"""Numbers and versions in property functions and conditions, as .NET reads and MSBuild computes them.

Source: dotnet/msbuild, IntrinsicFunctions, ArgumentParser, SimpleVersion and Expander (Function.Execute). Numbers that
are not written as usual are unknown.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

ARITHMETIC = frozenset({"add", "subtract", "multiply", "divide", "modulo"})
"""Functions that `arithmetic` knows, in lower case."""

_LARGEST_INT32 = 2_147_483_647
_LARGEST_EXACT = 1_000_000_000_000_000
"""Numbers up to here are written alike whether MSBuild takes them for whole or for floating ones."""

_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,16}\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?(?:[0-9]{1,16}(?:\.[0-9]{0,16})?|\.[0-9]{1,16})\s*", re.ASCII)
_NUMBER_WORDS = frozenset({"nan", "infinity", "∞"})
"""What .NET reads as a floating number besides digits."""


def _int32(digits: str) -> int | None:
    """The number that ASCII digits spell, as far as .NET keeps it in 32 bits; else None."""
    significant = digits.lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(significant) > len(str(_LARGEST_INT32)):
        return None
    number = int(significant or "0")
    return number if number <= _LARGEST_INT32 else None


class DottedVersion(NamedTuple):
    """.NET's `System.Version`; -1 where a number is not written."""

    major: int
    minor: int
    build: int = -1
    revision: int = -1

    @classmethod
    def parse(cls, text: str) -> DottedVersion | None:
        """Two to four numbers between dots, or None (`Version.TryParse`)."""
        parts = text.strip().split(".")
        if not 2 <= len(parts) <= 4:
            return None
        numbers = []
        for part in parts:
            number = _int32(part.strip())
            if number is None:
                return None
            numbers.append(number)
        return cls(*numbers)


def failed(text: str, why: str) -> ProjectRefused:
    """What MSBuild says of an expression that cannot be evaluated."""
    return ProjectRefused("MSB4184", f"the expression {text[:100]} cannot be evaluated: {why}")


def arithmetic(name: str, left: str, right: str, *, text: str) -> float | Unknown:
    """One of `ARITHMETIC` with two numbers; `text` is the whole expression, for a message.

    Raises:
        ProjectRefused: an argument is no number, or a whole number is divided by zero.
    """
    numbers = _numbers(left, right, text)
    if isinstance(numbers, Unknown):
        return numbers
    first, second = numbers
    result: float
    if name == "add":
        result = first + second
    elif name == "subtract":
        result = first - second
    elif name == "multiply":
        result = first * second
    elif second == 0:
        if isinstance(first, int):
            raise failed(text, "it divides by zero")
        return Unknown("a division by zero is not evaluated")
    elif name == "divide":
        result = first / second
        if isinstance(first, int) and not result.is_integer():
            return Unknown("older versions of MSBuild give another quotient than newer ones")
    else:
        result = math.fmod(first, second)
    if abs(result) > _LARGEST_EXACT or "e" in repr(result):
        return Unknown("a number of this size is not evaluated")
    return result


def _numbers(left: str, right: str, text: str) -> tuple[float, float] | Unknown:
    """Two whole numbers, or two floating ones, as MSBuild reads them; it takes whole ones where both are."""
    written = left, right
    if not all(map(_DECIMAL.fullmatch, written)):
        for each in written:
            if not any(map(str.isdigit, each)) and each.strip().lstrip("+-").lower() not in _NUMBER_WORDS:
                raise failed(text, "it is not a number")
        return Unknown("a number of this form is not evaluated")
    read = int if all(map(_WHOLE.fullmatch, written)) else float
    first, second = map(read, written)
    if max(abs(first), abs(second)) > _LARGEST_EXACT:
        return Unknown("a number of this size is not evaluated")
    return first, second


def loose_version(text: str, expression: str) -> tuple[int, ...]:
    """A version as `[MSBuild]::VersionEquals` reads it: a leading `v` and everything after `-` or `+` is dropped.

    Raises:
        ProjectRefused: it is no version.
    """
    core = text.strip()
    core = core[1:] if core[:1] in ("v", "V") else core
    for mark in "-+":
        core = core.partition(mark)[0]
    numbers = [number for part in core.split(".") if (number := _int32(part)) is not None]
    if len(numbers) > 4 or len(numbers) != core.count(".") + 1:
        raise failed(expression, "it is not a version")
    return (*numbers, *([0] * (4 - len(numbers))))


def are_equal(value: str, other: str) -> bool | Unknown:
    """`Equals` of a text, which compares numbers where the argument is one (Expander, Function.Execute)."""
    if value == other or not any(map(str.isdigit, other)) or not any(map(str.isdigit, value)):
        return value == other
    if _DECIMAL.fullmatch(other):
        if _DECIMAL.fullmatch(value):
            return float(value) == float(other)
        return Unknown("a comparison with a number is not evaluated") if _looks_numeric(value) else False
    return Unknown("a comparison with a number is not evaluated") if _looks_numeric(other) else False


def _looks_numeric(text: str) -> bool:
    """Whether .NET might read a text as a floating number that is not written as usual, such as `1,000` or `1e3`."""
    return not set(text) - set("0123456789+-.,eE \t\r\n")
