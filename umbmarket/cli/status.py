"""`umbmarket status`: what the Marketplace sees of a published package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.options import allow_private_hosts, color, config, no_cache, no_config, page_format, source, switch
from umbmarket.cli.program import HelpPage, report_failures

if TYPE_CHECKING:
    from umbmarket.web.retry import RetryNotice

SHORT_HELP = "Show what the Marketplace sees of a published package."
HELP = (
    "Show what the Marketplace sees of a published package: its versions on NuGet, its listing where the project URL "
    "leads, and what the Marketplace itself shows."
)
EPILOG = """
Examples:
  umbmarket status My.Package
  umbmarket status My.Package --format json
  umbmarket status My.Package --source https://nuget.example.com/v3/index.json
  umbmarket status My.Package --source Contoso=https://pkgs.example.com/i.json

A feed with a login is named as NAME=URL; its user name and token are in
the environment variable NuGetPackageSourceCredentials_NAME, as in NuGet:
Username=...;Password=...

Settings come from umbmarket.toml, or from [tool.umbmarket] in pyproject.toml,
as for umbmarket validate.
"""

_WIDEST = 100
"""Columns that the page takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80
_LONG_WAIT_SECONDS = 2.0
"""A wait that is longer is worth a remark."""


@click.command("status", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("package_id", help="The NuGet id.")
@source
@no_cache
@allow_private_hosts
@config
@no_config
@page_format
@color
@switch("--verbose", "-v", heading="Output", help="Show every version, dependency and finding.")
def status(
    package_id: str,
    source: str | None,
    no_cache: bool,
    allow_private_hosts: bool,
    config: str | None,
    no_config: bool,
    format_name: str,
    color: str,
    verbose: bool,
) -> ExitCode:
    """Show one package."""
    # Late: neither `--help` nor a wrong option needs the network.
    from umbmarket.umbraco.actions import status as action
    from umbmarket.umbraco.publication import WrongRequest

    settings = run_settings.of_file(run_settings.working_folder(), config, no_config=no_config)
    try:
        found = action.status(
            package_id,
            settings=settings,
            source=source,
            cache=not no_cache,
            allow_private_hosts=allow_private_hosts,
            on_retry=_note_wait,
        )
    except WrongRequest as error:
        streams.error(str(error))
        return ExitCode.USAGE
    if format_name == "json":
        from umbmarket.umbraco.pages import status_json

        streams.write_data(status_json.render(found))
    else:
        from umbmarket.umbraco.pages import status_text

        width = min(streams.terminal_width() or _WIDTH_OF_A_PIPE, _WIDEST)
        page = status_text.render(
            found,
            color=streams.wants_color(color),
            width=width,
            verbose=verbose,
            min_severity=settings.min_severity,
        )
        streams.write_text(page)
    for warning in found.warnings:
        streams.note(warning)
    if found.report.failures:
        report_failures(found.report.failures)
    return ExitCode(found.exit_code)


def _note_wait(notice: RetryNotice) -> None:
    if notice.wait_seconds >= _LONG_WAIT_SECONDS:
        streams.note(f"{notice.outcome.describe()} Waiting {notice.wait_seconds:.0f} s.")
