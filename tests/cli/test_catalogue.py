"""The rule catalogue is complete, and what is generated from it is up to date."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from umbmarket.check.rule_pages import rules_page, severities
from umbmarket.cli.usage_page import command_pages
from umbmarket.marketplaces import all_rules
from umbmarket.umbraco.compatibility.majors import PRERELEASE_MAJORS

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
CODES = list(all_rules())
# A rule that needs the network has its cases in a test of its own, with the answers written down there.
OFFLINE = [code for code, rule in all_rules().items() if not rule.online]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("code", CODES)
def test_every_rule_is_documented(code: str) -> None:
    rule = all_rules()[code]
    page = rule.page
    assert page.title.endswith("."), "the title is a sentence"
    assert "\n" not in page.title
    assert page.matters.endswith((".", ")")), "why it matters is told in sentences"
    assert page.bad
    assert page.good
    assert page.bad != page.good
    assert rule.why
    assert not rule.why.endswith("."), "the reason stands behind `why:` and is no sentence of its own"


@pytest.mark.parametrize("code", OFFLINE)
def test_every_rule_has_cases_that_pass_and_that_fail(code: str) -> None:
    for kind in ("ok", "bad"):
        folder = CASES / code / kind
        if code == "UMB406" and kind == "bad" and not PRERELEASE_MAJORS:
            # No major of Umbraco is in prerelease today; `test_version_rules` supposes that one is.
            continue
        assert folder.is_dir(), f"{folder} is missing"
        assert any(folder.iterdir()), f"{folder} is empty"


def test_no_cases_without_a_rule() -> None:
    assert sorted(folder.name for folder in CASES.iterdir() if folder.is_dir()) == sorted(OFFLINE)


def test_names_are_unique_and_cannot_be_taken_for_codes() -> None:
    slugs = [rule.slug for rule in all_rules().values()]
    assert len(set(slugs)) == len(slugs)
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug
        assert not re.fullmatch(r"(?:umb|nxp)[0-9]*|all", slug), slug


def test_examples_of_json_are_json(generator: ModuleType) -> None:
    page = generator.generated()["docs/rules.md"]
    examples = re.findall(r"Good:\n\n```json\n(.*?)\n```", page, re.DOTALL)
    assert len(examples) > len([code for code in CODES if code.startswith("UMB")]) // 2
    for example in examples:
        # One that is a part of an object, or says something besides, is no document of its own.
        if example.startswith("{") and example.endswith("}"):
            assert isinstance(json.loads(example), dict)


def test_every_rule_has_its_place_on_the_page() -> None:
    page = rules_page(all_rules().values())
    anchors = re.findall(r'<a id="((?:umb|nxp)[0-9]{3})"></a>', page)
    assert anchors == [code.lower() for code in CODES]
    for rule in all_rules().values():
        assert page.count(f"| [{rule.code}](#{rule.code.lower()}) | {rule.slug} | {severities(rule)} |") == 1
        assert page.count(f"\n### {rule.code} {rule.slug}\n\n{rule.page.title}\n") == 1
        assert rule.page.matters in page


def test_generated_files_are_up_to_date() -> None:
    script = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    result = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert result.stderr == ""
    assert result.returncode == 0


def test_generated_files_are_the_page_and_the_schemas(generator: ModuleType) -> None:
    assert sorted(generator.generated()) == [
        *sorted(command_pages()),
        "docs/rules.md",
        "docs/usage.md",
        "schemas/inspect-nuxeo-v1.schema.json",
        "schemas/inspect-v1.schema.json",
        "schemas/report-v1.schema.json",
        "schemas/settings.schema.json",
        "schemas/status-v1.schema.json",
        "schemas/sync-v1.schema.json",
    ]


def test_stale_and_missing_files_are_shown_as_a_difference(tmp_path: Path, generator: ModuleType) -> None:
    files = {"docs/a.md": "one\ntwo\n", "b.json": "{}\n"}
    generator.write(files, tmp_path)
    assert (tmp_path / "docs" / "a.md").read_bytes() == b"one\ntwo\n"
    assert generator.stale(files, tmp_path) == []
    (tmp_path / "docs" / "a.md").write_text("one\nthree\n")
    (tmp_path / "b.json").unlink()
    assert generator.stale(files, tmp_path) == [
        "--- docs/a.md as it is\n+++ docs/a.md as it should be\n@@ -1,2 +1,2 @@\n one\n-three\n+two",
        "--- b.json as it is\n+++ b.json as it should be\n@@ -0,0 +1 @@\n+{}",
    ]
