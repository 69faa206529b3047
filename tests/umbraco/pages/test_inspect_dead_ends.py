"""What `inspect` says of a package without a direct dependency on Umbraco agrees with UMB401 of `validate`."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket
from tests.conftest import build_nupkg
from umbmarket.umbraco.actions.inspect import inspect_package
from umbmarket.umbraco.pages.inspect_text import render


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
