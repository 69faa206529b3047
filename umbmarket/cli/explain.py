"""`umbmarket explain`: one rule's documentation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import streams
from umbmarket.cli.choices import RuleNames, rules_named
from umbmarket.cli.options import color, page_format
from umbmarket.cli.program import HelpPage

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Rule

SHORT_HELP = "Explain a rule, with a bad and a good example."
HELP = (
    "Explain a rule: what it finds, why it matters, a bad and a good example. The beginning of codes, such as UMB1, "
    "lists the rules of a family."
)
EPILOG = """
Examples:
  umbmarket explain UMB104
  umbmarket explain not-allowed-value
  umbmarket explain UMB1
  umbmarket explain UMB104 --format json
"""

_WIDEST = 100
"""Columns that running text takes at most: longer lines are hard to read."""
_WIDTH_OF_A_PIPE = 80


@click.command("explain", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("name", type=RuleNames(), metavar="RULE", help="The rule's code or name, or the beginning of codes.")
@page_format
@color
@click.pass_context
def explain(context: click.Context, name: str, format_name: str, color: str) -> ExitCode:
    """Show one rule, or list several.

    Raises:
        click.BadParameter: `name` names no rule.
    """
    rules, notes = rules_named(context, name.strip(), "RULE")
    for note in notes:
        streams.note(note)
    if not rules:
        # What was removed, and nothing came instead: the note has said it all.
        return ExitCode.CLEAN
    rule, *others = rules
    if format_name == "json":
        from umbmarket.check.rule_pages import page_data

        data = [page_data(each) for each in rules] if others else page_data(rule)
        streams.write_data(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    elif others:
        # Late: most often one rule is explained.
        from umbmarket.cli.rules import shown_list

        streams.write_text(shown_list(rules, color))
    else:
        width = min(streams.terminal_width() or _WIDTH_OF_A_PIPE, _WIDEST)
        streams.write_text(_page(rule, width, bold=streams.wants_color(color)))
    return ExitCode.CLEAN


def _page(rule: Rule, width: int, *, bold: bool) -> str:
    """The page of a rule as plain text."""
    from umbmarket.check.rule_pages import severities

    page = rule.page
    facts = [severities(rule), f"since {rule.since}", f"fix: {rule.fix or 'none'}"]
    if rule.online:
        facts.append("online")
    if rule.status == "preview":
        facts.append("only if named")

    def heading(text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if bold else text

    parts = [
        f"{heading(f'{rule.code} {rule.slug}')} ({', '.join(facts)})",
        _wrapped(page.title, width),
        *([_wrapped(page.finds, width)] if page.finds else []),
        f"{heading('Why it matters')}\n{_wrapped(page.matters, width)}",
        f"{heading('Bad')}\n{_indented(page.bad)}",
        f"{heading('Good')}\n{_indented(page.good)}",
    ]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, width: int) -> str:
    """Paragraphs and items of lists filled to `width`; other indented lines keep their own lines."""
    import re

    paragraphs = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].startswith("- "):
            items = re.split(r"\n(?=- )", paragraph)
            paragraphs.append("\n".join(_filled(item, width, subsequent_indent="  ") for item in items))
        elif any(line.startswith((" ", "- ", "* ", "|")) for line in lines):
            paragraphs.append(paragraph)
        else:
            paragraphs.append(_filled(paragraph, width))
    return "\n\n".join(paragraphs)


def _filled(text: str, width: int, subsequent_indent: str = "") -> str:
    import textwrap

    return textwrap.fill(
        " ".join(text.split()),
        width,
        subsequent_indent=subsequent_indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _indented(example: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in example.split("\n"))
