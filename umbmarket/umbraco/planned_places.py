"""Where findings about planned packages stand: the files that they are planned from, as documents of a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property

from umbmarket.disk.files import read_file
from umbmarket.findings import Document, Place, Region
from umbmarket.formats.source import SourceText
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.package.packed_file import LARGEST_EMBEDDED_FILE
from umbmarket.nuget.project.items import Item, SourcePlace
from umbmarket.nuget.project.planned_dependencies import keeping_out
from umbmarket.nuget.project.project_files import ProjectFile

Shown = Callable[[str], str]
"""An absolute path as it is shown to the user."""


class SourceFile:
    """A file that MSBuild reads, or a nuspec in the source folder: a `Document`.

    Attributes:
        path: as shown to the user.
        source: its text.
    """

    def __init__(self, path: str, file: ProjectFile | Nuspec) -> None:
        """`file` knows the places in it."""
        self.path = path
        self._file = file
        self.source: SourceText = file.source

    def member_of(self, place: Place) -> str | None:
        """None: it is no archive."""
        return None

    def source_of(self, place: Place) -> SourceText:
        """Its text."""
        return self.source

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place`; None for the file as a whole."""
        if place.span is None and not place.pointer:
            return None
        return self._file.locate(place)


class SourceFiles:
    """The documents of a run's project files, each made once."""

    def __init__(self, shown: Shown) -> None:
        """`shown` gives the path that the user is shown."""
        self._shown = shown
        self._made: dict[str, SourceFile] = {}

    def shown(self, real_path: str) -> str:
        """A path with forward slashes as it is shown."""
        return self._shown(real_path.replace("/", os.sep))

    def of(self, file: ProjectFile) -> SourceFile:
        """The document of a file that MSBuild reads."""
        known = self._made.get(file.real_path)
        if known is None:
            known = self._made[file.real_path] = SourceFile(self.shown(file.real_path), file)
        return known

    def of_nuspec(self, real_path: str, nuspec: Nuspec) -> SourceFile:
        """The document of a nuspec."""
        known = self._made.get(real_path)
        if known is None:
            known = self._made[real_path] = SourceFile(self.shown(real_path), nuspec)
        return known


class DiskFile:
    """A file that would be packed as it is: a `Document`, read when it is asked for.

    Attributes:
        path: as shown to the user.
        owner: the package that it would be packed into.
    """

    def __init__(self, path: str, disk_path: str, owner: Document) -> None:
        """`disk_path` is absolute."""
        self.path = path
        self.owner = owner
        self._disk_path = disk_path

    @cached_property
    def data(self) -> bytes | None:
        """The bytes, at most one more than `LARGEST_EMBEDDED_FILE` of them; None where they cannot be read."""
        content = read_file(self._disk_path, LARGEST_EMBEDDED_FILE)
        return content.data if content.problem is None else None

    @cached_property
    def size(self) -> int:
        """Length in bytes."""
        data = self.data or b""
        if len(data) <= LARGEST_EMBEDDED_FILE:
            return len(data)
        try:
            return max(os.stat(self._disk_path).st_size, len(data))
        except (OSError, ValueError):
            return len(data)

    @cached_property
    def source(self) -> SourceText:
        """The text; empty where it cannot be read."""
        return SourceText(self.data or b"")

    def member_of(self, place: Place) -> str | None:
        """None: it is no archive."""
        return None

    def source_of(self, place: Place) -> SourceText:
        """Its text."""
        return self.source

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of a span; None for the file as a whole."""
        return self.source.region(place.span) if place.span is not None else None


def place_at(source: SourcePlace) -> Place:
    """The start tag of an element that something was written with, under the pointer of its value.

    In a file that is not well-formed, the place where that shows.
    """
    if source.element is None and source.file.problem is not None:
        return Place(span=source.file.problem_span)
    return source.value_place._replace(span=source.place.span)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space: `[10,11)` and `[10, 11)`."""
    return "".join(one.split()) == "".join(other.split())


def text_at(source: SourcePlace) -> str | None:
    """What the element, or its attribute, says as it is written; None where it holds other elements."""
    if source.element is None:
        return None
    if source.attribute:
        wanted = source.attribute.lower()
        return next((value for name, value in source.element.attrib.items() if name.lower() == wanted), None)
    return (source.element.text or "").strip() if not len(source.element) else None


def kept_out_by(item: Item) -> tuple[str, SourcePlace]:
    """The metadata that keeps a reference from becoming a dependency, as it is written, and the element that sets it.

    That is another one than the reference where an `Update` or an `ItemDefinitionGroup` says it.
    """
    found = keeping_out(item)
    # Of a project whose assembly is not referenced nothing else has to be said.
    name = found if isinstance(found, str) else "ReferenceOutputAssembly"
    return f'{name}="{item.text(name)}"', item.metadata_places.get(name.lower(), item.place)
