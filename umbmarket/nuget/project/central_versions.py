"""Which version a reference asks for: its own, or the central one of `Directory.Packages.props`.

Sources: NuGet.Client, CentralPackageVersion handling of restore (NU1008, NU1010, NU1011, NU1013); reference section
8; vectors cpm.
"""

from __future__ import annotations

from typing import NamedTuple

from umbmarket.nuget.project.conditions import says_true
from umbmarket.nuget.project.evaluation import Evaluation, ProjectProblem
from umbmarket.nuget.project.items import Item, SourcePlace
from umbmarket.nuget.project.unknown import Unknown


class AskedVersion(NamedTuple):
    """What a reference asks for.

    Attributes:
        text: the range as written, trimmed; empty where none is written; or why it is not known.
        source: the element that says so.
        problem: what NuGet refuses, or None.
    """

    text: str | Unknown
    source: SourcePlace
    problem: ProjectProblem | None = None


class CentralVersions:
    """The central versions of one evaluation.

    Attributes:
        enabled: whether they are in force at the end of the evaluation.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        """Look at the properties and the `PackageVersion` items of an evaluation for one framework."""
        switch = evaluation.value("ManagePackageVersionsCentrally")
        self.enabled: bool | Unknown = switch if isinstance(switch, Unknown) else says_true(switch)
        self._doubt: Unknown | None = None
        self._items: dict[str, Item] = {}
        self._overrides = True
        if self.enabled is False:
            return
        self._doubt = evaluation.doubt_about("PackageVersion")
        for item in evaluation.certain_items("PackageVersion"):
            self._items.setdefault(item.include.lower(), item)
        overrides = evaluation.value("CentralPackageVersionOverrideEnabled")
        self._overrides = not isinstance(overrides, str) or overrides.strip().lower() != "false"

    def asked_by(self, reference: Item) -> AskedVersion:
        """The version that `reference` asks for."""
        own = reference.text("Version")
        place = reference.metadata_places.get("version", reference.place)
        if isinstance(self.enabled, Unknown):
            return AskedVersion(self.enabled, place)
        if not self.enabled:
            return AskedVersion(own, place)
        name = reference.include
        override = reference.text("VersionOverride")
        if isinstance(override, Unknown) or override:
            place = reference.metadata_places.get("versionoverride", reference.place)
            refused = f"NuGet refuses the VersionOverride of {name}, which is switched off (NU1013)"
            return AskedVersion(override if self._overrides else Unknown(refused), place)
        if isinstance(own, Unknown):
            return AskedVersion(own, place)
        central = self._items.get(name.lower())
        if own:
            detail = f"{name} has a Version of its own, and versions are managed centrally"
            return AskedVersion(Unknown(detail), place, ProjectProblem("NU1008", detail, place))
        if central is None:
            if self._doubt is not None:
                return AskedVersion(self._doubt, reference.place)
            detail = f"{name} has no central version"
            return AskedVersion(Unknown(detail), reference.place, ProjectProblem("NU1010", detail, reference.place))
        version = central.text("Version")
        if self._doubt is not None and not isinstance(version, Unknown):
            version = Unknown(self._doubt.reason)
        return AskedVersion(version, central.metadata_places.get("version", central.place))
