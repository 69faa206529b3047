"""Which packages the rules of the package family look at, and where their findings stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from umbmarket.findings import Place, RelatedPlace, quote, visible
from umbmarket.umbraco.facts import MARKETPLACE_TAG, PackageFacts

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.nuget.package.nuspec_model import NuspecProblem

_WHOLE_TAG = re.compile(rf"(?<![\w-]){re.escape(MARKETPLACE_TAG)}(?![\w-])", re.IGNORECASE)
_LONGEST_PATH = 160
"""Code points of a path that a message quotes: a package id alone may have 100."""

_NOT_LETTERS = re.compile(r"[\W_]+")
_SQUEEZED_TAG = _NOT_LETTERS.sub("", MARKETPLACE_TAG)
_LIKENESS = 0.9
"""How like the tag a word must be (`difflib`): two letters off of nineteen pass, `umbraco-package` does not."""


def readable_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The metadata that NuGet would take; None where UMB301 to UMB304 say why there is none."""
    package = facts.document
    if package.unusable is not None or package.is_symbols or len(package.nuspec_entries) != 1:
        return None
    return package.nuspec if package.nuspec is not None and package.nuspec.readable else None


def listed_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The same, where the package is meant for the Marketplace as well."""
    return readable_nuspec(facts) if facts.is_meant else None


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
        return LostMode(f"{start} lies where the Marketplace does not look", f"put {name} where it is read", related)
    refusal = visible(listing.verdict.refusals[0])
    return LostMode(f"{start} is ignored as it stands", f"mend {name}, which is ignored because {refusal}", related)


MissingTag = Literal["near", "listing", "named", "only", "none"]
"""Why a package without the tag should have it.

- ``near``: one of its tags comes near.
- ``listing``: a listing carries its id.
- ``named``: the user named the file.
- ``only``: it is the only package of the run.
- ``none``: no package of its listing has the tag, and this is the first of them.
"""


def missing_tag(facts: PackageFacts) -> MissingTag | None:
    """Why a package should have the tag that it does not have; None when it has it, or need not have it.

    Only the package that people install gets the tag (Umbraco, about its own packages: "Oops, too liberal with the
    tag"), not those that it depends on, and builds make others as well that are not for the Marketplace.
    """
    if facts.tagged:
        return None
    if near_miss(facts) is not None:
        return "near"
    package_id, listing = facts.document.id, facts.listing
    suffix = listing.document.suffix if listing is not None else None
    if suffix is not None and package_id is not None and suffix.lower() == package_id.lower():
        return "listing"
    if _is_part_of_another(facts):
        return None
    if facts.named:
        return "named"
    if not facts.siblings:
        return "only"
    together = listing.packages if listing is not None else ()
    is_first = bool(together) and together[0] is facts
    return "none" if is_first and not any(each.tagged or near_miss(each) for each in together) else None


def _is_part_of_another(facts: PackageFacts) -> bool:
    """A package of the run that has the tag depends on this one."""
    key = (facts.document.id or "").lower()
    return any(
        dependency.id.lower() == key
        for each in facts.siblings
        if each.tagged
        for group in each.document.dependency_groups
        for dependency in group.dependencies
    )


class NearMiss(NamedTuple):
    """Something among the tags that was meant to be the Marketplace's.

    Attributes:
        start: code point offset of its first character in the text of the element.
        end: offset after its last one.
        message: what it is, as one line without a full stop.
    """

    start: int
    end: int
    message: str


def near_miss(facts: PackageFacts) -> NearMiss | None:
    """The first of the tags that comes near the Marketplace's, where the package does not have that; else None."""
    nuspec = readable_nuspec(facts)
    if nuspec is None or facts.tagged:
        return None
    return next(_near_misses(nuspec), None)


def _near_misses(nuspec: Nuspec) -> Iterator[NearMiss]:
    tags = nuspec.tags
    for number, tag in enumerate(tags):
        text = tag.text.strip()
        glued = _WHOLE_TAG.search(text)
        if glued is not None:
            start = tag.start + tag.text.index(text)
            yield NearMiss(start, start + len(text), _glued_message(text, glued))
            continue
        following = tags[number + 1] if number + 1 < len(tags) else None
        if following is not None and (tag.key, following.key) == ("umbraco", "marketplace"):
            message = f'"umbraco marketplace" is two tags, and the Marketplace looks for "{MARKETPLACE_TAG}"'
            yield NearMiss(tag.start, following.end, message)
        elif _is_like_the_tag(tag.key):
            message = f'{quote(tag.text)} is not the tag "{MARKETPLACE_TAG}" that the Marketplace looks for'
            yield NearMiss(tag.start, tag.end, message)


def _glued_message(text: str, found: re.Match[str]) -> str:
    beside = text[found.start() - 1] if found.start() > 0 else text[found.end()]
    between = "a line break" if beside in "\r\n" else quote(beside)
    return f'{quote(text)} is one tag, and not "{MARKETPLACE_TAG}": {between} does not separate tags on nuget.org'


def _is_like_the_tag(key: str) -> bool:
    squeezed = _NOT_LETTERS.sub("", key)
    if squeezed == _SQUEEZED_TAG:
        return True
    if abs(len(squeezed) - len(_SQUEEZED_TAG)) > 2:
        return False
    # Late: few packages have a tag of just this length without having the right one.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, squeezed, _SQUEEZED_TAG, autojunk=False).ratio() >= _LIKENESS


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


def problems_of(nuspec: Nuspec, code: str) -> list[NuspecProblem]:
    """What nuget.org refuses and the rule of this code tells, without what NuGet's own reader refuses already."""
    from umbmarket.nuget.package.push_rules import push_problems

    told = {(problem.kind, problem.place) for problem in nuspec.problems}
    return [
        problem
        for problem in push_problems(nuspec)
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
