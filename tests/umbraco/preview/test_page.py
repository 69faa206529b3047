"""The page as a whole: every field with its source, findings where they bite, and HTML without a mistake."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest

from tests.umbraco.preview.calendars import RAW, calendar, make_calendar, make_package  # noqa: F401 - a fixture
from tests.umbraco.preview.hostile import ADDRESSES, README, TEXTS, listing
from umbmarket.umbraco.actions.preview import CannotPreview, NothingToPreview, Preview, preview


class Parsed:
    """A page as a browser reads it; the parser stops at the first mistake."""

    def __init__(self, made: Preview) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
        self.root = parser.parse(made.html)

    def sheet(self) -> dict[str, tuple[str, str]]:
        """Value and source, with where or why, of each field."""
        found = {}
        for row in self.root.iter("tr"):
            if row.get("role") == "row" and row[0].get("role") == "rowheader":
                label, value, source = (text_of(cell) for cell in row)
                found[label] = (value, source)
        return found

    def ids(self) -> list[str]:
        return [each.get("id") for each in self.root.iter() if each.get("id")]


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def page(**options: Any) -> Parsed:
    return Parsed(preview(".", **options))


def change(folder: Path, **keys: Any) -> None:
    path = folder / "umbraco-marketplace.json"
    value = json.loads(path.read_text("utf-8"))
    value.update(keys)
    path.write_text(json.dumps({key: each for key, each in value.items() if each is not ...}, indent=2), "utf-8")


def test_a_project_fills_what_the_listing_leaves(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    sheet = page().sheet()
    project = "src/Orchard.Calendar/Orchard.Calendar.csproj"
    assert sheet["Package id"] == ("Orchard.Calendar", f"project {project}:5")
    assert sheet["Version"] == ("1.2.0", f"project {project}:6")
    assert sheet["Title"] == ("Orchard Calendar", "listing umbraco-marketplace.json:3")
    assert sheet["Icon"] == ("icon.png", f"project {project}:12")
    assert sheet["Umbraco versions"][0] == "17-18"
    assert sheet["Umbraco versions"][1].startswith(f"project {project}:20 How the Marketplace reads")
    assert sheet["Version mode"] == ("Default", "fallback Default counts where no listing names a mode")
    assert sheet["Discussion forum"] == ("empty", 'missing the listing has no "DiscussionForumUrl"')


def test_a_package_comes_before_its_project(
    calendar: Path,  # noqa: F811 - the fixture that is imported above
    nupkg: Callable[..., bytes],
) -> None:
    package = make_package(nupkg, calendar / "artifacts" / "Orchard.Calendar.1.3.0.nupkg", version="1.3.0")
    sheet = page(package_file=package).sheet()
    assert sheet["Version"] == ("1.3.0", "NuGet My.Package.nuspec:5")
    assert sheet["Licence on NuGet"][0] == "MIT"
    assert sheet["Readme"][1].startswith("listing umbraco-marketplace-readme.md")


@pytest.mark.parametrize("name", ["readme:\u00b2", "readme:777", f"readme:{'9' * 5_000}"])
def test_a_readme_that_is_called_like_a_place_is_a_file(
    name: str,
    nupkg: Callable[..., bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    package = Path("a.nupkg")
    package.write_bytes(nupkg(id="A", version="1.0.0", extra=f"<readme>{name}</readme>", files={name: "# Packed\n"}))
    made = preview(package)
    value, source = Parsed(made).sheet()["Readme"]
    assert value == name
    assert source.startswith(f"NuGet a.nupkg!/{name} How the Marketplace renders Markdown")
    assert "line 777" not in made.html


def test_a_listing_alone_says_what_is_missing(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj").unlink()
    sheet = page().sheet()
    for label in ("Package id", "Version", "Icon", "Project", "Source code", "Umbraco versions", "Licence on NuGet"):
        assert sheet[label] == ("empty", "missing there is no package or project here")


def test_the_package_that_was_named_has_its_id(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj").unlink()
    sheet = page(package="Orchard.Calendar").sheet()
    assert sheet["Package id"] == ("Orchard.Calendar", "listing the listing's file name, or --package")


def test_a_package_without_a_listing(
    nupkg: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = preview(make_package(nupkg, tmp_path / "a.nupkg"))
    sheet = Parsed(made).sheet()
    assert sheet["Title"] == ("Orchard.Calendar", "NuGet My.Package.nuspec:8")
    assert sheet["Category"] == ("empty", "missing there is no listing here")
    assert sheet["Readme"][0] == "readme.md"
    assert "The readme in the package." in made.html


def test_what_a_project_does_not_settle_is_told(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    project = calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj"
    project.write_text(project.read_text("utf-8").replace("<Version>1.2.0", "<Version>$(BUILD_VERSION)"), "utf-8")
    value, source = page().sheet()["Version"]
    assert value == "empty"
    assert source.startswith("missing the project does not settle it: ")
    assert "BUILD_VERSION" in source


def test_an_ignored_listing_is_shown_as_today_and_as_meant(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    change(calendar, Category="Calendars")
    made = preview(".")
    parsed = Parsed(made)
    headings = [text_of(each) for each in parsed.root.iter("h2")]
    assert headings[:4] == [
        "The card in lists and search, today",
        "The listing page, today",
        "The card in lists and search, once the listing is corrected",
        "The listing page, once the listing is corrected",
    ]
    sheet = parsed.sheet()
    assert sheet["Title"] == ("Orchard.Calendar", "project src/Orchard.Calendar/Orchard.Calendar.csproj:7")
    assert sheet["Category"][0] == "empty"
    assert sheet["Category"][1].startswith('missing the listing has a "Category", but it is ignored as a whole1 error')
    assert "is ignored as a whole: it does not match the published schema at /Category" in made.html
    assert made.name == "Orchard.Calendar"


def test_an_ignored_listing_alone_is_shown_as_meant(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj").unlink()
    change(calendar, Category="Calendars")
    headings = [text_of(each) for each in page().root.iter("h2")]
    assert headings[0] == "The card in lists and search, once the listing is corrected"
    assert "The listing page, today" not in headings


def test_a_listing_that_is_no_json_at_all(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "umbraco-marketplace.json").write_bytes(b"\xff\xfe\x00nothing")
    made = preview(".")
    assert "is ignored as a whole" in made.html
    assert Parsed(made).sheet()["Title"][0] == "Orchard.Calendar"


def test_a_sub_package_has_no_card(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    change(calendar, IsSubPackageOf="Orchard.Suite")
    parsed = page()
    assert list(parsed.root.iter("article")) == []
    assert "A sub package of Orchard.Suite: it is shown on that page only." in text_of(parsed.root)


def test_modes_stand_side_by_side_where_they_differ(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    project = calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj"
    project.write_text(project.read_text("utf-8").replace("[17.0.0, 19.0.0)", "13.0.0"), "utf-8")
    text = text_of(page().root)
    assert "Default, which counts13 (capped below 14)SemVer13 and later" in text
    change(calendar, VersionDependencyMode="SemVer")
    assert "Default13 (capped below 14)SemVer, which counts13 and later" in text_of(page().root)


def test_frameworks_stand_apart_where_they_disagree(nupkg: Callable[..., bytes], tmp_path: Path) -> None:
    groups = {"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}, "net10.0": {"Umbraco.Cms.Core": "[17.0.0, 18.0.0)"}}
    path = tmp_path / "a.nupkg"
    path.write_bytes(nupkg(tags="umbraco-marketplace", groups=groups))
    tables = [text_of(table) for table in Parsed(preview(path)).root.iter("table")]
    assert tables[0] == (
        "FrameworkDepends onMajors net8.0Umbraco.Cms.Core [13.0.0, 14.0.0)13net10.0Umbraco.Cms.Core [17.0.0, 18.0.0)17"
    )


def test_related_packages_begin_a_group_at_each_title(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    entries = [{"PackageId": "A.One"}, {"PackageId": "A.Two", "GroupTitle": "Second"}, {"PackageId": "A.Three"}]
    change(calendar, RelatedPackages=entries)
    lists = [text_of(each) for each in page().root.iter("ul") if each.get("class") == "packages"]
    assert lists[1:3] == ["A.One", "A.TwoA.Three"]


def test_findings_stand_beside_their_fields(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    change(calendar, DocumentationUrl="https://github.com/orchard-example/calendar/blob/main/docs/gone.md")
    sheet = page().sheet()
    assert "UMB223" in sheet["Documentation"][1]
    assert "umbraco-marketplace.json:" in sheet["Documentation"][1]
    assert "UMB201" in sheet["Screenshots"][1]
    assert "UMB309" in sheet["Readme"][1]
    assert "UMB" not in sheet["Title"][1]


def test_findings_about_a_project_stand_beside_the_field_that_it_fills(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    project = calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj"
    project.write_text(project.read_text("utf-8").replace("[17.0.0, 19.0.0)", "13.0.0"), "utf-8")
    made = preview(".")
    assert "UMB402" in Parsed(made).sheet()["Umbraco versions"][1]
    assert f"{project.relative_to(calendar).as_posix()}:20:" in made.html


def test_every_finding_of_the_run_stands_in_the_page_or_is_counted(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    other = calendar / "umbraco-marketplace-orchard.clock.json"
    other.write_text('{"Category": "Clocks"}', "utf-8")
    made = preview(".", package="Orchard.Calendar")
    assert made.elsewhere > 0
    assert "Clocks" not in made.html


def test_counts_stand_at_the_top(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    made = preview(".")
    top = next(each for each in Parsed(made).root.iter("p") if each.get("class") == "tally")
    told = " ".join(f"{number} {word}" for word, number in made.counts)
    assert " ".join(each.text for each in top if "count" in each.get("class", "")) == told


@pytest.mark.parametrize("mended", [False, True])
def test_no_id_is_given_twice(calendar: Path, mended: bool) -> None:  # noqa: F811 - the fixture that is imported above
    if mended:
        change(calendar, Category="Calendars")
    (calendar / "umbraco-marketplace-readme.md").write_text("# Sheet\n\n# Sheet\n\n# Content\n", "utf-8")
    ids = page().ids()
    assert len(ids) == len(set(ids))


def test_the_policy_lets_nothing_in(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    html = preview(".").html
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    remote = preview(".", remote_images=True).html
    assert "img-src data: https: http:;" in remote


def test_a_page_says_that_it_is_our_own_design(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    html = preview(".").html
    assert html.count("Our own design with the content that the Marketplace should show; the real page looks") == 1


@pytest.mark.parametrize("number", range(max(len(TEXTS), len(ADDRESSES))))
def test_hostile_texts_are_texts(calendar: Path, number: int) -> None:  # noqa: F811 - the fixture that is imported above
    text = listing(TEXTS[number % len(TEXTS)], ADDRESSES[number % len(ADDRESSES)])
    (calendar / "umbraco-marketplace.json").write_bytes(text.encode())
    (calendar / "umbraco-marketplace-readme.md").write_text(README, "utf-8")
    root = page(remote_images=True).root
    names = {each.tag for each in root.iter()}
    assert names.isdisjoint({"script", "iframe", "object", "embed", "form", "base", "svg", "math", "input", "video"})
    for each in root.iter():
        assert not [name for name in each.keys() if name.startswith("on") or name in ("style", "srcset", "ping")]  # noqa: SIM118 - iterating over an element gives its children
        for name in ("href", "src"):
            assert re.match(r"(?:https?://|data:,|data:image/(?:png|jpeg);base64,|#|mailto:|$)", each.get(name) or "")


def test_a_title_of_no_letters(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    change(calendar, Title="  ", AuthorDetails={"Name": ""})
    assert page().sheet()["Title"][0] == "Orchard.Calendar"


@pytest.mark.parametrize("value", [None, 5, True, [], {}, [None], [[]], [{}], "x", {"Name": 5, "Contributors": "x"}])
def test_values_of_any_type(calendar: Path, value: Any) -> None:  # noqa: F811 - the fixture that is imported above
    known = json.loads((calendar / "umbraco-marketplace.json").read_text("utf-8"))
    more = ("VideoUrl", "IsSubPackageOf", "PackagesByAuthor", "AddOnPackagesRequiredForUmbracoCloud", "LicenseType")
    change(calendar, **dict.fromkeys((*known, *more), value))
    assert page().sheet()["Title"][0] == "Orchard.Calendar"


def test_nothing_to_preview(tmp_path: Path) -> None:
    with pytest.raises(NothingToPreview, match=r"^there is nothing to preview$"):
        preview(tmp_path)


def test_several_packages(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_calendar(tmp_path / name)
        project = tmp_path / name / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj"
        project.write_text(project.read_text("utf-8").replace("Orchard.Calendar<", f"Orchard.{name}<"), "utf-8")
    with pytest.raises(CannotPreview, match=r"^several packages are here; name one with --package: "):
        preview(tmp_path)


def test_a_project_that_is_named(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    made = preview("src/Orchard.Calendar/Orchard.Calendar.csproj")
    assert (made.name, made.version) == ("Orchard Calendar", "1.2.0")


def test_a_listing_that_is_named_brings_its_project(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "other").mkdir()
    (calendar / "other" / "umbraco-marketplace-orchard.clock.json").write_text('{"Category": "Clocks"}', "utf-8")
    made = preview("umbraco-marketplace.json")
    assert (made.name, made.version, made.elsewhere) == ("Orchard Calendar", "1.2.0", 0)
    assert Parsed(made).sheet()["Package id"][0] == "Orchard.Calendar"


def test_a_listing_that_is_named_is_shown_where_it_is_not_read(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    copy = calendar / "src" / "umbraco-marketplace.json"
    copy.write_text((calendar / "umbraco-marketplace.json").read_text("utf-8").replace("Calendar", "Copy"), "utf-8")
    made = preview(copy)
    assert made.name == "Orchard Copy"
    assert Parsed(made).sheet()["Title"] == ("Orchard Copy", "listing src/umbraco-marketplace.json:3")


def test_a_listing_where_the_marketplace_does_not_look(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "umbraco-marketplace.json").rename(calendar / "src" / "umbraco-marketplace.json")
    parsed = page()
    text = text_of(parsed.root)
    assert "src/umbraco-marketplace.json is not where the project URL leads, so it is not read." in text
    assert "The card in lists and search, once the listing is read" in text
    assert parsed.sheet()["Category"] == (
        "empty",
        'missing the listing has a "Category", but it is not read from where it is',
    )


def test_where_the_marketplace_looks(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    looks = next(each for each in page().root.iter("dl") if each.get("class") == "looks")
    assert [text_of(each) for each in looks.iter("dd")] == [
        "https://raw.githubusercontent.com/orchard-example/calendar/HEAD/umbraco-marketplace-orchard.calendar.json",
        "https://raw.githubusercontent.com/orchard-example/calendar/HEAD/umbraco-marketplace.json",
        "https://raw.githubusercontent.com/orchard-example/calendar/HEAD/umbraco-marketplace-readme-orchard.calendar.md",
        "https://raw.githubusercontent.com/orchard-example/calendar/HEAD/umbraco-marketplace-readme.md",
    ]


def test_the_readme_that_a_project_packs(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "umbraco-marketplace-readme.md").unlink()
    folder = calendar / "src" / "Orchard.Calendar"
    (folder / "README.md").write_text("# Packed\n\n[gone](gone.md)\n", "utf-8")
    project = folder / "Orchard.Calendar.csproj"
    text = project.read_text("utf-8").replace(
        "<PackageIcon>", "<PackageReadmeFile>README.md</PackageReadmeFile><PackageIcon>"
    )
    item = '<None Include="README.md" Pack="true" PackagePath="/" /><PackageReference'
    project.write_text(text.replace("<PackageReference", item, 1), "utf-8")
    made = preview(".")
    assert '<h3 id="readme-packed">Packed</h3>' in made.html
    assert '>UMB309</span><a class="dead">gone</a>' in made.html
    value, source = Parsed(made).sheet()["Readme"]
    assert value == "README.md"
    assert source.startswith("project src/Orchard.Calendar/Orchard.Calendar.csproj!/README.md ")
    assert "UMB309" in source


NUSPEC = """<package>
  <metadata>
    <id>Orchard.Calendar</id>
    <version>$version$</version>
    <authors>Orchard Works</authors>
    <description>Shows dates.</description>
    <tags>umbraco-marketplace</tags>
    <icon>icon.png</icon>
    <readme>docs/README.md</readme>
    <repository type="git" url="https://github.com/orchard-example/calendar" />
    <dependencies>
      <dependency id="Umbraco.Cms.Core" version="$range$" />
    </dependencies>
  </metadata>
</package>
"""


def test_a_nuspec_tells_what_it_names_and_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Orchard.nuspec").write_text(NUSPEC, "utf-8")
    made = preview("Orchard.nuspec")
    sheet = Parsed(made).sheet()
    assert sheet["Package id"] == ("Orchard.Calendar", "project Orchard.nuspec:3")
    assert sheet["Version"][1].startswith("missing the project does not settle it: $version$ is ")
    assert sheet["Author"] == ("Orchard Works", "project Orchard.nuspec:5")
    assert sheet["Icon"] == ("icon.png", "project Orchard.nuspec:8")
    assert sheet["Readme"][0] == "docs/README.md"
    assert sheet["Readme"][1].startswith("project Orchard.nuspec!/docs/README.md ")
    assert sheet["Source code"] == ("https://github.com/orchard-example/calendar", "project Orchard.nuspec:10")
    assert sheet["Umbraco versions"][1].startswith("missing the project does not settle it: $range$ is ")
    unread = "the files that a nuspec packs are not looked up"
    assert f"The readme cannot be shown: {unread}" in made.html
    assert unread in made.html.partition("The readme cannot be shown")[0]
    assert "has no such file" not in made.html


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ('<None Include="docs/GUIDE.md" Pack="true" />', "the project has no such file"),
        ('<None Include="$(BUILD_README)" Pack="true" />', "it is not known which file that will be"),
    ],
)
def test_a_readme_that_a_project_names_and_nobody_has_seen(item: str, why: str, calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    (calendar / "umbraco-marketplace-readme.md").unlink()
    project = calendar / "src" / "Orchard.Calendar" / "Orchard.Calendar.csproj"
    text = project.read_text("utf-8").replace(
        "<PackageIcon>", "<PackageReadmeFile>README.md</PackageReadmeFile><PackageIcon>"
    )
    project.write_text(text.replace("<PackageReference", f"{item}<PackageReference", 1), "utf-8")
    made = preview(".")
    assert f"The readme cannot be shown: {why}</p>" in made.html
    assert "The readme is empty" not in made.html


def test_endless_lists_are_cut(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    shots = [{"ImageUrl": "https://example.com/x.png"}] * 5_000
    change(calendar, Tags=[f"tag{number}" for number in range(5_000)], Screenshots=shots)
    made = preview(".")
    assert "tag199<" in made.html
    assert "tag200" not in made.html
    assert "and 4,800 more" in made.html
    assert len(made.html) < 400_000


def test_an_address_of_the_tree_is_embedded_once_for_each_place(calendar: Path) -> None:  # noqa: F811 - the fixture that is imported above
    made = preview(".")
    assert (made.embedded, made.named) == (4, 0)
    assert made.html.count(f"{RAW}/images/month.png") == 1
