"""What a person should know beside the numbers of an estimate: one sentence or two for each thing.

The rules about Umbraco versions say more, and say it at its place; these notes explain a page of results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from umbmarket.nuget import TargetFramework
from umbmarket.umbraco.compatibility.dependencies import UmbracoDependency
from umbmarket.umbraco.compatibility.estimate import Compatibility, UmbracoGroup
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR, OLDEST_MAJOR

MOST_NAMED = 6
"""Dependencies or groups that one note names: a package has seldom more target frameworks."""

NoteKind: TypeAlias = Literal[
    "no-umbraco-dependency",
    "group-without-umbraco",
    "groups-disagree",
    "no-version-in-common",
    "range-not-readable",
    "no-range",
    "own-numbers",
    "mixed-generations",
    "commerce-as-umbraco",
    "capped",
    "open-ended",
    "majors-to-come",
    "no-known-major",
]
"""What a note is about."""


@dataclass(frozen=True, slots=True)
class CompatibilityNote:
    """One remark.

    Attributes:
        kind: What it is about.
        text: Whole sentences, fit to be read alone. They hold ids and texts from the package as they are
            written.
    """

    kind: NoteKind
    text: str


def notes_on(found: Compatibility, *, is_dead_end: bool = False, is_found: bool = False) -> Iterator[CompatibilityNote]:
    """The remarks on an estimate, the weightiest first.

    Args:
        found: The estimate.
        is_dead_end: It is known that nothing that the package depends on leads to Umbraco.
        is_found: It is known that something does.
    """
    if not found.dependencies:
        text = _without_umbraco(found.other_dependencies, is_dead_end)
        if is_found:
            text = "The package has no direct dependency on Umbraco; one through another package counts."
        yield CompatibilityNote("no-umbraco-dependency", text)
        return
    yield from _on_groups(found)
    yield from _on_ranges(found.dependencies)
    yield from _on_products(found)
    if not found.only_own_numbers:
        yield from _on_outcome(found)


def _without_umbraco(others: int, is_dead_end: bool) -> str:
    if not others:
        return (
            "The package has no dependencies. The Marketplace lists a package only if it depends on Umbraco, "
            "directly or through another package."
        )
    if is_dead_end:
        return (
            "No dependency of the package leads to Umbraco. The Marketplace lists a package only if it depends on "
            "Umbraco, directly or through another package."
        )
    through = "its one other dependency" if others == 1 else f"one of its {others} other dependencies"
    return (
        f"The package has no direct dependency on Umbraco. The Marketplace lists it only if {through} depends on "
        "Umbraco, which the package itself does not show."
    )


def _on_groups(found: Compatibility) -> Iterator[CompatibilityNote]:
    impossible = [group for group in found.impossible_groups if not group.mixes_generations]
    if impossible:
        names = _frameworks(impossible)
        yield CompatibilityNote(
            "no-version-in-common",
            f"No version of Umbraco satisfies the dependencies for {names}, so NuGet may not be able to install the "
            "package there.",
        )
    if found.highest_alone is not None:
        groups = found.disagreeing_groups
        named = ((_name(group.framework), group.outcome(found.mode).text) for group in groups[:MOST_NAMED])
        ranges = ", ".join(f"{framework} {majors}" for framework, majors in named)
        more = ", ..." if len(groups) > MOST_NAMED else ""
        highest, alone = found.highest_alone
        yield CompatibilityNote(
            "groups-disagree",
            f"The ranges differ between target frameworks ({ranges}{more}). Together they give {found.shown.text}. For "
            "one such package the Marketplace showed only the versions of the highest framework, which would be "
            f"{alone.text} ({_name(highest.framework)}).",
        )
    if found.groups_without_umbraco:
        names = _frameworks(found.groups_without_umbraco)
        yield CompatibilityNote(
            "group-without-umbraco",
            f"The dependencies for {names} do not include Umbraco and do not count here; how the Marketplace treats "
            "them is not known.",
        )


def _on_ranges(dependencies: Iterable[UmbracoDependency]) -> Iterator[CompatibilityNote]:
    unreadable = [each for each in dependencies if each.range_problem is not None]
    for each in unreadable[:MOST_NAMED]:
        yield CompatibilityNote(
            "range-not-readable",
            f"The range of {each.id} for {_name(each.framework)} cannot be read ({each.range_problem}), which means "
            "any version.",
        )
    without = [each for each in dependencies if not each.written]
    for each in without[:MOST_NAMED]:
        yield CompatibilityNote(
            "no-range", f"{each.id} for {_name(each.framework)} has no range, which means any version."
        )


def _on_products(found: Compatibility) -> Iterator[CompatibilityNote]:
    own = [each for each in found.dependencies if each.has_own_numbers]
    if found.only_own_numbers:
        yield CompatibilityNote(
            "own-numbers",
            f"{_ids(own)} {_does(own)} not have Umbraco's version numbers, so the versions shown mean nothing. Add a "
            "dependency on the Umbraco.Cms package that yours needs.",
        )
    elif own:
        yield CompatibilityNote(
            "own-numbers",
            f"{_ids(own)} {_does(own)} not have Umbraco's version numbers and {_does(own)} not count here; whether the "
            "Marketplace counts such numbers is not known.",
        )
    if any(group.mixes_generations for group in found.groups):
        yield CompatibilityNote(
            "mixed-generations",
            "One target framework depends on both UmbracoCms (8) and Umbraco.Cms (9 and later); no website can have "
            "both.",
        )
    products = {each.product for each in found.dependencies if not each.has_own_numbers}
    if "commerce" in products and "cms" not in products:
        yield CompatibilityNote(
            "commerce-as-umbraco",
            "The versions of Umbraco.Commerce are read as Umbraco versions; the numbers are the same from 10 on.",
        )


def _on_outcome(found: Compatibility) -> Iterator[CompatibilityNote]:
    shown = found.shown
    # A range that cannot be read may well have a maximum: [13.0.0, 14.*).
    readable = [group for group in found.groups_with_umbraco if group.is_readable]
    capped = [group for group in readable if group.is_capped]
    if found.mode == "Default" and found.mode_matters and capped:
        yield CompatibilityNote(
            "capped",
            f"{_the_range(capped, found)} has no maximum and starts at 13 or lower, so in Default mode the "
            "Marketplace does not show the package for Umbraco 14 and later. To change that, publish a version with a "
            'maximum, or with a minimum of 14 or higher. "VersionDependencyMode": "SemVer" in the listing does it too, '
            "for all later versions.",
        )
    unbounded = [group for group in readable if group.outcome(found.mode).open_ended]
    if shown.open_ended and unbounded:
        yield CompatibilityNote(
            "open-ended",
            f"{_the_range(unbounded, found)} has no maximum, so every later version of Umbraco will be shown as "
            "supported.",
        )
    last = max((span.last for span in shown.spans if span.last is not None), default=0)
    if last > NEWEST_MAJOR:
        yield CompatibilityNote(
            "majors-to-come",
            f"The range goes up to {last}; the newest version that umbmarket knows is {NEWEST_MAJOR}.",
        )
    if not shown.majors and not shown.open_ended and not found.impossible_groups:
        yield CompatibilityNote(
            "no-known-major",
            f"The range includes no stable version of Umbraco {OLDEST_MAJOR} to {NEWEST_MAJOR}.",
        )


def _the_range(groups: Sequence[UmbracoGroup], found: Compatibility) -> str:
    """The range of some groups in words: which groups where it is not that of all."""
    if len(groups) == len(found.groups_with_umbraco):
        return "The range"
    return f"The range for {_frameworks(groups)}"


def _frameworks(groups: Iterable[UmbracoGroup]) -> str:
    return _listed(_name(group.framework) for group in groups)


def _name(framework: TargetFramework) -> str:
    return "any framework" if framework.is_any else framework.short_name


def _ids(dependencies: Iterable[UmbracoDependency]) -> str:
    return _listed(each.id for each in dependencies)


def _does(dependencies: Iterable[UmbracoDependency]) -> str:
    """The verb for `_ids`."""
    return "does" if len({each.id for each in dependencies}) == 1 else "do"


def _listed(names: Iterable[str]) -> str:
    """Names in a sentence, each once, a bounded number of them."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) > MOST_NAMED:
        return f"{', '.join(distinct[:MOST_NAMED])} and {len(distinct) - MOST_NAMED} more"
    return " and ".join(filter(None, (", ".join(distinct[:-1]), distinct[-1])))
