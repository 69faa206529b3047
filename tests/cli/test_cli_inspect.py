"""`umbmarket inspect` on the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.umbraco.actions.built_packages import PROJECT_URL, archive, healthy, nuspec, package, repository

SNAPSHOTS = Path(__file__).parent / "snapshots"
HEAVY = ("httpx", "jsonschema", "pydantic", "rich", "sqlite3", "zipfile")


@pytest.fixture
def artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one package, which is the working folder; the path of the package in it."""
    root = repository(tmp_path / "tree")
    (root / "artifacts").mkdir()
    (root / "artifacts" / "My.Package.1.2.0.nupkg").write_bytes(healthy())
    monkeypatch.chdir(root)
    return Path("artifacts/My.Package.1.2.0.nupkg")


def test_help_is_as_recorded(run) -> None:
    result = run("inspect", "--help")
    snapshot = SNAPSHOTS / "help-inspect.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(result.stdout, "utf-8", newline="\n")
    assert result.stdout == snapshot.read_text("utf-8")
    assert (result.stderr, result.exit_code) == ("", 0)
    assert result.stdout.isascii()
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_page(artifact: Path, run) -> None:
    result = run("inspect", str(artifact))
    assert (result.stderr, result.exit_code) == ("", 0)
    lines = result.stdout.splitlines()
    assert lines[0] == "My.Package 1.2.0"
    assert "  Package       artifacts/My.Package.1.2.0.nupkg" in lines
    assert "  net10.0    Umbraco.Cms.Core  [17.0.0, 18.0.0)  17" in lines
    assert "\x1b" not in result.stdout


def test_colour_on_demand(artifact: Path, run) -> None:
    assert run("inspect", str(artifact), "--color", "always").stdout.startswith("\x1b[1mMy.Package 1.2.0\x1b[0m\n")
    assert run("inspect", str(artifact), NO_COLOR="1").stdout.startswith("My.Package 1.2.0\n")


def test_json(artifact: Path, run) -> None:
    result = run("inspect", str(artifact), "--format", "json")
    assert (result.stderr, result.exit_code) == ("", 0)
    document = json.loads(result.stdout)
    assert document["package"]["projectUrl"] == PROJECT_URL
    assert document["compatibility"]["default"]["majors"] == [17]


def test_listing_and_mode(artifact: Path, run) -> None:
    Path("draft.json").write_text('{"Title": "Draft", "VersionDependencyMode": "SemVer"}')
    result = run("inspect", str(artifact), "--listing", "draft.json")
    assert "  Title          listing  Draft\n" in result.stdout
    assert "  SemVer        17 <- counts: set by the listing\n" in result.stdout
    for word in ("default", "DEFAULT", "Default"):
        result = run("inspect", str(artifact), "--listing", "draft.json", "--mode", word)
        assert "  Default       17 <- counts: set by --mode\n" in result.stdout


def test_a_listing_that_is_ignored_is_told_beside_the_json(artifact: Path, run) -> None:
    Path("draft.json").write_text('{"Title": "Draft", "Category": "Serch"}')
    result = run("inspect", str(artifact), "--listing", "draft.json", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["listing"]["Title"] == {"value": "My Package", "source": "nuget"}
    assert result.stderr == (
        "note: the Marketplace ignores draft.json as a whole: it does not match the published schema at /Category\n"
    )
    shown = run("inspect", str(artifact), "--listing", "draft.json")
    assert "ignores draft.json as a whole: it does not match the published schema" in " ".join(shown.stdout.split())
    assert shown.stderr == ""


FOLDER_HELP = "  help: name packages or projects, such as artifacts/*.nupkg or src/*/*.csproj\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.nupkg"], "error: none.nupkg cannot be read: there is no such file or folder\n"),
        (["artifacts"], f"error: artifacts cannot be read: it is a folder, not a file\n{FOLDER_HELP}"),
        (["."], f"error: . cannot be read: it is a folder, not a file\n{FOLDER_HELP}"),
        (
            ["artifacts/My.Package.1.2.0.nupkg", "--listing", "artifacts"],
            "error: artifacts cannot be read: it is a folder, not a file\n",
        ),
        (
            ["artifacts/My.Package.1.2.0.nupkg", "--listing", "none.json"],
            "error: none.json cannot be read: there is no such file or folder\n",
        ),
        (
            ["artifacts/My.Package.1.2.0.nupkg", "--mode", "semvr"],
            'error: --mode: unknown value "semvr", did you mean "SemVer"?\nTry `umbmarket inspect --help`.\n',
        ),
        (
            [],
            "error: PACKAGE.nupkg...: it is required (packages, projects or solutions)\n"
            "Try `umbmarket inspect --help`.\n",
        ),
    ],
)
@pytest.mark.usefixtures("artifact")
def test_what_is_not_there_is_wrong_use(arguments: list[str], message: str, run) -> None:
    result = run("inspect", *arguments)
    assert (result.stdout, result.stderr, result.exit_code) == ("", message, 2)


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_a_broken_package_is_named_at_its_place(artifact: Path, format_name: str, run) -> None:
    artifact.write_bytes(archive({"My.Package.nuspec": nuspec(version="one")}))
    result = run("inspect", str(artifact), "--format", format_name)
    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr == (
        "artifacts/My.Package.1.2.0.nupkg!/My.Package.nuspec:5:14 error[UMB304] 'one' is not a NuGet version: 'one' is "
        "not a number\n"
        "error: NuGet cannot read this package, so there is nothing to show\n"
    )


def test_no_archive_is_broken(artifact: Path, run) -> None:
    artifact.write_bytes(b"hello")
    result = run("inspect", str(artifact))
    assert result.exit_code == 1
    assert result.stderr.startswith("artifacts/My.Package.1.2.0.nupkg error[UMB301] not a package: it is not a ZIP")
    assert "Traceback" not in result.stderr


def test_several_packages(artifact: Path, run) -> None:
    other = artifact.with_name("Other.2.0.0.nupkg")
    other.write_bytes(package(nuspec(package_id="Other", version="2.0.0")))
    result = run("inspect", str(artifact), str(other))
    assert (result.stderr, result.exit_code) == ("", 0)
    lines = result.stdout.splitlines()
    assert lines[0] == "My.Package 1.2.0"
    assert lines[lines.index("Other 2.0.0") - 1] == ""
    document = json.loads(run("inspect", str(artifact), str(other), "--format", "json").stdout)
    assert list(document) == ["version", "packages"]
    assert [each["package"]["id"] for each in document["packages"]] == ["My.Package", "Other"]
    assert document["packages"][0] == json.loads(run("inspect", str(artifact), "--format", "json").stdout)


def test_a_pattern_that_the_shell_left_alone(artifact: Path, run) -> None:
    artifact.with_name("Other.2.0.0.nupkg").write_bytes(package(nuspec(package_id="Other", version="2.0.0")))
    document = json.loads(run("inspect", "artifacts/*.nupkg", "--format", "json").stdout)
    assert [each["package"]["id"] for each in document["packages"]] == ["My.Package", "Other"]


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_of_several_packages_those_are_shown_that_can_be_read(artifact: Path, format_name: str, run) -> None:
    artifact.with_name("broken.nupkg").write_bytes(b"hello")
    result = run("inspect", "artifacts/broken.nupkg", str(artifact), "--format", format_name)
    assert result.exit_code == 1
    assert result.stderr == (
        "artifacts/broken.nupkg error[UMB301] not a package: it is not a ZIP archive\n"
        "error: NuGet cannot read 1 of these 2 packages\n"
    )
    if format_name == "json":
        assert [each["package"]["id"] for each in json.loads(result.stdout)["packages"]] == ["My.Package"]
    else:
        assert result.stdout.startswith("My.Package 1.2.0\n")


def test_one_package_that_is_named_twice_is_one(artifact: Path, run) -> None:
    document = json.loads(run("inspect", str(artifact), f"./{artifact}", "--format", "json").stdout)
    assert document["package"]["id"] == "My.Package"


def test_hostile_names_do_not_act_on_a_log(artifact: Path, run) -> None:
    artifact.write_bytes(archive({"##[x]\u202e.nuspec": "<package>"}))
    result = run("inspect", str(artifact))
    assert result.exit_code == 1
    assert "!/\\x23#[x]\\u202e.nuspec" in result.stderr


def test_it_runs_as_a_process_and_imports_little(artifact: Path, launch) -> None:
    artifact.write_bytes(package(nuspec(groups=[("net8.0", [("Umbraco.Cms", "13.0.0")])])))
    result = launch("inspect", str(artifact))
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"\r" not in result.stdout or os.name == "nt"
    assert b"  Default       13, cut off below 14 <- counts" in result.stdout
    assert launch("inspect", "none.nupkg").returncode == 2


def test_the_page_needs_no_heavy_library(artifact: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from umbmarket.umbraco.actions.inspect import inspect_package\n"
        "from umbmarket.umbraco.pages.inspect_text import render\n"
        "render(inspect_package(sys.argv[1]))\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(artifact)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def csproj(artifact: Path) -> Path:
    """A project beside the package."""
    path = Path("My.Package.csproj")
    path.write_text(
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n'
        "    <PackageTags>umbraco-marketplace</PackageTags>\n  </PropertyGroup>\n</Project>\n"
    )
    return path


@pytest.mark.usefixtures("csproj")
def test_a_project(run) -> None:
    result = run("inspect", "My.Package.csproj")
    assert (result.stderr, result.exit_code) == ("", 0)
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "My.Package (version unknown)",
        "  Project       My.Package.csproj, as dotnet pack would write it",
        "  Id            My.Package <- default of the .NET SDK",
        "  Version       unknown: no file sets it",
    ]
    assert "  Tags          umbraco-marketplace <- My.Package.csproj:4" in lines
    assert json.loads(run("inspect", "My.Package.csproj", "--format", "json").stdout)["planned"] is True


def test_a_solution(csproj: Path, run) -> None:
    Path("X.slnx").write_text(f'<Solution>\n<Project Path="{csproj}"/><Project Path="none.csproj"/></Solution>')
    result = run("inspect", "X.slnx")
    assert (result.stderr, result.exit_code) == ("note: none.csproj is not shown: there is no such file or folder\n", 0)
    assert result.stdout == run("inspect", str(csproj)).stdout
    Path("X.slnx").write_text("<Solution />")
    result = run("inspect", "X.slnx")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr == "error: X.slnx lists no project that dotnet pack packs\n"


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_a_project_that_msbuild_refuses(csproj: Path, format_name: str, run) -> None:
    csproj.write_text('<Project Sdk="Microsoft.NET.Sdk">\n  <Import Project="none.props" />\n</Project>\n')
    told = (
        "My.Package.csproj:2:3 error[UMB701] MSBuild rejects the project with MSB4019: the imported file none.props "
        "does not exist\n"
    )
    result = run("inspect", str(csproj), "--format", format_name)
    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr == f"{told}error: this project cannot be packed as it is, so there is nothing to show\n"
    result = run("inspect", str(csproj), "artifacts/My.Package.1.2.0.nupkg", "--format", format_name)
    assert result.stderr == f"{told}error: 1 of these 2 packages and projects cannot be shown\n"
    assert result.stdout != ""
    assert result.exit_code == 1


def test_a_project_of_which_nothing_is_known_is_not_called_wrong(csproj: Path, run) -> None:
    csproj.write_text('<Project Sdk="Some.Own.Sdk/1.0.0" />\n')
    result = run("inspect", str(csproj))
    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr == (
        "My.Package.csproj:1:1 warning[UMB702] the package of this project is not known: umbmarket does not know what "
        "the SDK Some.Own.Sdk does\n"
        "error: nothing is known of this package before it is packed, so there is nothing to show\n"
    )


@pytest.mark.usefixtures("artifact")
def test_a_project_that_is_not_there_and_a_folder_are_wrong_use(run) -> None:
    Path("Folder.csproj").mkdir()
    result = run("inspect", "none.csproj")
    assert (result.stderr, result.exit_code) == (
        "error: none.csproj cannot be read: there is no such file or folder\n",
        2,
    )
    result = run("inspect", "Folder.csproj")
    said = f"error: Folder.csproj cannot be read: it is a folder, not a file\n{FOLDER_HELP}"
    assert (result.stderr, result.exit_code) == (said, 2)


@pytest.mark.parametrize(
    ("name", "expected"), [("artifacts/My.Package.1.2.0.nupkg", False), ("My.Package.csproj", True)]
)
@pytest.mark.usefixtures("csproj")
def test_a_package_does_not_pay_for_projects(name: str, expected: bool) -> None:
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from umbmarket.umbraco.actions.inspect import inspect_package\n"
        "from umbmarket.umbraco.pages.inspect_text import render\n"
        "render(inspect_package(sys.argv[1]))\n"
        "rooms = ('umbmarket.nuget.project', 'umbmarket.umbraco.planned', 'umbmarket.umbraco.project',"
        " 'umbmarket.umbraco.run_projects')\n"
        "print([each for each in sys.modules if each.startswith(rooms)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    assert (done.stdout != "[]\n") is expected
