"""`umbmarket rules`: the catalogue at a glance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.choices import catalogue_rules
from umbmarket.cli.options import color, page_format
from umbmarket.cli.program import HelpPage
from umbmarket.output.ansi import Palette, palette
from umbmarket.output.columns import GAP, NARROWEST_TEXT, cells, padded, wrapped

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

_WIDTH_OF_A_PIPE = 240
"""Columns where there is no terminal: enough to keep each rule on one line, for grep."""
_LEAST_FOR_TITLES = 40
"""Columns that titles need to be read beside the other columns; with less they stand below."""
_HEADINGS = ("code", "name", "severity", "fix")


@click.command("rules", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@page_format
@color
@click.pass_context
def rules(context: click.Context, format_name: str, color: str) -> ExitCode:
    """List the catalogue."""
    catalogue = catalogue_rules(context).values()
    if format_name == "json":
        from umbmarket.check.rule_pages import rule_data

        data = [rule_data(rule) for rule in catalogue]
        streams.write_data(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    else:
        streams.write_text(shown_list(catalogue, color))
    return ExitCode.CLEAN


def shown_list(rules: Iterable[Rule], color: str) -> str:
    """Rules in columns, as wide as standard output takes.

    Args:
        rules: in the order in which they are shown.
        color: what `--color` says.
    """
    width = streams.terminal_width() or _WIDTH_OF_A_PIPE
    return _table(rules, width, palette(streams.wants_color(color)))


def _table(catalogue: Iterable[Rule], width: int, styles: Palette) -> str:
    """The rules in columns, each with its title beside it or, where that leaves no room, below its name."""
    rules = list(catalogue)
    rows = [(rule.code, rule.slug, rule.severity.value, rule.fix or "") for rule in rules]
    sizes = [max(map(cells, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    before = sum(sizes) + len(GAP) * len(sizes)
    is_beside = width - before >= _LEAST_FOR_TITLES
    indent = before if is_beside else sizes[0] + len(GAP)
    heads = [*map(padded, _HEADINGS, sizes), "finds"] if is_beside else list(map(padded, _HEADINGS, sizes))
    lines = [GAP.join(styles.label(head) for head in heads)]
    for rule, row in zip(rules, rows, strict=True):
        code, name, severity, fix = map(padded, row, sizes)
        entry = GAP.join((code, name, styles.severity(rule.severity)(severity), fix))
        title = wrapped(rule.page.title, max(width - indent, NARROWEST_TEXT))
        lines.append(f"{entry}{GAP}{title[0]}" if is_beside else entry.rstrip())
        lines.extend(f"{' ' * indent}{line}" for line in title[is_beside:])
    return "".join(f"{line}\n" for line in lines)
