"""`umbmarket matcher`: how an editor or a build service reads findings out of plain output."""

from __future__ import annotations

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.choices import OneOf
from umbmarket.cli.program import HelpPage
from umbmarket.disk.shipped_schemas import matcher_path

MATCHERS = {"github": "github.json", "vscode": "vscode-tasks.json"}
"""What `umbmarket matcher` can print, and the file it is in."""

SHORT_HELP = "Print a problem matcher."
HELP = (
    "Print a problem matcher: for GitHub workflows, or as tasks for Visual Studio Code. They read what umbmarket "
    "validate writes in the formats concise and msbuild."
)
EPILOG = """
Examples:
  umbmarket matcher vscode > .vscode/tasks.json
  umbmarket matcher github > umbmarket.json

In a workflow, echo "::add-matcher::umbmarket.json" makes GitHub read the
lines of all steps that follow. --format github needs no matcher.
"""


@click.command("matcher", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("name", type=OneOf(tuple(MATCHERS)), metavar="NAME", help=f"Whose: {' or '.join(MATCHERS)}.")
def matcher(name: str) -> ExitCode:
    """Print one of the matchers as it is shipped."""
    streams.write_data(matcher_path(MATCHERS[name]).read_text(encoding="utf-8"))
    return ExitCode.CLEAN
