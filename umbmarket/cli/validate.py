"""`umbmarket validate`: check listings and packages before they are published."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from umbmarket.check.report import ExitCode
from umbmarket.cli import progress, results, run_settings, streams
from umbmarket.cli.choices import complete_from, complete_rules, one_of, selectors
from umbmarket.cli.options import Color
from umbmarket.output import Format
from umbmarket.output.plain import plain
from umbmarket.settings.options import FailOn

if TYPE_CHECKING:
    from umbmarket.umbraco.online.link_answers import OnlineOptions

STDIN = "-"
"""The path that means standard input."""

STDIN_NAME = "umbraco-marketplace.json"
"""What standard input is called in the results."""

SHORT_HELP = "Check listing files and packages before they are published."
HELP = (
    "Check listing files (umbraco-marketplace*.json) and packages (.nupkg) before they are published. Offline unless"
    " --online."
)
EPILOG = """
Examples:
  umbmarket validate
  umbmarket validate src/MyPackage/umbraco-marketplace.json
  umbmarket validate . artifacts/*.nupkg
  umbmarket validate --select UMB1 --ignore insecure-url --fail-on warning
  umbmarket validate --format sarif --output listing.sarif
  umbmarket validate --online
  git show HEAD:umbraco-marketplace.json | umbmarket validate -

In folders, packages are found as well: the newest version of each id. Name
the packages that are to be published, and those alone count.

Settings come from umbmarket.toml, or from [tool.umbmarket] in pyproject.toml,
in the working folder or the nearest folder above it within the repository.

With --online, proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, the feed
that package ids are looked up on from UMBMARKET_NUGET_SOURCE (else nuget.org).

Exit codes:
  0  nothing found at or above --fail-on
  1  findings at or above --fail-on
  2  wrong use, wrong settings, or the results cannot be written
  3  nothing to check: no listing and no package under the paths
  4  umbmarket itself failed
"""

_FORMATS = tuple(Format)
_FAIL_ON = tuple(FailOn)
_WHAT, _RULES, _NETWORK, _SETTINGS, _OUTPUT = "Input", "Rules", "Network", "Settings", "Output"


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
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Also fetch the links, images and videos, and look package ids up on NuGet.",
            rich_help_panel=_NETWORK,
        ),
    ] = False,
    allow_private_hosts: Annotated[
        bool,
        typer.Option(
            "--allow-private-hosts",
            help="With --online: also fetch from this machine and from private networks.",
            rich_help_panel=_NETWORK,
        ),
    ] = False,
    no_cache: Annotated[
        bool,
        typer.Option(
            "--no-cache",
            help="With --online: keep and use no cached answers of NuGet.",
            rich_help_panel=_NETWORK,
        ),
    ] = False,
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
    from umbmarket.umbraco.actions.validate import validate as check

    if quiet and verbose:
        raise typer.BadParameter("it does not go together with --verbose", param_hint="--quiet")
    for given, name in ((allow_private_hosts, "--allow-private-hosts"), (no_cache, "--no-cache")):
        if given and not online:
            raise typer.BadParameter("it needs --online", param_hint=name)
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
    from_stdin = _stdin(named, stdin_filename, quiet=quiet)
    with progress.shown("checking links", hidden=quiet or not online) as tell:
        report = check(
            files,
            settings=settings,
            root=root,
            stdin=from_stdin,
            online=_online(tell, allow_private_hosts, no_cache, quiet) if online else None,
        )
    results.show(
        report,
        results.Wish(Format(format_name), output, color, quiet=quiet, verbose=verbose, statistics=statistics),
        root,
    )
    if report.exit_code is ExitCode.NOTHING_TO_CHECK:
        _explain_nothing(files)
    return report.exit_code


def _online(tell: Callable[[int, int], None], allow_private_hosts: bool, no_cache: bool, quiet: bool) -> OnlineOptions:
    """How the network is asked."""
    from umbmarket.umbraco.online.link_answers import OnlineOptions

    return OnlineOptions(
        allow_private_hosts=allow_private_hosts,
        use_cache=not no_cache,
        on_progress=tell,
        on_warning=None if quiet else streams.note,
    )


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
    from umbmarket.umbraco.listing import LARGEST_LISTING

    # One byte more than a listing may have is enough to see that it has too many.
    return shown, sys.stdin.buffer.read(LARGEST_LISTING + 1)


def _explain_nothing(files: list[str]) -> None:
    """Say what was looked for, where, and what to do."""
    from umbmarket.disk.files import NEVER_SEARCHED
    from umbmarket.nuget.package.build_folders import BUILD_OUTPUT
    from umbmarket.umbraco.listing import LISTING_STEM

    where = ", ".join("the working folder" if path == "." else plain(path) for path in files)
    skipped = ", ".join(sorted(NEVER_SEARCHED - {BUILD_OUTPUT}))
    streams.error("nothing to check")
    streams.write_error(
        f"  looked for: {LISTING_STEM}.json, {LISTING_STEM}-<package id>.json, and packages (.nupkg)\n"
        f"  in: {where}, and the folders below\n"
        f"  but not in: {skipped}, and for listings not in {BUILD_OUTPUT} and in what git ignores\n"
        "  help: go to your project's folder, or name the file: "
        f"umbmarket validate path/to/{LISTING_STEM}.json\n"
    )
