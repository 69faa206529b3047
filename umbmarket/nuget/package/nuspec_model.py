"""What a nuspec says, as plain immutable values. The names are NuGet's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from umbmarket.findings import JsonValue, Place
from umbmarket.nuget import ALL_VERSIONS, NuGetVersion, TargetFramework, VersionRange

NuspecProblemKind = Literal[
    "encoding",
    "not-well-formed",
    "doctype",
    "too-large",
    "no-metadata",
    "missing-id",
    "missing-version",
    "invalid-version",
    "invalid-min-client-version",
    "invalid-boolean",
    "package-type-without-name",
    "invalid-package-type-version",
    "dependency-without-id",
    "content-files-without-include",
    "duplicate-element",
    "element-case",
    "reserved-element",
    "missing-description",
    "missing-authors",
    "invalid-id",
    "id-too-long",
    "version-without-dot",
    "version-too-long",
    "id-and-version-too-long",
    "version-label",
    "min-client-version-too-high",
    "invalid-package-type-name",
    "too-long",
    "invalid-url",
    "embedded-with-children",
    "license-type",
    "license-version",
    "license-empty",
    "license-url",
    "unknown-framework",
    "duplicate-group",
    "hidden-dependencies",
    "duplicate-dependency",
    "invalid-dependency-id",
    "dependency-without-version",
    "invalid-dependency-version",
    "floating-dependency-version",
    "dependency-version-metadata",
    "dependency-version-label",
    "dependencies-too-long",
    "noncharacter",
]
"""What can be wrong; each name is about one element, attribute or dependency, at the problem's place.

`version-label` and `dependency-version-label`: a prerelease label that clients before NuGet 3 cannot read and
that nuget.org therefore refuses, such as `18.0.0-0`. `license-url`: the `licenseUrl` is not the one that the
`license` asks for. `element-case`: of `tags`, which nuget.org refuses in another letter case, and of what NuGet
does not see then. `noncharacter`: a code point that Unicode keeps free for good. `hidden-dependencies`:
dependencies beside groups, which nobody reads. `too-long`: see `args`.
"""


@dataclass(frozen=True, slots=True)
class NuspecProblem:
    """One thing that NuGet or nuget.org refuses.

    Attributes:
        kind: see `NuspecProblemKind`.
        place: where it stands in the nuspec.
        detail: one line that can be read alone, without a full stop.
        refused_by: `client` when NuGet's own reader throws, `pack` when `dotnet pack` would not have made it,
            `push` when nuget.org refuses the upload; None when it is read, though not as meant.
        args: the facts as plain JSON data, such as `length` and `limit`.
    """

    kind: NuspecProblemKind
    place: Place
    detail: str
    refused_by: Literal["client", "pack", "push"] | None
    args: Mapping[str, JsonValue] = field(default_factory=dict)


class Field(NamedTuple):
    """A simple text of the metadata.

    Attributes:
        text: as it stands, not trimmed.
        pointer: of its element.
    """

    text: str
    pointer: str


class Tag(NamedTuple):
    """One tag, as nuget.org's catalog and search split them.

    Attributes:
        text: the tag, which may hold a line break: those do not separate.
        start: code point offset of its first character in the text of the element.
        end: offset after its last one.
    """

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What search compares: trimmed and in lower case (NuGetGallery, TagsCustomAnalyzer)."""
        return self.text.strip().lower()


@dataclass(frozen=True, slots=True)
class License:
    """What the metadata says about the licence.

    Attributes:
        kind: `expression` or `file` from `<license>`, else `url` from `<licenseUrl>`.
        value: the SPDX expression, the path in the package, or the address; trimmed.
        pointer: of the element it comes from.
        version: of the expression syntax, as written, or None.
    """

    kind: Literal["expression", "file", "url"]
    value: str
    pointer: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRepository:
    """The `<repository>` element; a missing attribute is an empty text, as NuGet reads it."""

    type: str
    url: str
    branch: str
    commit: str
    pointer: str


@dataclass(frozen=True, slots=True)
class PackageType:
    """One `<packageType>`; the name is trimmed and compared without regard to letter case."""

    name: str
    version: str | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """One dependency of a group.

    Attributes:
        id: as written; empty where it is missing.
        version: the range as written; None where the attribute is missing.
        range: the parsed range; None where it is missing, empty or NuGet cannot read it, which means any
            version.
        range_problem: why the range cannot be read, in words; None where it can or there is none.
        include: asset names of the `include` attribute, in lower case, sorted.
        exclude: the same of `exclude`.
        pointer: of its element.
    """

    id: str
    version: str | None
    range: VersionRange | None
    range_problem: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    pointer: str

    @property
    def effective_range(self) -> VersionRange:
        """The range that a restore goes by: any version where none can be read."""
        return self.range if self.range is not None else ALL_VERSIONS

    @property
    def version_pointer(self) -> str:
        """Of the range where there is one, else of the dependency."""
        return self.pointer if self.version is None else f"{self.pointer}/@version"

    @property
    def id_pointer(self) -> str:
        """Of the id where there is one, else of the dependency."""
        return f"{self.pointer}/@id" if self.id else self.pointer


@dataclass(frozen=True, slots=True)
class DependencyGroup:
    """The dependencies for one target framework.

    Attributes:
        target_framework: as written; None for dependencies outside of groups and for a group without the
            attribute.
        framework: what that means.
        dependencies: in their order; one that is exactly another again is left out, as NuGet leaves it out.
        pointer: of the `<group>`, or of the first `<dependencies>` for those outside of groups.
        is_flat: it stands for dependencies outside of groups.
    """

    target_framework: str | None
    framework: TargetFramework
    dependencies: tuple[Dependency, ...]
    pointer: str
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceGroup:
    """Framework references or framework assemblies for one target framework.

    Attributes:
        framework: the target framework.
        names: as written, each once.
        pointer: of the element.
    """

    framework: TargetFramework
    names: tuple[str, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class MinClientVersion:
    """The `minClientVersion` attribute: the text, and what it means where NuGet can read it."""

    text: str
    version: NuGetVersion | None
    pointer: str
