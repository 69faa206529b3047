"""What each command tells its caller by its exit code: the one source of the help pages and of docs/usage.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from umbmarket.cli import INTERRUPTED

_USAGE = "wrong use, or the results cannot be written"
_FAILED = "umbmarket itself failed"

_PAGE: Final[Mapping[int, str]] = {0: "shown", 2: _USAGE, 4: _FAILED}
"""Of the commands that show something that comes with the program."""

EXIT_CODES: Final[Mapping[str, Mapping[int, str]]] = {
    "init": {
        0: "written",
        2: "wrong use, or a file exists already or cannot be written",
        4: _FAILED,
    },
    "validate": {
        0: "nothing found at or above --fail-on",
        1: "findings at or above --fail-on; with --diff: something to fix",
        2: "wrong use, wrong settings, or a file cannot be written",
        3: "nothing to check: no listing, package or project under the paths",
        4: _FAILED,
    },
    "inspect": {
        0: "shown",
        1: "a package cannot be read, or a project cannot be packed",
        2: "wrong use, a file does not exist, or the results cannot be written",
        4: _FAILED,
    },
    "sync": {
        0: "accepted; with --wait: shown, or this could not be checked",
        1: "refused by the Marketplace, or there is nothing to sync",
        2: _USAGE,
        4: "no answer from the feed or the Marketplace, or umbmarket itself failed",
        5: "not seen in time, or too soon after the last request",
    },
    "status": {
        0: "fine",
        1: "the package cannot be listed, or there are errors (or what fail-on says)",
        2: "wrong use, wrong settings, or the results cannot be written",
        4: "something could not be checked, or umbmarket itself failed",
    },
    "nuxeo validate": {
        0: "nothing found at or above --fail-on",
        1: "findings at or above --fail-on",
        2: "wrong use, wrong settings, or the results cannot be written",
        3: "nothing to check: no package under the paths",
        4: _FAILED,
    },
    "nuxeo inspect": {
        0: "shown",
        1: "Nuxeo cannot read a package",
        2: "wrong use, a file does not exist, or the results cannot be written",
        4: _FAILED,
    },
    "nuxeo init": {
        0: "created",
        2: "wrong use, or a file exists already (--force replaces it)",
        4: _FAILED,
    },
    "nuxeo pack": {
        0: "created",
        1: "not created: there are errors",
        2: "wrong use, wrong settings, or a file exists already (--force replaces it)",
        4: _FAILED,
    },
    "nuxeo upload": {
        0: "uploaded: the server answered 200; with --dry-run: nothing stops it",
        1: "refused by the server, or stopped by the checks",
        2: "wrong use, wrong settings, or no consent",
        4: "no answer, so the effect is not known, or umbmarket itself failed",
    },
    "nuxeo delete": {
        0: "deleted: the server answered 200; with --dry-run: nothing stops it",
        1: "refused by the server, or the package cannot be read",
        2: "wrong use, or no consent",
        4: "no answer, so the effect is not known, or umbmarket itself failed",
    },
    "rules": _PAGE,
    "explain": _PAGE,
    "schema": _PAGE,
    "matcher": _PAGE,
}
"""By command, as it is typed after the program's name: exit code to what it means."""

FOR_ALL: Final[Mapping[int, str]] = {INTERRUPTED: "interrupted by Ctrl-C"}
"""Further exit codes that every command can have."""


def exit_codes_of(command: str, epilog: str | None = None) -> Mapping[int, str]:
    """What a command's exit codes mean; empty where nothing says so.

    Args:
        command: as a key of `EXIT_CODES`.
        epilog: of its help page, which says it for a command that is not described here.
    """
    if command in EXIT_CODES:
        return EXIT_CODES[command]
    lines = (epilog or "").partition("Exit codes:\n")[2].split("\n")
    told = (re.fullmatch(r"  ([0-9]+)  (.+)", line) for line in lines)
    return {int(match[1]): match[2] for match in told if match is not None}


def help_section(command: str) -> str:
    """The lines of a command's help page; empty for a command that is not described here."""
    codes = EXIT_CODES.get(command, {})
    if not codes:
        return ""
    return "Exit codes:\n" + "".join(f"  {code}  {meaning}\n" for code, meaning in codes.items())
