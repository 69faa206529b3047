"""The feed client against a feed on the loopback interface: what it understands, and what it asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doubles.feed_double import CONTAINER, INDEX, REGISTRATIONS, FeedDouble
from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedDependency, Readiness
from umbmarket.nuget.feed.registration import read_index, read_page
from umbmarket.nuget.feed.service_index import ServiceIndex, read_service_index
from umbmarket.nuget.feed.v3 import DEFAULT_SOURCE, NugetFeed, configured_feed
from umbmarket.web.cache import DocumentCache
from umbmarket.web.client import Http
from umbmarket.web.credentials import Feed

ID = "My.Package"
TAG = "umbraco-marketplace"
FIRST = f"{REGISTRATIONS}/my.package/index.json"


@pytest.fixture
def ask(serve: Callable[..., Any]) -> Iterator[Callable[..., NugetFeed]]:
    """A client of a feed: `ask(double)`."""
    clients: list[Http] = []

    def start(double: FeedDouble, cache: DocumentCache | None = None, name: str = "", **environment: str) -> NugetFeed:
        source = serve(double).url(INDEX)
        feed = configured_feed(f"{name}={source}" if name else source, environment)
        clients.append(Http(trusted_urls=[feed.source], cache=cache, sleep=lambda _: None))
        return NugetFeed(clients[-1], feed)

    yield start
    for client in clients:
        client.close()


def versions(answer: object) -> list[str]:
    assert isinstance(answer, PackageVersions), answer
    return [each.version.full for each in answer.versions]


def test_inline_versions_cost_two_requests_and_no_guess(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.10.0", project_url="https://example.com/", groups={"net8.0": {"Umbraco.Cms.Core": "[13,14)"}})
    double.publish("my.package", "1.9.0")
    found = ask(double).versions("MY.PACKAGE")
    assert versions(found) == ["1.9.0", "1.10.0"]
    assert found.id == ID
    assert double.paths == [INDEX, FIRST]
    assert double.guessed == []
    newest = found.latest_stable
    assert newest.id == ID
    assert newest.project_url == "https://example.com/"
    assert newest.tags == ("umbraco-marketplace",)
    assert newest.license_expression == "MIT"
    assert newest.published.isoformat() == "2024-05-06T07:08:09.120000+00:00"
    assert [(group.target_framework, group.dependencies) for group in newest.dependency_groups] == [
        ("net8.0", (PublishedDependency("Umbraco.Cms.Core", "[13,14)"),))
    ]


def test_external_pages_cost_one_request_each(ask) -> None:
    double = FeedDouble()
    for number in range(300):
        double.publish(ID, f"1.{number}.0")
    feed = ask(double)
    assert versions(feed.versions(ID)) == [f"1.{number}.0" for number in range(300)]
    pages = [f"{REGISTRATIONS}/my.package/page/1.{low}.0/1.{min(low + 63, 299)}.0.json" for low in range(0, 300, 64)]
    assert double.paths == [INDEX, FIRST, *pages]
    double.requests.clear()
    assert versions(feed.versions(ID))[-1] == "1.299.0"
    assert INDEX not in double.paths, "the service index is asked for once"


def test_readiness_of_many_versions_reads_the_newest_page_alone(ask) -> None:
    double = FeedDouble()
    for number in range(200):
        double.publish(ID, f"1.{number}.0")
    ready = ask(double).readiness("my.package", TAG)
    assert isinstance(ready, Readiness)
    assert (ready.id, ready.ready, ready.latest.version.full, ready.reason) == (ID, True, "1.199.0", "")
    assert double.paths == [INDEX, FIRST, f"{REGISTRATIONS}/my.package/page/1.192.0/1.199.0.json"]


def test_readiness_goes_on_to_older_pages_while_it_is_not_certain(ask) -> None:
    double = FeedDouble(inline_up_to=1, page_size=2)
    double.publish(ID, "1.0.0")
    double.publish(ID, "1.1.0", tags=())
    double.publish(ID, "2.0.0-rc.1")
    double.publish(ID, "3.0.0", listed=False)
    ready = ask(double).readiness(ID, TAG)
    assert (ready.latest.version.full, ready.tagged.version.full) == ("1.1.0", "1.0.0")
    assert len(double.paths) == 4


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ([("1.0.0", False, "umbraco-marketplace")], "No version of My.Package on the feed is both listed and stable."),
        (
            [("1.0.0-beta", True, "umbraco-marketplace")],
            "No version of My.Package on the feed is both listed and stable.",
        ),
        (
            [("1.0.0", True, "umbraco-marketplace-tools"), ("2.0.0-rc.1", True, "umbraco-marketplace")],
            "No listed, stable version of My.Package has the tag umbraco-marketplace.",
        ),
    ],
    ids=["unlisted", "prerelease", "untagged"],
)
def test_a_package_that_is_not_ready(ask, published, reason: str) -> None:
    double = FeedDouble()
    for version, listed, tag in published:
        double.publish(ID, version, listed=listed, tags=(tag,))
    ready = ask(double).readiness(ID, TAG)
    assert (ready.ready, ready.reason) == (False, reason)


def test_the_tag_is_found_in_any_letter_case(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0", tags=("Umbraco-Marketplace",))
    assert ask(double).readiness(ID, TAG).ready


def test_missing_values_are_empty_texts_on_nuget_org(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0", tags=(), license=None, listed=None, groups={"net8.0": {}, None: {"Other": None}})
    found = ask(double).versions(ID).versions[0]
    assert (found.tags, found.project_url, found.license_expression, found.listed) == ((), None, None, True)
    assert [(group.target_framework, group.dependencies) for group in found.dependency_groups] == [
        ("net8.0", ()),
        (None, (PublishedDependency("Other", None),)),
    ]


def test_tags_in_one_text(ask) -> None:
    double = FeedDouble(style="strings")
    double.publish(ID, "1.0.0", tags=("umbraco", "umbraco-marketplace"))
    double.publish(ID, "2.0.0", tags=())
    assert [each.tags for each in ask(double).versions(ID).versions] == [("umbraco", "umbraco-marketplace"), ()]


def test_a_feed_that_does_not_describe_versions(ask) -> None:
    double = FeedDouble(style="azure")
    double.publish(ID, "1.0.0")
    feed = ask(double)
    found = feed.versions("my.package")
    assert [(each.id, each.described) for each in found.versions] == [("", False)]
    assert found.id == "my.package"
    ready = feed.readiness("my.package", TAG)
    assert (ready.id, ready.ready) == (ID, True)
    assert double.paths[2:] == [FIRST, f"{CONTAINER}/my.package/1.0.0/my.package.nuspec"]


def test_a_feed_without_registrations_has_version_numbers(ask) -> None:
    double = FeedDouble(with_registrations=False)
    double.publish(ID, "1.0.0")
    assert versions(ask(double).versions(ID)) == ["1.0.0"]
    assert double.paths == [INDEX, f"{CONTAINER}/my.package/index.json"]


def test_unlisted_prerelease_and_semver2_versions_are_there(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0", listed=False)
    double.publish(ID, "2.0.0-alpha.1+build.7")
    double.publish(ID, "1.5.0")
    found = ask(double).versions(ID)
    assert versions(found) == ["1.0.0", "1.5.0", "2.0.0-alpha.1+build.7"]
    assert [each.listed for each in found.versions] == [False, True, True]
    assert found.versions[0].published is None
    assert found.latest_stable.version.full == "1.5.0"
    assert found.find(NuGetVersion.parse("2.0.0-ALPHA.1")) is found.versions[2]
    assert found.find(NuGetVersion.parse("9.0.0")) is None


def test_nuspec_of_a_version(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0.0-Beta+meta", tags=("a", "umbraco-marketplace"))
    nuspec = ask(double).nuspec(ID, NuGetVersion.parse("1.0.0-BETA"))
    assert nuspec.id == ID
    assert nuspec.has_tag("umbraco-marketplace")
    assert double.paths == [INDEX, f"{CONTAINER}/my.package/1.0.0-beta/my.package.nuspec"]


def test_nuspec_from_the_cache_costs_no_request(ask, tmp_path: Path) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0")
    feed = ask(double, DocumentCache(tmp_path))
    for _ in range(2):
        assert feed.nuspec(ID, NuGetVersion(1)).id == ID
    assert double.paths == [INDEX, f"{CONTAINER}/my.package/1.0.0/my.package.nuspec"]


def test_what_is_not_there(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0")
    feed = ask(double)
    assert feed.versions("Other") == NotFound("Other")
    assert feed.readiness("Other", TAG) == NotFound("Other")
    assert feed.version_numbers("Other") == NotFound("Other")
    missing = feed.nuspec(ID, NuGetVersion(2))
    assert missing == NotFound(ID, NuGetVersion(2))
    assert missing.describe() == "The feed has no package My.Package 2.0.0."


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "My..Package", "My.Package?x=1", "a\r\nHost: b"])
def test_what_is_no_id_is_never_put_into_an_address(ask, name: str) -> None:
    double = FeedDouble()
    feed = ask(double)
    assert feed.versions(name) == NotFound(name)
    assert feed.nuspec(name, NuGetVersion(1)) == NotFound(name, NuGetVersion(1))
    assert double.paths == [INDEX]


def test_an_id_outside_of_ascii_is_encoded(ask) -> None:
    double = FeedDouble()
    double.publish("Ünï.Pkg", "1.0.0")
    assert versions(ask(double).versions("ÜNÏ.Pkg")) == ["1.0.0"]
    assert double.paths[1] == f"{REGISTRATIONS}/%C3%BCn%C3%AF.pkg/index.json"


@pytest.mark.parametrize(
    ("path", "reply", "problem"),
    [
        (INDEX, (404, {}, b""), "There is no service index at {base}/a/b/index.json (404)."),
        (
            INDEX,
            (200, {}, b"<html>"),
            "{base}/a/b/index.json is not the service index of a NuGet V3 feed.",
        ),
        (
            INDEX,
            (200, {}, b'{"resources": []}'),
            "The feed {base}/a/b/index.json has neither registrations nor package files.",
        ),
        (FIRST, (200, {}, b"[]"), "{base}" + FIRST + " is not a registration index."),
        (FIRST, (500, {}, b"Oh no\nmore"), "{base}" + FIRST + " answered 500: Oh no."),
        (
            f"{REGISTRATIONS}/my.package/page/1.0.0/1.0.0.json",
            (404, {}, b""),
            "{base}" + REGISTRATIONS + "/my.package/page/1.0.0/1.0.0.json, a page of versions that the feed names, "
            "does not exist.",
        ),
        (
            f"{REGISTRATIONS}/my.package/page/1.0.0/1.0.0.json",
            (200, {}, b"{}"),
            "{base}" + REGISTRATIONS + "/my.package/page/1.0.0/1.0.0.json is not a page of versions.",
        ),
        (
            FIRST,
            (200, {}, b'{"items": [{"count": 1}]}'),
            "The feed {base}/a/b/index.json names a page of versions without its URL.",
        ),
    ],
)
def test_a_feed_that_fails_is_a_failure_and_no_missing_package(ask, path: str, reply, problem: str) -> None:
    double = FeedDouble(inline_up_to=0, broken={path: reply})
    double.publish(ID, "1.0.0")
    feed = ask(double)
    answer = feed.versions(ID)
    assert isinstance(answer, FeedFailure)
    base = feed.shown.removesuffix(INDEX)
    assert answer.describe() == problem.format(base=base)
    assert answer.transient == (reply[0] == 500)
    assert feed.readiness(ID, TAG) == answer


def test_a_nuspec_that_is_none(ask) -> None:
    double = FeedDouble()
    double.publish(ID, "1.0.0", nuspec=b"<html></html>")
    feed = ask(double)
    answer = feed.nuspec(ID, NuGetVersion(1))
    base = feed.shown.removesuffix(INDEX)
    path = f"{CONTAINER}/my.package/1.0.0/my.package.nuspec"
    assert answer.describe() == f"{base}{path} is not a nuspec that can be read."


def test_credentials_are_those_of_the_named_source_and_never_shown(ask) -> None:
    double = FeedDouble(login=("jane", "s3cret"))
    double.publish(ID, "1.0.0")
    given_ = {"NuGetPackageSourceCredentials_Contoso": "Username=jane;Password=s3cret"}
    assert versions(ask(double, None, "Contoso", **given_).versions(ID)) == ["1.0.0"]
    refused = ask(double, None, "", **given_).versions(ID)
    assert isinstance(refused, FeedFailure)
    assert "answered 401: Sign in first." in refused.describe()
    assert "NuGetPackageSourceCredentials_NAME" in refused.describe()
    assert "s3cret" not in repr(refused)


def test_which_feed_is_asked() -> None:
    assert configured_feed(None, {}) == Feed(DEFAULT_SOURCE)
    assert configured_feed(None, {"UMBMARKET_NUGET_SOURCE": " https://b/i.json "}).source == "https://b/i.json"
    assert configured_feed("https://a/i.json", {"UMBMARKET_NUGET_SOURCE": "https://b"}).source == "https://a/i.json"
    assert configured_feed("https://a/i?x=1", {}) == Feed("https://a/i?x=1")
    named = configured_feed(
        "My Feed=https://a/i.json", {"NuGetPackageSourceCredentials_My Feed": "Username=u;Password=p"}
    )
    assert named.credentials is not None
    assert named.credentials.username == "u"


@pytest.mark.parametrize("source", ["C:\\packages", "nuget.org", "ftp://a/b", "Name=", "https://"])
def test_what_is_no_feed_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="must be the http or https URL of a NuGet V3 service index"):
        configured_feed(source, {})


def resource(type_: object, address: object = "https://a/r", **more: object) -> dict[str, object]:
    return {"@id": address, "@type": type_, **more}


@pytest.mark.parametrize(
    ("resources", "registrations"),
    [
        ([resource("RegistrationsBaseUrl"), resource("RegistrationsBaseUrl/3.6.0", "https://b/")], "https://b/"),
        ([resource("RegistrationsBaseUrl/3.0.0-beta"), resource("RegistrationsBaseUrl", "https://b")], "https://a/r/"),
        ([resource(["Other", "RegistrationsBaseUrl/3.4.0"])], "https://a/r/"),
        ([resource("registrationsbaseurl/3.6.0")], None),
        ([resource("RegistrationsBaseUrl/3.6.0", "/relative"), resource("RegistrationsBaseUrl")], "https://a/r/"),
        (
            [
                resource("RegistrationsBaseUrl/Versioned", clientVersion="4.3.0-alpha"),
                resource("RegistrationsBaseUrl/Versioned", "https://b/", clientVersion="5.0.0"),
                resource("RegistrationsBaseUrl/3.6.0", "https://c/"),
            ],
            "https://b/",
        ),
        ([None, "x", {"@type": None, "@id": 5}, resource(7)], None),
    ],
)
def test_the_best_resource_is_taken(resources: list[object], registrations: str | None) -> None:
    assert read_service_index({"resources": resources}) == ServiceIndex(registrations, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "items",
                    "catalogEntry",
                    "version",
                    "tags",
                    "dependencyGroups",
                    "dependencies",
                    "id",
                    "range",
                    "listed",
                    "published",
                    "projectUrl",
                    "@id",
                    "upper",
                    "resources",
                    "@type",
                    "targetFramework",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(JSON)
def test_no_document_breaks_the_readers(document: object) -> None:
    for read in (read_index, read_page, read_service_index):
        read(document)
    read_page({"items": [{"catalogEntry": {"version": "1.0.0", "tags": document, "dependencyGroups": document}}]})


def corpus(name: str) -> object:
    return json.loads((CORPUS / "feed" / name).read_bytes())


@needs_corpus
def test_real_service_indexes() -> None:
    assert read_service_index(corpus("v3_index.json")) == ServiceIndex(
        "https://api.nuget.org/v3/registration5-gz-semver2/", "https://api.nuget.org/v3-flatcontainer/"
    )
    azure = read_service_index(corpus("azure_devops/v3_index.json"))
    assert azure.registrations.endswith("/nuget/v3/registrations2-semver2/")
    assert azure.flat_container.endswith("/nuget/v3/flat2/")


@needs_corpus
def test_real_registrations_with_pages_of_their_own() -> None:
    pages = read_index(corpus("nlog/v3_registration.json"))
    assert [(page.entries, page.upper.full) for page in pages] == [
        (None, "4.4.0-beta5"),
        (None, "4.6.0-rc2"),
        (None, "5.0.0-beta11"),
    ]
    entries = [read_page(corpus(f"nlog/v3_catalog_{number}.json")) for number in (1, 2, 3)]
    assert [len(page) for page in entries] == [64, 64, 28]
    first = entries[0][0]
    assert (first.id, first.version.full, first.project_url) == ("NLog", "1.0.0.505", None)
    assert first.tags == ("logging", "log", "tracing", "logfiles", "NLog")
    assert not entries[2][-1].listed
    assert entries[2][-1].published is None


@needs_corpus
def test_real_registrations_with_everything_inside() -> None:
    (page,) = read_index(corpus("nunit/v3_registration.json"))
    assert len(page.entries) == 45
    assert page.entries[-1].version.full == "3.12.0+build-632"
    (page,) = read_index(corpus("proxykit/v3_registration.json"))
    assert [(each.version.full, each.listed) for each in page.entries][-1] == ("2.3.4+build.119", False)
    assert page.entries[-1].dependency_groups[0].target_framework == ".NETCoreApp3.1"
    (page,) = read_index(corpus("azure_devops/nunit/v3_registration.json"))
    assert (page.entries[0].version.full, page.entries[0].described) == ("3.13.2", False)
