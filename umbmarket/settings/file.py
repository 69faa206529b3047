"""Finds and reads the settings file: `umbmarket.toml`, or `[tool.umbmarket]` in `pyproject.toml`.

Nothing here is slow unless there is a file to read: most projects have none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.disk.files import read_file, read_start
from umbmarket.findings import JsonValue, did_you_mean, shortened, visible
from umbmarket.settings.options import Selector, Settings, SettingsError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from umbmarket.settings.toml_lines import TomlLines

SETTINGS_NAME = "umbmarket.toml"
"""The name of a settings file of its own."""

PYPROJECT_NAME = "pyproject.toml"
"""The file that may hold the settings in a table, as other Python tools have theirs."""

PYPROJECT_TABLE = ("tool", "umbmarket")
"""The table of `pyproject.toml` that is read (PyPA, pyproject.toml specification: "the [tool] table")."""

LARGEST_SETTINGS = 1024 * 1024
"""Bytes: far beyond any settings file, and little enough to read whatever lies there."""

MOST_PROBLEMS = 100
"""Problems of one file that are told one by one; nobody reads more of them."""

MOST_KEY_PARTS = 100
"""Parts of one dotted key; settings have four."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LONGEST_WORD = 60


def find_settings(folder: Path) -> Path | None:
    """Look for the settings that apply to work done in a folder.

    The nearest folder upward that has settings wins; in one folder `umbmarket.toml` beats `pyproject.toml`,
    and a `pyproject.toml` without the table is passed over. The search ends at the root of the git working
    tree, at the user's home folder or at the root of the file system, whichever comes first: what lies outside of a
    repository is not its authors', and says nothing about it.

    Args:
        folder: where to begin; an absolute path.

    Returns:
        The file, or None.
    """
    for place in (folder, *folder.parents):
        found = settings_in(os.fspath(place))
        if found is not None:
            return Path(found)
        if is_top(os.fspath(place)):
            return None
    return None


def settings_in(folder: str) -> str | None:
    """The settings file that lies in a folder; None where none does."""
    own = os.path.join(folder, SETTINGS_NAME)
    if os.path.lexists(own):
        return own
    pyproject = os.path.join(folder, PYPROJECT_NAME)
    return pyproject if os.path.isfile(pyproject) and _has_table(pyproject) else None


def is_top(folder: str) -> bool:
    """Whether no settings are looked for above a folder: it is the root of a working tree, or the user's home."""
    return os.path.lexists(os.path.join(folder, ".git")) or folder == os.path.expanduser("~")


def load_settings(path: Path, shown: str | None = None) -> Settings:
    """Read a settings file.

    Args:
        path: the file; of a `pyproject.toml` the table counts, of any other the whole.
        shown: the path as shown to the user; `path` itself when None.

    Raises:
        SettingsError: it cannot be read or used. Each line of the text is one problem, with the file, the
            line where that is known, the key, and what was meant.
    """
    shown = shown or path.as_posix()
    text = _text(path, shown)
    content: object = _parsed(text, shown)
    table = PYPROJECT_TABLE if path.name == PYPROJECT_NAME else ()
    for key in table:
        if not isinstance(content, dict) or key not in content:
            header = f"[{'.'.join(table)}]"
            raise SettingsError(f"{shown} has no {header} table; add it, or name another file")
        content = content[key]

    # Late: pydantic is slow to import, and most runs have no settings file.
    from pydantic import ValidationError

    from umbmarket.settings.file_model import SettingsFile
    from umbmarket.settings.toml_lines import TomlLines

    lines = TomlLines(text)
    if not table:
        _refuse_table_of_pyproject(content, lines, shown)

    def selector(written: str, way: tuple[str | int, ...]) -> Selector:
        keys = [*table, *(part for part in way if isinstance(part, str))]
        return Selector(written, shown, _key(way), lambda: lines.line_of(keys, written))

    try:
        return SettingsFile.model_validate(content).as_settings(shown, selector)
    except ValidationError as error:
        raise SettingsError(*_problems(error, lines, shown, table)) from None


def _refuse_table_of_pyproject(content: object, lines: TomlLines, shown: str) -> None:
    """Raise `SettingsError` where a file of its own has the table that belongs into `pyproject.toml`."""
    tool, own = PYPROJECT_TABLE
    tools = content.get(tool) if isinstance(content, dict) else None
    if not (isinstance(tools, dict) and own in tools):
        return
    line = lines.line_of(PYPROJECT_TABLE)
    where = f"{shown}:{line}" if line else shown
    header = f"{tool}.{own}"
    raise SettingsError(
        f"{where}: [{header}] is for {PYPROJECT_NAME}; in this file the settings are at the top level: remove the"
        f' header, and "{header}." from the names of other tables'
    )


def settings_schema(selector: list[JsonValue]) -> dict[str, object]:
    """The JSON schema (draft 2020-12) of `umbmarket.toml`, made from the model.

    Args:
        selector: what a selector may be, for `anyOf`.
    """
    from umbmarket.settings.file_model import SELECTOR_SCHEMA, SettingsFile

    schema = _tidied(SettingsFile.model_json_schema(by_alias=True), SELECTOR_SCHEMA)
    definitions = schema.setdefault("$defs", {})
    if isinstance(definitions, dict):
        description = "A rule code, the beginning of codes, a rule's name, or ALL."
        definitions["Selector"] = {"description": description, "anyOf": selector}
    return {"$schema": _SCHEMA_DIALECT, "title": "Settings of umbmarket", **schema}


def _tidied(schema: Mapping[str, object], selector: object) -> dict[str, object]:
    """The schema without the titles that pydantic makes of Python's names, and with one definition of selectors."""
    tidy: dict[str, object] = {}
    for keyword, value in schema.items():
        if keyword == "anyOf" and value == selector:
            tidy["$ref"] = "#/$defs/Selector"
        elif isinstance(value, Mapping):
            tidy[keyword] = _tidied(value, selector)
        elif isinstance(value, list):
            tidy[keyword] = [_tidied(item, selector) if isinstance(item, Mapping) else item for item in value]
        elif keyword != "title":
            tidy[keyword] = value
    return tidy


def _has_table(pyproject: str) -> bool:
    """Whether the file has settings for umbmarket, also where it is not valid TOML besides."""
    data = read_start(pyproject, LARGEST_SETTINGS) or b""
    if b"umbmarket" not in data:
        return False
    import re
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        if _endless_key(text) is not None:
            raise ValueError("not read by tomllib")
        content = tomllib.loads(text)
    except (ValueError, RecursionError):
        return re.search(rb"^[ \t]*+\[[ \t]*+tool[ \t]*+\.[ \t]*+umbmarket\b", data, re.MULTILINE) is not None
    tool = content.get(PYPROJECT_TABLE[0])
    return isinstance(tool, dict) and PYPROJECT_TABLE[1] in tool


def _text(path: Path, shown: str) -> str:
    if os.path.isdir(path):
        raise SettingsError(f"{shown} is a folder; name the settings file in it")
    data, problem, _ = read_file(os.fspath(path), LARGEST_SETTINGS)
    if problem is not None:
        raise SettingsError(f"{shown} cannot be read: {problem}")
    if len(data) > LARGEST_SETTINGS:
        raise SettingsError(f"{shown} is larger than {LARGEST_SETTINGS:,} bytes, which no settings file is")
    if data.startswith(_UTF16_MARKS):
        raise SettingsError(f"{shown} is UTF-16, but TOML is UTF-8; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{shown}:{line}: not UTF-8; save the file as UTF-8") from None


def _parsed(text: str, shown: str) -> dict[str, object]:
    import re
    import tomllib

    endless = _endless_key(text)
    if endless is not None:
        raise SettingsError(f"{shown}:{endless}: a key of more than {MOST_KEY_PARTS} parts, which no setting has")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise SettingsError(f"{shown}: nested too deeply to be read") from None
    except ValueError as error:
        if not isinstance(error, tomllib.TOMLDecodeError):
            # Of the number, and its words are about Python.
            raise SettingsError(f"{shown}: not valid TOML: a number has thousands of digits") from None
        # tomllib tells the position in its text alone.
        message = str(error)
        place = re.search(r" \(at line ([0-9]+), column ([0-9]+)\)$", message)
        where = f"{shown}:{place[1]}:{place[2]}" if place else shown
        said = message[: place.start()] if place else message
        raise SettingsError(visible(f"{where}: not valid TOML: {said}")) from None


def _endless_key(text: str) -> int | None:
    """The line of a dotted key of very many parts: tomllib takes the square of their number; None without one."""
    import re

    part = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
    found = re.search(rf"""(?<![\w"'-])(?:{part}){{{MOST_KEY_PARTS}}}""", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _problems(error: ValidationError, lines: TomlLines, shown: str, table: tuple[str, ...]) -> list[str]:
    """One line for each thing that is wrong, in the order of the file where the lines are known.

    Of very many the first ones that pydantic found are told, and how many more there are.
    """
    from umbmarket.settings.file_model import TABLE_TAG, TEXT_TAG

    found: list[tuple[int, str]] = []
    misspelt: set[tuple[str | int, ...]] = set()
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] == "missing")
    for detail in details[:MOST_PROBLEMS]:
        way = tuple(part for part in detail["loc"] if part not in (TABLE_TAG, TEXT_TAG, "[key]"))
        if detail["type"] == "extra_forbidden":
            misspelt.add(way[:-1])
        elif detail["type"] == "missing" and way[:-1] in misspelt:
            # The unknown key beside it is the missing one: one problem, said once.
            continue
        keys = [*table, *(part for part in way if isinstance(part, str))]
        line = lines.line_of(keys, detail["input"]) if way else None
        where = f"{shown}:{line}" if line else shown
        # What names the last key itself needs no more than the way to it.
        shown_way = way[:-1] if detail["type"] in ("extra_forbidden", "missing") else way
        key = f"{_key(shown_way)}: " if shown_way else ""
        found.append((line or 0, visible(f"{where}: {key}{_said(detail, way)}")))
    told = [problem for _, problem in sorted(found, key=lambda pair: pair[0])]
    if len(details) > MOST_PROBLEMS:
        told.append(f"{shown}: and {len(details) - MOST_PROBLEMS:,} more problems")
    return told


def _key(way: tuple[str | int, ...]) -> str:
    """The way to a value as TOML would write it, such as `per-file-ignores."docs/**", item 1`."""
    written = ""
    for part in way:
        if isinstance(part, int):
            written += f", item {part + 1}, "
        else:
            bare = part.replace("-", "").replace("_", "")
            key = part if bare.isascii() and bare.isalnum() else f'"{part}"'
            written += f".{key}" if written and not written.endswith(", ") else key
    return written.removesuffix(", ")


def _said(detail: ErrorDetails, way: tuple[str | int, ...]) -> str:
    """What is wrong, in the words of TOML instead of Python's."""
    from umbmarket.settings.file_model import keys_at

    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        name = str(way[-1])
        known = keys_at("ignore" if len(way) > 1 else "root")
        return f'unknown key "{_cut(name)}"{did_you_mean(name, known)}'
    if kind == "missing":
        return f'"{way[-1]}" is missing'
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "enum" and isinstance(value, str):
        allowed = [word.strip("'") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        listed = ", ".join(f'"{word}"' for word in allowed)
        near = did_you_mean(value, allowed).removeprefix("; ") or f"use one of {listed}"
        return f'unknown value "{_cut(value)}", {near}'
    table = "a table" if not way or isinstance(way[-1], str) else "a string or a table"
    wanted = {"list_type": "an array", "string_type": "a string", "enum": "a string"}.get(kind, table)
    return f"expected {wanted}, found {_kind_of(value)}"


def _kind_of(value: object) -> str:
    """What TOML calls a value."""
    if isinstance(value, bool):
        return "a boolean"
    for kind, name in ((str, "a string"), (int | float, "a number"), (list, "an array"), (dict, "a table")):
        if isinstance(value, kind):
            return name
    return "a date or time"


def _cut(word: str) -> str:
    return shortened(word, _LONGEST_WORD)
