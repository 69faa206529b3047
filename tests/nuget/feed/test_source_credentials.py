from __future__ import annotations

import pytest

from umbmarket.nuget.feed.source_credentials import credentials_from_environment, feed_from
from umbmarket.web.credentials import Credentials, Feed

VARIABLE = "NuGetPackageSourceCredentials_Corp"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Username=me;Password=secret", ("me", "secret", ())),
        ("username=me;password=secret", ("me", "secret", ())),
        ("  Username=me; \tPassword=secret  ", ("me", "secret", ())),
        ("Username=;Password=", ("", "", ())),
        ("Username=a=b;Password=c;d=e", ("a=b", "c;d=e", ())),
        ("Username=a;b;Password=c", ("a;b", "c", ())),
        (
            "Username=me;Password=s;ValidAuthenticationTypes=Basic, Negotiate",
            ("me", "s", ("basic", "negotiate")),
        ),
        ("Username=me;Password=s;ValidAuthenticationTypes=", ("me", "s", ())),
        ("Username=me;Password=s ; ValidAuthenticationTypes=x", ("me", "s ; ValidAuthenticationTypes=x", ())),
    ],
)
def test_the_variable_as_nuget_reads_it(value: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    found = credentials_from_environment("Corp", {VARIABLE: value})
    assert found is not None
    assert (found.username, found.password, found.authentication_types) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "me:secret",
        "Password=s;Username=me",
        "Username=me",
        "x Username=me;Password=s",
        "Username=me\n;Password=s",
    ],
)
def test_what_is_malformed_is_ignored(value: str) -> None:
    assert credentials_from_environment("Corp", {VARIABLE: value}) is None
    assert credentials_from_environment("Other", {VARIABLE: "Username=me;Password=s"}) is None


def test_where_a_feed_s_credentials_come_from() -> None:
    environment = {VARIABLE: "Username=env;Password=e"}
    assert feed_from("https://h/i.json", "Corp", environment).credentials == Credentials("env", "e")
    assert feed_from("https://u:p%40@h/i.json?x=1", None, environment) == Feed(
        "https://h/i.json?x=1", Credentials("u", "p@")
    )
    assert feed_from("https://u:p@h/i.json", "Corp", environment) == Feed("https://h/i.json", Credentials("env", "e"))
    assert feed_from("https://h/i.json", "Other", environment) == Feed("https://h/i.json")
