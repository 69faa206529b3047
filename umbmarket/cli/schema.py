"""`umbmarket schema`: the JSON schemas that come with the program."""

from __future__ import annotations

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.choices import OneOf
from umbmarket.cli.program import HelpPage
from umbmarket.disk.shipped_schemas import schema_path
from umbmarket.umbraco.vocabulary import LISTING_SCHEMA

SCHEMAS = {
    "listing": LISTING_SCHEMA,
    "report": "report-v1.schema.json",
    "inspect": "inspect-v1.schema.json",
    "inspect-nuxeo": "inspect-nuxeo-v1.schema.json",
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


@click.command("schema", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("name", type=OneOf(tuple(SCHEMAS)), metavar="NAME", help=f"Which schema: {', '.join(SCHEMAS)}.")
def schema(name: str) -> ExitCode:
    """Print one of the schemas as it is shipped."""
    streams.write_data(schema_path(SCHEMAS[name]).read_text(encoding="utf-8"))
    return ExitCode.CLEAN
