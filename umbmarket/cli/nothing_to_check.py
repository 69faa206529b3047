"""What is said where there is nothing to check."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from umbmarket.cli import streams
from umbmarket.cli.choices import marketplaces_of
from umbmarket.cli.subjects import Subject
from umbmarket.output.plain import plain


def explain_nothing(
    context: click.Context, files: Sequence[str], remarks: Sequence[str], excluding: Sequence[str], subject: Subject
) -> None:
    """Say what was looked for, where, and what to do.

    Args:
        context: of the command.
        files: as named.
        remarks: what was found and not looked at.
        excluding: settings files that exclude something.
        subject: what the command is about.
    """
    from umbmarket.disk.files import BUILD_OUTPUT, NEVER_SEARCHED

    where = ", ".join("the working folder" if path == "." else plain(path) for path in files)
    # A solution stands for what it lists, and nothing is searched.
    is_searched = any(map(os.path.isdir, files)) or not files
    looked_for = [what for each in marketplaces_of(context) for what in each.looks_for]
    skipped = ", ".join(sorted(NEVER_SEARCHED - {BUILD_OUTPUT}))
    further = [f"and not what the settings exclude: {', '.join(excluding)}"] if excluding else []
    streams.error("nothing to check")
    streams.write_error(
        f"  looked for: {', and '.join(filter(None, (', '.join(looked_for[:-1]), looked_for[-1])))}\n"
        f"  in: {where}, and the folders below\n"
        f"  but not in: {skipped}, and for {subject.not_built} not in {BUILD_OUTPUT} and in what git ignores\n"
        if is_searched
        else f"  in: {where}\n"
    )
    streams.write_error(
        "".join(f"  {plain(line)}\n" for line in (*further, *remarks))
        + f"  help: go to your project's folder, or name the file: {subject.example}\n"
    )
