"""Packages: real ZIPs as Nuxeo takes them, folders, and files alone."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.nuxeo.test_manifest import as_parser
from tests.nuxeo.vectors import FOLDER, corpus
from tests.nuxeo.zips import GOOD, JAR, MANIFEST, SCRIPT, zipped
from tests.shared_corpus import needs_corpus
from umbmarket.findings import Place
from umbmarket.nuxeo import NuxeoPackage
from umbmarket.nuxeo.package import LARGEST_TEXT

zips = [entry for entry in corpus() if entry["kind"] == "zip"]


@needs_corpus
def test_there_are_zips() -> None:
    assert len(zips) == 35


@needs_corpus
@pytest.mark.parametrize("entry", zips, ids=lambda entry: entry["file"].rpartition("/")[2])
def test_a_zip_is_what_nuxeo_takes_it_for(entry: dict[str, Any]) -> None:
    package = NuxeoPackage.open_zip(FOLDER / entry["file"], entry["file"])
    assert [name for name, _ in package.entries] == entry["entries"]
    if entry.get("parser_error"):
        assert package.manifest is None
        return
    assert package.manifest is not None
    assert as_parser(package.manifest) == entry["facts"]
    added = entry["add"]
    if isinstance(added, str):
        # An entry leads out of the folder, and the rest is not looked at.
        assert "Illegal path" in added
        return
    assert package.manifest.id == added["id"]
    error = added["install"].get("error", "")
    assert (package.script is None) == ("Failed to load commands file" in error)
    if package.script is None:
        return
    assert (package.script.file.problem is not None) == ("Failed to read commands" in error)
    done = package.installation
    assert done is not None
    if "Failed to load class" in error:
        # Java keeps no order of the commands that it could not load.
        assert any(f"class {command.id} " in error for command in done.unknown)
    elif not error:
        assert [command.id for command in package.script.commands] == added["install"]["commands"]
        assert [message for step in done.steps for message in step.errors] == added["install"]["errors"]
        assert [message for step in done.steps for message in step.warnings] == added["install"]["warnings"]


def test_parts_of_a_zip_know_their_names() -> None:
    package = NuxeoPackage.zip_of("a/b.zip", zipped(GOOD))
    assert (package.kind, package.form, package.is_whole, package.problem) == ("zip", "built", True, None)
    assert package.manifest is not None
    assert package.script is not None
    assert (package.manifest.file.path, package.manifest.file.member) == ("a/b.zip", "package.xml")
    place = package.script.commands[0].element.place
    assert package.script.file.member_of(place) == "install.xml"
    region = package.script.file.locate(place)
    assert region is not None
    assert (region.line, region.column) == (2, 4)
    assert package.names == {"id": "my-project-1.0.0", "name": "my-project", "version": "1.0.0"}
    assert [each.source for each in (package.installation.installed if package.installation else ())] == [JAR]
    assert (package.member_of(Place(member="x")), package.source_of(Place()), package.locate(Place())) == (
        "x",
        None,
        None,
    )


def test_the_last_of_two_manifests_counts() -> None:
    other = MANIFEST.replace("1.0.0", "2.0.0")
    package = NuxeoPackage.zip_of("b.zip", zipped([("package.xml", MANIFEST), ("./package.xml", other)]))
    assert package.manifest is not None
    assert package.manifest.id == "my-project-2.0.0"
    assert package.manifest.file.member == "./package.xml"


def test_a_folder_and_its_files(tmp_path: Path) -> None:
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    package = NuxeoPackage.open_folder(tmp_path, "pkg/package.xml")
    assert (package.kind, package.form, package.is_whole) == ("folder", "source", True)
    assert package.manifest is not None
    assert (package.manifest.file.path, package.manifest.file.member) == ("pkg/package.xml", None)
    assert package.script is not None
    assert package.script.file.path == "pkg/install.xml"
    assert [name for name, _ in package.entries] == [
        "install/",
        "install.xml",
        "package.xml",
        "install/bundles/",
        JAR,
    ]
    license_text = package.text_file("license.txt")
    assert license_text is None
    (tmp_path / "license.txt").write_text("MIT")
    again = NuxeoPackage.open_folder(tmp_path, "package.xml").text_file("license.txt")
    assert again is not None
    assert (again.path, again.name, again.source.text) == ("license.txt", "license.txt", "MIT")


def test_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "package.xml").write_text(MANIFEST)
    (tmp_path / "install.xml").write_text(SCRIPT)
    manifest = NuxeoPackage.open_file(tmp_path / "package.xml", "package.xml")
    assert (manifest.kind, manifest.is_whole, manifest.script) == ("manifest", False, None)
    script = NuxeoPackage.open_file(tmp_path / "install.xml", "install.xml")
    assert (script.kind, script.is_whole, script.manifest) == ("script", False, None)
    assert script.script is not None
    missing = NuxeoPackage.open_file(tmp_path / "nothing.xml", "nothing.xml")
    assert missing.problem == "there is no such file or folder"
    assert missing.manifest is None
    given = NuxeoPackage.file_of("a\\install.xml", SCRIPT.encode())
    assert given.kind == "script"


def test_tokens_are_found_where_they_are() -> None:
    package = NuxeoPackage.zip_of(
        "b.zip", zipped({"package.xml": "<package>@VERSION@</package>", "install.xml": "<install>${env.lib}</install>"})
    )
    assert [file.member for file in package.files_with_tokens] == ["package.xml"]
    package = NuxeoPackage.zip_of("b.zip", zipped({"package.xml": MANIFEST, "install.xml": "<i>@BUNDLES@</i>"}))
    assert [file.member for file in package.files_with_tokens] == ["install.xml"]
    assert list(NuxeoPackage.zip_of("b.zip", zipped(GOOD)).files_with_tokens) == []


def test_what_is_no_zip() -> None:
    package = NuxeoPackage.zip_of("b.zip", b"PK no")
    assert package.unusable is not None
    assert (package.manifest, package.script, package.installation) == (None, None, None)
    assert list(package.tree.files) == []
    assert package.read("package.xml", 10) == (b"", "there is no such file")


def test_a_bomb_costs_no_more_than_its_limit() -> None:
    package = NuxeoPackage.zip_of("b.zip", zipped({"package.xml": b"<a>" + b" " * 50_000_000}))
    assert package.manifest is not None
    problem = package.manifest.file.problem
    assert problem is not None
    assert problem.kind == "too-large"
    data, why = package.read("package.xml", 1_000)
    assert len(data) == 1_001
    assert why == "it is longer than the limit of 1,000 bytes"


def test_a_text_that_is_too_long_for_the_rules_is_one_for_nuxeo(tmp_path: Path) -> None:
    package = NuxeoPackage.zip_of("b.zip", zipped({**GOOD, "license.txt": b"x" * (LARGEST_TEXT + 1)}))
    assert package.text_file("license.txt") is None
    assert package.unread == {}
    (tmp_path / "package.xml").write_text(MANIFEST)
    (tmp_path / "license.txt").write_bytes(b"x" * (LARGEST_TEXT + 1))
    assert NuxeoPackage.open_folder(tmp_path, "package.xml").unread == {}


def test_a_special_file_that_cannot_be_read_is_told() -> None:
    whole = zipped({**GOOD, "license.txt": "some text " * 10})
    at = whole.index(b"license.txt") + len("license.txt")
    package = NuxeoPackage.zip_of("b.zip", whole[:at] + b"\xff" * 5 + whole[at + 5 :])
    assert package.unread == {"license.txt": "its compressed content is damaged"}
    assert NuxeoPackage.zip_of("b.zip", whole).unread == {}


@pytest.mark.parametrize(
    ("header", "at", "reason"),
    [
        (b"PK\x03\x04", 14, "its content does not match its checksum"),
        (b"PK\x03\x04", 22, "its declared length is not that of its content"),
        (b"PK\x01\x02", 16, None),
        (b"PK\x01\x02", 24, None),
    ],
)
def test_what_is_damaged_is_damaged_for_java(header: bytes, at: int, reason: str | None) -> None:
    """Java reads the headers before the content alone, and refuses the whole ZIP (measured with Java 17)."""
    whole = bytearray(zipped({"license.txt": "some text " * 10}))
    # The length becomes a longer one, so that the content is read to its end.
    whole[whole.index(header) + at] ^= 0x80
    package = NuxeoPackage.zip_of("b.zip", bytes(whole))
    data, why = package.read("license.txt", 1_000)
    assert (data, why) == (b"some text " * 10, reason)


def test_what_comes_behind_the_content_counts_where_java_reads_it() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(Unseekable(buffer), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("license.txt", "some text")
    whole = buffer.getvalue()
    assert NuxeoPackage.zip_of("b.zip", whole).read("license.txt", 100) == (b"some text", None)
    checksum = zlib.crc32(b"some text").to_bytes(4, "little")
    assert whole.count(checksum) == 2
    assert NuxeoPackage.zip_of("b.zip", whole.replace(checksum, b"\0\1\2\3")).read("license.txt", 100) == (
        b"some text",
        "its content does not match its checksum",
    )


class Unseekable(io.RawIOBase):
    """A pipe, into which checksums can be written only behind the content."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._target.write(data)
