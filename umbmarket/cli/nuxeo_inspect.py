"""`umbmarket nuxeo inspect`: what Nuxeo will make of a package."""

from __future__ import annotations

from collections.abc import Sequence

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath
from umbmarket.cli.nuxeo_validate import refuse_wrong_platform
from umbmarket.cli.options import color, option, page_format
from umbmarket.cli.program import HelpPage

SHORT_HELP = "Show what Nuxeo will read from a package."
HELP = (
    "Show what Nuxeo will read from packages: the id as the server writes it, the supported servers, dependencies, what"
    " each command installs where, and the files that no command installs. Offline, always."
)
EPILOG = """
Examples:
  umbmarket nuxeo inspect target/my-package-1.0.0.zip
  umbmarket nuxeo inspect my-package.zip --platform lts-2023.5
  umbmarket nuxeo inspect target/*.zip --format json

The JSON of several packages is one object with the property "packages".
"""

_WIDEST = 100
"""Columns that the page takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80


@click.command("inspect", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    type=FilePath(),
    metavar="PACKAGE.zip...",
    help="ZIPs, or folders with a package.xml.",
)
@option(
    "--platform",
    heading="Input",
    metavar="NAME-VERSION",
    help="Also show whether the packages are for this server, such as lts-2023.5.",
)
@page_format
@color
def inspect_package(packages: tuple[str, ...], platform: str | None, format_name: str, color: str) -> ExitCode:
    """Show packages.

    Raises:
        click.BadParameter: the platform is none.
    """
    return show(packages, platform, format_name, color)


def show(
    packages: Sequence[str], platform: str | None, format_name: str, color: str, *, is_explicit: bool = True
) -> ExitCode:
    """Show Nuxeo packages, as `umbmarket inspect` does as well.

    Args:
        packages: as named.
        platform: a server to ask about.
        format_name: `text` or `json`.
        color: when to use colours.
        is_explicit: the user said that they are Nuxeo packages; otherwise it is told where others could be meant.

    Raises:
        click.BadParameter: the platform is none.
    """
    if platform is not None:
        refuse_wrong_platform(platform)
    # Late: neither `--help` nor a wrong option needs to read a package.
    from umbmarket.check.inputs import matching
    from umbmarket.nuxeo.actions.inspect import CannotRead, inspect_nuxeo_packages
    from umbmarket.output.plain import plain_path

    named = [path for name in packages for path in matching(name)]
    try:
        found = inspect_nuxeo_packages(named, platform=platform, root=run_settings.working_folder())
    except CannotRead as error:
        streams.error(str(error))
        return ExitCode.USAGE
    if not is_explicit:
        from umbmarket.nuxeo.gathering_packages import doubts_about

        for note in [note for each in found.packages for note in doubts_about(each.package, "inspect")]:
            streams.note(note)
    for problem in found.problems:
        streams.write_error(f"{plain_path(str(problem))}\n")
    if found.problems and len(named) == 1:
        streams.error("Nuxeo cannot read this package, so there is nothing to show")
    elif found.problems:
        streams.error(f"Nuxeo cannot read {len(found.problems)} of these {len(named)} packages")
    if found.packages and format_name == "json":
        from umbmarket.nuxeo.pages import nuxeo_package_json as pages

        several = len(named) > 1
        streams.write_data(pages.render_several(found.packages) if several else pages.render(found.packages[0]))
    elif found.packages:
        from umbmarket.nuxeo.pages import nuxeo_package_text as text

        width = min(streams.terminal_width() or _WIDTH_OF_A_PIPE, _WIDEST)
        with_color = streams.wants_color(color)
        streams.write_text("\n".join(text.render(each, color=with_color, width=width) for each in found.packages))
    return ExitCode.FINDINGS if found.problems else ExitCode.CLEAN
