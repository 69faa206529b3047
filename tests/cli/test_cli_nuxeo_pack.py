"""`umbmarket nuxeo pack`: the same bytes each time, checked first, and nothing in them that does not belong there."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.nuxeo_world import DEFAULTS, MANIFEST, SCRIPT
from tests.trees import not_root, own_settings, symlinks  # noqa: F401 - fixtures
from umbmarket.nuxeo.package import NuxeoPackage

ZIP = "my-package-1.0.0-SNAPSHOT.zip"


def layout(folder: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """The plain layout, with further files, or without some (None)."""
    texts = {
        "package.xml": MANIFEST.format(version="1.0-SNAPSHOT"),
        "install.xml": SCRIPT,
        DEFAULTS: "nuxeo.template.includes=common\n",
        **(files or {}),
    }
    for name, text in texts.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def folder(project: Path) -> Path:
    return layout(project / "my-package")


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_what_is_made(run: Run, project: Path, folder: Path) -> None:
    result = run("nuxeo", "pack", "my-package")
    assert (result.exit_code, result.stderr) == (0, "")
    data = (project / ZIP).read_bytes()
    assert result.stdout == (
        f"{ZIP}: my-package-1.0.0-SNAPSHOT, 3 files, {len(data)} bytes\n  sha256 {sha256(data).hexdigest()}\n"
    )
    assert names_in(project / ZIP) == ["install.xml", DEFAULTS, "package.xml"]
    assert run("validate", ZIP).exit_code == 0


def test_the_same_bytes_each_time(run: Run, project: Path, folder: Path) -> None:
    assert run("nuxeo", "pack", "my-package", "-o", "a.zip").exit_code == 0
    for number, path in enumerate(sorted(folder.rglob("*"))):
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
        if path.is_file():
            path.chmod(0o700)
    other = layout(project / "elsewhere" / "copy")
    (other / "install" / "bundles").mkdir()
    junk = (".DS_Store", "install/Thumbs.db", ".git/config", "install.xml~", "__MACOSX/._a", "umbmarket.toml")
    layout(other, dict.fromkeys(junk, "# nothing\n"))
    assert run("nuxeo", "pack", "my-package", "-o", "b.zip").exit_code == 0
    result = run("nuxeo", "pack", "elsewhere/copy", "-o", "c.zip")
    assert result.exit_code == 0
    assert result.stderr == "note: left out: .DS_Store, .git, __MACOSX, install/Thumbs.db, install.xml~, ...\n"
    assert len({(project / f"{name}.zip").read_bytes() for name in "abc"}) == 1


def test_empty_folders_are_kept_where_a_command_names_them(run: Run, project: Path, folder: Path) -> None:
    for name in ("install/bundles", "install/lib/deep", "other"):
        (folder / name).mkdir(parents=True)
    update = '<update dir="${package.root}/install/bundles" todir="${env.bundles}" />'
    layout(folder, {"install.xml": SCRIPT.replace("<install>", f"<install>\n  {update}")})
    assert run("nuxeo", "pack", "my-package").exit_code == 0
    assert names_in(project / ZIP) == ["install.xml", "install/bundles/", DEFAULTS, "package.xml"]
    with zipfile.ZipFile(project / ZIP) as archive:
        entry = archive.getinfo("install/bundles/")
        assert (entry.is_dir(), entry.date_time, entry.external_attr >> 16) == (True, (1980, 1, 1, 0, 0, 0), 0o40755)
    (folder / "install" / "bundles").rmdir()
    result = run("nuxeo", "pack", "my-package", "--force")
    assert result.exit_code == 1
    assert "my-package/install.xml:2:16 error[NXP424] " in result.stdout


def test_nothing_is_overwritten_without_force(run: Run, project: Path, folder: Path) -> None:
    (project / ZIP).write_text("mine")
    result = run("nuxeo", "pack", "my-package")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {ZIP} exists already; --force replaces it\n"
    assert (project / ZIP).read_text() == "mine"
    assert run("nuxeo", "pack", "my-package", "--force").exit_code == 0
    assert names_in(project / ZIP)


def test_a_package_in_the_working_folder_does_not_hold_itself(
    run: Run, project: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    first = run("nuxeo", "pack", ".")
    second = run("nuxeo", "pack", ".", "--force")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.stderr == f"note: left out: {ZIP}\n"
    assert names_in(folder / ZIP) == ["install.xml", DEFAULTS, "package.xml"]
    assert first.stdout == second.stdout
    other = run("nuxeo", "pack", ".", "-o", "install/x.zip")
    assert other.exit_code == 0
    assert names_in(folder / "install/x.zip") == ["install.xml", DEFAULTS, "package.xml"]


def test_files_of_the_package_are_never_replaced(run: Run, folder: Path) -> None:
    before = (folder / "install.xml").read_bytes()
    result = run("nuxeo", "pack", "my-package", "-o", "my-package/install.xml", "--force")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "my-package/install.xml is a part of the package" in result.stderr
    assert (folder / "install.xml").read_bytes() == before


def test_errors_stop_it_and_stand_in_the_folder(run: Run, project: Path) -> None:
    layout(project / "my-package", {"install.xml": "<install>\n  <copy todir='x'/>\n</install>"})
    result = run("nuxeo", "pack", "my-package", "--force")
    assert result.exit_code == 1
    assert "my-package/install.xml:2:4 error[NXP408] " in result.stdout
    assert " 2 |   <copy todir='x'/>" in result.stdout
    assert result.stderr == f"error: {ZIP} was not created: 1 error (NXP408)\n"
    assert {path.name for path in project.iterdir()} == {".git", "my-package"}


def test_where_the_folder_is_the_working_folder_too(
    run: Run, project: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(layout(folder, {"install.xml": "<install>\n  <copy todir='x'/>\n</install>"}))
    assert "\ninstall.xml:2:4 error[NXP408] " in f"\n{run('nuxeo', 'pack', '.').stdout}"


def test_warnings_are_shown_and_stop_nothing(run: Run, project: Path) -> None:
    layout(project / "my-package", {"install/bundles/lost.txt": "nobody installs it"})
    result = run("nuxeo", "pack", "my-package")
    assert result.exit_code == 0
    assert "my-package/install/bundles/lost.txt warning[NXP310] " in result.stdout
    assert ZIP in result.stdout


def test_ignores_of_the_settings_count(run: Run, project: Path) -> None:
    layout(project / "my-package", {"install.xml": "<install>\n  <copy todir='x'/>\n</install>"})
    (project / "umbmarket.toml").write_text('ignore = ["NXP408"]\n', "utf-8")
    assert run("nuxeo", "pack", "my-package").exit_code == 0
    assert run("nuxeo", "pack", "my-package", "--force", "--no-config").exit_code == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"package.xml": "<package"}, "error: package.zip was not created: 1 error (NXP001)"),
        ({"package.xml": "<package/>"}, "it has no manifest with a name and a version, so it has no id"),
        ({"package.xml": MANIFEST.format(version="@VERSION@")}, "error: my-package-0.0.0.zip was not created: "),
        ({"install.xml": None}, "was not created: 1 error (NXP314)"),
    ],
)
def test_what_is_no_package(run: Run, project: Path, files: Mapping[str, str | None], words: str) -> None:
    folder = layout(project / "a", files)
    result = run("nuxeo", "pack", "a")
    assert result.exit_code == 1
    assert words in result.stderr
    assert {path.name for path in project.iterdir()} == {".git", folder.name}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gone",), '"gone" cannot be read: there is no such file or folder'),
        (("empty",), '"empty" cannot be packed: there is no package.xml in it'),
        (("maven",), '"maven" cannot be packed: it is a Maven project; build the package with mvn package'),
        (("my-package", "-o", "no/a.zip"), "there is no folder"),
        (("my-package", "-o", "empty"), "empty is a folder; name a file with --output"),
    ],
)
def test_wrong_use(run: Run, project: Path, folder: Path, arguments: tuple[str, ...], words: str) -> None:
    (project / "empty").mkdir()
    layout(project / "maven" / "src" / "main" / "resources")
    result = run("nuxeo", "pack", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_name_that_leads_elsewhere_makes_no_file_there(run: Run, project: Path) -> None:
    layout(project / "a", {"package.xml": MANIFEST.format(version="1.0.0").replace("my-package", "x/../../y")})
    result = run("nuxeo", "pack", "a")
    assert result.exit_code == 2
    assert 'no file can be called "x/../../y-1.0.0.zip"; name one with --output' in result.stderr


@pytest.mark.usefixtures("symlinks")
class TestLinks:
    def test_a_link_within_the_folder_is_packed_as_what_it_leads_to(
        self, run: Run, project: Path, folder: Path
    ) -> None:
        (folder / "license.txt").symlink_to("install.xml")
        assert run("nuxeo", "pack", "my-package").exit_code == 0
        with zipfile.ZipFile(project / ZIP) as archive:
            assert archive.read("license.txt").decode() == SCRIPT
            assert archive.getinfo("license.txt").external_attr >> 16 == 0o100644

    @pytest.mark.parametrize("target", ["../secret", "/etc/hostname", "../outside"])
    def test_what_lies_elsewhere_is_not_published(self, run: Run, project: Path, folder: Path, target: str) -> None:
        (project / "secret").write_text("a key")
        (project / "outside").mkdir()
        (folder / "license.txt").symlink_to(target)
        result = run("nuxeo", "pack", "my-package")
        assert result.exit_code == 2
        assert '"license.txt" cannot be packed: it is a link that leads out of the folder' in result.stderr
        assert not (project / ZIP).exists()

    def test_links_to_folders_and_to_nothing(self, run: Run, project: Path, folder: Path) -> None:
        (folder / "install" / "loop").symlink_to(".")
        assert '"install/loop" cannot be packed: it is a link to a folder' in run("nuxeo", "pack", "my-package").stderr
        (folder / "install" / "loop").unlink()
        (folder / "install" / "loop").symlink_to("nothing")
        assert "it is a link to something that does not exist" in run("nuxeo", "pack", "my-package").stderr

    def test_a_link_in_the_place_of_the_zip_is_replaced_itself(self, run: Run, project: Path, folder: Path) -> None:
        (project / "precious").write_text("mine")
        (project / ZIP).symlink_to(project / "precious")
        assert run("nuxeo", "pack", "my-package").exit_code == 2
        assert run("nuxeo", "pack", "my-package", "--force").exit_code == 0
        assert (project / "precious").read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="names and files that Windows does not have")
class TestOddFiles:
    def test_what_is_no_file(self, run: Run, folder: Path) -> None:
        os.mkfifo(folder / "pipe")
        assert '"pipe" cannot be packed: it is a named pipe, not a file' in run("nuxeo", "pack", "my-package").stderr

    @pytest.mark.parametrize("name", [b"a\\b", b"a\x1b[31m", b"a\xff"])
    def test_names_that_no_entry_should_have(self, run: Run, folder: Path, name: bytes) -> None:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")
        result = run("nuxeo", "pack", "my-package")
        assert result.exit_code == 2
        assert "cannot be packed: its name " in result.stderr
        assert "\x1b" not in result.stderr


@pytest.mark.parametrize("platform", ["lts", "lts-2023", "server"])
def test_what_init_makes_packs_without_an_error_or_a_warning(
    run: Run,
    project: Path,
    own_settings: Path,  # noqa: F811 - the fixture that is imported above
    platform: str,
) -> None:
    assert run("nuxeo", "init", "a", "--platform", platform, "--license", "MIT").exit_code == 0
    assert run("nuxeo", "pack", "a").exit_code == 0
    result = run("validate", "a-1.0.0-SNAPSHOT.zip", "--min-severity", "info", "--fail-on", "info")
    assert (result.exit_code, result.stdout) == (0, "No findings in 1 Nuxeo package\n")
    assert run("validate", "a", "--min-severity", "info", "--fail-on", "info").exit_code == 0
    installs(NuxeoPackage.open_zip(project / "a-1.0.0-SNAPSHOT.zip", "a.zip"), "a")


def installs(package: NuxeoPackage, name: str) -> None:
    """The same code that the measured behaviour of the installer is held to says that the package installs."""
    installation = package.installation
    assert installation is not None
    assert installation.unknown == ()
    assert [step.command.id for step in installation.steps if step.runs] == ["copy", "config"]
    assert [fault for step in installation.steps for fault in (*step.faults, *step.run_faults)] == []
    assert [(each.source, each.target) for each in installation.installed] == [
        (f"install/templates/{name}/nuxeo.defaults", f"/nuxeo/templates/{name}/nuxeo.defaults")
    ]


@pytest.mark.parametrize("platform", ["lts", "server"])
def test_so_does_the_source_of_a_maven_module(
    run: Run,
    project: Path,
    own_settings: Path,  # noqa: F811 - the fixture that is imported above
    platform: str,
) -> None:
    arguments = ("--maven", "--group", "org.example", "--platform", platform, "--license", "MIT")
    assert run("nuxeo", "init", "a", *arguments).exit_code == 0
    result = run("validate", "a", "--min-severity", "info", "--fail-on", "info")
    assert (result.exit_code, result.stdout) == (0, "No findings in 1 Nuxeo package\n")
    built = project / "built"
    tree = project / "a" / "src" / "main" / "resources"
    for path in tree.rglob("*.*"):
        if path.is_file():
            # What the assembly does where the module brings no bundles.
            text = path.read_text("utf-8").replace("@VERSION@", "1.0-SNAPSHOT").replace("@BUNDLES@", "")
            (built / path.relative_to(tree)).parent.mkdir(parents=True, exist_ok=True)
            (built / path.relative_to(tree)).write_text(text, "utf-8")
    assert run("nuxeo", "pack", "built").exit_code == 0
    installs(NuxeoPackage.open_zip(project / "a-1.0.0-SNAPSHOT.zip", "a.zip"), "a")


@pytest.mark.usefixtures("not_root")
def test_a_folder_that_cannot_be_read_is_not_said_to_be_empty(run: Run, project: Path) -> None:
    (project / "closed").mkdir()
    (project / "closed").chmod(0)
    try:
        result = run("nuxeo", "pack", "closed")
    finally:
        (project / "closed").chmod(0o755)
    assert result.stderr == 'error: "closed" cannot be packed: permission denied\n'
    assert result.exit_code == 2


def test_what_a_killed_run_left_behind_is_neither_packed_nor_found(run: Run, project: Path) -> None:
    assert run("nuxeo", "init", "mine").exit_code == 0
    folder = project / "mine" / "install" / "templates" / "mine"
    for name in (".umbmarket-0123456789abcdef.zip", ".umbmarket-0123456789abcdef-0.old", ".umbmarket-1.tmp"):
        (folder / name).write_bytes(b'<package type="x">')
        (project / name).write_bytes(b'{"Category": "Nothing"}')
    assert run("nuxeo", "pack", "mine").exit_code == 0
    with zipfile.ZipFile(project / "mine-1.0.0-SNAPSHOT.zip") as packed:
        assert [name for name in packed.namelist() if ".umbmarket" in name] == []
    assert run("nuxeo", "validate").stdout.startswith("No errors or warnings in 1 Nuxeo package\n")
    assert "listing" not in run("validate").stdout
