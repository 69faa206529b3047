"""Sources of `dotnet new` templates: their texts hold symbols that the template engine replaces.

A template is a folder with `.template.config/template.json` in it (Microsoft, "Custom templates for dotnet new" and
"Reference for template.json"). What its symbols replace is told by their `replaces`, and `sourceName` is replaced by
the name of the new project.
"""

from __future__ import annotations

import os

from umbmarket.disk.files import read_file
from umbmarket.findings import JsonValue
from umbmarket.formats.json.tree import JsonTree
from umbmarket.formats.source import SourceText

_CONFIGURATION = os.path.join(".template.config", "template.json")

_LARGEST = 1024 * 1024

_HIGHEST = 32
"""Folders above a file that are asked for a template at the most."""


def template_above(folder: str, top: str | None, known: dict[str, str | None]) -> str | None:
    """The configuration of the template whose source `folder` is a part of, or None.

    Args:
        folder: absolute path.
        top: the highest folder to ask, such as the root of the repository; None to ask all.
        known: what was found for folders asked before, with the same `top`; it grows.
    """
    passed: list[str] = []
    found: str | None = None
    for _ in range(_HIGHEST):
        if folder in known:
            found = known[folder]
            break
        passed.append(folder)
        path = os.path.join(folder, _CONFIGURATION)
        if os.path.isfile(path):
            found = path
            break
        above = os.path.dirname(folder)
        if folder == top or above == folder:
            break
        folder = above
    known.update(dict.fromkeys(passed, found))
    return found


def symbols_in(path: str) -> tuple[str, ...]:
    """What the template engine replaces in the files of a template, by its configuration; none if it is unreadable."""
    content = read_file(path, _LARGEST)
    source = SourceText(content.data)
    # The template engine allows comments in it.
    value = JsonTree(source.text).value if content.problem is None and source.readable else None
    if not isinstance(value, dict):
        return ()
    replaced: list[JsonValue] = [value.get("sourceName")]
    symbols = value.get("symbols")
    for symbol in symbols.values() if isinstance(symbols, dict) else ():
        if isinstance(symbol, dict):
            replaced += [symbol.get("replaces"), symbol.get("fileRename")]
    return tuple(dict.fromkeys(each for each in replaced if isinstance(each, str) and each.strip()))
