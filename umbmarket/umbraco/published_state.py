"""What the facts of a published package come to: each question answered once, for the rules and for the advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from umbmarket.findings import JsonValue, quote, visible
from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.nuget.feed.answers import NotFound, PackageVersions
from umbmarket.umbraco.compatibility.majors import UMBRACO_MAJORS
from umbmarket.umbraco.compatibility.spans import majors_text
from umbmarket.umbraco.online.api import MarketplaceRecord, NotListed
from umbmarket.umbraco.online.dependency_graph import TransitiveDependency
from umbmarket.umbraco.published_facts import Attempt, PublishedFacts
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

Subject: TypeAlias = Literal["listed", "version", "majors", "category", "licenseTypes"]
"""What the Marketplace may show otherwise."""


class Lack(NamedTuple):
    """Something that is not there.

    Attributes:
        message: what, as a message begins and ends: without a capital and a full stop.
        help: what to do, likewise.
        data: the facts behind it, for programs.
    """

    message: str
    help: str
    data: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the Marketplace shows otherwise than package and listing say.

    Attributes:
        subject: what it is.
        shown: what the Marketplace shows.
        derived: what package and listing say.
        message: both, as a message begins and ends.
    """

    subject: Subject
    shown: JsonValue
    derived: JsonValue
    message: str

    @property
    def is_behind(self) -> bool:
        """Whether reading the package anew is what is missing: the Marketplace knows no version of it, or another."""
        return self.subject in ("listed", "version")


def unpublished(facts: PublishedFacts) -> Lack | None:
    """Say that the feed does not have the package, or no version that is listed and stable.

    A feed that could not be asked says nothing.
    """
    found = facts.versions
    if isinstance(found, NotFound):
        return Lack(
            f"the feed has no package {quote(facts.package_id)}",
            "check the id, or push the package with `dotnet nuget push`; nuget.org shows a new one after up to an hour",
            {"versions": 0},
        )
    if not isinstance(found, PackageVersions) or found.latest_stable is not None:
        return None
    unlisted = sum(not each.listed for each in found.versions)
    prereleases = len(found.versions) - unlisted
    parts = [f"{unlisted} unlisted"] * bool(unlisted) + [f"{prereleases} prerelease"] * bool(prereleases)
    return Lack(
        f"no version of {quote(facts.package_id)} is both listed and stable: {' and '.join(parts)}",
        "push a stable version" if prereleases else "push a new version, or list one again on nuget.org",
        {"versions": len(found.versions), "unlisted": unlisted, "prereleases": prereleases},
    )


def listing_nowhere(facts: PublishedFacts) -> Lack | None:
    """Say that the listing is at none of the addresses where the Marketplace looks.

    An address that gave no answer leaves it open.
    """
    placement, tried = facts.placement, facts.tried("listing")
    if placement is None or facts.listing is not None:
        return None
    if not placement.listing:
        reason = visible(placement.reason.removesuffix("."))
        return Lack(
            f"the Marketplace has nowhere to look for the listing: {reason[:1].lower()}{reason[1:]}",
            "set PackageProjectUrl to the repository and push a new version",
            {"addresses": []},
        )
    if not tried or any(attempt.result in ("found", "unknown") for attempt in tried):
        return None
    answers = "; ".join(f"{visible(each.address.url)} ({visible(each.answer)})" for each in tried)
    names = " or ".join(visible(each.address.file_name) for each in tried)
    return Lack(
        f"there is no listing where the Marketplace looks: {answers}",
        f"put {names} where the project URL leads",
        {"addresses": [_as_data(each) for each in tried]},
    )


def _as_data(attempt: Attempt) -> JsonValue:
    return {"url": attempt.address.url, "result": attempt.result, "answer": attempt.answer}


def way_to_umbraco(facts: PublishedFacts) -> TransitiveDependency | None:
    """The shortest way to Umbraco of a package that depends on it only through others; None for all others."""
    search = facts.transitive
    return search.found[0] if search is not None and search.found else None


def advice_for_way(way: TransitiveDependency) -> str:
    """What to do about such a way, as a help begins and ends."""
    return f"add a dependency on {visible(way.id)} with the range that the package supports"


def differences(facts: PublishedFacts) -> Iterator[Difference]:
    """What the Marketplace shows otherwise; what either side does not say is not compared."""
    record, versions = facts.record, facts.versions
    latest = versions.latest_stable if isinstance(versions, PackageVersions) else None
    if isinstance(record, NotListed):
        tagged = facts.nuspec is not None and facts.nuspec.has_tag(MARKETPLACE_TAG)
        if latest is not None and tagged and facts.supported is not None:
            text = f"the Marketplace does not list {quote(facts.package_id)}, which has the tag and depends on Umbraco"
            yield Difference("listed", False, True, text)
        return
    if not isinstance(record, MarketplaceRecord):
        return
    if latest is not None and record.latest_version and not _same_version(record.latest_version, latest.version.full):
        shown, own = record.latest_version, latest.version.normalized
        text = f"the Marketplace shows version {quote(shown)}, but the feed has {own}"
        yield Difference("version", shown, own, text)
    if record.majors is not None and facts.supported is not None:
        majors = tuple(major for major in record.majors if major in UMBRACO_MAJORS)
        if majors != facts.supported.majors:
            yield Difference(
                "majors",
                list[JsonValue](majors),
                list[JsonValue](facts.supported.majors),
                f"the Marketplace shows Umbraco {majors_text(majors)}, but the dependencies say {facts.supported.text} "
                "(an estimate)",
            )
    yield from _other_values(facts, record)


def _other_values(facts: PublishedFacts, record: MarketplaceRecord) -> Iterator[Difference]:
    """Values of the listing that the Marketplace shows otherwise, as far as it takes the listing."""
    listing = facts.listing.verdict.value if facts.listing is not None else {}
    category = listing.get("Category")
    if record.category and isinstance(category, str) and category.strip() and category.strip() != record.category:
        text = f"the Marketplace shows the category {quote(record.category)}, but the listing says {quote(category)}"
        yield Difference("category", record.category, category, text)
    licences = listing.get("LicenseTypes")
    own_types = sorted(each for each in licences if isinstance(each, str)) if isinstance(licences, list) else []
    shown_types = sorted(record.license_types)
    if shown_types and own_types and shown_types != own_types:
        yield Difference(
            "licenseTypes",
            list[JsonValue](shown_types),
            list[JsonValue](own_types),
            f"the Marketplace shows the licence types {quote(', '.join(shown_types))}, but the listing says "
            f"{quote(', '.join(own_types))}",
        )


def _same_version(first: str, second: str) -> bool:
    try:
        return NuGetVersion.parse(first) == NuGetVersion.parse(second)
    except InvalidVersion:
        return first == second
