"""What a run did not look at and should be known to have left out: lines that belong to its summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from umbmarket.findings import quote, visible
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG
from umbmarket.umbraco.workspace import Workspace

if TYPE_CHECKING:
    from umbmarket.umbraco.project_facts import ProjectFacts

_MOST_NAMED = 5
"""Packages that one line names."""

_LONGEST_PATH = 160
"""Code points of a path that a line quotes."""


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
    meant = [facts for facts in workspace.projects if facts.is_meant]
    read = [facts for facts in meant if facts.planned.sound_nuspec is not None]
    if read:
        yield _read_projects(read)
    for each in meant:
        whole = each.planned.plan.whole
        if whole is not None and not each.named:
            yield f"the package of {quote(each.planned.path, _LONGEST_PATH)} is not known: {visible(whole.reason)}"
    if workspace.projects and not workspace.listings and not workspace.archives and not meant:
        yield _without_tag(workspace.projects)
    if workspace.listings and not workspace.archives and not meant:
        tagged = " with the tag" if workspace.projects else ""
        yield f"tag, Umbraco versions and project URL were not checked: no package or project{tagged} here"
    if workspace.packages:
        # Late: a listing alone must not pay for what is known of packages.
        from umbmarket.umbraco.judged import is_left_out

        left_out = list(dict.fromkeys(facts.document.id or "" for facts in workspace.packages if is_left_out(facts)))
        if left_out:
            more = f" and {len(left_out) - _MOST_NAMED} more" if len(left_out) > _MOST_NAMED else ""
            names = ", ".join(map(quote, left_out[:_MOST_NAMED]))
            yield f"not checked for the Marketplace, because other packages here are meant for it: {names}{more}"


def _without_tag(projects: Sequence[ProjectFacts]) -> str:
    """That there are projects, and none is for the Marketplace."""
    first, more = quote(projects[0].planned.path, _LONGEST_PATH), len(projects) - 1
    others = f" and {more} more project{'s' if more > 1 else ''}" if more else ""
    return f'{first}{others} would be packed without the tag "{MARKETPLACE_TAG}"; name a project to have it checked'


def _read_projects(projects: list[ProjectFacts]) -> str:
    """How many projects were planned, and what is not known of their versions."""
    reasons = [each.planned.version_doubt for each in projects]
    unknown = list(dict.fromkeys(reason for reason in reasons if reason is not None))
    line = f"{len(projects)} project{'s' if len(projects) > 1 else ''} read as dotnet pack would write"
    line += " them" if len(projects) > 1 else " it"
    missed = sum(bool(each.missed) for each in projects)
    if missed:
        line += f", some facts{'' if missed == len(projects) else f' of {missed}'} unknown (UMB702)"
    if not unknown:
        return line
    more = f" and {len(unknown) - _MOST_NAMED} more reasons" if len(unknown) > _MOST_NAMED else ""
    count = sum(reason is not None for reason in reasons)
    which = "version" if count == len(projects) else f"version of {count}"
    return f"{line}, {which} unknown ({'; '.join(map(visible, unknown[:_MOST_NAMED]))}{more})"
