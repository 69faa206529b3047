"""One try of one question: the request, the login when it is asked for, and the redirects.

`web.client` asks again when that may help, and keeps documents; everything a single try must observe is
here: the address guard at every hop, the deadline, the limit of requests to one host, the limit of the
body, and where credentials may go.
"""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from umbmarket._version import __version__
from umbmarket.web.body import ACCEPT_ENCODING, BodyError, read_limited
from umbmarket.web.credentials import Credentials, Feed, Origin, origin_of, secrets_in, split_userinfo, without_secrets
from umbmarket.web.guard import AddressGuard, is_this_machine, literal_address
from umbmarket.web.names import Resolver
from umbmarket.web.outcomes import (
    Answered,
    Blocked,
    Delivery,
    Fetched,
    Hop,
    HttpFailure,
    Outcome,
    Unreachable,
    first_header,
    shown_text,
    shown_url,
)
from umbmarket.web.page_text import first_lines
from umbmarket.web.proxies import environment_mounts
from umbmarket.web.retry import parse_retry_after
from umbmarket.web.transport import LOCATION, CheckedBackend, Leave, PoolTransport, within
from umbmarket.web.troubles import bad_address, cancelled, insecure, no_time, trouble_outcome
from umbmarket.web.waiting import acquire

USER_AGENT = f"umbmarket/{__version__}"
"""What we call ourselves."""

MAX_REDIRECTS = 5
"""The most redirects followed for one question."""

FAILURE_BODY_LIMIT = 4 * 1024
"""How much of the body of a failure is read, in bytes, to show its first line."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COOKIES = ("set-cookie", "set-cookie2")
_HOST = re.compile(r"[A-Za-z0-9_.-]{1,255}\Z")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds.

    Attributes:
        connect: For the look-up, and again for each address of the host.
        read: Between two pieces of an answer.
        total: For one try with its redirects, from the look-up to the last byte.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask.

    Attributes:
        method: `GET`, `POST` or `DELETE`.
        url: The address.
        headers: Request headers beside those every request has.
        content: The body to send; in pieces where it is too large to be held, with a Content-Length among the headers.
        limit: The most bytes of the decoded body of a 2xx answer to keep.
        total: Seconds for one try.
        feed: Whose credentials may be used.
        follow: Whether redirects are followed; otherwise they are failures.
        until: When the whole must have ended, as a time of the monotonic clock; the wait for other requests to the
            host counts then. None: only `total` holds, from when the host is free.
        has_slot: The caller holds a slot of the host (`Exchange.host_slot`).
        leave: Has the last word before bytes of the request leave.
        failure_limit: As `limit`, of every other answer.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | Iterable[bytes] | None
    limit: int
    total: float
    feed: Feed | None = None
    follow: bool = True
    until: float | None = None
    has_slot: bool = False
    leave: Leave | None = None
    failure_limit: int = FAILURE_BODY_LIMIT


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    location: str
    body: bytes
    truncated: bool


class Exchange:
    """Makes single tries. Safe to use from several threads.

    Args:
        allow_private_hosts: Lift the address guard.
        trusted_urls: Addresses whose hosts are exempt from it.
        timeouts: How long to wait.
        per_host: The most requests to one host at a time.
        resolver: Looks host names up.
        clock: Gives the time in seconds since the epoch.
        trust_environment: Whether proxies are taken from the environment and the system.
    """

    def __init__(
        self,
        *,
        allow_private_hosts: bool,
        trusted_urls: Iterable[str],
        timeouts: Timeouts,
        per_host: int,
        resolver: Resolver,
        clock: Callable[[], float],
        trust_environment: bool,
    ) -> None:
        self._timeouts = timeouts
        self._clock = clock
        self._hosts = _HostSlots(per_host)
        self._logins: set[Origin] = set()
        self.aborted = threading.Event()
        origins = (origin_of(url) for url in trusted_urls)
        guard = AddressGuard(
            allow_private_hosts=allow_private_hosts,
            trusted=[(host, port) for _, host, port in filter(None, origins)],
        )
        direct, to_proxy = CheckedBackend(resolver, guard), CheckedBackend(resolver, None)
        self._backends = (direct, to_proxy)
        mounts: dict[str, httpx.BaseTransport | None] = {}
        proxies: list[str] = []

        def through(proxy: str) -> httpx.BaseTransport:
            proxies.append(proxy)
            return PoolTransport(to_proxy, guard, proxy)

        if trust_environment:
            mounts = environment_mounts(through)
        self._direct, self._has_proxies = direct, bool(mounts)
        self._proxy_login = any("@" in proxy for proxy in proxies)
        logging.getLogger("httpx").addFilter(_ADDRESS_FILTER)
        self._client = httpx.Client(
            transport=PoolTransport(direct, guard),
            mounts=mounts,
            headers={"user-agent": USER_AGENT, "accept-encoding": ACCEPT_ENCODING},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
        )

    @property
    def names_resolve(self) -> bool:
        """Whether this machine found a host by its name, and leaves that to no proxy."""
        return self._direct.found_a_name and not self._has_proxies

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def abort(self) -> None:
        """Give up everything under way; what is tried from now on is cancelled too."""
        self.aborted.set()
        for backend in self._backends:
            backend.abort()

    @contextmanager
    def host_slot(self, url: str) -> Iterator[None]:
        """Wait until the host of an address has room for one more request, and keep that place.

        Args:
            url: The address.
        """
        address = _usable(url)
        if address is None:
            yield
            return
        with self._hosts.one(_host(address), math.inf, self.aborted):
            yield

    def once(self, question: Question) -> Outcome:
        """Try once.

        Args:
            question: What to ask.

        Returns:
            What came of it.
        """
        address = _usable(question.url)
        if address is None:
            return bad_address(question.url)
        home = None if question.feed is None else question.feed.origin
        at_home, hops, left, sent_login = True, list[Hop](), question.total, False
        while True:
            origin = _origin(address)
            at_home = at_home and origin == home
            login = _login(question.feed) if at_home and origin in self._logins else None
            sent_login = sent_login or login is not None or (self._proxy_login and address.scheme == "http")
            answer, left = self._hop(question, address, login, left)
            if not isinstance(answer, _Answer):
                return _as_asked(question.url, str(address), answer, hops)
            if answer.status == 401 and at_home and login is None and _login(question.feed) is not None:
                self._logins.add(origin)
                continue
            if not (question.follow and answer.status in _REDIRECTS):
                return self._final(question, str(address), answer, tuple(hops), quiet=sent_login)
            following = _redirect_target(address, answer.location)
            problem = "" if following is not None else "it redirects to an invalid URL"
            if len(hops) == MAX_REDIRECTS:
                problem = f"it redirects more than {MAX_REDIRECTS} times"
            if following is None or problem:
                return HttpFailure(question.url, str(address), answer.status, problem=problem, redirects=tuple(hops))
            address = following
            hops.append(Hop(answer.status, str(address)))

    def once_with_login(self, question: Question, login: Credentials) -> Answered | Unreachable | Blocked:
        """Try once with a login from the first byte on, and follow nothing: the login is for this address alone.

        Args:
            question: What to ask, of a host over https, or of this machine; nothing else is sent a login.
            login: Sent as HTTP Basic, and masked in whatever comes back.

        Returns:
            Any answer at all, or why there is none.
        """
        address = _usable(question.url)
        if address is None:
            return bad_address(question.url)
        if address.scheme != "https" and not is_this_machine(_host(address)):
            return insecure(question.url)
        answer, _ = self._hop(replace(question, follow=False), address, login.basic_header(), question.total)
        if not isinstance(answer, _Answer):
            return replace(answer, url=question.url)
        secrets = tuple(login.all_spellings())
        media_type = first_header(answer.headers, "content-type") or ""
        lines = first_lines(answer.body, media_type, secrets, cut_off=answer.truncated)
        target = _redirect_target(address, answer.location) if answer.status in _REDIRECTS else None
        location = "" if target is None else without_secrets(shown_url(str(target)), secrets)
        return Answered(question.url, answer.status, lines, location)

    def _hop(
        self, question: Question, address: httpx.URL, login: str | None, seconds: float
    ) -> tuple[_Answer | Unreachable | Blocked, float]:
        """Make one request under the limit of its host; give what came of it and the seconds left."""
        until = math.inf if question.until is None else question.until
        slot = nullcontext(True) if question.has_slot else self._hosts.one(_host(address), until, self.aborted)
        with slot as has_slot:
            if self.aborted.is_set():
                return cancelled(str(address), Delivery.NOT_SENT), 0.0
            started = time.monotonic()
            if not has_slot or started >= until:
                return no_time(str(address)), 0.0
            outcome: _Answer | Unreachable | Blocked
            with within(min(seconds, until - started), question.leave) as watch:
                try:
                    outcome = self._send(question, address, login)
                except Exception as error:  # noqa: BLE001 - whatever goes wrong below becomes an outcome
                    outcome = trouble_outcome(str(address), error, wrote=watch.wrote)
            if isinstance(outcome, Unreachable) and self.aborted.is_set():
                outcome = cancelled(str(address), outcome.delivery)
            return outcome, seconds - (time.monotonic() - started)

    def _send(self, question: Question, address: httpx.URL, login: str | None) -> _Answer:
        times = self._timeouts
        # httpx adds the host first of all, unless it is there; it would take it from `URL.host` (see `_host`).
        sent = [("host", address.netloc.decode("ascii")), *question.headers]
        request = self._client.build_request(
            question.method,
            address,
            headers=sent if login is None else [*sent, ("authorization", login)],
            content=question.content,
            timeout=httpx.Timeout(times.read, connect=times.connect, pool=question.total),
        )
        response = self._client.send(request, stream=True, follow_redirects=False)
        try:
            pairs = [(name.lower(), value) for name, value in response.headers.multi_items()]
            location = response.extensions.get(LOCATION, b"").decode("utf-8", "replace")
            headers = tuple((name, value) for name, value in pairs if name not in _COOKIES)
            success = 200 <= response.status_code <= 299
            body, truncated = b"", False
            if not (question.follow and response.status_code in _REDIRECTS):
                limit = question.limit if success else question.failure_limit
                try:
                    encoding = first_header(headers, "content-encoding")
                    body, truncated = read_limited(response.iter_raw(), encoding, limit)
                except (BodyError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
                    # The status is known, and only the body of a successful GET is worth more than that.
                    if success and question.method == "GET":
                        raise
            return _Answer(response.status_code, headers, location, body, truncated)
        finally:
            response.close()

    def _final(
        self, question: Question, address: str, answer: _Answer, hops: tuple[Hop, ...], *, quiet: bool
    ) -> Outcome:
        """The outcome of an answer; `quiet` where credentials were sent, which its body may echo."""
        if 200 <= answer.status <= 299:
            return Fetched(question.url, address, answer.status, answer.headers, answer.body, answer.truncated, hops)
        asked = parse_retry_after(
            first_header(answer.headers, "retry-after"),
            now=self._clock(),
            date=first_header(answer.headers, "date"),
        )
        line = "" if quiet else _first_line(answer, _secrets(question, hops))
        # A server may also echo what it was sent in the address that it redirects to.
        credentials = None if question.feed is None else question.feed.credentials
        shown = without_secrets(address, credentials.spellings()) if credentials is not None and hops else address
        return HttpFailure(question.url, shown, answer.status, line, asked, redirects=hops)


class _HostSlots:
    """Lets at most so many requests to one host go at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._slots: dict[str, threading.BoundedSemaphore] = {}

    @contextmanager
    def one(self, host: str, until: float, stopped: threading.Event) -> Iterator[bool]:
        with self._lock:
            slots = self._slots.setdefault(host.lower(), threading.BoundedSemaphore(self._limit))
        has_slot = acquire(slots, until, stopped)
        try:
            yield has_slot
        finally:
            if has_slot:
                slots.release()


class _AddressFilter(logging.Filter):
    """httpx logs every address in full at INFO, and feeds carry keys in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(shown_url(str(part)) if isinstance(part, httpx.URL) else part for part in record.args)
        return True


_ADDRESS_FILTER = _AddressFilter()


def _usable(url: str) -> httpx.URL | None:
    """Read an address as http or https with a proper host and port, without user name and fragment."""
    try:
        address = httpx.URL(split_userinfo(url)[0].partition("#")[0])
        host = _host(address)
    except (httpx.InvalidURL, ValueError, TypeError):
        return None
    port = address.port
    if address.scheme not in ("http", "https") or (port is not None and not 0 < port <= 65535):
        return None
    if address.userinfo or not (_HOST.match(host) or literal_address(host) is not None):
        return None
    return address


def _redirect_target(address: httpx.URL, location: str) -> httpx.URL | None:
    if not location:
        return None
    with suppress(httpx.InvalidURL, ValueError, TypeError):
        return _usable(str(address.join(location.strip())))
    return None


def _origin(address: httpx.URL) -> Origin:
    port = address.port or (443 if address.scheme == "https" else 80)
    return address.scheme, _host(address).rstrip("."), port


def _host(address: httpx.URL) -> str:
    """The host as it is asked for, in lower case and in ASCII.

    httpx also gives it in letters beyond ASCII (`URL.host`), which fails for names that IDNA 2008 does not know.
    """
    return address.raw_host.decode("ascii").lower()


def _login(feed: Feed | None) -> str | None:
    if feed is None or feed.credentials is None or not feed.credentials.allow_basic:
        return None
    return feed.credentials.basic_header()


def _secrets(question: Question, hops: tuple[Hop, ...]) -> Iterator[str]:
    """What must not be shown of what a server says: it may quote the request."""
    for url in (question.url, *(hop.url for hop in hops)):
        yield from secrets_in(url)
    if question.feed is not None:
        yield from secrets_in(question.feed.source)
        if question.feed.credentials is not None:
            yield from question.feed.credentials.spellings()


def _first_line(answer: _Answer, secrets: Iterable[str]) -> str:
    media_type = first_header(answer.headers, "content-type") or ""
    text = answer.body.decode("utf-8-sig", "replace").lstrip()
    if "html" in media_type.lower() or text.startswith("<"):
        return ""
    return shown_text(without_secrets(text.partition("\n")[0], secrets))


def _as_asked(url: str, address: str, outcome: Unreachable | Blocked, hops: list[Hop]) -> Outcome:
    """Turn the outcome of a hop into one of the address that was asked for."""
    if isinstance(outcome, Blocked):
        if not hops:
            return replace(outcome, url=url, blocked_url=url)
        return replace(outcome, url=url, delivery=Delivery.ANSWERED)
    if not hops:
        return replace(outcome, url=url)
    detail = f"it redirects to {shown_url(address)}, where {outcome.detail}"
    return replace(outcome, url=url, detail=detail, delivery=Delivery.ANSWERED)
