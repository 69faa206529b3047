"""What installing does, against Nuxeo's own classes: validation, and what came to the server."""

from __future__ import annotations

import hashlib
import posixpath
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.nuxeo.vectors import FOLDER, corpus, vectors
from tests.shared_corpus import needs_corpus
from umbmarket.nuxeo.documents import manifest_file, script_file
from umbmarket.nuxeo.file_references import FileReference, NoFolder
from umbmarket.nuxeo.guards import GuardScope
from umbmarket.nuxeo.installation import Installation
from umbmarket.nuxeo.manifest import Manifest
from umbmarket.nuxeo.package_tree import PackageTree, unpacked
from umbmarket.nuxeo.platforms import PlatformId
from umbmarket.nuxeo.script import InstallScript
from umbmarket.nuxeo.steps import JarName, Server
from umbmarket.nuxeo.variables import expand, has_token, references, tokens

SERVER = Server("/srv", GuardScope(PlatformId.parse("lts-2023.0"), ()))
"""The server of the vectors."""

MANIFEST = '<package name="a" version="1.0.0" type="addon"/>'


def script_of(text: str) -> InstallScript:
    # The vectors hold bytes, one letter for each.
    return InstallScript(script_file("install.xml", None, text.encode("latin-1")))


def installation(script: str, files: dict[str, str], manifest: str = MANIFEST, server: Server = SERVER) -> Installation:
    read = Manifest(manifest_file("package.xml", None, manifest.encode()))
    package = {"id": read.id or "", "name": read.name or "", "version": str(read.version)}
    return Installation(script_of(script), PackageTree(files), package=package, server=server)


parsed = [row for row in vectors("install_behaviour") if row["step"] == "parse+validate"]
ran = [row for row in vectors("install_behaviour") if row["step"] != "parse+validate"]


@needs_corpus
def test_there_are_vectors() -> None:
    assert len(parsed) > 20
    assert len(ran) == 8
    assert len(vectors("expand")) == 10
    assert len(vectors("fileref")) == 5


@needs_corpus
@pytest.mark.parametrize("row", parsed, ids=lambda row: row["case"])
def test_scripts_are_validated_as_nuxeo_does(row: dict[str, Any]) -> None:
    result = row["result"]
    if "manifest" in row:
        assert Manifest(manifest_file("package.xml", None, row["manifest"].encode())).root is None
        return
    script = script_of(row["install"])
    done = installation(row["install"], row["files"])
    error = result.get("error", "")
    assert (script.file.problem is not None) == ("Failed to read commands" in error)
    if "Failed to load class" in error:
        assert f"Failed to load class {done.unknown[0].id} from" in error
        return
    assert done.unknown == ()
    assert [command.id for command in script.commands] == result.get("commands", [])
    guards = [fault for step in done.steps for fault in step.faults if fault.kind in ("guard-syntax", "guard-value")]
    assert [fault.kind for fault in guards] == (
        ["guard-syntax"] if "jexl.parser" in error else ["guard-value"] if "NullPointer" in error else []
    )
    if not error:
        assert [message for step in done.steps for message in step.errors] == result["errors"]
        assert [message for step in done.steps for message in step.warnings] == result["warnings"]


def uninstall_of(done: Installation, files: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """What Nuxeo writes into `uninstall.xml` after the installation, the last command first."""
    log = []
    for step in done.steps:
        assert step.runs
        template = step.command.get("addtemplate")
        if template is not None:
            log.append(("config", {"rmtemplate": template}))
        for each in step.installs:
            target = each.target.replace("/srv/", "${env.server.home}/").replace("<working folder>", "(cwd)")
            if step.command.id == "update":
                jar = JarName.parse(posixpath.basename(each.target))
                assert jar is not None
                key = posixpath.join(posixpath.dirname(target).removeprefix("${env.server.home}/"), jar.name)
                log.append(("rollback", {"key": key, "pkgId": "my-project-1.0.0-SNAPSHOT", "version": jar.version}))
            else:
                md5 = hashlib.md5(files[each.source].encode()).hexdigest()
                log.append(("delete", {"file": target, "md5": md5}))
    return log[::-1]


@needs_corpus
@pytest.mark.parametrize("row", ran, ids=lambda row: row["case"])
def test_what_comes_to_the_server_is_what_nuxeo_put_there(row: dict[str, Any]) -> None:
    files = dict(row["entries"])
    result = row["result"]
    there = frozenset(("/srv/templates/my2/x.txt",)) if "target exists" in row["case"] else frozenset()
    done = installation(files["install.xml"], files, files["package.xml"], SERVER._replace(files=there))
    assert [message for step in done.steps for message in step.errors] == result["errors"]
    crashes = [fault for step in done.steps for fault in step.run_faults if fault.kind != "source-missing"]
    assert bool(crashes) == ("run_error" in result)
    if result.get("ran"):
        written = [
            (each.tag, dict(each.attrib))
            for each in ElementTree.fromstring(result["uninstall"].replace("<cwd>", "(cwd)"))
        ]
        assert uninstall_of(done, files) == written


@needs_corpus
@pytest.mark.parametrize("row", vectors("expand"), ids=lambda row: row["input"])
def test_variables_are_expanded_as_nuxeo_does(row: dict[str, Any]) -> None:
    assert expand(row["input"], row["vars"]) == row["result"]["string"]


@needs_corpus
@pytest.mark.parametrize("row", vectors("fileref"), ids=lambda row: row["input"])
def test_files_are_named_as_nuxeo_does(row: dict[str, Any]) -> None:
    """With no files in any folder; of the fault, only that there is one is known."""
    reference = FileReference.parse(row["input"])
    if "error" not in row["result"]:
        assert (reference.resolve(()), reference.is_pattern) == (row["result"]["file"], False)
    elif "listFiles" in row["result"]["error"]:
        with pytest.raises(NoFolder):
            reference.resolve(())
    else:
        assert (reference.resolve(()), reference.is_pattern) == (None, True)


def test_a_pattern_names_a_file_of_its_folder() -> None:
    files = ("/a/b-1.0.jar", "/a/c/b-2.0.jar", "/a/b.txt")
    assert FileReference.parse("/a/b-{v:[0-9]+.*}.jar").resolve(files) == "/a/b-1.0.jar"
    assert FileReference.parse("/a/c-{v:[0-9]+.*}.jar").resolve(files) is None
    assert FileReference.parse("/a/b-{v:[}.jar").resolve(files) is None
    assert FileReference.parse("/a/{b").resolve(files) is None
    script = '<install><delete file="${env.lib}/b-{v:.*}.jar"/><delete file="{n:.*}.jar"/></install>'
    server = Server("/srv", files=frozenset(("/srv/nxserver/lib/b-1.jar",)))
    named, crashing = installation(script, {}, server=server).steps
    assert (named.target, named.faults) == ("/srv/nxserver/lib/b-1.jar", ())
    assert [(fault.kind, fault.attribute) for fault in crashing.faults] == [("crash", "file")]
    (unknown,) = installation('<install><copy file="x" tofile="/a/b-{v:.*}.jar"/></install>', {}).steps
    assert (unknown.target, unknown.faults) == (None, ())


@needs_corpus
def test_every_real_script_is_validated_as_nuxeo_does() -> None:
    """Beside a dummy manifest, with no other files, on a server of today."""
    checked = 0
    for entry in corpus():
        if entry["kind"] != "install":
            continue
        script = InstallScript(script_file("install.xml", None, (FOLDER / entry["file"]).read_bytes()))
        done = Installation(script, PackageTree(["package.xml", "install.xml"]), server=SERVER)
        facts = entry["facts"]
        assert [command.id for command in script.commands] == facts["commands"], entry["file"]
        assert [text for step in done.steps for text in step.errors] == facts["validate_errors"], entry["file"]
        assert [text for step in done.steps for text in step.warnings] == facts["validate_warnings"], entry["file"]
        checked += 1
    assert checked == 85


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("install.xml", "install.xml"),
        ("/a/b", "a/b"),
        ("./a//b/", "a/b"),
        ("a/../b", "b"),
        ("../b", None),
        ("a/../../b", None),
        ("a\\b", "a\\b"),
        ("/", ""),
        ("..a", "..a"),
    ],
)
def test_where_entries_land(name: str, inside: str | None) -> None:
    assert unpacked(name) == inside


def test_a_tree_knows_folders_that_are_only_implied() -> None:
    tree = PackageTree(["a/b/c.txt", "a/b.txt", "empty/folder/", "../out"])
    assert [tree.is_folder(name) for name in ("", "a", "a/b", "empty", "empty/folder", "a/b/c.txt", "..")] == [
        *[True] * 5,
        False,
        False,
    ]
    assert list(tree.files_below("a/b")) == ["a/b/c.txt"]
    assert list(tree.files_below("")) == ["a/b.txt", "a/b/c.txt"]
    assert list(tree.files) == ["a/b/c.txt", "a/b.txt"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a-core-1.0.jar", ("a-core", "1.0")),
        ("caja-r1234.jar", ("caja", "r1234")),
        ("studio.jar", ("studio", "0.0.0-SNAPSHOT")),
        ("a-1.0.zip", None),
        (".jar", None),
    ],
)
def test_names_of_jars(name: str, parts: tuple[str, str] | None) -> None:
    assert JarName.parse(name) == parts


FILES = {"x.txt": "", "install/bundles/a-1.0.jar": "", "install/bundles/readme.txt": "", "install/lib/deep/b.jar": ""}


@pytest.mark.parametrize(
    ("command", "installs", "skipped"),
    [
        (
            '<copy dir="${package.root}/install" todir="${env.home}/x/"/>',
            [
                ("install/bundles/a-1.0.jar", "/srv/nxserver/x/bundles/a-1.0.jar"),
                ("install/bundles/readme.txt", "/srv/nxserver/x/bundles/readme.txt"),
                ("install/lib/deep/b.jar", "/srv/nxserver/x/lib/deep/b.jar"),
            ],
            [],
        ),
        ('<copy file="${package.root}/x.txt" tofile="${env.lib}/y.txt"/>', [("x.txt", "/srv/nxserver/lib/y.txt")], []),
        ('<copy file="${package.root}/x.txt" tofile="${env.lib}"/>', [("x.txt", "/srv/nxserver/lib/x.txt")], []),
        ('<copy dir="${package.root}" file="x.txt" todir="out"/>', [("x.txt", "<working folder>/out/x.txt")], []),
        (
            '<update file="${package.root}/install/bundles/" todir="${env.bundles}"/>',
            [("install/bundles/a-1.0.jar", "/srv/nxserver/bundles/a-1.0.jar")],
            ["install/bundles/readme.txt"],
        ),
        ('<update dir="${package.root}/install/lib" todir="${env.lib}"/>', [], ["install/lib/deep/b.jar"]),
        (
            '<update file="${package.root}/install/bundles/a-1.0.jar" todir="${env.lib}"/>',
            [("install/bundles/a-1.0.jar", "/srv/nxserver/lib/a-1.0.jar")],
            [],
        ),
        ('<copy file="${env.home}/other" todir="${env.lib}"/>', [], []),
        ('<copy file="${package.root}/../x.txt" todir="${env.lib}"/>', [], []),
    ],
)
def test_what_a_command_installs(command: str, installs: list[tuple[str, str]], skipped: list[str]) -> None:
    (step,) = installation(f"<install>{command}</install>", FILES).steps
    assert list(step.installs) == installs
    assert list(step.skipped) == skipped
    assert step.faults == ()


@pytest.mark.parametrize(
    ("guard", "runs"),
    [
        ("", True),
        ('ignore="!Platform.isTomcat()"', True),
        ('ignore="not Platform.isJBoss()"', False),
        ('if="Platform.isJBoss()"', False),
        ('if="Platform.isTomcat()" ignore="true"', True),
        ("if=\"Version.isEqual(Platform.getVersion(), '2023.0')\"", True),
        ("if=\"Packages.contains('x')\"", False),
    ],
)
def test_guards_decide_whether_a_command_runs(guard: str, runs: bool) -> None:
    (step,) = installation(f'<install><config set="a=b" {guard}/></install>', {}).steps
    assert (step.runs, step.faults) == (runs, ())


def test_what_depends_on_the_server_is_left_open() -> None:
    script = '<install><config set="a=b" if="Packages.contains(\'x\')"/><config set="a=b" ignore=\'todir\'/></install>'
    assert [step.runs for step in installation(script, {}, server=Server()).steps] == [None, None]


def test_variables_and_tokens_of_a_text() -> None:
    assert [(each.name, each.default) for each in references("${a}${b?c}${}")] == [("a", None), ("b", "c"), ("", None)]
    text = "@VERSION@ a@b.de ${project.version} ${env.lib} ${x?y}"
    assert [(each.text, each.start) for each in tokens(text, in_script=True)] == [
        ("@VERSION@", 0),
        ("${project.version}", 17),
    ]
    assert [each.text for each in tokens(text)] == ["@VERSION@", "${project.version}", "${env.lib}", "${x?y}"]
    assert [has_token(each) for each in (None, "1.0", "a@b", "<%= x %>", "@X@")] == [False, False, False, True, True]
