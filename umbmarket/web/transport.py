"""The connections under `web.client`: looked up once, judged, made to the very address judged.

httpx makes its connections with httpcore, whose `network_backend` is the one place where a host name
becomes a socket. `CheckedBackend` sits there. It looks the name up, lets the guard judge every address, and
connects to those addresses and not to the name, so that a name server which answers differently the second
time (DNS rebinding) gains nothing. The URL keeps the name, and with it the Host header, the TLS server name
and the certificate check.

Through a proxy the name is looked up by the proxy: the guard then judges only what stands in the URL (literal
addresses, odd spellings, local names), and keeping requests out of private networks is the proxy's affair.
The proxy itself may be anywhere, the user named it.

Every socket operation also ends with the deadline of the request it belongs to (`within`), so that a server
which sends a byte now and then cannot hold a request for ever.
"""

from __future__ import annotations

import math
import socket
import ssl
import struct
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

import httpcore
import httpx

from umbmarket.web.guard import AddressGuard, literal_address
from umbmarket.web.names import Resolver, UnknownHost, look_up

MAX_ADDRESSES = 4
"""How many addresses of one host are tried."""

EARLY_CONNECT_SECONDS = 3.0
"""The most an address may take to connect while another one is left (so a dead IPv6 route costs little)."""

MAX_CONNECTIONS = 64
"""Connections open at once; the limits per host and overall in `web.client` are far below."""

KEEPALIVE_SECONDS = 5.0
"""How long an idle connection is kept (the default of httpx)."""

LOCATION = "umbmarket_location"
"""The response extension that holds the Location header as bytes, `b""` when there was none."""

Leave = Callable[[Callable[[], None]], None]
"""Calls what it is given, or raises `TooLate` instead."""

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class SetupProblem(httpcore.ConnectError):
    """A setting of this machine makes the connection impossible; the text names it, without secrets."""


class ProxySetupProblem(SetupProblem):
    """The proxy setting cannot be used."""


class ProxyUnreachable(httpcore.ConnectError):
    """No connection to the proxy could be made.

    Attributes:
        address: host and port of the proxy.
        reason: what was raised; httpcore cuts causes off.
    """

    def __init__(self, address: str, reason: Exception) -> None:
        super().__init__(address)
        self.address = address
        self.reason = reason


@dataclass(slots=True)
class Watch:
    """What is known of the request under way in this thread.

    Attributes:
        until: The `time.monotonic()` at which it must have ended.
        wrote: Whether any byte of it may have left.
        leave: Sends what it is handed, or raises `TooLate`: the last word on whether bytes may leave.
    """

    until: float
    wrote: bool = False
    leave: Leave | None = None

    def cut(self, timeout: float | None, expired: type[httpcore.TimeoutException]) -> float | None:
        """Shorten a timeout to what is left; raises `expired` when nothing is."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise expired("the time for this request is up")
        if math.isinf(left):
            return timeout
        return left if timeout is None else min(timeout, left)


_watch: ContextVar[Watch | None] = ContextVar("umbmarket_request", default=None)


@contextmanager
def within(seconds: float, leave: Leave | None = None) -> Iterator[Watch]:
    """Run a request under a deadline.

    Args:
        seconds: How long the request may take in all: look-up, connection, sending, answer and body. Real
            time and not an injected clock, because sockets know no other.
        leave: Has the last word before bytes of the request leave.

    Yields:
        The watch, which tells afterwards whether anything was sent.
    """
    watch = Watch(time.monotonic() + seconds, leave=leave)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were looked up and judged in the same step.

    Args:
        resolver: Looks names up.
        guard: Judges the addresses; `None` for connections to a proxy.

    Attributes:
        found_a_name: A name was looked up and has an address, so that looking up names works here.
    """

    def __init__(self, resolver: Resolver, guard: AddressGuard | None) -> None:
        self._resolver = resolver
        self._guard = guard
        self._inner = httpcore.SyncBackend()
        self._open: weakref.WeakSet[_CheckedStream] = weakref.WeakSet()
        self._open_lock = threading.Lock()
        self._aborted = threading.Event()
        self.found_a_name = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host (called by httpcore).

        Args:
            host: The host of the URL.
            port: The port.
            timeout: Seconds for the look-up and again for each address.
            local_address: Passed through.
            socket_options: Passed through.

        Returns:
            The connection.

        Raises:
            AddressBlocked: When the guard refuses the host.
            httpcore.ConnectError: When no address can be connected to.
            httpcore.ConnectTimeout: When the time is up.
        """
        try:
            return self._connect_any(host, port, timeout, local_address, socket_options)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            if self._guard is not None or isinstance(error, SetupProblem):
                raise
            # Without a guard the connection is to a proxy, of which the address that was asked for says nothing.
            raise ProxyUnreachable(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", error) from error

    def _connect_any(
        self,
        host: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[_SocketOption] | None,
    ) -> httpcore.NetworkStream:
        watch = _watch.get() or Watch(math.inf)
        addresses = self._addresses(host, port, watch.cut(timeout, httpcore.ConnectTimeout))[:MAX_ADDRESSES]
        options = None if socket_options is None else list(socket_options)
        for address in addresses[:-1]:
            early = EARLY_CONNECT_SECONDS if timeout is None else min(timeout, EARLY_CONNECT_SECONDS)
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connect(address, port, watch.cut(early, httpcore.ConnectTimeout), local_address, options)
        last = watch.cut(timeout, httpcore.ConnectTimeout)
        return self._connect(addresses[-1], port, last, local_address, options)

    def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        options: list[_SocketOption] | None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.connect_tcp(address, port, timeout, local_address, options)
        return self.watched(inner)

    def watched(self, inner: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """Wrap a connection so that deadlines hold for it and `abort` reaches it."""
        stream = _CheckedStream(inner, self)
        with self._open_lock:
            self._open.add(stream)
        return stream

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        if self._guard is not None:
            self._guard.check_name(host, port)
        if literal_address(host) is not None:
            return [host]
        try:
            found = look_up(self._resolver, host, port, timeout, self._aborted)
        except UnknownHost as error:
            if self._guard is not None:
                raise
            # Without a guard the connection is to a proxy: what is unknown then is not the host of the URL.
            raise ProxySetupProblem(f"{error}, which is the proxy's name") from error
        self.found_a_name = True
        return found if self._guard is None else self._guard.check_addresses(host, port, found)

    def abort(self) -> None:
        """Break every open connection and every look-up, so that threads waiting for them soon go on."""
        self._aborted.set()
        with self._open_lock:
            streams = list(self._open)
        for stream in streams:
            stream.abort()

    def sleep(self, seconds: float) -> None:
        """Never called: retries are made by `web.retry`."""
        raise NotImplementedError


class _CheckedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, backend: CheckedBackend) -> None:
        self._inner = inner
        self._backend = backend
        self._unfinished = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        watch = _watch.get() or Watch(math.inf)
        self._unfinished = True
        data = self._inner.read(max_bytes, watch.cut(timeout, httpcore.ReadTimeout))
        self._unfinished = False
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch = _watch.get() or Watch(math.inf)
        allowed = watch.cut(timeout, httpcore.WriteTimeout)

        def send() -> None:
            # Unfinished until the server says something.
            self._unfinished = watch.wrote = True
            self._inner.write(buffer, allowed)

        if watch.leave is None or not buffer:
            send()
        else:
            watch.leave(send)

    def close(self) -> None:
        if self._unfinished:
            # A request that was given up must not be delivered later from the send buffer of the kernel,
            # which goes on sending for minutes after a plain close: the throttle counts on that.
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            with suppress(OSError):
                if isinstance(plug := self.get_extra_info("socket"), socket.socket):
                    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._inner.close()

    def abort(self) -> None:
        with suppress(OSError):
            if isinstance(plug := self.get_extra_info("socket"), socket.socket):
                plug.shutdown(socket.SHUT_RDWR)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        watch = _watch.get() or Watch(math.inf)
        allowed = watch.cut(timeout, httpcore.ConnectTimeout)
        return self._backend.watched(self._inner.start_tls(ssl_context, server_hostname, allowed))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class PoolTransport(httpx.BaseTransport):
    """An httpx transport over httpcore pools that are made when they are first needed.

    Args:
        backend: Makes the connections.
        guard: Judges the host in each URL when a proxy is used; the backend does it otherwise.
        proxy: The address of a proxy, which may carry a user name and password; `None` to connect directly.
    """

    def __init__(self, backend: CheckedBackend, guard: AddressGuard, proxy: str | None = None) -> None:
        self._backend = backend
        self._guard = guard
        self._proxy = proxy
        self._pools: dict[bool, httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request (called by httpx).

        Args:
            request: The request; its URL is http or https.

        Returns:
            The answer with an unread body, and its Location moved to the extension `LOCATION`. Errors of the
            network stay those of httpcore.

        Raises:
            AddressBlocked: When the guard refuses the host.
            SetupProblem: When a setting of this machine stands in the way.
        """
        url = request.url
        secure = url.scheme == "https"
        if self._proxy is not None:
            self._guard.check_name(url.raw_host.decode("ascii"), url.port or (443 if secure else 80))
        body = request.stream
        if not isinstance(body, httpx.SyncByteStream):
            raise TypeError("an asynchronous request cannot be sent here")
        response = self._pool(secure).handle_request(
            httpcore.Request(
                method=request.method.encode("ascii"),
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=body,
                extensions=request.extensions,
            )
        )
        # httpx.Client reads a Location even when told not to follow it, and raises when it is no address.
        headers = [pair for pair in response.headers if pair[0].lower() != b"location"]
        locations = [value for name, value in response.headers if name.lower() == b"location"]
        return httpx.Response(
            status_code=response.status,
            headers=headers,
            stream=_BodyStream(response),
            extensions={**response.extensions, LOCATION: locations[0] if locations else b""},
        )

    def _pool(self, secure: bool) -> httpcore.ConnectionPool:
        with self._lock:
            pool = self._pools.get(secure)
            if pool is None:
                pool = self._pools[secure] = self._make_pool(_trust() if secure else None)
            return pool

    def _make_pool(self, trust: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        if self._proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=trust,
                max_connections=MAX_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
                network_backend=self._backend,
            )
        try:
            proxy = httpx.Proxy(self._proxy)
        except (httpx.InvalidURL, ValueError):
            raise ProxySetupProblem("the proxy in the environment is not a valid URL") from None
        address = httpcore.URL(
            scheme=proxy.url.raw_scheme,
            host=proxy.url.raw_host,
            port=proxy.url.port,
            target=proxy.url.raw_path,
        )
        if proxy.url.scheme in ("http", "https"):
            return httpcore.HTTPProxy(
                proxy_url=address,
                proxy_auth=proxy.raw_auth,
                ssl_context=trust,
                proxy_ssl_context=_trust() if proxy.url.scheme == "https" else None,
                max_connections=MAX_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
                network_backend=self._backend,
            )
        try:
            return httpcore.SOCKSProxy(
                proxy_url=address,
                proxy_auth=proxy.raw_auth,
                ssl_context=trust,
                max_connections=MAX_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
                network_backend=self._backend,
            )
        except (ImportError, RuntimeError):
            raise ProxySetupProblem(
                "the proxy in the environment is a SOCKS proxy, which needs the package 'httpx[socks]'"
            ) from None

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()


class _BodyStream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _trust() -> ssl.SSLContext:
    """Trust what `SSL_CERT_FILE` or `SSL_CERT_DIR` holds when set, else certifi (the rule of httpx)."""
    try:
        return httpx.create_ssl_context(trust_env=True)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise SetupProblem(
            "SSL_CERT_FILE or SSL_CERT_DIR names certificates that are missing or cannot be read"
        ) from None
