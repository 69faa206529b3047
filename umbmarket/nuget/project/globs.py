"""Files that a wildcard names, in the folders below one and never outside of the root.

Source: dotnet/msbuild, FileMatcher. The search is bounded; beyond the bound the answer is unknown.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from umbmarket.disk.files import NEVER_SEARCHED
from umbmarket.nuget.project.items import path_pattern
from umbmarket.nuget.project.project_files import BUILD_OUTPUT, ProjectFiles, normalized
from umbmarket.nuget.project.unknown import Unknown

MOST_FOLDERS = 3_000
MOST_MATCHES = 10_000


def matching_files(pattern: str, folder: str, files: ProjectFiles) -> list[str] | Unknown:
    """Absolute paths of the files that `pattern`, relative to `folder`, names.

    They are in the order of their names in capitals, as .NET compares without letter case (EngineFileUtilities).
    Folders of build output and of other people's packages are not searched: their content is unknown where the pattern
    itself leads into one.
    """
    full = normalized(pattern, folder)
    steps = full.split("/")
    first = next((number for number, step in enumerate(steps) if "*" in step or "?" in step), len(steps) - 1)
    start = "/".join(steps[:first]) or "/"
    if not files.contains(start):
        return Unknown(f"a pattern leads out of the repository: {pattern[:100]}")
    if any(step.lower() in NEVER_SEARCHED for step in files.shown(start).split("/")):
        return Unknown(f"a pattern matches build output: {pattern[:100]}")
    expression = path_pattern(full)
    deep = "**" in steps or any("*" in step or "?" in step for step in steps[first:-1])
    found: list[str] = []
    waiting = [start]
    searched = 0
    while waiting:
        current = waiting.pop()
        searched += 1
        if searched > MOST_FOLDERS or len(found) > MOST_MATCHES:
            return Unknown(f"a pattern matches too many files: {pattern[:100]}")
        for name, is_linked in sorted((files.names(current) or {}).items()):
            path = f"{current.rstrip('/')}/{name}"
            if is_linked and not isinstance(files.find(path), str):
                continue
            if os.path.isdir(path):
                if deep and not is_linked and name.lower() not in NEVER_SEARCHED:
                    waiting.append(path)
            elif expression.fullmatch(path):
                found.append(path)
    return sorted(sorted(found), key=str.upper)


class Named(NamedTuple):
    """A file that a pattern of an item names.

    Attributes:
        include: as the item is called: with the pattern's fixed folder as that is written.
        recursive_dir: see `Item.recursive_dir`.
    """

    include: str
    recursive_dir: str


def named_files(pattern: str, folder: str, files: ProjectFiles) -> list[Named] | Unknown:
    """The files of `matching_files` as items are called (FileMatcher)."""
    found = matching_files(pattern, folder, files)
    if isinstance(found, Unknown):
        return found
    steps = pattern.replace("\\", "/").split("/")
    first = next((number for number, step in enumerate(steps) if "*" in step or "?" in step), len(steps) - 1)
    fixed = "".join(f"{step}/" for step in steps[:first])
    start = len(f"{normalized(fixed, folder).rstrip('/')}/")
    is_deep = first < len(steps) - 1
    return [Named(fixed + path[start:], path[start : path.rfind("/") + 1] if is_deep else "") for path in found]


def relative(path: str, folder: str) -> str:
    """An absolute path as an item has it: from `folder` on where it lies in there, else as it is."""
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else path


def is_build_output(path: str, folder: str) -> bool:
    """Whether an absolute path lies in a folder below `folder` that a build fills; `wwwroot` is none here."""
    return any(step.lower() in BUILD_OUTPUT - {"wwwroot"} for step in relative(path, folder).split("/")[:-1])
