"""NXP210 to NXP217: dependencies, conflicts and what a package provides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.identity import Dependency
from umbmarket.nuxeo.manifest import LIST_ELEMENTS, Entry, trimmed
from umbmarket.nuxeo.variables import has_token

_OPERATOR = re.compile(r"[<>=~^@!]|\s")
_DIGIT = re.compile("[0-9]")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}(?:-.+)?", re.DOTALL)


def _entries(facts: NuxeoFacts, *lists: str) -> Iterator[tuple[str, Entry]]:
    """The entries of lists that no build will change any more, each with the name of its list."""
    if facts.manifest is not None:
        for name in lists or LIST_ELEMENTS:
            for entry in facts.manifest.entries(name):
                if not has_token(entry.text):
                    yield name, entry


def _place(entry: Entry) -> Place:
    element = entry.element
    if entry.text and element.content.end > element.content.start:
        return Place(element.pointer, span=element.content)
    return element.place


@rule("NXP210", "dependency-name", Severity.ERROR, why="no package has such a name, so the dependency is never there")
def dependency_name(facts: NuxeoFacts) -> Iterator[Observation]:
    """An entry of a list whose name is empty, or holds blanks or operators.

    An entry is `name`, `name:minimum` or `name:minimum:maximum`.

    Why it matters:
        Nuxeo takes everything up to the first colon for the name: of `nuxeo-web-ui>=3.0` too. It then misses a package
        of that name, and installing fails. One real manifest has `nuxeo-@DISTRIB_VERSION`, a token without its end.

    Bad:
        <package>nuxeo-web-ui >= 3.0</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for name, entry in _entries(facts):
        package = entry.text.partition(":")[0]
        found = _OPERATOR.search(package)
        if not trimmed(package):
            message = f"an entry of <{name}> names no package"
        elif found is not None:
            message = f"no package is called {quote(package)}"
        else:
            continue
        yield Observation(
            message, _place(entry), help="write name, name:minimum or name:minimum:maximum", args={"value": entry.text}
        )


def _bounds(entry: Entry) -> list[str]:
    return entry.text.split(":", 2)[1:]


@rule(
    "NXP211",
    "dependency-empty-bound",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="an empty bound is version 0.0.0",
)
def dependency_empty_bound(facts: NuxeoFacts) -> Iterator[Observation]:
    """A colon with no version behind it.

    A warning for an empty minimum, which is as good as none.

    Why it matters:
        Nuxeo takes it for 0.0.0: `foo:1.0:` means from 1.0.0 up to 0.0.0, which no version is (measured). A colon at
        the end of `foo:` alone does no harm.

    Bad:
        <package>nuxeo-web-ui:3.0.0:</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for _, entry in _entries(facts):
        bounds = _bounds(entry)
        if len(bounds) < 2:
            continue
        if not bounds[1]:
            yield Observation(
                f"the maximum of {quote(entry.text)} is empty, which means 0.0.0: no version is low enough",
                _place(entry),
                help="remove the last colon",
                args={"value": entry.text},
            )
        elif not bounds[0]:
            yield Observation(
                f"the minimum of {quote(entry.text)} is empty, which means 0.0.0",
                _place(entry),
                help="write the minimum, such as 0.0.0",
                args={"value": entry.text},
                severity=Severity.WARNING,
            )


@rule(
    "NXP212",
    "dependency-version",
    Severity.WARNING,
    other_severities=(Severity.ERROR,),
    why="Nuxeo makes another version of it than it says",
)
def dependency_version(facts: NuxeoFacts) -> Iterator[Observation]:
    """A bound that is no version: without a number, with a `v` in front, a third colon.

    An error where a number is beyond what Java holds: reading the manifest fails.

    Why it matters:
        `latest` and `*` become 0.0.0, so that every version will do, and `[1.0,2.0)` becomes `1.0.0-,2.0)` (measured).

    Bad:
        <package>nuxeo-web-ui:latest</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for _, entry in _entries(facts):
        if entry.dependency is None:
            yield Observation(
                f"a version in {quote(entry.text)} has a number that Java cannot hold",
                _place(entry),
                help="write a version with three numbers",
                args={"value": entry.text},
                severity=Severity.ERROR,
            )
            continue
        for bound, version in zip(_bounds(entry), entry.dependency[1:], strict=False):
            if not bound or _PLAIN.fullmatch(bound):
                continue
            yield Observation(
                f"Nuxeo reads {quote(bound)} as version {quote(str(version))}",
                _place(entry),
                help="write a version with three numbers, such as 3.0.0",
                args={"value": entry.text, "bound": bound},
            )


@rule("NXP213", "dependency-reversed", Severity.ERROR, why="no version is both")
def dependency_reversed(facts: NuxeoFacts) -> Iterator[Observation]:
    """A minimum that is higher than the maximum.

    Why it matters:
        Nuxeo does not look, and no version lies between the two (measured).

    Bad:
        <package>nuxeo-web-ui:3.0.0:2.0.0</package>

    Good:
        <package>nuxeo-web-ui:2.0.0:3.0.0</package>
    """
    for _, entry in _entries(facts):
        found = entry.dependency
        if found is None or found.minimum is None or found.maximum is None or not all(_bounds(entry)):
            continue
        if found.minimum > found.maximum:
            yield Observation(
                f"the minimum {quote(str(found.minimum))} is higher than the maximum {quote(str(found.maximum))}",
                _place(entry),
                help="write name:minimum:maximum",
                args={"value": entry.text},
            )


@rule("NXP214", "self-dependency", Severity.WARNING, why="the package needs itself to be installed before it")
def self_dependency(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that depends on, or conflicts with, its own name.

    Why it matters:
        Nuxeo drops such a dependency where it reads the Marketplace's list, and keeps it where it reads the manifest of
        a file (measured).

    Bad:
        <package name="my-package"><dependencies><package>my-package:1.0.0</package></dependencies></package>

    Good:
        <package name="my-package"><dependencies><package>nuxeo-web-ui</package></dependencies></package>
    """
    own = facts.manifest.name if facts.manifest is not None else None
    for name, entry in _entries(facts, "dependencies", "conflicts"):
        if own and entry.dependency is not None and entry.dependency.name == own:
            verb = "depends on" if name == "dependencies" else "conflicts with"
            yield Observation(
                f"the package {verb} itself", _place(entry), help="remove the entry", args={"value": entry.text}
            )


@rule("NXP215", "duplicate", Severity.INFO, why="one of the two says nothing, or contradicts the other")
def duplicate(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that is there twice in one list.

    Why it matters:
        Both count: with different bounds only the versions that lie in both will do.

    Bad:
        <package>nuxeo-web-ui</package>
        <package>nuxeo-web-ui:3.0.0</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    seen: set[tuple[str, str]] = set()
    for name, entry in _entries(facts):
        package = entry.text.partition(":")[0]
        if package and (name, package) in seen:
            yield Observation(
                f"{quote(package)} is in <{name}> already",
                _place(entry),
                help="keep one of them",
                args={"list": name, "package": package},
            )
        seen.add((name, package))


@rule(
    "NXP216",
    "dependency-max",
    Severity.INFO,
    why="Nuxeo's documentation advises against upper bounds",
    status="preview",
)
def dependency_max(facts: NuxeoFacts) -> Iterator[Observation]:
    """A dependency with an upper bound..

    Why it matters:
        The documentation advises to set none, except in a package that only names others, where both bounds are equal:
        the next version of the dependency would need a new version of the package.

    Bad:
        <package>nuxeo-web-ui:3.0.0:3.1.0</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for _, entry in _entries(facts, "dependencies"):
        found = entry.dependency
        if found is not None and found.maximum is not None and found.minimum != found.maximum and all(_bounds(entry)):
            yield Observation(
                f"{quote(found.name)} has the upper bound {quote(str(found.maximum))}",
                _place(entry),
                help="leave the upper bound out",
                args={"value": entry.text},
            )


@rule("NXP217", "depends-and-conflicts", Severity.WARNING, why="the package cannot be installed with what it needs")
def depends_and_conflicts(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that the manifest needs and refuses.

    Told where every version that will do is in conflict.

    Why it matters:
        No set of packages satisfies both, so that installing fails.

    Bad:
        <dependencies><package>nuxeo-web-ui:3.0.0</package></dependencies>
        <conflicts><package>nuxeo-web-ui</package></conflicts>

    Good:
        <dependencies><package>nuxeo-web-ui:3.0.0</package></dependencies>
        <conflicts><package>nuxeo-web-ui:0.0.0:2.9.9</package></conflicts>
    """
    needed = [entry.dependency for _, entry in _entries(facts, "dependencies") if entry.dependency is not None]
    for _, entry in _entries(facts, "conflicts"):
        refused = entry.dependency
        if refused is not None and any(_holds(refused, each) for each in needed if each.name == refused.name):
            yield Observation(
                f"{quote(refused.name)} is a dependency and a conflict",
                _place(entry),
                help="remove one of the two, or give them bounds that leave room",
                args={"value": entry.text},
            )


def _holds(outer: Dependency, inner: Dependency) -> bool:
    """Whether every version within the bounds of `inner` lies within those of `outer`."""
    is_low = outer.minimum is None or (inner.minimum is not None and outer.minimum <= inner.minimum)
    is_high = outer.maximum is None or (inner.maximum is not None and inner.maximum <= outer.maximum)
    return is_low and is_high
