"""The nuspec that pack would write, as text, and the way back from each of its elements to the project files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from umbmarket.formats.xml.writing import escaped, quoted
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.package.push_rules import LICENSE_EXPRESSION_URL, LICENSE_FILE_URL
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.pack_metadata import Fact, Metadata
from umbmarket.nuget.project.planned_dependencies import PlannedGroup

NAMESPACE = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"


class PlannedText:
    """A nuspec being written.

    Attributes:
        sources: the element of a project file that each element of the nuspec comes from, by its pointer.
    """

    def __init__(self) -> None:
        """It has no elements yet."""
        self.sources: dict[str, SourcePlace] = {}
        self._lines: list[str] = []

    def element(self, name: str, text: str, source: SourcePlace | None, attributes: str = "") -> None:
        """Add `<name>text</name>` to the metadata."""
        self._lines.append(f"    <{name}{attributes}>{escaped(text)}</{name}>")
        self._from(f"/metadata/{name}", source)

    def empty(self, name: str, attributes: dict[str, tuple[str, SourcePlace | None]]) -> None:
        """Add an element that has attributes alone."""
        written = "".join(f" {key}={quoted(value)}" for key, (value, _) in attributes.items() if value)
        self._lines.append(f"    <{name}{written} />")
        for key, (_, source) in attributes.items():
            self._from(f"/metadata/{name}/@{key}", source)
            self._from(f"/metadata/{name}", source)

    def package_types(self, types: Iterable[tuple[str, str]], source: SourcePlace | None) -> None:
        """Add `<packageTypes>`."""
        self._lines.append("    <packageTypes>")
        for number, (name, version) in enumerate(types, 1):
            extra = f" version={quoted(version)}" if version else ""
            self._lines.append(f"      <packageType name={quoted(name)}{extra} />")
            self._from(f"/metadata/packageTypes/packageType[{number}]", source)
        self._lines.append("    </packageTypes>")

    def groups(self, groups: Iterable[PlannedGroup]) -> None:
        """Add `<dependencies>`; a dependency whose range is not known is left out."""
        self._lines.append("    <dependencies>")
        for number, group in enumerate(groups, 1):
            name = quoted(group.target_framework or "")
            self._lines.append(f"      <group targetFramework={name}>")
            count = 0
            for each in group.dependencies:
                if each.version is None:
                    continue
                count += 1
                exclude = f" exclude={quoted(','.join(each.exclude))}" if each.exclude else ""
                self._lines.append(
                    f"        <dependency id={quoted(each.id)} version={quoted(each.version)}{exclude} />"
                )
                pointer = f"/metadata/dependencies/group[{number}]/dependency[{count}]"
                self._from(pointer, getattr(each, "source", None))
                self._from(f"{pointer}/@version", getattr(each, "version_source", None))
            self._lines.append("      </group>")
        self._lines.append("    </dependencies>")

    def _from(self, pointer: str, source: SourcePlace | None) -> None:
        if source is not None:
            self.sources.setdefault(pointer, source)

    @property
    def text(self) -> str:
        """The whole document."""
        return "\n".join(
            [
                '<?xml version="1.0" encoding="utf-8"?>',
                f'<package xmlns="{NAMESPACE}">',
                "  <metadata>",
                *self._lines,
                "  </metadata>",
                "</package>\n",
            ]
        )


def write_nuspec(facts: Mapping[str, Fact], metadata: Metadata, groups: list[PlannedGroup] | None) -> PlannedText:
    """The known part of the nuspec, in the order in which NuGet writes it.

    Args:
        facts: the simple texts by their element.
        metadata: what has more than a text.
        groups: the dependency groups; None where they are not known.
    """
    text = PlannedText()

    def write(name: str) -> None:
        fact = facts[name]
        if isinstance(fact.value, str):
            value = NuGetVersion.parse(fact.value).full if name == "version" else fact.value
            text.element(name, value, fact.source)

    for name in ("id", "version", "title", "authors"):
        write(name)
    _write_license(text, metadata)
    for name in ("icon", "readme", "projectUrl", "iconUrl", "description", "releaseNotes", "copyright", "tags"):
        write(name)
    types = metadata.fact("PackageType")
    if isinstance(types.value, str):
        entries = [piece.partition(",") for piece in types.value.split(";") if piece.strip()]
        text.package_types([(name.strip(), version.strip()) for name, _, version in entries], types.source)
    attributes = {}
    for key, fact in (
        ("type", metadata.fact("RepositoryType")),
        ("url", metadata.repository_url()),
        ("branch", metadata.fact("RepositoryBranch")),
        ("commit", metadata.fact("RepositoryCommit")),
    ):
        if isinstance(fact.value, str):
            attributes[key] = (fact.value, fact.source)
    if "url" in attributes or "type" in attributes:
        text.empty("repository", attributes)
    if groups is not None:
        text.groups(groups)
    return text


def _write_license(text: PlannedText, metadata: Metadata) -> None:
    for kind, name in (("expression", "PackageLicenseExpression"), ("file", "PackageLicenseFile")):
        found = metadata.fact(name)
        if isinstance(found.value, str):
            text.element("license", found.value, found.source, f' type="{kind}"')
            address = LICENSE_FILE_URL if kind == "file" else LICENSE_EXPRESSION_URL + quote(found.value, safe="")
            text.element("licenseUrl", address, found.source)
            return
    found = metadata.fact("PackageLicenseUrl")
    if isinstance(found.value, str):
        text.element("licenseUrl", found.value, found.source)
