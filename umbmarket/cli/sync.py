"""`umbmarket sync`: have the Marketplace read packages anew."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Annotated

import typer

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.options import AllowPrivateHosts, Color, NoCache, PageFormat, Source
from umbmarket.cli.waiting_line import WaitingLine

SHORT_HELP = "Have the Marketplace read a package anew."
HELP = (
    "Ask the Marketplace to read packages anew after a release, at most once a minute for each, and wait until it "
    "shows them. Looks first whether NuGet has a listed, stable, tagged version."
)
EPILOG = """
Examples:
  umbmarket sync My.Package
  umbmarket sync My.Package My.Package.Forms --wait
  umbmarket sync --from artifacts/My.Package.1.2.0.nupkg --wait --timeout 90m
  umbmarket sync My.Package --dry-run

An accepted request only queues the work. Until the listing shows it, it usually
takes 25 to 90 minutes (an estimate).

Exit codes:
  0  accepted; with --wait: the Marketplace shows it
  1  refused by the Marketplace, or there is nothing to sync
  2  wrong use
  4  no answer from the feed or the Marketplace
  5  not seen in time; with --no-wait-for-slot: too soon after the last request
"""

_DURATION = re.compile(r"(?:(?P<h>[0-9]{1,4})h)?(?:(?P<m>[0-9]{1,5})m)?(?:(?P<s>[0-9]{1,6})s)?")


def sync(
    package_ids: Annotated[
        list[str] | None, typer.Argument(metavar="PACKAGE_ID", help="The NuGet ids.", show_default=False)
    ] = None,
    from_package: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="PACKAGE.nupkg",
            help="Take the id, and the version to wait for, from a package.",
            rich_help_panel="What",
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait until the Marketplace shows what NuGet has.", rich_help_panel="Waiting"),
    ] = False,
    timeout: Annotated[
        str, typer.Option(metavar="DURATION", help="The longest to wait: 90m, 1h30m, 45s.", rich_help_panel="Waiting")
    ] = "90m",
    no_wait_for_slot: Annotated[
        bool,
        typer.Option(
            "--no-wait-for-slot",
            help="Do not wait where one request a minute was used up; say how long it takes.",
            rich_help_panel="Waiting",
        ),
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Do not look on NuGet first.", rich_help_panel="What")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look on NuGet, but send nothing.", rich_help_panel="What")
    ] = False,
    source: Source = None,
    no_cache: NoCache = False,
    allow_private_hosts: AllowPrivateHosts = False,
    format_name: PageFormat = "text",
    color: Color = "auto",
) -> IntEnum:
    """Sync packages."""
    # Late: neither `--help` nor a wrong option needs the network.
    from umbmarket.umbraco.actions.sync import SyncOptions, sync_all
    from umbmarket.umbraco.publication import WrongRequest
    from umbmarket.umbraco.syncing import exit_code_of

    seconds = _seconds(timeout)
    ids, version = list(package_ids or ()), None
    if from_package is not None:
        if ids:
            raise typer.BadParameter("give either package ids or --from", param_hint="--from")
        package_id, version = _read(from_package)
        ids = [package_id]
    if not ids:
        raise typer.BadParameter("name a package, or a .nupkg file with --from", param_hint="PACKAGE_ID")
    options = SyncOptions(
        wait=wait,
        timeout=seconds,
        check=not no_check,
        version=version,
        dry_run=dry_run,
        wait_for_slot=not no_wait_for_slot,
        source=source,
        cache=not no_cache,
        allow_private_hosts=allow_private_hosts,
    )
    line = WaitingLine()
    try:
        results = sync_all(ids, options, on_event=line.tell)
    except WrongRequest as error:
        streams.error(str(error))
        return ExitCode.USAGE
    finally:
        line.wipe()
    code = exit_code_of(results)
    if format_name == "json":
        from umbmarket.umbraco.pages import sync_json

        streams.write_data(sync_json.render(results, code))
    else:
        from umbmarket.umbraco.pages import sync_text

        streams.write_text(sync_text.render(results, color=streams.wants_color(color)))
    return code


def _seconds(text: str) -> float:
    """The seconds of a duration such as `1h30m`."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or not text.strip():
        raise typer.BadParameter(f'"{text}" is no duration such as 90m, 1h30m or 45s', param_hint="--timeout")
    return int(match["h"] or 0) * 3600.0 + int(match["m"] or 0) * 60.0 + int(match["s"] or 0)


def _read(path: str) -> tuple[str, str | None]:
    """Id and version of a package file."""
    from umbmarket.umbraco.actions.inspect import BrokenPackage, CannotRead, inspect_package

    try:
        package = inspect_package(path).package
    except CannotRead as error:
        raise typer.BadParameter(str(error), param_hint="--from") from None
    except BrokenPackage as error:
        raise typer.BadParameter(f"NuGet cannot read this package: {error}", param_hint="--from") from None
    return package.id or "", package.version.normalized if package.version is not None else None
