"""Asks for the files of a package where the Marketplace looks for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from umbmarket.umbraco.placement import Address
from umbmarket.umbraco.published_facts import NOT_ASKED, Attempt, AttemptResult
from umbmarket.web.outcomes import Fetched, HttpFailure, Outcome, Trouble, Unreachable, shown_url
from umbmarket.web.retry import LINK_RETRY

if TYPE_CHECKING:
    from umbmarket.web.client import Http

SECONDS = 20.0
"""How long one try of one address may take."""

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--|<!doctype html|<html|<head|<body)", re.IGNORECASE)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def fetch_first(
    http: Http,
    kind: Literal["listing", "readme"],
    addresses: Sequence[Address],
    limit: int,
    *,
    names_resolve: bool = False,
) -> tuple[tuple[Attempt, ...], Fetched | None]:
    """Ask one address after the other until one gives a file, as the Marketplace does.

    Args:
        http: The client.
        kind: What should be there.
        addresses: Where, in order.
        limit: The most bytes of the file.
        names_resolve: Other names were found, so that a host that is not found does not exist.

    Returns:
        What each address answered, as far as they were tried; and the file, or None.
    """
    attempts: list[Attempt] = []
    for address in addresses:
        outcome = http.get(address.url, limit=limit, retry=LINK_RETRY, total=SECONDS)
        result, answer = judge(outcome, kind, names_resolve=names_resolve or http.names_resolve)
        attempts.append(Attempt(kind, address, result, answer))
        if result == "found" and isinstance(outcome, Fetched):
            return tuple(attempts), outcome
    return tuple(attempts), None


def judge(
    outcome: Outcome, kind: Literal["listing", "readme"], *, names_resolve: bool = False
) -> tuple[AttemptResult, str]:
    """Say what an answer means for a file that should be there, and put it into a few words.

    Args:
        outcome: What came of the request.
        kind: What should be there. A readme may begin with HTML, so for one only the type of the answer counts.
        names_resolve: Other names were found, so that a host that is not found does not exist.
    """
    if isinstance(outcome, Fetched):
        is_page = outcome.media_type in _PAGE_TYPES or (kind == "listing" and _PAGE.match(outcome.body) is not None)
        moved = f", from {shown_url(outcome.final_url)}" if outcome.redirects else ""
        if is_page:
            return "web-page", f"{outcome.status}, but a web page{moved}"
        return "found", f"{outcome.status}{moved}"
    if isinstance(outcome, HttpFailure):
        known = not outcome.transient
        return "missing" if known else "unknown", f"{outcome.status}{f', {outcome.problem}' if outcome.problem else ''}"
    if isinstance(outcome, Unreachable):
        if outcome.trouble is Trouble.UNKNOWN_HOST and names_resolve:
            return "missing", "the host does not exist"
        gone = " (the host is not known)" if outcome.trouble is Trouble.UNKNOWN_HOST else ""
        return "unknown", f"could not be reached{gone or f': {outcome.detail}'}"
    return "unknown", f"{NOT_ASKED}: {outcome.detail}"
