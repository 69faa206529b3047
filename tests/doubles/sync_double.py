"""The Marketplace's sync function on the loopback interface: queues, throttles, fails and counts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.loopback import Reply, Request

ACCEPTED: Reply = (202, {}, b"")


@dataclass
class SyncDouble:
    """Answers a POST with the next of `replies`, then with 202; tells `on_accepted` of each id it accepted."""

    replies: list[Reply | Callable[[], Reply]] = field(default_factory=list)
    on_accepted: Callable[[str], None] | None = None
    requests: list[Request] = field(default_factory=list)
    arrivals: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        package_id = json.loads(request.body)["PackageId"]
        with self._lock:
            self.requests.append(request)
            self.arrivals.setdefault(package_id.lower(), []).append(time.monotonic())
            reply = self.replies.pop(0) if self.replies else ACCEPTED
        if reply == ACCEPTED and self.on_accepted is not None:
            self.on_accepted(package_id)
        return reply

    @property
    def ids(self) -> list[str]:
        """The ids that were asked for, in the order of their arrival."""
        return [json.loads(request.body)["PackageId"] for request in self.requests]
