"""Dependencies on Umbraco that a package has through other packages.

The Marketplace takes these when there is no direct one (listing guide, 2026 text); how far it looks is not known. Here
the search goes level by level and ends with the first level that depends on Umbraco. As a restore would, it takes the
lowest version that a range allows (NuGet documentation, "Package dependency resolution"); of the dependency groups of
a package it takes the one of the same target framework where there is one, else all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from umbmarket.nuget import InvalidRange, NuGetVersion, TargetFramework, VersionRange
from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.umbraco.compatibility.dependencies import GroupEntry, product_of

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec_model import DependencyGroup

MOST_PACKAGES = 200
"""Packages whose dependencies are looked at."""

_NEVER_UMBRACO = ("microsoft.", "system.", "runtime.", "netstandard.library", "newtonsoft.json")
"""Ids that begin so belong to Microsoft (prefixes reserved on nuget.org) or are known not to depend on Umbraco: they
are most of any graph, and asking for them would only cost time."""


class Described(Protocol):
    """What the search needs to know of a package: a nuspec says it, and so does whatever else describes one."""

    @property
    def id(self) -> str | None:
        """The package id."""

    @property
    def version(self) -> NuGetVersion | None:
        """The version; None where it is not known."""

    @property
    def dependency_groups(self) -> tuple[DependencyGroup, ...]:
        """Its dependencies by target framework."""


class PackageSource(Protocol):
    """What the search asks: `NugetFeed`, or anything like it."""

    def nuspec(self, package_id: str, version: NuGetVersion, /) -> Described | NotFound | FeedFailure:
        """What is known of one version."""

    def version_numbers(self, package_id: str, /) -> tuple[NuGetVersion, ...] | NotFound | FeedFailure:
        """All version numbers of a package."""


@dataclass(frozen=True, slots=True)
class TransitiveDependency:
    """A dependency on Umbraco that another package has.

    Attributes:
        path: The packages that lead to it, the first being a direct dependency of the package asked for; at least
            one, each as `id version`.
        id: The package of Umbraco, as written.
        range: The range as written, or None for any version.
        framework: The target framework of the first package's group in the package asked for, or None.
    """

    path: tuple[str, ...]
    id: str
    range: str | None
    framework: str | None

    @property
    def text(self) -> str:
        """The way in one line: `A 1.0.0 > B 2.0.0 > Umbraco.Cms.Core`."""
        return " > ".join((*self.path, self.id))


@dataclass(frozen=True, slots=True)
class DependencySearch:
    """What the search found.

    Attributes:
        found: The dependencies on Umbraco on the first level that has any, in the order they were found.
        packages: How many packages were looked at.
        complete: Every package up to that level could be read. Otherwise nothing found does not mean that there is
            nothing.
        problems: Why some could not be read, as sentences; one for each package.
    """

    found: tuple[TransitiveDependency, ...]
    packages: int
    complete: bool
    problems: tuple[str, ...] = ()

    @property
    def groups(self) -> list[GroupEntry]:
        """What was found as dependency groups, one for each target framework of the package asked for."""
        by_framework: dict[str | None, list[tuple[str, str | None]]] = {}
        for each in self.found:
            entries = by_framework.setdefault(each.framework, [])
            if (each.id, each.range) not in entries:
                entries.append((each.id, each.range))
        return list(by_framework.items())


@dataclass(frozen=True, slots=True)
class _Step:
    """A package to look at: how it was reached, its id, the range, and the framework of the first group."""

    path: tuple[str, ...]
    id: str
    range: str | None
    framework: str | None


def find_umbraco(
    source: PackageSource, package_id: str, groups: Sequence[GroupEntry], *, limit: int = MOST_PACKAGES
) -> DependencySearch:
    """Look for Umbraco behind the dependencies of a package that has no direct one.

    Args:
        source: Where packages are.
        package_id: The package, whose own name in a circle ends that way.
        groups: Its dependency groups.
        limit: The most packages to look at.
    """
    search = _Search(source, limit)
    level = [
        _Step((), name, str(written) if written else None, framework)
        for framework, dependencies in groups
        for name, written in dependencies
    ]
    own = package_id.lower()
    known: set[tuple[str, str | None, str | None]] = set()
    found: list[TransitiveDependency] = []
    while level and not found:
        below: list[_Step] = []
        for step in level:
            name = step.id.lower()
            key = (name, step.range, step.framework)
            if key in known or name == own or name.startswith(_NEVER_UMBRACO):
                continue
            known.add(key)
            for child in search.below(step):
                if product_of(child.id) is None:
                    below.append(child)
                else:
                    found.append(TransitiveDependency(child.path, child.id, child.range, child.framework))
        level = below
    return DependencySearch(tuple(dict.fromkeys(found)), search.looked_at, search.complete, tuple(search.problems))


class _Search:
    """Reads packages, each once, up to a limit."""

    def __init__(self, source: PackageSource, limit: int) -> None:
        self._source = source
        self._limit = limit
        self._read: dict[tuple[str, str | None], Described | None] = {}
        self.problems: dict[str, None] = {}
        self.complete = True

    @property
    def looked_at(self) -> int:
        return len(self._read)

    def below(self, step: _Step) -> Iterator[_Step]:
        """The dependencies of the package at `step`."""
        key = (step.id.lower(), step.range)
        if key not in self._read:
            if len(self._read) >= self._limit:
                self.complete = False
                self.problems[f"The search ended after {self._limit} packages."] = None
                return
            self._read[key] = self._nuspec(step)
        nuspec = self._read[key]
        if nuspec is None:
            return
        version = nuspec.version.normalized if nuspec.version is not None else ""
        path = (*step.path, f"{nuspec.id or step.id} {version}".strip())
        wanted = TargetFramework.parse(step.framework)
        same = [group for group in nuspec.dependency_groups if group.framework == wanted]
        for group in same or nuspec.dependency_groups:
            for dependency in group.dependencies:
                yield _Step(path, dependency.id, dependency.version, step.framework)

    def _nuspec(self, step: _Step) -> Described | None:
        """The nuspec of the lowest version that the range allows, or None with a problem noted."""
        allowed = _range(step.range)
        lowest = allowed.minimum if allowed is not None and allowed.minimum_inclusive else None
        # Mostly the lowest version is there, which saves asking which ones are.
        answer: Described | NotFound | FeedFailure | None = None
        if lowest is not None and not _floats(allowed):
            answer = self._source.nuspec(step.id, lowest)
        if answer is None or isinstance(answer, NotFound):
            numbers = self._source.version_numbers(step.id)
            if isinstance(numbers, NotFound | FeedFailure):
                self._fail(numbers.describe())
                return None
            picked = _pick(allowed, numbers)
            if picked is None:
                self._fail(f"The feed has no version of {step.id} in {step.range}.")
                return None
            answer = self._source.nuspec(step.id, picked)
        if isinstance(answer, NotFound | FeedFailure):
            self._fail(answer.describe())
            return None
        return answer

    def _fail(self, problem: str) -> None:
        self.complete = False
        self.problems[problem] = None


def _range(text: str | None) -> VersionRange | None:
    try:
        return VersionRange.parse(text) if text else None
    except InvalidRange:
        return None


def _floats(allowed: VersionRange | None) -> bool:
    return allowed is not None and allowed.is_floating


def _pick(allowed: VersionRange | None, numbers: Iterable[NuGetVersion]) -> NuGetVersion | None:
    """The version that a restore takes; without a range the lowest, stable ones first."""
    if allowed is not None:
        return allowed.would_pick(numbers)
    ordered = sorted(numbers)
    return next((number for number in ordered if not number.is_prerelease), ordered[0] if ordered else None)
