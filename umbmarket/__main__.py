"""`python -m umbmarket`, and what the installed program calls."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from umbmarket.cli import INTERRUPTED

COLLECT_AFTER = 1_000_000
"""Objects made before Python looks for garbage among them. Those of a run nearly all stay until its end, so that a look
finds nothing: it costs a start 5 %, and a run of 1,000 listings, after which there are 110,000 objects, as much."""


def main() -> NoReturn:
    """Run the command line with the arguments of the process.

    Raises:
        SystemExit: always, with the exit code.
    """
    gc.set_threshold(COLLECT_AFTER)
    try:
        # Within the try: Ctrl-C may come while the modules are loaded.
        from umbmarket.cli.app import run
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run()


def program() -> NoReturn:
    """Be the process: run the command line, and end the process at once when it is done.

    Python gives back every object one by one before it ends, which costs a fifth of a run over 1,000 listings. It
    changes nothing: the system takes the memory back in any case.

    Raises:
        SystemExit: with the exit code, where something is still to be done at the end: a thread runs, or what was
            written cannot be handed on.
    """
    try:
        main()
    except SystemExit as end:
        threads = sys.modules.get("threading")
        if isinstance(end.code, int) and (threads is None or threads.active_count() == 1):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End the process, or return where the streams cannot be flushed: Python then says so in its own way."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


if __name__ == "__main__":
    program()
