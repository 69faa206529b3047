"""Options that several commands share, each written once."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from umbmarket.cli.choices import complete_from, one_of
from umbmarket.cli.streams import COLORS

PAGE_FORMATS = ("text", "json")
"""What `--format` may say for texts about rules."""

Color: TypeAlias = Annotated[
    str,
    typer.Option(
        "--color",
        metavar="|".join(COLORS),
        help="Colours in text. auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.",
        callback=one_of(COLORS),
        autocompletion=complete_from(COLORS),
        show_default=True,
        rich_help_panel="Output",
    ),
]
"""`--color`."""

PageFormat: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(PAGE_FORMATS),
        help="How to write it.",
        callback=one_of(PAGE_FORMATS),
        autocompletion=complete_from(PAGE_FORMATS),
        show_default=True,
        rich_help_panel="Output",
    ),
]
"""`--format` of the commands that show rules."""

Source: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="URL",
        help="The service index of the NuGet V3 feed, instead of UMBMARKET_NUGET_SOURCE or nuget.org.",
        rich_help_panel="Network",
    ),
]
"""`--source`."""

NoCache: TypeAlias = Annotated[
    bool, typer.Option("--no-cache", help="Keep no documents of the feed.", rich_help_panel="Network")
]
"""`--no-cache`."""

AllowPrivateHosts: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--allow-private-hosts",
        help="Let addresses lead to this machine or a private network.",
        rich_help_panel="Network",
    ),
]
"""`--allow-private-hosts`."""
