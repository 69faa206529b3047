"""The way from a package to Umbraco where it has no direct dependency: through other packages of the run and the feed.

"Transitive dependencies are only used when no direct Umbraco dependency exists" (listing guide, 2026 text). Packages
that are built together depend on each other long before a feed has them, so those of the run come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.umbraco.compatibility.dependencies import group_entries, product_of
from umbmarket.umbraco.online.dependency_graph import DependencySearch, PackageSource, find_umbraco

if TYPE_CHECKING:
    from umbmarket.umbraco.online.dependency_graph import Described
    from umbmarket.umbraco.package_document import PackageDocument


class Way(NamedTuple):
    """What was found behind the dependencies of a package.

    Attributes:
        search: the search.
        is_certain: every package that may lead to Umbraco was read in the version that a restore takes, so that nothing
            found means that there is nothing.
        asked: the feed was asked for what is not in the run.
        knows_ranges: the ranges of what was found are known.
    """

    search: DependencySearch
    is_certain: bool
    asked: bool
    knows_ranges: bool = True


def needs_a_way(package: PackageDocument) -> bool:
    """Whether a package that can be read has no direct dependency on Umbraco, which is certain."""
    if not package.is_sound or not package.knows("dependencies"):
        return False
    return all(product_of(each.id) is None for group in package.dependency_groups for each in group.dependencies)


def follow(package: PackageDocument, together: Iterable[PackageDocument], feed: PackageSource | None = None) -> Way:
    """Follow the dependencies of a package that has no direct one on Umbraco.

    Args:
        package: the package.
        together: all packages of the run, and those that projects of it refer to.
        feed: where the others are; None to go by those of the run alone.
    """
    source = _RunFirst(together, feed)
    search = find_umbraco(source, package.id or "", group_entries(package.dependency_groups))
    return Way(search, search.complete and not source.guessed, feed is not None, not source.vague)


class _RunFirst:
    """A `PackageSource` in which the packages of the run come before those of the feed.

    Attributes:
        guessed: Of a package another version was taken than the lowest that is allowed, as nothing is known of others;
            or not all dependencies of one are known.
        vague: The range of a dependency on Umbraco is not known.
    """

    def __init__(self, packages: Iterable[PackageDocument], feed: PackageSource | None) -> None:
        self.guessed = False
        self.vague = False
        self._feed = feed
        self._own: dict[str, dict[NuGetVersion, PackageDocument]] = {}
        self._planned: set[str] = set()
        for package in packages:
            if not package.is_sound or not package.id:
                continue
            version = package.version
            if version is None and not package.knows("version"):
                # Whatever it will be: a project of the run depends on just this one.
                version = _SOME_VERSION
                self._planned.add(package.id.lower())
            if version is not None:
                self._own.setdefault(package.id.lower(), {}).setdefault(version, package)

    def nuspec(self, package_id: str, version: NuGetVersion, /) -> Described | NotFound | FeedFailure:
        """What is known of one version."""
        own = self._own.get(package_id.lower(), {}).get(version)
        if own is not None:
            self.guessed = self.guessed or not own.knows("dependencies")
            self.vague = self.vague or not _knows_umbraco(own)
            return own
        return self._feed.nuspec(package_id, version) if self._feed is not None else NotFound(package_id, version)

    def version_numbers(self, package_id: str, /) -> tuple[NuGetVersion, ...] | NotFound | FeedFailure:
        """All version numbers of a package, those of the run among them."""
        own = tuple(self._own.get(package_id.lower(), ()))
        if package_id.lower() in self._planned:
            return own
        if self._feed is None:
            self.guessed = self.guessed or bool(own)
            return own or NotFound(package_id)
        known = self._feed.version_numbers(package_id)
        if isinstance(known, tuple):
            return tuple(dict.fromkeys((*known, *own)))
        return own if own and isinstance(known, NotFound) else known


_SOME_VERSION = NuGetVersion(1)
"""Stands for the version of a planned package that nobody knows yet."""


def _knows_umbraco(package: PackageDocument) -> bool:
    return all(
        package.knows_range(dependency)
        for group in package.dependency_groups
        for dependency in group.dependencies
        if product_of(dependency.id) is not None
    )
