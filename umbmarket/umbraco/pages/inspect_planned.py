"""What the page of a project says besides that of a package: where each value is written, and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.findings import quote
from umbmarket.output.plain import plain_path

if TYPE_CHECKING:
    from umbmarket.umbraco.inspection import FactSource, Inspection, Planned, PlannedFact

_LABELS = {
    "id": "Id",
    "version": "Version",
    "title": "Title",
    "authors": "Authors",
    "description": "Description",
    "license": "Licence",
    "projectUrl": "Project URL",
    "repository": "Repository",
    "icon": "Icon",
    "readme": "Readme",
    "tags": "Tags",
    "packageTypes": "Types",
}
_SELDOM = frozenset(("title", "packageTypes"))
"""Facts that get no line where there are none."""

_LONGEST_URL = 200
"""Code points of an address that a note quotes."""


def unknown(reason: str) -> str:
    """A value that nobody can know before it is packed."""
    return f"unknown: {reason}"


def at(source: FactSource) -> str:
    """A place as compilers write it, without the column: `Directory.Build.props:5`."""
    return f"{plain_path(source.file)}:{source.line}"


def heading(found: Inspection) -> str:
    """Id and version of the package, as far as they are known."""
    values = {fact.name: fact for fact in found.planned.facts} if found.planned is not None else {}
    version = values["version"].value or "(version unknown)"
    return f"{found.metadata.id or '(id unknown)'} {version}"


def pairs(found: Inspection, longest: int) -> Iterator[tuple[str, str]]:
    """Labels and texts of the facts.

    Args:
        found: of a project.
        longest: code points of a value that are shown.
    """
    planned = found.planned
    assert planned is not None
    yield "Project", f"{plain_path(found.path)}, as dotnet pack would write it"
    for fact in planned.facts:
        if fact.value is None and fact.unknown is None and fact.name in _SELDOM:
            continue
        yield _LABELS[fact.name], _text(fact, longest)
    yield "Marketplace", _marketplace(found, planned)


def _text(fact: PlannedFact, longest: int) -> str:
    value = unknown(fact.unknown) if fact.unknown is not None else fact.value or "none"
    if len(value) > longest:
        value = f"{value[: longest - 3].rstrip()}..."
    if fact.source is not None:
        return f"{value} <- {at(fact.source)}"
    return f"{value} <- default of the .NET SDK" if fact.value is not None else value


def _marketplace(found: Inspection, planned: Planned) -> str:
    if found.tagged:
        return "tagged umbraco-marketplace, as the Marketplace requires"
    if "tags" in planned.unknowns:
        return "unknown, because the tags are"
    return "not tagged umbraco-marketplace, so the Marketplace does not list it"


def notes(found: Inspection) -> Iterator[str]:
    """Remarks below the facts."""
    planned = found.planned
    assert planned is not None
    if planned.packable is False:
        yield (
            "dotnet pack does not pack this project: it is a test project, a website, or IsPackable is false. This is "
            "what it would write otherwise."
        )
    elif planned.packable is None:
        yield f"Whether dotnet pack packs this project is unknown: {planned.unknowns.get('packable', '')}."
    if planned.dropped_project_url is not None:
        dropped = quote(planned.dropped_project_url, _LONGEST_URL)
        yield f"dotnet pack drops the project URL {dropped}, because it is not an absolute address."


def dependency_places(found: Inspection, most: int) -> Iterator[str]:
    """Where the ranges of the dependencies on Umbraco are written, at most `most` of them."""
    planned, compatibility = found.planned, found.compatibility
    assert planned is not None
    frameworks = {group.index: group.framework for group in compatibility.groups}
    for each in compatibility.dependencies[:most]:
        source, framework = planned.dependency_sources.get((each.group, each.index)), frameworks[each.group]
        if source is not None:
            what = "" if framework.is_any else f" for {framework.short_name}"
            yield f"{each.id}{what} <- {at(source)}"


def placement_doubt(found: Inspection) -> str | None:
    """Why nobody knows where the Marketplace looks; None where it is known."""
    unknowns = found.planned.unknowns if found.planned is not None else {}
    for name, words in (("projectUrl", "the project URL"), ("id", "the id")):
        if name in unknowns:
            return f"This depends on {words}, which is unknown: {unknowns[name]}."
    return None
