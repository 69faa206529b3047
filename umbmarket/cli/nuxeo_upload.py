"""`umbmarket nuxeo upload`: publish a package on the Nuxeo Marketplace."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.asking import ask
from umbmarket.cli.choices import FilePath
from umbmarket.cli.durations import seconds_of
from umbmarket.cli.options import Decorator, allow_private_hosts, color, config, no_config, option, switch
from umbmarket.cli.program import HelpPage

if TYPE_CHECKING:
    from umbmarket.nuxeo.publishing import UploadPlan

SHORT_HELP = "Publish a package."
HELP = (
    "Publish a package on the Nuxeo Marketplace: check it, show what would happen, ask, and send it once. Login and "
    "token come from the environment or the keyring, never from the command line."
)
EPILOG = """
Examples:
  umbmarket nuxeo upload my-package-1.0.0.zip --org acme --target preprod
  umbmarket nuxeo upload my-package-1.0.0.zip --org acme --share-with foo,bar
  umbmarket nuxeo upload target/my-package.zip --org acme --dry-run
  umbmarket nuxeo upload target/my-package.zip --org acme --yes

Login and token of each target:
  prod     UMBMARKET_NUXEO_LOGIN, UMBMARKET_NUXEO_TOKEN
  preprod  UMBMARKET_NUXEO_PREPROD_LOGIN, UMBMARKET_NUXEO_PREPROD_TOKEN
  URL      UMBMARKET_NUXEO_CUSTOM_LOGIN, UMBMARKET_NUXEO_CUSTOM_TOKEN, and
           UMBMARKET_NUXEO_CUSTOM_URL, the URL that they are for

Errors, a source tree, or tokens that a build should have replaced stop the
upload. --force uploads anyway, and shows what it overrides. A snapshot replaces
the published one with the same id. A release cannot be replaced.
"""

_LARGE = 1_000_000
"""Bytes of a file whose way is worth a line on the terminal."""
_MEGABYTE = 1_000_000

target = option(
    "--target",
    heading="Where",
    metavar="prod|preprod|URL",
    default="prod",
    show_default=True,
    help="The marketplace, its preproduction server, or another URL.",
)
"""`--target`."""

yes = switch("--yes", heading="Consent", help="Do not ask.")
"""`--yes`."""

dry_run = switch("--dry-run", heading="Consent", help="Show what would happen, and send nothing.")
"""`--dry-run`."""


def timeout_of(default: str) -> Decorator:
    """`--timeout` with its default."""
    return option(
        "--timeout",
        heading="Network",
        metavar="DURATION",
        default=default,
        show_default=True,
        help="How long to wait at most for the request: 60m, 1h30m, 45s.",
    )


@click.command("upload", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("package", type=FilePath(), metavar="PACKAGE.zip", help="The package.")
@option("--org", heading="Where", metavar="ID", required=True, help="The organisation that will own the package.")
@option(
    "--share-with",
    heading="Where",
    metavar="ID,...",
    multiple=True,
    help="Other organisations that may install the package.",
)
@target
@yes
@dry_run
@switch("--force", heading="Consent", help="Upload even if the checks fail.")
@timeout_of("60m")
@allow_private_hosts
@config
@no_config
@color
def upload_package(
    package: str,
    org: str,
    share_with: tuple[str, ...],
    target: str,
    yes: bool,
    dry_run: bool,
    force: bool,
    timeout: str,
    allow_private_hosts: bool,
    config: str | None,
    no_config: bool,
    color: str,
) -> IntEnum:
    """Upload one package."""
    from umbmarket.nuxeo.actions.upload import plan_upload
    from umbmarket.nuxeo.pages import publish_text
    from umbmarket.nuxeo.publish_targets import no_login
    from umbmarket.nuxeo.wrong_use import WrongUse

    seconds = seconds_of(timeout, "--timeout")
    root = run_settings.working_folder()
    try:
        plan = plan_upload(
            package,
            org,
            share_with=share_with,
            target=target,
            force=force,
            settings=run_settings.of_file(root, config, no_config=no_config),
            root=root,
            timeout=seconds,
            allow_private_hosts=allow_private_hosts,
        )
    except WrongUse as error:
        streams.error(str(error))
        return ExitCode.USAGE
    if plan.obstacles:
        return _stopped(plan, color, force=force)
    streams.write_error(publish_text.upload_plan(plan))
    if dry_run:
        if plan.login is None:
            streams.note(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
        streams.note("nothing was sent: this is a dry run")
        return ExitCode.CLEAN
    if plan.login is None:
        streams.error(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
        return ExitCode.USAGE
    if not yes and (ask("Upload it? [y/N]") or "").lower() not in ("y", "yes"):
        streams.error("nothing was sent, because you did not agree; without a terminal, use --yes")
        return ExitCode.USAGE
    return _send(plan, color)


def _stopped(plan: UploadPlan, color: str, *, force: bool) -> ExitCode:
    """Show why nothing is sent."""
    from umbmarket.cli import results
    from umbmarket.output import Format

    if plan.report.findings:
        wish = results.Wish(Format.TEXT, None, color, quiet=True, verbose=False, statistics=False)
        results.show(plan.report, wish, run_settings.working_folder())
    for obstacle in plan.obstacles:
        streams.error(f"{plan.package_id or plan.path} was not uploaded: {obstacle}")
    if plan.package_id:
        more = "umbmarket nuxeo validate shows more; " if plan.report.findings else ""
        streams.note(f"{more}--force uploads the package anyway")
    elif force:
        streams.note("--force has no effect here: a package without an id cannot be installed or deleted")
    return ExitCode.FINDINGS


def _send(plan: UploadPlan, color: str) -> IntEnum:
    from umbmarket.cli import progress
    from umbmarket.nuxeo.actions.marketplace_request import page_of
    from umbmarket.nuxeo.actions.upload import upload
    from umbmarket.nuxeo.pages import publish_text

    with progress.shown("uploading (MB)", hidden=plan.size < _LARGE) as tell:
        try:
            found = upload(plan, on_sent=lambda sent, size: tell(_megabytes(sent), _megabytes(size)))
        except KeyboardInterrupt:
            streams.write_error("\n")
            where = page_of(plan.target, plan.package_id)
            streams.error(f"interrupted: it is not known whether the upload had an effect; see {where}")
            raise
    streams.write_text(publish_text.result(found, color=streams.wants_color(color)))
    return found.exit_code


def _megabytes(size: int) -> int:
    """How many there are, begun ones included."""
    return -(-size // _MEGABYTE)
