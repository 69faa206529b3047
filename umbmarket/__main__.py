"""`python -m umbmarket`, and what the installed program calls."""

from __future__ import annotations

import sys
from typing import NoReturn

from umbmarket.cli import INTERRUPTED


def main() -> NoReturn:
    """Run the command line with the arguments of the process.

    Raises:
        SystemExit: always, with the exit code.
    """
    try:
        # Within the try: Ctrl-C may come while the modules are loaded.
        from umbmarket.cli.app import run
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
