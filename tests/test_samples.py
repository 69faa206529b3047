"""The samples show what their README says: two have no findings, also as packages; one has the mistakes it names."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from tests.shared_corpus import ROOT
from tests.trees import git, own_settings  # noqa: F401 - fixtures
from umbmarket.cli.app import program

BuildPackage = Callable[..., bytes]
SAMPLES = ROOT / "samples"


def validate(*arguments: str) -> Result:
    return CliRunner().invoke(program(), ["validate", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("name", ["healthy", "multi-package"])
def test_a_healthy_sample_has_no_findings(name: str) -> None:
    result = validate(str(SAMPLES / name), "--min-severity", "info")
    assert result.stdout.startswith("No findings in ")
    assert result.exit_code == 0


def pack(project: Path, nupkg: BuildPackage) -> tuple[str, bytes]:
    """Name and bytes of the package that `dotnet pack` makes of a sample's project."""
    root = ElementTree.parse(project).getroot()

    def value(name: str) -> str:
        text = root.findtext(f".//{name}")
        assert text is not None, name
        return text

    package_id, version = value("PackageId"), value("Version")
    dependencies = {each.attrib["Include"]: each.attrib["Version"] for each in root.iter("PackageReference")}
    for other in root.iter("ProjectReference"):
        path = project.parent / other.attrib["Include"]
        referred = ElementTree.parse(path).getroot()
        dependencies[referred.findtext(".//PackageId") or ""] = referred.findtext(".//Version") or ""
    files = {
        Path(each.attrib["Include"]).name: (project.parent / each.attrib["Include"]).read_bytes()
        for each in root.iter("None")
    }
    files[f"lib/{value('TargetFramework')}/{package_id}.dll"] = b"MZ"
    data = nupkg(
        nuspec_name=f"{package_id}.nuspec",
        id=package_id,
        version=version,
        title=value("Title"),
        authors=value("Authors"),
        description=value("Description"),
        tags=value("PackageTags").replace(";", " "),
        projectUrl=value("PackageProjectUrl"),
        readme=value("PackageReadmeFile"),
        icon=value("PackageIcon"),
        licenseUrl=f"https://licenses.nuget.org/{value('PackageLicenseExpression')}",
        extra=f'    <license type="expression">{value("PackageLicenseExpression")}</license>\n'
        f'    <repository type="{value("RepositoryType")}" url="{value("RepositoryUrl")}" />',
        groups={value("TargetFramework"): dependencies},
        files=files,
    )
    return f"{package_id}.{version}.nupkg", data


def passes(command: str) -> bool:
    """Whether a command of the workflow finds nothing at all."""
    paths = [str(path) for path in sorted(Path("artifacts").glob("*.nupkg"))]
    arguments = [each for word in shlex.split(command) for each in (paths if "*" in word else [word])]
    result = validate(*arguments, "--min-severity", "info")
    return result.stdout == "" and result.exit_code == 0


def test_the_sample_with_two_packages_passes_its_own_workflow(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nupkg: BuildPackage,
    git: Callable[..., str],  # noqa: F811 - the fixture that is imported above
) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(SAMPLES / "multi-package", sample)
    git(sample, "init", "-q", "--initial-branch=main")
    git(sample, "remote", "add", "origin", "https://github.com/orchard-example/search.git")
    monkeypatch.chdir(sample)
    steps = YAML(typ="safe").load(sample / ".github" / "workflows" / "listing.yml")["jobs"]["listing"]["steps"]
    (checked,) = [step["with"]["paths"].split() for step in steps if "umbmarket@" in step.get("uses", "")]
    # The action annotates as `--format github` does.
    assert passes(". --format github")
    (sample / "artifacts").mkdir()
    projects = sorted(sample.glob("src/*/*.csproj"))
    assert len(projects) == 2
    for project in projects:
        name, data = pack(project, nupkg)
        (sample / "artifacts" / name).write_bytes(data)
    assert passes(f"{shlex.join(checked)} --format github")
    paths = [str(path) for path in sorted(Path("artifacts").glob("*.nupkg"))]
    files = json.loads(validate(".", *paths, "--format", "json").stdout)["files"]
    assert sorted(file["kind"] for file in files) == [
        kind for kind in ("listing", "package", "project") for _ in range(2)
    ]


def test_the_broken_sample_shows_what_its_readme_says() -> None:
    result = validate(str(SAMPLES / "broken"), "--format", "json")
    codes: dict[str, set[str]] = {}
    for finding in json.loads(result.stdout)["findings"]:
        codes.setdefault(Path(finding["path"]).name, set()).add(finding["code"])
    assert {"UMB004", "UMB104", "UMB103", "UMB202"} <= codes["umbraco-marketplace.json"]
    assert {"UMB502", "UMB208", "UMB206", "UMB211", "UMB203", "UMB212"} == codes[
        "umbraco-marketplace-Orchard.Forms.Azure.json"
    ]
    assert {"UMB305", "UMB307", "UMB309", "UMB310", "UMB403", "UMB704"} == codes["Orchard.Forms.csproj"]
    assert result.exit_code == 1
