"""`umbmarket inspect`: what the Marketplace will read from a package."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath, OneOf, refuse_parts_of_projects
from umbmarket.cli.options import color, option, page_format
from umbmarket.cli.program import HelpPage
from umbmarket.output.plain import plain

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.estimate import VersionMode
    from umbmarket.umbraco.inspection import Inspections

SHORT_HELP = "Show what the Marketplace will read from a package or a project."
HELP = (
    "Show what the Marketplace will read from NuGet packages and their listings, or from projects before they are "
    "packed. Offline, always."
)
EPILOG = """
Examples:
  umbmarket inspect artifacts/My.Package.1.2.0.nupkg
  umbmarket inspect My.Package.1.2.0.nupkg --listing umbraco-marketplace.json
  umbmarket inspect My.Package.1.2.0.nupkg --mode SemVer --format json
  umbmarket inspect artifacts/*.nupkg
  umbmarket inspect src/My.Package/My.Package.csproj
  umbmarket inspect target/my-nuxeo-package.zip

Without --listing, the listing is the one that umbmarket validate uses: the one
where the package's project URL leads in this repository, else the one that
matches the package by name and place.

A project (.csproj, .fsproj, .vbproj, .nuspec) is shown as dotnet pack would
write it: each value with the file and the line that set it, or the reason why
it is unknown until it is packed. For a solution (.sln, .slnx, .slnf), those of
its projects that are packed are shown.

The JSON of several packages is one object with the property "packages".

Nuxeo packages are shown as umbmarket nuxeo inspect shows them.
"""

_MODES: tuple[VersionMode, ...] = ("Default", "SemVer")
_WIDEST = 100
"""Columns that the page takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80


@click.command("inspect", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    type=FilePath(),
    metavar="PACKAGE.nupkg...",
    help="Packages, projects or solutions.",
)
@option("--listing", heading="Input", type=FilePath(), metavar="FILE", help="The listing file that belongs to them.")
@option(
    "--mode", heading="Input", type=OneOf(_MODES), help="Use this mode instead of the listing's VersionDependencyMode."
)
@page_format
@color
def inspect(packages: tuple[str, ...], listing: str | None, mode: str | None, format_name: str, color: str) -> ExitCode:
    """Show packages.

    Raises:
        click.BadParameter: packages of both marketplaces were named, options that go with NuGet packages alone, or a
            file that is a part of projects.
    """
    refuse_parts_of_projects(packages, "PACKAGE", " or a solution")
    if _are_nuxeo(packages, listing, mode):
        from umbmarket.cli import nuxeo_inspect

        return nuxeo_inspect.show(packages, None, format_name, color, is_explicit=False)
    # Late: neither `--help` nor a wrong option needs to read a package.
    from umbmarket.umbraco.actions.inspect import CannotRead, inspect_packages

    wanted = cast("VersionMode | None", mode)
    try:
        found = inspect_packages(packages, listing, wanted, root=run_settings.working_folder())
    except CannotRead as error:
        streams.error(str(error))
        if os.path.isdir(error.path) and error.path != listing:
            streams.write_error("  help: name packages or projects, such as artifacts/*.nupkg or src/*/*.csproj\n")
        return ExitCode.USAGE
    for path, reason in found.skipped:
        streams.note(f"{path} is not shown: {reason}")
    _tell_problems(found)
    if found.packages:
        if format_name == "json":
            _write_json(found)
        else:
            _write_pages(found, streams.wants_color(color))
    return ExitCode.FINDINGS if found.problems else ExitCode.CLEAN


def _are_nuxeo(packages: Sequence[str], listing: str | None, mode: str | None) -> bool:
    """Whether the packages are Nuxeo's; raises `click.BadParameter` where some are, or other options say otherwise."""
    found = [path for path in packages if _is_nuxeo(path)]
    if found and len(found) < len(packages):
        raise click.BadParameter(
            f"{plain(found[0])} is a Nuxeo package and others are not; show it with umbmarket nuxeo inspect",
            param_hint="PACKAGE",
        )
    for given, name in ((listing, "--listing"), (mode, "--mode")):
        if found and given is not None:
            raise click.BadParameter(f"it goes with NuGet packages, not with {plain(found[0])}", param_hint=name)
    return bool(found)


def _is_nuxeo(path: str) -> bool:
    """Whether a path is a ZIP, a folder or a manifest of Nuxeo."""
    is_folder = os.path.isdir(path)
    if not is_folder and not path.lower().endswith((".zip", "package.xml")):
        return False
    # Late: most packages are NuGet's.
    if is_folder:
        from umbmarket.nuxeo.manifest_recognition import verdict_at

        return verdict_at(os.path.join(path, "package.xml")) == "nuxeo"
    from umbmarket.nuxeo.marketplace import NUXEO

    return NUXEO.claims(path)


def _tell_problems(found: Inspections) -> None:
    from umbmarket.output.plain import plain_path

    for problem in found.problems:
        streams.write_error(f"{plain_path(str(problem))}\n")
    broken = found.asked - len(found.packages)
    if broken and found.projects == found.asked == 1 and all(each.severity != "error" for each in found.problems):
        streams.error("nothing is known of this package before it is packed, so there is nothing to show")
    elif broken and found.projects == found.asked == 1:
        streams.error("this project cannot be packed as it is, so there is nothing to show")
    elif broken and found.projects:
        streams.error(f"{broken} of these {found.asked} packages and projects cannot be shown")
    elif broken and found.asked == 1:
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
