from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tests.shared_corpus import CORPUS, ROOT, needs_corpus
from tests.umbraco.actions.built_packages import PROJECT_URL, healthy, nuspec, package, repository
from umbmarket.output.model_schema import GROWTH
from umbmarket.umbraco.actions.inspect import inspect_package, inspect_packages
from umbmarket.umbraco.pages.inspect_json import (
    ListingField,
    generated_files,
    inspection_schema,
    inspection_v1,
    render,
    render_several,
)

SCHEMA = ROOT / "schemas" / "inspect-v1.schema.json"

Written = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture
def written(tmp_path: Path, validator: Draft202012Validator) -> Written:
    """The inspection as a program reads it; it fits the schema that is shipped."""

    def read(data: bytes, listing: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        root = tmp_path / "project"
        if not root.exists():
            repository(root)
        (root / "a.nupkg").write_bytes(data)
        if listing is not None:
            (root / "umbraco-marketplace.json").write_text(json.dumps(listing), encoding="utf-8")
        text = render(inspect_package(root / "a.nupkg", root=root, **options))
        assert text.isascii()
        assert text.endswith("}\n")
        document: dict[str, Any] = json.loads(text)
        assert [error.message for error in validator.iter_errors(document)] == []
        return document

    return read


def test_the_contract(written: Written) -> None:
    document = written(healthy(), {"Title": "Mine", "Category": "Search"})
    assert list(document) == ["version", "package", "compatibility", "placement", "listing"]
    assert document["version"] == 1
    assert document["package"] == {
        "id": "My.Package",
        "version": "1.2.0",
        "title": "My Package",
        "authors": "Jane",
        "tags": ["seo", "umbraco-marketplace"],
        "projectUrl": PROJECT_URL,
        "repository": {"type": "git", "url": f"{PROJECT_URL}.git", "branch": None, "commit": "abc123"},
        "license": "MIT",
        "icon": "icon.png",
        "readme": "README.md",
        "signed": False,
        "packageTypes": [],
    }
    outcome = {"ranges": ["[17.0.0, 18.0.0)"], "majors": [17], "openEnded": False, "capped": False}
    assert document["compatibility"] == {
        "dependencies": [
            {
                "id": "Umbraco.Cms.Core",
                "range": "[17.0.0, 18.0.0)",
                "targetFramework": "net10.0",
                "product": "cms",
            }
        ],
        "groups": [{"targetFramework": "net10.0", "range": "[17.0.0, 18.0.0)", "majors": [17]}],
        "default": outcome,
        "semver": outcome,
        "counts": "Default",
        "estimate": True,
    }
    raw = "https://raw.githubusercontent.com/jane/my-package/main/umbraco-marketplace"
    assert document["placement"] == {
        "listing": [f"{raw}-my.package.json", f"{raw}.json"],
        "readme": [f"{raw}-readme-my.package.md", f"{raw}-readme.md"],
    }
    assert document["listing"]["Title"] == {"value": "Mine", "source": "listing"}
    assert document["listing"]["Description"] == {"value": "Does things.", "source": "nuget"}
    assert document["listing"]["PackageType"] == {"value": "Package", "source": "fallback"}
    assert document["listing"]["Tags"] == {"value": None, "source": "missing"}


def test_an_almost_empty_package(written: Written) -> None:
    document = written(package(nuspec(authors="", description="")))
    assert document["package"] == {
        "id": "My.Package",
        "version": "1.2.0",
        "title": None,
        "authors": None,
        "tags": [],
        "projectUrl": None,
        "repository": None,
        "license": None,
        "icon": None,
        "readme": None,
        "signed": False,
        "packageTypes": [],
    }
    nothing = {"ranges": [], "majors": [], "openEnded": False, "capped": False}
    assert document["compatibility"]["default"] == document["compatibility"]["semver"] == nothing
    assert document["placement"] == {"listing": [], "readme": []}


def test_groups_without_umbraco_without_a_common_version_and_without_a_framework(written: Written) -> None:
    groups = [
        (None, [("Umbraco.Cms", "13.0.0")]),
        ("net8.0", [("Umbraco.Cms", "[13,14)"), ("UmbracoCms", "[8,9)")]),
        (".NETStandard2.0", [("Serilog", "1.0.0")]),
        ("martian9", [("umbraco.commerce", None), ("Umbraco.Cms.Integrations.X", "bad")]),
    ]
    found = written(package(nuspec(groups=groups)))["compatibility"]
    assert found["groups"] == [
        {"targetFramework": None, "range": "[13.0.0, )", "majors": [13, 14, 15, 16, 17, 18]},
        {"targetFramework": "net8.0", "range": "(0.0.0, 0.0.0)", "majors": []},
        {"targetFramework": "netstandard2.0", "range": None, "majors": []},
        {"targetFramework": "martian9", "range": "[10.0.0, )", "majors": [10, 11, 12, 13, 14, 15, 16, 17, 18]},
    ]
    assert [(each["product"], each["range"]) for each in found["dependencies"]] == [
        ("cms", "[13.0.0, )"),
        ("cms", "[13.0.0, 14.0.0)"),
        ("cms-8", "[8.0.0, 9.0.0)"),
        ("commerce", "(, )"),
        ("integration", "(, )"),
    ]
    assert found["default"] == {
        "ranges": ["[10.0.0, 14.0.0)"],
        "majors": [10, 11, 12, 13],
        "openEnded": False,
        "capped": True,
    }
    assert found["semver"] == {
        "ranges": ["[10.0.0, )"],
        "majors": [10, 11, 12, 13, 14, 15, 16, 17, 18],
        "openEnded": True,
        "capped": False,
    }


def test_where_groups_disagree_the_highest_alone_is_given_as_well(written: Written) -> None:
    groups = [
        ("net10.0", [("Umbraco.Cms.Core", "17.0.0")]),
        ("net8.0", [("Umbraco.Cms.Core", "13.0.0")]),
    ]
    found = written(package(nuspec(groups=groups)))["compatibility"]
    assert (found["default"]["majors"], found["default"]["capped"]) == ([13, 17, 18], False)
    assert found["highestAlone"] == {
        "ranges": ["[17.0.0, )"],
        "majors": [17, 18],
        "openEnded": True,
        "capped": False,
        "targetFramework": "net10.0",
    }
    assert "highestAlone" not in written(package(nuspec(groups=groups[:1])))["compatibility"]


def test_the_mode_of_the_call_changes_neither_outcome(written: Written) -> None:
    data = package(nuspec(groups=[("net8.0", [("Umbraco.Cms", "13.0.0")])]))
    semver, default = written(data, mode="SemVer"), written(data, mode="Default")
    assert (semver["compatibility"].pop("counts"), default["compatibility"].pop("counts")) == ("SemVer", "Default")
    assert semver == default


def test_several_packages(tmp_path: Path, validator: Draft202012Validator) -> None:
    for name, package_id in (("b.nupkg", "B"), ("a.nupkg", "A")):
        (tmp_path / name).write_bytes(package(nuspec(package_id=package_id)))
    (tmp_path / "broken.nupkg").write_bytes(b"hello")
    names = ("b.nupkg", "broken.nupkg", "a.nupkg", "b.nupkg")
    found = inspect_packages([tmp_path / name for name in names], root=tmp_path)
    assert [str(problem) for problem in found.problems] == [
        "broken.nupkg error[UMB301] not a package: it is not a ZIP archive"
    ]
    document = json.loads(render_several(found.packages))
    assert list(document) == ["version", "packages"]
    assert [each["package"]["id"] for each in document["packages"]] == ["B", "A"]
    assert document["packages"] == [json.loads(render(each)) for each in found.packages]
    assert [error.message for error in validator.iter_errors(document)] == []
    for change in ({"version": 2}, {"packages": [{}]}):
        assert not validator.is_valid({**document, **change})


def test_package_types_and_a_licence_address(written: Written) -> None:
    extra = '<packageTypes><packageType name="Template" /><packageType name="DotnetTool" /></packageTypes>'
    document = written(package(nuspec(extra=extra, licenseUrl="https://example.com/licence")))
    assert document["package"]["packageTypes"] == ["Template", "DotnetTool"]
    assert document["package"]["license"] == "https://example.com/licence"


def test_values_of_any_shape_and_hostile_texts(written: Written) -> None:
    listing = {
        "Title": "a\x1b[31m\ud800 ##[add-mask]x",
        "Screenshots": [{"ImageUrl": "https://a.example.com/1.png", "Caption": "\u2028"}],
        "LookingForMaintainer": True,
        "VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8, "PackageId": "A"}],
    }
    found = written(healthy(), listing)["listing"]
    assert found["Title"]["value"] == "a\x1b[31m\\ud800 ##[add-mask]x"
    assert found["Screenshots"]["value"] == listing["Screenshots"]
    assert found["LookingForMaintainer"] == {"value": True, "source": "listing"}
    assert found["VersionSpecificPackageIds"]["value"] == listing["VersionSpecificPackageIds"]


def test_no_log_reads_a_command_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(package(nuspec(title="##vso[task.x]")))
    assert "##vso" not in render(inspect_package(tmp_path / "a.nupkg"))


def test_the_shipped_schema_is_up_to_date() -> None:
    assert list(generated_files()) == ["schemas/inspect-v1.schema.json"]
    for name, text in generated_files().items():
        assert (ROOT / name).read_text(encoding="utf-8") == text


def test_the_schema_is_a_schema_and_may_grow(validator: Draft202012Validator) -> None:
    schema = inspection_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "umbmarket inspection, version 1"
    assert validator.is_valid({}) is False
    text = json.dumps(schema)
    assert '"additionalProperties": false' not in text
    assert schema["$comment"] == GROWTH
    assert '"title": "Id"' not in text


def test_a_document_of_another_shape_does_not_fit(written: Written, validator: Draft202012Validator) -> None:
    document = written(healthy())
    for change in ({"version": 2}, {"listing": {"Title": "T"}}, {"package": {}}):
        assert not validator.is_valid({**document, **change})
    assert validator.is_valid({**document, "more": 1})
    document["compatibility"]["estimate"] = False
    assert not validator.is_valid(document)


def test_the_types_are_frozen(tmp_path: Path) -> None:
    (tmp_path / "a.nupkg").write_bytes(healthy())
    inspection = inspection_v1(inspect_package(tmp_path / "a.nupkg"))
    with pytest.raises(ValidationError):
        inspection.version = 1
    with pytest.raises(ValidationError):
        ListingField(value=None, source="somewhere")  # type: ignore[arg-type]  # that is what is tested


@needs_corpus
def test_real_packages_fit_the_schema(validator: Draft202012Validator) -> None:
    count = 0
    for path in sorted((CORPUS / "nupkgs").glob("*nupkg")):
        if path.name.startswith("Zip64Package"):
            continue
        document = json.loads(render(inspect_package(path)))
        assert [error.message for error in validator.iter_errors(document)] == []
        count += 1
    assert count == 18
