"""From a project file, or a nuspec, to the package that would be made of it."""

from __future__ import annotations

import os

from umbmarket.nuget.project.evaluation import Evaluation, evaluate
from umbmarket.nuget.project.nuspec_source import NuspecSource, properties_of
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.project_files import ProjectFiles, normalized, root_of
from umbmarket.nuget.project.unknown import Unknown


def plan(
    path: str | os.PathLike[str],
    *,
    root: str | os.PathLike[str] | None = None,
    files: ProjectFiles | None = None,
) -> PlannedPackage:
    """What `dotnet pack` would write of a project file, or `nuget pack` of a `.nuspec`.

    Args:
        path: the project file, or a nuspec.
        root: the folder that imports and project references stay inside; the repository's root when None.
        files: what was read before with the same root; it saves reading again.

    Returns:
        Always a package; `whole` says where nothing is known.
    """
    if files is None:
        files = ProjectFiles(root if root is not None else root_of(os.fspath(path)))
    spelled = files.spelled(path)
    if spelled.lower().endswith(".nuspec"):
        return _plan_of_nuspec(spelled, None, {}, files)
    evaluation = evaluate(spelled, files=files)
    shown = evaluation.project.path or files.shown(spelled)
    named = evaluation.value("NuspecFile")
    if isinstance(named, str) and named.strip():
        properties = evaluation.value("NuspecProperties")
        if isinstance(properties, Unknown):
            return PlannedPackage(shown, evaluation, None, files, properties)
        full = normalized(named.strip(), evaluation.project.folder)
        return _plan_of_nuspec(full, evaluation, properties_of(properties), files)
    unknown = named if isinstance(named, Unknown) and evaluation.whole is None else None
    return PlannedPackage(shown, evaluation, None, files, unknown)


def _plan_of_nuspec(
    path: str, evaluation: Evaluation | None, properties: dict[str, str], files: ProjectFiles
) -> PlannedPackage:
    shown = evaluation.project.path if evaluation is not None else files.shown(path)
    data = files.data(path)
    if isinstance(data, Unknown) or data is None:
        reason = data or Unknown(f"the nuspec {files.shown(path)} does not exist")
        return PlannedPackage(shown, evaluation, None, files, reason)
    source = NuspecSource(files.shown(path), data, properties)
    if source.nuspec.metadata is None:
        return PlannedPackage(shown, evaluation, source, files, Unknown(f"{files.shown(path)} cannot be read"))
    return PlannedPackage(shown, evaluation, source, files, source.whole)
