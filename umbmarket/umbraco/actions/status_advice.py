"""What to do about the state of a published package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from umbmarket.check.report import Report
from umbmarket.findings import Severity
from umbmarket.nuget.feed.answers import FeedFailure, PackageVersions
from umbmarket.umbraco.online.api import MarketplaceRecord, NotListed
from umbmarket.umbraco.published_facts import PublishedFacts
from umbmarket.umbraco.published_state import (
    advice_for_way,
    differences,
    listing_nowhere,
    unpublished,
    way_to_umbraco,
)
from umbmarket.umbraco.syncing import BEYOND_HERE, SCHEDULE
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG


def blockers_of(facts: PublishedFacts) -> Iterator[str]:
    """Say why the Marketplace cannot list the latest stable version, beside what the rules say.

    Args:
        facts: What is known of the package.
    """
    versions, nuspec = facts.versions, facts.nuspec
    latest = versions.latest_stable if isinstance(versions, PackageVersions) else None
    if latest is None or nuspec is None:
        return
    number = latest.version.normalized
    if not nuspec.has_tag(MARKETPLACE_TAG):
        yield f"{number} does not have the tag {MARKETPLACE_TAG}, so the Marketplace does not list it."
    search = facts.transitive
    if search is not None and not search.found and search.complete:
        yield f"{number} does not depend on Umbraco, not even through another package, so it is not listed."


def next_steps_of(
    facts: PublishedFacts, report: Report, blockers: Sequence[str], problems: Sequence[str]
) -> Iterator[str]:
    """Say what to do now, the first thing first; at least one sentence.

    Args:
        facts: What is known of the package.
        report: What the rules say.
        blockers: What `blockers_of` says.
        problems: What could not be found out.
    """
    if isinstance(facts.versions, FeedFailure):
        if facts.versions.transient:
            yield "Try again later, as the feed gave no answer."
        else:
            yield "Check the URL of the feed and its login, and the proxy and certificates of this machine."
        return
    missing = unpublished(facts)
    if missing is not None:
        yield _sentence(missing.help)
        return
    steps = list(_repairs(facts, report, blockers))
    yield from steps
    shown_otherwise = list(differences(facts))
    if any(each.is_behind for each in shown_otherwise) and not blockers:
        yield f"Run `umbmarket sync {facts.package_id} --wait` to have the Marketplace read it now."
        yield f"Or wait: {SCHEDULE}."
    elif facts.has_private:
        yield "Use --allow-private-hosts if the project URL may lead to this machine or a private network."
    elif problems:
        yield "Try again later for what could not be checked."
    elif shown_otherwise and not steps:
        yield f"Compare the differences; if the listing changed recently, run `umbmarket sync {facts.package_id}`."
        yield _sentence(BEYOND_HERE)
    elif not steps:
        yield from _all_well(facts)


def _repairs(facts: PublishedFacts, report: Report, blockers: Sequence[str]) -> Iterator[str]:
    """What to change in the package and the listing."""
    nuspec = facts.nuspec
    if nuspec is not None and not nuspec.has_tag(MARKETPLACE_TAG):
        yield f"Add {MARKETPLACE_TAG} to PackageTags and push a new version."
    if len(blockers) == 2 or (blockers and nuspec is not None and nuspec.has_tag(MARKETPLACE_TAG)):
        yield "Add a dependency on Umbraco.Cms.Core with the range that the package supports, and push a new version."
    nowhere, way = listing_nowhere(facts), way_to_umbraco(facts)
    if nowhere is not None:
        yield _sentence(nowhere.help)
    if way is not None:
        yield _sentence(advice_for_way(way))
    listing = facts.listing.document.path if facts.listing is not None else None
    grave = sum(finding.severity is Severity.ERROR and finding.path == listing for finding in report.findings)
    if grave:
        what = f"{grave} errors" if grave > 1 else "error"
        yield f"Fix the {what} in the published listing; `umbmarket validate` checks the local one."


def _sentence(help_: str) -> str:
    # An address keeps its letters.
    start = help_[:1] if help_.startswith("https://") else help_[:1].upper()
    return f"{start}{help_[1:]}."


def _all_well(facts: PublishedFacts) -> Iterator[str]:
    if isinstance(facts.record, NotListed):
        yield f"Run `umbmarket sync {facts.package_id} --wait` to have the Marketplace read it now."
        yield f"Or wait: {SCHEDULE}."
    elif isinstance(facts.record, MarketplaceRecord):
        yield "Nothing: the Marketplace shows what is published."
    else:
        yield "Nothing known."
