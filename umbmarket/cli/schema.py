"""`umbmarket schema`: the JSON schemas that come with the program."""

from __future__ import annotations

from typing import Annotated

import typer

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.choices import complete_from, one_of
from umbmarket.disk.shipped_schemas import LISTING_SCHEMA, schema_path

SCHEMAS = {
    "listing": LISTING_SCHEMA,
    "report": "report-v1.schema.json",
    "inspect": "inspect-v1.schema.json",
    "status": "status-v1.schema.json",
    "sync": "sync-v1.schema.json",
    "settings": "settings.schema.json",
}
"""What `umbmarket schema` can print, and the file it is in."""

SHORT_HELP = "Print a JSON schema."
HELP = "Print a JSON schema: of listings, of what a command prints as JSON, or of umbmarket.toml."
EPILOG = """
Examples:
  umbmarket schema listing
  umbmarket schema settings > umbmarket.schema.json
"""


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help=f"Which schema: {', '.join(SCHEMAS)}.",
            callback=one_of(tuple(SCHEMAS)),
            autocompletion=complete_from(tuple(SCHEMAS)),
            show_default=False,
        ),
    ],
) -> ExitCode:
    """Print one of the schemas as it is shipped."""
    streams.write_data(schema_path(SCHEMAS[name]).read_text(encoding="utf-8"))
    return ExitCode.CLEAN
