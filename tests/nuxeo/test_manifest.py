"""Manifests against the answers of Nuxeo's own parser, and places of what they say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nuxeo.vectors import FOLDER, corpus, vectors
from tests.shared_corpus import needs_corpus
from umbmarket.findings import Span
from umbmarket.nuxeo.documents import LARGEST_XML, manifest_file, script_file
from umbmarket.nuxeo.identity import Dependency
from umbmarket.nuxeo.manifest import TYPES, Manifest


def manifest_of(text: str | bytes) -> Manifest:
    data = text.encode() if isinstance(text, str) else text
    return Manifest(manifest_file("package.xml", None, data))


def as_dict(dependency: Dependency) -> dict[str, Any]:
    return {
        "name": dependency.name,
        "min": None if dependency.minimum is None else str(dependency.minimum),
        "max": None if dependency.maximum is None else str(dependency.maximum),
        "string": str(dependency),
    }


def as_parser(manifest: Manifest) -> dict[str, Any]:
    """What the manifest says, in the words of the vectors."""

    def task(name: str) -> dict[str, Any] | None:
        found = manifest.task(name)
        return None if found is None else {"class": found.class_name, "restart": found.restart}

    def dependencies(name: str) -> list[dict[str, Any]]:
        return [as_dict(each.dependency) for each in manifest.entries(name) if each.dependency is not None]

    target_name, target_version = manifest.target_platform("name"), manifest.target_platform("version")
    return {
        "id": manifest.id,
        "name": manifest.name,
        "version": None if manifest.version is None else str(manifest.version),
        "type": manifest.package_type,
        **{
            name: manifest.text(name)
            for name in ("title", "description", "classifier", "vendor", "license", "license-url", "validator")
        },
        "hotreload-support": manifest.boolean("hotreload-support"),
        "require-terms-and-conditions-acceptance": manifest.boolean("require-terms-and-conditions-acceptance"),
        "installer": task("installer"),
        "uninstaller": task("uninstaller"),
        "platforms": list(manifest.platforms_read),
        "target-platform-name": None if target_name is None else target_name.text,
        "target-platform-version": None if target_version is None else target_version.text,
        "dependencies": [as_dict(each) for each in manifest.dependencies_read],
        "optional-dependencies": dependencies("optional-dependencies"),
        "conflicts": dependencies("conflicts"),
        "provides": dependencies("provides"),
    }


@needs_corpus
def test_there_are_vectors() -> None:
    assert len(vectors("manifest_text")) > 30
    assert len([entry for entry in corpus() if entry["kind"] == "manifest"]) == 201


@needs_corpus
@pytest.mark.parametrize("row", vectors("manifest_text"), ids=lambda row: row["case"])
def test_manifest_says_what_nuxeo_reads(row: dict[str, Any]) -> None:
    manifest = manifest_of(row["input"])
    if row["case"] == "wrapped_root":
        # Nuxeo walks into foreign roots, and we do not.
        assert manifest.root is None
        assert manifest.id is None
    elif row["case"] == "big_version":
        assert (manifest.version_text, manifest.version) == ("99999999999", None)
    elif row["case"] == "prefix":
        assert manifest.file.root is not None
        assert manifest.root is None
    elif "error" in row["result"]:
        assert manifest.file.problem is not None
        assert manifest.file.problem.kind == "not-well-formed"
    else:
        assert as_parser(manifest) == row["result"]


@needs_corpus
@pytest.mark.parametrize("row", vectors("type"), ids=lambda row: row["input"])
def test_types(row: dict[str, Any]) -> None:
    assert manifest_of(f'<package type="{row["input"]}"/>').package_type == row["result"]["type"]
    assert (row["input"] in TYPES) == (row["result"]["type"] is not None)


@needs_corpus
def test_every_real_manifest_is_read_as_nuxeo_reads_it() -> None:
    for entry in corpus():
        if entry["kind"] != "manifest":
            continue
        manifest = manifest_of((FOLDER / entry["file"]).read_bytes())
        if entry.get("parser_error"):
            assert manifest.file.problem is not None, entry["file"]
        else:
            assert as_parser(manifest) == entry["facts"], entry["file"]


@needs_corpus
def test_no_foreign_manifest_is_entered() -> None:
    foreign = [entry for entry in corpus() if entry["kind"] == "foreign-manifest"]
    assert len(foreign) == 11
    for entry in foreign:
        manifest = manifest_of((FOLDER / entry["file"]).read_bytes())
        assert manifest.file.root is not None, entry["file"]
        assert (manifest.root, manifest.id, manifest.name) == (None, None, None), entry["file"]


def test_values_know_their_places() -> None:
    text = '<package name="a"\n version=" 1.0 ">\n <title> T </title><title>U</title></package>'
    manifest = manifest_of(text)
    version = manifest.attribute("version")
    assert version is not None
    assert version.text == "1.0"
    assert version.at.place.span == Span(28, 33)
    title = manifest.value("title")
    assert title is not None
    assert title.text == "T"
    assert title.at.place.pointer == "/title"
    assert [each.pointer for each in manifest.elements("title")] == ["/title", "/title[2]"]
    assert manifest.package_id is not None
    assert str(manifest.package_id) == "a-1.0.0"


def test_encodings_of_a_manifest() -> None:
    text = '<package name="é" version="1"/>'
    for data in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        b"\xff\xfe" + text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + text.encode("latin-1"),
        b"<?xml version='1.0' encoding='windows-1252'?>" + text.encode("cp1252"),
        b'<?xml version="1.0" encoding="UTF-8"?>' + text.encode(),
    ):
        assert manifest_of(data).name == "é", data
    problem = manifest_of(text.encode("latin-1")).file.problem
    assert problem is not None
    assert (problem.kind, problem.span) == ("encoding", Span(15, 16))
    assert problem.detail == (
        "byte 15 (0xE9) is not UTF-8, and no other encoding is declared; it looks like Windows-1252"
    )
    assert manifest_of(b'<?xml version="1.0" encoding="x-nobody"?>' + text.encode("latin-1")).name == "é"


def test_a_file_that_is_too_large_is_not_read() -> None:
    for read in (manifest_file, script_file):
        problem = read("package.xml", None, b"<a/>" + b" " * LARGEST_XML).problem
        assert problem is not None
        assert (problem.kind, problem.detail) == (
            "too-large",
            "it is longer than 1,048,576 bytes, so it was not read",
        )


def test_external_entities_stay_unread() -> None:
    manifest = manifest_of(
        '<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<package name="a" version="1"><title>t&x;</title></package>'
    )
    assert manifest.text("title") == "t"
    assert manifest.file.markup is not None
    assert manifest.file.markup.external == ("file:///etc/hostname",)
