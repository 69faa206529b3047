"""The package that `dotnet pack` would write of a project, before anything is packed.

It offers what a packed one does (`NuGetPackage`); each fact is a value with its place, absent, or `Unknown`.
"""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import Literal

from umbmarket.findings import Place, Region
from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.nuget.package.nuspec import SYMBOLS_PACKAGE, Nuspec, split_tags
from umbmarket.nuget.package.nuspec_model import (
    DependencyGroup,
    License,
    NuspecProblem,
    PackageType,
    SourceRepository,
    Tag,
)
from umbmarket.nuget.package.push_rules import push_problems
from umbmarket.nuget.project.evaluation import Evaluation, ProjectProblem, evaluate
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.nuspec_source import NuspecSource
from umbmarket.nuget.project.pack_metadata import Fact, Metadata
from umbmarket.nuget.project.pack_problems import file_problems
from umbmarket.nuget.project.packed_items import PlannedFile, planned_file
from umbmarket.nuget.project.planned_dependencies import OtherPackage, PlannedGroup, planned_group
from umbmarket.nuget.project.planned_nuspec import PlannedText, write_nuspec
from umbmarket.nuget.project.project_files import ProjectFiles
from umbmarket.nuget.project.unknown import Unknown

MOST_PROJECTS = 5_000
"""Referenced projects that one run follows."""

_SIMPLE = (
    # The element, and the properties that it comes from, the first that is set.
    ("title", ("Title",)),
    ("description", ("PackageDescription",)),
    ("copyright", ("Copyright",)),
    ("releaseNotes", ("PackageReleaseNotes",)),
    ("icon", ("PackageIcon",)),
    ("iconUrl", ("PackageIconUrl",)),
    ("readme", ("PackageReadmeFile",)),
)


class PlannedPackage:
    """What pack would write; made by `plan`.

    Attributes:
        path: of the project, relative to the root, with forward slashes.
        file_name: its last part.
        evaluation: the project as MSBuild evaluates it; None for a nuspec without a project.
        source_nuspec: the nuspec that is packed as it stands, or None.
    """

    kind: Literal["project"] = "project"

    def __init__(
        self,
        path: str,
        evaluation: Evaluation | None,
        source_nuspec: NuspecSource | None,
        files: ProjectFiles,
        whole: Unknown | None = None,
    ) -> None:
        """Use `plan`. Nothing is worked out before it is asked for."""
        self.path = path
        self.file_name = path.rpartition("/")[2]
        self.evaluation = evaluation
        self.source_nuspec = source_nuspec
        self._files = files
        self._whole = whole

    # What kind of package it is.

    @property
    def whole(self) -> Unknown | None:
        """Why nothing of it is known, in one line; None where something is."""
        if self._whole is not None:
            return self._whole
        return self.evaluation.whole if self.evaluation is not None else None

    @cached_property
    def packable(self) -> bool | Unknown:
        """Whether `dotnet pack` packs it."""
        if self.evaluation is None:
            return self._whole or True
        return self._metadata.packable()

    @cached_property
    def _metadata(self) -> Metadata:
        assert self.evaluation is not None
        return Metadata(self.evaluation)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The simple texts by the name of their nuspec element."""
        if self.whole is not None:
            return {}
        if self.source_nuspec is not None:
            return self._facts_of_nuspec(self.source_nuspec)
        read = self._metadata
        found = {
            "id": read.fact("PackageId"),
            "version": self.version_fact,
            "authors": read.authors(),
            "projectUrl": read.url(),
            "tags": read.tags(),
        }
        for element, names in _SIMPLE:
            found[element] = read.fact(*names)
        return found

    def _facts_of_nuspec(self, source: NuspecSource) -> dict[str, Fact]:
        found = {}
        for name in ("id", "version", "authors", "projectUrl", "tags", *(element for element, _ in _SIMPLE)):
            found[name] = Fact(source.text(name))
        return found

    def _value(self, name: str) -> str | Unknown | None:
        if self.whole is not None:
            return self.whole
        return self.facts[name].value

    def place_of(self, name: str) -> SourcePlace | None:
        """Where the text of a nuspec element such as `projectUrl` was written; None for a default."""
        return self.facts[name].source if name in self.facts else None

    @property
    def unknowns(self) -> dict[str, Unknown]:
        """What is not known, by nuspec element: `id`, `version`, `dependencies`, ..."""
        if self.whole is not None:
            return {"": self.whole}
        found = {name: fact.value for name, fact in self.facts.items() if isinstance(fact.value, Unknown)}
        told = (("repository", self.repository), ("license", self.license), ("packageTypes", self.package_types))
        for name, value in told:
            if isinstance(value, Unknown):
                found[name] = value
        if self.source_nuspec is not None:
            for name, file in (("icon", self.icon), ("readme", self.readme)):
                if isinstance(file, Unknown):
                    found.setdefault(name, file)
        groups = self.dependency_groups
        if isinstance(groups, Unknown):
            found["dependencies"] = groups
        else:
            doubts = [group.doubt for group in groups if isinstance(group, PlannedGroup) and group.doubt is not None]
            if doubts:
                found["dependencies"] = doubts[0]
        return found

    # What the metadata says.

    @cached_property
    def version_fact(self) -> Fact:
        """The version with its place."""
        if self.whole is not None:
            return Fact(self.whole)
        if self.source_nuspec is not None:
            return Fact(self.source_nuspec.version_text)
        return self._metadata.version()

    @property
    def identity(self) -> str | Unknown:
        """The package id, which every package has."""
        value = self._value("id")
        return value if value is not None else Unknown("there is no id")

    @property
    def id(self) -> str | Unknown | None:
        """The package id."""
        return self._value("id")

    @property
    def version_text(self) -> str | Unknown | None:
        """The version as written."""
        return self.version_fact.value

    @property
    def version(self) -> NuGetVersion | Unknown | None:
        """The version; None also where a nuspec has one that NuGet cannot read, which `problems` tells."""
        text = self.version_fact.value
        try:
            return NuGetVersion.parse(text) if isinstance(text, str) else text
        except InvalidVersion:
            return None

    @property
    def title(self) -> str | Unknown | None:
        """The title."""
        return self._value("title")

    @property
    def description(self) -> str | Unknown | None:
        """The description."""
        return self._value("description")

    @property
    def project_url(self) -> str | Unknown | None:
        """The project URL; None also where pack drops what is written (see `dropped_project_url`)."""
        return self._value("projectUrl")

    @property
    def dropped_project_url(self) -> Fact | None:
        """A `PackageProjectUrl` that pack drops silently, as it is no absolute address; None where it drops none."""
        if self.whole is not None or self.source_nuspec is not None or self.facts["projectUrl"].value is not None:
            return None
        written = self._metadata.fact("PackageProjectUrl")
        return written if isinstance(written.value, str) else None

    @property
    def icon_url(self) -> str | Unknown | None:
        """The deprecated address of an icon."""
        return self._value("iconUrl")

    @property
    def authors(self) -> tuple[str, ...] | Unknown:
        """The authors."""
        value = self._value("authors")
        if isinstance(value, Unknown):
            return value
        return tuple(author for part in (value or "").split(",") if (author := part.strip()))

    @property
    def tags(self) -> tuple[Tag, ...] | Unknown:
        """The tags as nuget.org splits them; offsets count in the text that pack writes."""
        value = self._value("tags")
        if isinstance(value, Unknown):
            return value
        return split_tags(value or "")

    def has_tag(self, tag: str) -> bool | Unknown:
        """Whether nuget.org finds it by this tag."""
        tags = self.tags
        return tags if isinstance(tags, Unknown) else any(each.key == tag.lower() for each in tags)

    @cached_property
    def repository(self) -> SourceRepository | Unknown | None:
        """Where its source is."""
        if self.whole is not None:
            return self.whole
        if self.source_nuspec is not None:
            if "repository" in self.source_nuspec.unknown:
                return self.source_nuspec.unknown["repository"]
        else:
            url, kind = self._metadata.repository_url(), self._metadata.fact("RepositoryType")
            for value in (url.value, kind.value):
                if isinstance(value, Unknown):
                    return value
        return self.nuspec.repository if self.nuspec is not None else None

    @cached_property
    def license(self) -> License | Unknown | None:
        """Its licence: an expression, a file or an address."""
        if self.whole is not None:
            return self.whole
        if self.source_nuspec is not None:
            doubt = self.source_nuspec.doubt_about_license
            if doubt is not None:
                return doubt
        else:
            for name in ("PackageLicenseExpression", "PackageLicenseFile", "PackageLicenseUrl"):
                value = self._metadata.fact(name).value
                if isinstance(value, Unknown):
                    return value
        return self.nuspec.license if self.nuspec is not None else None

    @property
    def package_types(self) -> tuple[PackageType, ...] | Unknown:
        """Empty means an ordinary package."""
        if self.whole is not None:
            return self.whole
        value: str | Unknown | None
        if self.source_nuspec is not None:
            value = self.source_nuspec.unknown.get("packageTypes")
        else:
            value = self._metadata.fact("PackageType").value
        if isinstance(value, Unknown):
            return value
        return self.nuspec.package_types if self.nuspec is not None else ()

    @property
    def is_symbols(self) -> bool:
        """Its only package type is that of symbol packages."""
        types = self.package_types
        return isinstance(types, tuple) and [each.name.lower() for each in types] == [SYMBOLS_PACKAGE.lower()]

    # Its dependencies.

    @cached_property
    def dependency_groups(self) -> tuple[DependencyGroup, ...] | Unknown:
        """Its dependencies by target framework: `PlannedGroup`s of `PlannedDependency`s for a project."""
        if self.whole is not None:
            return self.whole
        if self.source_nuspec is not None:
            return self.source_nuspec.dependency_groups
        if self.evaluation is None:
            return ()
        frameworks = self.evaluation.frameworks
        if isinstance(frameworks, Unknown):
            return frameworks
        version = self.version_fact.value
        own = version if version is not None else Unknown("the package has no version")
        return tuple(
            planned_group(self.evaluation.within(framework), framework, own, self._other) for framework in frameworks
        )

    def _other(self, path: str) -> OtherPackage | Unknown:
        """The package of a referenced project."""
        plans = self._files.plans
        if path not in plans:
            if len(plans) > MOST_PROJECTS:
                return Unknown("too many projects are referenced")
            found = self._files.find(path)
            if not self._files.contains(path):
                way = posixpath.relpath(path, self._files.root)
                return Unknown(f"the referenced project {way} is outside of the repository")
            if not isinstance(found, str):
                return found or Unknown(f"the referenced project {self._files.shown(path)} does not exist")
            evaluation = evaluate(path, files=self._files)
            other = PlannedPackage(self._files.shown(path), evaluation, None, self._files)
            nuspec = evaluation.value("NuspecFile")
            refused = nuspec if isinstance(nuspec, Unknown) else None
            if isinstance(nuspec, str) and nuspec.strip():
                refused = Unknown(f"{other.path} is packed from a nuspec")
            plans[path] = refused or OtherPackage(other.identity, other.version_fact.value)
        known = plans[path]
        assert isinstance(known, OtherPackage | Unknown)
        return known

    # Its files.

    @cached_property
    def icon(self) -> PlannedFile | Unknown | None:
        """The file that `PackageIcon` names."""
        return self._file("icon")

    @cached_property
    def readme(self) -> PlannedFile | Unknown | None:
        """The file that `PackageReadmeFile` names."""
        return self._file("readme")

    @cached_property
    def license_file(self) -> PlannedFile | Unknown | None:
        """The file that `PackageLicenseFile` names."""
        found = self.license
        if isinstance(found, Unknown) or found is None or found.kind != "file":
            return found if isinstance(found, Unknown) else None
        if self.evaluation is None or self.source_nuspec is not None:
            return Unknown("the files that a nuspec packs are not looked up")
        return planned_file(found.value, self.evaluation.place_of("PackageLicenseFile"), self.evaluation)

    def _file(self, name: str) -> PlannedFile | Unknown | None:
        value = self._value(name)
        if value is None or isinstance(value, Unknown):
            return value
        if self.evaluation is None or self.source_nuspec is not None:
            return Unknown("the files that a nuspec packs are not looked up")
        return planned_file(value, self.place_of(name), self.evaluation)

    # The nuspec, and where everything comes from.

    @cached_property
    def _written(self) -> PlannedText:
        groups = self.dependency_groups
        known = [group for group in groups if isinstance(group, PlannedGroup)] if isinstance(groups, tuple) else None
        return write_nuspec(self.facts, self._metadata, known)

    @property
    def nuspec_name(self) -> str:
        """What pack calls the nuspec."""
        identity = self.identity if self.whole is None else None
        return f"{identity}.nuspec" if isinstance(identity, str) else "package.nuspec"

    @cached_property
    def nuspec(self) -> Nuspec | None:
        """The known part of the nuspec; None where nothing is known. What is unknown is missing in it."""
        if self.whole is not None:
            return None
        if self.source_nuspec is not None:
            return self.source_nuspec.nuspec
        return Nuspec(self.nuspec_name, self._written.text.encode("utf-8"))

    def source_of(self, place: Place) -> SourcePlace | None:
        """The element of a project file that stands behind a place in `nuspec`, or the nearest around it.

        The project's own `<Project>` for what comes from no file. None where the nuspec itself is a file.
        """
        if self.source_nuspec is not None or self.evaluation is None:
            return None
        pointer = place.pointer
        while pointer:
            found = self._written.sources.get(pointer) or self._written.sources.get(pointer.removesuffix("[1]"))
            if found is not None:
                return found
            pointer = pointer.rpartition("/")[0]
        return SourcePlace(self.evaluation.project, self.evaluation.project.root)

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of `place` in the nuspec that is packed as it stands; None for a planned one."""
        return self.source_nuspec.nuspec.locate(place) if self.source_nuspec is not None else None

    @cached_property
    def problems(self) -> tuple[ProjectProblem | NuspecProblem, ...]:
        """What MSBuild, NuGet and nuget.org refuse, as far as it is certain."""
        found: list[ProjectProblem | NuspecProblem] = []
        if self.evaluation is not None:
            found += self.evaluation.problems
        groups = self.dependency_groups
        if not isinstance(groups, Unknown):
            for group in groups:
                found += [each for each in getattr(group, "problems", ()) if each not in found]
        nuspec = self.nuspec
        if self.source_nuspec is not None:
            found += self.source_nuspec.problems
        elif nuspec is not None:
            unknown = self.unknowns
            for problem in (*nuspec.problems, *push_problems(nuspec)):
                if problem.kind.removeprefix("missing-").removeprefix("invalid-") not in unknown:
                    found.append(problem)
        if self.evaluation is not None and self.whole is None and self.source_nuspec is None:
            found += file_problems(self.icon, self.readme, self.license_file, self._metadata)
        return tuple(found)
