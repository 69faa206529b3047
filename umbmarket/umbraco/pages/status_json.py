"""A status as JSON, version 1: its types, and a status written as them.

The types are frozen: a program that reads version 1 today reads every later status of version 1. A change that could
break such a program gets a new version and a module of its own.

`schemas/status-v1.schema.json` is generated from the types; `generated_files` gives its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from umbmarket.findings import Finding as FoundFinding
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedVersion
from umbmarket.output.json_text import json_data, to_json, whole_text
from umbmarket.output.model_schema import Written, schema_of, schema_text
from umbmarket.umbraco.compatibility.dependencies import umbraco_dependencies
from umbmarket.umbraco.compatibility.estimate import Outcome
from umbmarket.umbraco.online.api import MarketplaceRecord, NotListed
from umbmarket.umbraco.publication import Status as FoundStatus

SCHEMA_FILE = "schemas/status-v1.schema.json"
"""Where the schema lies in the source tree."""

_LINE_LEVELS = 3
"""Every version, dependency, address and finding on a line of its own."""

Major = Annotated[int, Field(ge=0)]


class Version(Written):
    """One version on the feed."""

    version: str = Field(description="The version as NuGet normalizes it, such as 1.2.0-rc.1.")
    listed: bool = Field(description="Whether it is listed.")
    prerelease: bool = Field(description="Whether it is a prerelease.")
    published: str | None = Field(description="When it was pushed (ISO 8601); null where the feed does not say.")


class Package(Written):
    """The latest version that is listed and stable, as its nuspec has it."""

    version: str = Field(description="The version.")
    tagged: bool = Field(description="Whether it has the Marketplace's tag.")
    tags: list[str] = Field(description="The tags as nuget.org splits them.")
    project_url: str | None = Field(description="The project URL.")
    license: str | None = Field(description="An SPDX expression, the path of a file in the package, or an address.")


class Dependency(Written):
    """A dependency on Umbraco."""

    id: str = Field(description="The package of Umbraco, as written.")
    range: str | None = Field(description="The range as NuGet normalizes it, or as written; null for any version.")
    target_framework: str | None = Field(description="The target framework of the group; null for any.")
    path: list[str] = Field(
        description="The packages that lead to it, each as id and version; empty for a direct dependency."
    )


class Supported(Written):
    """The Umbraco versions over all listed stable versions."""

    mode: Literal["Default", "SemVer"] = Field(description="The listing's VersionDependencyMode.")
    ranges: list[str] = Field(description="The versions, ascending, with a gap between each two ranges.")
    majors: list[Major] = Field(description="The known major versions with a stable version inside, ascending.")
    open_ended: bool = Field(description="Whether there is no maximum.")
    capped: bool = Field(description="Whether Default mode took away everything from 14 on for some version.")
    versions: int = Field(ge=0, description="How many versions of the package it is made of.")
    estimate: Literal[True] = Field(description="Always true: some of the steps are inferred, not known.")


class Attempt(Written):
    """An address where the Marketplace looks, and what it answered."""

    kind: Literal["listing", "readme"] = Field(description="What should be there.")
    url: str = Field(description="The address.")
    result: Literal["found", "missing", "web-page", "unknown"] = Field(
        description="found: a file. missing: the server has none. web-page: a page for visitors. unknown: no answer."
    )
    answer: str = Field(description="The answer in a few words.")


class Marketplace(Written):
    """What the Marketplace shows."""

    listed: bool | None = Field(description="Whether it lists the package; null where it gave no answer.")
    version: str | None = Field(description="The latest version.")
    majors: list[int] | None = Field(description="The major versions of Umbraco; null where it does not say.")
    category: str | None = Field(description="The category.")
    license_types: list[str] = Field(description="The licence types.")
    package_type: str | None = Field(description="Such as Package.")
    last_published: str | None = Field(description="When the latest version was published (ISO 8601).")


class Finding(Written):
    """One finding about the package or the listing."""

    code: str = Field(description="Such as UMB606.")
    name: str = Field(description="The rule's name.")
    severity: Literal["error", "warning", "info"] = Field(description="How grave it is.")
    message: str = Field(description="What is wrong, in one line.")
    path: str = Field(description="The address of the listing, or the package id.")
    pointer: str = Field(description="JSON Pointer into the listing, or empty.")
    line: int | None = Field(description="Line in the listing, from 1; null for the whole.")
    column: int | None = Field(description="Column in the listing, from 1; null for the whole.")
    help: str = Field(description="What to do about it, or empty.")
    args: dict[str, JsonValue] = Field(description="The facts behind the message.")


class Status(Written):
    """What `umbmarket status --format json` writes."""

    format_version: Literal[1] = Field(description="Version of this format.", alias="version")
    package_id: str = Field(description="The package id, in the feed's letter case where it knows the package.")
    exit_code: Literal[0, 1, 2, 4] = Field(description="As `umbmarket status` exits.")
    feed: str = Field(description="The feed that was asked, without secrets.")
    published: bool | None = Field(description="Whether the feed has the package; null where it gave no answer.")
    versions: list[Version] = Field(description="All versions, ascending.")
    latest: Package | None = Field(description="The latest version that is listed and stable; null without one.")
    dependencies: list[Dependency] = Field(
        description="The direct dependencies on Umbraco, or else the transitive ones."
    )
    supported: Supported | None = Field(description="The Umbraco versions; null where none are known.")
    addresses: list[Attempt] = Field(description="Where the Marketplace looks, as far as it was asked, in order.")
    listing: str | None = Field(description="The address of the listing that was found.")
    marketplace: Marketplace = Field(description="What the Marketplace shows.")
    findings: list[Finding] = Field(description="What the rules say of the package and of the listing.")
    blockers: list[str] = Field(description="Why the package cannot be listed, beside the findings.")
    problems: list[str] = Field(description="What could not be found out, and why.")
    next_steps: list[str] = Field(description="What to do now, the first thing first.")


def render(status: FoundStatus) -> str:
    """The status as JSON in ASCII."""
    return to_json(status_v1(status).model_dump(by_alias=True), _LINE_LEVELS)


def status_v1(status: FoundStatus) -> Status:
    """The status in the types of version 1."""
    facts = status.facts
    versions = facts.versions
    return Status(
        version=1,
        package_id=whole_text(status.package_id),
        exit_code=status.exit_code.value,
        feed=whole_text(status.source),
        published=None if isinstance(versions, FeedFailure) else not isinstance(versions, NotFound),
        versions=[_version(each) for each in versions.versions] if isinstance(versions, PackageVersions) else [],
        latest=_latest(status),
        dependencies=list(_dependencies(status)),
        supported=_supported(facts.supported, status.described_versions),
        addresses=[
            Attempt(
                kind=attempt.kind,
                url=whole_text(attempt.address.url),
                result=attempt.result,
                answer=whole_text(attempt.answer),
            )
            for attempt in facts.attempts
        ],
        listing=whole_text(facts.listing.document.path) if facts.listing is not None else None,
        marketplace=_marketplace(status),
        findings=[_finding(finding) for finding in status.report.findings],
        blockers=[whole_text(text) for text in status.blockers],
        problems=[whole_text(text) for text in status.problems],
        next_steps=[whole_text(text) for text in status.next_steps],
    )


def _version(version: PublishedVersion) -> Version:
    return Version(
        version=version.version.normalized,
        listed=version.listed,
        prerelease=version.version.is_prerelease,
        published=_moment(version.published),
    )


def _latest(status: FoundStatus) -> Package | None:
    latest, nuspec = status.latest, status.nuspec
    if latest is None or nuspec is None:
        return None
    return Package(
        version=latest.version.normalized,
        tagged=bool(status.tagged),
        tags=[whole_text(tag.text) for tag in nuspec.tags],
        project_url=_text(nuspec.project_url),
        license=_text(nuspec.license.value if nuspec.license is not None else None),
    )


def _dependencies(status: FoundStatus) -> list[Dependency]:
    facts = status.facts
    if facts.transitive is not None:
        return [
            Dependency(
                id=whole_text(each.id),
                range=_text(each.range),
                target_framework=_text(each.framework),
                path=[whole_text(step) for step in each.path],
            )
            for each in facts.transitive.found
        ]
    groups = [
        (group.target_framework, [(each.id, each.range or each.version) for each in group.dependencies])
        for group in (facts.nuspec.dependency_groups if facts.nuspec is not None else ())
    ]
    return [
        Dependency(
            id=whole_text(each.id),
            range=each.range.normalized if each.written else None,
            target_framework=None if each.framework.is_any else whole_text(each.framework.short_name),
            path=[],
        )
        for each in umbraco_dependencies(groups)
    ]


def _supported(outcome: Outcome | None, versions: int) -> Supported | None:
    if outcome is None:
        return None
    return Supported(
        mode=outcome.mode,
        ranges=list(outcome.ranges.normalized),
        majors=list(outcome.majors),
        open_ended=outcome.open_ended,
        capped=outcome.capped,
        versions=versions,
        estimate=True,
    )


def _marketplace(status: FoundStatus) -> Marketplace:
    record = status.facts.record
    known = record if isinstance(record, MarketplaceRecord) else MarketplaceRecord()
    listed = True if isinstance(record, MarketplaceRecord) else (False if isinstance(record, NotListed) else None)
    return Marketplace(
        listed=listed,
        version=_text(known.latest_version),
        majors=list(known.majors) if known.majors is not None else None,
        category=_text(known.category),
        license_types=[whole_text(each) for each in known.license_types],
        package_type=_text(known.package_type),
        last_published=_moment(known.last_published),
    )


def _finding(finding: FoundFinding) -> Finding:
    return Finding(
        code=finding.code,
        name=finding.name,
        severity=finding.severity.value,
        message=whole_text(finding.message),
        path=whole_text(finding.path),
        pointer=whole_text(finding.pointer),
        line=finding.region.line if finding.region is not None else None,
        column=finding.region.column if finding.region is not None else None,
        help=whole_text(finding.help),
        args={name: json_data(value) for name, value in finding.args.items()},
    )


def _text(text: str | None) -> str | None:
    return whole_text(text) if text else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def status_schema() -> dict[str, object]:
    """The JSON Schema (Draft 2020-12) of `Status`."""
    return schema_of(Status, "umbmarket status, version 1")


def generated_files() -> Mapping[str, str]:
    """The files that are generated from this module: path in the source tree to text."""
    return {SCHEMA_FILE: schema_text(status_schema())}
