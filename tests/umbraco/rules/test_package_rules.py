"""What the cases of the package rules cannot hold: odd archives, many problems, and that each is told once."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.umbraco.rules.lone_package import alone
from tests.umbraco.rules.odd_archives import odd_archive
from umbmarket.check.engine import MOST_ALIKE, run
from umbmarket.findings import Finding, Place, visible
from umbmarket.nuget.package.nupkg import LARGEST_PACKAGE, NuGetPackage
from umbmarket.nuget.package.nuspec_model import NuspecProblem, NuspecProblemKind
from umbmarket.nuget.package.push_rules import push_problems
from umbmarket.settings.options import Settings
from umbmarket.umbraco.archive_facts import ArchiveFacts
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.rules import all_rules
from umbmarket.umbraco.rules.package_scope import owner_of
from umbmarket.umbraco.workspace import Workspace

Build = Callable[..., bytes]

NAME = "My.Package.1.2.3.nupkg"


def findings(document: NuGetPackage | bytes, *codes: str, named: bool = True) -> list[Finding]:
    """What the rules say about one package that is all of the run."""
    if isinstance(document, bytes):
        document = NuGetPackage.from_bytes(NAME, document)
    facts = alone(document, place(document.project_url, document.id), named=named)
    workspace = Workspace(packages=(facts,), archives=(ArchiveFacts(document, named),))
    report = run([gathered(workspace)], Settings(select=codes or ("UMB3", "UMB407", "UMB5")))
    assert report.failures == ()
    return list(report.findings)


def codes_of(found: list[Finding]) -> list[str]:
    return sorted({finding.code for finding in found})


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<a>" * 300 + "</a>" * 300, "its elements are nested too deeply"),
        ("<a/>" * 50_000, "it has more than 50,000 elements"),
    ],
)
def test_what_is_beyond_our_own_limits_is_not_said_of_nuget(inner: str, reason: str, nupkg: Build) -> None:
    nuspec = f"<package><metadata><id>My.Package</id><version>1.2.3</version>{inner}</metadata></package>"
    (finding,) = findings(nupkg(nuspec=nuspec))
    assert (finding.code, finding.severity) == ("UMB304", "error")
    assert finding.message == f"umbmarket does not read the nuspec: {reason}"
    assert finding.help == "a nuspec has a few hundred elements at most: look for text that was pasted into it"
    assert "NuGet" not in finding.why


UNUSABLE = {
    "not a ZIP": b"no archive",
    "empty": b"",
    "truncated": odd_archive({"My.Package.nuspec": b"<package/>"}, {"truncate": 40}),
    "encrypted": odd_archive({"My.Package.nuspec": b"<package/>"}, {"encrypted": ["My.Package.nuspec"]}),
}


@pytest.mark.parametrize("data", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_is_no_package_is_told_once(data: bytes) -> None:
    assert [finding.code for finding in findings(data)] == ["UMB301"]


def test_a_package_without_nuspec_is_told_once() -> None:
    assert [finding.code for finding in findings(odd_archive({"lib/a.dll": b"MZ"}, {}))] == ["UMB303"]


def test_a_package_with_two_nuspecs_is_told_once(nupkg: Build) -> None:
    assert [finding.code for finding in findings(nupkg(files={"Other.nuspec": "<package/>"}))] == ["UMB303"]


def test_a_nuspec_that_is_no_xml_is_told_once(nupkg: Build) -> None:
    assert [finding.code for finding in findings(nupkg(nuspec="{}"))] == ["UMB304"]


def test_a_nuspec_that_cannot_be_inflated_is_told_once(nupkg: Build) -> None:
    members = {"My.Package.nuspec": b"<package/>" + b" " * 1_048_576}
    assert [finding.code for finding in findings(odd_archive(members, {}))] == ["UMB302"]


@pytest.mark.parametrize("name", ["My.Package.1.2.3.snupkg", "My.Package.1.2.3.symbols.nupkg"])
def test_a_symbol_package_is_told_where_it_was_named(nupkg: Build, name: str) -> None:
    symbols = NuGetPackage.from_bytes(name, nupkg())
    assert [finding.code for finding in findings(symbols)] == ["UMB301"]
    assert findings(symbols, named=False) == []


def test_what_may_be_read_all_the_same_is_a_warning(nupkg: Build) -> None:
    data = bytearray(nupkg())
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 16, 0)
    (found,) = findings(bytes(data), "UMB302")
    assert (str(found.severity), found.message) == (
        "warning",
        '"My.Package.nuspec": its content does not match its checksum',
    )


def test_a_name_that_is_not_utf8_is_a_warning(nupkg: Build) -> None:
    data = nupkg(files={"lib/net8.0/Caf_.dll": b"MZ"}).replace(b"Caf_", b"Caf\xe9")
    (found,) = findings(data, "UMB302")
    assert (str(found.severity), found.args["kind"]) == ("warning", "name-encoding")


def test_fifty_unsafe_names_are_enough(nupkg: Build) -> None:
    found = findings(nupkg(files={f"../{number}": "" for number in range(60)}), "UMB302")
    assert len(found) == 51
    assert [finding.message for finding in found if "more" in finding.message] == [
        "10 more entries with a name that leads out of the folder, or nowhere"
    ]


def test_a_packed_listing_is_found_in_any_folder_and_letter_case(nupkg: Build) -> None:
    files = {
        "content/Umbraco-Marketplace-my.package.JSON": b"{}",
        "content\\umbraco-marketplace-x.json": b"{}",
        "umbraco-marketplace-readme.md": b"",
        "my-umbraco-marketplace.json": b"{}",
    }
    (found,) = findings(nupkg(files=files), "UMB507")
    assert found.args == {"members": 2}


def test_a_hundred_dead_links_are_enough(nupkg: Build) -> None:
    readme = "\n\n".join(f"[{number}](docs/{number}.md)" for number in range(150))
    found = findings(nupkg(files={"README.md": readme}, extra="<readme>README.md</readme>"), "UMB309")
    assert len(found) == MOST_ALIKE == 100
    assert found[-1].args["target"] == "docs/99.md"


def test_a_package_beyond_250_mib_is_told(nupkg: Build) -> None:
    document = NuGetPackage.from_bytes(NAME, nupkg())
    document.archive.size = LARGEST_PACKAGE
    assert findings(document, "UMB313") == []
    document.archive.size = LARGEST_PACKAGE + 1
    assert [finding.message for finding in findings(document, "UMB313")] == [
        "the package has 262,144,001 bytes, but nuget.org accepts at most 262,144,000"
    ]


def test_each_kind_of_problem_has_a_rule() -> None:
    for kind in get_args(NuspecProblemKind):
        for name in ("projectUrl", "iconUrl", "icon", ""):
            assert owner_of(NuspecProblem(kind, Place(), "", "push", {"name": name})) in all_rules()


EVERYTHING_WRONG = """
    <license>MIT</license>
    <iconUrl>icon.png</iconUrl>
    <projectUrl>owner/repo</projectUrl>
    <Repository />
    <listed>true</listed>
    <developmentDependency>maybe</developmentDependency>
    <requireLicenseAcceptance>no</requireLicenseAcceptance>
    <readme><path>README.md</path></readme>
    <dependencies>
      <group>
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0-0)" />
        <dependency id="Umbraco.Cms.Core" version="13.*" />
        <dependency id="" version="1.0.0" />
        <dependency id="Serilog" />
      </group>
    </dependencies>
"""


def test_what_nuget_refuses_is_told_once(nupkg: Build) -> None:
    document = NuGetPackage.from_bytes(NAME, nupkg(version="1", tags="umbraco-marketplace", extra=EVERYTHING_WRONG))
    nuspec = document.nuspec
    assert nuspec is not None
    refused = {problem.detail for problem in (*nuspec.problems, *push_problems(nuspec))}
    messages = [finding.message for finding in findings(document)]
    assert len(refused) == 15
    for detail in refused:
        same = [message for message in messages if message == detail]
        # The two readers say in their own words that the boolean is none; the first one's are told.
        assert len(same) == (0 if detail == '<developmentDependency> must be true or false, not "maybe"' else 1), detail


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.fixed_dictionaries(
        {},
        optional={
            name: st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
            for name in ("id", "version", "title", "tags", "authors", "description", "projectUrl", "iconUrl", "icon")
        },
    ),
    expression=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), max_size=30),
)
def test_no_metadata_breaks_a_rule(nupkg: Build, texts: dict[str, str], expression: str) -> None:
    extra = f'<license type="expression">{expression}</license><readme>{expression}</readme>'
    for finding in findings(nupkg(extra=extra, **texts)):
        assert finding.message == visible(finding.message)
        assert not finding.message.endswith(".") or finding.message.endswith('…".')


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 900), at=st.integers(0, 900), byte=st.integers(0, 255))
def test_no_damage_breaks_a_rule(nupkg: Build, cut: int, at: int, byte: int) -> None:
    data = bytearray(nupkg(files={"README.md": "[a](b)", "icon.png": b"\x89PNG\r\n\x1a\n"}))
    data[at % len(data)] = byte
    findings(bytes(data))
    findings(bytes(data[:cut]))


def test_a_million_characters_of_tags_take_no_time(nupkg: Build) -> None:
    tags = "umbracomarketplac " * 50_000
    started = time.process_time()
    assert "UMB305" in codes_of(findings(nupkg(tags=tags), "UMB305"))
    assert time.process_time() - started < 15
