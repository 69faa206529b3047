"""What a package feed says of a package, as plain immutable values: no network code, no format of a feed.

What a feed does not say is None or empty. nuget.org writes an empty text for what is missing, which means the
same (NuGet.Services.Metadata, EntityBuilder).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from umbmarket.nuget import NuGetVersion
from umbmarket.web.outcomes import HttpFailure, Outcome, Unreachable


@dataclass(frozen=True, slots=True)
class PublishedDependency:
    """A dependency of a published version.

    Attributes:
        id: The package id as the feed writes it.
        range: The version range as text; None for any version.
    """

    id: str
    range: str | None


@dataclass(frozen=True, slots=True)
class PublishedGroup:
    """The dependencies for one target framework.

    Attributes:
        target_framework: As the feed writes it; None for any framework.
        dependencies: In the feed's order.
    """

    target_framework: str | None
    dependencies: tuple[PublishedDependency, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One version of a package on a feed.

    Attributes:
        id: The package id in the letter case of this version; empty where the feed does not say.
        version: The version, with its build metadata where the feed says it.
        listed: Whether it is listed; a feed that does not say means that it is (NuGet documentation).
        tags: Each tag, split where nuget.org splits them.
        project_url: The project URL, or None.
        dependency_groups: The groups; empty where it has none and where the feed does not say.
        published: When it was pushed; None for unlisted versions, for which nuget.org says 1900.
        license_expression: The SPDX expression, or None.
        described: Whether the feed describes versions: some (Azure DevOps) leave out tags and dependencies, so
            that only the nuspec has them.
    """

    id: str
    version: NuGetVersion
    listed: bool = True
    tags: tuple[str, ...] = ()
    project_url: str | None = None
    dependency_groups: tuple[PublishedGroup, ...] = ()
    published: datetime | None = None
    license_expression: str | None = None
    described: bool = True

    @property
    def is_listed_stable(self) -> bool:
        """Listed and no prerelease."""
        return self.listed and not self.version.is_prerelease

    def has_tag(self, tag: str) -> bool:
        """Whether a tag is among its tags, letter case ignored as nuget.org's search ignores it."""
        key = tag.lower()
        return any(each.lower() == key for each in self.tags)


@dataclass(frozen=True)
class PackageVersions:
    """All versions of a package on a feed.

    Attributes:
        id: The id in the letter case of its newest version.
        versions: Ascending by version; each once, at least one.
    """

    id: str
    versions: tuple[PublishedVersion, ...]

    @cached_property
    def listed_stable(self) -> tuple[PublishedVersion, ...]:
        """The listed versions that are no prereleases, ascending."""
        return tuple(each for each in self.versions if each.is_listed_stable)

    @property
    def latest_stable(self) -> PublishedVersion | None:
        """The highest listed version that is no prerelease, or None."""
        return self.listed_stable[-1] if self.listed_stable else None

    def find(self, version: NuGetVersion) -> PublishedVersion | None:
        """The entry of a version, build metadata ignored, or None."""
        return next((each for each in self.versions if each.version == version), None)


@dataclass(frozen=True, slots=True)
class NotFound:
    """The feed has no such package, or not that version of it.

    Attributes:
        id: The id that was asked for.
        version: The version that was asked for, or None for the package as a whole.
    """

    id: str
    version: NuGetVersion | None = None

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        version = f" {self.version.normalized}" if self.version is not None else ""
        return f"The feed has no package {self.id}{version}."


@dataclass(frozen=True, slots=True)
class FeedFailure:
    """The feed gave no answer to go by: nothing is known of the package.

    Attributes:
        problem: What happened, in sentences without secrets.
        outcome: What came of the request that failed; a `Fetched` when the document is not what it should be.
    """

    problem: str
    outcome: Outcome | None = None

    @property
    def transient(self) -> bool:
        """Whether asking again later makes sense."""
        return isinstance(self.outcome, HttpFailure | Unreachable) and self.outcome.transient

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        return self.problem


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a package has a listed, stable version with a tag.

    Attributes:
        tag: The tag that was asked for.
        id: The id in its own letter case.
        latest: The highest version that is listed and stable, or None.
        tagged: The highest such version with the tag, or None.
    """

    tag: str
    id: str
    latest: PublishedVersion | None
    tagged: PublishedVersion | None

    @property
    def ready(self) -> bool:
        """There is a listed, stable version with the tag."""
        return self.tagged is not None

    @property
    def reason(self) -> str:
        """Why it is not ready, as a sentence; empty when it is."""
        if self.tagged is not None:
            return ""
        if self.latest is None:
            return f"No version of {self.id} on the feed is both listed and stable."
        return f"No listed, stable version of {self.id} has the tag {self.tag}."
