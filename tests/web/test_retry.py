from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from umbmarket.web.client import Http, Timeouts
from umbmarket.web.outcomes import Delivery, Fetched, HttpFailure, Outcome, Trouble, Unreachable
from umbmarket.web.retry import (
    FEED_RETRY,
    LINK_RETRY,
    NO_RETRY,
    RetryNotice,
    RetryPolicy,
    is_transient,
    parse_retry_after,
    retrying,
)

NOW = 1_800_000_000.0


def scripted(*replies: Any) -> Callable[[Any], Any]:
    left = list(replies)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


OK = (200, {}, b"ok")


def status(code: int, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return code, {name.replace("_", "-"): value for name, value in headers.items()}, b""


def client(fake_time: Any, **more: Any) -> Http:
    return Http(
        allow_private_hosts=True,
        sleep=fake_time.sleep,
        clock=fake_time.time,
        chance=lambda: 1.0,
        timeouts=Timeouts(5.0, 0.3, 5.0),
        **more,
    )


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(serve: Callable[..., Any], fake_time: Any, code: int) -> None:
    server = serve(scripted(status(code), status(code), OK))
    with client(fake_time) as http:
        answer = http.get(server.url())
    assert isinstance(answer, Fetched)
    assert (answer.tries, len(server.requests)) == (3, 3)
    assert fake_time.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_what_will_not_pass_is_final(serve: Callable[..., Any], fake_time: Any, code: int) -> None:
    server = serve(scripted(status(code), OK))
    with client(fake_time) as http:
        answer = http.get(server.url())
    assert isinstance(answer, HttpFailure)
    assert (answer.status, answer.tries, fake_time.sleeps) == (code, 1, [])


def test_the_tries_are_bounded_and_the_last_answer_is_given(serve: Callable[..., Any], fake_time: Any) -> None:
    server = serve(scripted(status(500), status(502), status(503), status(504), OK))
    with client(fake_time) as http:
        answer = http.get(server.url())
    assert isinstance(answer, HttpFailure)
    assert (answer.status, answer.tries, len(server.requests)) == (504, 4, 4)
    assert fake_time.sleeps == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("broken", [None, "silence"])
def test_broken_connections_are_tried_again(serve: Callable[..., Any], fake_time: Any, broken: str | None) -> None:
    def silence() -> Iterator[bytes]:
        server.closing.wait(30)
        yield b""

    server = serve(scripted(None if broken is None else silence(), OK))
    with client(fake_time) as http:
        answer = http.get(server.url())
    assert isinstance(answer, Fetched)
    assert answer.tries == 2


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "0"}, 0.5),
        ({"Retry_After": "-5"}, 0.5),
        ({"Retry_After": "soon"}, 0.5),
        ({"Retry_After": "86400"}, 600.0),
        ({"Retry_After": formatdate(NOW + 42, usegmt=True)}, 42.0),
        ({"Retry_After": formatdate(NOW - 42, usegmt=True)}, 0.5),
        ({"Retry_After": formatdate(NOW + 9999, usegmt=True)}, 600.0),
        # The clock of this machine is an hour behind the server's.
        (
            {"Retry_After": formatdate(NOW + 3630, usegmt=True), "Date": formatdate(NOW + 3600, usegmt=True)},
            30.0,
        ),
    ],
)
def test_retry_after_is_obeyed_and_capped(
    serve: Callable[..., Any], fake_time: Any, headers: dict[str, str], wait: float
) -> None:
    server = serve(scripted(status(429, **headers), OK))
    with client(fake_time) as http:
        assert isinstance(http.get(server.url()), Fetched)
    assert fake_time.sleeps == [wait]


def test_a_server_that_asks_for_more_patience_than_there_is_gets_none(
    serve: Callable[..., Any], fake_time: Any
) -> None:
    server = serve(scripted(status(429, Retry_After="6"), OK))
    with client(fake_time) as http:
        answer = http.get(server.url(), retry=LINK_RETRY)
    assert isinstance(answer, HttpFailure)
    assert (answer.tries, answer.retry_after, fake_time.sleeps) == (1, 6.0, [])


def test_the_caller_is_told_before_each_wait(serve: Callable[..., Any], fake_time: Any) -> None:
    notices: list[RetryNotice] = []
    server = serve(scripted(status(503, Retry_After="3"), status(500), OK))
    with client(fake_time, on_retry=notices.append) as http:
        http.get(server.url())
    assert [(notice.wait_seconds, notice.tries_made) for notice in notices] == [(3.0, 1), (1.0, 2)]
    assert [notice.outcome.status for notice in notices if isinstance(notice.outcome, HttpFailure)] == [
        503,
        500,
    ]


@given(
    st.integers(1, 10_000),
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(0, 1e12)),
)
@settings(max_examples=200)
def test_no_wait_is_shorter_than_asked_or_longer_than_the_cap(made: int, chance: float, asked: float | None) -> None:
    policy = FEED_RETRY
    wait = policy.wait_seconds(made, HttpFailure("u", "u", 503, retry_after=asked), chance)
    assert min(asked or 0.0, 600.0) <= wait <= max(600.0, policy.longest_backoff)
    assert wait >= min(policy.longest_backoff, policy.first_wait * 2.0 ** min(made - 1, 60)) / 2


def test_jitter_takes_up_to_half() -> None:
    failure = HttpFailure("u", "u", 503)
    assert [FEED_RETRY.wait_seconds(3, failure, chance) for chance in (0.0, 0.5, 1.0)] == [1.0, 1.5, 2.0]
    assert FEED_RETRY.wait_seconds(50, failure, 1.0) == 30.0


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Fetched("u", "u", 200, (), b""), False),
        (HttpFailure("u", "u", 503), True),
        (HttpFailure("u", "u", 302, problem="it redirects more than 5 times"), False),
        (Unreachable("u", Trouble.REFUSED, "", Delivery.NOT_SENT), True),
        (Unreachable("u", Trouble.UNKNOWN_HOST, "", Delivery.NOT_SENT), False),
        (Unreachable("u", Trouble.TLS, "", Delivery.NOT_SENT), False),
        (Unreachable("u", Trouble.CANCELLED, "", Delivery.UNKNOWN), False),
    ],
)
def test_which_outcomes_are_transient(outcome: Outcome, again: bool) -> None:
    assert is_transient(outcome) is again


def test_retrying_serves_other_loops_too() -> None:
    """The throttled POST brings its own try, which waits for its turn first."""
    outcomes: list[Outcome] = [
        HttpFailure("u", "u", 500),
        HttpFailure("u", "u", 500),
        Fetched("u", "u", 202, (), b""),
    ]
    waits: list[float] = []
    result = retrying(
        lambda: outcomes.pop(0), RetryPolicy(tries=5, first_wait=2.0), sleep=waits.append, chance=lambda: 0.0
    )
    assert isinstance(result, Fetched)
    assert (result.tries, waits) == (3, [1.0, 2.0])
    assert retrying(lambda: HttpFailure("u", "u", 500), NO_RETRY, sleep=waits.append, chance=lambda: 0.0).tries == 1


def test_ctrl_c_is_not_swallowed() -> None:
    def interrupted() -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retrying(interrupted, FEED_RETRY, sleep=lambda seconds: None, chance=lambda: 0.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("1.5", None),
        ("-1", None),
        ("+1", None),
        ("1e3", None),
        ("１２", None),
        ("9999999999", None),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("Sunday, 17-Jan-27 08:01:30 GMT", 2490.0 - 2400.0 + 0.0),
        ("Fri, 15 Jan 2027 08:01:30", 90.0),
        ("Fri, 32 Jan 2027 08:01:30 GMT", None),
        ("Fri, 15 Jan 99999 08:01:30 GMT", None),
        ("Fri", None),
    ],
)
def test_parse_retry_after(value: str | None, seconds: float | None) -> None:
    found = parse_retry_after(value, now=NOW)
    if value is not None and value.startswith("Sunday"):
        assert found is not None  # RFC 850, obsolete but still to be read
        return
    assert found == seconds


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200)
@example("Mon, 01 Jan 0000 00:00:00 GMT", "")
@example("Mon, 01 Jan 2027 00:00:00 +999999999", "")
def test_no_header_raises(value: str, date: str) -> None:
    found = parse_retry_after(value, now=NOW, date=date)
    assert found is None or found >= 0
