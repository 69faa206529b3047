"""A `.nuspec` that is packed as it stands, but for its `$tokens$`.

A token that has a value is replaced before anything is read. One that has none leaves unknown what it stands in: that
is taken out, and noted, so that nothing is found out about a text that the package will not have.

Sources: NuGet.Client, Manifest.ReadFrom, Preprocessor and Tokenizer (tokens), PackTaskLogic (NuspecFile,
NuspecProperties).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from umbmarket.formats.xml.elements import XmlElement
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.package.nuspec_model import Dependency, DependencyGroup, NuspecProblem
from umbmarket.nuget.package.push_rules import KNOWN_ELEMENTS, push_problems
from umbmarket.nuget.project.planned_dependencies import PlannedDependency
from umbmarket.nuget.project.unknown import Unknown

_TOKEN = re.compile(r"\$(?P<name>[\w.-]+)\$")
"""NuGet's own names have letters, digits and underscores; tools that fill in nuspecs take dots and hyphens as well."""

_STRUCTURED = frozenset(("dependencies", "packageTypes"))
"""Elements of the metadata in which one token leaves the whole unknown, unless it stands for a range."""

_BY_FOLDED_NAME = {name.lower(): name for name in KNOWN_ELEMENTS}
_LICENSES = frozenset(("license", "licenseUrl"))


def properties_of(text: str) -> dict[str, str]:
    """`NuspecProperties`, such as `version=1.2.3;owner=me`, by lower-case name."""
    found = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals and name.strip():
            found[name.strip().lower()] = value.strip()
    return found


class NuspecSource:
    """A nuspec in the source folder.

    Attributes:
        nuspec: with its tokens replaced, and without what they leave unknown; positions are those of the file.
        unknown: what is not known, by the name of its element in the metadata.
        pointers: where that stands, by the same name.
        replaced: pointers of the elements, in which another text stands than in the file.
        whole: why nothing is known; None where something is.
    """

    def __init__(self, name: str, data: bytes, properties: dict[str, str]) -> None:
        """Never raises.

        Args:
            name: of the file.
            data: its bytes.
            properties: the values of its tokens, by lower-case name.
        """
        self.unknown: dict[str, Unknown] = {}
        self.pointers: dict[str, str] = {}
        self.replaced: set[str] = set()
        self.whole: Unknown | None = None
        self._properties = properties
        self._ranges: dict[str, Unknown] = {}
        self._touched: set[str] = set()
        self.nuspec = Nuspec(name, data, self._settle)

    def text(self, name: str) -> str | Unknown | None:
        """The text of an element of the metadata."""
        return self.unknown.get(name) or self.nuspec.text(name)

    @property
    def version_text(self) -> str | Unknown | None:
        """The version as it is written."""
        return self.unknown.get("version") or self.nuspec.version_text

    @property
    def doubt_about_license(self) -> Unknown | None:
        """Why the licence is not known."""
        found = self.unknown.get("license")
        return found if found is not None or self.nuspec.license is not None else self.unknown.get("licenseUrl")

    @cached_property
    def dependency_groups(self) -> tuple[DependencyGroup, ...] | Unknown:
        """The dependencies; `PlannedDependency`s where their ranges are not known."""
        unknown = self.unknown.get("dependencies")
        if unknown is not None:
            return unknown
        return tuple(
            replace(group, dependencies=tuple(map(self._planned, group.dependencies)))
            for group in self.nuspec.dependency_groups
        )

    def doubted_ranges(self) -> Iterator[tuple[Dependency, Unknown]]:
        """The dependencies whose ranges are not known, and why."""
        for group in self.nuspec.dependency_groups:
            for each in group.dependencies:
                if each.pointer in self._ranges:
                    yield each, self._ranges[each.pointer]

    def _planned(self, dependency: Dependency) -> Dependency:
        doubt = self._ranges.get(dependency.pointer)
        if doubt is None:
            return dependency
        return PlannedDependency(
            dependency.id,
            None,
            None,
            None,
            dependency.include,
            dependency.exclude,
            dependency.pointer,
            doubt=doubt,
        )

    @cached_property
    def problems(self) -> tuple[NuspecProblem, ...]:
        """What NuGet and nuget.org refuse, whatever its tokens stand for."""
        return tuple(filter(self.is_certain, (*self.nuspec.problems, *push_problems(self.nuspec))))

    def is_certain(self, problem: NuspecProblem) -> bool:
        """Whether something is refused whatever the tokens stand for."""
        if self._touched.intersection(_with_those_around(problem.place.pointer)):
            return False
        about = problem.kind.removeprefix("missing-").removeprefix("invalid-")
        # That a licence and its address do not go together is said of either.
        return about not in self.unknown and not (about.startswith("license") and _LICENSES & self.unknown.keys())

    # Its tokens.

    def _settle(self, root: XmlElement) -> None:
        """Replace the tokens, and take out what they leave unknown."""
        metadata = next((child for child in root.children if child.name == "metadata"), None)
        for element in (root, metadata):
            doubt = self._doubt_of_own_text(element) if element is not None else None
            if doubt is not None:
                # It may stand for any element.
                self.whole = self.whole or doubt
        if metadata is None:
            return
        self._settle_attributes(metadata)
        self._touched.discard(metadata.pointer)
        for child in list(metadata.children):
            self._settle_child(metadata, child)

    def _settle_child(self, metadata: XmlElement, child: XmlElement) -> None:
        name = _BY_FOLDED_NAME.get(child.name.lower(), child.name)
        doubt = next((each for each in self._doubts(child) if each is not None), None)
        if doubt is None:
            return
        self._touched.add(child.pointer)
        self.unknown.setdefault(name, doubt)
        self.pointers.setdefault(name, child.pointer)
        metadata.parts.remove(child)

    def _doubts(self, top: XmlElement) -> Iterator[Unknown | None]:
        """What leaves an element of the metadata unknown; all else in it is settled."""
        waiting = [top]
        while waiting:
            element = waiting.pop()
            waiting += element.children
            is_told = top.name in _STRUCTURED or element is top
            doubt = self._doubt_of_own_text(element)
            yield doubt if is_told else None
            doubts = self._settle_attributes(element)
            if top.name == "dependencies" and element.name == "dependency" and "version" in doubts:
                self._ranges[element.pointer] = doubts.pop("version")
            if top.name == "repository":
                # Neither says where the source is.
                doubts = {name: doubt for name, doubt in doubts.items() if name not in ("branch", "commit")}
            yield next(iter(doubts.values()), None) if is_told else None

    def _doubt_of_own_text(self, element: XmlElement) -> Unknown | None:
        """Replace the tokens in the text of an element; why it is not known, or None."""
        parts: list[str | XmlElement] = []
        doubt = None
        for part in element.parts:
            if isinstance(part, str) and "$" in part:
                text = self._replaced(part)
                if text != part:
                    self.replaced.add(element.pointer)
                doubt = doubt or _doubt(text)
                parts.append(text)
            else:
                parts.append(part)
        element.parts[:] = parts
        if doubt is not None:
            self._touched.add(element.pointer)
        return doubt

    def _settle_attributes(self, element: XmlElement) -> dict[str, Unknown]:
        """Replace the tokens in the attributes of an element; those that are not known are taken out, and given."""
        doubts = {}
        for name, written in list(element.attributes.items()):
            if "$" not in written:
                continue
            text = element.attributes[name] = self._replaced(written)
            if text != written:
                self.replaced.add(f"{element.pointer}/@{name}")
            doubt = _doubt(text)
            if doubt is not None:
                doubts[name] = doubt
                del element.attributes[name]
                self._touched.add(element.pointer)
        return doubts

    def _replaced(self, text: str) -> str:
        """A text with each token replaced that there is a value for; the others stay."""
        return _TOKEN.sub(lambda match: self._properties.get(match["name"].lower(), match[0]), text)


def _doubt(text: str) -> Unknown | None:
    found = _TOKEN.search(text)
    return Unknown(f"{found[0]} is replaced only when the package is made") if found is not None else None


def _with_those_around(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
