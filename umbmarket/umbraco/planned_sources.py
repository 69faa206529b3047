"""From the places of a planned nuspec to the elements of project files that stand behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from umbmarket.findings import WHOLE_DOCUMENT, Document, Place
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.pack_metadata import join_tags
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.project_files import normalized
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.umbraco.planned_places import SourceFile, SourceFiles, place_at, same_text, text_at

OWN = "/planned"
"""Pointers that begin so are none of a nuspec's: dependencies whose range is not known stand in none."""

_AT = f"{OWN}/at-"
"""Pointers that begin so name elements of the project's files."""


_PROPERTY = re.compile(r"\s*\$\((?P<name>[A-Za-z_][A-Za-z0-9_-]*)\)\s*")


class Written(NamedTuple):
    """Where something of a planned package was written.

    Attributes:
        document: the file.
        place: in it.
        literal: it stands there as it would stand in the package.
        properties: where the properties are set that alone are written there, by their names.
        range: the range that the package would have there; empty for whatever is none.
    """

    document: Document
    place: Place
    literal: bool
    properties: tuple[tuple[str, Document, Place], ...] = ()
    range: str = ""


class PlannedSources:
    """Where the parts of one planned package come from.

    Attributes:
        files: the documents of the run's project files.
    """

    def __init__(self, plan: PlannedPackage, real_path: str, files: SourceFiles) -> None:
        """`real_path` is the absolute path of the project, with forward slashes."""
        self.files = files
        self._plan = plan
        self._real_path = real_path
        self._kept: dict[str, tuple[SourcePlace, str | None]] = {}

    @cached_property
    def file(self) -> SourceFile | None:
        """The project, or the nuspec that is packed without one, as a document; None where it cannot be read at all."""
        if self._plan.evaluation is not None:
            project = self._plan.evaluation.project
            return self.files.of(project) if project.real_path != "/" else None
        source = self._plan.source_nuspec
        return self.files.of_nuspec(self._real_path, source.nuspec) if source is not None else None

    def keep(self, pointer: str, source: SourcePlace | None, value: str | None = None) -> None:
        """Note what stands behind a pointer that begins with `OWN`, and what the package has; None for the same."""
        if source is not None:
            self._kept[pointer] = (source, value)

    def place_of(self, source: SourcePlace | None) -> Place:
        """A place for an element of the project's files; for None that of the root element."""
        pointer = f"{_AT}{len(self._kept)}"
        self.keep(pointer, source or self._root)
        return Place(pointer)

    def written(self, place: Place, unwritten: Document, values: dict[str, str]) -> Written:
        """Where a place comes from.

        Args:
            place: in the planned nuspec, or one with a pointer of its own.
            unwritten: what stands for the project where it cannot be read.
            values: what the package has in elements that are no simple texts, by their names.
        """
        is_own = place.pointer.startswith(OWN)
        nuspec = self._plan.source_nuspec
        if nuspec is not None and not is_own:
            is_written = place.pointer not in nuspec.replaced
            # A part of what the package would have stands somewhere else in the file, or nowhere.
            return Written(self._nuspec_file(), place if is_written else place._replace(within=None), is_written)
        source, value = self._kept_at(place.pointer) if is_own else self._behind(place.pointer, values)
        is_same = value is None and place.pointer in self._kept
        if source is None:
            return Written(self.file or unwritten, WHOLE_DOCUMENT, literal=is_own)
        text = text_at(source)
        if text is not None and place.pointer == "/metadata/tags":
            # They stand there as they were meant: what pack changes between them changes none.
            text = join_tags(text)
        literal = is_same or (value is not None and text is not None and same_text(text, value))
        # `[17.0.0,)` is written in the package as `17.0.0`, which stands there as well.
        literal = literal or (is_own and bool(value) and text is not None and str(value) in text)
        range_ = (value or "") if is_own else ""
        return Written(self.files.of(source.file), place_at(source), literal, tuple(self._properties(text)), range_)

    def _properties(self, text: str | None) -> Iterator[tuple[str, Document, Place]]:
        """Where a property is set that is all that `text` says, such as `$(UmbracoVersion)`."""
        evaluation = self._plan.evaluation
        found = _PROPERTY.fullmatch(text) if text is not None else None
        source = evaluation.place_of(found["name"]) if found is not None and evaluation is not None else None
        if found is not None and source is not None:
            yield found["name"], self.files.of(source.file), place_at(source)

    def _nuspec_file(self) -> SourceFile:
        """The nuspec that is packed as it stands."""
        source, evaluation = self._plan.source_nuspec, self._plan.evaluation
        assert source is not None
        if evaluation is None:
            return self.files.of_nuspec(self._real_path, source.nuspec)
        named = evaluation.value("NuspecFile")
        path = normalized(named.strip(), evaluation.project.folder) if isinstance(named, str) else self._real_path
        return self.files.of_nuspec(path, source.nuspec)

    def _kept_at(self, pointer: str) -> tuple[SourcePlace | None, str | None]:
        """What was noted for the pointer, or the nearest around it."""
        while pointer:
            if pointer in self._kept:
                return self._kept[pointer]
            pointer = pointer.rpartition("/")[0]
        return self._root, None

    def _behind(self, pointer: str, values: dict[str, str]) -> tuple[SourcePlace | None, str | None]:
        """The element that stands behind a pointer of the nuspec, and the text that the package has there."""
        if self._plan.whole is not None:
            return self._root, None
        name = pointer.removeprefix("/metadata/").removesuffix("[1]")
        fact = self._plan.facts.get(name)
        if fact is not None and not isinstance(fact.value, Unknown):
            return fact.source or self._root, (fact.value or values.get(name)) if fact.source is not None else None
        return self._plan.source_of(Place(pointer)), values.get(name)

    @property
    def _root(self) -> SourcePlace | None:
        evaluation = self._plan.evaluation
        if evaluation is None or evaluation.project.root is None:
            return None
        return SourcePlace(evaluation.project, evaluation.project.root)
