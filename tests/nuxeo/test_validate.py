"""`umbmarket.validate` with Nuxeo packages: what is recognised, how it is judged, and what stays apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

import umbmarket
from tests.nuxeo.vectors import FOLDER, corpus
from tests.nuxeo.zips import GOOD, JAR, MANIFEST, SCRIPT, zipped
from tests.shared_corpus import needs_corpus
from tests.trees import Git, git, own_settings, symlinks  # noqa: F401 - fixtures
from umbmarket.check.report import CheckedFile, Report
from umbmarket.findings import Severity
from umbmarket.marketplaces import MARKETPLACES
from umbmarket.nuxeo.manifest_recognition import foreign_product, verdict_of
from umbmarket.nuxeo.marketplace import NuxeoMarketplace
from umbmarket.settings.options import Settings
from umbmarket.umbraco.marketplace import UMBRACO

KIND = "Nuxeo package"


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in report.findings]


def test_umbraco_comes_first() -> None:
    assert [each.catalogue.prefix for each in MARKETPLACES] == ["UMB", "NXP"]
    assert MARKETPLACES[0] is UMBRACO


def test_packages_are_found_beside_listings(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "umbraco-marketplace.json": '{"Category": "Serch"}',
            "nuxeo/package.xml": MANIFEST.replace('type="addon"', 'type="Addon"'),
            "nuxeo/install.xml": "<install><Copy/></install>",
            "foreign/package.xml": "<umbPackage/>",
            "built.zip": zipped(GOOD),
            "node_modules/a/package.xml": MANIFEST,
        },
    )
    report = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(select=("UMB104", "NXP")))
    assert [(file.path, file.kind) for file in report.files] == [
        ("umbraco-marketplace.json", "listing"),
        ("nuxeo/package.xml", KIND),
    ]
    assert told(report) == [
        ("umbraco-marketplace.json", "UMB104"),
        ("nuxeo/package.xml", "NXP103"),
        ("nuxeo/install.xml", "NXP406"),
    ]


def test_what_is_named_goes_where_it_belongs(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.zip": zipped(GOOD),
            "b.zip": zipped({"a/package.xml": MANIFEST}),
            "c.zip": b"no ZIP",
            "foreign.zip": zipped({"package.xml": "<umbPackage/>"}),
            "nuspec.zip": zipped({"a.nuspec": "<package/>"}),
            "d.nupkg": zipped({"package.xml": MANIFEST}),
            "package.xml": MANIFEST,
            "install.xml": SCRIPT,
            "sub/package.xml": "<umbPackage/>",
        },
    )
    names = ["a.zip", "b.zip", "c.zip", "package.xml", "install.xml", "foreign.zip", "nuspec.zip", "d.nupkg"]
    report = umbmarket.validate([tmp_path / name for name in (*names, "sub/package.xml")], root=tmp_path)
    kinds = {file.path: file.kind for file in report.files}
    assert kinds == {
        **dict.fromkeys(("a.zip", "b.zip", "c.zip", "package.xml", "install.xml"), KIND),
        **dict.fromkeys(("foreign.zip", "nuspec.zip", "sub/package.xml"), "listing"),
        "d.nupkg": "package",
    }
    assert [code for path, code in told(report) if path.startswith(("a.zip", "package.xml", "install.xml"))] == []
    assert [code for path, code in told(report) if path.startswith(("b.zip", "c.zip"))] == ["NXP301", "NXP005"]


def test_where_both_could_be_meant_the_command_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"a.zip": zipped({**GOOD, "A.nuspec": "<package/>"})})
    report = umbmarket.validate([tmp_path / "a.zip"], root=tmp_path)
    assert [file.kind for file in report.files] == [KIND]
    assert report.notes == (
        "a.zip: a Nuxeo package (package.xml) and a NuGet package (A.nuspec) could be meant; it was taken for a"
        " Nuxeo package, as by: umbmarket nuxeo validate a.zip. For a NuGet package, give the file the ending .nupkg",
    )
    explicit = (NuxeoMarketplace(is_explicit=True), UMBRACO)
    assert umbmarket.validate([tmp_path / "a.zip"], root=tmp_path, marketplaces=explicit).notes == ()


@needs_corpus
def test_no_foreign_manifest_is_taken() -> None:
    foreign = [FOLDER / entry["file"] for entry in corpus() if entry["kind"] == "foreign-manifest"]
    assert len(foreign) == 11
    assert {verdict_of(path.read_bytes()) for path in foreign} == {"foreign"}
    searched = umbmarket.validate([FOLDER / "foreign"], root=FOLDER)
    assert searched.files == ()
    named = umbmarket.validate(foreign, root=FOLDER)
    assert {file.kind for file in named.files} == {"listing"}
    explicit = (NuxeoMarketplace(is_explicit=True), UMBRACO)
    refused = umbmarket.validate(foreign, root=FOLDER, marketplaces=explicit)
    assert {finding.code for finding in refused.findings} == {"NXP003"}
    assert len(refused.findings) == 11
    assert {finding.message for finding in refused.findings} == {
        "this is the manifest of an Umbraco package (<umbPackage>), not of a Nuxeo package"
    }


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('<package name="a"/>', "nuxeo"),
        ("<?xml version='1.0'?><!-- a --><package type='addon' name='a' version='<%= v %>'>", "nuxeo"),
        ('<!DOCTYPE package [<!ENTITY a "b">]>\n<package name="a">', "nuxeo"),
        ("\ufeff<package name='a'>", "nuxeo"),
        ("<package name='a'><title>&</title>", "nuxeo"),
        ('<package version="1.0">', "unknown"),
        ("<package><name>a</name></package>", "unknown"),
        ("no XML", "unknown"),
        ("", "unknown"),
        ("<package name='a' format='3'>", "unknown"),
        ('<package packagerversion="1.9.4" version="2.0">', "foreign"),
        ('<package xmlns="http://pear.php.net/dtd/package-2.0">', "foreign"),
        ('<package format="2">', "foreign"),
        ("<umbPackage>", "foreign"),
        ("<installation version='1.0'>", "foreign"),
        ("<n:package xmlns:n='u' name='a'>", "foreign"),
    ],
)
def test_the_first_tag_decides(text: str, verdict: str) -> None:
    assert verdict_of(text.encode()) == verdict
    assert verdict_of(text.encode("utf-16")) == (verdict if not text.startswith("\ufeff") else "unknown")


def test_nothing_is_no_manifest_of_anybody() -> None:
    assert foreign_product(None) is None


def test_a_source_tree_is_judged_without_what_a_build_fills_in(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("1.0.0", "@VERSION@").replace("[2023.0,2024)", "[@NUXEO_TARGET_VERSION@,)")
    write(tmp_path, {"package.xml": manifest, "install.xml": "<install>\n@BUNDLES@ @LIBS@\n</install>"})
    assert told(umbmarket.validate([tmp_path], root=tmp_path)) == []
    built = umbmarket.validate([tmp_path], root=tmp_path, marketplaces=(NuxeoMarketplace("built"), UMBRACO))
    assert sorted(told(built)) == [("install.xml", "NXP309")] * 2 + [("package.xml", "NXP309")] * 2


def test_a_built_zip_is_judged_in_full_unless_it_is_called_a_source(tmp_path: Path) -> None:
    write(tmp_path, {"a.zip": zipped({**GOOD, "package.xml": MANIFEST.replace("1.0.0", "@VERSION@")})})
    report = umbmarket.validate([tmp_path / "a.zip"], root=tmp_path)
    assert told(report) == [("a.zip!/package.xml", "NXP309")]
    (finding,) = report.findings
    assert (finding.file, finding.member, finding.region and finding.region.column) == ("a.zip", "package.xml", 50)
    source = umbmarket.validate([tmp_path / "a.zip"], root=tmp_path, marketplaces=(UMBRACO, NuxeoMarketplace("source")))
    assert told(source) == []


def test_a_good_package_has_nothing_at_all(tmp_path: Path) -> None:
    write(tmp_path, {"my-project-1.0.0.zip": zipped(GOOD), "pkg/package.xml": MANIFEST, "pkg/install.xml": SCRIPT})
    report = umbmarket.validate([tmp_path / "my-project-1.0.0.zip", tmp_path / "pkg"], root=tmp_path)
    assert report.findings == ()
    assert report.files == (
        CheckedFile("my-project-1.0.0.zip", KIND, "strict", None),
        CheckedFile("pkg/package.xml", KIND, "strict", None),
    )


DOCUMENTED = """<package type="addon" name="nuxeo-sample" version="1.0.0">
  <title>Sample</title>
  <description>What the documentation shows</description>
  <classifier>Open Source</classifier>
  <home-page>http://some.host.com/mypage</home-page>
  <vendor>Nuxeo</vendor>
  <installer class="org.nuxeo.connect.update.impl.task.InstallTask" restart="false"/>
  <uninstaller class="org.nuxeo.connect.update.impl.task.UninstallTask" restart="false"/>
  <validator class="org.nuxeo.MyValidator"/>
  <NuxeoValidationState>none</NuxeoValidationState>
  <ProductionState>production_ready</ProductionState>
  <supported>true</supported>
  <platforms>
    <platform>dm-5.3.2</platform>
  </platforms>
  <dependencies>
    <package>nuxeo-core:5.3.1:5.3.2</package>
    <package>nuxeo-runtime:5.3.1</package>
  </dependencies>
  <vendor>My company</vendor>
  <license>LGPL</license>
  <license-url>http://www.gnu.org/licenses/lgpl.html</license-url>
</package>
"""
"""What the documentation of 2020 shows, in words of our own: its elements, their order and their classes."""


def test_the_sample_of_the_documentation_is_judged_truly(tmp_path: Path) -> None:
    write(tmp_path, {"package.xml": DOCUMENTED})
    report = umbmarket.validate([tmp_path], root=tmp_path)
    assert [
        (finding.region.line if finding.region else 0, finding.code, finding.severity) for finding in report.findings
    ] == [
        (5, "NXP133", "info"),
        (7, "NXP135", "error"),
        (8, "NXP135", "error"),
        (9, "NXP128", "warning"),
        (10, "NXP123", "warning"),
        (11, "NXP123", "warning"),
        (20, "NXP126", "warning"),
    ]
    assert report.findings[-1].message == 'duplicate element <vendor>: Nuxeo reads only the first, "Nuxeo"'


def test_home_page_and_visibility_are_told_only_to_who_asks(tmp_path: Path) -> None:
    write(tmp_path, {"package.xml": MANIFEST})
    assert told(umbmarket.validate([tmp_path], root=tmp_path)) == []
    report = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(select=("NXP107",)))
    assert [finding.severity for finding in report.findings] == [Severity.INFO]
    page = {each.code: each for each in MARKETPLACES[1].catalogue.rules.values()}["NXP107"].page
    assert "no parser" in MARKETPLACES[1].catalogue.rules["NXP107"].why
    assert "mandatory or highly recommended" in page.matters


def test_standard_input_and_a_file_in_a_folder_are_known_by_their_names(tmp_path: Path) -> None:
    report = umbmarket.validate([], root=tmp_path, stdin=("x/install.xml", b"<install><Copy/></install>"))
    assert told(report) == [("x/install.xml", "NXP406")]
    report = umbmarket.validate([], root=tmp_path, stdin=("a.zip", zipped(GOOD)))
    assert [(file.path, file.kind) for file in report.files] == [("a.zip", KIND)]
    assert report.findings == ()


def test_what_is_named_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, {"package.xml": MANIFEST})
    report = umbmarket.validate([tmp_path / "package.xml", tmp_path / "." / "package.xml"], root=tmp_path)
    assert len(report.files) == 1


def test_settings_reach_the_rules(tmp_path: Path) -> None:
    write(tmp_path, {"package.xml": MANIFEST.replace("addon", "Addon")})
    ignored = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(ignore={"NXP1": None}))
    assert (ignored.findings, ignored.suppressed) == ((), 1)
    per_file = Settings(per_file_ignores={"package.xml": ("type",)})
    assert umbmarket.validate([tmp_path], root=tmp_path, settings=per_file).findings == ()
    softened = umbmarket.validate([tmp_path], root=tmp_path, settings=Settings(severity={"NXP": Severity.INFO}))
    assert [finding.severity for finding in softened.findings] == ["info"]


def test_a_listing_costs_nothing_of_nuxeo(tmp_path: Path) -> None:
    (tmp_path / "umbraco-marketplace.json").write_text('{"Category": "Search"}')
    assert loaded_in(tmp_path) == []


def loaded_in(folder: Path) -> list[str]:
    """The modules about Nuxeo that a check of the listing in a folder loads."""
    script = (
        "import sys\n"
        "from umbmarket.__main__ import main\n"
        "sys.argv = ['umbmarket', 'validate', 'umbraco-marketplace.json']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "names = [name for name in sys.modules if name.startswith('umbmarket.nuxeo')]\n"
        "print(*sorted(names), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr.split()


def test_nor_do_settings_that_name_rules_of_listings(tmp_path: Path) -> None:
    (tmp_path / "umbraco-marketplace.json").write_text('{"Category": "Search"}')
    (tmp_path / "umbmarket.toml").write_text('ignore = ["UMB2", "thin-listing"]\nselect = ["UMB"]\n')
    assert loaded_in(tmp_path) == []
    (tmp_path / "umbmarket.toml").write_text('ignore = ["NXP1"]\n')
    assert "umbmarket.nuxeo.rules.manifest_identity" in loaded_in(tmp_path)


HOSTILE = {
    "slip": zipped([("package.xml", MANIFEST), ("install.xml", SCRIPT), (JAR, "j"), ("../x", "y")]),
    "bomb": zipped({**GOOD, "install.xml": b"<install>" + b" " * 30_000_000}),
    "manifest bomb": zipped({**GOOD, "package.xml": b'<package name="a" version="1">' + b" " * 30_000_000}),
    "deep": zipped({**GOOD, "package.xml": '<package name="a" version="1">' + "<a>" * 100_000}),
    "wide": zipped({**GOOD, "install.xml": "<install>" + "<flush/>" * 60_000 + "</install>"}),
    "control": zipped({**GOOD, "package.xml": MANIFEST.replace('name="my-project"', 'name="a&#27;[31m"')}),
    "cut": zipped(GOOD)[:-30],
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_zips_are_bounded(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(HOSTILE[name])
    report = umbmarket.validate([tmp_path / "a.zip"], root=tmp_path)
    assert report.failures == ()
    assert any(finding.severity != "info" for finding in report.findings)
    assert all(finding.message.isprintable() for finding in report.findings)


def test_a_size_that_lies_is_no_way_around_the_limit(tmp_path: Path) -> None:
    data = zipped({**GOOD, "install.xml": b"<install>" + b" " * 5_000_000 + b"</install>"})
    # The central directory says that the script has nine bytes.
    at = data.rindex(b"install.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    lie = data[: at + 24] + (9).to_bytes(4, "little") + data[at + 28 :]
    (tmp_path / "a.zip").write_bytes(lie)
    report = umbmarket.validate([tmp_path / "a.zip"], root=tmp_path)
    assert report.failures == ()
    assert [(finding.path, finding.code, finding.message) for finding in report.findings if finding.code < "NXP1"] == [
        (
            "a.zip!/install.xml",
            "NXP005",
            "install.xml cannot be read: its declared length is 9 bytes, but it is longer",
        )
    ]
    assert "NXP401" not in {finding.code for finding in report.findings}


SECRET = "<install><copy fil='a secret'/></install>"


@pytest.mark.usefixtures("symlinks")
@pytest.mark.parametrize("name", ["install.xml", "license.txt", "uninstall.xml", "forms/install.xml"])
@pytest.mark.parametrize("form", ["built", "source"])
def test_a_file_that_is_a_link_out_of_the_folder_is_not_read(
    name: str, form: Literal["built", "source"], tmp_path: Path
) -> None:
    write(tmp_path, {"outside": SECRET, "a/package.xml": MANIFEST, "a/install.xml": SCRIPT, f"a/{JAR}": "jar"})
    link = tmp_path / "a" / name
    link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(tmp_path / "outside")
    nuxeo = NuxeoMarketplace(form, None, is_explicit=True)
    report = umbmarket.validate([tmp_path / "a"], root=tmp_path, marketplaces=[nuxeo])
    assert [(each.path, each.code, each.severity, each.message) for each in report.findings] == [
        (
            f"a/{name}",
            "NXP005",
            "error",
            f"{name} cannot be read: it is a link that leads out of the repository or folder, and such links are"
            " followed only when named",
        )
    ]
    assert "secret" not in str(report)


@pytest.mark.usefixtures("symlinks")
def test_nor_is_one_in_a_folder_that_is_such_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"outside/install.xml": SECRET, "a/package.xml": MANIFEST, "a/install.xml": SCRIPT})
    (tmp_path / "a" / "forms").symlink_to(tmp_path / "outside", target_is_directory=True)
    report = umbmarket.validate([tmp_path / "a"], root=tmp_path)
    assert [(each.path, each.code) for each in report.findings] == [("a/forms/install.xml", "NXP005")]


@pytest.mark.usefixtures("symlinks")
@pytest.mark.parametrize("is_repository", [True, False])
def test_a_link_that_stays_in_the_repository_is_followed(is_repository: bool, tmp_path: Path, git: Git) -> None:  # noqa: F811 - the fixture that is imported above
    write(tmp_path, {"all/install.xml": "<install><Copy/></install>", "all/a/package.xml": MANIFEST})
    (tmp_path / "all" / "a" / "install.xml").symlink_to("../install.xml")
    if is_repository:
        git(tmp_path, "init", "-q", str(tmp_path / "all"))
    # Without a repository it is what was named that counts.
    named = tmp_path / "all" / "a" if is_repository else tmp_path / "all"
    report = umbmarket.validate([named], root=tmp_path)
    assert told(report) == [("all/a/install.xml", "NXP406")]


def test_what_a_page_names_outside_of_the_folder_is_not_in_the_package(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"b.png": "", "a/package.xml": MANIFEST, "a/install.xml": SCRIPT, f"a/{JAR}": "jar", "a/c.png": ""},
    )
    write(tmp_path, {"a/content.html": '<img src="../b.png"><img src="c.png"><img src="x/../../b.png">'})
    nuxeo = NuxeoMarketplace("built", None, is_explicit=True)
    report = umbmarket.validate([tmp_path / "a"], root=tmp_path, marketplaces=[nuxeo])
    assert [(each.code, each.message) for each in report.findings] == [
        ("NXP312", '"../b.png" is not in the package'),
        ("NXP312", '"x/../../b.png" is not in the package'),
    ]


BIN = SCRIPT.replace("install/bundles", "install/bin").replace("update", "copy")
"""Copies a folder that other searches never enter."""


@pytest.mark.usefixtures("symlinks")
def test_a_built_folder_holds_what_a_zip_of_it_would(tmp_path: Path) -> None:
    write(
        tmp_path, {"a/package.xml": MANIFEST, "a/install.xml": BIN, "a/install/bin/run.sh": "", "b/obj/c-1.0.jar": ""}
    )
    nuxeo = NuxeoMarketplace("built", None, is_explicit=True)

    def found() -> list[tuple[str, str]]:
        report = umbmarket.validate([tmp_path], root=tmp_path, marketplaces=[nuxeo])
        return [(each.code, each.message) for each in report.findings if each.severity != "info"]

    assert found() == []
    linked = '<update file="${package.root}/install/linked/c-1.0.jar" todir="${env.bundles}"/>'
    (tmp_path / "a" / "install.xml").write_text(BIN.replace("</install>", f"{linked}</install>"))
    assert [code for code, _ in found()] == ["NXP424"]
    (tmp_path / "a" / "install" / "linked").symlink_to("../../b/obj", target_is_directory=True)
    (tmp_path / "a" / "install" / "loop").symlink_to("..", target_is_directory=True)
    assert found() == []


def test_nothing_is_missing_in_a_folder_that_is_not_seen_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"package.xml": MANIFEST, "install.xml": SCRIPT, "docs/a.md": "", "docs/b.md": ""})
    nuxeo = NuxeoMarketplace("built", None, is_explicit=True)

    def codes() -> set[str]:
        return {each.code for each in umbmarket.validate([tmp_path], root=tmp_path, marketplaces=[nuxeo]).findings}

    assert "NXP424" in codes()
    monkeypatch.setattr("umbmarket.nuxeo.package.MOST_FILES", 4)
    assert "NXP424" not in codes()
