"""Loopback servers for the tests of this room, and a fence that lets no test reach anything else."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CERTIFICATES = Path(__file__).parent / "certificates"
ENVIRONMENT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


class _Fence:
    """Sees every connection attempt of the process through Python's audit events, and stops all that leave it."""

    def __init__(self) -> None:
        self.active = False
        self.attempts: list[str] = []

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.active:
            return
        if event == "socket.connect" and isinstance(args[1], tuple):
            host = str(args[1][0])
            self.attempts.append(host)
            if not (host.startswith("127.") or host == "::1"):
                raise OSError(errno.ENETUNREACH, "tests reach the loopback interface only")
        if event == "socket.getaddrinfo":
            host = str(args[0])
            if not all(part.isdigit() for part in host.split(".")) and ":" not in host:
                raise socket.gaierror(socket.EAI_NONAME, "tests look up no names")


_FENCE = _Fence()
sys.addaudithook(_FENCE)


@pytest.fixture(autouse=True)
def fence(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Fence]:
    """No way out but loopback; `fence.attempts` lists the addresses connections were attempted to."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    _FENCE.attempts = []
    _FENCE.active = True
    yield _FENCE
    _FENCE.active = False


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    arrived: float
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


# (status, headers, body) | raw bytes to send before closing | pieces of raw bytes | None to close at once |
# something that takes the connection over
Reply = tuple[int, dict[str, str], bytes] | bytes | Iterator[bytes] | None | Callable[[socket.socket], None]
Handler = Callable[[Request], Reply]


@dataclass
class Server:
    """A server on 127.0.0.1 that answers with whatever its handler gives, and records what it was asked."""

    handler: Handler
    certificate: Path | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._tls: ssl.SSLContext | None = None
        if self.certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(self.certificate)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.target for request in self.requests]

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept(), which would keep it open
        self._listener.close()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            number = self.connections
            self._open.add(connection)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with self._lock:
                self._open.add(connection)
            with connection.makefile("rb") as reader:
                while self._answer(reader, connection, number):
                    pass
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _answer(self, reader: Any, connection: socket.socket, number: int) -> bool:
        line = reader.readline()
        arrived = time.monotonic()
        if not line.strip():
            return False
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (header := reader.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", "0")))
        request = Request(method, target, headers, body, arrived, number)
        with self._lock:
            self.requests.append(request)
        reply = self.handler(request)
        if reply is None:
            return False
        if isinstance(reply, bytes):
            connection.sendall(reply)
            return False
        if isinstance(reply, tuple):
            connection.sendall(_plain(*reply))
            return headers.get("connection", "").lower() != "close"
        if callable(reply):
            reply(connection)
            return False
        for piece in reply:
            connection.sendall(piece)
        return False


def _plain(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers: `serve(handler)`, or `serve(handler, tls=True)` for the names in the test certificate."""
    servers: list[Server] = []

    def start(handler: Handler, *, tls: bool = False) -> Server:
        servers.append(Server(handler, CERTIFICATES / "server-with-key.pem" if tls else None))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def authority() -> Path:
    """The certificate that vouches for the test servers."""
    return CERTIFICATES / "authority.pem"


class Names:
    """A resolver with a fixed table: each name has answers that are given one after the other, the last one again."""

    def __init__(self, table: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._table = {name: list(answers) for name, answers in table.items()}
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        answers = self._table.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names() -> Callable[..., Names]:
    """Make a resolver: `names({"host": [["93.184.216.34"], ["127.0.0.1"]]})`."""
    return Names


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps."""

    wall: float = 1_800_000_000.0
    boot: str = "boot-1"
    uptime: float = 5000.0
    sleeps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.wall += seconds
        self.uptime += seconds

    def time(self) -> float:
        return self.wall


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def as_root() -> bool:
    """Whether permissions mean nothing here."""
    return os.name != "posix" or os.geteuid() == 0
