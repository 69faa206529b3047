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

SHORT_HELP = "Show what the Marketplace will read from a package."
HELP = "Show what the Marketplace will read from a NuGet package and its listing. Offline, always."
EPILOG = """
Examples:
  umbmarket inspect artifacts/My.Package.1.2.0.nupkg
  umbmarket inspect My.Package.1.2.0.nupkg --listing umbraco-marketplace.json
  umbmarket inspect My.Package.1.2.0.nupkg --mode SemVer --format json

Without --listing, the listing is looked for where the package's project URL
leads, if the package lies in that repository, and then beside the package.

Exit codes:
  0  shown
  1  NuGet cannot read the package
  2  wrong use, or a file is not there
  4  umbmarket itself failed
"""

_MODES: tuple[VersionMode, ...] = ("Default", "SemVer")
_WIDEST = 100
"""Columns that the page takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80


@click.command("inspect", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("package", type=FilePath(), metavar="PACKAGE.nupkg", help="The package file.")
@option("--listing", heading="Input", type=FilePath(), metavar="FILE", help="The listing file that belongs to it.")
@option(
    "--mode", heading="Input", type=OneOf(_MODES), help="What counts instead of the listing's VersionDependencyMode."
)
@page_format
@color
def inspect(package: str, listing: str | None, mode: str | None, format_name: str, color: str) -> ExitCode:
    """Show one package."""
    # Late: neither `--help` nor a wrong option needs to read a package.
    from umbmarket.umbraco.actions.inspect import BrokenPackage, CannotRead, inspect_package

    try:
        found = inspect_package(package, listing, cast("VersionMode | None", mode), root=run_settings.working_folder())
    except CannotRead as error:
        streams.error(str(error))
        return ExitCode.USAGE
    except BrokenPackage as broken:
        from umbmarket.output.plain import plain_path

        for problem in broken.problems:
            streams.write_error(f"{plain_path(str(problem))}\n")
        streams.error("NuGet cannot read this package, so there is nothing to show")
        return ExitCode.FINDINGS
    if format_name == "json":
        from umbmarket.umbraco.pages import inspect_json

        streams.write_data(inspect_json.render(found))
        if found.listing.document is not None:
            for refusal in found.listing.refusals:
                path = found.listing.document.path
                streams.note(f"the Marketplace ignores {path} as a whole: {refusal}")
    else:
        from umbmarket.umbraco.pages import inspect_text

        width = min(streams.terminal_width() or _WIDTH_OF_A_PIPE, _WIDEST)
        streams.write_text(inspect_text.render(found, color=streams.wants_color(color), width=width))
    return ExitCode.CLEAN
