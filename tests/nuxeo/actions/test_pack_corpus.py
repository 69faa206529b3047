"""Real packages, unpacked and packed again: what the checks say of the ZIP they say of the folder too."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuxeo.actions.pack import pack
from umbmarket.nuxeo.actions.upload import plan_upload
from umbmarket.nuxeo.package import NuxeoPackage

ZIPS = sorted((CORPUS / "nuxeo" / "zips").rglob("*.zip"))
ONLY_ZIPS = {"backslash-entry", "nested-zip", "not-a-zip", "wrapping-folder", "zip-slip"}
"""What is wrong with these cannot be unpacked."""


@needs_corpus
@pytest.mark.parametrize("path", [path for path in ZIPS if path.stem not in ONLY_ZIPS], ids=lambda path: path.stem)
def test_a_package_survives(path: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    packed = pack(tmp_path / "folder", "new.zip", root=tmp_path)
    plan = plan_upload(path, "acme", environment={}, root=tmp_path)
    assert packed.package_id == plan.package_id
    assert {finding.code for finding in packed.report.findings} - {"NXP304"} == {
        finding.code for finding in plan.report.findings
    } - {"NXP304", "NXP508"}
    assert packed.obstacles == () if not plan.obstacles else packed.obstacles[0] == plan.obstacles[0]
    if not packed.obstacles:
        before, after = NuxeoPackage.open_zip(path, "a"), NuxeoPackage.open_zip(tmp_path / "new.zip", "b")
        assert before.installation is not None
        assert after.installation is not None
        assert sorted(after.installation.installed) == sorted(before.installation.installed)


@needs_corpus
def test_some_are_there() -> None:
    assert len(ZIPS) > 30


@needs_corpus
def test_the_manifest_of_another_product_is_not_uploaded_even_by_force(tmp_path: Path) -> None:
    manifests = sorted((CORPUS / "nuxeo" / "foreign").rglob("package.xml"))
    assert len(manifests) > 5
    for number, manifest in enumerate(manifests):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(manifest, "package.xml")
            archive.writestr("install.xml", "<install/>")
        plan = plan_upload(path, "acme", force=True, environment={}, root=tmp_path)
        assert (plan.package_id, plan.overridden) == ("", ())
        assert plan.obstacles[0] == "1 error (NXP003)"
