"""`--min-severity`, its variable and its setting: what is shown, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LISTING = "umbraco-marketplace.json"
INFO = f"{LISTING}:1:1: note: UMB112 "


def test_infos_are_counted_until_they_are_asked_for(healthy: Path, run) -> None:
    result = run("validate", "--select", "UMB213")
    assert result.stdout == ("No errors or warnings in 1 listing\n1 suggestion, --min-severity info shows it\n")
    assert (result.stderr, result.exit_code) == ("", 0)
    asked = run("validate", "--select", "UMB213", "--min-severity", "info")
    assert "info[UMB213]" in asked.stdout
    assert asked.stdout.endswith("\n1 suggestion in 1 listing\n")
    assert asked.exit_code == 0


def shown(result) -> list[str]:
    return [finding["severity"] for finding in json.loads(result.stdout)["findings"]]


@pytest.mark.parametrize("least", ["error", "warning", "info"])
@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_the_exit_code_never_depends_on_it(least: str, fail_on: str, code: int, broken: Path, run) -> None:
    result = run("validate", "-f", "json", "--min-severity", least, "--fail-on", fail_on)
    assert result.exit_code == code
    order = ["error", "warning", "info"]
    last = max(order.index(least), -1 if fail_on == "never" else order.index(fail_on))
    assert set(shown(result)) == set(order[: last + 1])


def test_the_option_beats_the_variable_and_that_the_setting(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('min-severity = "error"\n', "utf-8")
    assert set(shown(run("validate", "-f", "json"))) == {"error"}
    variable = {"UMBMARKET_MIN_SEVERITY": "warning"}
    assert set(shown(run("validate", "-f", "json", **variable))) == {"error", "warning"}
    assert "info" in shown(run("validate", "-f", "json", "--min-severity", "info", **variable))


def test_the_setting_counts_for_every_format(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('min-severity = "info"\n', "utf-8")
    assert ": note: UMB112 " in run("validate", "-f", "concise").stdout
    assert "::notice " in run("validate", "-f", "github").stdout


@pytest.mark.parametrize(
    ("args", "variables", "said"),
    [
        (["--min-severity", "warn"], {}, 'error: --min-severity: unknown value "warn", did you mean'),
        (
            [],
            {"UMBMARKET_MIN_SEVERITY": "all"},
            'error: UMBMARKET_MIN_SEVERITY: unknown value "all", use error, warning or info\n',
        ),
    ],
)
def test_an_unknown_severity_is_wrong_use(args: list[str], variables: dict[str, str], said: str, broken, run) -> None:
    result = run("validate", *args, **variables)
    assert result.stderr.startswith(said)
    assert (result.stdout, result.exit_code) == ("", 2)


def test_an_unknown_severity_in_the_settings_is_told_at_its_line(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('fail-on = "never"\nmin-severity = "infos"\n', "utf-8")
    result = run("validate")
    assert result.stderr == ('error: umbmarket.toml:2: min-severity: unknown value "infos", did you mean "info"?\n')
    assert result.exit_code == 2


def on_a_terminal(columns: int, *args: str, **variables: str) -> list[str]:
    """What the program writes to a terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "umbmarket", *args],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TERM": "dumb", **variables},
    )
    os.close(theirs)
    out = b""
    try:
        while piece := os.read(ours, 4096):
            out += piece
    except OSError:
        # Linux reports the end of a terminal as an error.
        pass
    finally:
        os.close(ours)
    process.wait(60)
    return out.decode().splitlines()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_text_is_wrapped_to_the_terminal_and_to_columns(broken: Path, launch) -> None:
    args = ("validate", "--select", "UMB104")
    piped = launch(*args).stdout.decode().splitlines()
    assert max(map(len, piped)) > 120
    for columns in (60, 90):
        lines = on_a_terminal(columns, *args)
        assert max(map(len, lines)) <= columns
        assert " ".join(" ".join(lines).split()) == " ".join(" ".join(piped).split())
    assert on_a_terminal(60, *args, COLUMNS="90") == on_a_terminal(90, *args)


@pytest.mark.parametrize(
    ("columns", "is_wrapped"),
    [("70", True), ("0", False), ("x", False), ("-5", False), ("", False), ("1" * 5_000, False)],
)
def test_a_pipe_is_wrapped_only_where_columns_says_how_wide(columns: str, is_wrapped: bool, broken, launch) -> None:
    lines = launch("validate", "--select", "UMB104", COLUMNS=columns).stdout.decode().splitlines()
    assert (max(map(len, lines)) <= 70) == is_wrapped


def test_remarks_are_wrapped_like_results(broken: Path, launch) -> None:
    (broken / "umbmarket.toml").write_text('[severity]\nUMB104 = "grave"\n', "utf-8")
    whole = launch("validate").stderr.decode()
    assert whole.count("\n") == 1
    wrapped = launch("validate", COLUMNS="50").stderr.decode()
    assert max(map(len, wrapped.splitlines())) <= 50
    assert wrapped.splitlines()[1].startswith("  ")
    assert " ".join(wrapped.split()) == " ".join(whole.split())


def test_a_file_is_not_wrapped(broken: Path, launch) -> None:
    launch("validate", "--select", "UMB104", "--output", "results.txt", COLUMNS="60")
    assert max(map(len, (broken / "results.txt").read_text("utf-8").splitlines())) > 120
