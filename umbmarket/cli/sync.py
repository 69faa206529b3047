"""`umbmarket sync`: have the Marketplace read packages anew."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath
from umbmarket.cli.durations import seconds_of
from umbmarket.cli.options import allow_private_hosts, color, no_cache, option, page_format, source, switch
from umbmarket.cli.program import HelpPage
from umbmarket.cli.waiting_line import WaitingLine
from umbmarket.findings import quote

if TYPE_CHECKING:
    from umbmarket.nuget import NuGetVersion

SHORT_HELP = "Ask the Marketplace to read a package now."
HELP = (
    "Ask the Marketplace to read packages again after a release, at most once a minute for each, and wait until it "
    "shows them. First checks that NuGet has a listed, stable version with the tag."
)
EPILOG = """
Examples:
  umbmarket sync My.Package
  umbmarket sync My.Package My.Package.Forms --wait
  umbmarket sync --from artifacts/My.Package.1.2.0.nupkg --wait --timeout 90m
  umbmarket sync --from artifacts/*.nupkg --wait
  umbmarket sync My.Package --dry-run

An accepted request only queues the work. Until the listing shows it, it usually
takes 25 to 90 minutes (an estimate).
"""

_PACKAGE = ".nupkg"


@click.command("sync", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("package_id", nargs=-1, help="The NuGet ids.")
@option(
    "--from",
    "from_package",
    heading="What",
    type=FilePath(),
    metavar="PACKAGE.nupkg",
    multiple=True,
    help="Take the id and the version to wait for from a package file, or from several with a pattern.",
)
@switch("--wait", heading="Waiting", help="Wait until the Marketplace shows what NuGet has.")
@option(
    "--timeout",
    heading="Waiting",
    metavar="DURATION",
    default="90m",
    show_default=True,
    help="How long to wait at most: 90m, 1h30m, 45s.",
)
@switch(
    "--no-wait-for-slot",
    heading="Waiting",
    help="If a request is not allowed yet, do not wait, but say how long it takes.",
)
@switch("--no-check", heading="What", help="Do not check NuGet first.")
@switch("--dry-run", heading="What", help="Check NuGet, but send nothing.")
@source
@no_cache
@allow_private_hosts
@page_format
@color
def sync(
    package_id: tuple[str, ...],
    from_package: tuple[str, ...],
    wait: bool,
    timeout: str,
    no_wait_for_slot: bool,
    no_check: bool,
    dry_run: bool,
    source: str | None,
    no_cache: bool,
    allow_private_hosts: bool,
    format_name: str,
    color: str,
) -> IntEnum:
    """Sync packages."""
    # Late: neither `--help` nor a wrong option needs the network.
    from umbmarket.umbraco.actions.sync import sync_all
    from umbmarket.umbraco.publication import WrongRequest
    from umbmarket.umbraco.syncing import SyncOptions, exit_code_of

    seconds = seconds_of(timeout, "--timeout")
    ids, versions = list(package_id), dict[str, str]()
    if from_package:
        versions = _of_files(from_package, ids)
        ids = list(versions)
    if not ids:
        raise click.BadParameter("name a package, or a .nupkg file with --from", param_hint="PACKAGE_ID")
    options = SyncOptions(
        wait=wait,
        timeout=seconds,
        check=not no_check,
        dry_run=dry_run,
        wait_for_slot=not no_wait_for_slot,
        source=source,
        cache=not no_cache,
        allow_private_hosts=allow_private_hosts,
    )
    line = WaitingLine()
    try:
        results = sync_all(ids, options, versions=versions, on_event=line.tell)
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


def _of_files(patterns: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """Id and version of each package that `--from` names: of several files of one id the highest version.

    Args:
        patterns: files, and patterns of files: not every shell replaces them.
        words: the other arguments: what a shell made of a pattern, but for its first file.

    Raises:
        click.BadParameter: a file cannot be read, or a word is none.
    """
    if not all(word.lower().endswith(_PACKAGE) for word in words):
        raise click.BadParameter("give either package ids or --from", param_hint="--from")
    # Paths are shown from there, be they absolute.
    run_settings.working_folder()
    found: dict[str, tuple[str, NuGetVersion]] = {}
    for path in (path for pattern in (*patterns, *words) for path in _files(pattern)):
        package_id, version = _read(path)
        known = found.get(package_id.lower())
        if known is None or known[1] < version:
            found[package_id.lower()] = package_id, version
    return {package_id: version.normalized for package_id, version in found.values()}


def _files(pattern: str) -> list[str]:
    # Late: most often an id is named.
    from umbmarket.check.inputs import has_wildcards, matches_of

    if os.path.lexists(pattern) or not has_wildcards(pattern):
        return [pattern]
    files = [path for path in matches_of(pattern) if path.lower().endswith(_PACKAGE)]
    if not files:
        raise click.BadParameter(f"no package matches {quote(pattern)}", param_hint="--from")
    return files


def _read(path: str) -> tuple[str, NuGetVersion]:
    """Id and version of a package file."""
    from umbmarket.umbraco.actions.inspect import BrokenPackage, CannotRead, inspect_package

    try:
        package = inspect_package(path).package
    except CannotRead as error:
        raise click.BadParameter(str(error), param_hint="--from") from None
    except BrokenPackage as error:
        raise click.BadParameter(f"NuGet cannot read this package: {error}", param_hint="--from") from None
    if package.id is None or package.version is None:
        raise click.BadParameter(f"{quote(path)} does not say its id and version", param_hint="--from")
    return package.id, package.version
