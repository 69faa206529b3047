"""Which listing and which readme the Marketplace would read for each package of a run.

The project URL of a package says where the Marketplace looks. Where it leads into a working tree of this run, the tree
says what lies there; otherwise names must do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from umbmarket.git.relation import Relation, relation
from umbmarket.git.repository import GitRepository
from umbmarket.umbraco.facts import MARKETPLACE_TAG, ListingFacts, PackageFacts
from umbmarket.umbraco.placement import Address, Placement, place
from umbmarket.umbraco.readme import MarketplaceReadme
from umbmarket.umbraco.run_packages import RunPackage

_REFERENCES = ("/tree/", "/blob/")
"""What stands in a project URL that names a branch."""


class Files(Protocol):
    """Gives the files of a working tree as documents, each once."""

    def listing_at(self, path: str) -> ListingFacts:
        """The listing at an absolute path: that of the run if it is one, else one with `checked` False."""

    def readme_at(self, path: str) -> MarketplaceReadme:
        """The Marketplace readme at an absolute path."""

    def repository_of(self, folder: str) -> GitRepository | None:
        """The repository whose working tree a folder lies in, or None."""


class _Home(NamedTuple):
    """The working tree that a project URL leads into.

    Attributes:
        repository: the tree.
        relation: what the repository of the project URL is to it.
    """

    repository: GitRepository
    relation: Relation


def pair(
    packages: Iterable[RunPackage],
    listings: Sequence[ListingFacts],
    repositories: Sequence[GitRepository],
    files: Files,
) -> tuple[PackageFacts, ...]:
    """Find what belongs to each package, and tell each listing its packages.

    Args:
        packages: the packages of the run.
        listings: the listings of the run. Their `packages` are set, and their `package_id` where it is not known
            and the Marketplace would read them for one package alone.
        repositories: the working trees that the run's paths lie in; the project URL of a package that lies
            elsewhere may lead into one of them.
        files: what the working trees hold.
    """
    pairing = _Pairing(listings, repositories, files)
    facts = tuple(pairing.facts_of(package) for package in packages)
    readers: dict[ListingFacts, list[PackageFacts]] = {}
    for each in facts:
        each.run = facts
        if each.listing is not None:
            readers.setdefault(each.listing, []).append(each)
    for listing, its_packages in readers.items():
        listing.packages = tuple(its_packages)
        if listing.package_id is None:
            listing.package_id = _only_id(its_packages)
    return facts


def _only_id(packages: list[PackageFacts]) -> str | None:
    """The id of the only package that reads a listing; those without the tag do not count beside those with it."""
    tagged = [each for each in packages if each.tagged] or packages
    ids = {each.document.id.lower(): each.document.id for each in tagged if each.document.id}
    return next(iter(ids.values())) if len(ids) == 1 else None


class _Pairing:
    """Pairs the packages of one run."""

    def __init__(self, listings: Sequence[ListingFacts], repositories: Sequence[GitRepository], files: Files) -> None:
        self._repositories = repositories
        self._files = files
        self._by_id: dict[str, list[ListingFacts]] = {}
        without_id: list[ListingFacts] = []
        for listing in listings:
            if listing.package_id is not None:
                self._by_id.setdefault(listing.package_id.lower(), []).append(listing)
            else:
                without_id.append(listing)
        self._only_plain = without_id[0] if len(without_id) == 1 else None

    def facts_of(self, package: RunPackage) -> PackageFacts:
        """The package with its surroundings."""
        document = package.document
        own = self._files.repository_of(package.folder)
        placement = place(document.project_url, document.id)
        home = self._home_of(placement, own)
        if home is None:
            listing = self._by_name(package, own, own)
            repository = own or (listing.repository if listing is not None else None)
            return PackageFacts(document, placement, listing=listing, repository=repository, named=package.named)
        if home.relation == "same":
            placement = self._exactly(placement, package, home.repository)
        found = _first_there(home.repository, placement.listing)
        listing = self._files.listing_at(found) if found is not None else self._by_name(package, own, home.repository)
        readme = _first_there(home.repository, placement.readme)
        return PackageFacts(
            document,
            placement,
            listing=listing,
            found_at_placement=found is not None,
            readme_file=self._files.readme_at(readme) if readme is not None else None,
            repository=home.repository,
            named=package.named,
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
    def _exactly(placement: Placement, package: RunPackage, repository: GitRepository) -> Placement:
        """The placement with what git knows of the repository."""
        url = package.document.project_url or ""
        names_branch = any(reference in url for reference in _REFERENCES)
        return place(
            url,
            package.document.id,
            default_branch=repository.default_branch,
            branches=repository.branches if names_branch else (),
        )

    def _by_name(
        self, package: RunPackage, own: GitRepository | None, home: GitRepository | None
    ) -> ListingFacts | None:
        """The listing that is meant for a package by its name, else the only one without a name.

        A package that was found in a folder and is not built here for the Marketplace gets no listing without a
        name: it may be anybody's.
        """
        document = package.document
        meant = self._by_id.get(document.id.lower(), []) if document.id else []
        if meant:
            return next((each for each in meant if each.repository is home), meant[0])
        return self._only_plain if package.named or self._is_ours(package, own) else None

    @staticmethod
    def _is_ours(package: RunPackage, own: GitRepository | None) -> bool:
        """Whether a package that was found is built here for the Marketplace, as far as tag and address tell."""
        named = place(package.document.project_url).repository
        is_elsewhere = own is not None and named is not None and relation(own, named) == "other"
        return package.document.has_tag(MARKETPLACE_TAG) and not is_elsewhere


def _first_there(repository: GitRepository, addresses: Iterable[Address]) -> str | None:
    """Absolute path of the first file that the working tree holds in exactly that letter case, or None."""
    for address in addresses:
        if address.path is not None and repository.holds(address.path):
            return os.path.join(repository.root, *address.path.split("/"))
    return None
