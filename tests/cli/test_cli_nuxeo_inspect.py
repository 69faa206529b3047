"""`umbmarket nuxeo inspect`, and `umbmarket inspect` of a Nuxeo package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from tests.nuxeo.vectors import FOLDER, corpus
from tests.nuxeo.zips import GOOD, JAR, MANIFEST, zipped
from tests.shared_corpus import needs_corpus
from tests.trees import symlinks  # noqa: F401 - a fixture
from umbmarket.disk.shipped_schemas import load_schema

SCHEMA = "inspect-nuxeo-v1.schema.json"

FULL = {
    "package.xml": """<package type="addon" name="my-project" version="1.0-SNAPSHOT">
  <title>My Project</title>
  <description><p>What it
    does</p></description>
  <vendor>Me</vendor>
  <license>MIT</license>
  <installer restart="true"/>
  <uninstaller class="my.Un"/>
  <platforms><platform>cap-7.10</platform><platform>server-10.10*</platform></platforms>
  <dependencies><package>nuxeo-web-ui:3.0</package></dependencies>
  <conflicts><package>other</package></conflicts>
</package>
""",
    "install.xml": """<install>
  <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
  <copy file="${package.root}/a.txt" tofile="nowhere/b.txt" if="Packages.contains('nuxeo-web-ui')"/>
  <config set="a" ignore="true"/>
</install>
""",
    JAR: "jar",
    "install/bundles/readme.txt": "x",
    "a.txt": "x",
    "left/over.txt": "x",
    "license.txt": "MIT",
}

PAGE = """\
my-project-1.0.0-SNAPSHOT
  Package       full.zip
  Name          my-project
  Version       1.0.0-SNAPSHOT (a snapshot: an upload replaces it, written
                "1.0-SNAPSHOT")
  Type          addon
  Title         My Project
  Vendor        Me
  Description   What it does
  Licence       MIT
  Installer     Nuxeo: asks for a restart
  Uninstaller   my.Un: no restart

Servers
  For           cap-7.10, server-10.10*
  lts-2023.5    no

Other packages
  Needs         nuxeo-web-ui:3.0.0, nuxeo-jsf-ui
  Conflicts     other

Installation
  update dir="${package.root}/install/bundles" todir="${env.bundles}"
    install/bundles/my-project-core-1.0.0.jar -> nxserver/bundles/my-project-core-1.0.0.jar
    install/bundles/readme.txt is passed over
  copy file="${package.root}/a.txt" tofile="nowhere/b.txt"
      if="Packages.contains('nuxeo-web-ui')"
    runs where its guard says so
    a.txt -> <working folder>/nowhere/b.txt
  config set="a" ignore="true"
    never runs
    - Invalid config syntax: badly-formed property a

Files that no command installs
  install/bundles/readme.txt
  left/over.txt
"""


@pytest.fixture
def package(project: Path) -> Path:
    (project / "full.zip").write_bytes(zipped(FULL))
    (project / "good.zip").write_bytes(zipped(GOOD))
    return project


def test_the_page(package: Path, run: Run) -> None:
    result = run("nuxeo", "inspect", "full.zip", "--platform", "lts-2023.5")
    assert result.stdout == PAGE
    assert (result.stderr, result.exit_code) == ("", 0)


def test_umbmarket_inspect_shows_the_same(package: Path, run: Run) -> None:
    result = run("inspect", "full.zip")
    assert result.stdout == PAGE.replace("  lts-2023.5    no\n", "")
    assert result.stdout == run("nuxeo", "inspect", "full.zip").stdout
    assert run("inspect", "full.zip", "-f", "json").stdout == run("nuxeo", "inspect", "full.zip", "-f", "json").stdout


def test_json_is_what_its_schema_says(package: Path, run: Run) -> None:
    schema = Draft202012Validator(load_schema(SCHEMA))
    result = run("nuxeo", "inspect", "full.zip", "--platform", "server-10.10", "-f", "json")
    document = json.loads(result.stdout)
    schema.validate(document)
    assert document["package"]["id"] == "my-project-1.0.0-SNAPSHOT"
    assert document["package"]["versionText"] == "1.0-SNAPSHOT"
    assert document["package"]["snapshot"] is True
    assert document["platforms"]["patterns"] == ["cap-7.10", "server-10.10*", "server-7.10"]
    assert document["platforms"]["answer"] == {"platform": "server-10.10", "compatible": True}
    assert document["dependencies"] == [
        {"name": "nuxeo-web-ui", "minimum": "3.0.0", "maximum": None},
        {"name": "nuxeo-jsf-ui", "minimum": None, "maximum": None},
    ]
    assert [each["runs"] for each in document["install"]] == ["always", "depends", "never"]
    assert document["install"][0]["files"] == [{"source": JAR, "target": "nxserver/bundles/my-project-core-1.0.0.jar"}]
    assert document["notInstalled"] == ["install/bundles/readme.txt", "left/over.txt"]
    several = json.loads(run("nuxeo", "inspect", "full.zip", "good.zip", "-f", "json").stdout)
    schema.validate(several)
    assert [each["path"] for each in several["packages"]] == ["full.zip", "good.zip"]
    assert json.loads(run("schema", "inspect-nuxeo").stdout) == load_schema(SCHEMA)


def test_a_folder_and_its_manifest(package: Path, run: Run) -> None:
    folder = package / "pkg"
    folder.mkdir()
    (folder / "package.xml").write_text(MANIFEST)
    by_folder = run("nuxeo", "inspect", "pkg")
    assert "  Package       pkg/package.xml\n" in by_folder.stdout
    assert "  - Nothing is installed: there is no install.xml\n" in by_folder.stdout
    assert run("inspect", "pkg").stdout == by_folder.stdout
    assert run("nuxeo", "inspect", "pkg/package.xml").stdout == by_folder.stdout


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a/package.xml": MANIFEST}, "it has no package.xml at its root"),
        ({"package.xml": "<package name='a'>"}, "package.xml: the file ends before <package>, opened on line 1, is"),
        ({"package.xml": "<foo/>"}, "package.xml has the root element <foo>, not <package>"),
        ({"package.xml": "<umbPackage/>"}, "package.xml is the manifest of an Umbraco package (<umbPackage>)"),
    ],
)
def test_what_nuxeo_cannot_read(files: dict[str, str], reason: str, package: Path, run: Run) -> None:
    (package / "bad.zip").write_bytes(zipped(files))
    result = run("nuxeo", "inspect", "bad.zip")
    assert result.stderr.startswith(f"bad.zip: {reason}")
    assert result.stderr.endswith("error: Nuxeo cannot read this package, so there is nothing to show\n")
    assert (result.stdout, result.exit_code) == ("", 1)
    both = run("nuxeo", "inspect", "good.zip", "bad.zip")
    assert both.stdout.startswith("my-project-1.0.0\n")
    assert both.stderr.endswith("error: Nuxeo cannot read 1 of these 2 packages\n")
    assert both.exit_code == 1


def test_what_is_not_there_is_wrong_use(package: Path, run: Run) -> None:
    for command in (("nuxeo", "inspect"), ("inspect",)):
        result = run(*command, "no.zip")
        assert result.stderr == "error: no.zip cannot be read: there is no such file or folder\n"
        assert (result.stdout, result.exit_code) == ("", 2)


def test_packages_of_both_marketplaces_are_not_mixed(package: Path, run: Run) -> None:
    result = run("inspect", "a.nupkg", "full.zip")
    assert result.stderr.startswith(
        "error: PACKAGE: full.zip is a Nuxeo package and others are not; show it with umbmarket nuxeo inspect\n"
    )
    assert result.exit_code == 2
    listing = run("inspect", "full.zip", "--listing", "a.json")
    assert listing.stderr.startswith("error: --listing: it goes with NuGet packages, not with full.zip\n")
    assert listing.exit_code == 2


def test_where_both_could_be_meant_the_command_is_named(package: Path, run: Run) -> None:
    (package / "both.zip").write_bytes(zipped({**GOOD, "a.nuspec": "<package/>"}))
    result = run("inspect", "both.zip")
    assert "umbmarket nuxeo inspect both.zip" in result.stderr
    assert result.exit_code == 0
    assert run("nuxeo", "inspect", "both.zip").stderr == ""


def test_text_of_the_package_acts_on_no_terminal(package: Path, run: Run) -> None:
    (package / "evil.zip").write_bytes(
        zipped(
            {
                "package.xml": MANIFEST.replace("My Project", "a&#x9b;31m\n::error::x").replace("Me<", "&#x202e;b<"),
                "install.xml": "<install>\n<a:\u202e xmlns:a='u'/></install>",
                "b\x1b[31m.txt": "x",
            }
        )
    )
    result = run("nuxeo", "inspect", "evil.zip")
    assert result.exit_code == 0
    assert all(char.isprintable() or char == "\n" for char in result.stdout)
    assert "\n::" not in result.stdout


@needs_corpus
def test_every_real_zip_is_shown(run: Run) -> None:
    paths = [str(FOLDER / entry["file"]) for entry in corpus() if entry["kind"] == "zip"]
    result = run("nuxeo", "inspect", *paths, "-f", "json", "--platform", "server-8.3")
    document = json.loads(result.stdout)
    Draft202012Validator(load_schema(SCHEMA)).validate(document)
    assert len(document["packages"]) == 32
    assert result.exit_code == 1
    text = run("nuxeo", "inspect", *paths)
    assert max(map(len, text.stdout.splitlines())) < 200


@pytest.mark.usefixtures("symlinks")
@pytest.mark.parametrize("named", ["a", "a/package.xml"])
def test_a_link_out_of_the_folder_is_not_read(named: str, run: Run, project: Path) -> None:
    (project / "outside.xml").write_text("<install><secret/></install>")
    (project / "a").mkdir()
    (project / "a" / "package.xml").write_text(MANIFEST)
    (project / "a" / "install.xml").symlink_to(project / "outside.xml")
    result = run("nuxeo", "inspect", named, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["installProblem"] == (
        "install.xml cannot be read: it is a link that leads out of the repository or folder, and such links are"
        " followed only when named"
    )
    assert "secret" not in result.stdout
    (project / "a" / "install.xml").unlink()
    (project / "a" / "install.xml").symlink_to(project / "a" / "package.xml")
    assert "leads out" not in run("nuxeo", "inspect", named, "--format", "json").stdout


@pytest.mark.usefixtures("symlinks")
def test_a_manifest_that_leads_out_is_read_only_if_it_is_named(run: Run, project: Path) -> None:
    (project / "outside.xml").write_text(MANIFEST)
    (project / "a").mkdir()
    (project / "a" / "package.xml").symlink_to(project / "outside.xml")
    result = run("nuxeo", "inspect", "a")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a/package.xml: cannot be read: it is a link that leads out of the repository or folder" in result.stderr
    assert run("nuxeo", "inspect", "a/package.xml").exit_code == 0
