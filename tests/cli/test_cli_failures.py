"""What happens when the program itself breaks: one screen, exit code 4, a traceback only on request."""

from __future__ import annotations

import errno
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import umbmarket
from umbmarket import home
from umbmarket.check.report import CheckedFile, ExitCode, Report
from umbmarket.cli import results
from umbmarket.cli.program import HelpPage, Program
from umbmarket.output import Format

broken_app = Program()


@broken_app.command("break", cls=HelpPage)
@click.option("--verbose", "-v", is_flag=True)
def _break(verbose: bool) -> None:
    raise KeyError("no such\n##[error]\x1b[31m thing")


@broken_app.command("interrupt", cls=HelpPage)
def _interrupt() -> None:
    raise KeyboardInterrupt


def _call_itself() -> None:
    _call_itself()


broken_app.command("recurse", cls=HelpPage)(_call_itself)


@broken_app.command("nothing", cls=HelpPage)
def _nothing() -> ExitCode:
    return ExitCode.NOTHING_TO_CHECK


@broken_app.command("end", cls=HelpPage)
def _end() -> None:
    raise EOFError("Compressed file ended before the end-of-stream marker was reached")


@broken_app.command("pipe", cls=HelpPage)
def _pipe() -> None:
    raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def start(*args: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(broken_app, list(args), catch_exceptions=False)


def test_failure_is_told_on_one_screen() -> None:
    result = start("break")
    lines = result.stderr.splitlines()
    assert lines[0].startswith("error: umbmarket broke: KeyError: ")
    assert " at test_cli_failures.py:" in lines[0]
    assert lines[1:3] == [
        "This is a bug in umbmarket, not a mistake in your files. To report it later, keep the lines above,",
        "the command line, the file that was checked if you may share it, and:",
    ]
    assert lines[3].startswith(f"  umbmarket {umbmarket.__version__}, Python 3.")
    assert lines[4:] == ["Run it again with -v, or with UMBMARKET_TRACEBACK=1, to see the traceback."]
    assert result.stdout == ""
    assert result.exit_code == 4


@pytest.mark.parametrize(("args", "variables"), [(["-v"], {}), (["--verbose"], {}), ([], {"UMBMARKET_TRACEBACK": "1"})])
def test_traceback_comes_on_request(args: list[str], variables: dict[str, str]) -> None:
    result = start("break", *args, **variables)
    assert "Traceback (most recent call last):" in result.stderr
    assert "raise KeyError" in result.stderr
    assert "Run it again" not in result.stderr
    assert result.exit_code == 4


def test_no_traceback_otherwise() -> None:
    assert "Traceback" not in start("break", UMBMARKET_TRACEBACK="0").stderr


@pytest.mark.parametrize("args", [[], ["-v"]])
def test_words_in_a_failure_cannot_steer_the_terminal(args: list[str]) -> None:
    result = start("break", *args)
    assert "\x1b" not in result.stderr
    assert "##[" not in result.stderr


def test_endless_recursion_is_a_failure_like_others() -> None:
    result = start("recurse")
    assert result.stderr.startswith("error: umbmarket broke: RecursionError: ")
    assert result.exit_code == 4


def test_interrupt_is_quiet() -> None:
    result = start("interrupt")
    assert (result.output, result.exit_code) == ("", 130)


def test_what_a_command_gives_back_is_the_exit_code() -> None:
    assert start("nothing").exit_code == 3


@pytest.mark.parametrize(("command", "kind"), [("end", "EOFError"), ("pipe", "BrokenPipeError")])
def test_what_click_would_answer_by_itself_is_a_failure_like_others(command: str, kind: str) -> None:
    result = start(command)
    assert result.stderr.startswith(f"error: umbmarket broke: {kind}: ")
    assert " at test_cli_failures.py:" in result.stderr
    assert (result.stdout, result.exit_code) == ("", 4)


def test_broken_rule_is_told_after_the_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(
        files=(CheckedFile("a.json", "listing", "strict", True),),
        findings=(),
        notes=("something to know",),
        failures=("UMB104 broke on a.json: KeyError: 'x'", "UMB105 broke on a.json: ValueError: y\nz"),
    )
    results.show(
        report, results.Wish(Format.TEXT, None, "auto", quiet=False, verbose=False, statistics=False), tmp_path
    )
    shown = capsys.readouterr()
    assert shown.out.endswith("1 listing\n")
    assert shown.err.splitlines()[:4] == [
        "note: something to know",
        "error: umbmarket broke: UMB104 broke on a.json: KeyError: 'x'",
        "error: umbmarket broke: UMB105 broke on a.json: ValueError: y z",
        "This is a bug in umbmarket, not a mistake in your files. To report it later, keep the lines above,",
    ]
    assert report.exit_code == 4


def test_a_mistake_is_reported_where_the_product_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "HOME", "https://github.com/example/umbmarket")
    assert start("break").stderr.splitlines()[1:4] == [
        "This is a bug in umbmarket, not a mistake in your files. Please report it at",
        "https://github.com/example/umbmarket/issues with the lines above,",
        "the command line, the file that was checked if you may share it, and:",
    ]
