"""How long `umbmarket validate --online` takes for a hundred images on a server that answers in 100 ms.

    python benchmarks/online.py [--rounds 5] [--images 100] [--delay 0.1]

The server runs on the loopback interface in this process and answers each request with a PNG image of 200 kB after the
delay. What is measured is a fresh process of this Python, from its start to its end; all rounds must keep the bound.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BOUND_SECONDS = 2.5
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200_000)


class ImageServer(ThreadingHTTPServer):
    """Counts its requests, and how many are under way at once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), ImageHandler)
        self.delay = delay
        self.lock = threading.Lock()
        self.requests = self.now = self.most = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """The client hangs up once it has seen enough of an image."""


class ImageHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ImageServer

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.requests += 1
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        time.sleep(self.server.delay)
        with self.server.lock:
            self.server.now -= 1
        head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(PNG)}\r\n\r\n"
        self.wfile.write(head.encode("ascii") + PNG)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


# From cached bytecode, as installed; and no proxy may stand between.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.lower().endswith("_proxy")
}


def measure(server: ImageServer, listing: Path) -> float:
    command = [sys.executable, "-m", "umbmarket", "validate", "--no-config", "--online", "--allow-private-hosts"]
    start = time.perf_counter()
    run = subprocess.run(
        [*command, "--select", "UMB6", str(listing)], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    seconds = time.perf_counter() - start
    if run.returncode != 0 or "No findings" not in run.stdout:
        raise SystemExit(f"the run was not clean:\n{run.stdout}{run.stderr}")
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--delay", type=float, default=0.1, help="seconds until the server answers")
    options = parser.parse_args()
    server = ImageServer(options.delay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    shots = [{"ImageUrl": f"{base}/{number}.png", "Caption": f"Number {number}"} for number in range(options.images)]
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "umbraco-marketplace.json"
        listing.write_text(json.dumps({"Category": "Search", "Screenshots": shots}, indent=2), "utf-8")
        measure(server, listing)
        server.requests = server.most = 0
        times = [measure(server, listing) for _ in range(options.rounds)]
    asked = server.requests / options.rounds
    print(
        f"{options.images} images, {options.delay * 1000:.0f} ms each: median {statistics.median(times):.2f} s, "
        f"slowest {max(times):.2f} s (bound {BOUND_SECONDS} s); "
        f"{asked:.0f} requests a run, at most {server.most} at once"
    )
    return 0 if max(times) <= BOUND_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
