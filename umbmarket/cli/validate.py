"""`umbmarket validate`: check listings before they are published."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from umbmarket.cli import results, run_settings, streams
from umbmarket.cli.choices import complete_from, complete_rules, one_of, selectors
from umbmarket.cli.options import Color
from umbmarket.output import Format
from umbmarket.output.plain import plain
from umbmarket.report import ExitCode
from umbmarket.settings import FailOn

STDIN = "-"
"""The path that means standard input."""

STDIN_NAME = "umbraco-marketplace.json"
"""What standard input is called in the results."""

SHORT_HELP = "Check listing files before they are published."
HELP = "Check listing files (umbraco-marketplace*.json) before they are published. Offline, always."
EPILOG = """
Examples:
  umbmarket validate
  umbmarket validate src/MyPackage/umbraco-marketplace.json
  umbmarket validate --select UMB1 --ignore insecure-url --fail-on warning
  umbmarket validate --format sarif --output listing.sarif
  git show HEAD:umbraco-marketplace.json | umbmarket validate -

Settings come from umbmarket.toml, or from [tool.umbmarket] in pyproject.toml,
in the working folder or the nearest folder above it within the repository.

Exit codes:
  0  nothing found at or above --fail-on
  1  findings at or above --fail-on
  2  wrong use, wrong settings, or the results cannot be written
  3  nothing to check: no listing under the paths
  4  umbmarket itself failed
"""

_FORMATS = tuple(Format)
_FAIL_ON = tuple(FailOn)
_WHAT, _RULES, _SETTINGS, _OUTPUT = "Input", "Rules", "Settings", "Output"


def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help='Files, folders to search, or "-" for standard input.',
            show_default="the working folder",
        ),
    ] = None,
    package_id: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The package the listings belong to, where their file name does not say.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    stdin_filename: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help='What to call standard input, with "-".',
            show_default=STDIN_NAME,
            rich_help_panel=_WHAT,
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE,...",
            help="Run only these rules: codes, beginnings of codes (UMB1), names, ALL. Replaces the setting.",
            autocompletion=complete_rules,
            rich_help_panel=_RULES,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE,...",
            help="Do not count what these rules find. Adds to the setting.",
            autocompletion=complete_rules,
            rich_help_panel=_RULES,
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(_FAIL_ON),
            help="The least severity that gives exit code 1.",
            callback=one_of(_FAIL_ON),
            autocompletion=complete_from(_FAIL_ON),
            show_default="the setting, else error",
            rich_help_panel=_RULES,
        ),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Use this settings file.", rich_help_panel=_SETTINGS),
    ] = None,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Use no settings file.", rich_help_panel=_SETTINGS)
    ] = False,
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="|".join(_FORMATS),
            help="How to write the results.",
            envvar="UMBMARKET_FORMAT",
            callback=one_of(_FORMATS),
            autocompletion=complete_from(_FORMATS),
            show_default=True,
            rich_help_panel=_OUTPUT,
        ),
    ] = Format.TEXT.value,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the results to a file instead of standard output.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    color: Color = "auto",
    statistics: Annotated[
        bool,
        typer.Option("--statistics", help="Show how often each rule found something.", rich_help_panel=_OUTPUT),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Only the findings: no summary, no notes.", rich_help_panel=_OUTPUT),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="Explain every finding in full, say which settings are used, show tracebacks.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
) -> ExitCode:
    """Run the check and show what it found.

    Raises:
        typer.BadParameter: the options do not go together, or one of them says something unknown.
        SettingsError: the settings file cannot be used.
        CannotWrite: the results cannot be written.
    """
    # Late: the engine is not needed for `--help` or for a wrong option.
    from umbmarket.actions.validate import validate as check

    if quiet and verbose:
        raise typer.BadParameter("it does not go together with --verbose", param_hint="--quiet")
    root = run_settings.working_folder()
    settings = run_settings.of_file(root, config, no_config=no_config)
    if verbose:
        streams.note(f"settings from {settings.source}" if settings.source else "no settings file is used")
    settings = run_settings.with_options(
        settings,
        select=selectors("--select", select),
        ignore=selectors("--ignore", ignore),
        fail_on=fail_on,
        package_id=package_id,
    )
    named = paths or ["."]
    files = [path for path in named if path != STDIN]
    report = check(files, settings=settings, root=root, stdin=_stdin(named, stdin_filename, quiet=quiet))
    results.show(
        report,
        results.Wish(Format(format_name), output, color, quiet=quiet, verbose=verbose, statistics=statistics),
        root,
    )
    if report.exit_code is ExitCode.NOTHING_TO_CHECK:
        _explain_nothing(files)
    return report.exit_code


def _stdin(named: list[str], name: str | None, *, quiet: bool) -> tuple[str, bytes] | None:
    """What was handed in by standard input, with its name; None when it is not asked for."""
    if STDIN not in named:
        if name is not None:
            raise typer.BadParameter('it needs "-" among the paths', param_hint="--stdin-filename")
        return None
    if sys.stdin is None:
        raise typer.BadParameter("there is no standard input", param_hint=STDIN)
    if sys.stdin.isatty() and not quiet:
        end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
        streams.note(f"reading a listing from the terminal; end it with {end}")
    shown = (name or STDIN_NAME).replace("\\", "/")
    from umbmarket.documents.listing import LARGEST_LISTING

    # One byte more than a listing may have is enough to see that it has too many.
    return shown, sys.stdin.buffer.read(LARGEST_LISTING + 1)


def _explain_nothing(files: list[str]) -> None:
    """Say what was looked for, where, and what to do."""
    from umbmarket.documents.listing import LISTING_STEM
    from umbmarket.workspace.disk import NEVER_SEARCHED

    where = ", ".join("the working folder" if path == "." else plain(path) for path in files)
    skipped = ", ".join(sorted(NEVER_SEARCHED))
    streams.error("nothing to check")
    streams.write_error(
        f"  looked for: {LISTING_STEM}.json and {LISTING_STEM}-<package id>.json\n"
        f"  in: {where}, and the folders below\n"
        f"  but not in: {skipped}, nor in what git ignores\n"
        "  help: go to your project's folder, or name the file: "
        f"umbmarket validate path/to/{LISTING_STEM}.json\n"
    )
