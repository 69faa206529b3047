"""The way to Umbraco through other packages: of the run, and with `--online` of the feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import umbmarket
from tests.doubles.published_world import World, published_world
from tests.loopback import fence  # noqa: F401 - a fixture that lets no test out
from umbmarket.findings import Finding
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.umbraco.pages import inspect_text
from umbmarket.umbraco.ways import Way, follow, needs_a_way

BuildPackage = Callable[..., bytes]
Groups = dict[str, dict[str, str]]

FOR_13 = {"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}}


@pytest.fixture
def world() -> Iterator[World]:
    with published_world() as started:
        yield started


@pytest.fixture
def package(nupkg: BuildPackage) -> Callable[..., NuGetPackage]:
    def build(package_id: str, groups: Groups | None = None, version: str = "1.0.0") -> NuGetPackage:
        data = nupkg(id=package_id, version=version, groups=groups or {})
        return NuGetPackage.from_bytes(f"{package_id}.{version}.nupkg", data)

    return build


Package = Callable[..., NuGetPackage]


def ways(way: Way) -> list[str]:
    return [each.text for each in way.search.found]


def test_which_packages_need_one(package: Package, nupkg: BuildPackage) -> None:
    assert needs_a_way(package("My.Package", {"net8.0": {"My.Core": "1.0.0"}}))
    assert needs_a_way(package("My.Package"))
    assert not needs_a_way(package("My.Package", FOR_13))
    assert not needs_a_way(NuGetPackage.from_bytes("a.nupkg", b"no ZIP"))


def test_through_several_packages_of_the_run(package: Package) -> None:
    top = package("My.Package", {"net8.0": {"my.middle": "[1.0.0, 2.0.0)"}})
    middle = package("My.Middle", {"net8.0": {"My.Core": "1.0.0"}})
    core = package("My.Core", FOR_13)
    way = follow(top, [top, middle, core])
    assert ways(way) == ["My.Middle 1.0.0 > My.Core 1.0.0 > Umbraco.Cms.Core"]
    assert not way.asked


def test_a_circle_ends(package: Package) -> None:
    one = package("One", {"net8.0": {"Two": "1.0.0"}})
    two = package("Two", {"net8.0": {"One": "1.0.0"}})
    way = follow(one, [one, two])
    assert (ways(way), way.is_certain) == ([], True)


def test_only_what_was_read_in_the_right_version_is_certain(package: Package) -> None:
    plain = package("My.Core", {"net8.0": {"Microsoft.Extensions.Http": "8.0.0"}})
    exact = package("My.Package", {"net8.0": {"My.Core": "1.0.0"}})
    lower = package("My.Package", {"net8.0": {"My.Core": "0.5.0"}})
    other = package("My.Package", {"net8.0": {"My.Core": "1.0.0", "Somebody.Else": "1.0.0"}})
    assert follow(exact, [exact, plain]).is_certain
    assert not follow(lower, [lower, plain]).is_certain
    assert not follow(other, [other, plain]).is_certain
    assert not follow(exact, [exact]).is_certain


def test_the_feed_has_what_the_run_does_not_have(package: Package, world: World) -> None:
    class Feed:
        def nuspec(self, package_id: str, version: object, /) -> object:
            return nuspecs[package_id.lower()]

        def version_numbers(self, package_id: str, /) -> object:
            raise AssertionError(package_id)

    nuspecs = {"elsewhere": package("Elsewhere", FOR_13, "2.0.0").nuspec}
    top = package("My.Package", {"net8.0": {"My.Core": "1.0.0"}})
    core = package("My.Core", {"net8.0": {"Elsewhere": "2.0.0"}})
    way = follow(top, [top, core], Feed())  # type: ignore[arg-type]  # as much of a feed as is asked for
    assert (ways(way), way.asked) == (["My.Core 1.0.0 > Elsewhere 2.0.0 > Umbraco.Cms.Core"], True)


# The whole


def online(world: World, root: Path, *paths: str) -> list[Finding]:
    options = umbmarket.OnlineOptions(source=world.source, allow_private_hosts=True, use_cache=False)
    report = umbmarket.validate(
        [root / path for path in paths], root=root, settings=umbmarket.Settings(select=("UMB401",)), online=options
    )
    assert report.failures == ()
    return list(report.findings)


def test_validate_online_follows_dependencies_through_the_feed(
    world: World, tmp_path: Path, nupkg: BuildPackage
) -> None:
    world.publish("2.0.0", "Middle", tags=(), groups={"net8.0": {"Umbraco.Cms.Web.Common": "[13.0.0, 14.0.0)"}})
    (tmp_path / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", groups={"net8.0": {"Middle": "2.0.0"}}))
    (offline,) = umbmarket.validate(
        [tmp_path / "a.nupkg"], root=tmp_path, settings=umbmarket.Settings(select=("UMB401",))
    ).findings
    assert (offline.severity, offline.message) == ("warning", "no direct dependency on Umbraco")
    (finding,) = online(world, tmp_path, "a.nupkg")
    assert (finding.severity, finding.message) == (
        "info",
        "the package depends on Umbraco only through other packages: Middle 2.0.0 > Umbraco.Cms.Web.Common; shown for"
        " Umbraco 13 (an estimate)",
    )
    assert finding.estimate


def test_validate_online_says_that_nothing_leads_there(world: World, tmp_path: Path, nupkg: BuildPackage) -> None:
    world.publish("2.0.0", "Middle", tags=(), groups={"net8.0": {"Microsoft.Extensions.Http": "8.0.0"}})
    (tmp_path / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", groups={"net8.0": {"Middle": "2.0.0"}}))
    (finding,) = online(world, tmp_path, "a.nupkg")
    assert (finding.severity, finding.message) == ("error", "no dependency leads to Umbraco")


def test_validate_online_says_what_could_not_be_found_out(world: World, tmp_path: Path, nupkg: BuildPackage) -> None:
    (tmp_path / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", groups={"net8.0": {"Middle": "2.0.0"}}))
    (finding,) = online(world, tmp_path, "a.nupkg")
    assert (finding.severity, finding.message) == ("warning", "no direct dependency on Umbraco")
    assert finding.help == (
        "the dependencies of the other packages could not be read (The feed has no package Middle); add a dependency"
        " on the Umbraco.Cms package that yours needs"
    )


def test_the_feed_is_not_asked_for_packages_that_are_not_judged(
    world: World, tmp_path: Path, nupkg: BuildPackage
) -> None:
    (tmp_path / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", groups=FOR_13))
    (tmp_path / "b.nupkg").write_bytes(nupkg(id="My.Tool", groups={"net8.0": {"Middle": "2.0.0"}}))
    assert online(world, tmp_path, "a.nupkg", "b.nupkg") == []
    assert world.requests == 0


def test_a_package_of_client_side_files_needs_the_dependency_all_the_same(tmp_path: Path, nupkg: BuildPackage) -> None:
    files = {"staticwebassets/App_Plugins/My/umbraco-package.json": "{}"}
    helps = []
    for packed in (files, {**files, "lib/net8.0/My.dll": "MZ"}):
        (tmp_path / "a.nupkg").write_bytes(nupkg(tags="umbraco-marketplace", files=packed))
        (finding,) = umbmarket.validate(
            [tmp_path / "a.nupkg"], root=tmp_path, settings=umbmarket.Settings(select=("UMB401",))
        ).findings
        helps.append(finding.help)
    assert ["only client-side files needs it too" in text for text in helps] == [True, False]


def test_the_brackets_are_not_turned_into_a_range_without_a_version(tmp_path: Path, nupkg: BuildPackage) -> None:
    found = {}
    for written in ("[14.0.0-rc1, 14.0.0]", "(7.5.3, 8.0.0]", "(13.4.1, 14.0.0]"):
        (tmp_path / "a.nupkg").write_bytes(
            nupkg(tags="umbraco-marketplace", groups={"net8.0": {"Umbraco.Cms.Core": written}})
        )
        for finding in umbmarket.validate(
            [tmp_path / "a.nupkg"], root=tmp_path, settings=umbmarket.Settings(select=("UMB409",))
        ).findings:
            found[written] = finding.help
    unsure = "check both bounds: [ and ] include the bound, ( and ) do not"
    assert found["[14.0.0-rc1, 14.0.0]"] == found["(7.5.3, 8.0.0]"] == unsure
    assert found["(13.4.1, 14.0.0]"].startswith("did you mean [13.4.1, 14.0.0)? ")


def test_inspect_of_several_packages_follows_into_the_run(tmp_path: Path, nupkg: BuildPackage) -> None:
    (tmp_path / "a.nupkg").write_bytes(nupkg(id="My.Package", version="1.0.0", groups={"net8.0": {"My.Core": "1.0.0"}}))
    (tmp_path / "b.nupkg").write_bytes(nupkg(id="My.Core", version="1.0.0", groups=FOR_13))
    together = umbmarket.inspect_packages([tmp_path / "a.nupkg", tmp_path / "b.nupkg"], root=tmp_path)
    line = (
        "  - The package depends on Umbraco through My.Core 1.0.0 > Umbraco.Cms.Core [13.0.0, 14.0.0), so"
        " the Marketplace should show 13.\n"
    )
    assert line in inspect_text.render(together.packages[0], width=200)
    assert "The package depends on Umbraco through" not in inspect_text.render(together.packages[1], width=200)
    alone = umbmarket.inspect_package(tmp_path / "a.nupkg", root=tmp_path)
    assert "The package depends on Umbraco through" not in inspect_text.render(alone, width=200)
