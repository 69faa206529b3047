"""The Umbraco Marketplace, as the engine knows a marketplace."""

from __future__ import annotations

from typing import Literal

from umbmarket.check.engine import Facts, Gathered
from umbmarket.check.report import CheckedFile
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules import CATALOGUE
from umbmarket.umbraco.workspace import Workspace


def gathered(workspace: Workspace) -> Gathered:
    """What the engine takes: the facts in the order of the report, and the files that were looked at."""
    files = [
        CheckedFile(facts.document.path, "listing", facts.document.parsed, facts.schema_valid)
        for facts in workspace.listings
    ]
    files += [CheckedFile(facts.document.path, "package", _parsed(facts), None) for facts in workspace.packages]
    facts: tuple[Facts, ...] = (*workspace.listings, *workspace.packages, *workspace.published, workspace)
    return Gathered(CATALOGUE, facts, files, workspace.online)


def _parsed(facts: PackageFacts) -> Literal["strict", "tolerant", "no"]:
    """How well a package could be read: `tolerant` is what NuGet's own reader would refuse in part."""
    nuspec = facts.document.nuspec
    if nuspec is None or facts.document.unusable is not None:
        return "no"
    return "tolerant" if any(problem.refused_by == "client" for problem in nuspec.problems) else "strict"
