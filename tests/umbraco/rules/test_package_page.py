"""What the cases of UMB308 to UMB312 cannot hold: large files, damaged ones, and packages not meant for listing."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.umbraco.rules.lone_package import alone
from umbmarket.check.engine import run
from umbmarket.findings import Finding
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.settings.options import Settings
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.workspace import Workspace

PNG = b"\x89PNG\r\n\x1a\n"
CODES = ("UMB308", "UMB309", "UMB310", "UMB311", "UMB312")


def nuspec(inner: str) -> bytes:
    return f"<package><metadata><id>My.Package</id><version>1.0.0</version>{inner}</metadata></package>".encode()


def package(files: dict[str, bytes], name: str = "My.Package.1.0.0.nupkg") -> NuGetPackage:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return NuGetPackage.from_bytes(name, stream.getvalue())


def findings(document: NuGetPackage, *codes: str, named: bool = True) -> list[Finding]:
    facts = alone(document, place(document.project_url, "My.Package"), named=named)
    report = run([gathered(Workspace(packages=(facts,)))], Settings(select=codes or CODES))
    assert not report.failures
    return list(report.findings)


def with_icon(data: bytes) -> NuGetPackage:
    return package({"My.Package.nuspec": nuspec("<icon>icon.png</icon>"), "icon.png": data})


def test_an_icon_may_have_one_mebibyte() -> None:
    assert findings(with_icon(PNG + bytes(1_048_576 - len(PNG))), "UMB310") == []


def test_a_larger_icon_is_told() -> None:
    found = findings(with_icon(PNG + bytes(1_048_577 - len(PNG))), "UMB310")
    assert [finding.message for finding in found] == [
        '"icon.png" has 1,048,577 bytes, but nuget.org accepts at most 1,048,576'
    ]


def test_a_damaged_icon_is_told() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("My.Package.nuspec", nuspec("<icon>icon.png</icon>"))
        archive.writestr("icon.png", PNG + b"pixels")
    data = stream.getvalue().replace(b"pixels", b"pixelz")
    found = findings(NuGetPackage.from_bytes("My.Package.1.0.0.nupkg", data), "UMB310")
    assert [str(finding.severity) for finding in found] == ["error"]
    assert found[0].message.startswith('"icon.png" cannot be read: ')


def test_only_packages_meant_for_the_marketplace_are_judged() -> None:
    plain = {"My.Package.nuspec": nuspec("")}
    tagged = {"My.Package.nuspec": nuspec("<tags>umbraco-marketplace</tags>")}
    assert findings(package(plain), named=False) == []
    for judged in (findings(package(plain)), findings(package(tagged), named=False)):
        assert [finding.code for finding in judged] == ["UMB309", "UMB310", "UMB311"]


@pytest.mark.parametrize(
    "document",
    [
        NuGetPackage.from_bytes("My.Package.1.0.0.nupkg", b"no archive"),
        package({"readme.txt": b""}),
        package({"My.Package.nuspec": nuspec(""), "Other.nuspec": nuspec("")}),
        package({"My.Package.nuspec": b"<package>"}),
        package({"My.Package.nuspec": nuspec("")}, "My.Package.1.0.0.snupkg"),
    ],
    ids=["no-archive", "no-nuspec", "two-nuspecs", "broken-nuspec", "symbols"],
)
def test_nothing_follows_from_a_package_that_cannot_be_judged(document: NuGetPackage) -> None:
    # Why it cannot be judged is told whatever is selected.
    assert [finding.code for finding in findings(document) if finding.code in CODES] == []


def test_an_expression_of_unknown_ids_is_told_in_few_findings() -> None:
    expression = " OR ".join(f"Unknown-{number}" for number in range(100))
    found = findings(
        package({"My.Package.nuspec": nuspec(f'<license type="expression">{expression}</license>')}), "UMB311"
    )
    unknown = [finding.args["id"] for finding in found if "id" in finding.args]
    assert unknown == [f"Unknown-{number}" for number in range(5)]


def test_control_characters_do_not_reach_a_message() -> None:
    inner = "<title>$title$</title><icon>a\u202eb.png</icon><readme>c\u009bd.md</readme>"
    for finding in findings(package({"My.Package.nuspec": nuspec(inner)})):
        assert finding.message.isprintable()
        assert finding.help.isprintable()
