"""A feed of documents that may ask for credentials, and which origin may get them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit, urlunsplit

FINGERPRINT_ROUNDS = 200_000
"""PBKDF2 rounds behind a fingerprint: about 0.1 s per feed, so that a file name gives no password away."""

_DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""Scheme, host and port, in lower case, in ASCII (punycode) and with the default port filled in."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and a password, which no text of this class shows.

    Attributes:
        username: The user name; with most feeds any text will do.
        password: The password or access token.
        authentication_types: The types the user allows, lower-case; empty means all.
    """

    username: str = field(repr=False)
    password: str = field(repr=False)
    authentication_types: tuple[str, ...] = ()

    @property
    def allow_basic(self) -> bool:
        """Whether HTTP Basic, the only type spoken here, is allowed."""
        return not self.authentication_types or "basic" in self.authentication_types

    def basic_header(self) -> str:
        """Give the value of the `Authorization` header for HTTP Basic (RFC 7617, UTF-8)."""
        return "Basic " + base64.b64encode(_octets(f"{self.username}:{self.password}")).decode("ascii")

    def spellings(self) -> Iterator[str]:
        """Give the secrets in the spellings in which a server may echo them."""
        pair = _octets(f"{self.username}:{self.password}")
        encoded = [base64.b64encode(pair).decode("ascii"), base64.urlsafe_b64encode(pair).decode("ascii")]
        for text in (*encoded, *(each.rstrip("=") for each in encoded), self.password):
            yield from _written(text)

    def all_spellings(self) -> Iterator[str]:
        """Give the secrets as `spellings` does, and the user name too."""
        yield from self.spellings()
        yield from _written(self.username)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed.

    Attributes:
        source: The address it is known by, without user name and password; it may hold a key in its
            query or path, so show `outcomes.shown_url(source)`.
        credentials: What to answer a 401 with, if anything.
    """

    source: str = field(repr=False)
    credentials: Credentials | None = None

    @property
    def origin(self) -> Origin | None:
        """The only origin that ever gets the credentials; `None` when the source is no usable address."""
        return origin_of(self.source)

    def partition(self) -> str:
        """Name what this feed answers to these credentials, for a cache that must not mix users.

        Returns:
            64 hexadecimal digits from which neither the address nor the credentials can be read.
        """
        source = self.source.encode("utf-8", "surrogatepass")
        if self.credentials is None:
            return hashlib.sha256(source).hexdigest()
        secret = f"{self.credentials.username}\0{self.credentials.password}".encode("utf-8", "surrogatepass")
        salt = hashlib.sha256(source).digest()
        return hashlib.pbkdf2_hmac("sha256", secret, salt, FINGERPRINT_ROUNDS).hex()


def secrets_in(url: str) -> Iterator[str]:
    """Give what an address may hold that nobody else should see: its query, user name and password, a key in its path.

    Args:
        url: Any text used as an address.
    """
    try:
        parts = urlsplit(url)
        values = [value for _, value in parse_qsl(parts.query)]
    except ValueError:
        return
    _, userinfo = split_userinfo(url)
    if userinfo is not None:
        yield from userinfo.spellings()
    for text in (parts.query, *values, *PATH_KEY.findall(parts.path)):
        # What is shorter is a version or a flag, and hiding it would leave nothing of a sentence.
        if len(text) >= SHORTEST_SECRET:
            yield from _written(text)


SHORTEST_SECRET = 4
"""Letters of what is hidden of an address."""

PATH_KEY = re.compile(r"(?i)(?<=/auth/)[^/]+")
"""MyGet and its likes carry a key in the path of a pre-authenticated feed: /F/name/auth/<key>/api/v3/index.json."""


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Replace every secret in a text.

    Args:
        text: What a server said, uncut: half a secret would not be found.
        secrets: What to hide, in each of its spellings.
    """
    for secret in sorted(set(secrets), key=len, reverse=True):
        if secret:
            text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return text


def _octets(text: str) -> bytes:
    """Text of the environment in UTF-8; bytes of it that were none are what they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _written(secret: str) -> Iterator[str]:
    """A secret as it is, and as addresses, forms, JSON and HTML write it."""
    yield secret
    with suppress(UnicodeEncodeError):
        yield quote(secret, safe="")
        yield quote(secret)
        yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def split_userinfo(url: str) -> tuple[str, Credentials | None]:
    """Take a user name and password out of an address.

    Args:
        url: Any text used as an address.

    Returns:
        The address without them, and the credentials if there were any. A text that is no address comes back
        as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, None
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    user, _, password = userinfo.partition(":")
    plain = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    return plain, Credentials(unquote(user), unquote(password)) if userinfo.strip(":") else None


def origin_of(url: str) -> Origin | None:
    """Give the origin of an http or https address.

    Args:
        url: Any text used as an address.

    Returns:
        Scheme, host and port, or `None` when the text has none.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    if host is not None and not host.isascii():
        host = _in_ascii(host)
    if host is None or scheme not in _DEFAULT_PORTS:
        return None
    return scheme, host.rstrip(".").lower(), port or _DEFAULT_PORTS[scheme]


def _in_ascii(host: str) -> str | None:
    """A host as connections are made to it, in punycode; None where it is none."""
    # Late: hardly any host needs it.
    import httpx

    try:
        return httpx.URL(f"https://{host}").raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        return None
