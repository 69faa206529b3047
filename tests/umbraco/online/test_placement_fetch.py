"""What an answer means for a file that the Marketplace looks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.loopback import Names, Server
from umbmarket.umbraco.online.placement_fetch import fetch_first, judge
from umbmarket.umbraco.placement import Address
from umbmarket.web.client import Http
from umbmarket.web.guard import AddressKind
from umbmarket.web.outcomes import Blocked, Delivery, Fetched, Hop, HttpFailure, Trouble, Unreachable

URL = "https://example.com/umbraco-marketplace.json"


def fetched(body: bytes, media_type: str = "text/plain", redirects: tuple[Hop, ...] = ()) -> Fetched:
    final = redirects[-1].url if redirects else URL
    return Fetched(URL, final, 200, (("content-type", media_type),), body, redirects=redirects)


@pytest.mark.parametrize(
    ("outcome", "judged"),
    [
        (fetched(b"{}"), ("found", "200")),
        (fetched(b"{}", "application/octet-stream"), ("found", "200")),
        (fetched(b""), ("found", "200")),
        (fetched(b"{}", redirects=(Hop(301, "https://b/x"),)), ("found", "200, from https://b/x")),
        (fetched(b"{}", "Text/HTML; charset=utf-8"), ("web-page", "200, but a web page")),
        (fetched(b"\xef\xbb\xbf\n <!DOCTYPE html>"), ("web-page", "200, but a web page")),
        (HttpFailure(URL, URL, 404), ("missing", "404")),
        (HttpFailure(URL, URL, 403), ("missing", "403")),
        (HttpFailure(URL, URL, 302, problem="too many redirects"), ("missing", "302, too many redirects")),
        (HttpFailure(URL, URL, 429), ("unknown", "429")),
        (HttpFailure(URL, URL, 503), ("unknown", "503")),
        (
            Unreachable(URL, Trouble.TIMEOUT, "it took too long", Delivery.UNKNOWN),
            ("unknown", "could not be reached: it took too long"),
        ),
        (
            Unreachable(URL, Trouble.UNKNOWN_HOST, "no such host", Delivery.NOT_SENT),
            ("unknown", "could not be reached (the host is not known)"),
        ),
        (
            Blocked(URL, URL, AddressKind.PRIVATE, "it is private"),
            ("unknown", "was not asked: it is private"),
        ),
    ],
)
def test_a_listing(outcome: object, judged: tuple[str, str]) -> None:
    assert judge(outcome, "listing") == judged


def test_a_host_that_does_not_exist_has_no_listing_where_other_names_were_found() -> None:
    unknown = Unreachable(URL, Trouble.UNKNOWN_HOST, "no such host", Delivery.NOT_SENT)
    assert judge(unknown, "listing", names_resolve=True) == ("missing", "the host does not exist")
    silent = Unreachable(URL, Trouble.LOOKUP_FAILED, "later", Delivery.NOT_SENT)
    assert judge(silent, "listing", names_resolve=True) == ("unknown", "could not be reached: later")


def test_names_that_were_found_are_remembered(serve: Callable[..., Server], names: Callable[..., Names]) -> None:
    server = serve(lambda request: (404, {}, b""))
    there, gone = (Address(f"http://{name}.example:{server.port}/a.json", "a.json") for name in ("there", "gone"))
    with Http(allow_private_hosts=True, resolver=names({"there.example": [["127.0.0.1"]]})) as http:
        before, _ = fetch_first(http, "listing", [gone], 10)
        after, _ = fetch_first(http, "listing", [there, gone], 10)
    assert [each.result for each in before] == ["unknown"]
    assert [each.answer for each in after] == ["404", "the host does not exist"]


def test_a_readme_may_begin_with_html() -> None:
    assert judge(fetched(b"<!-- logo --><body>"), "readme") == ("found", "200")
    assert judge(fetched(b"# Title", "text/html"), "readme") == ("web-page", "200, but a web page")
