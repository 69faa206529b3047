"""What `umbmarket inspect` tells of a project alone: where each fact is written, and what is not known yet, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from umbmarket.findings import Place
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.planned_dependencies import PlannedDependency
from umbmarket.nuget.project.unknown import Unknown
from umbmarket.umbraco.compatibility.dependencies import product_of
from umbmarket.umbraco.compatibility.estimate import Compatibility, Outcome, UmbracoGroup, united
from umbmarket.umbraco.inspection import FactSource, Planned, PlannedFact
from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField, metadata_of

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec_model import Dependency
    from umbmarket.umbraco.planned_document import PlannedDocument

_PROPERTIES = {
    # Facts that are made of several properties: those that may set them, the one that counts first.
    "repository": ("RepositoryUrl", "PublishRepositoryUrl"),
    "license": ("PackageLicenseExpression", "PackageLicenseFile", "PackageLicenseUrl"),
    "packageTypes": ("PackageType",),
}
_OF_LICENSES = {"expression": "PackageLicenseExpression", "file": "PackageLicenseFile", "url": "PackageLicenseUrl"}

_ELEMENTS = {
    "Title": "title",
    "Description": "description",
    "Author": "authors",
    "Icon": "icon",
    "ProjectUrl": "projectUrl",
    "RepositoryUrl": "repository",
    "Readme": "readme",
}
"""The element of the nuspec that fills a field of the listing page where the listing does not."""


def planned_metadata(document: PlannedDocument) -> PackageMetadata:
    """What NuGet would know of the package; the paths of icon and readme as they are written."""
    found, facts = metadata_of(document), document.plan.facts

    def text(name: str) -> str | None:
        value = facts[name].value if name in facts else None
        return value if isinstance(value, str) and value else None

    return replace(found, icon=text("icon") or found.icon, readme=text("readme") or found.readme)


def planned_of(document: PlannedDocument, metadata: PackageMetadata, fields: Iterable[PreviewField]) -> Planned:
    """What is to be told of a planned package.

    Args:
        document: the package; something is known of it.
        metadata: what `planned_metadata` gives of it.
        fields: its listing page, as if all that is unknown were absent.
    """
    unknowns = dict(_unknowns(document))
    sources: dict[tuple[int, int], FactSource] = {}
    doubts: dict[tuple[int, int], str] = {}
    for key, dependency in _dependencies(document):
        source = _source_at(document, Place(f"{dependency.pointer}/@version"), Place(dependency.pointer))
        if source is not None:
            sources[key] = source
    for key, reason in _doubts(document):
        doubts[key] = reason
    packable = document.plan.packable
    return Planned(
        facts=tuple(_facts(document, metadata, unknowns)),
        unknowns=unknowns,
        packable=packable if isinstance(packable, bool) else None,
        dependency_sources=sources,
        dependency_doubts=doubts,
        field_doubts=dict(_field_doubts(fields, metadata, unknowns)),
        dropped_project_url=document.dropped_project_url,
    )


def _unknowns(document: PlannedDocument) -> Iterator[tuple[str, str]]:
    """What is not known, by the name of its element, and why."""
    plan = document.plan
    for name, unknown in document.unknowns.items():
        # What lies behind the path of an icon or a readme does not matter here, where the path is known.
        if name not in plan.facts or isinstance(plan.facts[name].value, Unknown) or name not in ("icon", "readme"):
            yield name, unknown.reason
    if isinstance(plan.packable, Unknown):
        yield "packable", plan.packable.reason


def _facts(document: PlannedDocument, metadata: PackageMetadata, unknowns: Mapping[str, str]) -> Iterator[PlannedFact]:
    """The facts in the order of the page."""
    version = document.plan.version_text
    license_, repository = document.license, document.repository
    values = {
        "id": metadata.id or None,
        "version": version if isinstance(version, str) else None,
        "title": metadata.title,
        "authors": metadata.authors,
        "description": metadata.description,
        "license": license_.value if license_ is not None else None,
        "projectUrl": metadata.project_url,
        "repository": repository.url if repository is not None else None,
        "icon": metadata.icon,
        "readme": metadata.readme,
        "tags": ", ".join(tag.text for tag in document.tags) or None,
        "packageTypes": ", ".join(each.name for each in document.package_types) or None,
    }
    for name, value in values.items():
        unknown = unknowns.get(name)
        yield PlannedFact(name, None if unknown is not None else value, unknown, _source_of(document, name))


def _source_of(document: PlannedDocument, name: str) -> FactSource | None:
    """Where a fact is written; None for a default, and for what is written nowhere."""
    plan = document.plan
    if plan.source_nuspec is not None:
        nuspec = plan.source_nuspec.nuspec
        pointer = plan.source_nuspec.pointers.get(name) or nuspec.pointer(name) or nuspec.pointer(f"{name}Url")
        if pointer is None and getattr(document, name, None) and name in ("license", "repository"):
            pointer = f"/metadata/{name}"
        return _source_at(document, Place(pointer)) if pointer is not None else None
    evaluation = plan.evaluation
    if evaluation is None:
        return None
    if name in _PROPERTIES:
        known = document.license if name == "license" else None
        names = (_OF_LICENSES[known.kind],) if known is not None else _PROPERTIES[name]
        places = (evaluation.place_of(each) for each in names)
        return _written(document, next((each for each in places if each is not None), None))
    if name == "icon" and plan.facts["icon"].value is None:
        name = "iconUrl"
    return _written(document, plan.place_of(name))


def _written(document: PlannedDocument, source: SourcePlace | None) -> FactSource | None:
    if source is None:
        return None
    return FactSource(document.files.of(source.file).path, source.line, source.column)


def _source_at(document: PlannedDocument, *places: Place) -> FactSource | None:
    """Where the first of these places lies that can be located."""
    for place in places:
        written = document.written(place)
        region = written.document.locate(written.place)
        if region is not None:
            return FactSource(written.document.path, region.line, region.column)
    return None


def _dependencies(document: PlannedDocument) -> Iterator[tuple[tuple[int, int], Dependency]]:
    """The dependencies with their places among all groups."""
    for number, group in enumerate(document.dependency_groups):
        for index, dependency in enumerate(group.dependencies):
            yield (number, index), dependency


def _doubts(document: PlannedDocument) -> Iterator[tuple[tuple[int, int], str]]:
    """Why ranges are not known."""
    groups = document.plan.dependency_groups
    for key, dependency in _dependencies(document):
        if document.knows_range(dependency) or isinstance(groups, Unknown):
            continue
        planned = groups[key[0]].dependencies[key[1]]
        reason = (planned.doubt or planned.minimum_doubt) if isinstance(planned, PlannedDependency) else None
        yield key, reason.reason if reason is not None else "the range is set elsewhere"


def doubts_about_versions(document: PlannedDocument) -> Iterator[str]:
    """Why ranges of dependencies on Umbraco are not known."""
    ids = {key: dependency.id for key, dependency in _dependencies(document)}
    return (reason for key, reason in _doubts(document) if product_of(ids[key]) is not None)


def _field_doubts(
    fields: Iterable[PreviewField], metadata: PackageMetadata, unknowns: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The fields of the listing page that are not known, and why."""
    for field in fields:
        element = _ELEMENTS.get(field.name)
        if element is None or field.source in ("listing", "nuget"):
            continue
        if field.name == "Title" and element not in unknowns and not metadata.id:
            # Without a title it is the id.
            element = "id"
        if element in unknowns:
            yield field.name, unknowns[element]


def as_far_as_known(fields: Iterable[PreviewField], planned: Planned) -> tuple[PreviewField, ...]:
    """The fields of the listing page without values for those that are not known."""
    return tuple(
        PreviewField(field.name, None, "missing") if field.name in planned.field_doubts else field for field in fields
    )


def versions_doubt(document: PlannedDocument, planned: Planned) -> str | None:
    """Why the Umbraco versions are not known; None where they are."""
    if "dependencies" in planned.unknowns:
        return planned.unknowns["dependencies"]
    return next(doubts_about_versions(document), None)


def without_unknown_versions(found: Compatibility, planned: Planned) -> Compatibility:
    """An estimate that claims no version: some dependency, or its range, is not known."""
    nothing = united([])
    return replace(
        found,
        groups=tuple(_known_group(group, planned) for group in found.groups),
        default=Outcome("Default", nothing, capped=False),
        semver=Outcome("SemVer", nothing, capped=False),
    )


def _known_group(group: UmbracoGroup, planned: Planned) -> UmbracoGroup:
    keys = ((each.group, each.index) for each in group.dependencies)
    return replace(group, range=None) if any(key in planned.dependency_doubts for key in keys) else group
