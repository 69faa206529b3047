"""The one way out: every HTTP request of the product is made through `Http`.

A synchronous `httpx.Client` on a transport of our own (`transport`). Synchronous, because all uses but one
are a sequence of questions (`status`, `sync`), because the Python API must work in a script and in a
notebook that has an event loop already, because Ctrl-C then simply lands in the waiting call, and because
it saves importing asyncio and anyio. The hundred links of `validate --online` are as well served by a few
threads (`batch`), which the client allows.

What always holds: timeouts, and one deadline for a whole try; at most 5 redirects, each judged by the address
guard like the first address; bodies read up to a limit, counted after decompression; no cookies; an outcome
and never an exception for whatever a server or the network does; no secret in any text.

Behind a proxy (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, the system settings) the proxy looks
names up and connects. The guard then refuses literal addresses, odd spellings and local names, and cannot
know what other names resolve to. Certificates are those of `SSL_CERT_FILE` or `SSL_CERT_DIR` when set, else
of certifi.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from umbmarket.web.attempt import FAILURE_BODY_LIMIT, Exchange, Question, Timeouts
from umbmarket.web.cache import CachedDocument, DocumentCache
from umbmarket.web.credentials import Credentials, Feed
from umbmarket.web.multipart import Body
from umbmarket.web.names import Resolver, system_resolver
from umbmarket.web.outcomes import Answered, Blocked, Fetched, HttpFailure, Outcome, Unreachable
from umbmarket.web.page_text import PAGE_LIMIT
from umbmarket.web.retry import FEED_RETRY, RetryNotice, RetryPolicy, retrying
from umbmarket.web.transport import Leave
from umbmarket.web.waiting import pause

__all__ = ["BODY_LIMIT", "PER_HOST_LIMIT", "Http", "Timeouts"]

BODY_LIMIT = 16 * 1024 * 1024
"""The most bytes of a body that are kept unless the caller says otherwise; a registration page of 64
versions is well below 1 MB."""

PER_HOST_LIMIT = 8
"""The most requests to one host at a time."""


class Http:
    """A client for all requests of one run.

    Safe to use from several threads. Close it, or use it with `with`.

    Args:
        allow_private_hosts: Lift the address guard (`--allow-private-hosts`).
        trusted_urls: Addresses users named themselves in an option or the environment (a feed, the
            Marketplace's API); their hosts are exempt from the guard, what they redirect to is not.
        cache: Where feed documents are kept; `None` for no cache (`--no-cache`).
        timeouts: How long to wait.
        per_host: The most requests to one host at a time.
        resolver: Looks host names up.
        sleep: Waits the given seconds between tries; a wait that `abort` ends when not given.
        clock: Gives the time in seconds since the epoch, to measure a `Retry-After` date.
        chance: Gives a random number from 0 to 1 for the jitter of retries.
        on_retry: Told before each wait.
        trust_environment: Whether proxies are taken from the environment and the system.
    """

    def __init__(
        self,
        *,
        allow_private_hosts: bool = False,
        trusted_urls: Iterable[str] = (),
        cache: DocumentCache | None = None,
        timeouts: Timeouts | None = None,
        per_host: int = PER_HOST_LIMIT,
        resolver: Resolver = system_resolver,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        on_retry: Callable[[RetryNotice], None] | None = None,
        trust_environment: bool = True,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._cache = cache
        self._chance = chance
        self._on_retry = on_retry
        self._sleep = self._wait if sleep is None else sleep
        self._partitions: dict[Feed, str] = {}
        self._exchange = Exchange(
            allow_private_hosts=allow_private_hosts,
            trusted_urls=trusted_urls,
            timeouts=self._timeouts,
            per_host=per_host,
            resolver=resolver,
            clock=clock,
            trust_environment=trust_environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def names_resolve(self) -> bool:
        """Whether a host was found by its name: then one that is not found does not exist.

        Never with a proxy, which may look up names where this machine cannot.
        """
        return self._exchange.names_resolve

    def close(self) -> None:
        """Close all connections."""
        self._exchange.close()
        if self._cache is not None:
            self._cache.close()

    def abort(self) -> None:
        """Give up everything under way in other threads; their calls soon end with `Trouble.CANCELLED`.

        So does every later call.
        """
        self._exchange.abort()

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        limit: int = BODY_LIMIT,
        retry: RetryPolicy = FEED_RETRY,
        total: float | None = None,
    ) -> Outcome:
        """Fetch an address, following redirects and asking again when that may help.

        Args:
            url: The address.
            accept: The Accept header.
            limit: The most bytes of the decoded body to keep; the rest is not read.
            retry: How often and how patiently to ask again.
            total: Seconds for one try; `Timeouts.total` when not given.

        Returns:
            What came of it.
        """
        seconds = self._timeouts.total if total is None else total
        return self._ask(Question("GET", url, (("accept", accept),), None, limit, seconds), retry)

    def get_document(
        self,
        feed: Feed,
        url: str,
        *,
        lasting: bool = False,
        limit: int = BODY_LIMIT,
        retry: RetryPolicy = FEED_RETRY,
    ) -> Outcome:
        """Fetch a document of a package feed, through the cache and with the feed's credentials.

        The first request is anonymous. On a 401 it is repeated with the credentials (HTTP Basic), which go to
        the origin of `feed.source` only, and never after a redirect has left it; from then on they go along
        at once.

        A document in the cache is used when the server says that it is still the same. An answer that came
        through a redirect is not cached.

        Args:
            feed: The feed the document belongs to.
            url: The address of the document.
            lasting: The document never changes (a nuspec of one version): when it is in the cache, do not
                ask.
            limit: The most bytes of the decoded body to keep.
            retry: How often and how patiently to ask again.

        Returns:
            What came of it; with a document from the cache `Fetched.from_cache` is set.
        """
        cache = self._cache
        if cache is None:
            return self._ask(self._document_question(feed, url, None, limit), retry)
        partition = self._partition(feed)
        cached = cache.find(partition, url)
        if cached is not None and len(cached.body) > limit:
            cached = None
        if cached is not None and lasting:
            return _from_cache(url, cached, tries=0)
        outcome = self._ask(self._document_question(feed, url, cached, limit), retry)
        if cached is not None and isinstance(outcome, HttpFailure) and outcome.status == 304:
            return _from_cache(url, cached, outcome.tries)
        if isinstance(outcome, Fetched) and _is_whole(outcome):
            cache.store(partition, url, outcome.headers, outcome.body)
        return outcome

    def host_slot(self, url: str) -> AbstractContextManager[None]:
        """Wait until the host of an address has room for one more request, and keep that place in a `with` block.

        Args:
            url: The address, for one `post_json` with `has_slot`.
        """
        return self._exchange.host_slot(url)

    def post_json(
        self,
        url: str,
        payload: Mapping[str, str],
        *,
        total: float | None = None,
        has_slot: bool = False,
        leave: Leave | None = None,
    ) -> Outcome:
        """Send JSON once: no second try and no redirect, because every request counts where this is used.

        The connection is always a new one, since a kept one may turn out closed only after the request was
        written, and nobody knows then whether it arrived.

        Args:
            url: The address.
            payload: The JSON object.
            total: Seconds for the whole from now on, with the wait for other requests to the host;
                `Timeouts.total` when not given.
            has_slot: The caller is inside of `host_slot`.
            leave: Has the last word before bytes of the request leave.

        Returns:
            What came of it. Its `delivery` says whether the request counts against a throttle. Once the
            status is there, the outcome is that status, however the body ends.
        """
        headers = (("accept", "*/*"), ("content-type", "application/json"), ("connection", "close"))
        content = json.dumps(dict(payload)).encode("ascii")
        seconds = self._timeouts.total if total is None else total
        question = Question(
            "POST",
            url,
            headers,
            content,
            FAILURE_BODY_LIMIT,
            seconds,
            follow=False,
            until=time.monotonic() + seconds,
            has_slot=has_slot,
            leave=leave,
        )
        return self._exchange.once(question)

    def send_with_login(
        self, method: str, url: str, login: Credentials, *, body: Body | None = None, total: float | None = None
    ) -> Answered | Unreachable | Blocked:
        """Send a request with a login once: no second try and no redirect, on a connection of its own.

        Where the address is not https, no proxy must be in use (`trust_environment`): it would see the login.

        Args:
            method: `POST` or `DELETE`.
            url: The address, which the caller has found to be one that the login is for.
            login: Sent as HTTP Basic; masked in what the server says.
            body: What to send; it is read piece by piece while it is sent.
            total: Seconds for the whole, with the wait for other requests to the host; `Timeouts.total` when not
                given.

        Returns:
            Any answer at all, or why there is none; its `delivery` says whether the server may have seen the request.
        """
        headers: tuple[tuple[str, str], ...] = (("accept", "*/*"), ("connection", "close"))
        if body is not None:
            headers = (*headers, ("content-type", body.media_type), ("content-length", str(body.length)))
        seconds = self._timeouts.total if total is None else total
        question = Question(
            method,
            url,
            headers,
            None if body is None else body.pieces,
            PAGE_LIMIT,
            seconds,
            follow=False,
            until=time.monotonic() + seconds,
            failure_limit=PAGE_LIMIT,
        )
        return self._exchange.once_with_login(question, login)

    def _document_question(self, feed: Feed, url: str, cached: CachedDocument | None, limit: int) -> Question:
        headers = (("accept", "*/*"), *(() if cached is None else cached.conditions))
        return Question("GET", url, headers, None, limit, self._timeouts.total, feed)

    def _partition(self, feed: Feed) -> str:
        known = self._partitions.get(feed)
        if known is None:
            known = self._partitions[feed] = feed.partition()
        return known

    def _ask(self, question: Question, policy: RetryPolicy) -> Outcome:
        return retrying(
            lambda: self._exchange.once(question),
            policy,
            sleep=self._sleep,
            chance=self._chance,
            notice=self._on_retry,
        )

    def _wait(self, seconds: float) -> None:
        pause(seconds, self._exchange.aborted)


def _is_whole(outcome: Fetched) -> bool:
    return outcome.status == 200 and not outcome.truncated and not outcome.redirects


def _from_cache(url: str, cached: CachedDocument, tries: int) -> Fetched:
    return Fetched(url, url, 200, cached.headers, cached.body, from_cache=True, tries=tries)
