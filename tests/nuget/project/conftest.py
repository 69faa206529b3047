"""Made trees of project files, evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.trees import git, not_root, own_settings, repository, symlinks  # noqa: F401 - fixtures
from umbmarket.nuget.project.evaluation import Evaluation, evaluate
from umbmarket.nuget.project.plan import plan
from umbmarket.nuget.project.planned_package import PlannedPackage

Tree = Callable[[Mapping[str, str]], Path]
Evaluated = Callable[..., Evaluation]
Planned = Callable[..., PlannedPackage]


def sdk(body: str = "", framework: str = "<TargetFramework>net8.0</TargetFramework>", name: str = "") -> str:
    """An SDK-style project with a body."""
    group = f"<PropertyGroup>{framework}</PropertyGroup>" if framework else ""
    return f'<Project Sdk="Microsoft.NET.Sdk{name}">{group}{body}</Project>'


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Writes files below one root and gives the root."""
    root = tmp_path / "repository"

    def write(files: Mapping[str, str]) -> Path:
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        return root

    return write


@pytest.fixture
def evaluated(tree: Tree) -> Evaluated:
    """Evaluates `A.csproj` (or `project`) of a made tree; a text alone is the body of an SDK-style project."""

    def run(files: Mapping[str, str] | str, project: str = "A.csproj") -> Evaluation:
        given = {project: sdk(files)} if isinstance(files, str) else files
        root = tree(given)
        return evaluate(root / project, root=root)

    return run


@pytest.fixture
def planned(tree: Tree) -> Planned:
    """Plans the package of `A.csproj` (or `project`) of a made tree."""

    def run(files: Mapping[str, str] | str, project: str = "A.csproj") -> PlannedPackage:
        given = {project: sdk(files)} if isinstance(files, str) else files
        root = tree(given)
        return plan(root / project, root=root)

    return run
