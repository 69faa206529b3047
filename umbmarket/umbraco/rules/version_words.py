"""What the rules about Umbraco versions say alike: places and words of dependencies on Umbraco."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from umbmarket.findings import Place, visible
from umbmarket.umbraco.facts import PackageFacts

if TYPE_CHECKING:
    from umbmarket.nuget import TargetFramework
    from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency


def place_of_range(facts: PackageFacts, dependency: UmbracoDependency) -> Place:
    """The range of a dependency in the nuspec."""
    group = facts.document.dependency_groups[dependency.group]
    return Place(group.dependencies[dependency.index].version_pointer)


def distinct_ranges(dependencies: Iterable[UmbracoDependency]) -> Iterator[UmbracoDependency]:
    """One dependency for each range as written: packages repeat the same range for several ids and frameworks."""
    seen: set[str] = set()
    for dependency in dependencies:
        key = dependency.range.normalized
        if key not in seen:
            seen.add(key)
            yield dependency


def range_in_words(dependency: UmbracoDependency) -> str:
    """A dependency with its range as written."""
    return f"{visible(dependency.id)} {visible(dependency.written) if dependency.written else '(any version)'}"


def framework_name(framework: TargetFramework) -> str:
    """A target framework as messages name it."""
    return "any framework" if framework.is_any else visible(framework.short_name)


def prerelease_minimum(facts: PackageFacts) -> UmbracoDependency | None:
    """The first dependency on Umbraco itself that begins with a prerelease."""
    for dependency in facts.compatibility.dependencies:
        lowest = dependency.range.minimum
        if lowest is None or dependency.has_own_numbers or dependency.range.floating is not None:
            continue
        if lowest.is_prerelease:
            return dependency
    return None


def stable_minimum(dependency: UmbracoDependency) -> str:
    """The first stable version after a minimum that is a prerelease."""
    lowest = dependency.range.minimum
    return ".".join(map(str, lowest.numbers[:3])) if lowest is not None else ""
