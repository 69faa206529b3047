"""Names of hosts, looked up the way this machine does it, and what it means when that fails."""

from __future__ import annotations

import math
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence

import httpcore

from umbmarket.web.waiting import in_background, take

_NO_SUCH_NAME = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
)
"""The answers that say that a name has no address; others say that nobody could tell."""

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host (name, port) as text, best first; raises `socket.gaierror` without any."""


class UnknownHost(httpcore.ConnectError):
    """The name does not exist."""


class LookupFailed(httpcore.ConnectError):
    """The name could not be looked up just now."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Look a name up the way this machine does.

    Args:
        host: The name, or an address.
        port: The port, which some systems need.

    Returns:
        The addresses in the order of the system's preference (RFC 6724).

    Raises:
        OSError: `socket.gaierror` when there are none.
        UnicodeError: When the name cannot be a host name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def look_up(resolver: Resolver, host: str, port: int, timeout: float | None, aborted: threading.Event) -> Sequence[str]:
    """Look a name up in a thread of its own: the system's look-up has no timeout and cannot be interrupted.

    Args:
        resolver: Looks the name up.
        host: The name.
        port: The port.
        timeout: Seconds to wait; None for as long as it takes.
        aborted: Ends the wait when it is set.

    Returns:
        The addresses, at least one.

    Raises:
        UnknownHost: The name has no address, or is none.
        LookupFailed: Nobody could tell.
        httpcore.ConnectTimeout: It took too long.
    """
    answers = in_background(lambda: list(resolver(host, port)), "umbmarket-lookup")
    until = math.inf if timeout is None else time.monotonic() + timeout
    try:
        found = take(answers, until, aborted)
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"looking up the name '{host}' took too long") from None
    if isinstance(found, socket.gaierror) and found.errno not in _NO_SUCH_NAME:
        raise LookupFailed(f"looking up the name '{host}' failed for now") from found
    if isinstance(found, UnicodeError):
        raise UnknownHost(f"'{host}' is not a host name") from found
    if isinstance(found, OSError) and not isinstance(found, socket.gaierror):
        raise LookupFailed(f"looking up the name '{host}' failed") from found
    if isinstance(found, Exception) and not isinstance(found, socket.gaierror):
        raise found
    if isinstance(found, socket.gaierror) or not found:
        raise UnknownHost(f"there is no host named '{host}'")
    return found
