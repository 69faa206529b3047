"""Where findings about packages really stand: those about planned ones in the files of the project.

Of what was packed the finding stays in the package, and the project of the same id is a related place: it can be fixed
there.
"""

from __future__ import annotations

from collections.abc import Iterable

from umbmarket.check.engine import Origin
from umbmarket.findings import Document, Place, RelatedPlace, visible
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.umbraco.planned_document import PlannedDocument
from umbmarket.umbraco.planned_places import DiskFile
from umbmarket.umbraco.project_facts import ProjectFacts

AS_WRITTEN = " (as dotnet pack would write it)"
"""The end of a message about what stands nowhere as it would stand in the package."""


class Origins:
    """Answers for one run."""

    def __init__(self, projects: Iterable[ProjectFacts]) -> None:
        """`projects` are those of the run."""
        self._by_package = {
            id(each.packed): each.planned for each in projects if each.packed is not None and each.packed_counts
        }

    def __call__(self, document: Document, place: Place) -> Origin | None:
        """Where `place` of `document` comes from; None for itself."""
        if isinstance(document, PlannedDocument):
            return _of_planned(document, place)
        if isinstance(document, DiskFile) and isinstance(document.owner, PlannedDocument):
            return Origin(document, place, (_project(document.owner),))
        if isinstance(document, NuGetPackage) and place.member in (None, document.nuspec_name):
            planned = self._by_package.get(id(document))
            if planned is not None:
                return _of_packed(document, planned, place)
        return None


def _of_planned(planned: PlannedDocument, place: Place) -> Origin:
    written = planned.written(place)
    is_elsewhere = written.document.path != planned.path
    related = tuple(
        RelatedPlace(document, at, f"$({visible(name)}) is set here") for name, document, at in written.properties
    )
    if is_elsewhere:
        related = (*related, _project(planned))
    note = "" if written.literal else AS_WRITTEN
    return Origin(written.document, written.place, related, note, visible(written.range))


def _project(planned: PlannedDocument) -> RelatedPlace:
    """The project of a package, at its root element."""
    written = planned.written(planned.place_of(None))
    return RelatedPlace(written.document, written.place, f"the project of {visible(planned.id or planned.file_name)}")


def _of_packed(packed: NuGetPackage, planned: PlannedDocument, place: Place) -> Origin:
    written = planned.written(_same_place(packed, planned, place))
    related = RelatedPlace(written.document, written.place, "this is where to fix it in the project")
    return Origin(packed, place, (related,))


def _same_place(packed: NuGetPackage, planned: PlannedDocument, place: Place) -> Place:
    """The place of a packed nuspec in the planned one: dependencies are found by framework and id."""
    for group in packed.dependency_groups:
        for dependency in group.dependencies:
            if not place.pointer.startswith(dependency.pointer):
                continue
            rest = place.pointer.removeprefix(dependency.pointer)
            if rest and not rest.startswith("/"):
                continue
            for other in planned.dependency_groups:
                for each in other.dependencies if other.framework == group.framework else ():
                    if each.id.lower() == dependency.id.lower():
                        return Place(each.pointer + rest)
            return Place("/metadata/dependencies")
    return Place(place.pointer)
