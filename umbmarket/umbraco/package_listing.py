"""The listing that belongs to one package, where it can be found on disk, and whether the Marketplace reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, TypeAlias

from umbmarket.disk.files import read_file
from umbmarket.findings import JsonValue
from umbmarket.git.repository import GitRepository, repository_of
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing
from umbmarket.umbraco.placement import Placement, listing_names, place, readme_names
from umbmarket.umbraco.schema.violations import Violation, violations
from umbmarket.umbraco.vocabulary import known_keys

MOST_PLACES = 3
"""Places of a listing that one sentence names; `umbmarket validate` has them all."""

ListingOrigin: TypeAlias = Literal["named", "repository", "beside"]
"""How a listing was found: the user named it; it lies in this working tree where the project URL leads; it
lies in the folder of the package, where the Marketplace does not look."""

_READ_ALL_THE_SAME = frozenset({"comment", "trailing-comma"})
"""Problems of the JSON that the Marketplace's importer appears to overlook: live listings of HQ have both."""


@dataclass(frozen=True, slots=True)
class PackageListing:
    """A listing and what becomes of it.

    Attributes:
        document: The listing, or None where none was found.
        origin: How it was found, or None.
        refusals: Why the Marketplace ignores it as a whole, as clauses about "it"; empty where it does not.
        empty_urls: Keys with an empty address: the published schema refuses them, live listings have them.
        readme: Path of the Marketplace readme that lies with it, as shown to the user, or None.
    """

    document: Listing | None = None
    origin: ListingOrigin | None = None
    refusals: tuple[str, ...] = ()
    empty_urls: tuple[str, ...] = ()
    readme: str | None = None

    @property
    def counts(self) -> bool:
        """There is a listing, and the Marketplace does not ignore it."""
        return self.document is not None and not self.refusals

    @property
    def value(self) -> dict[str, JsonValue]:
        """What the Marketplace takes from it: empty where it is ignored or there is none."""
        return self.document.value if self.document is not None and self.counts else {}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A package's project URL, seen from the folder the package lies in.

    Attributes:
        placement: Where the Marketplace looks.
        listing: Absolute path of the listing that was found, or None.
        origin: How, or None.
        readme: Absolute path of the Marketplace readme that was found, or None.
    """

    placement: Placement
    listing: str | None
    origin: ListingOrigin | None
    readme: str | None


def surroundings_of(folder: str, package_id: str, project_url: str | None) -> Surroundings:
    """Find what belongs to a package.

    Args:
        folder: Absolute path of the folder that the package lies in.
        package_id: Its id.
        project_url: Its project URL.
    """
    repository = repository_of(folder)
    placement = place(project_url, package_id)
    listing: str | None = None
    readme: str | None = None
    origin: ListingOrigin | None = None
    if repository is not None and _is_same(repository, placement):
        branches = (repository.branch,) if repository.branch is not None else ()
        placement = place(project_url, package_id, default_branch=repository.default_branch, branches=branches)
        listing = _in_tree(repository, [address.path for address in placement.listing])
        readme = _in_tree(repository, [address.path for address in placement.readme])
        origin = "repository" if listing is not None else None
    if listing is None:
        listing = _in_folder(folder, listing_names(package_id))
        origin = "beside" if listing is not None else None
        readme = readme or _in_folder(folder, readme_names(package_id))
    return Surroundings(placement, listing, origin, readme)


def readme_beside(listing: str, package_id: str) -> str | None:
    """The Marketplace readme in the folder of a listing, or None; both as paths of the same kind."""
    return _in_folder(os.path.dirname(listing), readme_names(package_id))


def read_listing(path: str, shown: str) -> Listing:
    """The listing in a file, called `shown` in messages; what cannot be read is one with `unreadable` set."""
    content = read_file(path, LARGEST_LISTING)
    return Listing(shown, content.data, unreadable=content.problem)


def judged(document: Listing, origin: ListingOrigin, readme: str | None) -> PackageListing:
    """A listing with what becomes of it."""
    if document.unreadable is not None:
        return PackageListing(document, origin, (f"it cannot be read: {document.unreadable}",), (), readme)
    refusals = tuple(filter(None, (_encoding(document), _syntax(document))))
    if not refusals and not document.is_object:
        refusals = ("it is not a JSON object",)
    if refusals:
        return PackageListing(document, origin, refusals, (), readme)
    found = violations(document.tree.value)
    empty = tuple(violation.pointer[1:] for violation in found if _is_empty_url(document, violation))
    grave = [violation for violation in found if not _is_empty_url(document, violation)]
    return PackageListing(document, origin, (_schema(grave),) if grave else (), empty, readme)


def _is_same(repository: GitRepository, placement: Placement) -> bool:
    """Whether the project URL leads into this working tree; one without a GitHub remote may be any."""
    from umbmarket.web.addresses.repositories import GitHubRepository

    if placement.repository is None:
        return False
    if repository.owner is None or repository.name is None:
        return repository.remote is None
    return placement.repository.same_as(GitHubRepository(repository.owner, repository.name))


def _in_tree(repository: GitRepository, paths: list[str | None]) -> str | None:
    """The first of the paths that the working tree holds in exactly that letter case."""
    found = next((path for path in paths if path is not None and repository.look_up(path).exact), None)
    return os.path.join(repository.root, *found.split("/")) if found is not None else None


def _in_folder(folder: str, names: tuple[str, ...]) -> str | None:
    try:
        there = set(os.listdir(folder or os.curdir))
    except (OSError, ValueError):
        return None
    return next((os.path.join(folder, name) for name in names if name in there), None)


def _encoding(document: Listing) -> str:
    problem = document.source.problem
    if problem is None:
        return ""
    return f"it is not UTF-8{f' but {problem.looks_like}' if problem.looks_like else ''}"


def _syntax(document: Listing) -> str:
    grave = [problem for problem in document.tree.problems if problem.kind not in _READ_ALL_THE_SAME]
    if not grave:
        return ""
    line, column = document.source.position(grave[0].span.start)
    return f"it is not valid JSON, first at line {line}, column {column}"


def _is_empty_url(document: Listing, violation: Violation) -> bool:
    """Whether a known address of the listing itself is empty, as in the guide's own blank sample.

    At a key that the schema does not know by name, nothing speaks for its being overlooked.
    """
    is_known = violation.pointer[1:] in known_keys("listing")
    return violation.keyword == "pattern" and is_known and document.at(violation.pointer) == ""


def _schema(found: list[Violation]) -> str:
    places = list(dict.fromkeys(violation.pointer or "its root" for violation in found))
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return f"it breaks the published schema at {', '.join(places[:MOST_PLACES])}{more}"
