"""Which listing and which readme belong to a package: the one answer, for every command.

The project URL of a package says where the Marketplace looks. Where it leads into a working tree of this run, or into
one that this tree is a fork of, the tree says what lies there. Otherwise, as with a website, what is meant by name and
place in this tree is taken as an estimate: what the Marketplace reads there cannot be known without asking.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.git.relation import Relation, Repository, relation
from umbmarket.git.repository import GitRepository
from umbmarket.umbraco.found import Found, FoundListing, ListingOrigin, Tree
from umbmarket.umbraco.placement import Address, Placement, listing_names, place, readme_names
from umbmarket.umbraco.readme import MarketplaceReadme
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

if TYPE_CHECKING:
    from umbmarket.umbraco.run_packages import RunPackage

_REFERENCES = ("/tree/", "/blob/")
"""What stands in a project URL that names a branch."""


class Seeker(NamedTuple):
    """A package as far as it matters for what belongs to it.

    Attributes:
        id: its id, or None.
        project_url: its project URL, or None.
        folder: absolute path of the folder it lies in.
        named: the user named it; False when it was found in a folder.
        tagged: it has the Marketplace's tag.
    """

    id: str | None
    project_url: str | None
    folder: str
    named: bool
    tagged: bool

    @classmethod
    def of(cls, package: RunPackage) -> Seeker:
        """A package of the run."""
        document = package.document
        return cls(document.id, document.project_url, package.folder, package.named, document.has_tag(MARKETPLACE_TAG))


@dataclass(frozen=True, slots=True)
class Belonging:
    """What belongs to one package.

    Attributes:
        placement: where the Marketplace looks, by the project URL.
        listing: its listing, or None.
        origin: how that was found, or None.
        readme: its Marketplace readme, or None.
        repository: the working tree that the project URL leads into where one of the run's does so, else the one that
            the package or its listing lies in; None without one.
    """

    placement: Placement
    listing: FoundListing | None = None
    origin: ListingOrigin | None = None
    readme: MarketplaceReadme | None = None
    repository: GitRepository | None = None

    @property
    def at_placement(self) -> bool:
        """The listing lies where the Marketplace looks, as far as the working tree tells."""
        return self.origin in ("repository", "fork")


class Belongings(NamedTuple):
    """The complete table of a run.

    Attributes:
        packages: what belongs to each package, in the order of the packages.
        ids: the id of the package that a listing is for, where its name does not say and one package alone has it.
    """

    packages: tuple[Belonging, ...]
    ids: Mapping[FoundListing, str]


def belongings_of(found: Found) -> Belongings:
    """Find what belongs to each package of a run."""
    seeking = Seeking(found.listings, found.repositories, found.tree)
    packages = _without_others(tuple(seeking.belonging_of(Seeker.of(package)) for package in found.packages))
    readers: dict[FoundListing, list[RunPackage]] = {}
    for package, belonging in zip(found.packages, packages, strict=True):
        if belonging.listing is not None:
            readers.setdefault(belonging.listing, []).append(package)
    ids = {
        listing: only
        for listing, its_packages in readers.items()
        if listing.package_id is None and (only := _only_id(its_packages)) is not None
    }
    return Belongings(packages, ids)


def _without_others(packages: tuple[Belonging, ...]) -> tuple[Belonging, ...]:
    """What belongs to packages, without listings that lie elsewhere for one and right for another: they are its own."""
    right = {each.listing for each in packages if each.at_placement}
    return tuple(
        replace(each, listing=None, origin=None)
        if each.origin == "elsewhere"
        and each.listing is not None
        and each.listing in right
        and each.listing.document.suffix is None
        else each
        for each in packages
    )


def _only_id(packages: list[RunPackage]) -> str | None:
    """The id of the only package that has a listing; those without the tag do not count beside those with it."""
    tagged = [each for each in packages if each.document.has_tag(MARKETPLACE_TAG)] or packages
    ids = {each.document.id.lower(): each.document.id for each in tagged if each.document.id}
    return next(iter(ids.values())) if len(ids) == 1 else None


def is_checked_out(placement: Placement, repository: Repository) -> bool:
    """Whether the files at hand are those that the project URL leads to, as far as one can tell.

    Args:
        placement: where it leads.
        repository: the working tree of the repository that it names.
    """
    branch = placement.branch
    return branch is None or repository.branch is None or branch in (repository.branch, repository.default_branch)


def readme_beside(tree: Tree, folder: str, package_id: str | None) -> MarketplaceReadme | None:
    """The Marketplace readme of a package in a folder, or None.

    Args:
        tree: what the folders hold.
        folder: absolute.
        package_id: the id in any letter case, or None where it is not known.
    """
    path = _first_in(tree, folder, readme_names(package_id))
    return tree.readme_at(path) if path is not None else None


class _Home(NamedTuple):
    """The working tree that a project URL leads into.

    Attributes:
        repository: the tree.
        relation: what the repository of the project URL is to it.
    """

    repository: GitRepository
    relation: Relation


class Seeking:
    """Finds what belongs to packages, one after the other."""

    def __init__(self, listings: Sequence[FoundListing], repositories: Sequence[GitRepository], tree: Tree) -> None:
        """The arguments are those of `Found`."""
        self._listings = _Named(listings)
        self._repositories = repositories
        self._tree = tree
        self._below: dict[GitRepository, _Named] = {}

    def belonging_of(self, package: Seeker) -> Belonging:
        """What belongs to a package."""
        own = self._tree.repository_of(package.folder)
        placement = place(package.project_url, package.id)
        home = self._home_of(placement, own)
        if home is None:
            listing, origin = self._meant(package, own, own)
            repository = own or (listing.repository if listing is not None else None)
            return Belonging(placement, listing, origin, self._readme_with(listing, package), repository)
        if home.relation == "same":
            placement = self._exactly(placement, package, home.repository)
        readme = _first_there(home.repository, placement.readme)
        found = _first_there(home.repository, placement.listing)
        if found is not None:
            listing, origin = self._tree.listing_at(found), "fork" if home.relation == "fork" else "repository"
        else:
            listing, origin = self._meant(package, own, home.repository)
            if origin is not None and home.relation == "same" and is_checked_out(placement, home.repository):
                origin = "elsewhere"
        return Belonging(
            placement,
            listing,
            origin,
            self._tree.readme_at(readme) if readme is not None else None,
            home.repository,
        )

    def _home_of(self, placement: Placement, own: GitRepository | None) -> _Home | None:
        """The working tree that the project URL leads into: the same repository before a fork of it.

        A tree whose remotes tell nothing counts only for the packages that lie in it.
        """
        if placement.repository is None:
            return None
        candidates = [own, *self._repositories] if own is not None else list(self._repositories)
        homes = [_Home(each, relation(each, placement.repository)) for each in candidates]
        for wanted in ("same", "fork"):
            for home in homes:
                if home.relation == wanted:
                    return home
        return homes[0] if own is not None and homes[0].relation == "unknown" else None

    @staticmethod
    def _exactly(placement: Placement, package: Seeker, repository: GitRepository) -> Placement:
        """The placement with what git knows of the repository."""
        url = package.project_url or ""
        names_branch = any(reference in url for reference in _REFERENCES)
        return place(
            url,
            package.id,
            default_branch=repository.default_branch,
            branches=repository.branches if names_branch else (),
        )

    def _meant(
        self, package: Seeker, own: GitRepository | None, home: GitRepository | None
    ) -> tuple[FoundListing | None, ListingOrigin | None]:
        """The listing that is meant for a package by its name, else the only one without a name.

        Looked for among the listings of the run, then in the working tree, then beside the package; in the latter two
        only for a package that is meant for the Marketplace. One that was found in a folder and is not built here for
        it gets no listing without a name: it may be anybody's.
        """
        takes_plain = package.named or self._is_ours(package, own)
        listing = self._listings.of(package.id, home, takes_plain=takes_plain)
        if listing is not None or not (package.named or package.tagged):
            return listing, "meant" if listing is not None else None
        repository = home or own or next(iter(self._repositories), None)
        if repository is not None:
            if repository not in self._below:
                self._below[repository] = _Named(self._tree.listings_below(repository))
            listing = self._below[repository].of(package.id, home, takes_plain=takes_plain)
            if listing is not None:
                return listing, "meant"
        path = _first_in(self._tree, package.folder, listing_names(package.id))
        return (self._tree.listing_at(path), "beside") if path is not None and takes_plain else (None, None)

    def _readme_with(self, listing: FoundListing | None, package: Seeker) -> MarketplaceReadme | None:
        """The readme that lies with the listing; without one, beside a package that is meant for the Marketplace."""
        if listing is not None:
            return readme_beside(self._tree, listing.location, package.id)
        return readme_beside(self._tree, package.folder, package.id) if package.named or package.tagged else None

    @staticmethod
    def _is_ours(package: Seeker, own: GitRepository | None) -> bool:
        """Whether a package that was found is built here for the Marketplace, as far as tag and address tell."""
        named = place(package.project_url).repository
        is_elsewhere = own is not None and named is not None and relation(own, named) == "other"
        return package.tagged and not is_elsewhere


class _Named:
    """Listings by the id in their names."""

    def __init__(self, listings: Sequence[FoundListing]) -> None:
        self._by_id: dict[str, list[FoundListing]] = {}
        without_id: list[FoundListing] = []
        for listing in listings:
            if listing.package_id is not None:
                self._by_id.setdefault(listing.package_id.lower(), []).append(listing)
            else:
                without_id.append(listing)
        self._only_plain = without_id[0] if len(without_id) == 1 else None

    def of(self, package_id: str | None, home: GitRepository | None, *, takes_plain: bool) -> FoundListing | None:
        """The listing with the id of a package, of several that of its repository; else the only one without an id."""
        meant = self._by_id.get(package_id.lower(), []) if package_id else []
        if meant:
            return next((each for each in meant if each.repository is home), meant[0])
        return self._only_plain if takes_plain else None


def _first_there(repository: GitRepository, addresses: Iterable[Address]) -> str | None:
    """Absolute path of the first file that the working tree holds in exactly that letter case, or None."""
    for address in addresses:
        if address.path is not None and repository.holds(address.path):
            return os.path.join(repository.root, *address.path.split("/"))
    return None


def _first_in(tree: Tree, folder: str, names: Iterable[str]) -> str | None:
    """Absolute path of the first of the names that a folder has in exactly that letter case, or None."""
    there = tree.names_in(folder)
    return next((os.path.join(folder, name) for name in names if name in there), None)
