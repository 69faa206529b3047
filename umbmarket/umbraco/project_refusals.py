"""Why a project cannot be shown as a package: MSBuild or NuGet refuse it, or nothing is known of it."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.engine import run
from umbmarket.findings import visible
from umbmarket.nuget.project.evaluation import ProjectProblem
from umbmarket.settings.options import Settings
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.inspection import PackageProblem
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.project_facts import ProjectFacts
from umbmarket.umbraco.workspace import Workspace

_RULES = ("UMB308", "UMB309", "UMB310", "UMB311", "UMB701", "UMB702", "UMB705")
"""The rules that tell why `dotnet pack` stops: at icon, readme and licence, at the project, and at its references."""

_WHEN_PACKED = "NU5"
"""What NuGet refuses only when it packs begins so."""


def refusals_of(project: ProjectFacts, facts: PackageFacts) -> Iterator[PackageProblem]:
    """What the rules say of a project that cannot be packed; nothing where it can.

    Args:
        project: the project.
        facts: the package that it would be packed to.
    """
    plan = project.planned.plan
    refused = [
        problem
        for problem in plan.problems
        if isinstance(problem, ProjectProblem)
        and (plan.packable is not False or not problem.code.startswith(_WHEN_PACKED))
    ]
    if plan.whole is None and not refused and not project.planned.refused_nuspec:
        return
    workspace = Workspace(packages=(facts,), projects=(project,))
    told = [
        finding
        for finding in run([gathered(workspace)], Settings(select=_RULES)).findings
        if finding.severity == "error" or (plan.whole is not None and finding.code == "UMB702")
    ]
    for finding in told:
        yield PackageProblem(finding.code, finding.path, finding.region, finding.message, finding.severity)
    if not told:
        # No rule says it of a package that is not for the Marketplace.
        for problem in refused:
            path = project.planned.files.of(problem.place.file).path
            message = f"dotnet pack stops with {problem.code}: {visible(problem.detail)}"
            yield PackageProblem("UMB701", path, problem.place.region, message)
