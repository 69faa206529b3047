"""How the command line behaves as a whole: help pages, wrong use, and what broke.

Typer parses. Its own error boxes and exit codes are replaced here, because exit code 1 means findings in this
program, and because its reader is often a CI log.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from umbmarket.check.report import ExitCode
from umbmarket.cli import INTERRUPTED, streams
from umbmarket.cli.light_parameters import light
from umbmarket.output.plain import plain
from umbmarket.settings.options import SettingsError

if TYPE_CHECKING:
    # Names of Typer's own base classes, for the signatures below; nothing of them is used.
    from typer._click.core import Command, Context, Parameter
    from typer._click.formatting import HelpFormatter

NAME = "umbmarket"
"""What the program is called, however it was started."""

TRACEBACK_VARIABLE = "UMBMARKET_TRACEBACK"
"""Environment variable: when it is 1, what broke is shown with its traceback."""

_FILE_ENDINGS = (".json", ".nupkg")


class HelpPage(TyperCommand):
    """A command whose help groups its options by their panel and gives its epilog as it is written."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """All parameters, the one for help among them."""
        return light(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Name what is required plainly; Typer puts it in braces, which are for choices."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece if "|" in piece else piece.strip("{}") for piece in pieces]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the arguments and options in groups."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the epilog line by line."""
        _write_epilog(self.epilog, formatter)


class Program(TyperGroup):
    """The whole program. `main` turns whatever happens into an exit code and a message fit to be read."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """All parameters, the one for help among them."""
        return light(super().get_params(ctx))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands first, then the options."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the epilog line by line."""
        _write_epilog(self.epilog, formatter)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Find the command; where a file stands in its place, say how files are checked."""
        first = args[0]
        if first not in self.commands and not first.startswith("-") and _names_a_file(first):
            ctx.fail(f"{first} is no command; did you mean `{NAME} validate {first}`?")
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run, and leave with the exit code of what happened.

        The arguments are those of Typer; the name is always `NAME`.

        Raises:
            SystemExit: always.
        """
        try:
            outcome = super().main(
                args=args,
                prog_name=NAME,
                complete_var=complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except typer.TyperException as error:
            sys.exit(_wrong_use(error))
        except SettingsError as error:
            streams.error(str(error))
            sys.exit(ExitCode.USAGE)
        except streams.CannotWrite as error:
            streams.error(str(error))
            sys.exit(ExitCode.USAGE)
        except (KeyboardInterrupt, typer.Abort):
            sys.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the last place where a failure can be put into words
            sys.exit(_broken(error, verbose=_is_verbose(sys.argv[1:] if args is None else args)))
        sys.exit(_exit_code(outcome))


def _exit_code(outcome: object) -> int:
    """The exit code for what a command gave back, or for the number that Typer left with by itself.

    Typer's own 1 (no completion for this shell) would say that there are findings: it becomes 2.
    """
    if isinstance(outcome, IntEnum):
        return int(outcome)
    if outcome == ExitCode.FINDINGS:
        return ExitCode.USAGE
    return outcome if isinstance(outcome, int) else ExitCode.CLEAN


def _names_a_file(word: str) -> bool:
    return word.lower().endswith(_FILE_ENDINGS) or os.path.exists(word)


def _wrong_use(error: typer.TyperException) -> int:
    possible: Sequence[str] | None = getattr(error, "possibilities", None)
    if possible:
        message = f"{error.message}; did you mean {' or '.join(sorted(possible))}?"
    else:
        message = " ".join(error.format_message().split())
    streams.error(message)
    context: Context | None = getattr(error, "ctx", None)
    command = context.command_path if context is not None else NAME
    streams.write_error(f"Try `{command} --help`.\n")
    return ExitCode.USAGE


def _is_verbose(args: Sequence[str]) -> bool:
    return os.environ.get(TRACEBACK_VARIABLE) == "1" or "-v" in args or "--verbose" in args


def _broken(error: BaseException, *, verbose: bool) -> int:
    """Say that this program broke, and what is needed to mend it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    report_failures([f"{type(error).__name__}: {error}{where}"])
    if verbose:
        lines = "".join(traceback.format_exception(error)).split("\n")
        streams.write_error("\n".join(map(plain, lines)))
    else:
        streams.write_error(f"Run it again with -v, or with {TRACEBACK_VARIABLE}=1, to see the traceback.\n")
    return ExitCode.INTERNAL


def report_failures(failures: Sequence[str]) -> None:
    """Say on standard error that this program broke, not the user's files, and what to report.

    Args:
        failures: one line each.
    """
    import platform

    from umbmarket import __version__

    for failure in failures:
        streams.error(f"{NAME} broke: {' '.join(failure.split())}")
    streams.write_error(
        f"This is a mistake in {NAME}, not in your files. Please report it with the lines above, the\n"
        "command line, the file that was checked if you may share it, and:\n"
        f"  {NAME} {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    )


def _write_options(command: HelpPage | Program, ctx: Context, formatter: HelpFormatter) -> None:
    """Write arguments, then options by their panel in the order of first use, and last those without one."""
    groups: dict[str, list[tuple[str, str]]] = {"Arguments": []}
    rest: list[tuple[str, str]] = []
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        panel = getattr(parameter, "rich_help_panel", None)
        if parameter.param_type_name == "argument":
            # Typer adds the Python type, which says nothing to the reader.
            groups["Arguments"].append((record[0].partition(" <")[0], record[1]))
        elif panel:
            groups.setdefault(panel, []).append(record)
        else:
            rest.append(record)
    for title, records in {**groups, "Options": rest}.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def _write_epilog(epilog: str | None, formatter: HelpFormatter) -> None:
    if epilog:
        formatter.write_paragraph()
        formatter.write(epilog.strip("\n") + "\n")
