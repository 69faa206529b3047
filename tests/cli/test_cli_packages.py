"""`umbmarket validate . artifacts/*.nupkg`: listings and packages together, as users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket

BuildPackage = Callable[..., bytes]

LISTING = "umbraco-marketplace.json"
README = "umbraco-marketplace-readme.md"
PACKAGE = "artifacts/My.Package.1.2.3.nupkg"
OTHER = "artifacts/Other.1.0.0.nupkg"
FOR_17 = {"net10.0": {"Umbraco.Cms.Core": "[17.0.0, 18.0.0)"}}
URL = "https://github.com/jane/my-package"


@pytest.fixture
def built(project: Path, nupkg: BuildPackage) -> Path:
    """A working tree of jane/my-package with a listing beside a project, and two packages, which git ignores."""
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (project / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {URL}.git\n')
    (project / ".gitignore").write_text("artifacts/\n")
    (project / "src").mkdir()
    (project / "src" / LISTING).write_text('{"Category": "Search"}\n')
    (project / "artifacts").mkdir()
    texts = {"tags": "umbraco-marketplace", "projectUrl": URL, "groups": FOR_17}
    (project / PACKAGE).write_bytes(nupkg(**texts))
    (project / OTHER).write_bytes(nupkg(id="Other", nuspec_name="Other.nuspec", **texts))
    return project


def test_a_package_that_cannot_be_looked_at_is_told_as_left_out(built: Path, run, tmp_path: Path) -> None:
    outside = tmp_path / "Outside.1.0.0.nupkg"
    outside.write_bytes((built / PACKAGE).read_bytes())
    links = built / "bin"
    links.mkdir()
    try:
        (links / "A.1.0.0.nupkg").symlink_to(outside)
        (links / "B.1.0.0.nupkg").symlink_to(built / "nowhere")
    except OSError:
        pytest.skip("this system lets the user make no symbolic links")
    said = [
        "bin/A.1.0.0.nupkg was not checked: it is a link that leads out of the repository or folder, and such links are"
        " followed only when named",
        "bin/B.1.0.0.nupkg was not checked: it is a link to something that does not exist",
    ]
    for more in ((), ("--select", "UMB104")):
        lines = run("validate", ".", *more).stdout.splitlines()
        assert lines[-2:] == said
    assert run("validate", "bin/A.1.0.0.nupkg", "--select", "UMB104").stdout == "No findings in 1 package\n"
    alone = run("validate", "bin")
    assert alone.exit_code == 3
    assert "".join(f"  {line}\n" for line in said) in alone.stderr


RULES = ("--select", "UMB5,UMB104", "--no-config")


def test_text(built: Path, run) -> None:
    result = run("validate", ".", PACKAGE, OTHER, *RULES, "--color", "never")
    assert result.stderr == ""
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line for line in lines if "[UMB" in line] == [
        f"{PACKAGE}!/My.Package.nuspec:9:17 error[UMB501] the Marketplace looks for"
        ' "umbraco-marketplace-my.package.json" and "umbraco-marketplace.json" in the root of this repository,'
        " but neither exists",
        f'{OTHER}!/Other.nuspec:9:17 error[UMB501] the Marketplace looks for "umbraco-marketplace-other.json"'
        ' and "umbraco-marketplace.json" in the root of this repository, but neither exists',
    ]
    assert f" 9 |     <projectUrl>{URL}</projectUrl>" in lines
    assert lines[-1] == "2 errors in 1 listing and 2 packages"


def test_json(built: Path, run) -> None:
    report = json.loads(run("validate", ".", PACKAGE, *RULES, "--format", "json").stdout)
    assert report["files"] == [
        {"path": f"src/{LISTING}", "kind": "listing", "parsed": "strict", "schemaValid": True},
        {"path": PACKAGE, "kind": "package", "parsed": "strict", "schemaValid": None},
        {"path": OTHER, "kind": "package", "parsed": "strict", "schemaValid": None},
    ]
    first = report["findings"][0]
    assert (first["path"], first["pointer"], first["line"]) == (
        f"{PACKAGE}!/My.Package.nuspec",
        "/metadata/projectUrl",
        9,
    )
    assert first["args"] == {
        "paths": ["umbraco-marketplace-my.package.json", LISTING],
        "elsewhere": f"src/{LISTING}",
    }
    # The other one was found in a folder and may be an old build.
    assert [(each["code"], each["severity"]) for each in report["findings"]] == [
        ("UMB501", "error"),
        ("UMB501", "warning"),
    ]


def test_once_the_listing_is_there_nothing_is_said(built: Path, run) -> None:
    (built / "src" / LISTING).rename(built / LISTING)
    result = run("validate", ".", PACKAGE, *RULES, "--ignore", "shared-listing")
    assert (result.stdout, result.exit_code) == ("No findings in 1 listing and 2 packages (1 suppressed)\n", 0)


def test_packages_alone(built: Path, run) -> None:
    (built / "src" / LISTING).rename(built / LISTING)
    result = run("validate", PACKAGE, *RULES)
    assert (result.stdout, result.exit_code) == ("No findings in 1 package\n", 0)
    # The listing lies in the working tree and not under the paths: it is paired, and its own findings are not told.
    (built / LISTING).write_text('{"Category": "Serch"}\n')
    result = run("validate", PACKAGE, *RULES)
    assert (result.stdout, result.exit_code) == ("No findings in 1 package\n", 0)
    assert run("validate", ".", PACKAGE, *RULES).exit_code == 1


def test_findings_in_a_marketplace_readme_show_its_lines(built: Path, run) -> None:
    (built / README).write_text("# My package\n\nSee [the guide](docs/guide.md).\n")
    result = run("validate", PACKAGE, "--select", "UMB309", "--no-config", "--color", "never")
    assert result.stdout.startswith(f"{README}:3:17 warning[UMB309] ")
    assert " 3 | See [the guide](docs/guide.md)." in result.stdout
    assert result.stdout.endswith("in 1 package\n")


def test_a_folder_with_nothing_but_a_wrong_name_is_not_nothing_to_check(project: Path, run) -> None:
    (project / "umbraco_marketplace.json").write_text("{}")
    result = run("validate", "--no-config", "--format", "concise")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout == (
        'umbraco_marketplace.json:1:1: error: UMB502 the Marketplace looks for "umbraco-marketplace.json", not for'
        ' "umbraco_marketplace.json"\n1 error in no file\n'
    )


@pytest.mark.parametrize("name", ["wrong.nupkg", "missing.nupkg"])
def test_what_is_no_package_is_a_package_with_findings(project: Path, run, name: str) -> None:
    (project / "wrong.nupkg").write_bytes(b"no ZIP")
    result = run("validate", name, "--no-config", "--format", "json")
    report = json.loads(result.stdout)
    assert report["files"] == [{"path": name, "kind": "package", "parsed": "no", "schemaValid": None}]
    assert {each["severity"] for each in report["findings"]} == {"error"}
    assert result.exit_code == 1


def test_from_python(built: Path) -> None:
    report = umbmarket.validate([".", PACKAGE], root=built)
    assert report.failures == ()
    assert [(file.path, file.kind) for file in report.files] == [
        (f"src/{LISTING}", "listing"),
        (PACKAGE, "package"),
        (OTHER, "package"),
    ]
    assert f"{PACKAGE}!/My.Package.nuspec" in report.sources


@pytest.mark.parametrize("format_name", ["text", "concise"])
def test_the_summary_says_what_was_not_looked_at(project: Path, run, nupkg: BuildPackage, format_name: str) -> None:
    (project / LISTING).write_text('{"Category": "Search"}\n')
    line = "tag, Umbraco versions and project URL were not checked: no package or project here"
    options = ("--no-config", "--format", format_name)
    assert run("validate", *options).stdout.splitlines()[-1] == line
    assert line not in run("validate", *options, "--quiet").stdout
    (project / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace"))
    (project / "b.nupkg").write_bytes(nupkg(id="My.Tool"))
    assert run("validate", *options).stdout.splitlines()[-1] == (
        'not checked for the Marketplace, because other packages here are meant for it: "My.Tool"'
    )


def test_a_solution_in_which_nothing_is_for_the_marketplace_was_not_searched(project: Path, run) -> None:
    (project / "A.csproj").write_text(
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n'
        "  </PropertyGroup>\n</Project>\n"
    )
    (project / "X.slnx").write_text('<Solution><Project Path="A.csproj" /></Solution>')
    result = run("validate", "X.slnx")
    assert (result.stdout, result.exit_code) == ("", 3)
    assert result.stderr == (
        "error: nothing to check\n"
        "  in: X.slnx\n"
        '  "A.csproj" would be packed without the tag "umbraco-marketplace"; name a project to have it checked\n'
        "  help: go to your project's folder, or name the file: umbmarket validate path/to/umbraco-marketplace.json\n"
    )


def test_a_tool_that_names_a_project_which_is_for_nothing_makes_no_mistake(project: Path, run) -> None:
    (project / "A.csproj").write_text(
        '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n'
        "  </PropertyGroup>\n</Project>\n"
    )
    result = run("validate", "A.csproj", "--force-exclude")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr == "note: none of the files that were named is for the Marketplace\n"
    assert run("validate", "A.csproj", "--force-exclude", "-q").output == ""
    assert run("validate", "A.csproj").exit_code == 1
