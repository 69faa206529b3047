"""A process of its own that asks for turns and sends requests, for test_throttle_processes.py.

Arguments: one JSON object. Modes: `hammer` until there is a file `end`, `once`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

from umbmarket.web.client import Http
from umbmarket.web.throttle import Throttle, Turn


def send(http: Http, url: str, turn: Turn) -> None:
    with turn:
        payload = {"PackageId": turn.package_id, "Pid": str(os.getpid())}
        outcome = http.post_json(url, payload, total=turn.time_left(), leave=turn.leave)
        retry_after = getattr(outcome, "retry_after", None)
        turn.finish(outcome.delivery, retry_after)


def main(settings: dict[str, Any]) -> None:
    throttle = Throttle(
        Path(settings["path"]),
        interval=settings["interval"],
        request_seconds=settings["request_seconds"],
        settle=settings["settle"],
        poll=0.05,
        on_warning=lambda warning: print("warning", warning.text, flush=True),
    )
    chance = random.Random(settings["seed"])
    with Http(allow_private_hosts=True, trust_environment=False) as http:
        print("ready", flush=True)
        if settings["mode"] == "once":
            turn = throttle.wait_for_turn("one", on_wait=lambda busy: print("waiting", flush=True))
            assert isinstance(turn, Turn)
            send(http, settings["url"], turn)
            return
        while not Path(settings["end"]).exists():
            answer = throttle.wait_for_turn(chance.choice(settings["ids"]), patience=chance.choice([0.0, 0.1, 2.0]))
            if isinstance(answer, Turn):
                send(http, settings["url"], answer)


if __name__ == "__main__":
    # A shell that starts the tests in the background has SIGINT ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(json.loads(sys.argv[1]))
