"""`umbmarket nuxeo validate` on the command line: what it takes, its formats and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from tests.nuxeo.zips import GOOD, MANIFEST, SCRIPT, zipped
from umbmarket.cli.app import program
from umbmarket.disk.shipped_schemas import load_schema
from umbmarket.output import Format

BAD = {**GOOD, "install.xml": SCRIPT.replace("update", "Update")}


@pytest.fixture
def packages(project: Path) -> Path:
    """A good ZIP, one with an error, a source tree with tokens, a listing and a foreign manifest."""
    (project / "good.zip").write_bytes(zipped(GOOD))
    (project / "bad.zip").write_bytes(zipped(BAD))
    (project / "src").mkdir()
    (project / "src" / "package.xml").write_text(MANIFEST.replace("1.0.0", "@VERSION@"))
    (project / "src" / "install.xml").write_text("<install>@BUNDLES@</install>")
    (project / "foreign").mkdir()
    (project / "foreign" / "package.xml").write_text("<umbPackage/>")
    (project / "umbraco-marketplace.json").write_text("{")
    return project


def test_only_nuxeo_packages_are_found(packages: Path, run: Run) -> None:
    result = run("nuxeo", "validate", "--no-config")
    assert result.stdout == "No findings in 1 Nuxeo package\n"
    assert (result.stderr, result.exit_code) == ("", 0)


def test_what_is_named_is_taken_for_nuxeos(packages: Path, run: Run) -> None:
    result = run("nuxeo", "validate", "good.zip", "bad.zip", "foreign/package.xml", "-f", "concise")
    lines = result.stdout.splitlines()
    assert lines[0] == (
        'bad.zip!/install.xml:2:4: error: NXP406 <Update> is not a Nuxeo command; did you mean "update"?'
    )
    assert lines[1] == (
        "foreign/package.xml:1:2: error: NXP003 this is the manifest of an Umbraco package (<umbPackage>), not of a"
        " Nuxeo package"
    )
    assert lines[-1] == "2 errors in 3 Nuxeo packages"
    assert result.exit_code == 1


def test_built_and_source(packages: Path, run: Run) -> None:
    built = run("nuxeo", "validate", "src", "--built", "-f", "concise")
    assert 'src/package.xml:1:50: error: NXP309 the build did not replace "@VERSION@"\n' in built.stdout
    assert 'src/install.xml:1:10: error: NXP309 the build did not replace "@BUNDLES@"\n' in built.stdout
    assert built.exit_code == 1
    (packages / "tokens.zip").write_bytes(zipped({**GOOD, "package.xml": MANIFEST.replace("1.0.0", "@VERSION@")}))
    assert run("nuxeo", "validate", "tokens.zip").exit_code == 1
    assert run("nuxeo", "validate", "tokens.zip", "--source").exit_code == 0
    both = run("nuxeo", "validate", "--built", "--source")
    assert both.stderr.startswith("error: --built: it does not go together with --source\n")
    assert both.exit_code == 2


def test_platform(packages: Path, run: Run) -> None:
    assert run("nuxeo", "validate", "good.zip", "--platform", "lts-2023.5").exit_code == 0
    refused = run("nuxeo", "validate", "good.zip", "--platform", "lts-2025.0", "-f", "concise")
    assert refused.stdout.startswith("good.zip!/package.xml:7:4: error: NXP218 the package is not for lts-2025.0\n")
    assert refused.exit_code == 1


@pytest.mark.parametrize("platform", ["2023", "lts", "lts-", "-2023", "lts-x", "", "\x1b[31m"])
def test_what_is_no_platform_is_wrong_use(platform: str, packages: Path, run: Run) -> None:
    for command in (("validate",), ("inspect", "good.zip")):
        result = run("nuxeo", *command, "--platform", platform)
        assert "is no server; write name and version, such as lts-2023.5\n" in result.stderr
        assert "\x1b" not in result.stderr
        assert (result.stdout, result.exit_code) == ("", 2)


@pytest.mark.parametrize("format", list(Format))
def test_every_format(format: Format, packages: Path, run: Run) -> None:
    result = run("nuxeo", "validate", "bad.zip", "-f", format.value)
    assert "NXP406" in result.stdout
    assert result.exit_code == 1
    if format is Format.JSON:
        document = json.loads(result.stdout)
        Draft202012Validator(load_schema("report-v1.schema.json")).validate(document)
        (finding,) = document["findings"]
        assert (finding["code"], finding["path"], finding["pointer"]) == ("NXP406", "bad.zip!/install.xml", "/Update")
    elif format is Format.SARIF:
        (one,) = json.loads(result.stdout)["runs"]
        assert [rule["id"] for rule in one["tool"]["driver"]["rules"]] == ["NXP406"]
        (found,) = one["results"]
        assert found["ruleId"] == "NXP406"
    elif format is Format.JUNIT:
        assert ElementTree.fromstring(result.stdout).attrib["failures"] == "1"


def test_rules_are_selected_ignored_explained_and_listed(packages: Path, run: Run) -> None:
    assert run("nuxeo", "validate", "bad.zip", "--ignore", "NXP4").exit_code == 0
    assert run("nuxeo", "validate", "bad.zip", "--ignore", "unknown-command").exit_code == 0
    assert run("nuxeo", "validate", "bad.zip", "--select", "NXP1,NXP2").exit_code == 0
    assert run("nuxeo", "validate", "bad.zip", "--select", "NXP999").exit_code == 2
    (packages / "umbmarket.toml").write_text('ignore = ["NXP406", "UMB104"]\n[severity]\nNXP3 = "info"\n')
    ignored = run("nuxeo", "validate", "bad.zip")
    assert (ignored.exit_code, ignored.stdout) == (0, "No findings in 1 Nuxeo package (1 suppressed)\n")
    explained = run("explain", "NXP101").stdout
    assert explained.startswith("NXP101 name-missing (error, since ")
    assert run("explain", "name-missing").stdout == explained
    assert "\nNXP508  " in run("rules").stdout


def test_nothing_to_check(project: Path, run: Run) -> None:
    result = run("nuxeo", "validate")
    assert result.stderr == (
        "error: nothing to check\n"
        "  looked for: Nuxeo packages (package.xml)\n"
        "  in: the working folder, and the folders below\n"
        "  but not in: .git, node_modules, obj, and for package.xml files not in bin and in what git ignores\n"
        "  help: go to your project's folder, or name the file: umbmarket nuxeo validate path/to/package.xml\n"
    )
    assert result.exit_code == 3


def test_standard_input(packages: Path, launch) -> None:
    done = launch("nuxeo", "validate", "-", "-f", "concise", stdin=b'<package name="a" type="addon"/>')
    assert "package.xml:1:2: error: NXP102 the attribute version is missing" in done.stdout.decode()
    zipped_in = launch("nuxeo", "validate", "-", "--stdin-filename", "x.zip", "-f", "concise", stdin=zipped(BAD))
    assert "x.zip!/install.xml:2:4: error: NXP406" in zipped_in.stdout.decode()


def test_results_do_not_replace_the_package(packages: Path, run: Run) -> None:
    result = run("nuxeo", "validate", "bad.zip", "-o", "bad.zip")
    assert result.exit_code == 2
    assert (packages / "bad.zip").read_bytes() == zipped(BAD)


def test_the_options_are_those_of_validate_but_for_listings_network_and_fixes() -> None:
    group = program().get_command(program().make_context("umbmarket", ["rules"], resilient_parsing=True), "nuxeo")
    assert group is not None
    own = group.get_command(group.make_context("nuxeo", ["validate"], resilient_parsing=True), "validate")
    other = program().get_command(program().make_context("umbmarket", ["rules"], resilient_parsing=True), "validate")
    left_out = {each.name for each in other.params} - {each.name for each in own.params}
    assert left_out == {
        "package_id",
        "no_projects",
        "online",
        "allow_private_hosts",
        "no_cache",
        "fix",
        "unsafe_fixes",
        "diff",
    }
    assert {each.name for each in own.params} - {each.name for each in other.params} == {"built", "source", "platform"}
