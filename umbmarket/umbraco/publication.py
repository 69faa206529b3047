"""What `umbmarket status` finds out about one published package: what its action makes and its outputs show."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from umbmarket.check.report import Report
from umbmarket.nuget.feed.answers import FeedFailure, PackageVersions, PublishedVersion
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.umbraco.published_facts import PublishedFacts
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG


class StatusCode(enum.IntEnum):
    """What `umbmarket status` tells its caller."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    NETWORK = 4


class WrongRequest(ValueError):
    """What was asked for makes no sense: no package id, or no address of a feed. The text says which."""


@dataclass(frozen=True, slots=True)
class Status:
    """A published package, as the Marketplace sees it.

    Attributes:
        source: The feed that was asked, fit to be shown.
        facts: What was found: versions, nuspec, addresses, listing, the Marketplace's record.
        report: What the rules say of the listing that was found and of the package.
        described_versions: How many listed stable versions `facts.supported` is made of.
        blockers: Why the package cannot be listed, as sentences, beside what the rules say.
        problems: What could not be found out, and why, as sentences.
        next_steps: What to do now, the first thing first; at least one sentence.
        warnings: What does not work as it should on this machine, as sentences.
    """

    source: str
    facts: PublishedFacts
    report: Report
    described_versions: int
    blockers: tuple[str, ...]
    problems: tuple[str, ...]
    next_steps: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def package_id(self) -> str:
        """The id, in the feed's letter case where the feed knows the package."""
        return self.facts.package_id

    @property
    def versions(self) -> PackageVersions | None:
        """All versions; None where the feed does not have the package or could not be asked."""
        return self.facts.versions if isinstance(self.facts.versions, PackageVersions) else None

    @property
    def latest(self) -> PublishedVersion | None:
        """The latest version that is listed and stable, or None."""
        return self.versions.latest_stable if self.versions is not None else None

    @property
    def nuspec(self) -> Nuspec | None:
        """The nuspec of `latest`, or None where there is none or it could not be read."""
        return self.facts.nuspec

    @property
    def tagged(self) -> bool | None:
        """Whether `latest` has the Marketplace's tag; None where that is not known."""
        if self.nuspec is not None:
            return self.nuspec.has_tag(MARKETPLACE_TAG)
        latest = self.latest
        return latest.has_tag(MARKETPLACE_TAG) if latest is not None and latest.described else None

    @property
    def exit_code(self) -> StatusCode:
        """4 without an answer of the feed, 1 for a blocker or what fails the run, 4 for what is not known, else 0."""
        if isinstance(self.facts.versions, FeedFailure) or self.report.failures:
            return StatusCode.NETWORK
        if self.blockers or any(map(self.report.fails, self.report.findings)):
            return StatusCode.PROBLEMS
        return StatusCode.NETWORK if self.problems else StatusCode.FINE
