"""What the guards of installation commands come to: `fail`, `ignore` and `if`.

Sources: `Guard`, `PlatformHelper`, `VersionHelper` and `PackagesHelper` of nuxeo/nuxeo (branch 2023), and the coercions
of Apache Commons JEXL 1.1: what is not there is null, and null counts as false within a larger expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final, Literal, NamedTuple

from umbmarket.nuxeo.guard_syntax import (
    Constant,
    Element,
    InvalidGuard,
    Member,
    Name,
    Node,
    Operation,
    UnreadGuard,
    parse,
)
from umbmarket.nuxeo.identity import Dependency, PackageId
from umbmarket.nuxeo.platforms import PlatformId
from umbmarket.nuxeo.versions import InvalidVersion, Version

__all__ = ["Guard", "GuardFault", "GuardScope", "InvalidGuard", "UnreadGuard"]

FILE_VARIABLES = frozenset(("file", "dir", "todir", "tofile"))
"""Variables that hold the files of the command (`Copy.readFrom`, `Update.readFrom`)."""

METHODS: Final = {
    "Version": ("isEqual", "isGreaterOrEqual", "isLessOrEqual", "isGreater", "isLess"),
    "Platform": ("getName", "getVersion", "matches", "isTomcat", "isJetty", "isWindows", "isNotWindows"),
    "Packages": ("contains",),
}
"""The helpers that a guard knows, and what can be called on them."""

CONSTANT_METHODS: Final = {"matches": True, "isTomcat": True, "isJetty": False}
"""Methods of `Platform` that answer the same everywhere today."""

_COMPARISONS: Final[dict[str, Callable[[Version, Version], bool]]] = {
    "isGreaterOrEqual": lambda a, b: a > b,
    "isLessOrEqual": lambda a, b: a < b,
    "isGreater": lambda a, b: a > b,
    "isLess": lambda a, b: a < b,
}


class _Unknown:
    """A value that only the server knows."""


UNKNOWN: Final = _Unknown()

_Value = None | bool | int | float | str | _Unknown


class GuardFault(Exception):
    """Evaluating the guard fails, and with it the installation.

    Attributes:
        kind: `null`: the expression comes to nothing (a NullPointerException); `not-boolean`: it comes to something
            else than true or false (a ClassCastException); `version`: a version in it cannot be read.
    """

    def __init__(self, kind: Literal["null", "not-boolean", "version"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


class GuardScope(NamedTuple):
    """What is known of the server that a package is installed on.

    Attributes:
        platform: the server; None where it is not known.
        packages: ids of the packages on it; None where they are not known.
    """

    platform: PlatformId | None = None
    packages: Collection[str] | None = None


class MissingMethod(NamedTuple):
    """A method that a guard calls and that is not there.

    Attributes:
        owner: the helper, such as `Platform`.
        name: of the method.
        offset: of the name in the guard.
    """

    owner: str
    name: str
    offset: int


class Guard:
    """One guard.

    Attributes:
        text: as written.
    """

    def __init__(self, text: str) -> None:
        """Read a guard.

        Raises:
            InvalidGuard: JEXL refuses it.
            UnreadGuard: it is too long to be read here.
        """
        self.text = text
        self._node = parse(text)

    def value(self, scope: GuardScope = GuardScope()) -> bool | None:  # noqa: B008 - an immutable value
        """What it comes to; None where that depends on what the scope does not say.

        Raises:
            GuardFault: evaluating it fails on every server of the scope.
        """
        value = _Evaluation(scope).of(self._node)
        if isinstance(value, bool):
            return value
        if isinstance(value, _Unknown):
            return None
        if value is None:
            raise GuardFault("null", "it is null, which causes a NullPointerException")
        kind = "string" if isinstance(value, str) else "number"
        raise GuardFault("not-boolean", f"it is a {kind}, not a boolean, which causes a ClassCastException")

    @property
    def missing_methods(self) -> tuple[MissingMethod, ...]:
        """Calls of methods that the helpers do not have, such as `Platform.isJBoss()`; they come to null."""
        return tuple(
            MissingMethod(node.owner.name, node.name, node.offset)
            for node in _all_in(self._node)
            if isinstance(node, Member)
            and isinstance(node.owner, Name)
            and node.owner.name in METHODS
            and node.arguments is not None
            and node.name not in METHODS[node.owner.name]
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that it asks, such as `Platform`, in no order."""
        return tuple(node.name for node in _all_in(self._node) if isinstance(node, Name))

    @property
    def constant_methods(self) -> tuple[str, ...]:
        """Calls that answer the same on every server, such as `Platform.isTomcat()`."""
        return tuple(
            node.name
            for node in _all_in(self._node)
            if isinstance(node, Member)
            and node.owner == Name("Platform")
            and node.arguments is not None
            and node.name in CONSTANT_METHODS
        )


def _all_in(node: Node) -> Iterator[Node]:
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        yield current
        match current:
            case Member(owner, _, arguments, _):
                waiting += [owner, *(arguments or ())]
            case Element(owner, inside):
                waiting += [owner, inside]
            case Operation(_, operands):
                waiting += operands


class _Evaluation:
    def __init__(self, scope: GuardScope) -> None:
        self._scope = scope

    def of(self, node: Node) -> _Value:
        match node:
            case Constant(value):
                return value
            case Name(name):
                # A helper alone is no value that a guard could end with; a file is one that only the server knows.
                return UNKNOWN if name in METHODS or name in FILE_VARIABLES else None
            case Member():
                return self._member(node)
            case Element(owner, _):
                return None if self.of(owner) is None else UNKNOWN
            case Operation(operator, operands):
                return self._operation(operator, operands)

    def _member(self, node: Member) -> _Value:
        if not isinstance(node.owner, Name) or node.owner.name not in METHODS:
            owner = self.of(node.owner)
            return None if owner is None else UNKNOWN
        helper, name = node.owner.name, node.name
        if node.arguments is None:
            name = f"get{name[:1].upper()}{name[1:]}"
        arguments = [self.of(each) for each in node.arguments or ()]
        if name not in METHODS[helper]:
            return None
        if helper == "Platform":
            return self._platform(name, arguments)
        if any(isinstance(each, _Unknown) for each in arguments):
            return UNKNOWN
        texts = [each for each in arguments if isinstance(each, str)]
        if len(texts) != len(arguments) or len(texts) != (1 if helper == "Packages" else 2):
            # No method takes such arguments.
            return None
        return self._contains(texts[0]) if helper == "Packages" else _compared(name, *texts)

    def _platform(self, name: str, arguments: list[_Value]) -> _Value:
        if len(arguments) != (name == "matches"):
            return None
        if name in CONSTANT_METHODS:
            return CONSTANT_METHODS[name]
        platform = self._scope.platform
        if platform is None or name not in ("getName", "getVersion"):
            return UNKNOWN
        return platform.name if name == "getName" else str(platform.version)

    def _contains(self, text: str) -> _Value:
        if self._scope.packages is None:
            return UNKNOWN
        wanted = Dependency.parse(text)
        ids = [found for each in self._scope.packages if (found := PackageId.parse(each)) is not None]
        return any(each.name == wanted.name and wanted.matches(each.version) for each in ids)

    def _operation(self, operator: str, operands: tuple[Node, ...]) -> _Value:
        values = [self.of(each) for each in operands]
        if operator in ("and", "or"):
            return _logic(operator, [_as_boolean(each) for each in values])
        if any(isinstance(each, _Unknown) for each in values):
            return UNKNOWN
        if operator == "not":
            value = _as_boolean(values[0])
            return UNKNOWN if isinstance(value, _Unknown) else not value
        if operator == "empty":
            return values[0] is None or values[0] == ""
        if operator in ("==", "!="):
            return _equal(values[0], values[1]) == (operator == "==")
        if operator in ("<", ">", "<=", ">="):
            return _ordered(operator, values[0], values[1])
        # Arithmetic: no guard ends with it, and nothing rests on its value.
        return 0 if operator != "+" or not any(isinstance(each, str) for each in values) else ""


def _compared(name: str, one: str, other: str) -> bool:
    if name == "isEqual":
        return one == other
    if one == other and name.endswith("OrEqual"):
        return True
    try:
        return _COMPARISONS[name](Version.parse(one), Version.parse(other))
    except InvalidVersion as error:
        raise GuardFault("version", str(error)) from None


def _as_boolean(value: _Value) -> bool | _Unknown:
    """JEXL's `Coercion.coerceBoolean`: null is false; a text is true where it says "true"."""
    if isinstance(value, _Unknown | bool):
        return value
    return isinstance(value, str) and value.lower() == "true"


def _logic(operator: str, values: list[bool | _Unknown]) -> _Value:
    decides = operator == "or"
    if any(value is decides for value in values):
        return decides
    return UNKNOWN if any(isinstance(value, _Unknown) for value in values) else not decides


def _equal(one: _Value, other: _Value) -> bool:
    if one is None or other is None:
        return one is other
    numbers = _numbers(one, other)
    if numbers is not None:
        return numbers[0] == numbers[1]
    return _shown(one) == _shown(other)


def _ordered(operator: str, one: _Value, other: _Value) -> bool:
    if one is None or other is None:
        return False
    a, b = _numbers(one, other) or (_shown(one), _shown(other))
    less, same = a < b, a == b  # type: ignore[operator]  # mypy cannot see that both are of one kind
    return {"<": less, ">": not less and not same, "<=": less or same, ">=": not less}[operator]


def _numbers(one: _Value, other: _Value) -> tuple[float, float] | None:
    """Both as numbers, where one of them is a number."""
    if not any(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other)):
        return None
    found = []
    for each in (one, other):
        if isinstance(each, str) and re.fullmatch(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?", each) is None:
            return None
        found.append(float(each) if isinstance(each, int | float | str) else 0.0)
    return found[0], found[1]


def _shown(value: _Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
