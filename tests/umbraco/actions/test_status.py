"""`umbmarket.status` against a feed, a host of files and the Marketplace's API on the loopback interface."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import umbmarket
from tests.doubles.feed_double import CONTAINER, INDEX, REGISTRATIONS
from tests.doubles.marketplace_double import API_BASE, record
from tests.doubles.published_world import HEALTHY, World, published_world
from tests.loopback import fence  # noqa: F401 - a fixture that lets no test out
from umbmarket.check.policies import matches
from umbmarket.findings import Severity
from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.settings.options import FailOn, Settings
from umbmarket.umbraco.actions.status import for_published
from umbmarket.umbraco.pages import status_json, status_text
from umbmarket.umbraco.placement import Address
from umbmarket.umbraco.publication import Status, StatusCode, WrongRequest
from umbmarket.umbraco.published_facts import Attempt


@pytest.fixture
def world() -> Iterator[World]:
    with published_world() as started:
        yield started


def codes(found: Status) -> list[str]:
    assert found.report.failures == ()
    return [finding.code for finding in found.report.findings if finding.severity != "info"]


def test_a_healthy_package_is_fine(world: World) -> None:
    world.make_healthy()
    found = world.status("my.PACKAGE")
    assert codes(found) == []
    assert (found.exit_code, found.blockers, found.problems) == (StatusCode.FINE, (), ())
    assert found.next_steps == ("Nothing: the Marketplace shows what is published.",)
    assert found.package_id == "My.Package"
    assert found.latest.version.normalized == "1.2.0"
    assert found.tagged is True
    assert (found.facts.supported.text, found.described_versions) == ("13", 1)
    assert [(each.kind, each.address.url.removeprefix(world.site), each.result) for each in found.facts.attempts] == [
        ("listing", "/p/umbraco-marketplace-my.package.json", "missing"),
        ("listing", "/p/umbraco-marketplace.json", "found"),
        ("readme", "/p/umbraco-marketplace-readme-my.package.md", "missing"),
        ("readme", "/p/umbraco-marketplace-readme.md", "missing"),
    ]


def test_it_asks_for_what_it_needs_and_no_more(world: World) -> None:
    world.make_healthy()
    world.status()
    nuspec = f"{CONTAINER}/my.package/1.2.0/my.package.nuspec"
    assert world.feed.paths == [INDEX, f"{REGISTRATIONS}/my.package/index.json", nuspec]
    assert world.feed.guessed == []
    assert len(world.raw.paths) == 4
    assert [request.path for request in world.api.requests] == [f"{API_BASE}/packages/my.package"]


def test_three_hundred_versions_on_pages_of_their_own_need_a_request_for_each_page(world: World) -> None:
    """The feed makes these necessary: service index, registration index, 5 pages of 64 versions, one nuspec."""
    for number in range(299):
        world.publish(f"1.{number}.0")
    world.publish("2.0.0")
    world.raw.files["/p/umbraco-marketplace.json"] = HEALTHY
    world.api.packages["my.package"] = record(latestVersionNumber="2.0.0")
    found = world.status()
    assert (found.exit_code, found.described_versions) == (StatusCode.FINE, 300)
    assert len(world.feed.requests) == 1 + 1 + 5 + 1
    assert world.requests == 8 + 4 + 1


def test_the_cache_asks_whether_documents_are_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    world.make_healthy()
    world.status(cache=True)
    world.feed.requests.clear()
    assert world.status(cache=True).exit_code == StatusCode.FINE
    # The nuspec of a version never changes, so it is not asked for again.
    assert world.feed.paths == [INDEX, f"{REGISTRATIONS}/my.package/index.json"]


def test_a_package_that_is_not_there(world: World) -> None:
    found = world.status("Other.Package")
    assert isinstance(found.facts.versions, NotFound)
    assert codes(found) == ["UMB605"]
    assert found.exit_code == StatusCode.PROBLEMS
    assert found.next_steps == (
        "Check the id, or push the package with `dotnet nuget push`; nuget.org shows a new one after up to an hour.",
    )
    assert world.raw.paths == []


def test_only_prereleases(world: World) -> None:
    world.publish("1.0.0-rc.1")
    found = world.status()
    assert (codes(found), found.latest, found.tagged) == (["UMB605"], None, None)
    assert found.next_steps == ("Push a stable version.",)


def test_the_feed_does_not_answer(world: World) -> None:
    world.feed.broken[INDEX] = (400, {}, b"Bad day")
    found = world.status()
    assert isinstance(found.facts.versions, FeedFailure)
    assert found.problems == (f"{world.source} answered 400: Bad day.",)
    assert (codes(found), found.exit_code) == ([], StatusCode.NETWORK)
    assert found.next_steps == (
        "Check the URL of the feed and its login, and the proxy and certificates of this machine.",
    )
    world.feed.broken[INDEX] = (200, {"Content-Type": "text/html"}, b"<title>Sign in</title>")
    assert world.status().next_steps == (
        "Check the URL of the feed and its login, and the proxy and certificates of this machine.",
    )
    world.feed.broken[INDEX] = (500, {}, b"")
    assert world.status().next_steps == ("Try again later, as the feed gave no answer.",)


def test_a_private_address_is_asked_only_if_it_may_be(world: World) -> None:
    world.make_healthy()
    found = world.status(allow_private_hosts=False)
    assert found.exit_code == StatusCode.NETWORK
    assert found.next_steps == (
        "Use --allow-private-hosts if the project URL may lead to this machine or a private network.",
    )


def test_the_marketplace_does_not_answer(world: World) -> None:
    world.make_healthy()
    world.api.broken[f"{API_BASE}/packages/my.package"] = (418, {}, b"")
    found = world.status()
    assert found.problems == (f"{world.api_base}/packages/my.package answered 418.",)
    assert (codes(found), found.exit_code) == ([], StatusCode.NETWORK)
    assert found.next_steps == ("Try again later for what could not be checked.",)


def test_no_tag_and_no_umbraco(world: World) -> None:
    world.make_healthy()
    world.publish("1.3.0", tags=(), groups={"net8.0": {"Microsoft.Extensions.Http": "8.0.0"}})
    found = world.status()
    assert found.blockers == (
        "1.3.0 does not have the tag umbraco-marketplace, so the Marketplace does not list it.",
        "1.3.0 does not depend on Umbraco, not even through another package, so it is not listed.",
    )
    assert found.exit_code == StatusCode.PROBLEMS
    assert found.next_steps == (
        "Add umbraco-marketplace to PackageTags and push a new version.",
        "Add a dependency on Umbraco.Cms.Core with the range that the package supports, and push a new version.",
    )


def test_the_listing_is_nowhere(world: World) -> None:
    world.make_healthy()
    del world.raw.files["/p/umbraco-marketplace.json"]
    found = world.status()
    assert (codes(found), found.exit_code) == (["UMB606"], StatusCode.PROBLEMS)
    assert found.next_steps == (
        "Put umbraco-marketplace-my.package.json or umbraco-marketplace.json where the project URL leads.",
    )


def test_a_server_in_trouble_is_no_missing_listing(world: World) -> None:
    world.make_healthy()
    world.raw.files["/p/umbraco-marketplace.json"] = (503, {"Retry-After": "600"}, b"")
    found = world.status()
    assert (codes(found), found.exit_code) == ([], StatusCode.NETWORK)
    assert found.problems == ("Not all URLs of the listing gave an answer: umbraco-marketplace.json (503).",)


def test_pages_redirects_and_broken_files(world: World) -> None:
    world.make_healthy()
    world.raw.files["/p/umbraco-marketplace-my.package.json"] = (200, {"Content-Type": "text/html"}, b"<html></html>")
    world.raw.files["/p/umbraco-marketplace.json"] = "/elsewhere.json"
    world.raw.files["/elsewhere.json"] = b'{"Category": "Nothing like it"}'
    found = world.status()
    assert [attempt.answer for attempt in found.facts.tried("listing")] == [
        "200, but a web page",
        f"200, from {world.site}/elsewhere.json",
    ]
    assert "UMB104" in codes(found)
    finding = next(each for each in found.report.findings if each.code == "UMB104")
    assert (finding.path, finding.region.line) == (f"{world.site}/p/umbraco-marketplace.json", 1)


def test_the_id_that_was_asked_for_is_no_placeholder_in_the_name_of_the_file(world: World) -> None:
    world.make_healthy()
    world.raw.files["/p/umbraco-marketplace-my.package.json"] = HEALTHY
    found = world.status()
    assert found.facts.listing.package_id == "My.Package"
    assert [attempt.result for attempt in found.facts.tried("listing")] == ["found"]
    # my.package is the id of the guide's sample as well.
    assert found.facts.listing.document.suffix == "my.package"
    assert codes(found) == []


def test_a_project_url_on_a_private_host_is_not_asked(world: World) -> None:
    world.make_healthy()
    found = world.status(allow_private_hosts=False)
    assert world.raw.paths == []
    assert (found.exit_code, codes(found)) == (StatusCode.NETWORK, [])
    assert "was not asked: " in found.problems[0]


def test_a_project_url_gains_nothing_by_the_trust_in_the_feed(world: World) -> None:
    world.publish(project_url=world.source.removesuffix("/index.json"))
    found = world.status(allow_private_hosts=False)
    assert [attempt.result for attempt in found.facts.attempts] == ["unknown"] * 4
    assert world.feed.guessed == []


def test_the_range_is_that_of_all_listed_stable_versions(world: World) -> None:
    world.make_healthy()
    world.publish("0.9.0", groups={"net5.0": {"Umbraco.Cms.Core": "[9.0.0, 10.0.0)"}})
    world.publish("0.8.0", groups={"net472": {"UmbracoCms.Core": "[8.0.0, 9.0.0)"}}, listed=False)
    world.publish("2.0.0-rc.1", groups={"net9.0": {"Umbraco.Cms.Core": "[15.0.0, 16.0.0)"}})
    found = world.status()
    assert (found.facts.supported.text, found.described_versions) == ("9, 13", 2)
    assert codes(found) == ["UMB608"]


def test_the_mode_is_the_listings(world: World) -> None:
    world.make_healthy()
    world.publish("1.3.0", groups={"net8.0": {"Umbraco.Cms.Core": "13.0.0"}})
    assert world.status().facts.supported.text == "13"
    world.raw.files["/p/umbraco-marketplace.json"] = HEALTHY.replace(b"{", b'{"VersionDependencyMode": "SemVer",', 1)
    found = world.status()
    assert (found.facts.supported.text, found.facts.supported.mode) == ("13 and later", "SemVer")


def test_ignores_of_the_settings_hold(world: World) -> None:
    world.make_healthy()
    del world.raw.files["/p/umbraco-marketplace.json"]
    assert codes(world.status()) == ["UMB606"]
    for settings in (Settings(ignore={"published-listing-missing": None}), Settings(select=("UMB605",))):
        found = world.status(settings=settings)
        assert (codes(found), found.exit_code) == ([], StatusCode.FINE)


def test_severities_and_fail_on_of_the_settings_hold(world: World) -> None:
    world.make_healthy()
    world.api.packages["my.package"] = record(latestVersionNumber="1.1.0")
    assert (codes(world.status()), world.status().exit_code) == (["UMB608"], StatusCode.FINE)
    graver = world.status(settings=Settings(severity={"UMB608": Severity.ERROR}))
    assert (codes(graver), graver.exit_code) == (["UMB608"], StatusCode.PROBLEMS)
    assert world.status(settings=Settings(fail_on=FailOn.WARNING)).exit_code == StatusCode.PROBLEMS
    lenient = world.status(settings=Settings(severity={"UMB608": Severity.ERROR}, fail_on=FailOn.NEVER))
    assert lenient.exit_code == StatusCode.FINE


@pytest.mark.parametrize("glob", ["umbraco-marketplace.json", "*.json", "*"])
def test_ignores_for_a_file_hold_for_the_published_one(world: World, glob: str) -> None:
    world.make_healthy()
    world.raw.files["/p/umbraco-marketplace.json"] = b'{"Category": "Nothing like it"}'
    assert "UMB104" in codes(world.status())
    assert "UMB104" not in codes(world.status(settings=Settings(per_file_ignores={glob: ("UMB104",)})))
    other = Settings(per_file_ignores={"umbraco-marketplace-other.json": ("UMB104",)})
    assert "UMB104" in codes(world.status(settings=other))


def test_an_ignore_for_a_folder_of_the_repository_holds_for_its_published_file() -> None:
    url = "https://raw.githubusercontent.com/me/it/main/src/A/umbraco-marketplace.json"
    address = Address(url, "umbraco-marketplace.json", "src/A/umbraco-marketplace.json")
    attempts = [Attempt("listing", address, "found", "200")]
    here = Settings(per_file_ignores={"src/A/*": ("UMB104",), "src/B/*": ("UMB105",)}, source="umbmarket.toml")
    there = for_published(here, attempts)
    assert [some for glob, some in there.per_file_ignores.items() if matches(url, glob)] == [("UMB104",)]
    assert there.source is None
    assert for_published(Settings(), attempts).per_file_ignores == {}


def test_a_new_package_is_found_by_itself(world: World) -> None:
    world.make_healthy()
    del world.api.packages["my.package"]
    assert world.status().next_steps == (
        "Run `umbmarket sync My.Package --wait` to have the Marketplace read it now.",
        "Or wait: the Marketplace looks for new packages at 04:00 UTC, and reads known ones every 2 hours"
        " (listing guide).",
    )


def test_where_nothing_more_can_be_done_here_the_marketplaces_own_places_are_named(world: World) -> None:
    world.make_healthy()
    world.api.packages["my.package"] = record(licenseTypes=["Purchase"])
    assert world.status().next_steps == (
        "Compare the differences; if the listing changed recently, run `umbmarket sync My.Package`.",
        "https://marketplace.umbraco.com/validate shows the Marketplace's own validation, and "
        "https://github.com/umbraco/Umbraco.Marketplace.Issues is its issue tracker.",
    )


def test_what_to_do_is_built_from_the_facts_and_not_from_findings(world: World) -> None:
    settings = Settings(ignore={"ALL": None})
    world.publish("1.0.0-rc.1")
    found = world.status(settings=settings)
    assert (found.report.findings, found.next_steps) == ((), ("Push a stable version.",))
    world.make_healthy()
    world.api.packages["my.package"] = record(latestVersionNumber="1.1.0")
    found = world.status(settings=settings)
    assert found.next_steps == (
        "Run `umbmarket sync My.Package --wait` to have the Marketplace read it now.",
        "Or wait: the Marketplace looks for new packages at 04:00 UTC, and reads known ones every 2 hours"
        " (listing guide).",
    )


def test_umbraco_behind_another_package(world: World) -> None:
    world.make_healthy()
    world.publish("1.3.0", groups={"net8.0": {"Middle": "2.0.0"}})
    world.publish("2.0.0", "Middle", tags=(), groups={"net8.0": {"Umbraco.Cms.Web.Common": "[13.0.0, 14.0.0)"}})
    world.api.packages["my.package"] = record(latestVersionNumber="1.3.0")
    found = world.status()
    assert codes(found) == ["UMB609"]
    assert found.facts.transitive.found[0].text == "Middle 2.0.0 > Umbraco.Cms.Web.Common"
    assert found.facts.supported.text == "13"
    assert found.exit_code == StatusCode.FINE
    assert found.next_steps == ("Add a dependency on Umbraco.Cms.Web.Common with the range that the package supports.",)


def test_a_feed_that_does_not_describe_versions(world: World) -> None:
    world.make_healthy()
    world.feed.style = "azure"
    found = world.status("my.package")
    assert (found.package_id, found.tagged, found.facts.supported.text) == ("My.Package", True, "13")
    assert found.exit_code == StatusCode.FINE


def test_the_listing_here_is_compared_where_it_belongs_to_the_package(world: World, tmp_path: Path) -> None:
    world.make_healthy()
    here = tmp_path / "umbraco-marketplace-my.package.json"
    here.write_bytes(HEALTHY.replace(b"Developer Tools", b"Search"))
    found = world.status(folder=tmp_path)
    finding = next(each for each in found.report.findings if each.code == "UMB607")
    assert finding.message == (
        "the published listing differs from the local umbraco-marketplace-my.package.json in Category"
    )
    here.rename(tmp_path / "umbraco-marketplace.json")
    # A file that may be any package's is compared only in the repository that the project URL names.
    assert world.status(folder=tmp_path).facts.local is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", '"" is not a package id: it is empty'),
        ("a b", '"a b" is not a package id: it contains'),
        ("My..Package", '"My..Package" is not a package id: it has two separators in a row'),
        ("../x", '"../x" is not a package id: it contains'),
        ("x" * 129, "is not a package id: it has 129 characters"),
        ("pkg.nupkg/", '"pkg.nupkg/" is not a package id: it contains'),
        ("My.Package@1.2.0", 'did you mean "My.Package"?'),
        ("https://www.nuget.org/packages/My.Package", 'did you mean "My.Package"?'),
        ("a/My.Package.1.2.0-rc.1.nupkg", 'nupkg" is a file, not a package id; did you mean "My.Package"?'),
        ("a\\\\My.Package.1.2.SNUPKG", 'SNUPKG" is a file, not a package id; did you mean "My.Package"?'),
        ("a.nupkg", '"a.nupkg" is a file, not a package id'),
    ],
)
def test_what_is_no_id_is_refused(world: World, name: str, said: str) -> None:
    with pytest.raises(WrongRequest) as caught:
        world.status(name)
    assert said in str(caught.value)
    assert "--from" not in str(caught.value)
    assert world.requests == 0


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(WrongRequest, match="must be the http or https URL of a NuGet V3 service index"):
        umbmarket.status("My.Package", source="C:\\packages")
    with pytest.raises(WrongRequest, match="UMBMARKET_MARKETPLACE_API must be an http or https URL"):
        umbmarket.status("My.Package", environment={"UMBMARKET_MARKETPLACE_API": "nowhere"})


@pytest.mark.parametrize("lie", ["Other.Package", "../../x", "My.Package\ud800", "My.Pac\u212aage"])
def test_only_the_letter_case_of_an_id_is_taken_from_the_feed(world: World, lie: str) -> None:
    world.make_healthy()
    there = world.feed.packages["my.package"]
    told = replace(there[0], id=lie.replace("\ud800", "\ufffd"))
    there[0] = replace(told, id=lie, nuspec=told.nuspec_bytes)
    found = world.status("my.PACKAGE")
    assert found.package_id == "my.PACKAGE"
    assert [request.path for request in world.api.requests] == [f"{API_BASE}/packages/my.package"]
    assert status_text.render(found).startswith("my.PACKAGE 1.2.0\n")


def test_an_address_in_a_feed_with_half_a_character_is_a_problem_and_no_crash(world: World) -> None:
    world.make_healthy()
    world.feed.broken[f"{REGISTRATIONS}/my.package/index.json"] = (
        200,
        {},
        b'{"items": [{"@id": "http://127.0.0.1/\\ud800", "upper": "1.0.0"}]}',
    )
    found = world.status()
    assert isinstance(found.facts.versions, FeedFailure)
    assert found.exit_code == StatusCode.NETWORK
    status_text.render(found).encode()
    status_json.render(found).encode()


def test_the_addresses_come_from_the_environment(world: World) -> None:
    world.make_healthy()
    environment = {"UMBMARKET_NUGET_SOURCE": world.source, "UMBMARKET_MARKETPLACE_API": world.api_base + "/"}
    assert world.status(source=None, marketplace_api=None, environment=environment).exit_code == StatusCode.FINE


def test_a_private_feed_gets_the_credentials_of_its_name(world: World) -> None:
    world.make_healthy()
    world.feed.login = ("jane", "s3cret")
    given = {"NuGetPackageSourceCredentials_Contoso": "Username=jane;Password=s3cret"}
    assert world.status(source=f"Contoso={world.source}", environment=given).exit_code == StatusCode.FINE
    refused = world.status(environment=given)
    assert refused.exit_code == StatusCode.NETWORK
    assert "s3cret" not in repr(refused)


def test_it_is_part_of_the_public_api() -> None:
    assert umbmarket.Status is Status
    script = "import sys, umbmarket; assert not {'httpx', 'lxml'} & set(sys.modules); umbmarket.status"
    subprocess.run([sys.executable, "-c", script], check=True)
