"""Umbraco behind other packages: level by level, each package once, whatever circles there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.doubles.feed_double import CONTAINER, INDEX, FeedDouble
from umbmarket.nuget.feed.v3 import NugetFeed, configured_feed
from umbmarket.umbraco.online.dependency_graph import DependencySearch, find_umbraco
from umbmarket.web.client import Http

CMS = "Umbraco.Cms.Core"


@pytest.fixture
def search(serve: Callable[..., Any]) -> Iterator[Callable[..., DependencySearch]]:
    clients: list[Http] = []

    def start(double: FeedDouble, groups: list[Any], **options: int) -> DependencySearch:
        feed = configured_feed(serve(double).url(INDEX), {})
        clients.append(Http(trusted_urls=[feed.source], sleep=lambda _: None))
        return find_umbraco(NugetFeed(clients[-1], feed), "My.Package", groups, **options)

    yield start
    for client in clients:
        client.close()


def nuspec(package_id: str, version: str) -> str:
    return f"{CONTAINER}/{package_id}/{version}/{package_id}.nuspec"


def test_the_shortest_way_is_named(search) -> None:
    double = FeedDouble()
    double.publish("A", "1.0.0", groups={None: {"B": "2.0.0", "C": "1.0.0"}})
    double.publish("B", "2.0.0", groups={None: {"D": "1.0.0"}})
    double.publish("C", "1.0.0", groups={None: {CMS: "[13.0.0, 14.0.0)"}})
    double.publish("D", "1.0.0", groups={None: {CMS: "[10.0.0, 11.0.0)"}})
    found = search(double, [("net8.0", [("A", "1.0.0")])])
    assert [(each.text, each.range, each.framework) for each in found.found] == [
        ("A 1.0.0 > C 1.0.0 > Umbraco.Cms.Core", "[13.0.0, 14.0.0)", "net8.0")
    ]
    assert found.groups == [("net8.0", [(CMS, "[13.0.0, 14.0.0)")])]
    assert (found.complete, found.packages, found.problems) == (True, 3, ())
    # The lowest version of a range is mostly there: one request for each package, and D lies below the level.
    assert double.paths == [INDEX, nuspec("a", "1.0.0"), nuspec("b", "2.0.0"), nuspec("c", "1.0.0")]


def test_a_circle_ends(search) -> None:
    double = FeedDouble()
    double.publish("A", "1.0.0", groups={None: {"B": "1.0.0", "my.package": "1.0.0"}})
    double.publish("B", "1.0.0", groups={None: {"a": "1.0.0"}})
    found = search(double, [(None, [("A", "1.0.0")])])
    assert (found.found, found.complete, found.packages) == ((), True, 2)
    assert double.paths == [INDEX, nuspec("a", "1.0.0"), nuspec("b", "1.0.0")]


def test_it_ends_after_a_number_of_packages(search) -> None:
    double = FeedDouble()
    for number in range(12):
        double.publish(f"P{number}", "1.0.0", groups={None: {f"P{number + 1}": "1.0.0"}})
    found = search(double, [(None, [("P0", "1.0.0")])], limit=10)
    assert (found.found, found.complete, found.packages) == ((), False, 10)
    assert found.problems == ("The search ended after 10 packages.",)


def test_a_diamond_is_read_once(search) -> None:
    double = FeedDouble()
    double.publish("A", "1.0.0", groups={None: {"C": "1.0.0"}})
    double.publish("B", "1.0.0", groups={None: {"C": "1.0.0"}})
    double.publish("C", "1.0.0", groups={None: {CMS: None}})
    found = search(double, [("net8.0", [("A", "1.0.0"), ("B", "1.0.0")]), ("net9.0", [("B", "1.0.0")])])
    assert [(each.path, each.framework) for each in found.found] == [
        (("A 1.0.0", "C 1.0.0"), "net8.0"),
        (("B 1.0.0", "C 1.0.0"), "net9.0"),
    ]
    assert [each.range for each in found.found] == [None, None]
    assert len(double.paths) == 4


@pytest.mark.parametrize(
    ("wanted", "picked", "requests"),
    [
        ("1.5.0", "2.0.0", 4),
        ("[1.0.0, 2.0.0]", "1.0.0", 2),
        ("(1.0.0, )", "2.0.0", 3),
        ("1.*", "1.0.0", 3),
        ("", "1.0.0", 3),
        ("nonsense", "1.0.0", 3),
    ],
)
def test_the_version_is_the_one_of_a_restore(search, wanted: str, picked: str, requests: int) -> None:
    double = FeedDouble()
    double.publish("A", "0.9.0-beta")
    for version in ("1.0.0", "2.0.0"):
        double.publish("A", version, groups={None: {CMS: f"[{version}]"}})
    found = search(double, [(None, [("A", wanted)])])
    assert [each.path for each in found.found] == [(f"A {picked}",)]
    assert len(double.paths) == requests


def test_the_group_of_the_same_framework_counts(search) -> None:
    double = FeedDouble()
    double.publish("A", "1.0.0", groups={"net8.0": {CMS: "[13.0.0, 14.0.0)"}, "net9.0": {CMS: "[15.0.0, 16.0.0)"}})
    groups = [("net9.0", [("A", "1.0.0")]), ("net10.0", [("A", "1.0.0")])]
    assert search(double, groups).groups == [
        ("net9.0", [(CMS, "[15.0.0, 16.0.0)")]),
        ("net10.0", [(CMS, "[13.0.0, 14.0.0)"), (CMS, "[15.0.0, 16.0.0)")]),
    ]


def test_what_cannot_be_read_leaves_it_open(search) -> None:
    double = FeedDouble()
    double.publish("A", "1.0.0", nuspec=b"no nuspec")
    double.publish("B", "1.0.0")
    found = search(double, [(None, [("A", "1.0.0"), ("Gone", "1.0.0"), ("B", "[3.0.0, 4.0.0)")])])
    assert (found.found, found.complete) == ((), False)
    assert found.problems[0].endswith("/a/1.0.0/a.nuspec is not a nuspec that can be read.")
    assert found.problems[1:] == ("The feed has no package Gone.", "The feed has no version of B in [3.0.0, 4.0.0).")


def test_packages_of_microsoft_are_not_asked_for(search) -> None:
    double = FeedDouble()
    found = search(double, [(None, [("Microsoft.Extensions.Http", "8.0.0"), ("System.Text.Json", "8.0.0")])])
    assert found == DependencySearch((), 0, complete=True)
    assert double.paths == []
