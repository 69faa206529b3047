"""The dependency groups that `dotnet pack` would write for a project.

Sources: NuGet.Client, PackTaskLogic (AddDependencyGroups, GetUpdatedPackageDependency), LibraryIncludeFlagUtils;
reference sections 6 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from umbmarket.nuget import InvalidRange, NuGetVersion, TargetFramework, VersionRange
from umbmarket.nuget.package.nuspec_model import Dependency, DependencyGroup
from umbmarket.nuget.project.central_versions import CentralVersions
from umbmarket.nuget.project.evaluation import Evaluation, ProjectProblem
from umbmarket.nuget.project.framework_functions import target_framework, version_text
from umbmarket.nuget.project.items import Item, SourcePlace
from umbmarket.nuget.project.project_files import normalized
from umbmarket.nuget.project.unknown import Unknown

_DEFAULT_EXCLUDE = ("analyzers", "build")
"""What pack excludes of a reference without `PrivateAssets`."""


class OtherPackage(NamedTuple):
    """The package of a referenced project: its id and its version."""

    id: str | Unknown
    version: str | Unknown | None


PlanOther = Callable[[str], OtherPackage | Unknown]
"""Plans the package of another project, by its absolute path."""


@dataclass(frozen=True, slots=True)
class PlannedDependency(Dependency):
    """A dependency as pack would write it.

    Attributes:
        source: the reference that it comes from.
        version_source: where its range was written, such as a central version.
        doubt: why its range is not known; None where it is.
        minimum_doubt: why its minimum is not known, where the range says something all the same: a floating version
            becomes the version that restore finds, without a maximum where none is written.
        project: absolute path of the project that it stands for, or None.
        asked: the range as it is asked for, before a restore fills in what floats; None where it is not known.
        takes_own: no version is written, so that pack writes that of the package itself.
    """

    source: SourcePlace | None = None
    version_source: SourcePlace | None = None
    doubt: Unknown | None = None
    minimum_doubt: Unknown | None = None
    project: str | None = None
    asked: str | None = None
    takes_own: bool = False


@dataclass(frozen=True, slots=True)
class PlannedGroup(DependencyGroup):
    """The dependencies for one target framework.

    Attributes:
        doubt: why there may be more dependencies than these; None where there are none.
        problems: what NuGet refuses.
        excluded: references that do not become dependencies, as `PrivateAssets` or its like says.
    """

    doubt: Unknown | None = None
    problems: tuple[ProjectProblem, ...] = ()
    excluded: tuple[Item, ...] = ()


def group_name(framework: TargetFramework) -> str:
    """A target framework as a nuspec's group spells it: `net8.0`, `.NETStandard2.0`, `.NETFramework4.7.2`."""
    if framework.identifier == ".NETCoreApp" and framework.version[0] >= 5:
        return framework.short_name
    if not framework.is_known or framework.is_any or framework.profile:
        return framework.short_name
    return f"{framework.identifier}{version_text(framework)}"


def planned_group(
    evaluation: Evaluation, framework: str, own_version: str | Unknown, plan_other: PlanOther
) -> PlannedGroup:
    """The group for one target framework.

    Args:
        evaluation: of the project, for this framework.
        framework: the framework as written.
        own_version: of the package itself, which a reference without a version gets.
        plan_other: plans a referenced project.
    """
    target = target_framework(framework)
    collected = _Collected(evaluation, own_version)
    suppressed = evaluation.value("SuppressDependenciesWhenPacking")
    if isinstance(suppressed, Unknown):
        collected.doubt = suppressed
    elif suppressed.strip().lower() == "true":
        return PlannedGroup(group_name(target), target, (), "")
    collected.packages()
    collected.projects(plan_other)
    pinning = evaluation.value("CentralPackageTransitivePinningEnabled")
    if isinstance(pinning, Unknown) or (pinning.strip().lower() == "true" and collected.central.enabled is not False):
        collected.doubt = collected.doubt or Unknown(
            "transitive packages with a central version become dependencies too"
        )
    return PlannedGroup(
        group_name(target),
        target,
        tuple(collected.found.values()),
        "",
        doubt=collected.doubt,
        problems=tuple(collected.problems),
        excluded=tuple(collected.excluded),
    )


class _Collected:
    """What is gathered for one group."""

    def __init__(self, evaluation: Evaluation, own_version: str | Unknown) -> None:
        self.evaluation = evaluation
        self.own_version = own_version
        self.central = CentralVersions(evaluation)
        self.found: dict[str, PlannedDependency] = {}
        self.excluded: list[Item] = []
        self.problems: list[ProjectProblem] = []
        self.doubt: Unknown | None = None
        self._seen: set[str] = set()

    def packages(self) -> None:
        """The package references."""
        self.doubt = self.doubt or self.evaluation.doubt_about("PackageReference")
        for item in self.evaluation.certain_items("PackageReference"):
            key = item.include.lower()
            if key in self._seen:
                # NuGet takes the first of several (NU1504).
                continue
            self._seen.add(key)
            if item.text("IsImplicitlyDefined") == "true":
                continue
            kept = is_written(item)
            if isinstance(kept, Unknown):
                self.doubt = self.doubt or kept
            elif kept:
                self.found[key] = self._package(item)
            else:
                self.excluded.append(item)

    def _package(self, item: Item) -> PlannedDependency:
        asked = self.central.asked_by(item)
        if asked.problem is not None:
            self.problems.append(asked.problem)
        return self._dependency(item, asked.text, asked.source)

    def _dependency(
        self, item: Item, text: str | Unknown, source: SourcePlace, project: str | None = None, name: str = ""
    ) -> PlannedDependency:
        """A dependency on what `text`, a range as written, asks for."""
        doubt = text if isinstance(text, Unknown) else None
        minimum_doubt: Unknown | None = None
        parsed: VersionRange | None = None
        takes_own = not isinstance(text, Unknown) and not text
        if takes_own:
            text = self.own_version
            doubt = text if isinstance(text, Unknown) else None
        if not isinstance(text, Unknown):
            try:
                parsed = _range(text)
            except InvalidRange as error:
                doubt = Unknown(f"{item.include} has a version that NuGet cannot read: {error.reason}")
            if parsed is not None and parsed.is_floating:
                minimum_doubt = Unknown(f"restore replaces {text} with the version that it finds")
                parsed = _without_label(parsed)
        exclude = _DEFAULT_EXCLUDE if not item.text("PrivateAssets") else ()
        return PlannedDependency(
            name or item.include,
            parsed.short if parsed is not None else None,
            _range(parsed.short) if parsed is not None else None,
            None,
            (),
            exclude,
            "",
            source=item.place,
            version_source=source,
            doubt=doubt,
            minimum_doubt=minimum_doubt,
            project=project,
            asked=text if isinstance(text, str) else None,
            takes_own=takes_own,
        )

    def projects(self, plan_other: PlanOther) -> None:
        """The project references: each stands for that project's package, with its version as the minimum."""
        self.doubt = self.doubt or self.evaluation.doubt_about("ProjectReference")
        for item in self.evaluation.certain_items("ProjectReference"):
            kept = is_written(item)
            output = item.text("ReferenceOutputAssembly")
            if isinstance(kept, Unknown) or isinstance(output, Unknown):
                self.doubt = self.doubt or (kept if isinstance(kept, Unknown) else Unknown("a reference is not known"))
                continue
            if not kept or output.lower() == "false":
                self.excluded.append(item)
                continue
            path = normalized(item.include, self.evaluation.project.folder)
            other = plan_other(path)
            if isinstance(other, Unknown):
                self.doubt = self.doubt or other
                continue
            identity = other.id
            if not isinstance(identity, str):
                self.doubt = self.doubt or identity
                continue
            if identity.lower() in self.found:
                continue
            text = other.version
            version = text if text is not None else Unknown("the project has no version")
            if isinstance(version, str):
                version = NuGetVersion.parse(version).normalized
            self.found[identity.lower()] = self._dependency(item, version, item.place, path, identity)


def _without_label(floating: VersionRange) -> VersionRange:
    """The range from the numbers of the lowest version on: its label is none that pack writes."""
    lowest = floating.minimum
    numbers = NuGetVersion(*lowest.numbers) if lowest is not None else None
    return VersionRange(numbers, floating.minimum_inclusive, floating.maximum, floating.maximum_inclusive)


@lru_cache(maxsize=1024)
def _range(text: str) -> VersionRange:
    return VersionRange.parse(text)


def is_written(item: Item) -> bool | Unknown:
    """Whether a reference becomes a dependency (LibraryIncludeFlagUtils: `all` and `none` in any letter case)."""
    name = keeping_out(item)
    return name if isinstance(name, Unknown) else name is None


def keeping_out(item: Item) -> str | Unknown | None:
    """The name of the metadata that keeps a reference from becoming a dependency; None where it becomes one."""
    for name, word in (("PrivateAssets", "all"), ("ExcludeAssets", "all"), ("IncludeAssets", "none")):
        text = item.text(name)
        if isinstance(text, Unknown):
            return text
        if word in (part.strip().lower() for part in text.replace(",", ";").split(";")):
            return name
    return None
