"""What a run did not look at and should be known to have left out: lines that belong to its summary."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.findings import quote
from umbmarket.umbraco.workspace import Workspace

_MOST_NAMED = 5
"""Packages that one line names."""


def unreached(workspace: Workspace) -> Iterator[str]:
    """Say how much the network did not answer: the findings about it are infos, and those are not always shown.

    Args:
        workspace: all of the run.
    """
    if workspace.online:
        # Late: only the rules that ask the network need it.
        from umbmarket.umbraco.rules.fetched_links import unreachable

        number = sum(1 for facts in workspace.checked_listings for _ in unreachable(facts))
        if number:
            yield f"{number} {'link' if number == 1 else 'links'} could not be checked (UMB602)"


def unchecked(workspace: Workspace) -> Iterator[str]:
    """Say what was not looked at.

    Args:
        workspace: all of the run.
    """
    if workspace.listings and not workspace.packages:
        yield "tag, Umbraco versions and placement were not checked: no package or project here"
    if workspace.packages:
        # Late: a listing alone must not pay for what is known of packages.
        from umbmarket.umbraco.judged import is_left_out

        left_out = list(dict.fromkeys(facts.document.id or "" for facts in workspace.packages if is_left_out(facts)))
        if left_out:
            more = f" and {len(left_out) - _MOST_NAMED} more" if len(left_out) > _MOST_NAMED else ""
            names = ", ".join(map(quote, left_out[:_MOST_NAMED]))
            yield f"not judged for the Marketplace, as other packages here are meant for it: {names}{more}"
