"""Which place an address means, and that each login goes to its own place alone."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from umbmarket.nuxeo.publish_targets import PREPRODUCTION, PRODUCTION, login_for, no_login, target_of
from umbmarket.nuxeo.wrong_use import WrongUse

PROD = {"UMBMARKET_NUXEO_LOGIN": "jane", "UMBMARKET_NUXEO_TOKEN": "prod-token"}
PREPROD = {"UMBMARKET_NUXEO_PREPROD_LOGIN": "jane", "UMBMARKET_NUXEO_PREPROD_TOKEN": "preprod-token"}
CUSTOM = {
    "UMBMARKET_NUXEO_CUSTOM_LOGIN": "jane",
    "UMBMARKET_NUXEO_CUSTOM_TOKEN": "custom-token",
    "UMBMARKET_NUXEO_CUSTOM_URL": "https://nos.example.org/nuxeo",
}
ALL = {**PROD, **PREPROD, **CUSTOM}

Keyring = Callable[[dict[tuple[str, str], str]], None]


@pytest.fixture(autouse=True)
def no_keyring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed: these tests must not look into the keyring of whoever runs them."""
    if "use_keyring" not in request.fixturenames:
        monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """The real library with a keyring in memory."""
    backend: Any = pytest.importorskip("keyring.backend")
    library: Any = importlib.import_module("keyring")

    class InMemory(backend.KeyringBackend):  # type: ignore[misc]  # keyring has no types
        priority = 1  # type: ignore[assignment]  # keyring has a property there

        def __init__(self, secrets: dict[tuple[str, str], str]) -> None:
            self.secrets = secrets

        def get_password(self, service: str, username: str) -> str | None:
            return self.secrets.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.secrets[service, username] = password

        def get_credential(self, service: str, username: str | None) -> object:
            for (name, user), password in self.secrets.items():
                if name == service and username in (None, user):
                    return types.SimpleNamespace(username=user, password=password)
            return None

    def use(secrets: dict[tuple[str, str], str]) -> None:
        monkeypatch.setattr(library.core, "_keyring_backend", InMemory(secrets))

    return use


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("prod", PRODUCTION),
        ("PROD", PRODUCTION),
        ("preprod", PREPRODUCTION),
        ("https://connect.nuxeo.com/nuxeo", PRODUCTION),
        ("https://connect.nuxeo.com/nuxeo/", PRODUCTION),
        ("https://connect.nuxeo.com", PRODUCTION),
        ("HTTPS://Connect.Nuxeo.Com:443/nuxeo", PRODUCTION),
        ("https://connect.nuxeo.com./nuxeo", PRODUCTION),
        ("https://nos-preprod-connect.nuxeocloud.com/nuxeo", PREPRODUCTION),
    ],
)
def test_an_address_of_the_two_means_the_one(text: str, target: object) -> None:
    assert target_of(text, ALL) == target


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("https://nos.example.org/nuxeo", "https://nos.example.org/nuxeo"),
        ("https://NOS.example.org:443/", "https://nos.example.org"),
        ("https://nos.example.org./nuxeo/", "https://nos.example.org/nuxeo"),
    ],
)
def test_another_address(text: str, base: str) -> None:
    target = target_of(text, ALL)
    assert (target.name, target.base, target.shown) == (base, base, base)
    assert target.login_variable == "UMBMARKET_NUXEO_CUSTOM_LOGIN"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "[::1]:8080", "localhost:8080"])
def test_http_is_for_this_machine_and_has_to_be_allowed(host: str) -> None:
    text = f"http://{host}/nuxeo"
    assert target_of(text, {}, allow_private_hosts=True).base == text
    with pytest.raises(WrongUse, match="only with --allow-private-hosts"):
        target_of(text, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("production", r'"production" is not prod, preprod or a URL that begins with https://'),
        ("prd", r'"prd" is not prod, .*; did you mean "prod"\?'),
        ("connect.nuxeo.com", "is not prod, preprod or a URL"),
        ("http://connect.nuxeo.com/nuxeo", "is not an https URL: a login is sent only over https"),
        ("http://10.0.0.1/nuxeo", "is not an https URL"),
        ("http://127.0.0.1.example.org/", "is not an https URL"),
        ("ftp://nos.example.org/", "is not an https URL"),
        ("https://jane:secret@nos.example.org/", "a URL must not contain a user name or a password"),
        ("https://jane:secret@[nos/", "a URL must not contain a user name or a password"),
        ("https://connect.nuxeo.com@evil.example/", "a URL must not contain a user name or a password"),
        ("https://nos.example.org/?token=secret", "is not the URL of a server, such as"),
        ("https://nos.example.org/#a", "is not the URL of a server, such as"),
        ("https://nos.example.org/a/../b", "is not the URL of a server, such as"),
        ("https://nos.example.org/a%2fb", "is not the URL of a server, such as"),
        ("https://nos.example.org:0/", "is not the URL of a server"),
        ("https://nos.example.org:99999/", "is not a URL that can be read"),
        ("https:///nuxeo", "is not the URL of a server"),
        ("https://connect\u3002nuxeo\u3002com/nuxeo", "is not the URL of a server"),
        ("https://\uff43onnect.nuxeo.com/nuxeo", "is not the URL of a server"),
        ("https://connect.nuxeo.com%2f.example.org/", "is not the URL of a server"),
        ("https://connect.nuxeo.com\\@nos.example.org/", "must not contain a user name"),
        ("https://connect.nuxeo.com/other", "the URL of production is https://connect.nuxeo.com/nuxeo, not"),
        ("https://connect.nuxeo.com/nuxeo/site", "the URL of production is"),
        ("https://connect.nuxeo.com:8443/nuxeo", "UMBMARKET_NUXEO_CUSTOM_URL names another server"),
        ("https://other.example.org/nuxeo", "UMBMARKET_NUXEO_CUSTOM_URL names another server"),
        ("https://nos.example.org:8443/nuxeo", "UMBMARKET_NUXEO_CUSTOM_URL names another server"),
    ],
)
def test_no_login_goes_there(text: str, words: str) -> None:
    with pytest.raises(WrongUse, match=words) as caught:
        target_of(text, ALL, allow_private_hosts=True)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "token"),
    [("prod", "prod-token"), ("preprod", "preprod-token"), ("https://nos.example.org/nuxeo", "custom-token")],
)
def test_each_place_has_its_own_login(target: str, token: str) -> None:
    login = login_for(target_of(target, ALL), ALL)
    assert login is not None
    assert (login.credentials.username, login.credentials.password) == ("jane", token)
    assert token not in repr(login)
    assert "jane" not in repr(login)


@pytest.mark.parametrize(
    ("target", "environment"),
    [
        ("prod", {**PREPROD, **CUSTOM}),
        ("preprod", {**PROD, **CUSTOM}),
        ("https://nos.example.org/nuxeo", {**PROD, **PREPROD}),
        ("prod", {}),
    ],
)
def test_no_place_gets_the_login_of_another(target: str, environment: dict[str, str]) -> None:
    place = target_of(target, environment)
    assert login_for(place, environment) is None
    assert f"set {place.login_variable} and {place.token_variable}" in no_login(place)


def test_the_login_for_another_address_says_which_address() -> None:
    unbound = {name: value for name, value in CUSTOM.items() if not name.endswith("_URL")}
    target = target_of("https://nos.example.org/nuxeo", unbound)
    with pytest.raises(WrongUse, match="UMBMARKET_NUXEO_CUSTOM_URL is not set"):
        login_for(target, unbound)
    assert "UMBMARKET_NUXEO_CUSTOM_URL to https://nos.example.org/nuxeo" in no_login(target)


def test_white_space_around_is_dropped() -> None:
    login = login_for(PRODUCTION, {"UMBMARKET_NUXEO_LOGIN": " jane\n", "UMBMARKET_NUXEO_TOKEN": "token\r\n"})
    assert login is not None
    assert (login.credentials.username, login.credentials.password) == ("jane", "token")


@pytest.mark.parametrize(
    ("login", "token", "words"),
    [
        ("", "secret", "UMBMARKET_NUXEO_TOKEN is set, but UMBMARKET_NUXEO_LOGIN is not"),
        ("jane:doe", "secret", "the login in .* contains a character that cannot be sent"),
        ("jane", "sec\nret", "the token in .* contains a character that cannot be sent"),
        ("jane", "secret\udc80", "the token in .* contains a character that cannot be sent"),
    ],
)
def test_half_a_login_and_one_that_cannot_be_sent(login: str, token: str, words: str) -> None:
    with pytest.raises(WrongUse, match=words) as caught:
        login_for(PRODUCTION, {"UMBMARKET_NUXEO_LOGIN": login, "UMBMARKET_NUXEO_TOKEN": token})
    assert "sec" not in str(caught.value)
    assert "doe" not in str(caught.value)


def test_the_keyring_comes_after_the_environment(use_keyring: Keyring) -> None:
    use_keyring({(PRODUCTION.service, "john"): "from-keyring"})
    found = login_for(PRODUCTION, {})
    assert found is not None
    assert (found.credentials.username, found.credentials.password) == ("john", "from-keyring")
    assert found.origin == 'the keyring, "umbmarket nuxeo https://connect.nuxeo.com"'
    assert login_for(PREPRODUCTION, {}) is None
    environment = login_for(PRODUCTION, PROD)
    assert environment is not None
    assert environment.credentials.password == "prod-token"


def test_the_keyring_knows_several_users(use_keyring: Keyring) -> None:
    use_keyring({(PRODUCTION.service, "john"): "of-john", (PRODUCTION.service, "jane"): "of-jane"})
    found = login_for(PRODUCTION, {"UMBMARKET_NUXEO_LOGIN": "jane"})
    assert found is not None
    assert found.credentials.password == "of-jane"


def test_an_entry_of_the_keyring_is_for_one_origin(use_keyring: Keyring) -> None:
    use_keyring({("umbmarket nuxeo https://nos.example.org:443", "jane"): "t"})
    assert login_for(target_of("https://nos.example.org/nuxeo", {}), {}) is not None
    assert login_for(target_of("https://nos.example.org:8443/nuxeo", {}), {}) is None


def test_a_keyring_that_fails_is_told_without_its_words(use_keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keyring({})
    library: Any = importlib.import_module("keyring")

    def fail(service: str, username: str | None) -> None:
        raise library.errors.KeyringLocked("the password is hunter2")

    monkeypatch.setattr(library.get_keyring(), "get_credential", fail)
    with pytest.raises(WrongUse, match=r"^the keyring cannot be read \(KeyringLocked\)$"):
        login_for(PRODUCTION, {})

    def none(service: str, username: str | None) -> None:
        raise library.errors.NoKeyringError

    monkeypatch.setattr(library.get_keyring(), "get_credential", none)
    assert login_for(PRODUCTION, {}) is None
