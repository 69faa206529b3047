"""How options are declared, and those that several commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import click

from umbmarket.cli.choices import FilePath, OneOf
from umbmarket.cli.streams import COLORS

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
"""What adds a parameter to the function of a command."""


class GroupedOption(click.Option):
    """An option that stands under a heading of its own on the help page.

    Attributes:
        heading: that heading; None for the last group, "Options".
    """

    def __init__(self, *args: Any, heading: str | None = None, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.heading = heading


def options_of(context: click.Context | None) -> dict[str, click.Option]:
    """The options of a command by each of their names; none without a command."""
    params = context.command.get_params(context) if context is not None else ()
    return {name: each for each in params if isinstance(each, click.Option) for name in each.opts}


def option(*names: str, heading: str, **attributes: Any) -> Decorator:
    """Declare an option.

    Args:
        names: as it is typed, such as `--format` and `-f`.
        heading: what it stands under on the help page.
        attributes: as for `click.option`.
    """
    return click.option(*names, cls=GroupedOption, heading=heading, **attributes)


def switch(*names: str, heading: str, help: str) -> Decorator:
    """Declare an option that takes no value."""
    return option(*names, heading=heading, help=help, is_flag=True)


color = option(
    "--color",
    heading="Output",
    type=OneOf(COLORS),
    default="auto",
    show_default=True,
    help="Colours in text. auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.",
)
"""`--color`."""

page_format = option(
    "--format",
    "-f",
    "format_name",
    heading="Output",
    type=OneOf(("text", "json")),
    default="text",
    show_default=True,
    help="The output format.",
)
"""`--format` of the commands that show a page."""

source = option(
    "--source",
    heading="Network",
    metavar="URL",
    help="The service index of the NuGet V3 feed, instead of UMBMARKET_NUGET_SOURCE or nuget.org.",
)
"""`--source`."""

no_cache = switch("--no-cache", heading="Network", help="Do not cache documents of the feed.")
"""`--no-cache`."""

allow_private_hosts = switch(
    "--allow-private-hosts", heading="Network", help="Allow URLs that lead to this machine or a private network."
)
"""`--allow-private-hosts`."""

config = option("--config", heading="Settings", type=FilePath(), metavar="FILE", help="Use this settings file.")
"""`--config`."""

no_config = switch("--no-config", heading="Settings", help="Use no settings file.")
"""`--no-config`."""
