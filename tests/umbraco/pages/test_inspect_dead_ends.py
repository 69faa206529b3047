"""What `inspect` says of a package without a direct dependency on Umbraco agrees with UMB401 of `validate`."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket
from tests.conftest import build_nupkg
from umbmarket.umbraco.actions.inspect import inspect_package
from umbmarket.umbraco.pages.inspect_text import render


def test_a_way_that_is_known_is_told_and_not_doubted(tmp_path: Path) -> None:
    project = (
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n'
        "    <Version>1.0.0</Version>\n  </PropertyGroup>\n  <ItemGroup>\n    {}\n  </ItemGroup>\n</Project>\n"
    )
    (tmp_path / "Core.csproj").write_text(
        project.format('<PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" />')
    )
    (tmp_path / "A.csproj").write_text(project.format('<ProjectReference Include="Core.csproj" />'))
    text = " ".join(render(inspect_package(tmp_path / "A.csproj"), width=400).split())
    assert (
        "- The package has no direct dependency on Umbraco; one through another package counts. - The package depends"
        " on Umbraco through Core 1.0.0 > Umbraco.Cms.Core [17.0.0, 18.0.0), so the Marketplace should show 17."
    ) in text
    assert "does not show" not in text


@pytest.mark.parametrize(
    ("dependency", "severity", "text"),
    [
        ("Newtonsoft.Json", "error", "No dependency of the package leads to Umbraco."),
        ("Microsoft.Extensions.Http", "error", "No dependency of the package leads to Umbraco."),
        ("Umbraco.Forms", "warning", "which the package itself does not show."),
    ],
)
def test_inspect_agrees_with_validate(tmp_path: Path, dependency: str, severity: str, text: str) -> None:
    path = tmp_path / "a.nupkg"
    path.write_bytes(build_nupkg(tags="umbraco-marketplace", groups={None: {dependency: "13.0.0"}}))
    report = umbmarket.validate([path], root=tmp_path)
    assert [finding.severity.value for finding in report.findings if finding.code == "UMB401"] == [severity]
    assert text in " ".join(render(inspect_package(path), width=400).split())
