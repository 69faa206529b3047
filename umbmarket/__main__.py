"""`python -m umbmarket`, and what the installed program calls."""

from __future__ import annotations

import gc
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
    try:
        run()
    finally:
        # Python looks through all objects again before it ends, for nothing: their memory is given back in any case.
        gc.freeze()


if __name__ == "__main__":
    main()
