"""What the pass over properties leaves for the pass over items, and what MSBuild refuses."""

from __future__ import annotations

from typing import NamedTuple

from umbmarket.nuget.project.construction import ItemGroup
from umbmarket.nuget.project.project_files import Element, ProjectFile
from umbmarket.nuget.project.unknown import Unknown


class Problem(NamedTuple):
    """What MSBuild refuses.

    Attributes:
        code: MSBuild's, such as `MSB4019`.
        detail: what is wrong, as a clause without a full stop.
        file: the file that it stands in.
        element: the element, or None for the file as a whole.
    """

    code: str
    detail: str
    file: ProjectFile
    element: Element | None


class RecordedGroup(NamedTuple):
    """An item group for the second pass; `doubt` says why nobody knows whether it counts."""

    group: ItemGroup
    file: ProjectFile
    doubt: Unknown | None


class Fog(NamedTuple):
    """An import that could not be read: from here on it may have changed any item."""

    reason: Unknown


class ImplicitItems(NamedTuple):
    """Items that an SDK or NuGet adds at this point, by the name of a rule of the item pass."""

    rule: str


Recorded = RecordedGroup | Fog | ImplicitItems
