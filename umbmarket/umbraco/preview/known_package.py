"""What is known of the package of a preview, packed or not: values, where they stand, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from umbmarket.umbraco.listing_page import PackageMetadata

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.estimate import Compatibility

ELEMENTS = {
    "PackageId": "id",
    "Version": "version",
    "Title": "title",
    "Description": "description",
    "Author": "authors",
    "Icon": "icon",
    "ProjectUrl": "projectUrl",
    "RepositoryUrl": "repository",
    "Readme": "readme",
    "NuGetTags": "tags",
    "License": "license",
    "Majors": "dependencies",
}
"""The element of the nuspec that fills a field, by the field's name."""


@dataclass(frozen=True)
class KnownPackage:
    """A package as far as a page shows it.

    Attributes:
        kind: it was packed, or a project would pack it.
        path: as shown to the user.
        metadata: what NuGet knows, or would know.
        version: as written, or None.
        is_prerelease: whether the version is one; None where it is not known.
        license: what it says about the licence, or None.
        tags: what it is tagged with; None where that is not known.
        is_tagged: it has the Marketplace's tag; None where that is not known.
        compatibility: the Umbraco versions; None where the dependencies are not known.
        place_of: where an element of the metadata stands, such as `My.nuspec:12`; empty where that is not known.
        unknown: why something is not known, by element.
        why_no_icon: why the icon that it names cannot be read, as a clause; empty where it can, or it names none.
        why_no_readme: likewise of the readme.
        icon: reads the icon's bytes; None where there is none in the package.
        readme: reads the readme's text, likewise.
    """

    kind: Literal["nuget", "project"]
    path: str
    metadata: PackageMetadata
    version: str | None
    is_prerelease: bool | None
    license: str | None
    tags: tuple[str, ...] | None
    is_tagged: bool | None
    compatibility: Compatibility | None
    place_of: Callable[[str], str]
    icon: Callable[[], bytes] | None
    readme: Callable[[], str] | None
    unknown: Mapping[str, str] = field(default_factory=dict)
    why_no_icon: str = ""
    why_no_readme: str = ""

    def why_absent(self, element: str) -> str:
        """Why there is no value, as a clause."""
        if element in self.unknown:
            return f"the project does not settle it: {self.unknown[element]}"
        what = "package" if self.kind == "nuget" else "project"
        return f"the {what} has no {_NAMES.get(element, element)}"


_NAMES = {
    "authors": "authors",
    "projectUrl": "project URL",
    "repository": "repository",
    "dependencies": "dependencies",
    "license": "licence",
}
