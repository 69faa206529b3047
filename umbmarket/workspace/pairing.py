"""Which listing and which readme belong to a package, as the Marketplace would find them.

The Marketplace goes by the package's project URL. Where that leads into the working tree at hand, the files are looked for
there, at each address in turn. Otherwise a listing is taken to belong to a package by its name: the id as suffix, or as
the only one without a suffix.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from umbmarket.documents.listing import LARGEST_LISTING, Listing
from umbmarket.documents.marketplace_readme import LARGEST_README, MarketplaceReadme
from umbmarket.documents.package import NuGetPackage
from umbmarket.marketplace.placement import Address, Placement, place
from umbmarket.workspace.disk import read_file
from umbmarket.workspace.facts import ListingFacts, PackageFacts
from umbmarket.workspace.git_repository import GitRepository
from umbmarket.workspace.repository import relation


class Pairing:
    """Pairs the packages of one run.

    Attributes:
        listings: the listings of the run.
        readmes: the Marketplace readmes of the run.
        packages: those added so far, with their surroundings.
    """

    def __init__(self, listings: Sequence[ListingFacts], readmes: Sequence[MarketplaceReadme]) -> None:
        """Packages are added with `add`; `finish` completes the picture."""
        self.listings = listings
        self.readmes = readmes
        self.packages: list[PackageFacts] = []
        self._by_path = {
            (_root_of(listing), listing.path_in_repository): listing
            for listing in listings
            if listing.path_in_repository is not None
        }
        self._loaded: dict[str, ListingFacts] = {}

    def add(self, package: NuGetPackage, repository: GitRepository | None, *, named: bool) -> None:
        """Find what belongs to `package`.

        Args:
            package: the package.
            repository: the working tree that it, or else what is checked with it, lies in.
            named: the user named the file.
        """
        placement = _placement(package, repository)
        is_here = (
            repository is not None
            and placement.repository is not None
            and relation(repository, placement.repository) in ("same", "fork")
        )
        listing = self._at(placement.listing, repository) if is_here and repository is not None else None
        readme = self._readme_at(placement.readme, repository) if is_here and repository is not None else None
        found_there = listing is not None
        self.packages.append(
            PackageFacts(
                package,
                placement,
                listing=listing or self._by_name(package.id),
                found_at_placement=found_there,
                readme_file=readme,
                repository=repository,
                named=named,
            )
        )

    def finish(self) -> tuple[PackageFacts, ...]:
        """Tell packages of each other and listings of their packages; the packages in the order they were added."""
        run = tuple(self.packages)
        for package in run:
            package.run = run
            if package.listing is not None:
                package.listing.packages = (*package.listing.packages, package)
        for listing in self.listings:
            ids = {package.document.id for package in listing.packages}
            if listing.package_id is None and len(ids) == 1:
                listing.package_id = ids.pop()
        return run

    def _at(self, addresses: Iterable[Address], repository: GitRepository) -> ListingFacts | None:
        for address in addresses:
            if address.path is None:
                continue
            known = self._by_path.get((repository.root, address.path))
            if known is not None:
                return known
            if repository.look_up(address.path).exact:
                return self._load(repository, address.path)
        return None

    def _load(self, repository: GitRepository, path: str) -> ListingFacts:
        """A listing of the working tree that is not among those of the run."""
        whole = os.path.join(repository.root, *path.split("/"))
        if whole not in self._loaded:
            content = read_file(whole, LARGEST_LISTING)
            listing = Listing(path, content.data, unreadable=content.problem)
            folder = path.rpartition("/")[0]
            self._loaded[whole] = ListingFacts(listing, repository=repository, folder=folder, checked=False)
        return self._loaded[whole]

    def _readme_at(self, addresses: Iterable[Address], repository: GitRepository) -> MarketplaceReadme | None:
        for address in addresses:
            if address.path is not None and repository.look_up(address.path).exact:
                whole = os.path.join(repository.root, *address.path.split("/"))
                return MarketplaceReadme(address.path, lambda: read_file(whole, LARGEST_README).data)
        return None

    def _by_name(self, package_id: str | None) -> ListingFacts | None:
        if package_id is not None:
            for listing in self.listings:
                suffix = listing.document.suffix
                if suffix is not None and suffix.lower() == package_id.lower():
                    return listing
        unsuffixed = [listing for listing in self.listings if listing.document.suffix is None]
        return unsuffixed[0] if len(unsuffixed) == 1 else None


def _root_of(listing: ListingFacts) -> str | None:
    return listing.repository.root if isinstance(listing.repository, GitRepository) else None


def _placement(package: NuGetPackage, repository: GitRepository | None) -> Placement:
    url = package.project_url
    plain = place(url, package.id)
    if repository is None or plain.repository is None or relation(repository, plain.repository) not in ("same", "fork"):
        return plain
    return place(url, package.id, default_branch=repository.default_branch, branches=repository.branches)


def newest_of_each(packages: Iterable[NuGetPackage]) -> list[NuGetPackage]:
    """Of each package id the newest version, in the order of the paths; packages that tell neither stay all."""
    best: dict[str, NuGetPackage] = {}
    kept: list[NuGetPackage] = []
    for package in packages:
        if package.id is None or package.version is None:
            kept.append(package)
            continue
        key = package.id.lower()
        other = best.get(key)
        if other is None or other.version is None or package.version > other.version:
            best[key] = package
    return sorted([*kept, *best.values()], key=lambda package: package.path)
