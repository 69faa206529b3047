"""Which packages the rules of the package family look at, and where their findings stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from umbmarket.findings import Place, RelatedPlace, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.judged import is_judged, readable_nuspec

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.nuget.package.nuspec_model import NuspecProblem

_LONGEST_PATH = 160
"""Code points of a path that a message quotes: a package id alone may have 100."""


def listed_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The same, where the package is judged for the Marketplace as well."""
    return readable_nuspec(facts) if is_judged(facts) else None


def ranged_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The same, where the ranges of all its dependencies on Umbraco are known as well."""
    nuspec = listed_nuspec(facts)
    return nuspec if nuspec is not None and facts.knows_versions else None


class LostMode(NamedTuple):
    """Why the mode that a listing asks for does not count.

    Attributes:
        message: the end of a message.
        help: what to do first.
        related: where the listing asks for it.
    """

    message: str
    help: str
    related: tuple[RelatedPlace, ...]


def lost_mode(facts: PackageFacts) -> LostMode | None:
    """What to add to a finding that would not be there if the listing counted.

    Returns:
        None where the mode of the listing counts, and where it asks for no other than `Default`.
    """
    listing = facts.listing
    if listing is None or listing.verdict.wanted_mode != "SemVer" or facts.mode == "SemVer":
        return None
    name = quote(listing.document.path, _LONGEST_PATH)
    start = '; the listing asks for "SemVer", but it'
    related = (RelatedPlace(listing.document, Place("/VersionDependencyMode"), "what the listing asks for"),)
    if listing.verdict.counts:
        return LostMode(
            f"{start} is not where the Marketplace looks", f"move {name} to where the Marketplace looks", related
        )
    refusal = visible(listing.verdict.refusals[0])
    return LostMode(f"{start} is ignored", f"correct {name}, which is ignored because {refusal}", related)


def place_of(nuspec: Nuspec, name: str) -> Place:
    """The element of this name in the metadata, else the metadata."""
    pointer = nuspec.pointer(name) or f"/metadata/{name}"
    return Place(pointer) if nuspec.locate(Place(pointer)) is not None else Place("/metadata")


_OWNERS = {
    "dependency-version-label": "UMB407",
    "license-type": "UMB311",
    "license-version": "UMB311",
    "license-empty": "UMB311",
    "license-url": "UMB311",
}


def owner_of(problem: NuspecProblem) -> str:
    """The code of the rule that tells one of the `push_problems`, so that each is told once."""
    if problem.kind == "invalid-url" and problem.args.get("name") == "projectUrl":
        return "UMB307"
    return _OWNERS.get(problem.kind, "UMB313")


def problems_of(facts: PackageFacts, nuspec: Nuspec, code: str) -> list[NuspecProblem]:
    """What nuget.org refuses and the rule of this code tells, without what NuGet's own reader refuses already."""
    told = {(problem.kind, problem.place) for problem in nuspec.problems}
    return [
        problem
        for problem in facts.document.push_problems
        if owner_of(problem) == code and (problem.kind, problem.place) not in told
    ]


def is_told_as_limit(nuspec: Nuspec, name: str) -> bool:
    """Whether UMB313 tells why an element says nothing: it holds other elements, or its letter case hides it."""
    from umbmarket.nuget.package.push_rules import push_problems

    return any(
        (problem.kind == "embedded-with-children" and problem.args.get("name") == name)
        or (problem.kind == "element-case" and problem.args.get("known") == name and not _is_there(nuspec, name))
        for problem in push_problems(nuspec)
    )


def _is_there(nuspec: Nuspec, name: str) -> bool:
    return nuspec.metadata is not None and any(child.name == name for child in nuspec.metadata.children)
