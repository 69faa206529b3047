"""`umbmarket nuxeo delete`: delete a package from the Nuxeo Marketplace."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.asking import ask
from umbmarket.cli.durations import seconds_of
from umbmarket.cli.nuxeo_upload import dry_run, target, timeout_of
from umbmarket.cli.options import allow_private_hosts, color, option, switch
from umbmarket.cli.program import HelpPage

if TYPE_CHECKING:
    from umbmarket.nuxeo.identity import PackageId

SHORT_HELP = "Delete a published package."
HELP = (
    "Delete a package from the Nuxeo Marketplace: show what would happen, ask you to type its id, and send one "
    "request. Login and token are those of umbmarket nuxeo upload."
)
EPILOG = """
Examples:
  umbmarket nuxeo delete my-package-1.0.0-SNAPSHOT --target preprod
  umbmarket nuxeo delete my-package-1.0.0-SNAPSHOT.zip --dry-run
  umbmarket nuxeo delete my-package-1.0.0 --yes --id my-package-1.0.0

An argument that ends in .zip is a file, and its manifest has the id. Anything
else is an id as the server writes it, with three numbers in the version.
"""

_FILE = ".zip"


@click.command("delete", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("package", metavar="PACKAGE", help="The id, or the ZIP, of the package.")
@target
@switch("--yes", heading="Consent", help="Do not ask; needs --id.")
@option("--id", "same_id", heading="Consent", metavar="PACKAGE_ID", help="The same id again, as confirmation.")
@dry_run
@timeout_of("2m")
@allow_private_hosts
@color
def delete_package(
    package: str,
    target: str,
    yes: bool,
    same_id: str | None,
    dry_run: bool,
    timeout: str,
    allow_private_hosts: bool,
    color: str,
) -> IntEnum:
    """Delete one package."""
    from umbmarket.findings import quote
    from umbmarket.nuxeo.actions.delete import delete, plan_deletion
    from umbmarket.nuxeo.actions.marketplace_request import page_of
    from umbmarket.nuxeo.pages import publish_text
    from umbmarket.nuxeo.publish_targets import no_login
    from umbmarket.nuxeo.wrong_use import WrongUse

    seconds = seconds_of(timeout, "--timeout")
    try:
        found = _id_in(package) if package.lower().endswith(_FILE) else package
        if found is None:
            return ExitCode.FINDINGS
        plan = plan_deletion(found, target=target, timeout=seconds, allow_private_hosts=allow_private_hosts)
    except WrongUse as error:
        streams.error(str(error))
        return ExitCode.USAGE
    if same_id is not None and same_id != plan.package_id:
        streams.error(
            f"nothing was sent: --id is {quote(same_id, 200)}, but the package is {quote(plan.package_id, 200)}"
        )
        return ExitCode.USAGE
    if yes and same_id is None:
        streams.error("nothing was sent: --yes needs --id with the id of the package")
        return ExitCode.USAGE
    streams.write_error(publish_text.delete_plan(plan))
    if dry_run:
        if plan.login is None:
            streams.note(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
        streams.note("nothing was sent: this is a dry run")
        return ExitCode.CLEAN
    if plan.login is None:
        streams.error(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
        return ExitCode.USAGE
    if not yes and ask("Type the id of the package to delete it:") != plan.package_id:
        streams.error("nothing was sent: this is not the id of the package; without a terminal, use --yes --id ID")
        return ExitCode.USAGE
    try:
        result = delete(plan)
    except KeyboardInterrupt:
        where = page_of(plan.target, plan.package_id)
        streams.error(f"interrupted: it is not known whether the deletion had an effect; see {where}")
        raise
    streams.write_text(publish_text.result(result, color=streams.wants_color(color)))
    return result.exit_code


def _id_in(path: str) -> PackageId | None:
    """The id that the manifest in a ZIP gives; None, and a word about it, where there is none.

    Raises:
        WrongUse: there is no such file.
    """
    from umbmarket.nuxeo.actions.delete import id_in

    found = id_in(path)
    if isinstance(found, str):
        streams.error(found)
        return None
    return found
