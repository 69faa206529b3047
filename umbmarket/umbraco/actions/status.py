"""The action behind `umbmarket status`: what the Marketplace sees of a published package."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from glob import escape as glob_escape
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.engine import run
from umbmarket.check.policies import matches
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedVersion
from umbmarket.nuget.feed.v3 import NugetFeed, configured_feed
from umbmarket.nuget.identifiers import spelled_as
from umbmarket.settings.options import Settings
from umbmarket.umbraco.actions.status_advice import blockers_of, next_steps_of
from umbmarket.umbraco.asked_ids import refuse_wrong_id
from umbmarket.umbraco.belonging import Seeker, Seeking
from umbmarket.umbraco.compatibility.dependencies import GroupEntry, group_entries, product_of
from umbmarket.umbraco.compatibility.over_versions import supported_versions
from umbmarket.umbraco.discovery import tree_of
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing, read_listing
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.online.api import MarketplaceApi, MarketplaceFailure, configured_base
from umbmarket.umbraco.online.placement_fetch import fetch_first
from umbmarket.umbraco.placement import Placement, place
from umbmarket.umbraco.publication import Status, WrongRequest
from umbmarket.umbraco.published_facts import Attempt, PublishedFacts, PublishedPackage
from umbmarket.umbraco.workspace import Workspace
from umbmarket.web.outcomes import ServiceWarning

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.umbraco.online.dependency_graph import DependencySearch
    from umbmarket.web.client import Http
    from umbmarket.web.retry import RetryNotice

_README_BYTES = 1
"""Bytes of a readme that are read: only whether it is there matters here."""


def status(
    package_id: str,
    *,
    source: str | None = None,
    marketplace_api: str | None = None,
    folder: str | Path | None = ".",
    settings: Settings | None = None,
    cache: bool = True,
    allow_private_hosts: bool = False,
    environment: Mapping[str, str] | None = None,
    on_retry: Callable[[RetryNotice], None] | None = None,
) -> Status:
    """Find out what the Marketplace sees of a published package.

    Asks the feed, the addresses that the package's project URL leads to, and the Marketplace's API. What a server or
    the network does is part of the result and never an exception.

    Args:
        package_id: The NuGet id, in any letter case.
        source: The service index of the feed, or `NAME=ADDRESS` for one with credentials; `UMBMARKET_NUGET_SOURCE`,
            else nuget.org, when None.
        marketplace_api: Where the API is; `UMBMARKET_MARKETPLACE_API`, else the Marketplace's own, when None.
        folder: A folder whose listing for this package, if there is one, is compared with the published one; None for
            no comparison.
        settings: Which rules count, how much, and when the exit code is 1; the defaults when None. Ignores for a file
            of the repository hold for that file as it is published.
        cache: Keep documents of the feed in the user's cache folder, and ask for them again by their ETag.
        allow_private_hosts: Let a project URL lead to this machine or a private network.
        environment: The environment variables; those of the process when None.
        on_retry: Told before each wait.

    Raises:
        WrongRequest: `package_id` is no package id, or `source` or `marketplace_api` no address.
        SettingsError: a selector in `settings` names no rule.
    """
    from umbmarket.web.cache import DocumentCache
    from umbmarket.web.client import Http

    variables = os.environ if environment is None else environment
    wanted = package_id.strip()
    refuse_wrong_id(wanted)
    try:
        feed, base = configured_feed(source, variables), configured_base(marketplace_api, variables)
    except ValueError as error:
        raise WrongRequest(str(error)) from None
    warnings: list[ServiceWarning] = []
    documents = DocumentCache(on_warning=warnings.append) if cache else None
    trusted = (feed.source, base)
    # Two clients: what a package's author wrote must not gain by the trust in the addresses that the user named.
    with (
        Http(
            allow_private_hosts=allow_private_hosts, trusted_urls=trusted, cache=documents, on_retry=on_retry
        ) as known,
        Http(allow_private_hosts=allow_private_hosts, on_retry=on_retry) as wide,
    ):
        looker = _Looker(wide, known, NugetFeed(known, feed), MarketplaceApi(known, base), folder)
        return looker.look(wanted, settings or Settings(), warnings)


class _Looker:
    """Asks one question after the other; each is asked only if the one before leaves it open."""

    def __init__(
        self, http: Http, known: Http, feed: NugetFeed, api: MarketplaceApi, folder: str | Path | None
    ) -> None:
        self._http = http
        self._known = known
        self._feed = feed
        self._api = api
        self._folder = folder
        self._problems: list[str] = []

    def look(self, package_id: str, settings: Settings, warnings: list[ServiceWarning]) -> Status:
        """Ask everything."""
        versions = self._feed.versions(package_id)
        if isinstance(versions, FeedFailure):
            self._problems.append(versions.describe())
        latest = versions.latest_stable if isinstance(versions, PackageVersions) else None
        nuspec = self._nuspec(package_id, latest)
        name = _name(package_id, versions, nuspec)
        placement = place(nuspec.project_url, name) if nuspec is not None else None
        attempts, listing = self._listing(placement, name)
        record = self._api.package(package_id)
        if isinstance(record, MarketplaceFailure):
            self._problems.append(record.describe())
        groups = group_entries(nuspec.dependency_groups) if nuspec is not None else []
        transitive = self._transitive(name, groups) if nuspec is not None else None
        counted = self._counted(versions, latest, groups, transitive)
        facts = PublishedFacts(
            PublishedPackage(name),
            versions,
            nuspec,
            placement,
            attempts,
            listing,
            self._local(nuspec, name) if listing is not None else None,
            transitive,
            supported_versions(counted, listing.verdict.mode if listing is not None else "Default"),
            record,
        )
        seen = Workspace((listing,) if listing is not None else (), published=(facts,), online=True)
        report = run([gathered(seen)], for_published(settings, attempts))
        blockers = tuple(blockers_of(facts))
        return Status(
            self._feed.shown,
            facts,
            report,
            len(counted),
            blockers,
            tuple(dict.fromkeys(self._problems)),
            tuple(next_steps_of(facts, report, blockers, self._problems)),
            tuple(warning.text for warning in warnings),
        )

    def _nuspec(self, package_id: str, latest: PublishedVersion | None) -> Nuspec | None:
        if latest is None:
            return None
        nuspec = self._feed.nuspec(package_id, latest.version)
        if isinstance(nuspec, NotFound | FeedFailure):
            self._problems.append(f"The nuspec of {latest.version.normalized} could not be read: {nuspec.describe()}")
            return None
        return nuspec

    def _listing(self, placement: Placement | None, package_id: str) -> tuple[tuple[Attempt, ...], ListingFacts | None]:
        if placement is None:
            return (), None
        # One byte more than is read, so that a listing that is too long is seen to be.
        names_resolve = self._known.names_resolve
        tried, file = fetch_first(
            self._http, "listing", placement.listing, LARGEST_LISTING + 1, names_resolve=names_resolve
        )
        readmes, _ = fetch_first(self._http, "readme", placement.readme, _README_BYTES, names_resolve=names_resolve)
        attempts = (*tried, *readmes)
        for kind, some in (("listing", tried), ("readme", readmes)):
            silent = [f"{each.address.file_name} ({each.answer})" for each in some if each.result == "unknown"]
            if silent:
                self._problems.append(f"Not all URLs of the {kind} gave an answer: {', '.join(silent)}.")
        if file is None:
            return attempts, None
        return attempts, ListingFacts(
            read_listing(tried[-1].address.url, file.body), package_id=package_id, is_id_said=True
        )

    def _transitive(self, package_id: str, groups: list[GroupEntry]) -> DependencySearch | None:
        if any(product_of(name) is not None for _, entries in groups for name, _ in entries):
            return None
        from umbmarket.umbraco.online.dependency_graph import find_umbraco

        search = find_umbraco(self._feed, package_id, groups)
        self._problems.extend(() if search.found else search.problems)
        return search

    def _counted(
        self,
        versions: PackageVersions | NotFound | FeedFailure,
        latest: PublishedVersion | None,
        groups: list[GroupEntry],
        transitive: DependencySearch | None,
    ) -> list[list[GroupEntry]]:
        """The groups of each listed stable version whose groups are known, the latest as its nuspec has them."""
        if not isinstance(versions, PackageVersions):
            return []
        older = [_entries(each) for each in versions.listed_stable if each is not latest and each.described]
        if latest is None or transitive is None:
            return [*older, groups] if groups else older
        return [*older, transitive.groups] if transitive.found else older

    def _local(self, nuspec: Nuspec | None, package_id: str) -> Listing | None:
        """The listing in the working tree that the project URL leads to, or beside it under the package's own name."""
        if self._folder is None or nuspec is None:
            return None
        here = tree_of(Path(self._folder))
        folder = os.path.abspath(self._folder)
        seeker = Seeker(package_id, nuspec.project_url, folder, named=False, tagged=True)
        belonging = Seeking(here.listings, here.repositories, here.tree).belonging_of(seeker)
        if belonging.listing is None or belonging.listing.document.unreadable is not None:
            return None
        found = belonging.listing.document
        # What this folder is, nobody said: a listing that only lies near may be another package's.
        is_its_own = (found.suffix or "").lower() == package_id.lower()
        return found if belonging.at_placement or is_its_own else None


def for_published(settings: Settings, attempts: Sequence[Attempt]) -> Settings:
    """Give settings whose ignores for files of the repository hold for the published ones.

    One package is looked at here and not what the settings file describes, so none of its ignores is called unused.

    Args:
        settings: The settings of the working tree.
        attempts: Where the listing was looked for.
    """
    in_files = dict(settings.per_file_ignores)
    for attempt in attempts:
        address = attempt.address
        if attempt.kind == "listing" and address.path is not None:
            ignored = [each for glob, some in in_files.items() if matches(address.path, glob) for each in some]
            if ignored:
                in_files[f"*{glob_escape(address.url)}"] = tuple(ignored)
    return replace(settings, per_file_ignores=in_files, source=None, folder="")


def _name(package_id: str, versions: PackageVersions | NotFound | FeedFailure, nuspec: Nuspec | None) -> str:
    """The id in its own letter case, as far as the feed says."""
    spelled = spelled_as(package_id, nuspec.id) if nuspec is not None else ""
    return spelled or (versions.id if isinstance(versions, PackageVersions) else package_id)


def _entries(version: PublishedVersion) -> list[GroupEntry]:
    return [
        (group.target_framework, [(each.id, each.range) for each in group.dependencies])
        for group in version.dependency_groups
    ]
