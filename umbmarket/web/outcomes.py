"""What came of a request: the typed answers of everything in this room that talks to a server.

No network code lives here, so a rule or an output may look at an outcome without importing an HTTP library.
Every text is fit to be shown: addresses lose user names, passwords and query strings (`shown_url`), server
text loses control characters (`shown_text`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from umbmarket.web.credentials import PATH_KEY
from umbmarket.web.guard import AddressKind

SHOWN_URL_LENGTH = 300
"""Longest address shown in a message, in characters."""

SHOWN_LINE_LENGTH = 200
"""Longest line of a server's own text shown in a message, in characters."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def shown_text(text: str, limit: int = SHOWN_LINE_LENGTH) -> str:
    """Make foreign text safe for a terminal and a log.

    Args:
        text: Anything a server or a document said.
        limit: The longest result in characters; what is longer ends in an ellipsis.

    Returns:
        One line without control characters, escape sequences or direction marks.
    """
    line = _CONTROL.sub(" ", text[: limit * 4]).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def shown_url(url: str) -> str:
    """Make an address fit for messages: no user name or password, no query, no fragment, no key in the path.

    Args:
        url: Any text that was used as an address.

    Returns:
        `scheme://host[:port]/path`, followed by `?…` when there was a query; a neutral phrase when the text
        is no address at all (it may still hold a secret).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "an invalid URL"
    if not parts.scheme or not host:
        return "an invalid URL"
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port is None else f":{port}"
    path = PATH_KEY.sub("…", parts.path)
    query = "?…" if parts.query else ""
    return shown_text(f"{parts.scheme}://{shown_host}{shown_port}{path}{query}", SHOWN_URL_LENGTH)


class TooLate(Exception):
    """A request must not leave any more; the text says why, fit for a user."""


class CannotSend(Exception):
    """What a request was to carry cannot be had in full; the text says why, fit for a user."""


class Delivery(Enum):
    """Whether the server can have seen a request: what the throttle needs to know of it."""

    NOT_SENT = "not-sent"
    """Certainly not: no connection came about, so not one byte of the request left."""
    ANSWERED = "answered"
    """Yes, and it answered, so the request arrived before now."""
    UNKNOWN = "unknown"
    """Perhaps: it was sent in whole or in part, and no answer came."""


class Trouble(Enum):
    """Why there is no answer to speak of."""

    BAD_ADDRESS = "bad-address"
    UNKNOWN_HOST = "unknown-host"
    LOOKUP_FAILED = "lookup-failed"
    REFUSED = "refused"
    NO_CONNECTION = "no-connection"
    CONNECT_TIMEOUT = "connect-timeout"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    NOT_HTTP = "not-http"
    TOO_LATE = "too-late"
    GIVEN_UP = "given-up"
    CANCELLED = "cancelled"


TRANSIENT_TROUBLES = frozenset(
    {
        Trouble.LOOKUP_FAILED,
        Trouble.REFUSED,
        Trouble.NO_CONNECTION,
        Trouble.CONNECT_TIMEOUT,
        Trouble.TIMEOUT,
        Trouble.DROPPED,
        Trouble.TOO_LATE,
    }
)
"""Troubles that may be gone a moment later, so that asking again makes sense."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed.

    Attributes:
        status: 301, 302, 303, 307 or 308.
        url: Where it led to, in full.
    """

    status: int
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 2xx answer.

    Attributes:
        url: The address asked for, in full; it may hold secrets, show `shown_url(url)` instead.
        final_url: The address that answered, after redirects.
        status: 200 to 299.
        headers: Name (lower-case) and value pairs as received, without cookies and Location.
        body: The decoded body, at most as long as the caller's limit.
        truncated: Whether the body went on beyond the limit.
        redirects: The redirects followed, in order.
        from_cache: Whether the body comes from the disk cache (asked again or not).
        tries: How often the server was asked, 0 when a cached document needed no asking.
    """

    url: str = field(repr=False)
    final_url: str = field(repr=False)
    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    truncated: bool = False
    redirects: tuple[Hop, ...] = ()
    from_cache: bool = False
    tries: int = 1

    @property
    def delivery(self) -> Delivery:
        """Always `ANSWERED`."""
        return Delivery.ANSWERED

    def header(self, name: str) -> str | None:
        """Give the first value of a header (any letter case), or `None`."""
        return first_header(self.headers, name)

    @property
    def media_type(self) -> str:
        """The media type of the Content-Type header, lower-case and without parameters; `""` when absent."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as UTF-8 text without a byte order mark; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8-sig", errors="replace")

    def json(self) -> object:
        """Read the body as JSON.

        Returns:
            The value: dict, list, str, int, float, bool or None.

        Raises:
            ValueError: When the body is no JSON, was cut off, or is nested too deeply to be read.
        """
        if self.truncated:
            raise ValueError("the document is longer than the limit and was cut off")
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("the document is nested too deeply") from None

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        return f"{shown_url(self.final_url)} answered {self.status}."


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """An answer that is not 2xx, or a chain of redirects that leads nowhere.

    Attributes:
        url: The address asked for, in full; show `shown_url(url)` instead.
        final_url: The address that answered, after redirects.
        status: The status code of the last answer.
        first_line: The first line of the body, cleaned and cut; `""` when there is none or it is HTML.
        retry_after: Seconds the server asked to wait, not capped; `None` when it did not ask.
        problem: What is wrong when it is not the status itself (a redirect without an address, too many).
        redirects: The redirects followed, in order.
        tries: How often the server was asked.
    """

    url: str = field(repr=False)
    final_url: str = field(repr=False)
    status: int
    first_line: str = ""
    retry_after: float | None = None
    problem: str = ""
    redirects: tuple[Hop, ...] = ()
    tries: int = 1

    @property
    def delivery(self) -> Delivery:
        """Always `ANSWERED`."""
        return Delivery.ANSWERED

    @property
    def transient(self) -> bool:
        """Whether asking again later makes sense: 408, 429 and 5xx (NuGet.Client, HttpRetryHandler)."""
        return not self.problem and (self.status in (408, 429) or 500 <= self.status <= 599)

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        text = f"{shown_url(self.final_url)} answered {self.status}"
        if self.problem:
            return f"{text}: {self.problem}."
        if self.first_line:
            text = f"{text}: {self.first_line}"
        if self.retry_after is not None:
            text = f"{text} (asks to wait {self.retry_after:.0f} s)"
        return text if text.endswith((".", "!", "?")) else f"{text}."


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer: nothing is known of the thing at the address, least of all that it is broken.

    Attributes:
        url: The address asked for, in full; show `shown_url(url)` instead.
        trouble: What kind of trouble.
        detail: The trouble in words, without secrets.
        delivery: Whether the server may have seen the request.
        tries: How often it was tried.
    """

    url: str = field(repr=False)
    trouble: Trouble
    detail: str
    delivery: Delivery
    tries: int = 1

    @property
    def transient(self) -> bool:
        """Whether asking again later makes sense."""
        return self.trouble in TRANSIENT_TROUBLES

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        return f"{shown_url(self.url)} could not be reached: {self.detail}."


@dataclass(frozen=True, slots=True)
class Blocked:
    """The address guard did not let the request out.

    Attributes:
        url: The address asked for, in full; show `shown_url(url)` instead.
        blocked_url: The address the guard refused: `url` itself or one a redirect led to.
        kind: The class of address.
        detail: The reason in words.
        delivery: `NOT_SENT`, or `ANSWERED` when a redirect led to the refused address.
        tries: How often it was tried.
    """

    url: str = field(repr=False)
    blocked_url: str = field(repr=False)
    kind: AddressKind
    detail: str
    delivery: Delivery = Delivery.NOT_SENT
    tries: int = 1

    def describe(self) -> str:
        """Say it in a sentence fit for a user."""
        start = f"{shown_url(self.url)} was not fetched"
        if self.blocked_url != self.url:
            start = f"{start}: it redirects to {shown_url(self.blocked_url)}"
        return f"{start}: {self.detail}. --allow-private-hosts allows it."


@dataclass(frozen=True, slots=True)
class Answered:
    """Any answer at all to a request that carried a login: success is for the caller to judge.

    Attributes:
        url: The address asked for, in full; show `shown_url(url)` instead.
        status: The status code.
        lines: The first lines of the body as plain text, cleaned, cut, and without the login.
        location: Where a redirect would have led, fit to be shown; `""` for none.
    """

    url: str = field(repr=False)
    status: int
    lines: tuple[str, ...] = ()
    location: str = ""

    @property
    def delivery(self) -> Delivery:
        """Always `ANSWERED`."""
        return Delivery.ANSWERED


Outcome = Fetched | HttpFailure | Unreachable | Blocked
"""What came of a request. Nothing in this room raises for what a server or the network does."""


@dataclass(frozen=True, slots=True)
class ServiceWarning:
    """Something on this machine does not work as it should, and the work goes on without it.

    Attributes:
        what: `"cache"` or `"throttle"`.
        text: One sentence fit for a user.
    """

    what: str
    text: str


def first_header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Give the first value of the header `name` (any letter case), or `None`."""
    wanted = name.lower()
    return next((value for key, value in headers if key == wanted), None)
