"""The functions that an expression may call: those of texts, and the static ones that need nothing but the files.

Source: dotnet/msbuild, Expander.Function, IntrinsicFunctions and Constants (the list of allowed types). What needs the
clock, the environment, the registry or the operating system is unknown; so is whatever is not implemented here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Protocol

from umbmarket.nuget.project import regex_functions
from umbmarket.nuget.project.escaping import escape, unescape
from umbmarket.nuget.project.framework_functions import framework_function
from umbmarket.nuget.project.number_functions import (
    ARITHMETIC,
    DottedVersion,
    are_equal,
    arithmetic,
    failed,
    loose_version,
)
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.nuget.versions import WHITE_SPACE


class Escaped(str):
    """A text that is escaped already: what `[MSBuild]::Escape` and `Unescape` give is taken as it is."""

    __slots__ = ()


FunctionValue = str | bool | int | float | list[str] | DottedVersion
"""What a step of an expression gives."""

Arguments = list[str | None] | None
"""Decoded arguments; None where the member has no parentheses."""

LONGEST_RESULT = 1_000_000
"""Code points that a function may give: `PadLeft` and `Replace` could ask for any number."""


class Surroundings(Protocol):
    """What functions may ask for: files below the root alone."""

    def file_above(self, name: str, start: str | None) -> str | Unknown:
        """The folder, from `start` (or that of the current file) upward, that holds `name`; empty when none does."""

    def full_path(self, path: str) -> str:
        """`path` made absolute, from the folder that the process of MSBuild stands in, and normalized."""

    def file_text(self, path: str) -> str | Unknown | None:
        """The text of a file; None when there is none."""

    def is_there(self, path: str, *, folder: bool) -> bool | Unknown:
        """Whether there is a file, or a folder."""


def shown(value: FunctionValue) -> str:
    """A value as text, as .NET writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, DottedVersion):
        return ".".join(str(number) for number in value if number >= 0)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list):
        return ";".join(value)
    return str(value)


def call_member(value: FunctionValue, member: str, arguments: Arguments, text: str) -> FunctionValue | Unknown:
    """`value.member(arguments)`; `text` is the whole expression, for a message.

    Raises:
        ProjectRefused: it cannot be evaluated, such as an index beyond the end.
    """
    name = member.lower()
    given = [argument for argument in arguments or () if argument is not None]
    if isinstance(value, list):
        return _of_list(value, name, given, text)
    if isinstance(value, DottedVersion):
        return _of_version(value, name, given, text)
    if name == "tostring" and not given:
        return shown(value)
    if isinstance(value, str):
        return _of_text(value, name, given, arguments is not None, text)
    if name == "equals" and len(given) == 1:
        return shown(value).lower() == given[0].strip().lower()
    return Unknown(f"the function {member} is not evaluated")


def _of_list(value: list[str], name: str, given: list[str], text: str) -> FunctionValue | Unknown:
    if name in ("length", "count", "getlength"):
        return len(value)
    if name in ("[]", "getvalue", "get") and len(given) == 1:
        return value[_index(given[0], len(value), text)]
    return Unknown("a function of a list is not evaluated")


def _of_version(value: DottedVersion, name: str, given: list[str], text: str) -> FunctionValue | Unknown:
    if name in DottedVersion._fields and not given:
        return int(getattr(value, name))
    if name == "tostring" and len(given) < 2:
        numbers = [str(number) for number in value if number >= 0]
        count = _index(given[0], len(numbers), text, end=True) if given else len(numbers)
        return ".".join(numbers[:count])
    return Unknown("a function of a version is not evaluated")


def _index(written: str, length: int, text: str, *, end: bool = False) -> int:
    digits = written.strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) < length + end:
        return int(digits)
    raise failed(text, f"there is no position {digits}")


_ENDS = {"trim": (True, True), "trimstart": (True, False), "trimend": (False, True)}


def _of_text(value: str, name: str, given: list[str], called: bool, text: str) -> FunctionValue | Unknown:
    count = len(given)
    if not called:
        if name == "length":
            return _units(value)
        if name == "value" and isinstance(value, regex_functions.MatchedText):
            return str(value)
        return Unknown("a member of a text is not evaluated")
    if not value.isascii() and _units(value) != len(value):
        return Unknown("a function of a text with characters beyond U+FFFF is not evaluated")
    if name in _ENDS and (not given or (count == 1 and given[0])):
        at_start, at_end = _ENDS[name]
        characters = given[0] if given else WHITE_SPACE
        value = value.lstrip(characters) if at_start else value
        return value.rstrip(characters) if at_end else value
    if not count:
        return _without_arguments(value, name)
    first = given[0]
    if name == "split":
        return _split(value, given)
    if name == "replace" and count == 2:
        if not first:
            raise failed(text, "nothing to be replaced")
        if len(value) + value.count(first) * len(given[1]) > LONGEST_RESULT:
            return Unknown("a value is too long")
        return value.replace(first, given[1])
    if name in ("substring", "remove"):
        start = _index(first, len(value), text, end=True)
        length = _index(given[1], len(value) - start, text, end=True) if count == 2 else len(value) - start
        return value[start : start + length] if name == "substring" else value[:start] + value[start + length :]
    if name in ("[]", "get_chars", "chars") and count == 1:
        return value[_index(first, len(value), text)]
    if name == "insert" and count == 2:
        start = _index(first, len(value), text, end=True)
        return value[:start] + given[1] + value[start:]
    if name in ("padleft", "padright"):
        width = _index(first, 10_000, text)
        fill = given[1][:1] if count == 2 else " "
        return value.rjust(width, fill or " ") if name == "padleft" else value.ljust(width, fill or " ")
    return _question(value, name, given)


def _units(value: str) -> int:
    """.NET counts UTF-16 units."""
    return len(value) + sum(char > "\uffff" for char in value)


def _without_arguments(value: str, name: str) -> FunctionValue | Unknown:
    if name in ("toupper", "toupperinvariant"):
        return (
            value.upper() if value.isascii() else Unknown("the letter case of characters beyond ASCII is not evaluated")
        )
    if name in ("tolower", "tolowerinvariant"):
        return (
            value.lower() if value.isascii() else Unknown("the letter case of characters beyond ASCII is not evaluated")
        )
    if name == "gethashcode":
        return Unknown("a hash code differs from machine to machine")
    return Unknown(f"the function {name} is not evaluated")


def _split(value: str, given: list[str]) -> FunctionValue | Unknown:
    if len(given) == 1 and len(given[0]) == 1:
        return value.split(given[0])
    # Which of .NET's methods takes more or other arguments differs from version to version.
    return Unknown("a split at anything but one character is not evaluated")


def _question(value: str, name: str, given: list[str]) -> FunctionValue | Unknown:
    first, count = given[0], len(given)
    if count == 2 and given[1].rpartition(".")[2].lower() in ("ordinalignorecase", "invariantcultureignorecase"):
        if not (value.isascii() and first.isascii()):
            return Unknown("the letter case of characters beyond ASCII is not evaluated")
        value, first, count = value.lower(), first.lower(), 1
    elif count == 2 and given[1].rpartition(".")[2].lower() in ("ordinal", "invariantculture"):
        count = 1
    if count == 1:
        if name == "startswith":
            return value.startswith(first)
        if name == "endswith":
            return value.endswith(first)
        if name == "contains":
            return first in value
        if name == "equals":
            return are_equal(value, first)
        if name == "indexof":
            return value.find(first)
        if name == "lastindexof":
            return value.rfind(first)
        if name == "indexofany":
            return min((at for char in first if (at := value.find(char)) >= 0), default=-1)
    return Unknown(f"the function {name} is not evaluated")


_MACHINE = {
    "system.datetime": "the date",
    "system.datetimeoffset": "the date",
    "system.environment": "the environment",
    "system.guid": "a random number",
    "system.random": "a random number",
    "system.runtime.interopservices.runtimeinformation": "the operating system",
    "system.operatingsystem": "the operating system",
    "system.runtime.interopservices.osplatform": "the operating system",
}
"""Types whose functions ask the machine, and what they ask it for."""

_MACHINE_FUNCTIONS = {
    "isosplatform": "the operating system",
    "isosunixlike": "the operating system",
    "isosbsdlike": "the operating system",
    "getregistryvalue": "the registry",
    "getregistryvaluefromview": "the registry",
    "getvsinstallroot": "the machine",
    "getprogramfiles32": "the machine",
    "gettoolsdirectory32": "the machine",
    "gettoolsdirectory64": "the machine",
    "getmsbuildextensionspath": "the machine",
    "getmsbuildsdkspath": "the machine",
    "getcurrenttoolsdirectory": "the machine",
    "isrunningfromvisualstudio": "the machine",
}


def call_static(
    type_name: str, member: str, arguments: Arguments, at: Surroundings, text: str
) -> FunctionValue | Unknown:
    """`[type]::member(arguments)`.

    Raises:
        ProjectRefused: it cannot be evaluated, such as the text of a file that is not there.
    """
    type_name, name = type_name.lower(), member.lower()
    if type_name in _MACHINE:
        return Unknown(f"[{type_name}]::{member} asks for {_MACHINE[type_name]}")
    if type_name == "msbuild" and name in _MACHINE_FUNCTIONS:
        return Unknown(f"[MSBuild]::{member} asks for {_MACHINE_FUNCTIONS[name]}")
    given = [argument or "" for argument in arguments or ()]
    value: FunctionValue | Unknown | None = None
    if type_name == "msbuild":
        value = _of_msbuild(name, given, at, text)
    elif type_name == "system.io.path":
        value = _of_path(name, given, at)
    elif type_name in ("system.io.file", "system.io.directory"):
        value = _of_disk(type_name, name, given, at, text)
    elif type_name in ("system.string", "string"):
        value = _of_string(name, given)
    elif type_name == "system.version" and name in ("parse", "new", "") and len(given) == 1:
        version = DottedVersion.parse(given[0])
        if version is None:
            raise failed(text, "it is not a version")
        value = version
    elif type_name == "system.text.regularexpressions.regex":
        value = regex_functions.regex_function(name, given)
    return value if value is not None else Unknown(f"[{type_name}]::{member} is not evaluated")


_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "versionequals": lambda order: order == 0,
    "versionnotequals": lambda order: order != 0,
    "versiongreaterthan": lambda order: order > 0,
    "versiongreaterthanorequals": lambda order: order >= 0,
    "versionlessthan": lambda order: order < 0,
    "versionlessthanorequals": lambda order: order <= 0,
}


def _of_msbuild(name: str, given: list[str], at: Surroundings, text: str) -> FunctionValue | Unknown | None:
    count = len(given)
    if name in ARITHMETIC and count == 2:
        return arithmetic(name, *given, text=text)
    if name in _COMPARISONS and count == 2:
        left, right = (loose_version(argument, text) for argument in given)
        return _COMPARISONS[name]((left > right) - (left < right))
    if name == "valueordefault" and count == 2:
        return given[0] or given[1]
    if name == "escape" and count == 1:
        return Escaped(escape(given[0]))
    if name == "unescape" and count == 1:
        return Escaped(unescape(given[0]))
    if name == "ensuretrailingslash" and count == 1:
        path = given[0].replace("\\", "/")
        return path if not path or path.endswith("/") else f"{path}/"
    if name == "getpathoffileabove" and count in (1, 2):
        if "/" in given[0] or "\\" in given[0]:
            raise failed(text, "the name has a separator")
        folder = at.file_above(given[0], given[1] if count == 2 else None)
        return folder if isinstance(folder, Unknown) or not folder else posixpath.join(folder, given[0])
    if name == "getdirectorynameoffileabove" and count in (1, 2):
        return at.file_above(given[1] if count == 2 else given[0], given[0])
    if name in ("normalizepath", "normalizedirectory") and any(given):
        path = at.full_path(posixpath.join(*(argument.replace("\\", "/") for argument in given)))
        return path if name == "normalizepath" or path.endswith("/") else f"{path}/"
    if name == "makerelative" and count == 2:
        base, path = (at.full_path(argument) for argument in given)
        relative = posixpath.relpath(path, base)
        if relative == ".":
            return Unknown("a path relative to itself is not evaluated")
        return f"{relative}/" if given[1].endswith(("/", "\\")) else relative
    return framework_function(name, given)


def _of_path(name: str, given: list[str], at: Surroundings) -> FunctionValue | None:
    paths = [path.replace("\\", "/") for path in given]
    if name == "combine" and paths:
        return posixpath.join(*paths)
    if len(paths) != 1:
        return None
    path = paths[0]
    file_name = path.rpartition("/")[2]
    stem, dot, extension = file_name.rpartition(".")
    if name == "getfilename":
        return file_name
    if name == "getfilenamewithoutextension":
        return stem if dot else file_name
    if name == "getextension":
        return f".{extension}" if dot and extension else ""
    if name == "getdirectoryname":
        return posixpath.dirname(path) if path.strip("/") else ""
    if name == "ispathrooted":
        return path.startswith("/")
    if name == "getfullpath" and path:
        return at.full_path(path)
    return None


def _of_disk(
    type_name: str, name: str, given: list[str], at: Surroundings, text: str
) -> FunctionValue | Unknown | None:
    if len(given) != 1:
        return None
    if name == "exists":
        return at.is_there(given[0], folder=type_name.endswith("directory"))
    if name == "readalltext" and type_name.endswith("file"):
        read = at.file_text(given[0])
        if read is None:
            raise failed(text, "there is no such file")
        return read
    return None


def _of_string(name: str, given: list[str]) -> FunctionValue | None:
    if name == "isnullorempty" and len(given) == 1:
        return not given[0]
    if name == "isnullorwhitespace" and len(given) == 1:
        return not given[0].strip()
    if name in ("concat", "new", "copy"):
        return "".join(given)
    if name == "join" and len(given) > 1:
        return given[0].join(given[1:])
    if name == "equals" and len(given) == 2:
        return given[0] == given[1]
    if name == "format" and given and given[0].count("{") == given[0].count("}"):
        text = given[0]
        for number, argument in enumerate(given[1:]):
            text = text.replace(f"{{{number}}}", argument.replace("{", "\0").replace("}", "\1"))
        return None if "{" in text else text.replace("\0", "{").replace("\1", "}")
    return None
