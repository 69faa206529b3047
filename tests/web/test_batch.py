from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from umbmarket.web.batch import fetch_all
from umbmarket.web.client import Http
from umbmarket.web.outcomes import Fetched, Outcome, Trouble, Unreachable
from umbmarket.web.retry import NO_RETRY


class Gauge:
    """Answers after a while and knows how many requests were under way at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self._never = threading.Event()

    def __call__(self, request: Any) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._never.wait(self._seconds)
        with self._lock:
            self._now -= 1
        return 200, {}, request.target.encode()


def test_a_hundred_links_of_100_ms_on_one_host(serve: Callable[..., Any]) -> None:
    gauge = Gauge(0.1)
    server = serve(gauge)
    urls = [server.url(f"/{number}.png") for number in range(100)]
    with Http(allow_private_hosts=True) as http:
        results = fetch_all(http, urls)
    assert list(results) == urls
    assert [outcome.body for outcome in results.values() if isinstance(outcome, Fetched)] == [
        f"/{number}.png".encode() for number in range(100)
    ]
    assert gauge.most == 8


def test_the_limits_hold(serve: Callable[..., Any], names: Callable[..., Any]) -> None:
    gauge = Gauge(0.05)
    server = serve(gauge)
    resolver = names({f"h{number}.example": [["127.0.0.1"]] for number in range(10)})
    urls = [server.url(f"/{number}", f"h{number % 10}.example") for number in range(30)]
    with Http(allow_private_hosts=True, per_host=2, resolver=resolver) as http:
        fetch_all(http, urls, overall=5)
    assert gauge.most == 5
    with Http(allow_private_hosts=True, per_host=2) as http:
        gauge.most = 0
        fetch_all(http, [server.url(f"/{number}") for number in range(20)], overall=5)
    assert gauge.most == 2


def test_redirects_count_against_the_host_they_lead_to(serve: Callable[..., Any], names: Callable[..., Any]) -> None:
    gauge = Gauge(0.02)
    target = serve(gauge)
    source = serve(lambda request: (302, {"Location": target.url(request.target)}, b""))
    resolver = names({f"h{number}.example": [["127.0.0.1"]] for number in range(10)})
    urls = [source.url(f"/{number}", f"h{number}.example") for number in range(10)]
    with Http(allow_private_hosts=True, per_host=3, resolver=resolver) as http:
        results = fetch_all(http, urls)
    assert all(isinstance(outcome, Fetched) for outcome in results.values())
    assert gauge.most == 3


def test_an_address_is_asked_for_once_and_order_is_kept(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (200, {}, b""))
    seen: list[str] = []
    urls = [server.url("/b"), server.url("/a"), server.url("/b"), "nonsense"]
    with Http(allow_private_hosts=True) as http:
        results = fetch_all(http, urls, on_done=lambda url, outcome: seen.append(url))
        assert fetch_all(http, []) == {}
    assert list(results) == [server.url("/b"), server.url("/a"), "nonsense"]
    assert sorted(seen) == sorted(results)
    assert len(server.requests) == 2


def test_a_dead_host_is_given_up_and_others_are_not(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: (200, {}, b""))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = listener.getsockname()[1]
    urls = [f"http://127.0.0.1:{dead}/{number}" for number in range(30)]
    urls.append(server.url("/alive"))
    with Http(allow_private_hosts=True, per_host=1) as http:
        results = fetch_all(http, urls, retry=NO_RETRY, overall=1)
    troubles = [outcome.trouble for outcome in results.values() if isinstance(outcome, Unreachable)]
    assert troubles == [Trouble.REFUSED] * 3 + [Trouble.GIVEN_UP] * 27
    last = results[urls[29]]
    assert isinstance(last, Unreachable)
    assert (last.detail, last.tries) == ("its host could not be reached for other addresses either", 0)
    assert isinstance(results[server.url("/alive")], Fetched)


def test_failures_of_single_addresses_do_not_condemn_their_host(serve: Callable[..., Any]) -> None:
    server = serve(lambda request: None if request.path == "/broken" else (200, {}, b""))
    urls = [server.url(f"/broken?{number}") for number in range(10)] + [server.url("/fine")]
    with Http(allow_private_hosts=True) as http:
        results = fetch_all(http, urls, retry=NO_RETRY, overall=1)
    assert [outcome.trouble for outcome in results.values() if isinstance(outcome, Unreachable)] == [
        Trouble.DROPPED
    ] * 10
    assert isinstance(results[server.url("/fine")], Fetched)


def test_the_budget_ends_the_batch(serve: Callable[..., Any]) -> None:
    server = serve(Gauge(0.1))
    urls = [server.url(f"/{number}") for number in range(50)]
    with Http(allow_private_hosts=True, per_host=2) as http:
        results = fetch_all(http, urls, overall=2, budget=0.25)
    late = [outcome for outcome in results.values() if isinstance(outcome, Unreachable)]
    assert late
    assert {outcome.trouble for outcome in late} == {Trouble.GIVEN_UP}
    assert {outcome.detail for outcome in late} == {"there was no time left to try it"}
    assert len(server.requests) == 50 - len(late)


def test_ctrl_c_ends_the_batch_at_once(serve: Callable[..., Any]) -> None:
    waited_out: list[str] = []

    def answer(request: Any) -> Any:
        if request.path == "/first":
            return 200, {}, b""
        if not server.closing.wait(60):
            waited_out.append(request.path)
        return None

    def interrupt(url: str, outcome: Outcome) -> None:
        raise KeyboardInterrupt

    server = serve(answer)
    urls = [server.url("/first")] + [server.url(f"/{number}") for number in range(20)]
    with Http(allow_private_hosts=True) as http, pytest.raises(KeyboardInterrupt):
        fetch_all(http, urls, on_done=interrupt)
    assert waited_out == []
    assert len(server.requests) < 20


def test_ctrl_c_does_not_wait_for_a_hanging_look_up(serve: Callable[..., Any]) -> None:
    waited_out: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        if not server.closing.wait(60):
            waited_out.append(host)
        return []

    def interrupt(url: str, outcome: Outcome) -> None:
        raise KeyboardInterrupt

    server = serve(lambda request: (200, {}, b""))
    urls = [server.url("/first")] + [f"http://h{number}.example/" for number in range(5)]
    with Http(allow_private_hosts=True, resolver=resolver) as http, pytest.raises(KeyboardInterrupt):
        fetch_all(http, urls, on_done=interrupt)
    assert waited_out == []


def test_abort_breaks_a_look_up(serve: Callable[..., Any]) -> None:
    def resolver(host: str, port: int) -> list[str]:
        asked.set()
        server.closing.wait(30)
        return []

    asked = threading.Event()
    server = serve(lambda request: (200, {}, b""))
    results: list[Outcome] = []
    with Http(resolver=resolver) as http:
        thread = threading.Thread(target=lambda: results.append(http.get("http://slow.example/")))
        thread.start()
        assert asked.wait(10)
        http.abort()
        thread.join(5)
        assert not thread.is_alive()
    (outcome,) = results
    assert isinstance(outcome, Unreachable)
    assert outcome.trouble is Trouble.CANCELLED


def test_an_error_in_a_thread_is_raised_in_the_caller() -> None:
    """Nothing is known to raise there, but a caller must not wait for ever if it does."""

    class Broken(Http):
        def get(self, *args: Any, **more: Any) -> Outcome:
            raise ValueError("a bug")

    with Broken() as http, pytest.raises(ValueError, match="a bug"):
        fetch_all(http, ["http://a.example/", "http://b.example/"])
