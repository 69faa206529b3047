"""A package that is only planned, as rules see it: a `PackageDocument` over what `dotnet pack` would write.

Its places are those of the nuspec that pack would write, which is no file; `written` says where they come from in the
files of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal

from umbmarket.findings import NamedDocument, Place, Region, Source
from umbmarket.nuget import NuGetVersion, VersionRange
from umbmarket.nuget.floating import FloatBehavior
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
from umbmarket.nuget.project.evaluation import ProjectProblem
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.pack_metadata import Metadata
from umbmarket.nuget.project.packed_items import PlannedFile
from umbmarket.nuget.project.planned_dependencies import PlannedDependency, PlannedGroup
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.umbraco.package_document import Refusal, Withheld
from umbmarket.umbraco.planned_files import FileToPack
from umbmarket.umbraco.planned_places import DiskFile, SourceFile, SourceFiles, kept_out_by
from umbmarket.umbraco.planned_sources import OWN, PlannedSources, Written

_REFUSALS = ("NU5033", "NU5035")
"""What pack refuses of the licences; of files that are missing their rules tell."""

_PACKED_KINDS = ("None", "Content")
"""Items that put files into the package, where their `Pack` is true."""

_PACK_CODES = {"icon": "NU5046", "readme": "NU5039", "license": "NU5030"}


class PlannedDocument:
    """A planned package.

    Attributes:
        path: of the project, as shown to the user.
        real_path: the same, absolute.
        file_name: its last part.
        plan: what pack would write.
        is_nuspec: a nuspec is packed as it stands.
        files: the documents of the run's project files.
    """

    def __init__(
        self, plan: PlannedPackage, real_path: str, files: SourceFiles, other: Callable[[str], PlannedDocument]
    ) -> None:
        """Nothing is worked out before it is asked for.

        Args:
            plan: the package.
            real_path: absolute path of the project, with forward slashes.
            files: gives the documents of files.
            other: gives the package of another project by its absolute path.
        """
        self.plan = plan
        self.is_nuspec = plan.source_nuspec is not None
        self.real_path = real_path
        self.path = files.shown(real_path)
        self.file_name = self.path.rpartition("/")[2]
        self.files = files
        self._other = other
        self._sources = PlannedSources(plan, real_path, files)

    @property
    def kind(self) -> Literal["project"]:
        """`project`."""
        return "project"

    def member_of(self, place: Place) -> str | None:
        """None: it is no archive."""
        return None

    def source_of(self, place: Place) -> Source | None:
        """The text of the file that `place` comes from."""
        return self.written(place).document.source_of(place)

    def locate(self, place: Place) -> Region | None:
        """Where `place` comes from, in the file that `written` tells."""
        written = self.written(place)
        return written.document.locate(written.place)

    # Where things come from.

    @property
    def file(self) -> SourceFile | None:
        """The project, or the nuspec that is packed without one, as a document; None where it cannot be read at all."""
        return self._sources.file

    def written(self, place: Place) -> Written:
        """Where a place of the nuspec, or one that `place_of` gave, comes from."""
        if place.pointer.startswith(OWN):
            # They note where they come from when they are worked out.
            _ = self.dependency_groups, self.withheld, self.refusals
        values = {"license": self.license.value} if self.license is not None else {}
        if self.dropped_project_url is not None:
            values["projectUrl"] = self.dropped_project_url
        return self._sources.written(place, NamedDocument(self.path), values)

    def place_of(self, source: SourcePlace | None) -> Place:
        """An element of the project's files as a place of this document; for None the root element of the project."""
        return self._sources.place_of(source)

    @cached_property
    def unreadable(self) -> str | None:
        """Why the file itself cannot be read, in words; None where it can, and where MSBuild refuses it."""
        whole, evaluation, source = self.plan.whole, self.plan.evaluation, self.plan.source_nuspec
        if whole is None or (evaluation is not None and evaluation.problems):
            return None
        if evaluation is not None and evaluation.project.root is not None:
            return None
        if evaluation is None and source is not None:
            if source.nuspec.metadata is not None:
                return None
            return source.nuspec.problems[0].detail if source.nuspec.problems else whole.reason
        if evaluation is not None and evaluation.project.problem is not None and self.file is not None:
            return evaluation.project.problem
        reason = whole.reason.removeprefix(f"{self.plan.path} ")
        return reason.removeprefix("cannot be read: ") if reason == whole.reason or ": " in reason else f"it {reason}"

    # What is known.

    @cached_property
    def unknowns(self) -> dict[str, Unknown]:
        """What is not known, by the name of its element; under an empty name why nothing is.

        A version of zeros, such as `0.0.0-dev`, stands for one that the build sets.
        """
        version = self.plan.version
        if isinstance(version, NuGetVersion) and not any(version.numbers):
            return {**self.plan.unknowns, "version": Unknown(f"{version} stands for the one that the build sets")}
        return self.plan.unknowns

    def knows(self, element: str) -> bool:
        """Whether it is certain what the package would say there."""
        if self.plan.whole is None and element == "tags":
            # It is asked of all projects of a run, of which most are none of the Marketplace's.
            return not isinstance(self.plan.tags, Unknown)
        return element not in self.unknowns and "" not in self.unknowns

    @property
    def is_sound(self) -> bool:
        """Whether something is known of the metadata."""
        return self.plan.whole is None and not self.is_symbols

    @cached_property
    def sound_nuspec(self) -> Nuspec | None:
        """The known part of the metadata; None where nothing is known."""
        if not self.is_sound:
            return None
        nuspec = self.plan.nuspec
        return nuspec if nuspec is not None and nuspec.readable else None

    @property
    def id(self) -> str | None:
        """The package id; None where it is not known."""
        return _known(self.plan.id)

    @property
    def version(self) -> NuGetVersion | None:
        """The version; None where it is not known."""
        version = self.plan.version
        return version if isinstance(version, NuGetVersion) and any(version.numbers) else None

    @property
    def version_doubt(self) -> str | None:
        """Why the version is not known, in a few words; None where it is, or nothing is."""
        reason = self.unknowns.get("version")
        if reason is None:
            return None
        evaluation = self.plan.evaluation
        tool = Metadata(evaluation).version_tool() if evaluation is not None else None
        return tool or reason.reason

    @property
    def title(self) -> str | None:
        """The title."""
        return _known(self.plan.title)

    @property
    def description(self) -> str | None:
        """The description."""
        return _known(self.plan.description)

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors."""
        authors = self.plan.authors
        return authors if isinstance(authors, tuple) else ()

    @property
    def project_url(self) -> str | None:
        """The project URL."""
        return _known(self.plan.project_url)

    @property
    def dropped_project_url(self) -> str | None:
        """What was written as the project URL, where pack drops it."""
        fact = self.plan.dropped_project_url
        return fact.value if fact is not None and isinstance(fact.value, str) else None

    @property
    def icon_url(self) -> str | None:
        """The deprecated address of an icon."""
        return _known(self.plan.icon_url)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags as nuget.org would split them."""
        tags = self.plan.tags
        return tags if isinstance(tags, tuple) else ()

    def has_tag(self, tag: str) -> bool:
        """Whether nuget.org would certainly find it by this tag."""
        return self.plan.has_tag(tag) is True

    @property
    def repository(self) -> SourceRepository | None:
        """Where its source is."""
        found = self.plan.repository
        return found if isinstance(found, SourceRepository) else None

    @property
    def license(self) -> License | None:
        """Its licence."""
        found = self.plan.license
        return found if isinstance(found, License) else None

    @property
    def package_types(self) -> tuple[PackageType, ...]:
        """Empty means an ordinary package."""
        found = self.plan.package_types
        return found if isinstance(found, tuple) else ()

    @property
    def is_symbols(self) -> bool:
        """Whether it would hold symbols."""
        evaluation = self.plan.evaluation
        if self.plan.source_nuspec is None and evaluation is not None and evaluation.value("PackageType") == "":
            return False
        return self.plan.is_symbols

    # Dependencies.

    @cached_property
    def dependency_groups(self) -> tuple[DependencyGroup, ...]:
        """All dependencies whose ids are known, also those whose ranges are not: see `knows_range`."""
        groups = self.plan.dependency_groups
        if isinstance(groups, Unknown):
            return ()
        if self.plan.source_nuspec is not None:
            return groups
        found = []
        for number, group in enumerate(groups, 1):
            pointer = f"{OWN}/group[{number}]"
            dependencies = []
            for index, each in enumerate(group.dependencies, 1):
                own = f"{pointer}/dependency[{index}]"
                self._sources.keep(own, getattr(each, "source", None))
                self._sources.keep(f"{own}/@id", getattr(each, "source", None))
                asked = (
                    getattr(each, "asked", None) if getattr(each, "minimum_doubt", None) is not None else each.version
                )
                self._sources.keep(f"{own}/@version", getattr(each, "version_source", None), asked)
                dependencies.append(self._as_asked(each, own))
            found.append(
                DependencyGroup(group.target_framework, group.framework, tuple(dependencies), pointer, group.is_flat)
            )
        return tuple(found)

    def _as_asked(self, dependency: Dependency, pointer: str) -> Dependency:
        """A dependency with its pointer; a floating one with the range as it is written in the project."""
        written, parsed = dependency.version, dependency.range
        if isinstance(dependency, PlannedDependency) and dependency.minimum_doubt is not None:
            written = dependency.asked
            parsed = VersionRange.parse(written) if written is not None else parsed
        return Dependency(dependency.id, written, parsed, None, dependency.include, dependency.exclude, pointer)

    @cached_property
    def _planned(self) -> dict[str, PlannedDependency]:
        """The planned dependencies by pointer."""
        groups = self.plan.dependency_groups
        is_own = self.plan.source_nuspec is None
        return {
            f"{OWN}/group[{number}]/dependency[{index}]" if is_own else each.pointer: each
            for number, group in enumerate(groups if isinstance(groups, tuple) else (), 1)
            for index, each in enumerate(group.dependencies, 1)
            if isinstance(each, PlannedDependency)
        }

    def knows_range(self, dependency: Dependency) -> bool:
        """Whether the range is known as far as majors go: `13.*` begins with 13, and `*` with whatever is newest."""
        planned = self._planned.get(dependency.pointer)
        if planned is None:
            return True
        if planned.doubt is not None:
            return False
        floats = planned.minimum_doubt is not None
        return not floats or (dependency.range is not None and _keeps_major(dependency.range))

    @cached_property
    def references(self) -> dict[str, PlannedDocument]:
        """The packages of the projects that become dependencies, by id in lower case."""
        return {
            each.id.lower(): self._other(each.project)
            for _, each in self.planned_dependencies()
            if each.project is not None
        }

    def behind(self) -> Iterator[PlannedDocument]:
        """The packages of all projects that it depends on, through others too, each once."""
        waiting, seen = list(self.references.values()), {self.real_path}
        while waiting:
            each = waiting.pop()
            if each.real_path not in seen:
                seen.add(each.real_path)
                waiting += each.references.values()
                yield each

    def planned_dependencies(self) -> Iterator[tuple[PlannedGroup, PlannedDependency]]:
        """The dependencies with what is known of where they come from, group by group."""
        groups = self.plan.dependency_groups
        for group in groups if isinstance(groups, tuple) else ():
            for each in group.dependencies:
                if isinstance(group, PlannedGroup) and isinstance(each, PlannedDependency):
                    yield group, each

    @cached_property
    def withheld(self) -> tuple[Withheld, ...]:
        """References to packages that do not become dependencies."""
        groups = self.plan.dependency_groups
        found: dict[str, Withheld] = {}
        for group in groups if isinstance(groups, tuple) else ():
            for item in getattr(group, "excluded", ()):
                pointer = f"{OWN}/withheld[{len(found) + 1}]"
                if item.include.lower() not in found:
                    reason, source = kept_out_by(item)
                    self._sources.keep(pointer, source)
                    found[item.include.lower()] = Withheld(item.include, reason, Place(pointer))
        return tuple(found.values())

    # Files.

    @cached_property
    def icon(self) -> FileToPack | None:
        """The file that `PackageIcon` names; None also where that is not known."""
        return self._file(self.plan.icon, "icon")

    @cached_property
    def readme(self) -> FileToPack | None:
        """The file that `PackageReadmeFile` names."""
        return self._file(self.plan.readme, "readme")

    @cached_property
    def license_file(self) -> FileToPack | None:
        """The file that `PackageLicenseFile` names."""
        return self._file(self.plan.license_file, "license")

    def _file(self, file: PlannedFile | Unknown | None, name: str) -> FileToPack | None:
        if not isinstance(file, PlannedFile):
            return None
        path = file.disk_path
        return FileToPack(file, _PACK_CODES[name], DiskFile(self.files.shown(path), path, self) if path else None)

    def files_where(self, wanted: Callable[[str], bool]) -> Iterator[FileToPack]:
        """The files whose paths are wanted, as far as items name them; targets may still change what is in them."""
        evaluation = self.plan.evaluation
        for kind in _PACKED_KINDS if evaluation is not None and self.plan.source_nuspec is None else ():
            for item in evaluation.certain_items(kind) if evaluation is not None else ():
                path = item.include.replace("\\", "/")
                if str(item.text("Pack")).lower() == "true" and wanted(path):
                    yield FileToPack.of_item(path, self.place_of(item.place))

    @property
    def is_client_side(self) -> bool:
        """False: it is not certain."""
        return False

    # What is refused.

    @cached_property
    def refused_nuspec(self) -> tuple[NuspecProblem, ...]:
        """What NuGet cannot read in a nuspec that is packed as it stands, whatever its tokens stand for."""
        source = self.plan.source_nuspec
        if source is None or source.whole is not None:
            return ()
        return tuple(each for each in source.problems if each.refused_by == "client")

    @cached_property
    def push_problems(self) -> tuple[NuspecProblem, ...]:
        """What nuget.org would refuse in the metadata, as far as that is known."""
        from umbmarket.nuget.package.push_rules import push_problems

        nuspec, source = self.sound_nuspec, self.plan.source_nuspec
        if nuspec is None:
            return ()
        return tuple(
            problem
            for problem in push_problems(nuspec)
            if (source is None or source.is_certain(problem))
            and problem.kind.removeprefix("missing-").removeprefix("invalid-") not in self.unknowns
            and not (problem.kind == "license-url" and nuspec.license_url is None)
        )

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """What `dotnet pack` refuses of the licences."""
        found: list[Refusal] = []
        for problem in self.plan.problems:
            if isinstance(problem, ProjectProblem) and problem.code in _REFUSALS:
                pointer = f"{OWN}/refusal[{len(found) + 1}]"
                self._sources.keep(pointer, problem.place)
                found.append(Refusal(problem.code, problem.detail, Place(pointer)))
        return tuple(found)

    @property
    def size(self) -> int:
        """0: it is not packed yet."""
        return 0

    @property
    def is_oversize(self) -> bool:
        """False: it is not packed yet."""
        return False


def _known(value: str | Unknown | None) -> str | None:
    return value if isinstance(value, str) else None


_ANY_MAJOR = frozenset((FloatBehavior.MAJOR, FloatBehavior.PRERELEASE_MAJOR, FloatBehavior.ABSOLUTE_LATEST))


def _keeps_major(asked: VersionRange) -> bool:
    """Whether whatever a restore finds for a floating range has the major that is written."""
    return asked.floating is not None and asked.floating.behavior not in _ANY_MAJOR
