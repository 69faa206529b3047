"""UMB704, UMB705 and UMB707: what becomes of the references of a project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Severity, quote, visible
from umbmarket.umbraco.project_facts import ProjectFacts

if TYPE_CHECKING:
    from umbmarket.nuget.project.planned_dependencies import PlannedDependency

_VERSIONED_BY_SDK = frozenset(
    ("microsoft.aspnetcore.app", "microsoft.aspnetcore.all", "microsoft.netcore.app", "netstandard.library")
)
"""Packages, in lower case, whose versions the SDK fills in (dotnet/sdk, DefaultImplicitPackages)."""


@rule(
    "UMB704",
    "floating-umbraco-version",
    Severity.WARNING,
    why="the next build may require a newer Umbraco, which sites with an older one do not have",
)
def floating_umbraco_version(facts: ProjectFacts) -> Iterator[Observation]:
    """A reference to Umbraco with a floating version, such as `*` or `13.*`.

    Why it matters:
        `dotnet pack` writes the restored version as minimum, without a maximum: `13.*` becomes `13.9.1`. Websites with
        an older patch cannot install the package, and two builds of the same source differ. 6 of 205 public projects
        for the Marketplace have such a reference.

    Bad:
        <PackageReference Include="Umbraco.Cms.Web.Common" Version="13.*" />

    Good:
        <PackageReference Include="Umbraco.Cms.Web.Common" Version="[13.0.0, 14.0.0)" />
    """
    if not facts.is_meant:
        return
    from umbmarket.umbraco.compatibility.dependencies import product_of

    alike: dict[str, dict[object, PlannedDependency]] = {}
    for _, dependency in facts.planned.planned_dependencies():
        if dependency.minimum_doubt is not None and dependency.asked and product_of(dependency.id) is not None:
            key = (dependency.version_source, dependency.id)
            alike.setdefault(dependency.asked, {}).setdefault(key, dependency)
    for asked, dependencies in alike.items():
        yield _floating(facts, asked, list(dependencies.values()))


def _floating(facts: ProjectFacts, asked: str, dependencies: list[PlannedDependency]) -> Observation:
    """What is to be told of all references that ask for the same."""
    from umbmarket.nuget import VersionRange
    from umbmarket.umbraco.compatibility.dependencies import LAST_LEGACY_MAJOR, product_of
    from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR

    read, first = VersionRange.parse(asked), dependencies[0]
    lowest = read.minimum
    others = len(dependencies) - 1
    more = f" and of {others} more reference{'s' if others > 1 else ''} to Umbraco" if others else ""
    # `*` means the newest of all.
    major = LAST_LEGACY_MAJOR if product_of(first.id) == "cms-8" else NEWEST_MAJOR
    if lowest is not None and any(lowest.numbers):
        major = lowest.major
    return Observation(
        f"the version {visible(asked)} of {visible(first.id)}{more} floats: the package will require the version that"
        f" is the newest when it is built{', without a maximum' if read.maximum is None else ''}",
        facts.planned.place_of(first.version_source),
        help=f"write a range with both ends, such as [{major}.0.0, {major + 1}.0.0)",
        args={"id": first.id, "version": asked, "count": len(dependencies)},
        document=facts.planned,
    )


@rule(
    "UMB705",
    "version-missing",
    Severity.ERROR,
    why="the restore fails, or the package depends on a wrong version",
)
def version_missing(facts: ProjectFacts) -> Iterator[Observation]:
    """A package reference without a version, with one that is not allowed, or with one that NuGet cannot read.

    With central package management: a reference without a `PackageVersion` (NU1010), or with its own version (NU1008).
    Without it: a reference without a version, for which `dotnet pack` writes the version of the package itself.

    Why it matters:
        NU1010 and NU1008 stop the restore. Without a version, a package 2.0.0 requires version 2.0.0 of its dependency.
        This happens silently if a property such as `$(UmbracoVersion)` is not set.

    Bad:
        <PackageReference Include="Umbraco.Cms.Web.Common" />

    Good:
        <PackageReference Include="Umbraco.Cms.Web.Common" Version="[13.0.0, 14.0.0)" />
    """
    if not facts.is_meant:
        return
    told: set[object] = set()
    for group, dependency in facts.planned.planned_dependencies():
        for problem in group.problems:
            if problem not in told:
                told.add(problem)
                yield Observation(
                    f"{visible(problem.detail)} ({problem.code})",
                    facts.planned.place_of(problem.place),
                    help=_CENTRAL_HELP.get(problem.code, "give it a version"),
                    args={"code": problem.code},
                    document=facts.planned,
                )
        source = dependency.version_source or dependency.source
        if dependency.project is not None or source in told or dependency.id.lower() in _VERSIONED_BY_SDK:
            continue
        if dependency.takes_own:
            told.add(source)
            own = dependency.version
            yield Observation(
                f"{visible(dependency.id)} has no version, so dotnet pack writes the version of this package"
                f"{f', {visible(own)}' if own is not None else ''}",
                facts.planned.place_of(source),
                help="add a version or a range; a property that is not set is empty",
                args={"id": dependency.id, "written": own},
                document=facts.planned,
            )
        elif dependency.asked is not None and dependency.range is None:
            told.add(source)
            yield Observation(
                f"{quote(dependency.asked)} is not a version or range of {visible(dependency.id)} that NuGet can read",
                facts.planned.place_of(source),
                help="write a version such as 13.0.0, or a range such as [13.0.0, 14.0.0)",
                args={"id": dependency.id, "version": dependency.asked},
                document=facts.planned,
            )


_CENTRAL_HELP = {
    "NU1008": "move the version to a PackageVersion in Directory.Packages.props, or write VersionOverride",
    "NU1010": "add a PackageVersion with its id and a version to Directory.Packages.props",
}


@rule(
    "UMB707",
    "depends-on-unpackable",
    Severity.WARNING,
    why="the package depends on a package that is not packed, so it may not be installable",
)
def depends_on_unpackable(facts: ProjectFacts) -> Iterator[Observation]:
    """A reference to a project that is not packed, such as one with `IsPackable` false.

    `dotnet pack` writes a dependency on the package id of the other project, whether that is packed or not.

    Why it matters:
        NuGet restore fails with NU1101 in every project, unless a package with that id is published some other way. To
        put the other project's assembly into this package instead, add `PrivateAssets="all"` to the reference.

    Bad:
        <ProjectReference Include="../My.Package.Core/My.Package.Core.csproj" /> to a project with IsPackable false

    Good:
        <ProjectReference Include="../My.Package.Core/My.Package.Core.csproj" /> to a project that is packed too
    """
    if not facts.is_meant:
        return
    told: set[str] = set()
    for _, dependency in facts.planned.planned_dependencies():
        other = facts.planned.references.get(dependency.id.lower()) if dependency.project is not None else None
        if other is None or other.plan.packable is not False or other.path in told:
            continue
        told.add(other.path)
        yield Observation(
            f"the package depends on {quote(dependency.id)}, but {quote(other.path, 160)} is not packed",
            facts.planned.place_of(dependency.source),
            help='pack it too, or add PrivateAssets="all" to the reference and put its assembly into this package',
            args={"id": dependency.id, "project": other.path},
            document=facts.planned,
        )
