"""A package as a whole: metadata, the files it names, where findings in it stand."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.findings import Place, Span
from umbmarket.formats.zip.archive import ArchiveProblem
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.nuget.package.packed_file import LARGEST_EMBEDDED_FILE, PackedFile

Build = Callable[..., bytes]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def opened(data: bytes, name: str = "out/My.Package.1.2.3.nupkg") -> NuGetPackage:
    return NuGetPackage.from_bytes(name, data)


def icon_of(package: NuGetPackage) -> PackedFile:
    assert package.icon is not None
    return package.icon


def test_a_package_tells_what_its_nuspec_says(nupkg: Build) -> None:
    package = opened(
        nupkg(
            title="My package",
            tags="umbraco Umbraco-Marketplace",
            projectUrl="https://github.com/jane/my",
            iconUrl="https://x.org/i.png",
            groups={"net10.0": {"Umbraco.Cms.Core": "[17.0.0, 18.0.0)"}, None: {}},
            extra="<license type='expression'>MIT</license><licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>"
            "<repository type='git' url='https://github.com/jane/my.git' branch='main' commit='abc'/>"
            "<packageTypes><packageType name='Template'/></packageTypes>",
        )
    )
    assert package.problems == ()
    assert package.unusable is None
    assert (package.kind, package.path, package.file_name) == (
        "package",
        "out/My.Package.1.2.3.nupkg",
        "My.Package.1.2.3.nupkg",
    )
    assert (package.id, package.version_text, package.title) == ("My.Package", "1.2.3", "My package")
    assert package.version is not None
    assert package.version.normalized == "1.2.3"
    assert (package.authors, package.description) == (("Jane Doe",), "Does things.")
    assert [tag.text for tag in package.tags] == ["umbraco", "Umbraco-Marketplace"]
    assert package.has_tag("umbraco-marketplace")
    assert package.project_url == "https://github.com/jane/my"
    assert package.icon_url == "https://x.org/i.png"
    assert package.license is not None
    assert (package.license.kind, package.license.value) == ("expression", "MIT")
    assert package.repository is not None
    assert package.repository.branch == "main"
    assert [each.name for each in package.package_types] == ["Template"]
    assert [(each.target_framework, len(each.dependencies)) for each in package.dependency_groups] == [
        ("net10.0", 1),
        (None, 0),
    ]
    assert (package.icon, package.readme, package.license_file) == (None, None, None)
    assert not package.signed
    assert not package.is_symbols
    assert not package.is_oversize
    assert package.nuspec_name == "My.Package.nuspec"


def test_id_and_version_are_never_taken_from_the_file_name(nupkg: Build) -> None:
    package = opened(nupkg(id="UrlTracker.8", version="1.0.0"), "UrlTracker.8.1.0.0.nupkg")
    assert (package.id, package.version_text) == ("UrlTracker.8", "1.0.0")


def test_a_package_is_opened_from_disk(tmp_path: Path, nupkg: Build) -> None:
    path = tmp_path / "a.nupkg"
    path.write_bytes(nupkg())
    package = NuGetPackage.open(path, "shown/a.nupkg")
    assert (package.path, package.id) == ("shown/a.nupkg", "My.Package")
    missing = NuGetPackage.open(tmp_path / "b.nupkg", "b.nupkg")
    assert missing.unusable == ArchiveProblem("unreadable", None, "it cannot be read: no such file")
    assert missing.problems == (missing.unusable,)
    assert (missing.id, missing.nuspec, missing.tags, missing.dependency_groups) == (
        None,
        None,
        (),
        (),
    )
    assert missing.locate(Place(pointer="/metadata/id")) is None


@pytest.mark.parametrize(
    ("names", "root", "other"),
    [
        (["A.nuspec"], ["A.nuspec"], []),
        (["a.NUSPEC"], ["a.NUSPEC"], []),
        (["My%20Package.nuspec"], ["My Package.nuspec"], []),
        ([], [], []),
        (["content/A.nuspec", "content\\B.nuspec"], [], ["content/A.nuspec", "content\\B.nuspec"]),
        (["A.nuspec", "B.nuspec", "c/C.nuspec"], ["A.nuspec", "B.nuspec"], ["c/C.nuspec"]),
        (["content%2FA.nuspec"], [], ["content/A.nuspec"]),
    ],
)
def test_the_nuspec_is_the_one_in_the_root(nupkg: Build, names: list[str], root: list[str], other: list[str]) -> None:
    text = "<package><metadata><id>{}</id><version>1.0</version></metadata></package>"
    package = opened(nupkg(nuspec_name=None, files={name: text.format(name) for name in names}))
    assert [entry.name for entry in package.nuspec_entries] == root
    assert [entry.name for entry in package.other_nuspecs] == other
    assert (package.nuspec is not None) is bool(root)
    assert package.nuspec_problem is None
    if root:
        assert package.id == names[0]


def test_a_nuspec_beyond_the_limit_is_not_read(nupkg: Build) -> None:
    package = opened(nupkg(nuspec=b"<package>" + b" " * 1024 * 1024))
    assert package.nuspec is None
    assert package.nuspec_problem == ArchiveProblem(
        "too-large", "My.Package.nuspec", "it is longer than the limit of 1,048,576 bytes"
    )
    assert package.problems == (package.nuspec_problem,)


@pytest.mark.parametrize(("difference", "read"), [(5, True), (-5, False)])
def test_a_nuspec_that_lies_about_its_length_is_told_and_read_where_it_is_whole(
    nupkg: Build, difference: int, read: bool
) -> None:
    data = bytearray(nupkg())
    central = data.index(b"PK\x01\x02")
    length = struct.unpack_from("<I", data, central + 24)[0] + difference
    struct.pack_into("<I", data, central + 24, length)
    package = opened(bytes(data))
    assert package.nuspec_problem is not None
    assert package.nuspec_problem.kind == "size-lie"
    assert (package.id == "My.Package") is read


def test_an_encrypted_nuspec_leaves_nothing_to_read(nupkg: Build) -> None:
    data = bytearray(nupkg())
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, 1)
    package = opened(bytes(data))
    assert package.unusable == ArchiveProblem("encrypted", "My.Package.nuspec", "it is encrypted")
    assert package.nuspec is None


def test_problems_are_those_of_archive_nuspec_and_push(nupkg: Build) -> None:
    package = opened(nupkg(id="", description=None, files={"../x": b""}))
    assert [problem.kind for problem in package.problems] == ["unsafe-name", "missing-id", "missing-description"]
    regions = [package.locate(problem.place) for problem in package.problems]
    assert regions[0] is None
    assert [region[:2] for region in regions if region is not None] == [(4, 5), (3, 3)]


@pytest.mark.parametrize(
    ("declared", "packed", "path", "found", "near", "elsewhere"),
    [
        ("icon.png", "icon.png", "icon.png", True, None, ()),
        ("images\\icon.png", "images/icon.png", "images/icon.png", True, None, ()),
        ("./icon.png", "icon.png", "icon.png", True, None, ()),
        ("/icon.png", "icon.png", "icon.png", True, None, ()),
        ("my icon.png", "my%20icon.png", "my icon.png", True, None, ()),
        ("Icon.png", "icon.png", "Icon.png", False, "icon.png", ()),
        ("images/icon.png", "Images\\Icon.PNG", "images/icon.png", False, "Images\\Icon.PNG", ()),
        (" icon.png ", "icon.png", " icon.png ", False, "icon.png", ()),
        ("icon.png", "images/Icon.png", "icon.png", False, None, ("images/Icon.png",)),
        ("icon.png", "logo.png", "icon.png", False, None, ()),
    ],
)
def test_a_named_file_is_looked_up_exactly_and_the_one_that_was_meant_is_offered(
    nupkg: Build, declared: str, packed: str, path: str, found: bool, near: str | None, elsewhere: tuple[str, ...]
) -> None:
    icon = icon_of(opened(nupkg(icon=declared, files={packed: PNG})))
    assert (icon.declared, icon.path, icon.entry is not None, icon.near, icon.elsewhere) == (
        declared,
        path,
        found,
        near,
        elsewhere,
    )
    assert icon.size == (len(PNG) if found else 0)
    assert icon.image_type == ("png" if found else None)
    assert icon.problem is None


def test_no_more_than_three_other_places_are_offered(nupkg: Build) -> None:
    files = {f"{folder}/icon.png": b"" for folder in "abcde"}
    assert icon_of(opened(nupkg(icon="icon.png", files=files))).elsewhere == ("a/icon.png", "b/icon.png", "c/icon.png")


@pytest.mark.parametrize(
    ("content", "image_type"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "jpeg"),
        (b"GIF89a", "gif"),
        (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "webp"),
        (b"BM" + bytes(10), "bmp"),
        (b"\x00\x00\x01\x00\x01", "ico"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b'<?xml version="1.0"?><svg/>', "svg"),
        (b"hello", None),
        (b"", None),
        (b"\x89PNG", None),
    ],
)
def test_an_image_is_known_by_its_first_bytes(nupkg: Build, content: bytes, image_type: str | None) -> None:
    icon = icon_of(opened(nupkg(icon="icon.png", files={"icon.png": content})))
    assert icon.image_type == image_type
    assert icon.extension == ".png"


@pytest.mark.parametrize(
    ("path", "extension"),
    [("a.PNG", ".png"), ("a/b.c/LICENSE", ""), ("a.tar.gz", ".gz"), ("a.", "."), ("docs/readme.MD", ".md")],
)
def test_the_extension_is_that_of_the_last_part(nupkg: Build, path: str, extension: str) -> None:
    assert icon_of(opened(nupkg(icon=path))).extension == extension


def test_a_file_beyond_the_limit_is_told_without_reading(nupkg: Build) -> None:
    large = icon_of(opened(nupkg(icon="i.png", files={"i.png": PNG + bytes(LARGEST_EMBEDDED_FILE)})))
    assert large.is_too_large
    assert large.image_type == "png"
    assert large.problem is not None
    assert large.problem.kind == "too-large"
    fits = icon_of(opened(nupkg(icon="i.png", files={"i.png": bytes(LARGEST_EMBEDDED_FILE)})))
    assert not fits.is_too_large
    assert fits.problem is None


def test_readme_and_licence_are_text_read_when_they_are_asked_for(nupkg: Build) -> None:
    package = opened(
        nupkg(
            readme="docs\\README.md",
            extra='<license type="file">LICENSE</license>',
            files={"docs/README.md": "# Hello\r\n\r\n[a](b)\r\n", "LICENSE": b"MIT\x00"},
        )
    )
    assert package.readme is not None
    assert package.readme.source.text == "# Hello\r\n\r\n[a](b)\r\n"
    assert package.readme.looks_like_text
    assert package.license_file is not None
    assert not package.license_file.looks_like_text
    assert package.license_file.extension == ""


def test_what_nobody_asks_for_is_never_inflated(nupkg: Build) -> None:
    data = bytearray(nupkg(readme="README.md", files={"README.md": b"hello " * 100}))
    start = data.index(b"README.md", data.index(b"PK\x03\x04", 4)) + len("README.md")
    data[start : start + 2] = b"\xff\xff"
    package = opened(bytes(data))
    assert package.problems == ()
    assert package.id == "My.Package"
    assert package.readme is not None
    assert package.readme.entry is not None
    assert package.readme.problem == ArchiveProblem("damaged", "README.md", "its compressed content is damaged")
    assert package.readme.source.text == ""


def test_places_lead_into_the_nuspec_the_readme_and_the_licence(nupkg: Build) -> None:
    package = opened(
        nupkg(
            readme="README.md",
            extra='<license type="file">LICENSE.txt</license>',
            files={"README.md": "# Hello\n\n[a](b)\n", "LICENSE.txt": "MIT\n", "lib/a.dll": b""},
        )
    )
    inside = package.locate(Place(pointer="/metadata/version"))
    assert inside is not None
    assert inside[:4] == (5, 14, 5, 19)
    assert package.locate(Place(pointer="/metadata/version", member="My.Package.nuspec")) == inside
    readme = package.locate(Place(member="README.md", span=Span(13, 14)))
    assert readme is not None
    assert readme[:4] == (3, 5, 3, 6)
    licence = package.locate(Place(member="LICENSE.txt", span=Span(0, 3)))
    assert licence is not None
    assert licence[:2] == (1, 1)
    assert package.locate(Place(member="README.md")) is None
    assert package.locate(Place(member="lib/a.dll", span=Span(0, 0))) is None
    assert package.locate(Place()) is None
    assert package.source(None) is package.source("My.Package.nuspec")
    assert package.source("lib/a.dll") is None
    assert package.readme is not None
    assert package.source("README.md") is package.readme.source


@pytest.mark.parametrize(
    ("name", "extra", "symbols"),
    [
        ("a.nupkg", "", False),
        ("a.snupkg", "", True),
        ("a.SNUPKG", "", True),
        ("a.symbols.nupkg", "", True),
        ("a.nupkg", "<packageTypes><packageType name='SymbolsPackage'/></packageTypes>", True),
    ],
)
def test_symbol_packages_are_known_by_ending_or_type(nupkg: Build, name: str, extra: str, symbols: bool) -> None:
    assert opened(nupkg(extra=extra), name).is_symbols is symbols


def test_a_signature_is_noted(nupkg: Build) -> None:
    assert opened(nupkg(files={".signature.p7s": b"x"})).signed
    assert not opened(nupkg(files={"lib/.signature.p7s": b"x"})).signed


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_package_with_any_bytes_changed_never_raises(nupkg: Build, data: st.DataObject) -> None:
    changed = bytearray(
        nupkg(
            icon="icon.png",
            readme="README.md",
            extra="<license type='file'>L</license>",
            groups={"net8.0": {"B": "1.0"}},
            files={"icon.png": PNG, "README.md": "[a](b)", "L": "MIT"},
        )
    )
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    package = opened(bytes(changed))
    for problem in package.problems:
        assert problem.detail
        package.locate(problem.place)
    for file in (package.icon, package.readme, package.license_file):
        if file is not None:
            assert len(file.content.data) <= LARGEST_EMBEDDED_FILE + 1
            assert file.near is None or file.entry is None
            assert file.elsewhere == () or file.near is None
            assert file.looks_like_text in (True, False)
            assert file.image_type in (None, "png", "jpeg", "gif", "webp", "bmp", "ico", "svg")
