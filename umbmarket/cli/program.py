"""How the command line behaves as a whole: help pages, wrong use, and what broke.

click parses. Its own error pages and exit codes are replaced here, because exit code 1 means findings in this
program, and because its reader is often a CI log.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import click

from umbmarket import home
from umbmarket.check.report import ExitCode
from umbmarket.cli import INTERRUPTED, streams
from umbmarket.cli.exit_codes import help_section
from umbmarket.cli.options import options_of
from umbmarket.findings import quote
from umbmarket.output.plain import plain
from umbmarket.settings.options import SettingsError

NAME = "umbmarket"
"""What the program is called, however it was started."""

TRACEBACK_VARIABLE = "UMBMARKET_TRACEBACK"
"""Environment variable: when it is 1, what broke is shown with its traceback."""

_FILE_ENDINGS = (".json", ".nupkg", ".zip")


class _Broken(Exception):
    """Carries a failure of a command past click, which has an answer of its own to some kinds."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(str(failure))
        self.failure = failure


class _WrittenWithCare(click.Command):
    """A command whose help page goes where all output goes: a full disk is no failure of the program."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, which forgets to say which command an option without its value was given to.

        What is left over is refused in our own words.
        """
        takes_more = ctx.allow_extra_args
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        finally:
            ctx.allow_extra_args = takes_more
        if rest and not takes_more and not ctx.resilient_parsing:
            from umbmarket.cli.usage_errors import unexpected

            raise unexpected(ctx, rest)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option of click, which writes by our own means."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.callback = _show_help
        return found


def command_of(context: click.Context) -> str:
    """A command as it is typed after the program's name, such as `nuxeo init`."""
    return context.command_path.partition(" ")[2]


def _show_help(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        streams.write_text(f"{context.get_help()}\n")
        context.exit()


class HelpPage(_WrittenWithCare):
    """A command whose help groups its options by their heading and gives its epilog as it is written."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, unless an option was mistyped so that click would take it for a value."""
        return super().parse_args(ctx, args if ctx.resilient_parsing else list(_without_slips(ctx, args)))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, and which of them have to be given."""
        records = []
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Argument):
                required = "  [required]" if parameter.required else ""
                records.append((parameter.human_readable_name, f"{parameter.help}{required}"))
        if records:
            with formatter.section("Arguments"):
                formatter.write_dl(records)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line, and the exit codes."""
        _write_epilog(self.epilog, formatter)
        _write_epilog(help_section(command_of(ctx)), formatter)


class Program(_WrittenWithCare, click.Group):
    """The whole program. `main` turns whatever happens into an exit code and a message fit to be read."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were given: it is the order of a package's life."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first, then the options."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog line by line."""
        _write_epilog(self.epilog, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; where a file stands in its place, say how files are checked."""
        first, known = args[0], self.list_commands(ctx)
        if first not in known and not first.startswith("-") and not ctx.resilient_parsing:
            meant = self._flag_for(ctx, args)
            if meant:
                ctx.fail(f"unknown command {quote(first)}, did you mean `{ctx.command_path}{meant}`?")
            if _names_a_file(first):
                ctx.fail(f"{first} is not a command; did you mean `{ctx.command_path} validate {first}`?")
            raise click.NoSuchCommand(first, possibilities=known, ctx=ctx)
        return super().resolve_command(ctx, args)

    def _flag_for(self, ctx: click.Context, words: Sequence[str]) -> str:
        """What shows the help or the version, for those who write it as a command; empty where that was not meant."""
        if words[0] == "help":
            return " ".join(["", *(word for word in words[1:2] if word in self.list_commands(ctx)), "--help"])
        has_version = any("--version" in each.opts for each in self.get_params(ctx))
        return " --version" if words[0] == "version" and has_version else ""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, out of reach of what click does about some failures.

        It would take the end of a file for Ctrl-C, answer Ctrl-C with an empty line, and leave with 1, which means
        findings, where a pipe broke.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except (EOFError, OSError) as failure:
            raise _Broken(failure) from failure

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

        The arguments are those of click; the name is always `NAME`.

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
        except click.ClickException as error:
            sys.exit(_wrong_use(error))
        except (SettingsError, streams.CannotWrite) as error:
            streams.error(*error.problems)
            sys.exit(ExitCode.USAGE)
        except (KeyboardInterrupt, click.Abort):
            sys.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the last place where a failure can be put into words
            failure = error.failure if isinstance(error, _Broken) else error
            sys.exit(_broken(failure, verbose=_is_verbose(sys.argv[1:] if args is None else args)))
        sys.exit(outcome if isinstance(outcome, int) else ExitCode.CLEAN)


def _without_slips(context: click.Context, words: Sequence[str]) -> Iterator[str]:
    """The words behind a command, with those set right or refused that click would take for something else than meant.

    click takes `--output --fix` for a file that is called `--fix`, `-output x` for a file that is called `utput`, and
    `-o=x` for one that is called `=x`. A value that is spelled like an option can still be given behind an equals sign.

    Args:
        context: of the command.
        words: what stands behind its name.

    Raises:
        click.UsageError: an option stands where the value of another one belongs, has one dash for two, or takes no
            value.
    """
    options = options_of(context)
    rest = iter(words)
    for word in rest:
        if word == "--":
            yield from (word, *rest)
            return
        option = options.get(word)
        if option is None:
            if word[:1] == "-" and word[:2] != "--" and f"-{word}" in options:
                raise click.NoSuchOption(word, ctx=context)
            short = options.get(word[:2]) if word[2:3] == "=" else None
            if short is not None and short.is_flag:
                raise click.BadOptionUsage(word[:2], "", ctx=context)
            yield from (word,) if short is None else (word[:2], word[3:])
            continue
        yield word
        value = None if option.is_flag else next(rest, None)
        if value in options:
            from umbmarket.cli.usage_errors import value_missing_before

            raise value_missing_before(context, word, value)
        if value is not None:
            yield value


def _names_a_file(word: str) -> bool:
    return word.lower().endswith(_FILE_ENDINGS) or os.path.exists(word)


def _wrong_use(error: click.ClickException) -> int:
    # Late: most runs are right.
    from umbmarket.cli.usage_errors import wording

    streams.error(wording(error))
    context = error.ctx if isinstance(error, click.UsageError) else None
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
        f"This is a bug in {NAME}, not a mistake in your files. {_what_to_do()} the lines above,\n"
        "the command line, the file that was checked if you may share it, and:\n"
        f"  {NAME} {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    )


def _what_to_do() -> str:
    """Where to report a mistake; as long as that is nowhere, what to keep for later."""
    address = home.issues()
    return f"Please report it at\n{address} with" if address else "To report it later, keep"


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write options by their heading in the order of first use, and last those without one."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rest: list[tuple[str, str]] = []
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
        if record is not None:
            heading = getattr(parameter, "heading", None)
            (groups.setdefault(heading, []) if heading else rest).append(record)
    for title, records in {**groups, "Options": rest}.items():
        with formatter.section(title):
            formatter.write_dl(records)


def _write_epilog(epilog: str | None, formatter: click.HelpFormatter) -> None:
    if epilog:
        formatter.write_paragraph()
        formatter.write(epilog.strip("\n") + "\n")
