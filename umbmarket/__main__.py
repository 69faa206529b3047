"""`python -m umbmarket`, and what the installed program calls."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from umbmarket.cli import INTERRUPTED

COLLECT_AFTER = 100_000
"""Objects made before Python looks for garbage: those of the start all stay, and to look costs a short run 5 %."""


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


if __name__ == "__main__":
    main()
