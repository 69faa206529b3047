"""Items: what an item group made, with metadata whose names ignore letter case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from umbmarket.findings import Place, Region
from umbmarket.nuget.project.construction import Metadata
from umbmarket.nuget.project.escaping import unescape
from umbmarket.nuget.project.project_files import Element, ProjectFile, normalized
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

METADATA = re.compile(r"%\(\s*(?:(?P<kind>[A-Za-z_][A-Za-z0-9_-]*)\s*\.\s*)?(?P<name>[A-Za-z_][A-Za-z0-9_-]*)\s*\)")
"""`%(Name)` and `%(Kind.Name)`."""

BUILT_IN_METADATA = frozenset(
    {"identity", "filename", "extension", "relativedir", "fullpath", "rootdir", "directory", "recursivedir"}
    | {"modifiedtime", "createdtime", "accessedtime", "definingprojectfullpath", "definingprojectdirectory"}
    | {"definingprojectname", "definingprojectextension"}
)
"""Metadata that every item has, in lower case (ItemSpecModifiers)."""


def metadata_refusal(text: str) -> ProjectRefused:
    """What MSBuild says of `%(...)` in a condition that may not have it."""
    found = METADATA.search(text)
    built_in = found is not None and found["name"].lower() in BUILT_IN_METADATA
    return ProjectRefused("MSB4190" if built_in else "MSB4191", "metadata is not allowed in this condition")


class SourcePlace(NamedTuple):
    """Where something was written: an element of a file. Its position is only looked for when it is asked for.

    Attributes:
        file: the file, which is a `Document` for findings.
        element: the element; None for the file as a whole.
        attribute: the attribute that holds the value; empty where the element's content does.
    """

    file: ProjectFile
    element: Element | None = None
    attribute: str = ""

    @property
    def place(self) -> Place:
        """The start tag of the element."""
        return Place(span=self.file.start_tag(self.element)) if self.element is not None else Place()

    @property
    def value_place(self) -> Place:
        """The value: the text of the element, or of the attribute."""
        if self.element is None:
            return Place()
        return Place(pointer=self.file.pointer(self.element) + (f"/@{self.attribute}" if self.attribute else ""))

    @property
    def region(self) -> Region | None:
        """Lines, columns and bytes of the start tag; None for the file as a whole."""
        return self.file.locate(self.place)

    @property
    def path(self) -> str:
        """The file, relative to the root."""
        return self.file.path

    @property
    def line(self) -> int:
        """Line of the start tag, from 1; 1 for the file as a whole."""
        region = self.region
        return region.line if region is not None else 1

    @property
    def column(self) -> int:
        """Column of the start tag, from 1; 1 for the file as a whole."""
        region = self.region
        return region.column if region is not None else 1

    def __str__(self) -> str:
        region = self.region
        return self.file.path if region is None else f"{self.file.path}:{region.line}:{region.column}"


def source_of(metadata: Metadata, element: Element, file: ProjectFile) -> SourcePlace:
    """Where a metadata value of an item was written, which an element of `file` made."""
    return SourcePlace(file, metadata.element, metadata.name if metadata.element is element else "")


class ItemMetadata(Mapping[str, "str | Unknown"]):
    """The metadata of an item: decoded values, by names whose letter case does not count."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, tuple[str, str | Unknown]]) -> None:
        """`values` holds written name and value, still escaped, by lower-case name."""
        self._values = {
            key: (name, value if isinstance(value, Unknown) else unescape(value))
            for key, (name, value) in values.items()
        }

    def __getitem__(self, name: str) -> str | Unknown:
        return self._values[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return (written for written, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict(self._values.values()))


class Item:
    """One item.

    Attributes:
        include: what it is called, decoded.
    """

    __slots__ = ("_made", "_metadata", "include")

    def __init__(self, made: WorkingItem) -> None:
        """`made` must not change any more."""
        self.include = unescape(made.include)
        self._made = made
        self._metadata: ItemMetadata | None = None

    @property
    def metadata(self) -> ItemMetadata:
        """Its metadata."""
        # Late: of most central versions nobody asks more than the name.
        if self._metadata is None:
            self._metadata = ItemMetadata(self._made.metadata)
        return self._metadata

    @property
    def place(self) -> SourcePlace:
        """The element that made it."""
        return SourcePlace(self._made.file, self._made.element)

    @property
    def metadata_places(self) -> Mapping[str, SourcePlace]:
        """The elements that set each metadata, by lower-case name."""
        return self._made.sources

    @property
    def recursive_dir(self) -> str | Unknown:
        """Where a pattern has found its file, from the pattern's fixed folder on, with a slash at its end; or empty."""
        return self._made.recursive_dir

    def text(self, name: str) -> str | Unknown:
        """A metadata value without white space around it, as NuGet reads it; empty when it is not set."""
        value = self.metadata.get(name, "")
        return value if isinstance(value, Unknown) else value.strip()

    def __repr__(self) -> str:
        return f"Item({self.include!r}, {self.metadata!r}, {self.place})"


class WorkingItem:
    """An item while the pass is running: everything is still escaped.

    Attributes:
        doubt: why nobody knows whether it is there at all.
        recursive_dir: see `Item`; not escaped.
    """

    __slots__ = ("_metadata", "_plain", "_sources", "doubt", "element", "file", "include", "recursive_dir")

    def __init__(
        self,
        include: str,
        file: ProjectFile,
        element: Element,
        doubt: Unknown | None,
        plain: Sequence[Metadata] = (),
    ) -> None:
        """`plain` are its metadata, where nothing in them is evaluated and each is set once."""
        self.include = include
        self.file = file
        self.element = element
        self.doubt = doubt
        self.recursive_dir: str | Unknown = ""
        self._plain = plain
        self._metadata: dict[str, tuple[str, str | Unknown]] | None = None
        self._sources: dict[str, SourcePlace] = {}

    @property
    def metadata(self) -> dict[str, tuple[str, str | Unknown]]:
        """Written name and value by lower-case name."""
        if self._metadata is None:
            # Late: most items are central versions, which nobody looks into.
            self._metadata = {each.key: (each.name, each.value) for each in self._plain}
            self._sources = {each.key: source_of(each, self.element, self.file) for each in self._plain}
        return self._metadata

    @property
    def sources(self) -> dict[str, SourcePlace]:
        """Where the metadata were set, by lower-case name."""
        _ = self.metadata
        return self._sources

    def copy(self, file: ProjectFile, element: Element, doubt: Unknown | None) -> WorkingItem:
        """The same item once more, made by another element."""
        other = WorkingItem(self.include, file, element, self.doubt or doubt)
        if self.recursive_dir:
            # MSBuild loses it here, in some versions (dotnet/msbuild issue 3121).
            other.recursive_dir = Unknown("%(RecursiveDir) of a copied item is not evaluated")
        other._metadata = dict(self.metadata)
        other._sources = dict(self.sources)
        return other

    def finished(self) -> Item:
        """The item with decoded values."""
        return Item(self)


class Specification:
    """What `Update`, `Remove` and `Exclude` name: literals and patterns, compared as paths without letter case."""

    def __init__(self, entries: list[str], folder: str) -> None:
        """`entries` are escaped; `folder` is the project's."""
        self._folder = folder
        self._literals = set()
        self._patterns: list[re.Pattern[str]] = []
        for entry in entries:
            if "*" in entry or "?" in entry:
                self._patterns.append(path_pattern(normalized(unescape(entry), folder)))
            else:
                self._literals.add(normalized(unescape(entry), folder).lower())

    def __contains__(self, include: object) -> bool:
        if not isinstance(include, str):
            return False
        path = normalized(unescape(include), self._folder)
        return path.lower() in self._literals or any(pattern.fullmatch(path) for pattern in self._patterns)


MOST_DEEP_STARS = 4
"""`**` in one pattern that are followed; a pattern with more names nothing."""


@lru_cache(maxsize=512)
def path_pattern(pattern: str) -> re.Pattern[str]:
    """MSBuild's wildcards as a regular expression: `*` and `?` stay in a folder, `**` does not.

    What follows a `*` is looked for at the first place where it fits, without a second try, so that a comparison takes
    time in proportion to the length of the path.
    """
    segments = pattern.split("/")
    if sum(segment == "**" for segment in segments) > MOST_DEEP_STARS:
        return re.compile(r"(?!)")
    pieces = []
    for number, segment in enumerate(segments):
        is_last = number == len(segments) - 1
        if segment == "**":
            pieces.append(".*" if is_last else r"(?:[^/]+/)*")
        else:
            pieces.append(_segment(segment) + ("" if is_last else "/"))
    return re.compile("".join(pieces), re.IGNORECASE | re.DOTALL)


def _segment(segment: str) -> str:
    if segment == "*.*":
        # It names files without a dot, too.
        return "[^/]*"
    literals = [re.escape(part).replace(r"\?", "[^/]") for part in re.split(r"\*+", segment)]
    if len(literals) == 1:
        return literals[0]
    inner = "".join(f"(?>[^/]*?{literal})" for literal in literals[1:-1])
    return f"{literals[0]}{inner}[^/]*{literals[-1]}"
