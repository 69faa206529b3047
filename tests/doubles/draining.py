"""A server that takes an upload of any size and keeps nothing of it."""

from __future__ import annotations

import socket
import threading

PIECE_BYTES = 64 * 1024


class Draining:
    """A server that answers an upload with what it is told and keeps nothing.

    With `early` it answers before it has read, and with `most` it leaves after that many bytes of the body.
    """

    def __init__(self, reply: bytes, *, early: bool = False, most: float = float("inf")) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received = 0
        self._reply, self._early, self._most = reply, early, most
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        buffer = bytearray(PIECE_BYTES)
        with connection, self._listener:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            fields, _, start = head.partition(b"\r\n\r\n")
            length = int(fields.lower().partition(b"content-length:")[2].split()[0])
            self.received = len(start)
            if self._early:
                connection.sendall(self._reply)
            while self.received < min(length, self._most) and (count := connection.recv_into(buffer)):
                self.received += count
            if self.received >= length and not self._early:
                connection.sendall(self._reply)
