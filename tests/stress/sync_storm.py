"""A storm of syncing processes, judged by what a server on the loopback interface sees arrive.

Many processes sync the same ids over and over through `umbmarket.sync_all` and one state file, while the server answers
late, fails, drops connections or says nothing, and while processes are killed and stopped for longer than a claim
lasts. Two arrivals for one id that are less than one interval apart are a violation.

    python -m tests.stress.sync_storm --seconds 60

It ends by itself: after `--seconds`, or when every process has made its rounds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.loopback import Request, Server

INTERVAL, REQUEST_SECONDS, SETTLE = 1.0, 0.6, 0.5
OCCUPIED = INTERVAL + REQUEST_SECONDS + SETTLE

WORKER = """
import json, sys
from pathlib import Path
import umbmarket
from umbmarket.web.throttle import Throttle

told = json.loads(sys.argv[1])
throttle = Throttle(
    Path(told["state"]), interval=told["interval"], request_seconds=told["request_seconds"], settle=told["settle"],
    poll=0.05,
)
options = umbmarket.SyncOptions(
    check=False, sync_url=told["url"], cache=False, allow_private_hosts=True, timeout=told["timeout"]
)
for _ in range(told["rounds"]):
    for result in umbmarket.sync_all(told["ids"], options, environment={}, throttle=throttle):
        assert str(result.state) in ("accepted", "network", "busy"), result
"""


@dataclass
class Storm:
    """What happened.

    Attributes:
        arrivals: id to the times at which requests for it arrived.
        kinds: how the server answered, and how often.
        kills: processes that were killed.
        stops: processes that were stopped, and went on later.
        ends: exit codes of the processes that ended by themselves.
        errors: what those said.
    """

    arrivals: dict[str, list[float]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    stops: int = 0
    ends: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def gaps(self) -> list[float]:
        """The times between two arrivals for one id."""
        return [
            later - earlier for times in self.arrivals.values() for earlier, later in itertools.pairwise(sorted(times))
        ]

    @property
    def violations(self) -> list[float]:
        """The gaps that are too small."""
        return [gap for gap in self.gaps if gap < INTERVAL]


def rage(seconds: float, processes: int, ids: int, kills: int, seed: int = 7, *, silent: bool = False) -> Storm:
    """Let a storm rage.

    Args:
        seconds: How long, at the most.
        processes: How many at a time.
        ids: How many ids, the same for all.
        kills: How many processes are killed at the most; each is replaced.
        seed: Of what is left to chance.
        silent: The server says nothing to most requests, so that those of one process wait for each other.
    """
    storm, chance, lock = Storm(), random.Random(seed), threading.Lock()
    over = threading.Event()
    weights = [1, 1, 8, 1, 1] if silent else [5, 3, 1, 1, 1]

    def answer(request: Request) -> Any:
        package_id = json.loads(request.body)["PackageId"]
        with lock:
            storm.arrivals.setdefault(package_id, []).append(request.arrived)
            kind = chance.choices(["at once", "late", "never", "503", "dropped"], weights)[0]
            storm.kinds[kind] += 1
            wait = {"late": chance.uniform(0, REQUEST_SECONDS), "never": 3 * REQUEST_SECONDS}.get(kind, 0.0)
        server.closing.wait(wait)
        if kind in ("never", "dropped"):
            return None
        return (503 if kind == "503" else 202), {}, b""

    server = Server(answer)
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "url": server.url("/f"),
            "state": str(Path(folder) / "throttle.sqlite3"),
            "interval": INTERVAL,
            "request_seconds": REQUEST_SECONDS,
            "settle": SETTLE,
            "timeout": 30.0,
            "rounds": 1_000,
            "ids": [f"Package.Number{number}" for number in range(ids)],
        }

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-c", WORKER, json.dumps(told)]
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        workers = [start() for _ in range(processes)]
        stopped: dict[int, float] = {}
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                over.wait(0.1)
                for number, worker in enumerate(workers):
                    if number in stopped and time.monotonic() >= stopped[number]:
                        worker.send_signal(signal.SIGCONT)
                        del stopped[number]
                if not storm.arrivals:
                    continue  # before anything has arrived there is nothing to disturb
                number = chance.randrange(processes)
                if number in stopped:
                    continue
                if chance.random() < 0.2:
                    workers[number].send_signal(signal.SIGSTOP)
                    # Up to twice as long as an id is taken: others go on meanwhile.
                    stopped[number] = time.monotonic() + chance.uniform(0.1, 2 * OCCUPIED)
                    storm.stops += 1
                elif storm.kills < kills and chance.random() < 0.1:
                    workers[number].kill()
                    workers[number].communicate()
                    workers[number] = start()
                    storm.kills += 1
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
            for worker in workers:
                _, said = worker.communicate()
                storm.ends[worker.returncode] += 1
                if said:
                    storm.errors.append(said)
            server.close()
    return storm


def main() -> int:
    """Let a storm rage, and say what came of it; 1 for a violation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--ids", type=int, default=40)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--silent", action="store_true", help="the server says nothing to most requests")
    wish = parser.parse_args()
    seconds, processes = min(wish.seconds, 600.0), min(wish.processes, 32)
    storm = rage(seconds, processes, wish.ids, wish.kills, wish.seed, silent=wish.silent)
    gaps = storm.gaps
    print(f"{sum(map(len, storm.arrivals.values()))} arrivals for {len(storm.arrivals)} ids, {len(gaps)} gaps")
    print(f"answers: {dict(storm.kinds)}; {storm.kills} processes killed, {storm.stops} stopped and resumed")
    print(f"smallest gap: {min(gaps, default=0):.3f} s of {INTERVAL} s; violations: {len(storm.violations)}")
    print(f"exit codes: {dict(storm.ends)}")
    for error in storm.errors[:3]:
        print(error, file=sys.stderr)
    return 1 if storm.violations else 0


if __name__ == "__main__":
    if os.name != "posix":
        sys.exit("signals as POSIX has them are needed")
    sys.exit(main())
