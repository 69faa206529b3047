"""The way from a package to Umbraco where it has no direct dependency: through other packages of the run and the feed.

"Transitive dependencies are only used when no direct Umbraco dependency exists" (listing guide, 2026 text). Packages
that are built together depend on each other long before a feed has them, so those of the run come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.umbraco.compatibility.dependencies import group_entries, product_of
from umbmarket.umbraco.online.dependency_graph import DependencySearch, PackageSource, find_umbraco

if TYPE_CHECKING:
    from umbmarket.nuget import NuGetVersion
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.nuget.package.nuspec import Nuspec


class Way(NamedTuple):
    """What was found behind the dependencies of a package.

    Attributes:
        search: the search.
        is_certain: every package that may lead to Umbraco was read in the version that a restore takes, so that nothing
            found means that there is nothing.
        asked: the feed was asked for what is not in the run.
    """

    search: DependencySearch
    is_certain: bool
    asked: bool


def needs_a_way(package: NuGetPackage) -> bool:
    """Whether a package that can be read has no direct dependency on Umbraco."""
    if package.unusable is not None or package.nuspec is None:
        return False
    return all(product_of(each.id) is None for group in package.dependency_groups for each in group.dependencies)


def follow(package: NuGetPackage, together: Iterable[NuGetPackage], feed: PackageSource | None = None) -> Way:
    """Follow the dependencies of a package that has no direct one on Umbraco.

    Args:
        package: the package.
        together: all packages of the run.
        feed: where the others are; None to go by those of the run alone.
    """
    source = _RunFirst(together, feed)
    search = find_umbraco(source, package.id or "", group_entries(package.dependency_groups))
    return Way(search, search.complete and not source.guessed, feed is not None)


class _RunFirst:
    """A `PackageSource` in which the packages of the run come before those of the feed.

    Attributes:
        guessed: Of a package another version was taken than the lowest that is allowed, as nothing is known of others.
    """

    def __init__(self, packages: Iterable[NuGetPackage], feed: PackageSource | None) -> None:
        self.guessed = False
        self._feed = feed
        self._own: dict[str, dict[NuGetVersion, Nuspec]] = {}
        for package in packages:
            nuspec = package.nuspec
            if package.unusable is None and nuspec is not None and nuspec.id and nuspec.version is not None:
                self._own.setdefault(nuspec.id.lower(), {})[nuspec.version] = nuspec

    def nuspec(self, package_id: str, version: NuGetVersion, /) -> Nuspec | NotFound | FeedFailure:
        """The nuspec of one version."""
        own = self._own.get(package_id.lower(), {}).get(version)
        if own is not None:
            return own
        return self._feed.nuspec(package_id, version) if self._feed is not None else NotFound(package_id, version)

    def version_numbers(self, package_id: str, /) -> tuple[NuGetVersion, ...] | NotFound | FeedFailure:
        """All version numbers of a package, those of the run among them."""
        own = tuple(self._own.get(package_id.lower(), ()))
        if self._feed is None:
            self.guessed = self.guessed or bool(own)
            return own or NotFound(package_id)
        known = self._feed.version_numbers(package_id)
        if isinstance(known, tuple):
            return tuple(dict.fromkeys((*known, *own)))
        return own if own and isinstance(known, NotFound) else known
