"""`umbmarket preview`: a page of what the Marketplace should show, before anyone else sees it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.choices import FilePath, NewFile, refuse_parts_of_projects
from umbmarket.cli.options import config, no_config, option, switch
from umbmarket.cli.program import HelpPage, report_failures
from umbmarket.output.plain import plain, plain_path

if TYPE_CHECKING:
    from umbmarket.umbraco.actions.preview import Preview

DEFAULT_OUTPUT = "marketplace-preview.html"
"""The file in the working folder that is written without `--output`."""

STDOUT = "-"

SHORT_HELP = "Show what the listing will look like, as a page."
HELP = (
    "Write a page (HTML) of what the Marketplace should show: the card, the listing page, and the source of every"
    " value. Offline, always."
)
EPILOG = f"""
Examples:
  umbmarket preview --open
  umbmarket preview src/My.Package/umbraco-marketplace.json
  umbmarket preview --package My.Package --output site/my-package.html
  umbmarket preview --package-file artifacts/My.Package.1.2.0.nupkg

Without --output, the page is {DEFAULT_OUTPUT} in the working folder. An
existing file is replaced only if it is such a page.

Images that are in the working tree, at the path that their URL names, are
embedded. For other images the page shows the URL; with --remote-images the
browser fetches them when the page is opened.

Exit codes:
  0  written, with or without findings
  1  written without the package, which NuGet cannot read
  2  wrong use, a file does not exist, or the page cannot be written
  3  nothing to preview: no listing, project or package under the path
  4  umbmarket itself failed
"""

_LONGEST_HEAD = 4096


@click.command("preview", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument(
    "path",
    required=False,
    default=".",
    type=FilePath(),
    help="A listing, a project, a solution, a package, or a folder to search.  [default: (the working folder)]",
)
@option("--package", heading="Input", metavar="ID", help="The id of the package to show, where there are several.")
@option("--package-file", heading="Input", type=FilePath(), metavar="FILE", help="The package (.nupkg) to show.")
@option(
    "--readme",
    heading="Input",
    type=FilePath(),
    metavar="FILE",
    help="Show this file as the readme, instead of the one that belongs to the package.",
)
@option(
    "--output",
    "-o",
    heading="Output",
    type=NewFile(),
    metavar="FILE",
    show_default=DEFAULT_OUTPUT,
    help='Where to write the page; "-" for standard output.',
)
@switch("--open", heading="Output", help="Open the page in the browser.")
@switch(
    "--remote-images",
    heading="Output",
    help="Let the browser fetch images that are not in the working tree when the page is opened.",
)
@config
@no_config
def preview(
    path: str,
    package: str | None,
    package_file: str | None,
    readme: str | None,
    output: str | None,
    open: bool,
    remote_images: bool,
    config: str | None,
    no_config: bool,
) -> ExitCode:
    """Write the page.

    Raises:
        click.BadParameter: the options do not go together, or the file that was named is a part of projects.
        SettingsError: the settings file cannot be used.
        CannotWrite: the page cannot be written.
    """
    # Late: neither `--help` nor a wrong option needs pictures, templates and rules.
    from umbmarket.nuget.identifiers import dependency_id_problem
    from umbmarket.umbraco.actions.preview import CannotPreview, NothingToPreview
    from umbmarket.umbraco.actions.preview import preview as make
    from umbmarket.umbraco.marketplace import UMBRACO

    refuse_parts_of_projects([path], "PATH", ", a solution or a folder")
    if open and output == STDOUT:
        raise click.BadParameter("there is no file to open where the page goes to standard output", param_hint="--open")
    problem = dependency_id_problem(package) if package is not None else None
    if problem is not None:
        raise click.BadParameter(problem, param_hint="--package")
    if output != STDOUT:
        streams.refuse_no_place(Path(output or DEFAULT_OUTPUT))
    root = run_settings.working_folder()
    settings = run_settings.of_each_file(
        root,
        config,
        no_config=no_config,
        change=lambda settings: settings if package is None else replace(settings, package_id=package),
    )
    try:
        page = make(
            path,
            package=package,
            package_file=package_file,
            readme=readme,
            remote_images=remote_images,
            settings=settings,
            root=root,
        )
    except NothingToPreview as nothing:
        streams.error(str(nothing))
        *kinds, last = UMBRACO.looks_for
        streams.write_error(
            f"  looked for: {', '.join(kinds)}, and {last}\n"
            "  help: go to your project's folder, or name the listing, the project or the package\n"
        )
        return ExitCode.NOTHING_TO_CHECK
    except CannotPreview as refusal:
        streams.error(str(refusal))
        return ExitCode.USAGE
    for reason in page.broken:
        streams.write_error(f"{plain_path(str(reason))}\n")
    if page.broken:
        streams.error("NuGet cannot read this package, so the page shows nothing of it")
    _write(page, output)
    if open:
        _open(Path(output or DEFAULT_OUTPUT))
    if page.failures:
        report_failures(page.failures)
        return ExitCode.INTERNAL
    return ExitCode.FINDINGS if page.broken else ExitCode.CLEAN


def _write(page: Preview, output: str | None) -> None:
    if output == STDOUT:
        streams.write_data(page.html)
        return
    path = Path(output or DEFAULT_OUTPUT)
    _refuse_others(path, page, named=output is not None)
    streams.write_file(path, page.html)
    from umbmarket.output.wording import listed

    what = plain(f"{page.name} {page.version}".strip())
    found = listed([f"{number} {word}" for word, number in page.counts]) or "no findings"
    streams.write_text(f"{plain_path(str(path))}: {what}, {_size(page.html)}, with {found}\n")
    _hint(page)


def _size(html: str) -> str:
    kilobytes = len(html.encode("utf-8")) / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.0f} KB"


def _hint(page: Preview) -> None:
    if page.named:
        pictures = "1 picture is" if page.named == 1 else f"{page.named} pictures are"
        urls = "its URL" if page.named == 1 else "their URLs"
        streams.note(
            f"{pictures} not in the working tree, so the page has {urls} instead; with --remote-images "
            "the browser fetches what is missing"
        )
    if page.elsewhere:
        findings = "1 finding is" if page.elsewhere == 1 else f"{page.elsewhere} findings are"
        streams.note(f"{findings} about other files: umbmarket validate shows them")


def _refuse_others(path: Path, page: Preview, *, named: bool) -> None:
    """Raise `CannotWrite` where something would be replaced that is no preview.

    A link that the user did not name makes no new file elsewhere: whoever can change a repository could put one there.
    """
    from umbmarket.umbraco.preview.rendering import GENERATOR

    shown = plain_path(str(path))
    for read in page.read:
        try:
            is_same = os.path.samefile(path, read)
        except (OSError, ValueError):
            continue
        if is_same:
            raise streams.CannotWrite(f"{shown} is a file that the page was made from; name another file with --output")
    if not named and os.path.islink(path) and not os.path.exists(path):
        raise streams.CannotWrite(
            f"{shown} is a link to a file that does not exist; remove it, or name another file with --output"
        )
    if not os.path.isfile(path):
        return
    try:
        with path.open("rb") as file:
            head = file.read(_LONGEST_HEAD)
    except OSError:
        # It cannot be read, and whether it can be written is found out next.
        head = b"?"
    if head and f'<meta name="generator" content="{GENERATOR} '.encode() not in head:
        raise streams.CannotWrite(
            f"{shown} already exists and is not a preview; remove it, or name another file with --output"
        )


def _open(path: Path) -> None:
    """Hand the page to the browser."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        streams.note(f"no browser could be started; open {path} yourself")
