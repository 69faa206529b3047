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
_LIKE_A_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)+")
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


@rule("NXP210", "dependency-name", Severity.ERROR, why="no package can have such a name, so Nuxeo never finds it")
def dependency_name(facts: NuxeoFacts) -> Iterator[Observation]:
    """A list entry whose name is empty, or contains spaces or operators.

    An entry is `name`, `name:minimum` or `name:minimum:maximum`.

    Why it matters:
        Nuxeo reads everything up to the first colon as the name, so `nuxeo-web-ui>=3.0` is a name. No package has that
        name, so installing fails. One real manifest has `nuxeo-@DISTRIB_VERSION`, a token without its closing `@`.

    Bad:
        <package>nuxeo-web-ui >= 3.0</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for name, entry in _entries(facts):
        package = entry.text.partition(":")[0]
        found = _OPERATOR.search(package)
        if not trimmed(package):
            message = f"an entry of <{name}> has no package name"
        elif found is not None:
            message = f"{quote(package)} is not a package name"
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
    why="Nuxeo reads an empty bound as version 0.0.0",
)
def dependency_empty_bound(facts: NuxeoFacts) -> Iterator[Observation]:
    """A colon that is not followed by a version.

    A warning for an empty minimum, which has the same effect as none.

    Why it matters:
        Nuxeo reads an empty version as 0.0.0: `foo:1.0:` means from 1.0.0 to 0.0.0, which matches no version
        (measured). The colon in `foo:` does no harm.

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
                f"the maximum of {quote(entry.text)} is empty, so Nuxeo reads it as 0.0.0, and no version matches",
                _place(entry),
                help="remove the last colon",
                args={"value": entry.text},
            )
        elif not bounds[0]:
            yield Observation(
                f"the minimum of {quote(entry.text)} is empty, so Nuxeo reads it as 0.0.0",
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
    why="Nuxeo uses another version than the one written here",
)
def dependency_version(facts: NuxeoFacts) -> Iterator[Observation]:
    """A bound that is not a version: without a number, with a leading `v`, or with a third colon.

    An error for a number above 2147483647, which makes reading the manifest fail.

    Why it matters:
        Nuxeo reads `latest` and `*` as 0.0.0, so every version matches, and `[1.0,2.0)` as `1.0.0-,2.0)` (measured).

    Bad:
        <package>nuxeo-web-ui:latest</package>

    Good:
        <package>nuxeo-web-ui:3.0.0</package>
    """
    for _, entry in _entries(facts):
        if entry.dependency is None:
            yield Observation(
                f"a version in {quote(entry.text)} has a number above 2147483647",
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
                help=_help_for(bound),
                args={"value": entry.text, "bound": bound},
            )


def _help_for(bound: str) -> str:
    if _LIKE_A_NAME.fullmatch(bound) is None:
        return "write a version with three numbers, such as 3.0.0"
    return "write name:minimum without a group, which only Maven's artifacts have"


@rule("NXP213", "dependency-reversed", Severity.ERROR, why="no version can be that high and that low at once")
def dependency_reversed(facts: NuxeoFacts) -> Iterator[Observation]:
    """A minimum that is higher than the maximum.

    Why it matters:
        Nuxeo does not check the order, and no version matches (measured).

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
                help="write the lower version first: name:minimum:maximum",
                args={"value": entry.text},
            )


@rule("NXP214", "self-dependency", Severity.WARNING, why="a package cannot require or exclude itself")
def self_dependency(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that depends on, or conflicts with, its own name.

    Why it matters:
        Nuxeo drops such a dependency when it reads the Marketplace's list, but keeps it when it reads the manifest of a
        file (measured).

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


@rule("NXP215", "duplicate", Severity.INFO, why="one of the two has no effect, or contradicts the other")
def duplicate(facts: NuxeoFacts) -> Iterator[Observation]:
    """The same package twice in one list.

    Why it matters:
        Both entries count: with different bounds, only versions that satisfy both match.

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
                f"{quote(package)} is a duplicate in <{name}>",
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
    """A dependency with an upper bound.

    Why it matters:
        The documentation advises against upper bounds, because each new version of the dependency would need a new
        version of the package. The exception is a package that only lists other packages, where both bounds are equal.

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
                help="remove the upper bound",
                args={"value": entry.text},
            )


@rule(
    "NXP217",
    "depends-and-conflicts",
    Severity.WARNING,
    why="the package cannot be installed together with its own dependency",
)
def depends_and_conflicts(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that is both a dependency and a conflict.

    Reported only if every version that satisfies the dependency is in conflict.

    Why it matters:
        No set of packages satisfies both, so installing fails.

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
                f"{quote(refused.name)} is both a dependency and a conflict",
                _place(entry),
                help="remove one of the two, or limit them to different versions",
                args={"value": entry.text},
            )


def _holds(outer: Dependency, inner: Dependency) -> bool:
    """Whether every version within the bounds of `inner` lies within those of `outer`."""
    is_low = outer.minimum is None or (inner.minimum is not None and outer.minimum <= inner.minimum)
    is_high = outer.maximum is None or (inner.maximum is not None and inner.maximum <= outer.maximum)
    return is_low and is_high
