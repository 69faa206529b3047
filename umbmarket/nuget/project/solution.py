"""The projects that a solution lists: `.sln`, `.slnx`, and `.slnf`, which filters one of the two.

Sources: MSBuild, SolutionFile.cs (header, lines of projects, filters); learn.microsoft.com, "Solution (.slnx) file".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from umbmarket.disk.files import in_words, is_below, read_file
from umbmarket.disk.real_path import real_path
from umbmarket.formats.json.strict import NotStrictJson, read_strict
from umbmarket.formats.json.tolerated import read_tolerated
from umbmarket.formats.source import SourceText
from umbmarket.formats.xml.elements import XmlElement, XmlRefused, read_xml
from umbmarket.formats.xml.encoding import decode_xml
from umbmarket.nuget.project.project_files import root_of
from umbmarket.nuget.project.unknown import Unknown

SOLUTION_ENDINGS = (".sln", ".slnx", ".slnf")

LARGEST_SOLUTION = 4 * 1024 * 1024
"""Bytes of a solution that are read; one with a thousand projects has some 600,000."""

_HEADER = "Microsoft Visual Studio Solution File, Format Version "
_PROJECT_LINE = re.compile(r'Project\("[^"]*"\)\s*=\s*"[^"]*"\s*,\s*"(?P<path>[^"]*)"\s*,\s*"[^"]*"\s*')
_OUTSIDE = "it is outside of the repository"
_ANY_FILE = "x"


class ListedProject(NamedTuple):
    """A project of a solution.

    Attributes:
        path: absolute and normal, whether there is such a file or not.
        problem: why it is not looked at, in words; empty for none.
    """

    path: str
    problem: str


def projects_of(path: str) -> tuple[ListedProject, ...] | Unknown:
    """The projects that a solution lists, in its order, each once; of whatever language, and no solution folders.

    What is outside of the repository (without git: of the solution's folder, or of that with the files that projects
    share above it) is not to be read, whatever a solution says: who can change it could let it name any file.

    Args:
        path: of a file whose name ends as `SOLUTION_ENDINGS` say.

    Returns:
        The projects, or why they are not known.
    """
    content = read_file(path, LARGEST_SOLUTION)
    if content.problem is not None:
        return Unknown(content.problem)
    if len(content.data) > LARGEST_SOLUTION:
        return Unknown(f"it is longer than the limit of {LARGEST_SOLUTION:,} bytes")
    base = folder = os.path.dirname(os.path.abspath(path))
    ending = os.path.splitext(path)[1].lower()
    try:
        if ending == ".slnx":
            written: Iterable[str] = list(_of_xml(content.data))
        elif ending == ".slnf":
            base, written = _of_filter(content.data, base)
        else:
            written = list(_of_lines(content.data))
    except _Refused as refused:
        return Unknown(str(refused))
    # Where a solution lies counts, and not where it leads as a link: its paths start from there.
    root = root_of(os.path.join(folder, _ANY_FILE))
    found = dict.fromkeys(os.path.normpath(os.path.join(base, each.strip().replace("\\", "/"))) for each in written)
    return tuple(ListedProject(each, _problem_of(each, root)) for each in found)


class _Refused(Exception):
    """It is no solution; the text says why, as a clause."""


def _of_lines(data: bytes) -> Iterator[str]:
    """What the `Project(...)` lines of a `.sln` name."""
    lines = SourceText(data).text.splitlines()
    if not any(line.startswith(_HEADER) for line in lines[:2]):
        raise _Refused(f'it does not begin with "{_HEADER.rstrip()}"')
    for line in lines:
        match = _PROJECT_LINE.fullmatch(line.lstrip())
        # Solution folders and websites stand there as well; only projects are files that end so.
        if match is not None and match["path"].lower().endswith("proj"):
            yield match["path"]


def _of_xml(data: bytes) -> Iterator[str]:
    """What the `<Project Path="">` elements of a `.slnx` name."""
    text = decode_xml(data).source.text
    try:
        root = read_xml(text)
    except XmlRefused as refused:
        # The words about a DOCTYPE are about NuGet.
        raise _Refused("it has a DOCTYPE" if refused.kind == "doctype" else refused.detail) from None
    if root.name != "Solution":
        raise _Refused("its root element is not <Solution>")
    waiting: list[XmlElement] = [root]
    while waiting:
        element = waiting.pop()
        if element.name == "Project" and element.attributes.get("Path"):
            yield element.attributes["Path"]
        elif element.name in ("Solution", "Folder"):
            waiting.extend(reversed(list(element.children)))


def _of_filter(data: bytes, folder: str) -> tuple[str, list[str]]:
    """What a `.slnf` names, and the folder of its solution, which the paths start from."""
    text = SourceText(data).text
    try:
        value = read_strict(text).value
    except NotStrictJson:
        tolerated = read_tolerated(text)
        if tolerated is None:
            raise _Refused("it is not JSON") from None
        value = tolerated.reading.value
    solution = value.get("solution") if isinstance(value, dict) else None
    path = solution.get("path") if isinstance(solution, dict) else None
    projects = solution.get("projects") if isinstance(solution, dict) else None
    if not isinstance(path, str) or not isinstance(projects, list):
        raise _Refused('it has no "solution" with "path" and "projects"')
    base = os.path.dirname(os.path.join(folder, path.replace("\\", "/")))
    return base, [each for each in projects if isinstance(each, str)]


def _problem_of(path: str, root: str) -> str:
    try:
        real = real_path(path)
    except (OSError, ValueError) as error:
        return in_words(error, path)
    return "" if is_below(real, real_path(root)) else _OUTSIDE
