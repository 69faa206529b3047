from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.web.guard import AddressKind
from umbmarket.web.outcomes import (
    Blocked,
    Delivery,
    Fetched,
    HttpFailure,
    Trouble,
    Unreachable,
    shown_text,
    shown_url,
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.nuget.org/v3/index.json", "https://api.nuget.org/v3/index.json"),
        ("https://me:secret@host.example/x", "https://host.example/x"),
        ("https://host.example:8443/x?token=secret&a=b", "https://host.example:8443/x?…"),
        ("https://host.example/x#secret", "https://host.example/x"),
        (
            "https://www.myget.org/F/a/auth/0c5f-secret/api/v3/index.json",
            "https://www.myget.org/F/a/auth/…/api/v3/index.json",
        ),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("token-secret", "an invalid URL"),
        ("http://[::1", "an invalid URL"),
        ("https://h:99999999/", "an invalid URL"),
        ("https://h/\x1b[31mred", "https://h/ [31mred"),
        ("https://h/" + "a" * 400, "https://h/" + "a" * 289 + "…"),
    ],
)
def test_shown_url(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_shown_texts_hold_no_control_characters(text: str) -> None:
    for shown in (shown_text(text), shown_url(text), shown_url("https://h/" + text)):
        assert all(character >= " " and character != "\x7f" for character in shown)


def test_shown_text_is_cut_with_an_ellipsis() -> None:
    assert shown_text("abcdef", 6) == "abcdef"
    assert shown_text("abcdefg", 6) == "abcde…"
    assert shown_text(" a\r\n\tb \u202e c ") == "a b   c"


def fetched(body: bytes, **more: object) -> Fetched:
    return Fetched(
        "https://h/", "https://h/", 200, (("content-type", "Application/JSON; charset=utf-8"),), body, **more
    )  # type: ignore[arg-type]  # the fields vary by test


def test_json_text_and_headers() -> None:
    answer = fetched(b"\xef\xbb\xbf" + json.dumps({"a": [1]}).encode())
    assert answer.json() == {"a": [1]}
    assert answer.text == '{"a": [1]}'
    assert answer.media_type == "application/json"
    assert answer.header("Content-Type") == "Application/JSON; charset=utf-8"
    assert answer.header("etag") is None
    assert answer.delivery is Delivery.ANSWERED
    assert answer.describe() == "https://h/ answered 200."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Expecting property name"),
        (b"\xff\xfe", "Expecting value"),
        (b"[" * 200_000, "nested too deeply"),
        (b"1" * 5000, "Exceeds the limit"),
    ],
)
def test_json_that_is_none_is_a_value_error(body: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fetched(body).json()


def test_json_of_a_cut_document_is_refused_even_if_it_parses() -> None:
    assert fetched(b"12").json() == 12
    with pytest.raises(ValueError, match="longer than the limit"):
        fetched(b"12", truncated=True).json()


@pytest.mark.parametrize(
    ("status", "transient"),
    [
        (400, False),
        (401, False),
        (404, False),
        (408, True),
        (429, True),
        (499, False),
        (500, True),
        (503, True),
        (599, True),
        (304, False),
    ],
)
def test_which_failures_may_pass(status: int, transient: bool) -> None:
    assert HttpFailure("u", "u", status).transient is transient


def test_sentences() -> None:
    url = "https://me:pw@h.example/f?sig=secret"
    assert HttpFailure(url, url, 404).describe() == "https://h.example/f?… answered 404."
    assert HttpFailure(url, url, 400, "PackageId is required.").describe() == (
        "https://h.example/f?… answered 400: PackageId is required."
    )
    assert HttpFailure(url, url, 429, "", 42.4).describe() == "https://h.example/f?… answered 429 (asks to wait 42 s)."
    assert HttpFailure(url, url, 302, problem="it redirects more than 5 times").describe() == (
        "https://h.example/f?… answered 302: it redirects more than 5 times."
    )
    assert Unreachable(url, Trouble.REFUSED, "the connection was refused", Delivery.NOT_SENT).describe() == (
        "https://h.example/f?… could not be reached: the connection was refused."
    )
    assert Blocked(url, url, AddressKind.PRIVATE, "10.0.0.1 is a private address").describe() == (
        "https://h.example/f?… was not fetched: 10.0.0.1 is a private address. --allow-private-hosts allows it."
    )
    assert Blocked(url, "http://10.0.0.1/?k=v", AddressKind.PRIVATE, "10.0.0.1 is a private address").describe() == (
        "https://h.example/f?… was not fetched: it redirects to http://10.0.0.1/?…: 10.0.0.1 is a private address. "
        "--allow-private-hosts allows it."
    )


def test_no_repr_shows_an_address_or_a_body() -> None:
    url = "https://me:pw@h.example/f?sig=secret"
    outcomes = [
        Fetched(url, url, 200, (("x", "secret"),), b"secret"),
        HttpFailure(url, url, 404),
        Unreachable(url, Trouble.TIMEOUT, "slow", Delivery.UNKNOWN),
        Blocked(url, url, AddressKind.PRIVATE, "x"),
    ]
    for outcome in outcomes:
        assert "secret" not in repr(outcome)
        assert "pw" not in repr(outcome)
