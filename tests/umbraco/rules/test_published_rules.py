"""UMB605 to UMB609: exact messages for what was fetched, and silence where nothing is known or nothing is wrong.

These rules need the network, so their cases are facts written down here instead of folders.
"""

from __future__ import annotations

import json

import pytest

from tests.conftest import build_nuspec
from umbmarket.check.engine import run
from umbmarket.findings import Finding
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedVersion
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.settings.options import Settings
from umbmarket.umbraco.compatibility.over_versions import supported_versions
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord, NotListed
from umbmarket.umbraco.online.dependency_graph import DependencySearch, TransitiveDependency
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.published_facts import Attempt, PublishedFacts, PublishedPackage
from umbmarket.umbraco.workspace import Workspace
from umbmarket.web.outcomes import Delivery, Trouble, Unreachable

ID = "Acme.Tool"
SITE = "https://acme.example.com/tool"
NO_ANSWER = Unreachable(SITE, Trouble.TIMEOUT, "it timed out", Delivery.UNKNOWN)


def findings(code: str, **known: object) -> list[Finding]:
    """What one rule says of facts."""
    facts = PublishedFacts(PublishedPackage(ID), **{"versions": versions("1.2.0"), **known})  # type: ignore[arg-type] - the test's own
    report = run([gathered(Workspace(published=(facts,), online=True))], Settings(select=(code,)))
    assert report.failures == ()
    return list(report.findings)


def told(code: str, **known: object) -> list[tuple[str, str]]:
    found = findings(code, **known)
    assert {finding.code for finding in found} <= {code}
    return [(finding.message, finding.help) for finding in found]


def versions(*texts: str, unlisted: tuple[str, ...] = ()) -> PackageVersions:
    listed = [PublishedVersion(ID, NuGetVersion.parse(text)) for text in texts]
    hidden = [PublishedVersion(ID, NuGetVersion.parse(text), listed=False) for text in unlisted]
    return PackageVersions(ID, tuple(sorted([*listed, *hidden], key=lambda each: each.version.sort_key)))


def nuspec(tags: str = "umbraco-marketplace") -> Nuspec:
    return Nuspec("acme.tool.nuspec", build_nuspec({"id": ID, "version": "1.2.0", "tags": tags}).encode())


def listing(name: str = "umbraco-marketplace.json", /, **value: object) -> ListingFacts:
    return ListingFacts(Listing(f"{SITE}/{name}", json.dumps(value).encode()), package_id=ID)


def test_not_published_ok() -> None:
    assert told("UMB605") == []
    assert told("UMB605", versions=versions("1.0.0", "2.0.0-rc.1", unlisted=("0.9.0",))) == []
    assert told("UMB605", versions=FeedFailure("The feed did not answer.")) == []


@pytest.mark.parametrize(
    ("found", "message", "help_"),
    [
        (
            NotFound(ID),
            'the feed has no package "Acme.Tool"',
            "check the id, or push the package with `dotnet nuget push`; nuget.org shows a new one after up to an hour",
        ),
        (
            versions("1.0.0-rc.1", "1.0.0-rc.2", unlisted=("0.9.0",)),
            'no version of "Acme.Tool" is both listed and stable: 1 unlisted and 2 prerelease',
            "push a stable version",
        ),
        (
            versions(unlisted=("0.9.0", "1.0.0-rc.1")),
            'no version of "Acme.Tool" is both listed and stable: 2 unlisted',
            "push a new version, or list one again on nuget.org",
        ),
    ],
)
def test_not_published_bad(found: object, message: str, help_: str) -> None:
    assert told("UMB605", versions=found) == [(message, help_)]
    (finding,) = findings("UMB605", versions=found)
    assert (finding.path, finding.pointer, finding.region, finding.severity) == (ID, "", None, "error")


def attempts(*results: tuple[str, str]) -> tuple[Attempt, ...]:
    addresses = place(SITE, ID).listing
    return tuple(
        Attempt("listing", address, result, answer)  # type: ignore[arg-type] - one of the results
        for address, (result, answer) in zip(addresses, results, strict=False)
    )


def test_published_listing_missing_ok() -> None:
    placement = place(SITE, ID)
    found = attempts(("missing", "404"), ("found", "200"))
    assert told("UMB606", placement=placement, attempts=found, listing=listing()) == []
    unknown = attempts(("missing", "404"), ("unknown", "503"))
    assert told("UMB606", placement=placement, attempts=unknown) == []
    assert told("UMB606", placement=None) == []


def test_published_listing_missing_bad() -> None:
    tried = attempts(("web-page", "200, but a web page"), ("missing", "404"))
    assert told("UMB606", placement=place(SITE, ID), attempts=tried) == [
        (
            "there is no listing where the Marketplace looks: "
            "https://acme.example.com/tool/umbraco-marketplace-acme.tool.json (200, but a web page); "
            "https://acme.example.com/tool/umbraco-marketplace.json (404)",
            "put umbraco-marketplace-acme.tool.json or umbraco-marketplace.json where the project URL leads",
        )
    ]
    assert told("UMB606", placement=place(None, ID)) == [
        (
            "the Marketplace has nowhere to look for the listing: the package has no project URL",
            "set PackageProjectUrl to the repository and push a new version",
        )
    ]


def local(**value: object) -> Listing:
    return Listing("umbraco-marketplace.json", json.dumps(value, indent=4).encode())


def test_published_listing_differs_ok() -> None:
    assert (
        told("UMB607", listing=listing(Category="Search", Title="A"), local=local(Title="A", Category="Search")) == []
    )
    assert told("UMB607", listing=listing(Category="Search")) == []
    assert told("UMB607", local=local(Category="Search")) == []
    broken = Listing("umbraco-marketplace.json", b"[]")
    assert told("UMB607", listing=listing(Category="Search"), local=broken) == []


def test_published_listing_differs_bad() -> None:
    there, here = listing(Category="Search", Title="A"), local(Category="Commerce", VideoUrl="x")
    (finding,) = findings("UMB607", listing=there, local=here)
    assert finding.message == (
        "the published listing differs from the local umbraco-marketplace.json in Category, Title, VideoUrl"
    )
    assert finding.help == "push the change to the branch that the Marketplace reads, then run `umbmarket sync`"
    assert (finding.path, finding.pointer) == (f"{SITE}/umbraco-marketplace.json", "/Category")
    assert finding.region is not None
    many = local(**{f"K{number}": number for number in range(8)})
    (finding,) = findings("UMB607", listing=listing(), local=many)
    assert finding.message.endswith("in K0, K1, K2, K3, K4 and 3 more")


SUPPORTED = supported_versions([[("net8.0", [("Umbraco.Cms.Core", "[13.0.0, 15.0.0)")])]])
ALL_THE_SAME = MarketplaceRecord(
    package_id=ID, latest_version="1.2", majors=(13, 14), category="Search", license_types=("Purchase", "Free")
)
CATEGORY = {"Category": "Search", "LicenseTypes": ["Free", "Purchase"]}


@pytest.mark.parametrize(
    "record", [ALL_THE_SAME, MarketplaceRecord(), MarketplaceFailure("No answer.", NO_ANSWER), None]
)
def test_marketplace_shows_otherwise_ok(record: object) -> None:
    assert told("UMB608", record=record, supported=SUPPORTED, listing=listing(**CATEGORY), nuspec=nuspec()) == []


def test_what_a_listing_that_is_ignored_says_is_not_compared() -> None:
    record = MarketplaceRecord(category="Search")
    assert told("UMB608", record=record, listing=listing(Category="Commerce", Nonsense=1)) == []


def test_a_package_that_cannot_be_listed_is_not_missed() -> None:
    assert told("UMB608", record=NotListed(ID), supported=SUPPORTED, nuspec=nuspec(tags="umbraco")) == []
    assert told("UMB608", record=NotListed(ID), supported=None, nuspec=nuspec()) == []


def test_marketplace_shows_otherwise_bad() -> None:
    record = MarketplaceRecord(
        latest_version="1.1.0", majors=(10, 13), category="Commerce", license_types=("Subscription",)
    )
    found = findings("UMB608", record=record, supported=SUPPORTED, listing=listing(**CATEGORY))
    assert {finding.message for finding in found} == {
        'the Marketplace shows version "1.1.0", but the feed has 1.2.0',
        "the Marketplace shows Umbraco 10, 13, but the dependencies say 13-14 (an estimate)",
        'the Marketplace shows the category "Commerce", but the listing says "Search"',
        'the Marketplace shows the licence types "Subscription", but the listing says "Free, Purchase"',
    }
    assert {finding.args["what"] for finding in found} == {"version", "majors", "category", "licenseTypes"}
    assert {finding.help for finding in found} == {"run `umbmarket sync`, and check again in half an hour"}


def test_marketplace_does_not_list_it() -> None:
    assert told("UMB608", record=NotListed(ID), supported=SUPPORTED, nuspec=nuspec()) == [
        (
            'the Marketplace does not list "Acme.Tool", which has the tag and depends on Umbraco',
            "run `umbmarket sync`, and check again in half an hour",
        )
    ]


def test_transitive_only_ok() -> None:
    assert told("UMB609") == []
    assert told("UMB609", transitive=DependencySearch((), 3, complete=True)) == []


def test_transitive_only_bad() -> None:
    way = TransitiveDependency(("Middle 2.0.0", "Lower 1.0.0"), "Umbraco.Cms.Core", "[13.0.0, 14.0.0)", "net8.0")
    assert told("UMB609", transitive=DependencySearch((way,), 2, complete=True)) == [
        (
            '"Acme.Tool" depends on Umbraco only through other packages: Middle 2.0.0 > Lower 1.0.0 > Umbraco.Cms.Core',
            "add a dependency on Umbraco.Cms.Core with the range that the package supports",
        )
    ]


def test_they_run_only_where_the_network_was_asked() -> None:
    facts = PublishedFacts(PublishedPackage(ID), NotFound(ID))
    assert run([gathered(Workspace(published=(facts,)))], Settings()).findings == ()


def test_names_of_other_people_are_shown_harmlessly() -> None:
    record = MarketplaceRecord(latest_version="1.0\x1b[2J")
    assert told("UMB608", record=record)[0][0] == r'the Marketplace shows version "1.0\x1b[2J", but the feed has 1.2.0'
