"""`umbmarket nuxeo`: the commands about Nuxeo packages, each in the module `nuxeo_<command>` beside this one."""

from __future__ import annotations

from importlib import import_module

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.program import Program

SHORT_HELP = "Create, check, pack and publish Nuxeo packages."
HELP = "Create, check, pack and publish packages for the Nuxeo Marketplace."
EPILOG = """
Examples:
  umbmarket nuxeo init my-package            the files of a new package
  umbmarket nuxeo pack my-package            a ZIP of them
  umbmarket nuxeo validate                   check the packages here
  umbmarket nuxeo inspect my-package.zip     what Nuxeo will read from it
  umbmarket nuxeo upload my-package-1.0.0.zip --org acme --target preprod

`umbmarket nuxeo COMMAND --help` shows a command's options and exit codes.
"""

_COMMANDS: tuple[str, ...] = ("init", "validate", "inspect", "pack", "upload", "delete")
"""The commands in the order of a package's life. Each is a function `<command>_package` in the module of its name."""


class _Nuxeo(Program):
    """The group, which imports the module of a command when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"umbmarket.cli.nuxeo_{cmd_name}"), f"{cmd_name}_package")
        return command if isinstance(command, click.Command) else None


@click.group(
    "nuxeo",
    cls=_Nuxeo,
    help=HELP,
    short_help=SHORT_HELP,
    epilog=EPILOG,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.pass_context
def nuxeo(context: click.Context) -> None:
    """Show the help where no command was named, and call it wrong use."""
    if context.invoked_subcommand is None:
        streams.write_error(f"{context.get_help()}\n")
        context.exit(ExitCode.USAGE)
