"""The client of the Marketplace's package API: what it takes from an answer, and what it makes of none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doubles.marketplace_double import API_BASE, MarketplaceDouble, record
from umbmarket.umbraco.online.api import (
    DEFAULT_BASE,
    MarketplaceApi,
    MarketplaceFailure,
    MarketplaceRecord,
    NotListed,
    configured_base,
    read_record,
)
from umbmarket.web.client import Http
from umbmarket.web.retry import NO_RETRY


@pytest.fixture
def ask(serve: Callable[..., Any]) -> Iterator[Callable[..., MarketplaceApi]]:
    clients: list[Http] = []

    def start(double: MarketplaceDouble) -> MarketplaceApi:
        base = configured_base(serve(double).url(API_BASE + "/"), {})
        clients.append(Http(trusted_urls=[base], sleep=lambda _: None))
        return MarketplaceApi(clients[-1], base)

    yield start
    for client in clients:
        client.close()


def test_a_package_that_is_listed(ask) -> None:
    double = MarketplaceDouble({"my.package": record()})
    found = ask(double).package("My.PACKAGE")
    assert isinstance(found, MarketplaceRecord)
    assert (found.package_id, found.latest_version, found.majors) == ("My.Package", "1.2.0", (13,))
    assert (found.category, found.license_types, found.package_type) == ("Developer Tools", ("Free",), "Package")
    assert (found.minimum_umbraco, found.maximum_umbraco, found.maximum_is_inclusive) == ("13.0.0", "14.0.0", False)
    assert found.last_published.isoformat() == "2024-05-06T07:08:09.123000+00:00"
    assert (found.downloads, found.tags) == (1234, ("editors",))
    assert [request.path for request in double.requests] == [f"{API_BASE}/packages/my.package"]


def test_a_package_that_is_not(ask) -> None:
    missing = ask(MarketplaceDouble()).package("Other")
    assert missing == NotListed("Other")
    assert missing.describe() == "The Marketplace does not list Other."


@pytest.mark.parametrize(
    ("reply", "problem", "transient"),
    [
        ((200, {}, b"<html>"), "is not a package record.", False),
        ((200, {}, b"[]"), "is not a package record.", False),
        ((403, {}, b"No"), "answered 403: No.", False),
        ((500, {}, b""), "answered 500.", True),
    ],
)
def test_no_answer_to_go_by(ask, reply, problem: str, transient: bool) -> None:
    double = MarketplaceDouble(broken={f"{API_BASE}/packages/x": reply})
    failure = ask(double).package("x", retry=NO_RETRY)
    assert isinstance(failure, MarketplaceFailure)
    assert failure.describe().endswith(problem)
    assert failure.transient is transient
    assert len(double.requests) == 1


def test_where_the_api_is() -> None:
    assert configured_base(None, {}) == DEFAULT_BASE
    assert configured_base(None, {"UMBMARKET_MARKETPLACE_API": "https://a/api/ "}) == "https://a/api"
    assert configured_base("https://b", {"UMBMARKET_MARKETPLACE_API": "https://a"}) == "https://b"
    with pytest.raises(ValueError, match="must be an http or https URL"):
        configured_base("localhost", {})


def test_what_is_not_as_expected_counts_as_missing() -> None:
    strange: dict[str, object] = dict.fromkeys(record(), 5.5)
    assert read_record(strange) == MarketplaceRecord()
    assert read_record({}) == MarketplaceRecord()
    assert read_record({"category": "Search"}).category == "Search"
    assert read_record({"umbracoMajorVersionsSupported": [13, "14", None, True, 12]}).majors == (12, 13)
    assert read_record({"umbracoMajorVersionsSupported": []}).majors == ()
    assert read_record({"lastPublishedOn": "yesterday"}).last_published is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id"]), inner),
    max_leaves=5,
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(record())), VALUES))
def test_no_answer_breaks_the_reader(answer: dict[str, object]) -> None:
    assert isinstance(read_record(json.loads(json.dumps(answer))), MarketplaceRecord)
