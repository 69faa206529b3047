"""Texts and what NuGet.Packaging writes of them; skipped without the corpus."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.nuget.project.conftest import Planned, sdk
from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget.project.unknown import Unknown

pytestmark = needs_corpus

Row = dict[str, Any]


def _rows() -> list[Row]:
    path = CORPUS / "project-vectors.json"
    if not path.is_file():
        return []
    rows: list[Row] = json.loads(path.read_bytes())["nuspec_vectors"]
    return rows


@pytest.mark.parametrize("row", [pytest.param(row, id=row["title"]) for row in _rows()])
def test_pack_writes_the_same(row: Row, planned: Planned) -> None:
    given = row["input"]
    texts = {
        "PackageTags": given.get("tags"),
        "Authors": given.get("authors", "A"),
        "PackageProjectUrl": given.get("url"),
        "Version": given.get("version", "1.0.0"),
        "Description": "d",
    }
    properties = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items() if text is not None)
    references = "".join(
        f"<PackageReference Include={quoteattr(name)} Version={quoteattr(version)}/>"
        for name, version in given.get("deps", [["X", "1.0.0"]])
    )
    framework = f"<TargetFramework>{given.get('tfm', 'net8.0')}</TargetFramework>"
    body = f"<PropertyGroup>{properties}</PropertyGroup><ItemGroup>{references}</ItemGroup>"
    package = planned({"A.csproj": sdk(body, framework)})
    answer = row["answer"]
    if "error" in answer:
        groups = package.dependency_groups
        assert isinstance(groups, tuple)
        assert isinstance(package.version, Unknown) or isinstance(groups[0].dependencies[0].doubt, Unknown)
        return
    nuspec = package.nuspec
    assert nuspec is not None
    for name, element in (("tags", "tags"), ("authors", "authors"), ("projectUrl", "projectUrl"), ("title", "title")):
        assert nuspec.text(element) == answer[name], name
    assert nuspec.description == answer["description"]
    assert nuspec.version is not None
    assert nuspec.version.full == answer["version"]
    (group,) = nuspec.dependency_groups
    assert group.target_framework == answer["group"]
    if "deps" in given:
        assert [[each.id, each.version] for each in group.dependencies] == answer["dependencies"]
