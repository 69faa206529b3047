"""The command line as a whole: which commands there are."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from umbmarket import __version__
from umbmarket.check.report import ExitCode
from umbmarket.cli import explain, inspect, rules, schema, status, streams, sync, validate
from umbmarket.cli.program import NAME, HelpPage, Program

_HELP = "Check Umbraco Marketplace listings and packages before publishing, and sync them afterwards."
_EPILOG = """
Examples:
  umbmarket validate                        check listings and packages here
  umbmarket inspect My.Package.1.0.0.nupkg  what the Marketplace will read
  umbmarket sync My.Package --wait          after a release
  umbmarket validate --format github        annotations in a GitHub workflow
  umbmarket explain UMB104                  what a code means

`umbmarket COMMAND --help` shows a command's options and exit codes.
"""

app = typer.Typer(
    cls=Program,
    help=_HELP,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
"""The program, for Typer's test runner and for tools that read command lines."""

for _module, _command in (
    (validate, validate.validate),
    (inspect, inspect.inspect),
    (sync, sync.sync),
    (status, status.status),
    (rules, rules.rules),
    (explain, explain.explain),
    (schema, schema.schema),
):
    app.command(cls=HelpPage, help=_module.HELP, short_help=_module.SHORT_HELP, epilog=_module.EPILOG)(_command)


def _show_version(wanted: bool) -> None:
    if wanted:
        streams.write_text(f"{NAME} {__version__}\n")
        raise typer.Exit


@app.callback()
def program(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Do what is common to all commands: without a command, show the help and call it wrong use."""
    if context.invoked_subcommand is None:
        streams.write_error(f"{context.get_help()}\n")
        raise typer.Exit(ExitCode.USAGE)


def run() -> NoReturn:
    """Run the program with the arguments of the process.

    Raises:
        SystemExit: always, with the exit code.
    """
    command = typer.main.get_command(app)
    command.main()
    raise AssertionError("the program leaves by itself")
