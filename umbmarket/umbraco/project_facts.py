"""What the rules may know about a project file as such. Apart, as most runs have none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umbmarket.findings import Document
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.package_differences import Differences
    from umbmarket.umbraco.planned_document import PlannedDocument
    from umbmarket.umbraco.project_oddities import LostMetadata, Misnamed

_SELDOM_ASKED = frozenset(("version", "copyright", "releaseNotes", "repository"))


@dataclass(frozen=True, eq=False)
class ProjectFacts:
    """A project file, and the package that it is planned to become.

    Attributes:
        document: the project.
        planned: what `dotnet pack` would write.
        named: the user named the file; False when it was found in a folder.
        is_meant: it is for the Marketplace, or the user named it, so that what is wrong with it matters.
        packed: the package of the same id that was packed and is in the run, or None.
        packed_counts: the rules look at `packed` and not at this; False also where there is none.
        differences: what the two say differently; None without such a package.
    """

    document: Document
    planned: PlannedDocument
    named: bool = True
    is_meant: bool = True
    packed: NuGetPackage | None = None
    packed_counts: bool = False
    differences: Differences | None = None

    @cached_property
    def missed(self) -> dict[str, str]:
        """What is not known and keeps rules from looking, by the name of its element or in words, and why.

        The version is often set by tools and build servers, which the summary of a run says in a word. Nothing is
        missed by who does not know the others that are left out.
        """
        from umbmarket.umbraco.compatibility.dependencies import product_of

        planned = self.planned
        found = {name: why.reason for name, why in planned.unknowns.items() if name not in _SELDOM_ASKED}
        for group, each in planned.planned_dependencies():
            is_told = each.version_source in [problem.place for problem in group.problems]
            if each.doubt is not None and each.project is None and product_of(each.id) is not None and not is_told:
                found[f"the range of {each.id}"] = each.doubt.reason
        source = planned.plan.source_nuspec
        for dependency, doubt in source.doubted_ranges() if source is not None else ():
            if product_of(dependency.id) is not None:
                found[f"the range of {dependency.id}"] = doubt.reason
        return found

    @cached_property
    def misnamed(self) -> tuple[Misnamed, ...]:
        """Files that MSBuild would read for it if their names had another letter case."""
        from umbmarket.umbraco.project_oddities import misnamed_files

        evaluation = self.planned.plan.evaluation
        return tuple(misnamed_files(evaluation)) if evaluation is not None else ()

    @cached_property
    def lost_metadata(self) -> tuple[LostMetadata, ...]:
        """Metadata that is set for one of several target frameworks alone, and so does not get into the package."""
        from umbmarket.umbraco.project_oddities import lost_metadata

        plan = self.planned.plan
        return tuple(lost_metadata(plan.evaluation)) if plan.evaluation is not None and not plan.source_nuspec else ()
