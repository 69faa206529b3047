"""`umbmarket nuxeo pack`: a ZIP from the plain layout."""

from __future__ import annotations

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath, NewFile
from umbmarket.cli.options import color, config, no_config, option, switch
from umbmarket.cli.program import HelpPage

SHORT_HELP = "Make a ZIP of a package's folder."
HELP = (
    "Make a ZIP of a folder with a package.xml. Entries are sorted and have one fixed time, so the same files give the "
    "same bytes. Files that systems and editors leave behind are excluded. The package is checked first; if there are "
    "errors, no ZIP is made."
)
EPILOG = """
Examples:
  umbmarket nuxeo pack my-package
  umbmarket nuxeo pack my-package -o dist/my-package.zip --force

Without --output, the ZIP is NAME-VERSION.zip in the working folder, with the
version as the server writes it.
"""


@click.command("pack", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("folder", type=FilePath(), help="The folder that contains package.xml.")
@option(
    "--output",
    "-o",
    heading="Output",
    type=NewFile(),
    metavar="FILE",
    help="The ZIP to write. Default: NAME-VERSION.zip.",
)
@switch("--force", heading="Output", help="Replace an existing ZIP.")
@config
@no_config
@color
def pack_package(
    folder: str, output: str | None, force: bool, config: str | None, no_config: bool, color: str
) -> ExitCode:
    """Pack one folder."""
    from umbmarket.cli import results
    from umbmarket.findings import visible
    from umbmarket.nuxeo.actions.pack import has_warnings, pack
    from umbmarket.nuxeo.pages.publish_text import size_of
    from umbmarket.nuxeo.wrong_use import WrongUse
    from umbmarket.output import Format
    from umbmarket.output.plain import plain, plain_path

    root = run_settings.working_folder()
    settings = run_settings.of_file(root, config, no_config=no_config)
    try:
        with streams.ending_in_order():
            packed = pack(folder, output, force=force, settings=settings, root=root)
    except WrongUse as error:
        streams.error(str(error))
        return ExitCode.USAGE
    shown = output or packed.path.name
    if has_warnings(packed):
        wish = results.Wish(Format.TEXT, None, color, quiet=False, verbose=False, statistics=False)
        results.show(packed.report, wish, root)
    if packed.left_out:
        names = ", ".join(packed.left_out[:5]) + (", ..." if len(packed.left_out) > 5 else "")
        streams.note(f"left out: {visible(names)}")
    for obstacle in packed.obstacles:
        streams.error(f"{shown} was not created: {obstacle}")
    if packed.obstacles:
        return ExitCode.FINDINGS
    files = f"{packed.files} file{'' if packed.files == 1 else 's'}"
    streams.write_text(f"{plain_path(shown)}: {plain(packed.package_id)}, {files}, {size_of(packed.size)}\n")
    streams.write_text(f"  sha256 {packed.digest}\n")
    return ExitCode.CLEAN
