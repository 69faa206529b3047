"""An inspection as JSON, version 1: its types, and an inspection written as them.

The types are frozen: a program that reads version 1 today reads every later inspection of version 1. A change
that could break such a program gets a new version and a module of its own.

`schemas/inspect-v1.schema.json` is generated from the types; `generated_files` gives its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, JsonValue

from umbmarket.output.json_text import json_data, to_json, whole_text
from umbmarket.output.model_schema import Written, schema_of, schema_text

if TYPE_CHECKING:
    from umbmarket.umbraco import inspection as found_out
    from umbmarket.umbraco.compatibility import estimate
    from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency
    from umbmarket.umbraco.package_document import PackageDocument
    from umbmarket.umbraco.placement import Address

SCHEMA_FILE = "schemas/inspect-v1.schema.json"
"""Where the schema lies in the source tree."""

_LINE_LEVELS = 3
"""Every dependency and every part of a field on a line of its own."""

Major = Annotated[int, Field(ge=0)]


class Source(Written):
    """Where something is written that a project says of its package."""

    file: str = Field(description="The path of the file, with forward slashes.")
    line: int = Field(ge=1, description="Line of the element or of its text, from 1.")
    column: int = Field(ge=1, description="Column of the element or of its text, from 1.")


class Repository(Written):
    """Where the package's source is, as its nuspec says."""

    type: str | None = Field(description="Such as git.")
    url: str | None = Field(description="The address of the repository.")
    branch: str | None = Field(description="The branch the package was built from.")
    commit: str | None = Field(description="The commit the package was built from.")


class Package(Written):
    """What the package says of itself, as it is written there. What it does not say is null or empty."""

    id: str = Field(description="The package id; empty if it is not known of a project.")
    version: str = Field(
        description="The version as written, such as 1.0.0 or 1.0.0+build5; empty if it is not known of a project."
    )
    title: str | None = Field(description="The title.")
    authors: str | None = Field(description="The authors, or else the owners, with commas between them.")
    tags: list[str] = Field(description="The tags as nuget.org splits them.")
    project_url: str | None = Field(description="The project URL.")
    repository: Repository | None = Field(description="The repository.")
    license: str | None = Field(description="An SPDX expression, the path of a file in the package, or an address.")
    icon: str | None = Field(
        description="The path of the icon in the package as written, or else the deprecated address of one outside."
    )
    readme: str | None = Field(description="The path of the readme in the package as written.")
    signed: bool = Field(description="Whether it has a signature; it is not verified.")
    package_types: list[str] = Field(description="The names of its package types; empty for an ordinary package.")


class Dependency(Written):
    """A direct dependency on something of Umbraco."""

    id: str = Field(description="The id as written.")
    range: str = Field(
        description="The range as NuGet normalizes it; (, ) means any version and stands also for a missing or "
        "unreadable one."
    )
    target_framework: str | None = Field(
        description="NuGet's short name such as net8.0, or as written where NuGet does not know it; null for "
        "any framework."
    )
    product: Literal["cms", "cms-8", "commerce", "integration"] = Field(
        description="cms: Umbraco.Cms, 9 and later. cms-8: UmbracoCms, up to 8. commerce: Umbraco.Commerce, "
        "numbered as the CMS. integration: Umbraco.Cms.Integrations, with version numbers of its own."
    )
    source: Source | None = Field(
        default=None, description="Where the range is written; only of a project, and absent where no file says it."
    )
    unknown: str | None = Field(
        default=None, description="Why the range is not known, only of a project; range is (, ) then, or as asked for."
    )


class Group(Written):
    """A dependency group."""

    target_framework: str | None = Field(description="As in dependencies.")
    range: str | None = Field(
        description="The versions of Umbraco that all dependencies of the group allow; (0.0.0, 0.0.0) where "
        "they have none in common, null where the group does not depend on Umbraco."
    )
    majors: list[Major] = Field(
        description="The known major versions of Umbraco with a stable version in the range, ascending."
    )


class Outcome(Written):
    """What one mode makes of the groups."""

    ranges: list[str] = Field(description="The versions, ascending, with a gap between each two ranges.")
    majors: list[Major] = Field(
        description="The known major versions of Umbraco with a stable version inside, ascending."
    )
    open_ended: bool = Field(
        description="Whether there is no maximum, so that all major versions to come are included."
    )
    capped: bool = Field(description="Whether everything from 14 on was taken away.")


class HighestAlone(Outcome):
    """What is shown if the group with the highest target framework alone counts, in the mode that counts."""

    target_framework: str | None = Field(description="As in dependencies.")


class Compatibility(Written):
    """The Umbraco versions that the Marketplace should show."""

    dependencies: list[Dependency] = Field(description="The direct dependencies on Umbraco, in their order.")
    groups: list[Group] = Field(description="All dependency groups, in their order.")
    default: Outcome = Field(description="With VersionDependencyMode Default, or none.")
    semver: Outcome = Field(description="With VersionDependencyMode SemVer.")
    counts: Literal["Default", "SemVer"] = Field(
        default="Default",
        description="The mode that counts, and so which of default and semver applies: that of the listing, unless the "
        "listing is ignored or --mode says otherwise.",
    )
    highest_alone: HighestAlone | None = Field(
        default=None,
        description="The other outcome where the groups disagree, which was seen of one package: default and semver "
        "take all groups together; absent where the groups agree.",
    )
    unknown: str | None = Field(
        default=None,
        description="Why the versions are not known, only of a project: default and semver are empty then, and so are "
        "the groups that it concerns.",
    )
    estimate: Literal[True] = Field(
        description="Always true: how the Marketplace puts groups together is inferred, not known."
    )


class Placement(Written):
    """Where the Marketplace looks, judged by the project URL."""

    listing: list[str] = Field(description="The addresses of the listing, in the order they are tried.")
    readme: list[str] = Field(
        description="The addresses of the Marketplace readme, in the order they are tried; the readme in the "
        "package comes after them."
    )


class ListingField(Written):
    """One field of the listing page."""

    value: JsonValue = Field(
        description="As written; null where it is missing, and where it is made of what the package does not tell."
    )
    source: Literal["listing", "nuget", "fallback", "missing"] = Field(
        description="Where it comes from: the listing file or the readme beside it; the package; what the "
        "Marketplace makes of it where neither says anything; nowhere. With planned, nuget is the planned package."
    )
    unknown: str | None = Field(
        default=None, description="Why the value is not known, only of a project; value is null and source missing."
    )


class Inspection(Written):
    """What `umbmarket inspect --format json` writes."""

    version: Literal[1] = Field(description="Version of this format.")
    package: Package = Field(description="The package.")
    compatibility: Compatibility = Field(description="The Umbraco versions.")
    placement: Placement = Field(description="Where the Marketplace looks.")
    listing: dict[str, ListingField] = Field(
        description="The listing page by field. A field has the name of the listing's key where there is one."
    )
    planned: Literal[True] | None = Field(
        default=None,
        description="True where this is the package that dotnet pack would write of a project; absent for a package.",
    )
    project: str | None = Field(default=None, description="The path of the project; only with planned.")
    packable: bool | None = Field(
        default=None,
        description="Whether dotnet pack packs the project; null where that is not known. Only with planned.",
    )
    sources: dict[str, Source] | None = Field(
        default=None,
        description="Where the properties of package are written, and description; what is missing here is absent or a "
        "default of the SDK. Only with planned.",
    )
    unknowns: dict[str, str] | None = Field(
        default=None,
        description="What is not known before it is packed, and why, by the names of the properties of package, and "
        "description, dependencies, packable and others. Only with planned, empty where all is known.",
    )


class Inspections(Written):
    """What `umbmarket inspect --format json` writes for several packages."""

    version: Literal[1] = Field(description="Version of this format.")
    packages: list[Inspection] = Field(
        description="Each package that NuGet can read, and each project that can be packed, in the order they were "
        "named; the others are reported as errors."
    )


def render(inspection: found_out.Inspection) -> str:
    """The inspection as JSON in ASCII."""
    return to_json(inspection_v1(inspection).model_dump(by_alias=True, exclude_unset=True), _LINE_LEVELS)


def render_several(inspections: Iterable[found_out.Inspection]) -> str:
    """Several inspections as one JSON document in ASCII."""
    packages = [inspection_v1(each) for each in inspections]
    return to_json(
        Inspections(version=1, packages=packages).model_dump(by_alias=True, exclude_unset=True), _LINE_LEVELS + 2
    )


def inspection_v1(inspection: found_out.Inspection) -> Inspection:
    """The inspection in the types of version 1."""
    written = Inspection(
        version=1,
        package=_package(inspection),
        compatibility=_compatibility(inspection.compatibility, inspection.planned),
        placement=Placement(listing=_urls(inspection.placement.listing), readme=_urls(inspection.placement.readme)),
        listing={
            field.name: ListingField(value=json_data(field.value), source=field.source) for field in inspection.fields
        },
    )
    planned = inspection.planned
    return _with_plan(written, inspection.path, planned) if planned is not None else written


def _with_plan(written: Inspection, path: str, planned: found_out.Planned) -> Inspection:
    """The inspection with what is told of a project alone."""
    fields = dict(written.listing)
    for name, reason in planned.field_doubts.items():
        fields[name] = fields[name].model_copy(update={"unknown": whole_text(reason)})
    return written.model_copy(
        update={
            "listing": fields,
            "planned": True,
            "project": whole_text(path),
            "packable": planned.packable,
            "sources": {fact.name: _source(fact.source) for fact in planned.facts if fact.source is not None},
            "unknowns": {whole_text(name): whole_text(reason) for name, reason in planned.unknowns.items()},
        }
    )


def _source(source: found_out.FactSource) -> Source:
    return Source(file=whole_text(source.file), line=source.line, column=source.column)


def _package(inspection: found_out.Inspection) -> Package:
    package, metadata, packed = inspection.package, inspection.metadata, inspection.packed
    if inspection.planned is not None:
        version = next((fact.value for fact in inspection.planned.facts if fact.name == "version"), None)
    else:
        version = packed.version_text if packed is not None else None
    return Package(
        id=whole_text(metadata.id),
        version=whole_text(version or ""),
        title=_text(metadata.title),
        authors=_text(metadata.authors),
        tags=[whole_text(tag.text) for tag in package.tags],
        project_url=_text(metadata.project_url),
        repository=_repository(package),
        license=_text(package.license.value if package.license is not None else None),
        icon=_text(metadata.icon),
        readme=_text(metadata.readme),
        signed=packed.signed if packed is not None else False,
        package_types=[whole_text(each.name) for each in package.package_types],
    )


def _repository(package: PackageDocument) -> Repository | None:
    repository = package.repository
    if repository is None:
        return None
    return Repository(
        type=_text(repository.type),
        url=_text(repository.url),
        branch=_text(repository.branch),
        commit=_text(repository.commit),
    )


def _compatibility(found: estimate.Compatibility, planned: found_out.Planned | None) -> Compatibility:
    frameworks = [None if group.framework.is_any else whole_text(group.framework.short_name) for group in found.groups]
    written = Compatibility(
        dependencies=[_dependency(each, frameworks[each.group], planned) for each in found.dependencies],
        groups=[
            Group(
                target_framework=frameworks[group.index],
                range=group.range.normalized if group.range is not None else None,
                majors=list(group.majors),
            )
            for group in found.groups
        ],
        default=_outcome(found.default),
        semver=_outcome(found.semver),
        counts=found.mode,
        estimate=found.estimate,
    )
    if planned is not None and planned.versions_doubt is not None:
        return written.model_copy(update={"unknown": whole_text(planned.versions_doubt)})
    if found.highest_alone is None:
        return written
    group, outcome = found.highest_alone
    alone = HighestAlone(
        **_outcome(outcome).model_dump(),
        target_framework=frameworks[group.index],
    )
    return written.model_copy(update={"highest_alone": alone})


def _dependency(found: UmbracoDependency, framework: str | None, planned: found_out.Planned | None) -> Dependency:
    written = Dependency(
        id=whole_text(found.id), range=found.range.normalized, target_framework=framework, product=found.product
    )
    if planned is None:
        return written
    more: dict[str, object] = {}
    key = (found.group, found.index)
    if key in planned.dependency_sources:
        more["source"] = _source(planned.dependency_sources[key])
    if key in planned.dependency_doubts:
        more["unknown"] = whole_text(planned.dependency_doubts[key])
    return written.model_copy(update=more)


def _outcome(outcome: estimate.Outcome) -> Outcome:
    return Outcome(
        ranges=list(outcome.ranges.normalized),
        majors=list(outcome.majors),
        open_ended=outcome.open_ended,
        capped=outcome.capped,
    )


def _urls(addresses: tuple[Address, ...]) -> list[str]:
    return [whole_text(address.url) for address in addresses]


def _text(text: str | None) -> str | None:
    return whole_text(text) if text else None


def inspection_schema() -> dict[str, object]:
    """The JSON Schema (Draft 2020-12) of `Inspection`, and of `Inspections` where several packages were named."""
    return schema_of(Inspection | Inspections, "umbmarket inspection, version 1")


def generated_files() -> Mapping[str, str]:
    """The files that are generated from this module: path in the source tree to text."""
    return {SCHEMA_FILE: schema_text(inspection_schema())}
