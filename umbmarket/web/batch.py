"""Many addresses at once: the links and images of a listing and its readme."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from itertools import zip_longest

from umbmarket.web.client import BODY_LIMIT, Http
from umbmarket.web.credentials import origin_of
from umbmarket.web.outcomes import Delivery, Outcome, Trouble, Unreachable
from umbmarket.web.retry import LINK_RETRY, RetryPolicy
from umbmarket.web.waiting import Workers

OVERALL_LIMIT = 24
"""The most requests at a time; the limit per host is the client's (`Http(per_host=...)`)."""

LINK_TOTAL_SECONDS = 20.0
"""How long one try of one link may take."""

GIVE_UP_AFTER = 3
"""A host to which so many addresses in a row got no connection is not tried again in this batch: a hundred
pictures on a dead server would otherwise take minutes to say the same thing."""


def fetch_all(
    http: Http,
    urls: Iterable[str],
    *,
    accept: str = "*/*",
    limit: int = BODY_LIMIT,
    retry: RetryPolicy = LINK_RETRY,
    total: float = LINK_TOTAL_SECONDS,
    overall: int = OVERALL_LIMIT,
    budget: float | None = None,
    on_done: Callable[[str, Outcome], None] | None = None,
) -> dict[str, Outcome]:
    """Fetch many addresses, each once, several at a time.

    On Ctrl-C (or any exception of `on_done`) what is under way is given up and the exception goes on; the
    client is of no use afterwards.

    Args:
        http: The client.
        urls: The addresses; repetitions are asked for once.
        accept: The Accept header.
        limit: The most bytes of each body.
        retry: How often and how patiently to ask again.
        total: Seconds for one try of one address.
        overall: The most requests at a time.
        budget: Seconds for the whole batch: what has not begun by then is not begun. `None` for no limit.
        on_done: Called in the calling thread with each address and its outcome, as they come.

    Returns:
        The outcome of every address, in the order of `urls`.
    """
    wanted = list(dict.fromkeys(urls))
    if not wanted:
        return {}
    hosts = _HostRecord()
    until = None if budget is None else time.monotonic() + budget

    def fetch(url: str) -> Outcome:
        if until is not None and time.monotonic() >= until:
            return _given_up(url, "there was no time left to try it")
        if hosts.given_up(url):
            return _given_up(url, "its host could not be reached for other addresses either")
        outcome = http.get(url, accept=accept, limit=limit, retry=retry, total=total)
        hosts.note(url, outcome)
        return outcome

    workers = Workers(fetch, _mixed(wanted), most=overall, name="umbmarket-link")
    results: dict[str, Outcome] = {}
    try:
        for url, outcome in workers.results():
            results[url] = outcome
            if on_done is not None:
                on_done(url, outcome)
    except BaseException:
        # Not joined: one of them may be connecting to a silent host.
        workers.give_up()
        http.abort()
        raise
    return {url: results[url] for url in wanted}


class _HostRecord:
    """Remembers to which origins no connection could be made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[object, int] = {}

    def given_up(self, url: str) -> bool:
        with self._lock:
            return self._failed.get(origin_of(url), 0) >= GIVE_UP_AFTER

    def note(self, url: str, outcome: Outcome) -> None:
        lost = isinstance(outcome, Unreachable) and outcome.delivery is Delivery.NOT_SENT
        origin = origin_of(url)
        with self._lock:
            self._failed[origin] = self._failed.get(origin, 0) + 1 if lost and origin is not None else 0


def _mixed(urls: list[str]) -> list[str]:
    """Let the hosts take turns, so that the limit per host leaves no thread waiting needlessly."""
    by_host: dict[object, list[str]] = {}
    for url in urls:
        by_host.setdefault(origin_of(url), []).append(url)
    return [url for row in zip_longest(*by_host.values()) for url in row if url is not None]


def _given_up(url: str, detail: str) -> Unreachable:
    return Unreachable(url, Trouble.GIVEN_UP, detail, Delivery.NOT_SENT, tries=0)
