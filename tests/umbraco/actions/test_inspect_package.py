from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import umbmarket
from tests.shared_corpus import CORPUS, needs_corpus
from tests.umbraco.actions.built_packages import FOR_17, PROJECT_URL, archive, healthy, nuspec, package, repository
from umbmarket.findings import Region
from umbmarket.umbraco.actions.inspect import BrokenPackage, CannotRead, Inspection, inspect_package
from umbmarket.umbraco.pages import inspect_json, inspect_text


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git working tree of jane/my-package, which is the working folder, with the package in `artifacts`."""
    root = repository(tmp_path / "my-package")
    (root / "artifacts").mkdir()
    (root / "artifacts" / "My.Package.1.2.0.nupkg").write_bytes(healthy())
    monkeypatch.chdir(root)
    return root


PACKAGE = Path("artifacts/My.Package.1.2.0.nupkg")


def listing(path: Path, **values: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def fields(found: Inspection) -> dict[str, tuple[object, str]]:
    return {field.name: (field.value, field.source) for field in found.fields}


def problems(data: bytes, tmp_path: Path, name: str = "a.nupkg") -> list[str]:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BrokenPackage) as caught:
        inspect_package(tmp_path / name, root=tmp_path)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def test_it_is_public() -> None:
    assert umbmarket.inspect_package is inspect_package


@pytest.mark.usefixtures("project")
def test_a_package_without_a_listing() -> None:
    found = inspect_package(PACKAGE)
    assert found.path == "artifacts/My.Package.1.2.0.nupkg"
    assert (found.package.id, found.package.version_text, found.tagged) == ("My.Package", "1.2.0", True)
    assert (found.compatibility.default.text, found.compatibility.mode, found.mode_source) == (
        "17",
        "Default",
        "default",
    )
    assert [address.url for address in found.placement.listing] == [
        "https://raw.githubusercontent.com/jane/my-package/main/umbraco-marketplace-my.package.json",
        "https://raw.githubusercontent.com/jane/my-package/main/umbraco-marketplace.json",
    ]
    assert (found.listing.document, found.listing.origin, found.listing.refusals) == (None, None, ())
    shown = fields(found)
    assert shown["Title"] == ("My Package", "nuget")
    assert shown["Author"] == ("Jane", "nuget")
    assert shown["Readme"] == ("README.md", "nuget")
    assert shown["RepositoryUrl"] == (f"{PROJECT_URL}.git", "nuget")
    assert shown["Category"] == (None, "missing")
    assert shown["VersionDependencyMode"] == ("Default", "fallback")


def test_the_listing_is_found_where_the_project_url_leads(project: Path) -> None:
    listing(project / "umbraco-marketplace.json", Title="Shared")
    found = inspect_package(PACKAGE)
    assert found.listing.document is not None
    assert (found.listing.document.path, found.listing.origin) == ("umbraco-marketplace.json", "repository")
    assert fields(found)["Title"] == ("Shared", "listing")
    listing(project / "umbraco-marketplace-my.package.json", Title="Own")
    assert fields(inspect_package(PACKAGE))["Title"] == ("Own", "listing")


def test_a_deep_project_url_leads_into_a_folder(project: Path) -> None:
    url = f"{PROJECT_URL}/tree/main/src/My.Package/"
    (project / PACKAGE).write_bytes(healthy(projectUrl=url))
    listing(project / "umbraco-marketplace.json", Title="Root")
    assert fields(inspect_package(PACKAGE))["Title"] == ("My Package", "nuget")
    listing(project / "src" / "My.Package" / "umbraco-marketplace.json", Title="Deep")
    assert fields(inspect_package(PACKAGE))["Title"] == ("Deep", "listing")


@pytest.mark.parametrize(
    ("remote", "title"),
    [
        ("git@github.com:Jane/My-Package.git", "Here"),
        (None, "Here"),
        ("https://github.com/joe/my-package", "Here"),
        ("https://gitlab.com/jane/my-package", "Here"),
        ("https://github.com/joe/other", "Here"),
    ],
)
def test_the_listing_of_this_tree_is_meant_whatever_its_remote(remote: str | None, title: str, tmp_path: Path) -> None:
    root = repository(tmp_path / "tree", remote)
    (root / "bin").mkdir()
    (root / "bin" / "a.nupkg").write_bytes(healthy())
    listing(root / "umbraco-marketplace.json", Title="Here")
    assert fields(inspect_package(root / "bin" / "a.nupkg"))["Title"][0] == title


def test_a_listing_beside_the_package_is_the_last_resort(tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(healthy())
    listing(tmp_path / "umbraco-marketplace.json", Title="Beside")
    (tmp_path / "umbraco-marketplace-readme.md").write_text("# Hello\n")
    found = inspect_package(tmp_path / "a.nupkg", root=tmp_path)
    assert found.listing.origin == "beside"
    assert fields(found)["Title"] == ("Beside", "listing")
    assert fields(found)["Readme"] == ("umbraco-marketplace-readme.md", "listing")


def test_a_named_listing_is_taken_whatever_it_is_called(project: Path) -> None:
    listing(project / "umbraco-marketplace.json", Title="Root")
    named = listing(project / "src" / "draft.json", Title="Draft", VersionDependencyMode="SemVer")
    (project / "umbraco-marketplace-readme.md").write_text("# Root\n")
    (project / "src" / "umbraco-marketplace-readme-my.package.md").write_text("# Own\n")
    found = inspect_package(str(PACKAGE), str(named))
    assert (found.listing.origin, found.mode_source, found.compatibility.mode) == ("named", "listing", "SemVer")
    assert fields(found)["Title"] == ("Draft", "listing")
    assert fields(found)["Readme"] == ("src/umbraco-marketplace-readme-my.package.md", "listing")


def test_the_option_beats_the_listing(project: Path) -> None:
    (project / PACKAGE).write_bytes(package(nuspec(groups=[("net8.0", [("Umbraco.Cms", "13.0.0")])])))
    named = listing(project / "a.json", VersionDependencyMode="SemVer")
    assert inspect_package(PACKAGE).compatibility.shown.text == "13"
    assert inspect_package(PACKAGE, named).compatibility.shown.text == "13 and later"
    found = inspect_package(PACKAGE, named, "Default")
    assert (found.compatibility.shown.text, found.mode_source) == ("13", "option")
    assert fields(found)["VersionDependencyMode"] == ("SemVer", "listing")
    explicit = listing(project / "b.json", VersionDependencyMode="Default")
    assert inspect_package(PACKAGE, explicit).mode_source == "listing"


def test_an_unknown_mode_is_refused(project: Path) -> None:
    with pytest.raises(ValueError, match=r"^'semver' is not a mode; there are Default and SemVer$"):
        inspect_package(PACKAGE, None, "semver")  # type: ignore[arg-type]  # that is what is tested


@pytest.mark.parametrize(
    ("text", "refusals"),
    [
        ('{"Title": "T", "Category": "Serch"}', ("it does not match the published schema at /Category",)),
        (
            '{"Title": "T", "A": 1, "B": 1, "C": 1, "Tags": "x", "VideoUrl": 1, "Category": ""}',
            ("it does not match the published schema at its root, /Category, /Tags and 1 more",),
        ),
        ('{"Title": "T" "Category": "Search"}', ("it is not valid JSON, first at line 1, column 14",)),
        ('["Title"]', ("it is not a JSON object",)),
        ('{"Title": true|false}', ("it is not valid JSON, first at line 1, column 11",)),
        ('{"Title": "T", "AuthorDetails": {"Contributors": [{"Name": "A", "Url": ""}]}}',
         ("it does not match the published schema at /AuthorDetails/Contributors/0/Url",)),
    ],
)  # fmt: skip
def test_a_listing_that_breaks_the_schema_is_ignored_whole(text: str, refusals: tuple[str, ...], project: Path) -> None:
    (project / "umbraco-marketplace.json").write_text(text)
    found = inspect_package(PACKAGE)
    assert found.listing.refusals == refusals
    assert (found.listing.counts, found.listing.value) == (False, {})
    assert fields(found)["Title"] == ("My Package", "nuget")


def test_a_listing_in_another_encoding_is_ignored(project: Path) -> None:
    (project / "umbraco-marketplace.json").write_bytes('{"Title": "Søk"}'.encode("cp1252"))
    assert inspect_package(PACKAGE).listing.refusals == ("it is not UTF-8 but Windows-1252",)
    (project / "umbraco-marketplace.json").write_bytes(b'\xff\xfe{"Title": \xff')
    assert inspect_package(PACKAGE).listing.refusals[0].startswith("it is not UTF-8")


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ('{"Title": "T", // mine\n}', ()),
        ('\ufeff{"Title": "T"}', ()),
        ('{"Title": "T", "VideoUrl": "", "DocumentationUrl": ""}', ("DocumentationUrl", "VideoUrl")),
    ],
)
def test_what_the_importer_overlooks_is_overlooked(text: str, empty: tuple[str, ...], project: Path) -> None:
    (project / "umbraco-marketplace.json").write_text(text, encoding="utf-8")
    found = inspect_package(PACKAGE)
    assert (found.listing.refusals, found.listing.empty_urls) == ((), empty)
    assert fields(found)["Title"] == ("T", "listing")
    assert fields(found)["VideoUrl"] == (None, "missing")


# Files that cannot be read, and packages that NuGet cannot


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.nupkg", "there is no such file or folder"),
        ("artifacts", "it is a folder, not a file"),
        ("a\0b.nupkg", "no file can have such a name"),
        ("", "it is a folder, not a file"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_package_that_is_no_file(path: str, reason: str) -> None:
    with pytest.raises(CannotRead) as caught:
        inspect_package(path)
    assert caught.value.reason == reason
    with pytest.raises(CannotRead) as caught:
        inspect_package(PACKAGE, path)
    assert caught.value.reason == reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="every file can be read by this user")
def test_a_package_that_may_not_be_read(project: Path) -> None:
    (project / PACKAGE).chmod(0)
    with pytest.raises(CannotRead, match="permission denied"):
        inspect_package(PACKAGE)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", healthy()[:-30], b"{}" * 10_000])
def test_no_archive(data: bytes, tmp_path: Path) -> None:
    (line,) = problems(data, tmp_path)
    assert line.startswith("a.nupkg error[UMB301] not a package: it ")


def test_no_nuspec_and_several(tmp_path: Path) -> None:
    assert problems(archive({"lib/a.dll": b"MZ"}), tmp_path) == [
        "a.nupkg error[UMB303] the package has no nuspec in its root"
    ]
    assert problems(archive({"src/a.nuspec": nuspec()}), tmp_path) == [
        'a.nupkg error[UMB303] the package has no nuspec in its root, only "src/a.nuspec"'
    ]
    assert problems(archive({"a.nuspec": nuspec(), "b.nuspec": nuspec()}), tmp_path) == [
        'a.nupkg!/b.nuspec error[UMB303] the package has 2 nuspecs: "a.nuspec", "b.nuspec"'
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        archive({"lib/a.dll": b"MZ"}),
        archive({"a.nuspec": nuspec(), "b.nuspec": nuspec()}),
        archive({"a.nuspec": nuspec(version="one")}),
        archive({"a.nuspec": "<package>"}),
        archive({"a.nuspec": nuspec(package_id="", version="")}),
    ],
)
def test_it_says_what_the_rules_say(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(data)
    report = umbmarket.validate(
        [tmp_path / "a.nupkg"], root=tmp_path, settings=umbmarket.Settings(select=("UMB301", "UMB303", "UMB304"))
    )
    with pytest.raises(BrokenPackage) as caught:
        inspect_package(tmp_path / "a.nupkg", root=tmp_path)
    assert [(each.code, each.path, each.region, each.message) for each in caught.value.problems] == [
        (each.code, each.path, each.region, each.message) for each in report.findings
    ]
    assert report.findings


def test_a_nuspec_that_nuget_refuses_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(archive({"a.nuspec": nuspec(version="one")}))
    with pytest.raises(BrokenPackage) as caught:
        inspect_package(tmp_path / "a.nupkg", root=tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("UMB304", "a.nupkg!/a.nuspec")
    assert isinstance(problem.region, Region)
    assert str(problem) == "a.nupkg!/a.nuspec:5:14 error[UMB304] 'one' is not a NuGet version: 'one' is not a number"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<package>", "the nuspec is not well-formed XML"),
        ("<package />", "the nuspec has no <metadata> element"),
        (nuspec(package_id=""), "the nuspec has no <id>"),
        (nuspec(version=""), "the nuspec has no <version>"),
        ('<!DOCTYPE x [<!ENTITY a "a">]>' + nuspec().partition("?>")[2], "the nuspec is rejected"),
    ],
)
def test_broken_nuspecs(text: str, line: str, tmp_path: Path) -> None:
    found = problems(archive({"a.nuspec": text}), tmp_path)
    assert found
    assert found[0].startswith("a.nupkg!/a.nuspec")
    assert f"error[UMB304] {line}" in found[0]


def test_a_nuspec_that_is_too_long(tmp_path: Path) -> None:
    (line,) = problems(archive({"a.nuspec": nuspec() + " " * 2_000_000}), tmp_path)
    assert line.startswith('a.nupkg!/a.nuspec error[UMB302] "a.nuspec": ')


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_end_in_a_page_or_a_documented_refusal(data: st.DataObject, tmp_path: Path) -> None:
    whole = healthy()
    start = data.draw(st.integers(0, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=20)) + whole[start + data.draw(st.integers(0, 30)) :]
    (tmp_path / "a.nupkg").write_bytes(damaged)
    try:
        found = inspect_package(tmp_path / "a.nupkg")
    except (BrokenPackage, CannotRead):
        return
    assert inspect_text.render(found).endswith("\n")
    assert json.loads(inspect_json.render(found))["version"] == 1


@pytest.mark.slow
def test_a_huge_nuspec_costs_little(tmp_path: Path) -> None:
    count = 4_000
    name = "Umbraco.Cms." + "é" * 30
    groups = [(f"net{number}.0", [(name, f"[{number}.0.0, {number}.1.0)")]) for number in range(5, 5 + count)]
    data = package(nuspec(package_id="A" * 10_000, groups=groups, tags="x " * 10_000))
    (tmp_path / "a.nupkg").write_bytes(data)
    start = time.process_time()
    found = inspect_package(tmp_path / "a.nupkg")
    page = inspect_text.render(found)
    written = json.loads(inspect_json.render(found))
    assert time.process_time() - start < 40
    assert len(page) < 50_000
    assert "more rows; --format json has all" in page
    assert len(written["compatibility"]["dependencies"]) == count
    assert written["compatibility"]["default"]["majors"] == list(range(9, 19))


def test_dependencies_keep_their_places_in_the_nuspec(tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(package(nuspec(groups=[("net8.0", []), *FOR_17])))
    found = inspect_package(tmp_path / "a.nupkg")
    (dependency,) = found.compatibility.dependencies
    group = found.package.dependency_groups[dependency.group]
    assert group.dependencies[dependency.index].id == dependency.id
    assert group.dependencies[dependency.index].pointer.endswith("/dependency[1]")


# Real packages


def corpus_packages() -> list[dict[str, Any]]:
    index = CORPUS / "nupkgs.json"
    if not index.exists():
        return []
    packages: list[dict[str, Any]] = json.loads(index.read_bytes())["packages"]
    return packages


MAJORS = {
    "Umbraco.Community.BlockPreview.1.8.1.nupkg": "10-13",
    "Our.Umbraco.BlockPreview.1.0.0-rc1.nupkg": "10-11",
    "Skybrud.Umbraco.Redirects.13.0.4.nupkg": "13",
    "Skybrud.Umbraco.Redirects.1.0.2.nupkg": "none",
    "Limbo.Umbraco.Video.13.0.0.nupkg": "13",
    "umContentCreator.1.0.3.nupkg": "none",
    "Umbraco.Cms.Web.Common.9.3.101-IS2.nupkg": "9-13",
}


@needs_corpus
@pytest.mark.parametrize("entry", corpus_packages(), ids=lambda entry: entry["file"])
def test_real_packages(entry: dict[str, Any]) -> None:
    path = CORPUS / "nupkgs" / entry["file"]
    if entry["id"] is None:
        with pytest.raises(BrokenPackage, match="well-formed"):
            inspect_package(path)
        return
    found = inspect_package(path)
    written = json.loads(inspect_json.render(found))
    told = written["package"]
    assert (told["id"], told["version"], told["signed"]) == (entry["id"], entry["version"], entry["signed"])
    assert (told["icon"], told["readme"]) == (entry["icon"] or told["icon"], entry["readme"])
    assert told["packageTypes"] == (entry["package_types"] or [])
    if entry["license"]:
        assert told["license"] == entry["license"][1]
    assert told["tags"] == (entry["tags"] or "").replace(",", " ").split()
    named = [
        name
        for _, dependencies in [*(entry["groups"] or []), (None, entry["flat"] or [])]
        for name, _ in dependencies
        if name.lower().startswith(("umbraco.cms", "umbracocms", "umbraco.commerce"))
    ]
    assert [each["id"] for each in written["compatibility"]["dependencies"]] == named
    if entry["file"] in MAJORS:
        assert found.compatibility.default.text == MAJORS[entry["file"]]
    page = inspect_text.render(found)
    assert page.startswith(f"{entry['id']} {entry['version']}\n")
