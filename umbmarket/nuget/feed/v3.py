"""A NuGet V3 feed: which versions of a package there are, and the nuspec of one.

The only address known beforehand is that of the service index; all others are taken from documents of the feed. A
question costs the requests that the feed makes necessary and no more: the service index once for all questions, the
registration index of a package once, and each of its pages that the index does not hold itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from umbmarket.formats.guarded import guarded
from umbmarket.nuget import InvalidVersion, NuGetVersion, is_client_id
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedVersion, Readiness
from umbmarket.nuget.feed.registration import PageReference, read_index, read_page
from umbmarket.nuget.feed.service_index import ServiceIndex, read_service_index
from umbmarket.nuget.feed.source_credentials import feed_from
from umbmarket.nuget.identifiers import spelled_as
from umbmarket.web.credentials import Feed, origin_of
from umbmarket.web.outcomes import Fetched, HttpFailure, shown_url

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.web.client import Http

DEFAULT_SOURCE = "https://api.nuget.org/v3/index.json"
"""The service index of nuget.org."""

SOURCE_VARIABLE = "UMBMARKET_NUGET_SOURCE"
"""The environment variable that names another feed."""

_NAMED_SOURCE = re.compile(r"(?P<name>[^=:/?#]+)=(?P<url>https?://.*)", re.IGNORECASE | re.DOTALL)

T = TypeVar("T")


def configured_feed(source: str | None, environment: Mapping[str, str]) -> Feed:
    """Find out which feed to ask.

    Args:
        source: What the user named: the address of a service index, or `NAME=ADDRESS`, where the name is that of
            the source in `NuGetPackageSourceCredentials_<NAME>`; None to take the environment's.
        environment: The environment variables.

    Returns:
        The feed: `source`, else `UMBMARKET_NUGET_SOURCE`, else nuget.org. Without a name there are no credentials
        but those in the address: those of one source must not go to another.

    Raises:
        ValueError: the source is no absolute http or https address; the text says so without showing it.
    """
    wanted = (source or environment.get(SOURCE_VARIABLE, "")).strip() or DEFAULT_SOURCE
    named = _NAMED_SOURCE.fullmatch(wanted)
    address, name = (named["url"], named["name"].strip()) if named is not None else (wanted, None)
    feed = feed_from(address, name, environment)
    if origin_of(feed.source) is None:
        # Who set the variable may be somebody else, long ago.
        what = "the feed" if source else SOURCE_VARIABLE
        raise ValueError(
            f"{what} must be the http or https URL of a NuGet V3 service index, such as {DEFAULT_SOURCE}, or NAME=URL"
        )
    return feed


class NugetFeed:
    """Asks one feed. Safe to use from several threads. Keeps no answers but the service index.

    Args:
        http: The client; its cache serves the documents. The feed's own address should be among its
            `trusted_urls`.
        feed: The feed.
    """

    def __init__(self, http: Http, feed: Feed) -> None:
        self._http = http
        self._feed = feed
        self._lock = threading.Lock()
        self._index: ServiceIndex | None = None

    @property
    def shown(self) -> str:
        """The feed's address, fit to be shown."""
        return shown_url(self._feed.source)

    def versions(self, package_id: str) -> PackageVersions | NotFound | FeedFailure:
        """Find all versions of a package, listed or not.

        Args:
            package_id: The id in any letter case.

        Returns:
            All its versions. A feed without registrations gives the bare version numbers (`described` is false).
        """
        pages = self._pages(package_id)
        if not isinstance(pages, tuple):
            return pages
        found: list[PublishedVersion] = []
        for page in pages:
            entries = self._entries(page)
            if isinstance(entries, FeedFailure):
                return entries
            found.extend(entries)
        return _package(package_id, found)

    def readiness(self, package_id: str, tag: str) -> Readiness | NotFound | FeedFailure:
        """Find out whether a package has a listed, stable version with a tag, and the letter case of its id.

        Reads the newest pages first and stops as soon as the answer is certain.

        Args:
            package_id: The id in any letter case.
            tag: The tag, in any letter case.
        """
        pages = self._pages(package_id)
        if not isinstance(pages, tuple):
            return pages
        name, latest, seen = "", None, False
        for page in _newest_first(pages):
            entries = self._entries(page)
            if isinstance(entries, FeedFailure):
                return entries
            for entry in sorted(entries, key=lambda each: each.version.sort_key, reverse=True):
                seen, name = True, name or spelled_as(package_id, entry.id)
                if not entry.is_listed_stable:
                    continue
                if not entry.described:
                    return self._readiness_by_nuspec(package_id, entry, tag)
                latest = latest or entry
                if entry.has_tag(tag):
                    return Readiness(tag, name or package_id, latest, entry)
        return Readiness(tag, name or package_id, latest, None) if seen else NotFound(package_id)

    def _readiness_by_nuspec(
        self, package_id: str, latest: PublishedVersion, tag: str
    ) -> Readiness | NotFound | FeedFailure:
        """For feeds that do not describe versions: the newest stable one's own nuspec decides."""
        nuspec = self.nuspec(package_id, latest.version)
        if isinstance(nuspec, NotFound | FeedFailure):
            return nuspec
        return Readiness(
            tag, spelled_as(package_id, nuspec.id) or package_id, latest, latest if nuspec.has_tag(tag) else None
        )

    def version_numbers(self, package_id: str) -> tuple[NuGetVersion, ...] | NotFound | FeedFailure:
        """Find the bare version numbers of a package, listed or not: one request beside the service index.

        Args:
            package_id: The id in any letter case.

        Returns:
            The versions, ascending, without build metadata.
        """
        document = self._container_document(package_id, "index.json")
        if isinstance(document, NotFound | FeedFailure):
            return document
        parsed = _parsed(document, "a list of versions", _read_version_list)
        if isinstance(parsed, FeedFailure):
            return parsed
        return parsed or NotFound(package_id)

    def nuspec(self, package_id: str, version: NuGetVersion) -> Nuspec | NotFound | FeedFailure:
        """Fetch the nuspec of one version. It never changes, so one in the cache costs no request.

        Args:
            package_id: The id in any letter case.
            version: The version; build metadata plays no role.
        """
        # Late: reading XML is needed here alone.
        from umbmarket.nuget.package.nuspec import LARGEST_NUSPEC, Nuspec

        key = _key(package_id)
        path = f"{version.normalized.lower()}/{quote(key, safe='')}.nuspec"
        document = self._container_document(package_id, path, lasting=True, limit=LARGEST_NUSPEC)
        if isinstance(document, NotFound):
            return NotFound(package_id, version)
        if isinstance(document, FeedFailure):
            return document
        body = document.body
        nuspec = guarded(lambda: Nuspec(f"{key}.nuspec", body), lambda _: None)
        if nuspec is None or document.truncated or not nuspec.readable:
            return FeedFailure(f"{shown_url(document.final_url)} is not a nuspec that can be read.", document)
        return nuspec

    def _pages(self, package_id: str) -> tuple[PageReference, ...] | NotFound | FeedFailure:
        """The pages of a package, or one made of the version numbers where the feed has no registrations."""
        index = self._service_index()
        if isinstance(index, FeedFailure):
            return index
        if not is_client_id(package_id):
            return NotFound(package_id)
        if index.registrations is None:
            numbers = self.version_numbers(package_id)
            if isinstance(numbers, NotFound | FeedFailure):
                return numbers
            bare = tuple(PublishedVersion("", number, described=False) for number in numbers)
            return (PageReference(None, bare, numbers[-1]),)
        document = self._get(f"{index.registrations}{quote(_key(package_id), safe='')}/index.json", package_id)
        if isinstance(document, NotFound | FeedFailure):
            return document
        return _parsed(document, "a registration index", read_index)

    def _entries(self, page: PageReference) -> tuple[PublishedVersion, ...] | FeedFailure:
        """The versions of a page, fetched if need be."""
        if page.entries is not None:
            return page.entries
        if page.address is None or origin_of(page.address) is None:
            return FeedFailure(f"The feed {self.shown} names a page of versions without its URL.")
        document = self._get(page.address, "")
        if isinstance(document, NotFound):
            return FeedFailure(f"{shown_url(page.address)}, a page of versions that the feed names, does not exist.")
        if isinstance(document, FeedFailure):
            return document
        return _parsed(document, "a page of versions", read_page)

    def _container_document(
        self, package_id: str, path: str, *, lasting: bool = False, limit: int | None = None
    ) -> Fetched | NotFound | FeedFailure:
        index = self._service_index()
        if isinstance(index, FeedFailure):
            return index
        if not is_client_id(package_id):
            return NotFound(package_id)
        if index.flat_container is None:
            return FeedFailure(f"The feed {self.shown} has no PackageBaseAddress, which is needed to read packages.")
        address = f"{index.flat_container}{quote(_key(package_id), safe='')}/{path}"
        return self._get(address, package_id, lasting=lasting, limit=limit)

    def _service_index(self) -> ServiceIndex | FeedFailure:
        with self._lock:
            if self._index is not None:
                return self._index
            document = self._get(self._feed.source, "")
            if isinstance(document, NotFound):
                return FeedFailure(f"There is no service index at {self.shown} (404).")
            if isinstance(document, FeedFailure):
                return document
            index = _parsed(document, "the service index of a NuGet V3 feed", read_service_index)
            if isinstance(index, FeedFailure):
                return index
            if index.registrations is None and index.flat_container is None:
                return FeedFailure(f"The feed {self.shown} has neither registrations nor package files.", document)
            self._index = index
            return index

    def _get(
        self, address: str, package_id: str, *, lasting: bool = False, limit: int | None = None
    ) -> Fetched | NotFound | FeedFailure:
        if limit is None:
            outcome = self._http.get_document(self._feed, address, lasting=lasting)
        else:
            outcome = self._http.get_document(self._feed, address, lasting=lasting, limit=limit)
        if isinstance(outcome, Fetched):
            return outcome
        if isinstance(outcome, HttpFailure) and outcome.status in (404, 410) and not outcome.problem:
            return NotFound(package_id)
        problem = outcome.describe()
        if isinstance(outcome, HttpFailure) and outcome.status in (401, 403):
            problem += (
                " For a feed with a login, write NAME=URL, and put the user name and password or token into the "
                "environment variable NuGetPackageSourceCredentials_NAME."
            )
        return FeedFailure(problem, outcome)


def _parsed(document: Fetched, what: str, read: Callable[[object], T | None]) -> T | FeedFailure:
    """What a document says, or that it is not what it should be."""
    try:
        result = read(document.json())
    except ValueError:
        result = None
    if result is not None:
        return result
    return FeedFailure(f"{shown_url(document.final_url)} is not {what}.", document)


def _package(package_id: str, entries: list[PublishedVersion]) -> PackageVersions | NotFound:
    """The versions in order, each once: the first entry of a version counts."""
    by_version: dict[NuGetVersion, PublishedVersion] = {}
    for entry in entries:
        by_version.setdefault(entry.version, entry)
    ordered = sorted(by_version.values(), key=lambda each: each.version.sort_key)
    if not ordered:
        return NotFound(package_id)
    names = (spelled_as(package_id, each.id) for each in reversed(ordered))
    return PackageVersions(next((each for each in names if each), package_id), tuple(ordered))


def _newest_first(pages: tuple[PageReference, ...]) -> Iterator[PageReference]:
    """The pages by their highest version; in reverse order where the feed does not say."""
    if all(page.upper is not None for page in pages):
        yield from sorted(pages, key=lambda page: page.upper.sort_key if page.upper else (), reverse=True)
    else:
        yield from reversed(pages)


def _read_version_list(document: object) -> tuple[NuGetVersion, ...] | None:
    items = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    found: set[NuGetVersion] = set()
    for item in items:
        try:
            found.add(NuGetVersion.parse(item if isinstance(item, str) else None))
        except InvalidVersion:
            continue
    return tuple(sorted(found))


def _key(package_id: str) -> str:
    """The id in lower case, letter by letter as .NET's ToLowerInvariant does it: no letter becomes two."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in package_id)
