"""`umbmarket nuxeo init`: the files that it makes, what it asks, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.conftest import Run
from tests.cli.terminals import END, converse
from tests.trees import git, own_settings, symlinks  # noqa: F401 - fixtures
from umbmarket.nuxeo.documents import manifest_file, script_file
from umbmarket.nuxeo.manifest import Manifest
from umbmarket.nuxeo.maven_parent import ParentPom

pytestmark = pytest.mark.usefixtures("own_settings")

POM = {"m": "http://maven.apache.org/POM/4.0.0"}
PARENT = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>parent</artifactId>
  <version>2.0-SNAPSHOT</version>
  <packaging>pom</packaging>
  <organization><name>Example Co</name></organization>
  <modules>
    <module>core</module>
  </modules>
</project>
"""


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() + "/" * path.is_dir() for path in folder.rglob("*")}


def manifest_of(path: Path) -> Manifest:
    return Manifest(manifest_file(str(path), None, path.read_bytes()))


def text_of(pom: Path, path: str) -> str | None:
    return etree.parse(pom).getroot().findtext("/".join(f"m:{name}" for name in path.split("/")), None, POM)


def test_the_plain_layout(run: Run, project: Path) -> None:
    result = run("nuxeo", "init", "my-package")
    assert (result.exit_code, result.stderr) == (0, "note: next: umbmarket nuxeo pack my-package\n")
    assert result.stdout == (
        "my-package/package.xml\nmy-package/install.xml\nmy-package/install/templates/my-package/nuxeo.defaults\n"
    )
    assert tree(project / "my-package") == {
        "package.xml",
        "install.xml",
        "install/",
        "install/bundles/",
        "install/templates/",
        "install/templates/my-package/",
        "install/templates/my-package/nuxeo.defaults",
    }
    assert (project / "my-package" / "package.xml").read_text("utf-8") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package type="addon" name="my-package" version="1.0.0-SNAPSHOT">\n'
        "  <title>My package</title>\n"
        "  <description>Adds the configuration template my-package to a Nuxeo server.</description>\n"
        "  <vendor>my-package</vendor>\n"
        "  <target-platform>\n"
        "    <name>lts</name>\n"
        "    <version>[2021.0,2026)</version>\n"
        "  </target-platform>\n"
        '  <installer restart="true" />\n'
        '  <uninstaller restart="true" />\n'
        "</package>\n"
    )
    assert (project / "my-package" / "install.xml").read_text("utf-8") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<install>\n"
        "  <!-- Put bundles (jars) into install/bundles, and take this command out of the comment:\n"
        '  <update dir="${package.root}/install/bundles" todir="${env.bundles}" />\n'
        "  -->\n"
        '  <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true" />\n'
        '  <config addtemplate="my-package" />\n'
        "</install>\n"
    )


def test_what_is_said_stands_in_the_manifest(run: Run, project: Path) -> None:
    said = ("--title", "A & B", "--vendor", "<Jane>", "--description", 'Says "hi" to\neverybody.')
    more = ("--license", "Apache-2.0", "--platform", "lts-2023.5", "--version", "1.2")
    assert run("nuxeo", "init", "a", *said, *more).exit_code == 0
    found = manifest_of(project / "a" / "package.xml")
    texts = {name: found.text(name) for name in ("title", "vendor", "description", "license", "license-url")}
    assert texts == {
        "title": "A & B",
        "vendor": "<Jane>",
        "description": 'Says "hi" to everybody.',
        "license": "Apache-2.0",
        "license-url": "https://spdx.org/licenses/Apache-2.0.html",
    }
    assert str(found.id) == "a-1.2.0"


def test_a_licence_that_nobody_knows_has_no_address(run: Run, project: Path) -> None:
    assert run("nuxeo", "init", "a", "--license", "Our own").exit_code == 0
    found = manifest_of(project / "a" / "package.xml")
    assert (found.text("license"), found.text("license-url")) == ("Our own", None)


@pytest.mark.parametrize(
    ("platform", "lines"),
    [
        ("lts", "    <name>lts</name>\n    <version>[2021.0,2026)</version>\n"),
        ("lts-2023", "    <name>lts</name>\n    <version>[2023.0,2024)</version>\n"),
        ("lts-2023.5", "    <name>lts</name>\n    <version>[2023.5,2024)</version>\n"),
        ("lts [2021.44,2024)", "    <name>lts</name>\n    <version>[2021.44,2024)</version>\n"),
        ("lts:[2021.44,)", "    <name>lts</name>\n    <version>[2021.44,)</version>\n"),
        ("server", "    <platform>server-10.10</platform>\n    <platform>server-10.10-HF*</platform>\n"),
        ("server-9.10", "    <platform>server-9.10</platform>\n    <platform>server-9.10-HF*</platform>\n"),
    ],
)
def test_which_servers(run: Run, project: Path, platform: str, lines: str) -> None:
    assert run("nuxeo", "init", "a", "--platform", platform).exit_code == 0
    assert lines in (project / "a" / "package.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("My Package",), 'error: "My Package" is not a package name, which has letters, digits, dashes and'),
        (("My Package",), '; "my-package" is one\n'),
        (("10b",), '"10b" is not a package name'),
        (("../a",), '"../a" is not a package name'),
        (("a/b",), '"a/b" is not a package name'),
        (("é",), '"é" is not a package name'),
        (("a", "--version", "v1"), '"v1" is not a version such as 1.0.0, 1.2 or 1.0.0-SNAPSHOT'),
        (("a", "--version", "1.0.0.1"), '"1.0.0.1" is not a version'),
        (("a", "--platform", "2023"), '"2023" is not a platform such as lts, lts-2023, server-10.10 or'),
        (("a", "--platform", "cap"), '"cap" is not a platform'),
        (("a", "--platform", "lts [2023,2021]"), '"[2023,2021]" is not a range of versions: Range defies version'),
        (("a", "--title", "a\x07b"), 'the title "a\\x07b" contains a character that XML does not allow'),
        (("a", "--group", "org.x"), "--group: it goes together with --maven only"),
        (("a", "--maven"), "--group: it is required without a terminal"),
        ((), "NAME: it is required without a terminal"),
        (("a", "--maven", "--group", "a b"), '"a b" is not a group, which has letters'),
        (("a", "--maven", "--group", "g", "--parent", "p"), '"p" is not a parent, which is GROUP:ARTIFACT:VERSION'),
    ],
)
def test_wrong_use(run: Run, project: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run("nuxeo", "init", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert tree(project) == {".git/"}


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"])
def test_what_is_blank_is_nothing(run: Run, project: Path, blank: str) -> None:
    assert run("nuxeo", "init", "a").exit_code == 0
    usual = (project / "a" / "package.xml").read_bytes()
    said = ("--title", blank, "--vendor", blank, "--description", blank, "--license", blank)
    assert run("nuxeo", "init", "a", "--force", *said).exit_code == 0
    assert (project / "a" / "package.xml").read_bytes() == usual
    assert run("nuxeo", "validate", "a").stdout.startswith("No errors or warnings in 1 Nuxeo package\n")


@pytest.mark.usefixtures("symlinks")
def test_nothing_is_written_where_a_link_leads_out_of_the_package(
    run: Run, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project / "a").mkdir()
    (project / "a" / "install").symlink_to(outside, target_is_directory=True)
    result = run("nuxeo", "init", "a", "--force")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written: a link on its path leads out of " in result.stderr
    assert list(outside.iterdir()) == []
    assert not (project / "a" / "package.xml").exists()


def test_nothing_is_overwritten_without_force(run: Run, project: Path) -> None:
    (project / "a").mkdir()
    (project / "a" / "install.xml").write_text("mine")
    (project / "a" / "README.md").write_text("mine too")
    result = run("nuxeo", "init", "a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {Path('a/install.xml')} exists already; --force replaces it\n"
    assert tree(project / "a") == {"install.xml", "README.md"}
    assert run("nuxeo", "init", "a", "--force").exit_code == 0
    assert (project / "a" / "README.md").read_text() == "mine too"
    assert (project / "a" / "install.xml").read_text().startswith("<?xml")


def test_a_folder_with_other_files_is_taken(run: Run, project: Path) -> None:
    (project / "a").mkdir()
    (project / "a" / "README.md").write_text("mine")
    assert run("nuxeo", "init", "a").exit_code == 0


def test_a_half_written_tree_does_not_stay(run: Run, project: Path) -> None:
    (project / "a" / "install").mkdir(parents=True)
    (project / "a" / "install" / "templates").write_text("a file where a folder has to be")
    result = run("nuxeo", "init", "a")
    assert result.exit_code == 2
    place = "a/install/templates"
    assert result.stderr == f"error: {place}/a/nuxeo.defaults cannot be written: {place} is a file, not a folder\n"
    assert tree(project / "a") == {"install/", "install/templates"}


@pytest.mark.usefixtures("git")
def test_the_vendor_is_the_user_that_git_knows(run: Run, project: Path, own_settings: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (own_settings / ".gitconfig").write_text('[user]\n\tname = "Jane  <Doe>"\n')
    assert run("nuxeo", "init", "a").exit_code == 0
    assert manifest_of(project / "a" / "package.xml").text("vendor") == "Jane <Doe>"
    assert run("nuxeo", "init", "b", "--maven", "--group", "g", "--company", "Co").exit_code == 0
    assert manifest_of(project / "b/src/main/resources/package.xml").text("vendor") == "Co"


def test_a_maven_module_of_its_own(run: Run, project: Path) -> None:
    result = run("nuxeo", "init", "my-package", "--maven", "--group", "org.example", "--company", "Example & Co")
    assert result.exit_code == 0
    assert result.stderr == (
        "note: next: mvn -f my-package package, then umbmarket nuxeo validate my-package/target/*.zip\n"
    )
    folder = project / "my-package"
    assert {path for path in tree(folder) if not path.endswith("/")} == {
        "pom.xml",
        "src/main/assemble/assembly.xml",
        "src/main/resources/package.xml",
        "src/main/resources/install.xml",
        "src/main/resources/install/templates/my-package/nuxeo.defaults",
    }
    pom = folder / "pom.xml"
    texts = {path: text_of(pom, path) for path in ("groupId", "artifactId", "version", "packaging", "name")}
    assert texts == {
        "groupId": "org.example",
        "artifactId": "my-package",
        "version": "1.0.0-SNAPSHOT",
        "packaging": "zip",
        "name": "My package",
    }
    assert text_of(pom, "organization/name") == "Example & Co"
    assert text_of(pom, "parent/artifactId") is None
    assert text_of(pom, "build/plugins/plugin/version") == "2.0.3"
    assert text_of(pom, "build/plugins/plugin/extensions") == "true"
    assert text_of(pom, "pluginRepositories/pluginRepository/url") is not None
    assert 'version="@VERSION@"' in (folder / "src/main/resources/package.xml").read_text("utf-8")


def test_a_parent_of_nuxeo_knows_the_plugin(run: Run, project: Path) -> None:
    parent = ("--parent", "org.nuxeo:nuxeo-parent:2025.0")
    assert run("nuxeo", "init", "a", "--maven", "--group", "g", *parent, "--artifact", "b").exit_code == 0
    pom = project / "a" / "pom.xml"
    assert [text_of(pom, f"parent/{name}") for name in ("groupId", "artifactId", "version", "relativePath")] == [
        "org.nuxeo",
        "nuxeo-parent",
        "2025.0",
        "",
    ]
    assert text_of(pom, "artifactId") == "b"
    assert text_of(pom, "build/plugins/plugin/version") is None
    assert text_of(pom, "pluginRepositories/pluginRepository/url") is None


@pytest.mark.parametrize("platform", ["server", "lts"])
def test_in_a_project_with_modules_the_parent_answers(run: Run, project: Path, platform: str) -> None:
    (project / "pom.xml").write_text(PARENT, "utf-8")
    result = run("nuxeo", "init", "my-package", "--maven", "--platform", platform)
    assert result.exit_code == 0
    assert result.stdout.endswith("pom.xml (the module my-package)\n")
    assert (project / "pom.xml").read_text("utf-8") == PARENT.replace(
        "<module>core</module>\n", "<module>core</module>\n    <module>my-package</module>\n"
    )
    pom = project / "my-package" / "pom.xml"
    assert [text_of(pom, f"parent/{name}") for name in ("groupId", "artifactId", "version", "relativePath")] == [
        "org.example",
        "parent",
        "2.0-SNAPSHOT",
        None,
    ]
    assert [text_of(pom, name) for name in ("groupId", "artifactId", "version")] == [None, "my-package", None]
    found = manifest_of(project / "my-package/src/main/resources/package.xml")
    assert found.text("vendor") == "Example Co"
    assert (found.element("target-platform") is not None) is (platform == "lts")
    assert (found.element("platforms") is not None) is (platform == "server")


def test_a_module_that_is_named_already_is_not_named_twice(run: Run, project: Path) -> None:
    (project / "pom.xml").write_text(PARENT.replace("core", "my-package"), "utf-8")
    assert run("nuxeo", "init", "my-package", "--maven").exit_code == 0
    assert (project / "pom.xml").read_text("utf-8") == PARENT.replace("core", "my-package")


def test_where_files_are_in_the_way_the_parent_is_left_alone(run: Run, project: Path) -> None:
    (project / "pom.xml").write_text(PARENT, "utf-8")
    (project / "a" / "src" / "main").mkdir(parents=True)
    (project / "a" / "src" / "main" / "assemble").write_text("a file where a folder has to be")
    assert run("nuxeo", "init", "a", "--maven").exit_code == 2
    assert (project / "pom.xml").read_text("utf-8") == PARENT
    assert not (project / "a" / "pom.xml").exists()


@pytest.mark.usefixtures("symlinks")
def test_a_parent_that_is_a_link_stays_one(run: Run, project: Path) -> None:
    (project / "real.xml").write_text(PARENT, "utf-8")
    (project / "pom.xml").symlink_to("real.xml")
    assert run("nuxeo", "init", "a", "--maven").exit_code == 0
    assert (project / "pom.xml").is_symlink()
    assert "<module>a</module>" in (project / "real.xml").read_text("utf-8")


def test_a_parent_that_cannot_be_read(run: Run, project: Path) -> None:
    (project / "pom.xml").write_text("<project>", "utf-8")
    result = run("nuxeo", "init", "a", "--maven")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: pom.xml in this folder cannot be used: it is not well-formed XML (line 1); "
        "name another parent with --parent\n"
    )


def test_a_project_without_modules_is_no_parent(run: Run, project: Path) -> None:
    (project / "pom.xml").write_text(PARENT.replace("<packaging>pom</packaging>", ""), "utf-8")
    assert "--group: it is required" in run("nuxeo", "init", "a", "--maven").stderr


@pytest.mark.parametrize("maven", [False, True])
@pytest.mark.parametrize("platform", ["server", "lts"])
def test_each_file_is_well_formed(run: Run, project: Path, maven: bool, platform: str) -> None:
    arguments = ("--maven", "--group", "org.example") if maven else ()
    assert run("nuxeo", "init", "a", "--platform", platform, *arguments).exit_code == 0
    for path in (project / "a").rglob("*.xml"):
        etree.fromstring(path.read_bytes())
        assert path.read_bytes().isascii()
    folder = project / "a" / ("src/main/resources" if maven else "")
    script = script_file("install.xml", None, (folder / "install.xml").read_bytes())
    assert script.problem is None
    assert ParentPom((project / "a/pom.xml").read_bytes()).coordinates.artifact == "a" if maven else True


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
class TestOnATerminal:
    def test_what_maven_needs_is_asked_for(self, project: Path) -> None:
        answers = [
            ("Package name:", "My Package"),
            ("Package name:", "my-package"),
            ("Maven groupId:", ""),
            ("Maven groupId:", "org.example"),
            ("Maven artifactId [my-package]:", ""),
            ("Version [1.0.0-SNAPSHOT]:", "2.0-SNAPSHOT"),
            ("Maven parent, GROUP:ARTIFACT:VERSION, or nothing:", ""),
            ("Company, or nothing:", "Example"),
        ]
        found = converse(["nuxeo", "init", "--maven"], answers, project, {})
        assert found.code == 0
        assert '"My Package" is not a package name' in found.screen
        pom = project / "my-package" / "pom.xml"
        assert [text_of(pom, name) for name in ("groupId", "artifactId", "version", "organization/name")] == [
            "org.example",
            "my-package",
            "2.0-SNAPSHOT",
            "Example",
        ]
        assert text_of(pom, "parent/groupId") is None

    def test_in_a_project_with_modules_only_the_name_is(self, project: Path) -> None:
        (project / "pom.xml").write_text(PARENT, "utf-8")
        found = converse(["nuxeo", "init", "--maven"], [("Package name:", "a")], project, {})
        assert found.code == 0
        assert found.screen.count(":") == 3  # the question, and the note of what comes next
        assert "<module>a</module>" in (project / "pom.xml").read_text("utf-8")

    def test_where_everything_is_said_nothing_is_asked(self, project: Path) -> None:
        found = converse(["nuxeo", "init", "a"], [], project, {})
        assert (found.code, found.screen) == (0, "note: next: umbmarket nuxeo pack a\n")

    def test_who_does_not_answer_gets_nothing(self, project: Path) -> None:
        found = converse(["nuxeo", "init", "--maven"], [("Package name:", END)], project, {})
        assert found.code == 130
        assert tree(project) == {".git/"}
