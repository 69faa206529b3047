"""`samples/nuxeo-package`: what `init` makes, no findings, with the workflow that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.shared_corpus import ROOT
from umbmarket.nuxeo.actions.create import Wish, create
from umbmarket.nuxeo.actions.pack import pack

SAMPLE = ROOT / "samples" / "nuxeo-package"
WORKFLOW = SAMPLE / ".github" / "workflows" / "publish.yml"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_init_makes_it(tmp_path: Path) -> None:
    wish = Wish(
        name="orchard-search",
        version="1.0.0",
        title="Orchard search",
        vendor="Orchard Example",
        description="Sets where a Nuxeo server finds the search service of Orchard.",
        license="Apache-2.0",
        platform="lts-2023",
    )
    create(wish, tmp_path)
    assert files_in(tmp_path / "orchard-search") == files_in(SAMPLE / "orchard-search")


def test_it_is_all_clear(tmp_path: Path) -> None:
    packed = pack(SAMPLE / "orchard-search", tmp_path / "a.zip", root=ROOT)
    assert (packed.package_id, packed.files, packed.obstacles) == ("orchard-search-1.0.0", 3, ())
    assert packed.report.findings == ()


def test_the_page_shows_its_workflow() -> None:
    page = (ROOT / "docs" / "nuxeo.md").read_text("utf-8")
    assert f"```yaml\n{WORKFLOW.read_text('utf-8')}```\n" in page


def test_each_target_gets_its_own_login_after_the_one_before() -> None:
    jobs = YAML(typ="safe").load(WORKFLOW)["jobs"]
    uploads = {name: [step for step in job["steps"] if "upload" in step.get("run", "")] for name, job in jobs.items()}
    assert [len(steps) for steps in uploads.values()] == [0, 1, 1]
    assert (jobs["preproduction"]["needs"], jobs["production"]["needs"]) == ("check", "preproduction")
    expected = {
        "preproduction": ("UMBMARKET_NUXEO_PREPROD", " --target preprod"),
        "production": ("UMBMARKET_NUXEO", ""),
    }
    for name, (prefix, target) in expected.items():
        (step,) = uploads[name]
        assert set(step["env"]) == {"ORG", f"{prefix}_LOGIN", f"{prefix}_TOKEN"}
        assert step["run"] == f'umbmarket nuxeo upload orchard-search.zip --org "$ORG"{target} --yes'
        assert jobs[name]["environment"] == f"nuxeo-{name}"


@pytest.mark.parametrize("name", ["prod", "preprod", "custom"])
def test_the_page_names_each_variable(name: str) -> None:
    from umbmarket.nuxeo.publish_targets import PREPRODUCTION, PRODUCTION, target_of

    page = (ROOT / "docs" / "nuxeo.md").read_text("utf-8")
    target = {"prod": PRODUCTION, "preprod": PREPRODUCTION}.get(name) or target_of("https://nos.example.org", {})
    for word in (target.login_variable, target.token_variable):
        assert re.search(rf"`{word}`", page)


def test_the_first_screen_of_the_readme_names_both_marketplaces() -> None:
    first = (ROOT / "README.md").read_text("utf-8").partition("```")[0]
    assert "[Umbraco Marketplace]" in first
    assert "[Nuxeo Marketplace](docs/nuxeo.md)" in first
