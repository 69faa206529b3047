"""The Marketplace's own package API: what it shows for a package now.

The API is undocumented. The address and the fields are those of public clients (Limbo.Integrations.Marketplace,
Package Script Writer) and of answers they quote; a field without a value is left out there. So every field may be
missing here, and one that is not as expected counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from umbmarket.web.credentials import origin_of
from umbmarket.web.outcomes import Fetched, HttpFailure, Outcome, Unreachable, shown_url
from umbmarket.web.retry import FEED_RETRY, RetryPolicy

if TYPE_CHECKING:
    from umbmarket.web.client import Http

DEFAULT_BASE = "https://api.marketplace.umbraco.com/api/v1.0"
"""Where the API is, as public clients call it."""

BASE_VARIABLE = "UMBMARKET_MARKETPLACE_API"
"""The environment variable that names another place."""

LONGEST_RECORD = 1024 * 1024
"""Bytes of an answer that are read; a real one has some 3,000."""

_MOST_ITEMS = 1_000
"""Items of a list that are kept."""


@dataclass(frozen=True, slots=True)
class MarketplaceRecord:
    """What the Marketplace shows for a package. None or empty where it does not say.

    Attributes:
        package_id: The id, in the Marketplace's letter case.
        title: The title.
        latest_version: The latest version as written.
        minimum_umbraco: The lowest version of Umbraco, as written.
        maximum_umbraco: The highest one; None also where there is no maximum.
        maximum_is_inclusive: Whether the maximum itself is supported.
        majors: The major versions of Umbraco, ascending; None where it does not say.
        category: The name of the category.
        license_types: The licence types.
        package_type: `Package`, `Integration` or what else it says.
        tags: The tags.
        last_published: When the latest version was published.
        created: When the package came to the Marketplace.
        downloads: How often it was downloaded from nuget.org.
    """

    package_id: str | None = None
    title: str | None = None
    latest_version: str | None = None
    minimum_umbraco: str | None = None
    maximum_umbraco: str | None = None
    maximum_is_inclusive: bool | None = None
    majors: tuple[int, ...] | None = None
    category: str | None = None
    license_types: tuple[str, ...] = ()
    package_type: str | None = None
    tags: tuple[str, ...] = ()
    last_published: datetime | None = None
    created: datetime | None = None
    downloads: int | None = None


@dataclass(frozen=True, slots=True)
class NotListed:
    """The Marketplace does not list the package.

    Attributes:
        id: The id that was asked for.
    """

    id: str

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        return f"The Marketplace does not list {self.id}."


@dataclass(frozen=True, slots=True)
class MarketplaceFailure:
    """The Marketplace gave no answer to go by: nothing is known.

    Attributes:
        problem: What happened, in sentences without secrets.
        outcome: What came of the request; a `Fetched` when the answer is not what it should be.
    """

    problem: str
    outcome: Outcome

    @property
    def transient(self) -> bool:
        """Whether asking again later makes sense."""
        return isinstance(self.outcome, HttpFailure | Unreachable) and self.outcome.transient

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        return self.problem


def configured_base(base: str | None, environment: Mapping[str, str]) -> str:
    """Find out where the API is.

    Args:
        base: What the user named, or None to take the environment's.
        environment: The environment variables.

    Returns:
        `base`, else `UMBMARKET_MARKETPLACE_API`, else the Marketplace's own; without a slash at the end.

    Raises:
        ValueError: it is no absolute http or https address; the text says so without showing it.
    """
    found = (base or environment.get(BASE_VARIABLE, "")).strip() or DEFAULT_BASE
    if origin_of(found) is None:
        raise ValueError(f"{BASE_VARIABLE} must be an http or https URL, such as {DEFAULT_BASE}")
    return found.rstrip("/")


class MarketplaceApi:
    """Asks the package API. Safe to use from several threads.

    Args:
        http: The client.
        base: The address of the API without a slash at the end (`configured_base`).
    """

    def __init__(self, http: Http, base: str = DEFAULT_BASE) -> None:
        self._http = http
        self._base = base

    def package(
        self, package_id: str, *, retry: RetryPolicy = FEED_RETRY
    ) -> MarketplaceRecord | NotListed | MarketplaceFailure:
        """Ask what the Marketplace shows for a package: one request.

        Args:
            package_id: The id in any letter case; the API takes it in lower case.
            retry: How often and how patiently to ask again.
        """
        url = f"{self._base}/packages/{quote(package_id.lower(), safe='')}"
        outcome = self._http.get(url, accept="application/json", limit=LONGEST_RECORD, retry=retry)
        if isinstance(outcome, HttpFailure) and outcome.status in (404, 410) and not outcome.problem:
            return NotListed(package_id)
        if not isinstance(outcome, Fetched):
            return MarketplaceFailure(outcome.describe(), outcome)
        try:
            answer = outcome.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            return MarketplaceFailure(f"{shown_url(outcome.final_url)} is not a package record.", outcome)
        return read_record(answer)


def read_record(answer: Mapping[str, object]) -> MarketplaceRecord:
    """Take from an answer what is as expected.

    Args:
        answer: The JSON object.
    """
    category = answer.get("category")
    inclusive = answer.get("maximumUmbracoVersionNumberIsInclusive")
    downloads = answer.get("numberOfNuGetDownloads")
    return MarketplaceRecord(
        package_id=_text(answer.get("packageId")),
        title=_text(answer.get("title")),
        latest_version=_text(answer.get("latestVersionNumber")),
        minimum_umbraco=_text(answer.get("minimumUmbracoVersionNumber")),
        maximum_umbraco=_text(answer.get("maximumUmbracoVersionNumber")),
        maximum_is_inclusive=inclusive if isinstance(inclusive, bool) else None,
        majors=_majors(answer.get("umbracoMajorVersionsSupported")),
        category=_text(category.get("name")) if isinstance(category, dict) else _text(category),
        license_types=_texts(answer.get("licenseTypes")),
        package_type=_text(answer.get("packageType")),
        tags=_texts(answer.get("tags")),
        last_published=_moment(answer.get("lastPublishedOn")),
        created=_moment(answer.get("createdOn")),
        downloads=downloads if isinstance(downloads, int) and not isinstance(downloads, bool) else None,
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    items = value[:_MOST_ITEMS] if isinstance(value, list) else ()
    return tuple(text for item in items if (text := _text(item)) is not None)


def _majors(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return None
    numbers = {item for item in value[:_MOST_ITEMS] if isinstance(item, int) and not isinstance(item, bool)}
    return tuple(sorted(numbers))


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
