"""The 40 real Marketplace readmes of the corpus: what is told about them is true."""

from __future__ import annotations

from pathlib import Path

import umbmarket
from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.settings.options import Settings


@needs_corpus
def test_of_forty_real_readmes_two_are_empty_and_none_has_a_link_that_leads_nowhere() -> None:
    report = umbmarket.validate([CORPUS / "readmes"], root=CORPUS, settings=Settings(select=("UMB309", "UMB502")))
    assert report.failures == ()
    folder = "readmes/umbraco+Umbraco.StorageProviders/umbraco-marketplace-readme-umbraco.storageproviders"
    message = "the readme is empty, but may be shown instead of the one in the package"
    assert [(finding.path, str(finding.severity), finding.message) for finding in report.findings] == [
        (f"{folder}.azureblob.imagesharp.md", "info", message),
        (f"{folder}.azureblob.md", "info", message),
    ]


@needs_corpus
def test_a_readme_of_the_corpus_with_a_wrong_link_is_told(tmp_path: Path) -> None:
    real = next(iter(sorted((CORPUS / "readmes").rglob("umbraco-marketplace-readme.md"))))
    (tmp_path / real.name).write_bytes(real.read_bytes() + b"\n\n[x](#nowhere) ![y](images/y.png)\n")
    report = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(select=("UMB309",)))
    assert [finding.args["target"] for finding in report.findings] == ["#nowhere", "images/y.png"]


def test_a_readme_that_is_named_is_read_as_one(tmp_path: Path) -> None:
    readme = tmp_path / "umbraco-marketplace-readme.md"
    readme.write_text("![x](y.png)\n")
    for paths in ([readme], [tmp_path], [tmp_path, readme]):
        report = umbmarket.validate(paths, root=tmp_path)
        assert [(file.path, file.kind) for file in report.files] == [(readme.name, "readme")]
        assert [finding.code for finding in report.findings] == ["UMB309"]
    readme.write_text("Nothing wrong.\n")
    assert umbmarket.validate([readme], root=tmp_path).exit_code == 0
