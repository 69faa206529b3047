"""The command line as a whole: which commands there are."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from umbmarket import __version__
from umbmarket.check.report import ExitCode
from umbmarket.cli import completion, streams
from umbmarket.cli.program import NAME, Program

if TYPE_CHECKING:
    from umbmarket.check.marketplace import Marketplace

_HELP = "Check Umbraco Marketplace listings and packages before publishing, and sync them afterwards."
_EPILOG = """
Examples:
  umbmarket init                            write the first listing of a package
  umbmarket validate                        check listings and packages here
  umbmarket inspect My.Package.1.0.0.nupkg  what the Marketplace will read
  umbmarket sync My.Package --wait          after a release
  umbmarket validate --format github        annotations in a GitHub workflow
  umbmarket explain UMB104                  what a code means

`umbmarket COMMAND --help` shows a command's options and exit codes.
"""

_COMMANDS = (
    *("init", "validate", "inspect", "preview", "sync", "status", "nuxeo"),
    *("rules", "explain", "schema", "matcher"),
)
"""The commands in the order of a package's life. Each is a function in the module of its name."""


class _Umbmarket(Program):
    """The program, which imports the module of a command when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"umbmarket.cli.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None


def program(marketplaces: tuple[Marketplace, ...] | None = None) -> Program:
    """Build the command line.

    Args:
        marketplaces: those whose files it checks, for the commands to find in the `obj` of click's context; None for
            the ones that the product comes with.
    """
    return _Umbmarket(
        NAME,
        callback=_without_command,
        invoke_without_command=True,
        subcommand_metavar="COMMAND [ARGS]...",
        params=[
            click.Option(
                ["--version", "-V"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help="Show the version and exit.",
            ),
            completion.install_option(),
            completion.show_option(),
        ],
        help=_HELP,
        epilog=_EPILOG,
        context_settings={"help_option_names": ["-h", "--help"], "obj": marketplaces},
    )


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        streams.write_text(f"{NAME} {__version__}\n")
        context.exit()


@click.pass_context
def _without_command(context: click.Context) -> None:
    """Show the help where no command was named, and call it wrong use."""
    if context.invoked_subcommand is None:
        streams.write_error(f"{context.get_help()}\n")
        context.exit(ExitCode.USAGE)


def run() -> NoReturn:
    """Run the program with the arguments of the process.

    Raises:
        SystemExit: always, with the exit code.
    """
    program().main()
    raise AssertionError("the program leaves by itself")
