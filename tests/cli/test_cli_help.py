"""What the help says: kept as snapshots, so that a change of it is a decision.

With the environment variable UPDATE_SNAPSHOTS set, the snapshots are written anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from umbmarket.cli.exit_codes import EXIT_CODES

SNAPSHOTS = Path(__file__).parent / "snapshots"
PAGES = {
    "umbmarket": (),
    "init": ("init",),
    "validate": ("validate",),
    "inspect": ("inspect",),
    "sync": ("sync",),
    "status": ("status",),
    "nuxeo": ("nuxeo",),
    "nuxeo init": ("nuxeo", "init"),
    "nuxeo validate": ("nuxeo", "validate"),
    "nuxeo inspect": ("nuxeo", "inspect"),
    "nuxeo pack": ("nuxeo", "pack"),
    "nuxeo upload": ("nuxeo", "upload"),
    "nuxeo delete": ("nuxeo", "delete"),
    "rules": ("rules",),
    "explain": ("explain",),
    "schema": ("schema",),
    "matcher": ("matcher",),
}


@pytest.mark.parametrize("name", PAGES)
def test_help_is_as_recorded(name: str, run) -> None:
    result = run(*PAGES[name], "--help")
    snapshot = SNAPSHOTS / f"help-{name.replace(' ', '-')}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(result.stdout, "utf-8", newline="\n")
    assert result.stdout == snapshot.read_text("utf-8")
    assert result.stderr == ""
    assert result.exit_code == 0


@pytest.mark.parametrize("name", PAGES)
def test_help_fits_a_terminal_of_80_columns_and_any_code_page(name: str, run) -> None:
    text = run(*PAGES[name], "--help").stdout
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", PAGES)
def test_short_option_shows_the_same_help(name: str, run) -> None:
    assert run(*PAGES[name], "-h").stdout == run(*PAGES[name], "--help").stdout


def test_without_a_command_the_help_is_wrong_use(run) -> None:
    result = run()
    assert result.stdout == ""
    assert result.stderr == run("--help").stdout
    assert result.exit_code == 2


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("umbmarket", "nuxeo")])
def test_every_page_documents_the_exit_codes(name: str, run) -> None:
    page = run(*PAGES[name], "--help").stdout
    codes = [line.split()[0] for line in page.partition("Exit codes:\n")[2].splitlines()]
    assert codes == [str(code) for code in EXIT_CODES[name]]
    assert {"0", "2", "4"} <= set(codes)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("args", [["--help"], ["validate", "-h"], ["--version"], ["rules"], ["explain", "UMB1"]])
def test_a_full_disk_is_no_failure_of_the_program(args: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([sys.executable, "-m", "umbmarket", *args], stdout=full, stderr=subprocess.PIPE)
    assert result.stderr == b"error: standard output cannot be written: No space left on device\n"
    assert result.returncode == 2


def test_piped_help_has_no_colours_and_the_program_name(launch) -> None:
    result = launch("--help")
    assert result.returncode == 0
    assert result.stdout.startswith(b"Usage: umbmarket [OPTIONS] COMMAND")
    assert b"\x1b" not in result.stdout


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option: str, run) -> None:
    import umbmarket

    result = run(option)
    assert result.stdout == f"umbmarket {umbmarket.__version__}\n"
    assert (result.stderr, result.exit_code) == ("", 0)
