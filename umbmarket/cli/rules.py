"""`umbmarket rules`: the catalogue at a glance."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.options import Color, PageFormat

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Rule

SHORT_HELP = "List the rules."
HELP = "List the rules: code, name, severity, fix and title."
EPILOG = """
Examples:
  umbmarket rules
  umbmarket rules --format json
  umbmarket explain UMB104
"""

_STYLES = {"error": "red", "warning": "yellow", "info": "blue"}
_WIDTH_OF_A_PIPE = 240
"""Columns where there is no terminal: enough to keep each rule on one line, for grep."""


def rules(
    format_name: PageFormat = "text",
    color: Color = "auto",
) -> ExitCode:
    """List the catalogue."""
    from umbmarket.check.rule_pages import rule_data
    from umbmarket.umbraco.rules import all_rules

    catalogue = all_rules().values()
    if format_name == "json":
        data = [rule_data(rule) for rule in catalogue]
        streams.write_data(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    else:
        streams.write_text(_table(catalogue, color=streams.wants_color(color)))
    return ExitCode.CLEAN


def _table(catalogue: Iterable[Rule], *, color: bool) -> str:
    # Late: rich is slow to import, and this is its only use.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for heading in ("code", "name", "severity", "fix"):
        table.add_column(heading, no_wrap=True)
    table.add_column("finds")
    for rule in catalogue:
        table.add_row(
            rule.code,
            rule.slug,
            Text(rule.severity.value, _STYLES[rule.severity.value]),
            rule.fix or "",
            Text(rule.page.title),
        )
    page = io.StringIO()
    width = streams.terminal_width()
    console = Console(
        file=page,
        width=width or _WIDTH_OF_A_PIPE,
        color_system="standard" if color else None,
        force_terminal=color,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())
