"""What the rules may ask a package, whether it was packed or is only planned by a project.

`NuGetPackage` (what was packed) and `PlannedDocument` (what `dotnet pack` would write) both fulfil it, so that no rule
needs to know which of the two it has. A planned package does not know everything: what it does not know is None or
empty, as if it were absent, and `knows` tells. So a rule about something that is missing asks `knows` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from umbmarket.findings import Document, Place, Region, Source, Span

if TYPE_CHECKING:
    from umbmarket.formats.source import SourceText
    from umbmarket.nuget import NuGetVersion
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.nuget.package.nuspec_model import (
        Dependency,
        DependencyGroup,
        License,
        NuspecProblem,
        PackageType,
        SourceRepository,
        Tag,
    )

Element = Literal[
    "id",
    "version",
    "title",
    "description",
    "authors",
    "tags",
    "projectUrl",
    "repository",
    "icon",
    "iconUrl",
    "readme",
    "license",
    "packageTypes",
    "dependencies",
]
"""What of the metadata may not be known, by the name of its element in a nuspec."""


class Refusal(NamedTuple):
    """What makes `dotnet pack` stop.

    Attributes:
        code: NuGet's own, such as `NU5033`.
        detail: what is wrong, as a clause without a full stop.
        place: where it stands.
    """

    code: str
    detail: str
    place: Place


class Withheld(NamedTuple):
    """A reference that does not become a dependency.

    Attributes:
        id: of the package that is referenced.
        reason: what keeps it out, such as `PrivateAssets="All"`.
        place: where that is said.
    """

    id: str
    reason: str
    place: Place


class EmbeddedFile(Protocol):
    """A file that the metadata names: icon, readme or licence; or another file of the package."""

    @property
    def declared(self) -> str:
        """The path as written."""

    @property
    def path(self) -> str:
        """The path in the package."""

    @property
    def is_missing(self) -> bool:
        """The package certainly has no file at exactly this path."""

    @property
    def is_at_hand(self) -> bool:
        """The package has the file, and its content can be looked at, which may turn out to be damaged."""

    @property
    def pack_code(self) -> str:
        """The error with which `dotnet pack` stops where the file is missing; empty for what was packed."""

    @property
    def near(self) -> str | None:
        """The path that was meant, where only letter case or white space is wrong; else None."""

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Where the package has files of this name, if it has none at this path."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    @property
    def is_too_large(self) -> bool:
        """It is longer than nuget.org takes."""

    @property
    def extension(self) -> str:
        """The ending in lower case with the dot; empty without one."""

    @property
    def trouble(self) -> str | None:
        """Why the content cannot be read, as a clause; None where it can."""

    @property
    def is_told_with_archive(self) -> bool:
        """`trouble` is one of the archive's, which is told there."""

    @property
    def image_type(self) -> str | None:
        """What the first bytes say: `png`, `jpeg` and others, or None."""

    @property
    def source(self) -> SourceText:
        """The content as text; empty where it cannot be read."""

    @property
    def looks_like_text(self) -> bool:
        """nuget.org would take it for a text file."""

    @property
    def document(self) -> Document | None:
        """What its places are in; None for the package itself."""

    def place(self, span: Span | None = None) -> Place:
        """The file as a whole, or a part of its text."""


class PackageDocument(Protocol):
    """A package as rules see it: a `Document` whose places are those of a nuspec."""

    @property
    def path(self) -> str:
        """As shown to the user."""

    @property
    def file_name(self) -> str:
        """The last part of the path."""

    @property
    def is_nuspec(self) -> bool:
        """Its metadata is written in a nuspec by hand, and not in a project; False where that is not known."""

    @property
    def kind(self) -> Literal["package", "project"]:
        """What the file is, for the report."""

    def member_of(self, place: Place) -> str | None:
        """As in `Document`."""

    def source_of(self, place: Place) -> Source | None:
        """As in `Document`."""

    def locate(self, place: Place) -> Region | None:
        """As in `Document`."""

    def knows(self, element: Element) -> bool:
        """Whether it is certain what the package says there; where it is not, it is given as absent."""

    @property
    def is_sound(self) -> bool:
        """Whether there is a `sound_nuspec`; it costs less to ask."""

    @property
    def sound_nuspec(self) -> Nuspec | None:
        """The metadata that NuGet would take; None where it takes none."""

    @property
    def id(self) -> str | None:
        """The package id."""

    @property
    def version(self) -> NuGetVersion | None:
        """The version; None where it is not known or cannot be read."""

    @property
    def title(self) -> str | None:
        """The title."""

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors."""

    @property
    def description(self) -> str | None:
        """The description."""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags as nuget.org splits them."""

    def has_tag(self, tag: str) -> bool:
        """Whether nuget.org certainly finds it by this tag."""

    @property
    def project_url(self) -> str | None:
        """The project URL."""

    @property
    def dropped_project_url(self) -> str | None:
        """What was written as the project URL and does not get into the package, as it is no absolute address."""

    @property
    def icon_url(self) -> str | None:
        """The deprecated address of an icon."""

    @property
    def repository(self) -> SourceRepository | None:
        """Where its source is."""

    @property
    def license(self) -> License | None:
        """Its licence."""

    @property
    def package_types(self) -> tuple[PackageType, ...]:
        """Empty means an ordinary package."""

    @property
    def is_symbols(self) -> bool:
        """It holds symbols."""

    @property
    def dependency_groups(self) -> tuple[DependencyGroup, ...]:
        """Its dependencies by target framework, with pointers that `locate` understands."""

    def knows_range(self, dependency: Dependency) -> bool:
        """Whether the range of one of them is certain."""

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """References that do not become dependencies, as far as they are known."""

    @property
    def icon(self) -> EmbeddedFile | None:
        """The file that is its icon."""

    @property
    def readme(self) -> EmbeddedFile | None:
        """The file that is its readme."""

    @property
    def license_file(self) -> EmbeddedFile | None:
        """The file that is its licence."""

    def files_where(self, wanted: Callable[[str], bool]) -> Iterable[EmbeddedFile]:
        """Files of the package whose paths are wanted, as far as it certainly has them as they are."""

    @property
    def is_client_side(self) -> bool:
        """It certainly holds files for a website and no library."""

    @property
    def push_problems(self) -> tuple[NuspecProblem, ...]:
        """What nuget.org refuses in the metadata although NuGet takes it, as far as that is certain."""

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What makes `dotnet pack` stop about the licence."""

    @property
    def size(self) -> int:
        """Length in bytes; 0 for what is not packed yet."""

    @property
    def is_oversize(self) -> bool:
        """It is longer than nuget.org takes."""
