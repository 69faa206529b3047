"""The program as a process of its own: encodings, pipes, colours, signals, and what it loads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from umbmarket.umbraco.listing import LARGEST_LISTING

LISTING = "umbraco-marketplace.json"
PROGRAM = [sys.executable, "-W", "error", "-m", "umbmarket"]
posix = pytest.mark.skipif(os.name == "nt", reason="needs what only POSIX systems have")


def test_the_module_runs_as_the_program(broken: Path, launch) -> None:
    result = launch("validate", "-q", "--select", "UMB006")
    assert result.stdout.split() == f"{LISTING}:3:21 warning[UMB006] trailing comma".encode().split()
    assert (result.stderr, result.returncode) == (b"", 0)


def test_exit_codes_reach_the_shell(broken: Path, launch) -> None:
    assert launch("validate").returncode == 1
    assert launch("validate", "--fail-on", "never").returncode == 0
    assert launch("validate", "--nonsense").returncode == 2
    assert launch("validate", ".git").returncode == 3


def test_names_that_the_console_cannot_show_are_escaped(project: Path, launch) -> None:
    result = launch("validate", "nö-日.json", "-q", PYTHONIOENCODING="ascii")
    assert result.stdout.startswith(b"n\\xf6-\\u65e5.json error[UMB001]")
    assert result.returncode == 1


def test_names_that_the_console_can_show_are_shown(project: Path, launch) -> None:
    result = launch("validate", "nö-日.json", "-q", PYTHONIOENCODING="utf-8")
    assert result.stdout.startswith("nö-日.json error[UMB001]".encode())
    result = launch("validate", "nö-日.json", "-q", PYTHONIOENCODING="cp1252")
    assert result.stdout.startswith("nö-\\u65e5.json error[UMB001]".encode("cp1252"))


@pytest.mark.parametrize("format_name", ["json", "sarif", "junit"])
def test_machines_get_utf8_with_line_feeds_whatever_the_locale(format_name: str, project: Path, launch) -> None:
    wide = launch("validate", "nö-日.json", "--format", format_name, PYTHONIOENCODING="utf-8")
    narrow = launch("validate", "nö-日.json", "--format", format_name, PYTHONIOENCODING="ascii")
    assert narrow.stdout == wide.stdout
    assert b"\r" not in narrow.stdout
    narrow.stdout.decode("utf-8")


def test_rules_and_schemas_are_utf8_too(project: Path, launch) -> None:
    for args in (["rules", "--format", "json"], ["explain", "UMB002", "--format", "json"], ["schema", "listing"]):
        json.loads(launch(*args, PYTHONIOENCODING="ascii").stdout.decode("utf-8"))
    assert b"Caf\\xe9" in launch("explain", "UMB002", PYTHONIOENCODING="ascii").stdout


@posix
def test_a_file_name_that_is_no_text_is_no_obstacle(project: Path) -> None:
    name = b"umbraco-marketplace-\xff.json"
    try:
        Path(os.fsdecode(name)).write_bytes(b'{"Category": "x"}')
    except OSError:
        pytest.skip("this file system takes only text")
    for format_name in ("text", "json"):
        args = [*PROGRAM, "validate", name, "--format", format_name, "--select", "UMB104"]
        result = subprocess.run(args, capture_output=True, timeout=60, check=False)
        assert result.returncode == 1
        assert result.stderr == b""
        assert b"UMB104" in result.stdout


@pytest.mark.parametrize("format_name", ["github", "json", "sarif", "junit"])
def test_formats_for_programs_are_utf8_whatever_the_stream_says(format_name: str, project: Path, launch) -> None:
    Path("umbraco-marketplace.json").write_text('{"Title": "Søk", "Category": "包裹"}', "utf-8")
    args = ("validate", "--format", format_name, "--select", "UMB104")
    shown = [launch(*args, PYTHONIOENCODING=encoding).stdout for encoding in ("utf-8", "cp1252", "ascii", "utf-16")]
    assert len(set(shown)) == 1
    assert b"\r" not in shown[0]
    if format_name == "github":
        assert '"包裹"' in shown[0].decode("utf-8")


def test_standard_input_is_read_as_bytes(project: Path, launch) -> None:
    result = launch("validate", "-", "--format", "json", "--select", "UMB0", stdin=b'{"Title": "Caf\xe9\r\n"}')
    assert {finding["code"] for finding in json.loads(result.stdout)["findings"]} >= {"UMB002"}


@posix
def test_a_standard_input_that_cannot_be_read_is_said(project: Path) -> None:
    with open(os.devnull, "wb") as closed:
        result = subprocess.run([*PROGRAM, "validate", "-"], stdin=closed, capture_output=True, timeout=60, check=False)
    assert result.stderr == (
        b"error: -: standard input cannot be read: bad file descriptor\nTry `umbmarket validate --help`.\n"
    )
    assert (result.returncode, result.stdout) == (2, b"")


def test_a_reader_who_leaves_is_no_failure(broken: Path) -> None:
    for args in (["validate"], ["validate", "--format", "json"], ["rules"], ["explain", "UMB104"]):
        process = subprocess.Popen([*PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        with process.stderr:
            assert process.stderr.read() == b""
        assert process.wait(60) == (1 if "validate" in args else 0)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_said(broken: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([*PROGRAM, "validate"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert result.stderr == b"error: standard output cannot be written: No space left on device\n"
    assert result.returncode == 2


@posix
@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs an input without end")
def test_a_reader_who_leaves_ends_the_passing_on_of_an_input_without_end(broken: Path) -> None:
    command = [*PROGRAM, "validate", "--fix", "-"]
    with (
        open("/dev/zero", "rb") as endless,
        subprocess.Popen(command, stdin=endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(5 * LARGEST_LISTING) == bytes(5 * LARGEST_LISTING)
        process.stdout.close()
        said = process.stderr.read().decode()
    assert said.startswith("umbraco-marketplace.json error[UMB001] cannot be read: ")
    assert "broke" not in said
    assert process.returncode == 1


@posix
def test_closed_streams_are_no_failure(broken: Path) -> None:
    for redirection, code in ((">&-", 1), ("2>&-", 1), (">&- 2>&-", 1)):
        command = f'"{sys.executable}" -m umbmarket validate -v {redirection}'
        result = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
        assert b"Traceback" not in result.stdout + result.stderr
        assert result.returncode == code
    command = f'"{sys.executable}" -m umbmarket validate - <&-'
    result = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert b"error: -: there is no standard input" in result.stderr
    assert result.returncode == 2


@posix
def test_interrupt_ends_quietly_with_130(project: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "validate", "-", "-v"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    # From this note on it waits for the listing.
    assert process.stderr.readline() == b"note: no settings file applies to the working folder\n"
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (stdout, stderr, process.returncode) == (b"", b"", 130)


COLOR_CASES = [
    ({}, [], False),
    ({}, ["--color", "always"], True),
    ({"FORCE_COLOR": "1"}, [], True),
    ({"FORCE_COLOR": ""}, [], False),
    ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
    ({"FORCE_COLOR": "1", "NO_COLOR": ""}, [], True),
    ({"NO_COLOR": "1"}, ["--color", "always"], True),
    ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
]


@pytest.mark.parametrize(("variables", "options", "colored"), COLOR_CASES)
def test_colours_of_a_pipe(variables: dict[str, str], options: list[str], colored: bool, broken: Path, run) -> None:
    for args in (["validate"], ["rules"], ["explain", "UMB104"]):
        assert ("\x1b[" in run(*args, *options, **variables).stdout) is colored


def test_formats_for_machines_never_have_colours(broken: Path, run) -> None:
    for format_name in ("json", "sarif", "github", "junit"):
        assert "\x1b" not in run("validate", "--format", format_name, "--color", "always").stdout
    assert "\x1b" not in run("rules", "--format", "json", "--color", "always").stdout


TERMINAL_CASES = [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]


@posix
@pytest.mark.parametrize(("variables", "colored"), TERMINAL_CASES)
def test_colours_of_a_terminal(variables: dict[str, str], colored: bool, broken: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "validate", "--select", "UMB006"],
        stdout=theirs,
        env={**os.environ, "TERM": "xterm", **variables},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        # Linux reports the end of a terminal as an error.
        pass
    finally:
        os.close(ours)
    assert process.wait(60) == 0
    assert b"UMB006" in shown
    assert (b"\x1b[" in shown) is colored


NOT_FOR_A_HEALTHY_LISTING = (
    "asyncio",
    "email",
    "httpx",
    "jsonschema",
    "lxml",
    "pydantic",
    "sqlite3",
    "tenacity",
    "tomllib",
    "xml",
)

LOADED_MODULES = """
import sys
sys.argv = ["umbmarket", "validate", *sys.argv[1:]]
from umbmarket.__main__ import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
sys.stderr.write("\\n".join(sorted(sys.modules)))
"""


def test_a_healthy_listing_costs_no_slow_import(healthy: Path) -> None:
    script = [sys.executable, "-c", LOADED_MODULES, LISTING]
    result = subprocess.run(script, capture_output=True, timeout=60, check=False)
    loaded = {name.partition(".")[0] for name in result.stderr.decode().split()}
    assert result.returncode == 0, result.stderr
    assert "click" in loaded
    assert [name for name in NOT_FOR_A_HEALTHY_LISTING if name in loaded] == []


def test_the_package_itself_costs_no_import_at_all() -> None:
    code = "import sys, umbmarket; print(*(name for name in sys.modules if name.startswith('umbmarket')))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert sorted(result.stdout.split()) == [b"umbmarket", b"umbmarket._version"]


def test_a_command_does_not_pay_for_the_others(healthy: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LOADED_MODULES, LISTING], capture_output=True, timeout=60, check=True
    )
    loaded = result.stderr.decode().split()
    assert "umbmarket.cli.validate" in loaded
    others = {
        f"umbmarket.cli.{name}" for name in ("inspect", "preview", "sync", "status", "rules", "explain", "schema")
    }
    assert sorted(others.intersection(loaded)) == []


def test_all_that_was_written_arrives_before_the_program_ends_at_once(
    project: Path, launch: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    keys = ", ".join(f'"Key{number}": {number}' for number in range(3000))
    (project / LISTING).write_text(f'{{"Category": "Search", {keys}}}\n')
    result = launch("validate", "--no-config", "--format", "json", LISTING)
    assert result.returncode == 1
    assert json.loads(result.stdout)["summary"]["errors"] == 100
    assert b"more findings of UMB101 are not shown" in result.stderr


def test_a_thread_that_still_runs_is_waited_for(healthy: Path) -> None:
    script = (
        "import sys, threading\n"
        "from umbmarket.__main__ import program\n"
        "sys.argv = ['umbmarket', 'validate', '--no-config', sys.argv[1]]\n"
        "ready = threading.Event()\n"
        "def late():\n    ready.wait()\n    print('late', flush=True)\n"
        "threading.Thread(target=late).start()\n"
        "try:\n    program()\nfinally:\n    ready.set()\n"
    )
    result = subprocess.run([sys.executable, "-c", script, LISTING], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout.splitlines()[-1:]) == (0, [b"late"])
