"""The facts about a package that is all of its run."""

from __future__ import annotations

from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.umbraco.facts import PackageFacts, Run
from umbmarket.umbraco.placement import Placement


def alone(document: NuGetPackage, placement: Placement, *, named: bool = True) -> PackageFacts:
    """The facts about a package without siblings."""
    return Run(lambda run: (PackageFacts(document, placement, named=named, together=run),)).packages[0]
