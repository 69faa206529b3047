"""`umbmarket nuxeo validate`: check Nuxeo packages, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli.options import GroupedOption
from umbmarket.cli.program import HelpPage
from umbmarket.cli.subjects import NUXEO_PACKAGES
from umbmarket.cli.validate import Wish, check_and_show, validate

if TYPE_CHECKING:
    from umbmarket.nuxeo.package import Form

SHORT_HELP = "Check Nuxeo packages before they are published."
HELP = "Check Nuxeo packages: ZIPs, folders, package.xml and install.xml files. Offline, always."
EPILOG = """
Examples:
  umbmarket nuxeo validate
  umbmarket nuxeo validate target/my-package-1.0.0.zip
  umbmarket nuxeo validate target/*.zip --platform lts-2023.5 --fail-on warning
  umbmarket nuxeo validate my-package --built
  umbmarket nuxeo validate target/my-package.zip --format sarif -o nuxeo.sarif

A ZIP is checked in full, as a built package. A folder or a single file is
checked as source: values that a build replaces, such as @VERSION@, and files
that a build adds are not reported. --built and --source override this.

In folders, packages are found by their package.xml. ZIPs are checked only if
they are named. umbmarket validate checks Nuxeo packages as well.
"""

_LEFT_OUT: Final[dict[str, Any]] = {
    "package_id": None,
    "no_projects": False,
    "online": False,
    "allow_private_hosts": False,
    "no_cache": False,
    "fix": False,
    "unsafe_fixes": False,
    "diff": False,
}
"""What only listings, the network and fixes need, and its value."""

_OWN = (
    GroupedOption(["--built"], heading="Input", is_flag=True, help="Check everything as built packages."),
    GroupedOption(["--source"], heading="Input", is_flag=True, help="Check everything as source, before a build."),
    GroupedOption(
        ["--platform"],
        heading="Input",
        metavar="NAME-VERSION",
        help="Also check that the packages are for this server, such as lts-2023.5.",
    ),
    GroupedOption(
        ["--stdin-filename"],
        heading="Input",
        metavar="NAME",
        show_default=NUXEO_PACKAGES.stdin_name,
        help='What to call standard input, with "-".',
    ),
)


@click.pass_context
def _validate_package(
    context: click.Context, /, *, built: bool, source: bool, platform: str | None, **given: Any
) -> ExitCode:
    """Run the check and show what it found.

    Raises:
        click.BadParameter: the options do not go together, or one of them says something unknown.
        SettingsError: the settings file cannot be used.
        CannotWrite: the results cannot be written.
    """
    if built and source:
        raise click.BadParameter("it does not go together with --source", param_hint="--built")
    form: Form | None = "built" if built else "source" if source else None
    if platform is not None:
        refuse_wrong_platform(platform)
    # Late: neither `--help` nor a wrong option needs them.
    from umbmarket.marketplaces import alone
    from umbmarket.nuxeo.marketplace import NuxeoMarketplace

    context.find_root().obj = alone(NuxeoMarketplace(form, platform, is_explicit=True))
    return check_and_show(context, Wish(**_LEFT_OUT, **given), NUXEO_PACKAGES)


def refuse_wrong_platform(platform: str) -> None:
    """Check the name of a server.

    Args:
        platform: as typed.

    Raises:
        click.BadParameter: no server can have it.
    """
    from umbmarket.findings import quote
    from umbmarket.nuxeo.platforms import InvalidPlatformVersion, PlatformId

    try:
        server = PlatformId.parse(platform)
    except InvalidPlatformVersion:
        server = None
    if server is None or not server.name.strip():
        raise click.BadParameter(
            f"{quote(platform)} is no server; write name and version, such as lts-2023.5", param_hint="--platform"
        )


def _parameters() -> list[click.Parameter]:
    shared = [each for each in validate.params if each.name not in (*_LEFT_OUT, "stdin_filename")]
    return [shared[0], *_OWN, *shared[1:]]


validate_package = HelpPage(
    "validate",
    callback=_validate_package,
    params=_parameters(),
    help=HELP,
    short_help=SHORT_HELP,
    epilog=EPILOG,
)
"""The command."""
