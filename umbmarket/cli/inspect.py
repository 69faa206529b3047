"""`umbmarket inspect`: what the Marketplace will read from a package."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath, OneOf
from umbmarket.cli.options import color, option, page_format
from umbmarket.cli.program import HelpPage

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.estimate import VersionMode
    from umbmarket.umbraco.inspection import Inspections

SHORT_HELP = "Show what the Marketplace will read from a package."
HELP = "Show what the Marketplace will read from NuGet packages and their listings. Offline, always."
EPILOG = """
Examples:
  umbmarket inspect artifacts/My.Package.1.2.0.nupkg
  umbmarket inspect My.Package.1.2.0.nupkg --listing umbraco-marketplace.json
  umbmarket inspect My.Package.1.2.0.nupkg --mode SemVer --format json
  umbmarket inspect artifacts/*.nupkg

Without --listing, the listing is taken that umbmarket validate takes: where
the package's project URL leads in this repository, else the one that its name
and its place say is meant.

The JSON of several packages is one object with the property "packages".
"""

_MODES: tuple[VersionMode, ...] = ("Default", "SemVer")
_WIDEST = 100
"""Columns that the page takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80


@click.command("inspect", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("packages", nargs=-1, required=True, type=FilePath(), metavar="PACKAGE.nupkg...", help="Package files.")
@option("--listing", heading="Input", type=FilePath(), metavar="FILE", help="The listing file that belongs to them.")
@option(
    "--mode", heading="Input", type=OneOf(_MODES), help="What counts instead of the listing's VersionDependencyMode."
)
@page_format
@color
def inspect(packages: tuple[str, ...], listing: str | None, mode: str | None, format_name: str, color: str) -> ExitCode:
    """Show packages."""
    # Late: neither `--help` nor a wrong option needs to read a package.
    from umbmarket.umbraco.actions.inspect import CannotRead, inspect_packages

    wanted = cast("VersionMode | None", mode)
    try:
        found = inspect_packages(packages, listing, wanted, root=run_settings.working_folder())
    except CannotRead as error:
        streams.error(str(error))
        return ExitCode.USAGE
    _tell_problems(found)
    if found.packages:
        if format_name == "json":
            _write_json(found)
        else:
            _write_pages(found, streams.wants_color(color))
    return ExitCode.FINDINGS if found.problems else ExitCode.CLEAN


def _tell_problems(found: Inspections) -> None:
    from umbmarket.output.plain import plain_path

    for problem in found.problems:
        streams.write_error(f"{plain_path(str(problem))}\n")
    broken = found.asked - len(found.packages)
    if broken and found.asked == 1:
        streams.error("NuGet cannot read this package, so there is nothing to show")
    elif broken:
        streams.error(f"NuGet cannot read {broken} of these {found.asked} packages")


def _write_json(found: Inspections) -> None:
    from umbmarket.umbraco.pages import inspect_json

    several = found.asked > 1
    streams.write_data(
        inspect_json.render_several(found.packages) if several else inspect_json.render(found.packages[0])
    )
    notes: dict[str, None] = {}
    for each in found.packages:
        if each.listing.document is not None:
            path = each.listing.document.path
            notes.update(
                dict.fromkeys(f"the Marketplace ignores {path} as a whole: {why}" for why in each.listing.refusals)
            )
    for note in notes:
        streams.note(note)


def _write_pages(found: Inspections, with_color: bool) -> None:
    from umbmarket.umbraco.pages import inspect_text

    width = min(streams.terminal_width() or _WIDTH_OF_A_PIPE, _WIDEST)
    pages = [inspect_text.render(each, color=with_color, width=width) for each in found.packages]
    streams.write_text("\n".join(pages))
