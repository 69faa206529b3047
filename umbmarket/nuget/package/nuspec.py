"""A nuspec: the metadata of a package, read by NuGet's own rules, with a position for everything in it.

Sources: NuGet.Client, NuGet.Packaging (NuspecReader, NuspecCoreReaderBase, NuspecUtility); NuGetGallery
(PackageMetadata, Catalog/Helpers/Utils.SplitTags). What nuget.org refuses on top of that is in `push_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from umbmarket.findings import JsonValue, Place, Region, Span, quote
from umbmarket.formats.xml.elements import XmlElement, XmlRefused, leading_space, read_xml
from umbmarket.formats.xml.encoding import decode_xml
from umbmarket.formats.xml.positions import XmlPlaces
from umbmarket.nuget import InvalidRange, InvalidVersion, NuGetVersion, TargetFramework, VersionRange
from umbmarket.nuget.package.nuspec_model import (
    Dependency,
    DependencyGroup,
    Field,
    License,
    MinClientVersion,
    NuspecProblem,
    NuspecProblemKind,
    PackageType,
    ReferenceGroup,
    SourceRepository,
    Tag,
)

LARGEST_NUSPEC = 1024 * 1024
"""Bytes: NuGet itself knows no limit; the largest of 851 real nuspecs has some 40,000."""

MOST_PROBLEMS = 100
"""Problems that are kept of one nuspec: one with 30,000 broken dependencies needs no 30,000 messages."""

SYMBOLS_PACKAGE = "SymbolsPackage"
"""The only package type of a .snupkg (NuGetGallery, SymbolPackageService)."""

_TAG = re.compile(r"[^, \t|;]+")
"""nuget.org's catalog splits tags at these five characters, not at line breaks (Utils.SplitTags)."""

_DOTNET_VERSION = re.compile(r"\s*[0-9]{1,10}\s*(?:\.\s*[0-9]{1,10}\s*){1,3}")
_LICENSE_KINDS = {"expression": "expression", "file": "file"}


def split_tags(text: str) -> tuple[Tag, ...]:
    """The tags in the text of a `<tags>` element as nuget.org's catalog splits them."""
    return tuple(Tag(match[0], *match.span()) for match in _TAG.finditer(text))


class Nuspec:
    """One nuspec.

    A text that is not there, or empty, is None. Values are not trimmed, as NuGet does not trim them.

    Attributes:
        member: its name in the archive.
        source: its text.
        metadata: the `<metadata>` element, or None where it could not be read.
        problems: what NuGet's own reader refuses, at most `MOST_PROBLEMS`. A nuspec may be readable all the
            same.
        namespace: address of the schema it claims to follow, or empty.
        id: the package id; empty where its element is.
        version_text: the version as written.
        version: the version, or None where NuGet cannot read it.
        fields: the simple texts by lower-case name of their element: the first that is not empty.
        icon: path as written in `<icon>`.
        readme: path as written in `<readme>`.
        license: what it says about the licence.
        repository: the `<repository>` element.
        package_types: empty means `Dependency`, an ordinary package.
        dependency_groups: as NuGet reads them; flat dependencies are one group for any framework.
        hidden_dependencies: those beside groups, which nobody reads.
        framework_references: groups of `<frameworkReferences>`.
        framework_assemblies: one for each `<frameworkAssembly>` and framework it names.
        min_client_version: the attribute, or None.
        development_dependency: what `<developmentDependency>` says.
    """

    def __init__(self, member: str, data: bytes, settle: Callable[[XmlElement], None] | None = None) -> None:
        """Read a nuspec. Never raises.

        Args:
            member: its name in the archive.
            data: the file as it lies there.
            settle: changes what its elements say before that is read; they stay where they are.
        """
        self.member = member
        decoded = decode_xml(data)
        self.source = decoded.source
        self._problems: list[NuspecProblem] = []
        if decoded.problem is not None:
            self._note(
                "encoding",
                Place(span=decoded.problem.span),
                f"the nuspec has the wrong encoding: {decoded.problem.detail}",
                refused=decoded.problem.refused,
            )
        root = self._parse()
        if root is not None and settle is not None:
            settle(root)
        self.metadata = self._metadata_of(root) if root is not None else None
        self._root_namespace = root.default_namespace if root is not None else ""
        self._namespace = self.metadata.default_namespace if self.metadata is not None else ""
        self.namespace = self._namespace or self._root_namespace
        self.fields = dict(self._text_fields())
        self.id = self._value("id")
        self.version_text = self._value("version")
        self.version = self._version()
        self.icon = self._value("icon")
        self.readme = self._value("readme")
        self.license = self._license()
        self.repository = self._repository()
        self.package_types = tuple(self._package_types())
        self.dependency_groups, self.hidden_dependencies = self._dependencies()
        self.framework_references = tuple(self._framework_references())
        self.framework_assemblies = tuple(self._framework_assemblies())
        self.min_client_version = self._min_client_version()
        self.development_dependency = self._development_dependency()
        self._check_content_files()
        self.problems = tuple(self._problems)

    @property
    def readable(self) -> bool:
        """The metadata could be read, so that what is absent here is absent from the file."""
        return self.metadata is not None

    def text(self, name: str) -> str | None:
        """The simple text of an element such as `projectUrl`, in any letter case but for `licenseUrl`; or None."""
        field = self.fields.get(name.lower())
        return field.text if field is not None else None

    def pointer(self, name: str) -> str | None:
        """Pointer of the element that `text` takes its text from, or None."""
        field = self.fields.get(name.lower())
        return field.pointer if field is not None else None

    @property
    def title(self) -> str | None:
        """The title; nuget.org shows the id where there is none."""
        return self.text("title")

    @property
    def description(self) -> str | None:
        """The description."""
        return self.text("description")

    @property
    def project_url(self) -> str | None:
        """The project URL."""
        return self.text("projectUrl")

    @property
    def icon_url(self) -> str | None:
        """The deprecated address of an icon outside of the package."""
        return self.text("iconUrl")

    @property
    def license_url(self) -> str | None:
        """The address of the licence; `dotnet pack` writes it for a `<license>` too."""
        return self.text("licenseUrl")

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors, else the owners, split at commas (NuGetGallery, PackageMetadata)."""
        text = self.text("authors") or self.text("owners") or ""
        return tuple(author for part in text.split(",") if (author := part.strip()))

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """The tags as nuget.org's catalog splits them: at comma, space, tab, bar and semicolon."""
        return split_tags(self.text("tags") or "")

    def has_tag(self, tag: str) -> bool:
        """Whether nuget.org finds the package by this tag, letter case ignored."""
        key = tag.lower()
        return any(each.key == key for each in self.tags)

    @property
    def is_symbols(self) -> bool:
        """Its only package type is that of symbol packages."""
        return len(self.package_types) == 1 and self.package_types[0].name.lower() == SYMBOLS_PACKAGE.lower()

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place`; None when there is nothing there. See `XmlPlaces.span`."""
        span = place.span if place.span is not None else self._span(place)
        return self.source.region(span) if span is not None else None

    def _span(self, place: Place) -> Span | None:
        return self._places.span(place) if self._places is not None else None

    @cached_property
    def _places(self) -> XmlPlaces | None:
        return XmlPlaces(self.source.text) if self._is_xml else None

    def _note(
        self,
        kind: NuspecProblemKind,
        place: Place,
        detail: str,
        *,
        refused: bool = True,
        **args: JsonValue,
    ) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(NuspecProblem(kind, place, detail, "client" if refused else None, args))

    def _parse(self) -> XmlElement | None:
        text = self.source.text
        self._is_xml = False
        root = None
        try:
            root = read_xml(text)
        except XmlRefused as refusal:
            self._note_refusal(refusal, 0)
            # White space before the declaration is against the rules, yet leaves no doubt about what is
            # meant.
            skipped = leading_space(text)
            if skipped:
                try:
                    root = read_xml(text[skipped:])
                except XmlRefused as second:
                    self._note_refusal(second, skipped)
        self._is_xml = root is not None
        return root

    def _note_refusal(self, refusal: XmlRefused, skipped: int) -> None:
        at = refusal.offset + skipped
        span = Span(at, min(at + 1, len(self.source.text)))
        what = {"doctype": "the nuspec is rejected", "too-large": "umbmarket does not read the nuspec"}.get(
            refusal.kind, "the nuspec is not well-formed XML"
        )
        self._note(refusal.kind, Place(span=span), f"{what}: {refusal.detail}")

    def _metadata_of(self, root: XmlElement) -> XmlElement | None:
        """The first `<metadata>` in any namespace, as old packages have it there and not on the root."""
        found = next((child for child in root.children if child.name == "metadata"), None)
        if found is None:
            self._note("no-metadata", Place(), "the nuspec has no <metadata> element")
        return found

    def _text_fields(self) -> Iterator[tuple[str, Field]]:
        """Texts by lower-case name; given in reverse so that the first of a name is the last to be set."""
        children = list(self.metadata.children) if self.metadata is not None else []
        for child in reversed(children):
            # Of the texts this one alone is not read in another letter case (measured with NuGet.Packaging 7.6).
            is_other_case = child.name != "licenseUrl" and child.name.lower() == "licenseurl"
            if child.is_leaf and child.parts and not is_other_case:
                yield child.name.lower(), Field(child.value, child.pointer)

    def _structured(self, name: str) -> XmlElement | None:
        return self.metadata.first(name, self._namespace) if self.metadata is not None else None

    def _value(self, name: str) -> str | None:
        element = self._structured(name)
        return element.value if element is not None else None

    def _all(self, outer: str, inner: str) -> Iterator[XmlElement]:
        """The `inner` elements of every `outer` one."""
        if self.metadata is None:
            return
        for element in self.metadata.named(outer, self._namespace):
            yield from element.named(inner, self._namespace)

    def _version(self) -> NuGetVersion | None:
        if self.metadata is None:
            return None
        place = Place(pointer=self.metadata.pointer)
        if not self.id:
            self._note("missing-id", self._near("id"), f"the nuspec has no <id>{self._other_case('id')}")
        if self.version_text is None:
            self._note("missing-version", place, f"the nuspec has no <version>{self._other_case('version')}")
            return None
        try:
            return NuGetVersion.parse(self.version_text)
        except InvalidVersion as error:
            self._note("invalid-version", self._near("version"), str(error), reason=error.reason)
            return None

    def _near(self, name: str) -> Place:
        """The element of this name where there is one, else the metadata."""
        element = self._structured(name)
        return Place(pointer=element.pointer if element is not None else "/metadata")

    def _other_case(self, name: str) -> str:
        """What is there in another letter case or namespace, which NuGet does not read."""
        field = self.fields.get(name)
        if field is None:
            return ""
        written = field.pointer.rpartition("/")[2].partition("[")[0]
        if written != name:
            return f"; it has <{written}>, and letter case counts"
        return f"; its <{name}> is in another namespace than the one in force in <metadata>"

    def _license(self) -> License | None:
        element = self._structured("license")
        if element is not None:
            kind = element.attributes.get("type", "").strip().lower()
            version = element.attributes.get("version")
            version = version.strip() if version is not None else None
            if kind == "expression":
                return License("expression", element.value.strip(), element.pointer, version)
            if kind == "file":
                return License("file", element.value.strip(), element.pointer, version)
        field = self.fields.get("licenseurl")
        return License("url", field.text.strip(), field.pointer) if field is not None else None

    def _repository(self) -> SourceRepository | None:
        element = self._structured("repository")
        if element is None:
            return None
        read = element.attributes.get
        return SourceRepository(
            read("type", ""), read("url", ""), read("branch", ""), read("commit", ""), element.pointer
        )

    def _package_types(self) -> Iterator[PackageType]:
        for element in self._all("packageTypes", "packageType"):
            name = element.attributes.get("name", "").strip()
            version = element.attributes.get("version")
            if not name:
                place = Place(pointer=element.pointer)
                self._note("package-type-without-name", place, "a <packageType> has no name")
                continue
            if version is not None and not _DOTNET_VERSION.fullmatch(version):
                place = Place(pointer=f"{element.pointer}/@version")
                detail = f"the version {quote(version)} of package type {quote(name)} is not a version such as 1.0"
                self._note("invalid-package-type-version", place, detail)
            yield PackageType(name, version, element.pointer)

    def _dependencies(self) -> tuple[tuple[DependencyGroup, ...], tuple[Dependency, ...]]:
        groups: list[DependencyGroup] = []
        for element in self._all("dependencies", "group"):
            written = element.attributes.get("targetFramework") or None
            dependencies = self._distinct(element.named("dependency", self._namespace))
            groups.append(DependencyGroup(written, TargetFramework.parse(written), dependencies, element.pointer))
        # Beside groups NuGet reads no flat dependency, so that one without an id stops nothing.
        flat = self._distinct(self._all("dependencies", "dependency"), read=not groups)
        if groups or not flat:
            return tuple(groups), flat
        pointer = flat[0].pointer.rpartition("/")[0]
        return (DependencyGroup(None, TargetFramework.parse(None), flat, pointer, is_flat=True),), ()

    def _distinct(self, elements: Iterator[XmlElement], *, read: bool = True) -> tuple[Dependency, ...]:
        """The dependencies of a group, without those that NuGet takes for another one again.

        `read` says that NuGet reads them, and so stops at one without an id.
        """
        found: dict[object, Dependency] = {}
        for element in elements:
            dependency = _dependency(element)
            if read and not dependency.id:
                self._note("dependency-without-id", Place(pointer=element.pointer), "a <dependency> has no id")
            key = (dependency.id.upper(), dependency.effective_range, dependency.include, dependency.exclude)
            found.setdefault(key, dependency)
        return tuple(found.values())

    def _framework_references(self) -> Iterator[ReferenceGroup]:
        for element in self._all("frameworkReferences", "group"):
            references = element.named("frameworkReference", self._namespace)
            names = dict.fromkeys(each.attributes.get("name", "") for each in references)
            framework = TargetFramework.parse(element.attributes.get("targetFramework"))
            yield ReferenceGroup(framework, tuple(names), element.pointer)

    def _framework_assemblies(self) -> Iterator[ReferenceGroup]:
        # NuGet takes the root's namespace for this one, so that it is lost where <metadata> alone has one.
        if self.metadata is None:
            return
        for outer in self.metadata.named("frameworkAssemblies", self._root_namespace):
            for element in outer.named("frameworkAssembly", self._root_namespace):
                name = element.attributes.get("assemblyName", "")
                written = element.attributes.get("targetFramework", "")
                for part in [part for part in written.split(",") if part] or [""]:
                    framework = TargetFramework.parse(part.strip())
                    yield ReferenceGroup(framework, (name,) if name else (), element.pointer)

    def _min_client_version(self) -> MinClientVersion | None:
        text = self.metadata.attributes.get("minClientVersion") if self.metadata is not None else None
        if text is None or self.metadata is None:
            return None
        pointer = f"{self.metadata.pointer}/@minClientVersion"
        try:
            return MinClientVersion(text, NuGetVersion.parse(text), pointer)
        except InvalidVersion as error:
            detail = f"minClientVersion {error}"
            self._note("invalid-min-client-version", Place(pointer=pointer), detail, reason=error.reason)
            return MinClientVersion(text, None, pointer)

    def _development_dependency(self) -> bool:
        element = self._structured("developmentDependency")
        if element is None:
            return False
        text = element.value.strip().lower()
        if text not in ("true", "false"):
            detail = f"<developmentDependency> is {quote(element.value)}; NuGet reads only true and false"
            self._note("invalid-boolean", Place(pointer=element.pointer), detail)
        return text == "true"

    def _check_content_files(self) -> None:
        for element in self._all("contentFiles", "files"):
            if "include" not in element.attributes:
                place = Place(pointer=element.pointer)
                self._note("content-files-without-include", place, "a <files> of <contentFiles> has no include")


def _dependency(element: XmlElement) -> Dependency:
    version = element.attributes.get("version")
    parsed: VersionRange | None = None
    problem: str | None = None
    if version:
        try:
            parsed = VersionRange.parse(version)
        except InvalidRange as error:
            problem = error.reason
    return Dependency(
        element.attributes.get("id", ""),
        version,
        parsed,
        problem,
        _flags(element.attributes.get("include")),
        _flags(element.attributes.get("exclude")),
        element.pointer,
    )


def _flags(text: str | None) -> tuple[str, ...]:
    """Asset names between commas, trimmed, each once."""
    return tuple(sorted({flag.strip().lower() for flag in text.split(",") if flag})) if text else ()
