"""`umbmarket init` in made projects: what is written and where, and that no rule calls it worse than a suggestion."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import umbmarket
from tests.cli.conftest import Run
from tests.cli.terminals import END, converse
from tests.conftest import build_nupkg
from tests.shared_corpus import ROOT
from tests.snapshots import assert_matches
from tests.trees import git, own_settings, symlinks  # noqa: F401 - fixtures
from umbmarket.settings.file import load_settings
from umbmarket.umbraco.vocabulary import categories, license_types

pytestmark = pytest.mark.usefixtures("own_settings")

SNAPSHOTS = Path(__file__).parent / "snapshots" / "init"
SAID = "--category", "Editor Tools", "--license-type", "Free"
PNG = (ROOT / "samples" / "multi-package" / "icon.png").read_bytes()
PROJECT = """<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <PackageId>{id}</PackageId>
    <Version>1.0.0</Version>
    {more}
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0, 18.0.0)" />
  </ItemGroup>
</Project>
"""
TEXTS = (
    "<Title>Things for Editors</Title><Authors>Jane Doe;John Doe</Authors><Description>Adds\n  a thing.</Description>"
    "<PackageTags>umbraco;Umbraco-Marketplace;things;Things</PackageTags>"
    "<PackageLicenseExpression>MIT</PackageLicenseExpression>"
    "<PackageProjectUrl>{url}</PackageProjectUrl><RepositoryUrl>https://github.com/jane/things</RepositoryUrl>"
)
HOME = "https://github.com/jane/things"


def put(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def with_git(folder: Path, remote: str = "git@github.com:jane/things.git") -> None:
    put(
        folder,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            ".git/config": f'[remote "origin"]\n\turl = {remote}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
            ".git/refs/remotes/origin/HEAD": "ref: refs/remotes/origin/main\n",
            ".git/refs/remotes/origin/main": "0" * 40 + "\n",
        },
    )


def project(package_id: str = "Jane.Things", more: str = TEXTS.format(url=HOME)) -> str:
    return PROJECT.format(id=package_id, more=more)


def single(folder: Path) -> None:
    with_git(folder)
    put(
        folder,
        {
            "src/Jane.Things/Jane.Things.csproj": project(),
            "README.md": "# Things\n\n![The editor of things](docs/editor.png)\n![Build](https://example.com/b.svg)\n"
            '<img src="docs/list.png" alt="All things">\n![](docs/logo.png) ![gone](docs/gone.png)\n',
            "docs/editor.png": PNG,
            "docs/list.png": PNG,
            "docs/logo.png": PNG,
            "assets/screenshots/SettingsPage_dark-mode.png": PNG,
            "assets/screenshots/no-picture.png": b"text",
            "node_modules/x/screenshot.png": PNG,
        },
    )


def several(folder: Path) -> None:
    with_git(folder)
    for name in ("Jane.Things", "Jane.Things.Forms"):
        put(folder, {f"src/{name}/{name}.csproj": project(name)})
    put(folder, {"tests/Tests.csproj": project("Tests", "<Description>x</Description>")})


def all_but_one(folder: Path) -> None:
    several(folder)
    put(folder, {"src/Jane.Things.Web/Jane.Things.Web.csproj": project("Jane.Things.Web")})
    for name in ("jane.things", "jane.things.web"):
        put(folder, {f"umbraco-marketplace-{name}.json": '{"Category": "Search"}'})


def some(folder: Path) -> None:
    all_but_one(folder)
    (folder / "umbraco-marketplace-jane.things.web.json").unlink()


def all_of_them(folder: Path) -> None:
    all_but_one(folder)
    put(folder, {"umbraco-marketplace-jane.things.forms.json": '{"Category": "Search"}'})


def several_without_tag(folder: Path) -> None:
    several(folder)
    for path in folder.rglob("*.csproj"):
        path.write_text(path.read_text("utf-8").replace("Umbraco-Marketplace;", ""), "utf-8")


def nothing(folder: Path) -> None:
    put(folder, {"notes.txt": "x"})


def only_git(folder: Path) -> None:
    with_git(folder)
    put(folder, {"README.md": "# Things\n"})


def with_listing(folder: Path) -> None:
    single(folder)
    put(folder, {"umbraco-marketplace.json": '{"Category": "Search"}'})


def shared_listing(folder: Path) -> None:
    several(folder)
    put(folder, {"umbraco-marketplace.json": '{"Category": "Search"}'})


def packed(folder: Path) -> None:
    with_git(folder, "https://example.com/jane/things.git")
    package = build_nupkg(
        nuspec_name="My.Packed.nuspec",
        id="My.Packed",
        authors="Jane",
        description="Adds things.",
        tags="umbraco-marketplace things",
        projectUrl="https://things.example.com/umbraco",
    )
    put(folder, {"artifacts/My.Packed.1.2.3.nupkg": package})


def without_git(folder: Path) -> None:
    put(folder, {"Jane.Things.csproj": project()})


def odd_encodings(folder: Path) -> None:
    with_git(folder)
    text = project(
        "Ünlü.Paket",
        "<Title>Café “Ünlü” 😀</Title><Authors>Zoë</Authors><Description>Ein Paket für Umbraco</Description>",
    )
    put(
        folder,
        {
            "Paket.csproj": f'\ufeff<?xml version="1.0" encoding="utf-16"?>\r\n{text}'.encode("utf-16-le"),
            "README.md": "# Ünlü\r\n\r\n![Grüße](bilder/größe%20a.png)\r\n".encode("utf-8-sig"),
            "bilder/größe a.png": PNG,
        },
    )


def deep_url(folder: Path) -> None:
    with_git(folder)
    url = f"{HOME}/tree/main/src/Jane.Things"
    put(folder, {"src/Jane.Things/Jane.Things.csproj": project(more=TEXTS.format(url=url)), "global.json": "{}"})


def odd_texts(folder: Path) -> None:
    with_git(folder)
    long = "word " * 80
    put(
        folder,
        {
            "a 'b' $(c)/Jane.Things.csproj": project(
                more=f"<Title>{long}</Title><Description>Package Description</Description>"
                f"<PackageTags>{'x' * 120};umbraco-marketplace; a ;A;b</PackageTags>"
                "<PackageProjectUrl>https://example.com:8080/x</PackageProjectUrl>"
            )
        },
    )


def placeholder_texts(folder: Path) -> None:
    with_git(folder, "https://gitlab.com/jane/things.git")
    put(
        folder,
        {
            "Jane.Things.csproj": project(
                "My.Things", "<Title>Your Package</Title><Description>Caf\u00c3\u00a9</Description>"
            )
        },
    )


def hostile_values(folder: Path) -> None:
    """Whatever a rule says something of, in the project or would in the listing."""
    with_git(folder)
    put(
        folder,
        {
            "Jane.Things.csproj": project(
                more="<Title>$title$</Title><Authors>AUTHOR_NAME;Jane\u200b Doe</Authors>"
                "<Description>Adds\u00ad a\u2028thing to the editor, for Umbraco\u200b 13.</Description>"
                "<PackageTags>umbraco;Umbraco\u200b-Marketplace;umbraco_marketplace;umbracomarketplace;$tags$;"
                "forms\u200b;Forms;\ufeff;umbraco-marketplace</PackageTags>"
                "<PackageProjectUrl>https://marketplace.umbraco.com/package/jane.things</PackageProjectUrl>"
            ),
            "README.md": "![The\u200b editor](docs/editor.png)\n",
            "docs/editor.png": PNG,
        },
    )


def without_the_tag(folder: Path) -> None:
    """The rules on packages for the Marketplace look at the package once a listing is there."""
    with_git(folder)
    put(
        folder,
        {
            "Jane.Things.csproj": project(
                more="<Title>Things for Umbraco 13 only</Title><Description>Adds things.</Description>"
                "<PackageTags>umbraco marketplace things</PackageTags>"
                "<PackageProjectUrl>http://project_url_here_or_delete_this_line/</PackageProjectUrl>"
            ),
        },
    )


CASES: dict[str, tuple[Callable[[Path], None], Sequence[str], int]] = {
    "single": (single, SAID, 0),
    "everything": (single, (*SAID, "--workflow", "--settings"), 0),
    "several": (several, (*SAID, "--package-id", "jane.things.forms", "--workflow"), 0),
    "several-not-named": (several, SAID, 2),
    "all-but-one": (all_but_one, SAID, 0),
    "all-but-one-and-a-workflow": (all_but_one, (*SAID, "--workflow"), 0),
    "some-not-named": (some, SAID, 2),
    "all-have-one": (all_of_them, SAID, 2),
    "all-have-one-settings": (all_of_them, ("--settings",), 0),
    "all-have-one-workflow": (all_of_them, ("--workflow",), 2),
    "several-without-tag": (several_without_tag, (*SAID, "--package-id", "Tests"), 0),
    "wrong-package-id": (several, (*SAID, "--package-id", "Jane.Things.Form"), 2),
    "nothing": (nothing, SAID, 0),
    "nothing-but-an-id": (nothing, (*SAID, "--package-id", "Jane.Things", "--workflow"), 0),
    "only-git": (only_git, SAID, 0),
    "existing-listing": (with_listing, SAID, 2),
    "existing-listing-and-more": (with_listing, ("--workflow", "--settings"), 0),
    "shared-listing": (shared_listing, (*SAID, "--package-id", "Jane.Things"), 0),
    "packed": (packed, SAID, 0),
    "without-git": (without_git, SAID, 0),
    "odd-encodings": (odd_encodings, SAID, 0),
    "deep-url": (deep_url, (*SAID, "--workflow"), 0),
    "odd-texts": (odd_texts, (*SAID, "--workflow"), 0),
    "hostile-values": (hostile_values, SAID, 0),
    "without-the-tag": (without_the_tag, SAID, 0),
    "placeholder-texts": (placeholder_texts, (*SAID, "--license-type", "purchase"), 0),
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def assert_nothing_is_found_in(path: str) -> None:
    """Nothing worse than an info, by itself and among the files of its package."""
    for paths in ([path], ["."]):
        report = umbmarket.validate(paths)
        assert next(each for each in report.files if each.path == path).schema_valid
        assert [each for each in report.findings if each.file == path and each.severity != "info"] == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "things"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize("name", CASES)
def test_made_projects(name: str, folder: Path, run: Run) -> None:
    make, options, code = CASES[name]
    make(folder)
    before = files_of(folder)
    result = run("init", *options)
    after = files_of(folder)
    new = {path: data.decode() for path, data in after.items() if path not in before}
    assert {path: data for path, data in after.items() if path in before} == before
    shown = "".join(f"=== {path}\n{text}" for path, text in new.items())
    assert_matches(SNAPSHOTS / f"{name}.txt", f"{result.stdout}--- stderr\n{result.stderr}{shown}")
    assert result.exit_code == code
    assert result.stdout.splitlines() == ([] if code else sorted(new, key=result.stdout.find))
    for path in new:
        if path.endswith(".json"):
            assert_nothing_is_found_in(path)


WORDS = st.sampled_from(
    [
        *("Things", "for Umbraco 8", "Your Package", "my.package", "{title}", "$id$", "AUTHOR_NAME", "...", "a\u00a0b"),
        *("zero\u200bwidth", "\u202eturned", "\ufeffmark", "soft\u00adhyphen", "line\u2028end", "Caf\u00c3\u00a9"),
        *("<b>x</b>", "[x](y)", "true|false", "umbraco-marketplace", "https://github.com/jane/things/blob/main/a.png"),
        *(
            "umbraco_marketplace",
            "umbraco marketplace",
            "Umbraco\u2010Marketplace",
            "umbraco-marketplac",
            "forms",
            "FORMS",
        ),
        *(
            "http://things.example",
            "https://jane.example/{id}",
            "ftp://x",
            "https://user:pw@jane.example",
            "word " * 60,
        ),
    ]
)
NOT_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd]")
UNSEEN = re.compile("[\u00ad\u200b\u2028\u202e\ufeff]")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(WORDS | st.text(max_size=8), min_size=5, max_size=9),
    name=st.sampled_from(["Jane.Things", "My.Package"]),
)
def test_whatever_a_project_says_its_first_listing_is_clean(
    words: list[str], name: str, tmp_path_factory: pytest.TempPathFactory, run: Run
) -> None:
    title, description, author, caption, url, *tags = words
    folder = tmp_path_factory.mktemp("things")
    with_git(folder)
    values = {"Title": title, "Description": description, "Authors": author, "PackageTags": ";".join(tags)}
    more = "".join(
        f"<{key}>{escape(NOT_XML.sub('', value))}</{key}>"
        for key, value in {**values, "PackageProjectUrl": url}.items()
    )
    readme = f"![{caption}](docs/editor.png)\n".encode("utf-8", "replace")
    put(folder, {f"{name}.csproj": project(name, more), "README.md": readme, "docs/editor.png": PNG})
    with chdir(folder):
        assert run("init", *SAID).exit_code == 0
        assert_nothing_is_found_in("umbraco-marketplace.json")
        assert UNSEEN.search((folder / "umbraco-marketplace.json").read_text("utf-8")) is None


def test_of_many_tags_those_are_left_out_that_a_rule_objects_to(tmp_path: Path, run: Run) -> None:
    """Those before and behind the tenth at once: no index leads to another tag after the first was left out."""
    tags = [f"tag{number}" for number in range(14)]
    damaged = {2: "caf\u00c3\u00a9", 9: "f\u00c3\u00bcr", 10: "gr\u00c3\u00bcn"}
    written = [damaged.get(number, tag) for number, tag in enumerate(tags)]
    with_git(tmp_path)
    put(tmp_path, {"A.csproj": project(more=f"<PackageTags>umbraco-marketplace;{';'.join(written)}</PackageTags>")})
    with chdir(tmp_path):
        assert run("init", *SAID).exit_code == 0
    listing = json.loads((tmp_path / "umbraco-marketplace.json").read_text("utf-8"))
    assert listing["Tags"] == [tag for number, tag in enumerate(tags) if number not in damaged]


def test_a_screenshot_with_two_faults_is_left_out_once(tmp_path: Path, run: Run) -> None:
    with_git(tmp_path, "https://github.com/jane/my.things")
    pictures = {f"docs/{name}.png": PNG for name in ("a", "{b}", "c")}
    readme = "![First](docs/a.png)\n![Caf\u00c3\u00a9](docs/{b}.png)\n![Third](docs/c.png)\n"
    put(tmp_path, {"A.csproj": project(), "README.md": readme, **pictures})
    with chdir(tmp_path):
        assert run("init", *SAID).exit_code == 0
    listing = json.loads((tmp_path / "umbraco-marketplace.json").read_text("utf-8"))
    assert [each["Caption"] for each in listing["Screenshots"]] == ["First", "Third"]


@pytest.mark.parametrize("name", ["everything", "several", "nothing-but-an-id", "deep-url", "odd-texts"])
def test_workflows_are_clean(name: str, folder: Path, run: Run) -> None:
    make, options, _ = CASES[name]
    make(folder)
    run("init", *options)
    workflow = folder / ".github" / "workflows" / "umbraco-marketplace.yml"
    schema = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    assert subprocess.run(schema, capture_output=True).returncode == 0
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    if zizmor is None:
        pytest.skip("zizmor is not here")
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--pedantic", "--no-config", str(workflow)], capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode()


def test_the_settings_file_can_be_read_and_says_the_defaults(folder: Path, run: Run) -> None:
    nothing(folder)
    run("init", *SAID, "--settings")
    settings = load_settings(folder / "umbmarket.toml", "umbmarket.toml")
    assert settings.fail_on == umbmarket.Settings().fail_on
    # What stands there as a comment is right as well.
    text = (folder / "umbmarket.toml").read_text("utf-8")
    uncommented = "".join(
        line.removeprefix("# ") if line.startswith(("# [", '# "')) or " = " in line else line
        for line in text.splitlines(keepends=True)
    )
    (folder / "umbmarket.toml").write_text(uncommented, "utf-8")
    assert load_settings(folder / "umbmarket.toml", "umbmarket.toml").exclude
    assert run("validate").exit_code == 0


def test_a_second_run_changes_nothing(folder: Path, run: Run) -> None:
    single(folder)
    run("init", *SAID, "--workflow", "--settings")
    before = files_of(folder)
    for options in ((), ("--workflow",), ("--settings",), ("--workflow", "--settings")):
        result = run("init", *SAID, *options)
        assert result.exit_code == 2
        assert "already exist" in result.stderr
        assert result.stdout == ""
    assert files_of(folder) == before


def test_a_file_that_is_there_keeps_all_others_from_being_written(folder: Path, run: Run) -> None:
    nothing(folder)
    put(folder, {"umbmarket.toml": "x"})
    result = run("init", *SAID, "--workflow", "--settings")
    assert result.exit_code == 2
    assert result.stderr == "error: umbmarket.toml already exists, and nothing is overwritten\n"
    assert set(files_of(folder)) == {"notes.txt", "umbmarket.toml"}


@pytest.mark.parametrize(
    ("link", "options", "place"),
    [
        ("packages", (), "packages/umbraco-marketplace.json"),
        (".github", ("--workflow",), ".github/workflows/umbraco-marketplace.yml"),
    ],
)
@pytest.mark.usefixtures("symlinks")
def test_nothing_is_written_where_a_link_leads_out_of_the_repository(
    link: str,
    options: tuple[str, ...],
    place: str,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run: Run,
) -> None:
    with_git(folder)
    url = "https://github.com/jane/things/tree/main/packages"
    put(folder, {"Jane.Things.csproj": project(more=TEXTS.format(url=url))})
    outside = tmp_path_factory.mktemp("outside")
    (folder / link).symlink_to(outside, target_is_directory=True)
    result = run("init", *SAID, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (f"error: {place} cannot be written: a link on its path leads out of {folder}\n")
    assert list(outside.iterdir()) == []
    assert not (folder / "packages" / "umbraco-marketplace.json").exists()


@pytest.mark.usefixtures("symlinks")
@pytest.mark.parametrize("name", [".github", ".github/workflows"])
@pytest.mark.parametrize(
    ("kind", "words"), [("file", "is a file, not a folder"), ("link", "is a link to something that does not exist")]
)
def test_what_is_in_the_place_of_a_folder_is_named(name: str, kind: str, words: str, folder: Path, run: Run) -> None:
    nothing(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    if kind == "file":
        (folder / name).write_text("a file")
    else:
        (folder / name).symlink_to("nowhere")
    before = files_of(folder)
    result = run("init", *SAID, "--workflow", "--settings")
    workflow = ".github/workflows/umbraco-marketplace.yml"
    assert result.stderr == f"error: {workflow} cannot be written: {name} {words}\n"
    assert (result.exit_code, result.stdout) == (2, "")
    assert files_of(folder) == before


@pytest.mark.usefixtures("symlinks")
def test_a_link_to_another_folder_of_the_repository_is_followed(folder: Path, run: Run) -> None:
    with_git(folder)
    url = "https://github.com/jane/things/tree/main/packages"
    put(folder, {"Jane.Things.csproj": project(more=TEXTS.format(url=url))})
    (folder / "real").mkdir()
    (folder / "packages").symlink_to("real", target_is_directory=True)
    assert run("init", *SAID).exit_code == 0
    assert (folder / "real" / "umbraco-marketplace.json").is_file()


def test_in_a_folder_below_the_listing_goes_where_the_marketplace_looks(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    single(folder)
    monkeypatch.chdir(folder / "src" / "Jane.Things")
    result = run("init", *SAID)
    assert result.exit_code == 0
    assert result.stdout == f"{(folder / 'umbraco-marketplace.json').as_posix()}\n"
    assert json.loads((folder / "umbraco-marketplace.json").read_bytes())["Title"] == "Things for Editors"


def test_other_packages_of_the_repository_ask_for_a_name_of_its_own(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(folder)
    monkeypatch.chdir(folder / "src" / "Jane.Things.Forms")
    assert run("init", *SAID).exit_code == 0
    assert (folder / "umbraco-marketplace-jane.things.forms.json").exists()
    # From there another package can be named all the same.
    assert run("init", *SAID, "--package-id", "Jane.Things").exit_code == 0
    assert (folder / "umbraco-marketplace-jane.things.json").exists()


def test_screenshots_are_named_on_the_default_branch(folder: Path, run: Run) -> None:
    single(folder)
    shutil.rmtree(folder / ".git" / "refs")
    put(folder, {".git/HEAD": "ref: refs/heads/feature/x\n"})
    run("init", *SAID, "--workflow")
    listing = json.loads((folder / "umbraco-marketplace.json").read_bytes())
    assert listing["Screenshots"][0]["ImageUrl"] == (
        "https://raw.githubusercontent.com/jane/things/HEAD/docs/editor.png"
    )
    workflow = (folder / ".github/workflows/umbraco-marketplace.yml").read_text("utf-8")
    assert 'branches: ["main"]' in workflow


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), f"--category: say one of {', '.join(categories())}: there is no terminal to ask on"),
        (SAID[:2], f"--license-type: say one of {', '.join(license_types())}: there is no terminal to ask on"),
        (
            ("--category", "Serch"),
            f'--category: "Serch" is not one of {", ".join(categories())}; did you mean "Search"?',
        ),
        ((*SAID, "--license-type", "MIT"), '--license-type: "MIT" is not one of Free, Purchase, Subscription'),
        ((*SAID, "--package-id", "a b"), "--package-id: "),
    ],
)
def test_wrong_use(folder: Path, run: Run, options: Sequence[str], message: str) -> None:
    single(folder)
    before = files_of(folder)
    result = run("init", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {message}")
    assert files_of(folder) == before


def test_letter_case_and_spelling_of_choices_do_not_matter(folder: Path, run: Run) -> None:
    nothing(folder)
    assert run("init", "--category", "analytics and insights", "--license-type", "FREE").exit_code == 0
    listing = json.loads((folder / "umbraco-marketplace.json").read_bytes())
    assert (listing["Category"], listing["LicenseTypes"]) == ("Analytics & Insights", ["Free"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
class TestOnATerminal:
    def test_what_is_missing_is_asked_for(self, folder: Path) -> None:
        single(folder)
        answers = [("Category:", "Serch"), ('did you mean "Search"?', "editor tools"), ("Licence type [Free]:", "")]
        found = converse(["init"], answers, folder, {})
        assert found.code == 0
        assert found.output == "umbraco-marketplace.json\n"
        assert " 1  Analytics & Insights" in found.screen
        listing = json.loads((folder / "umbraco-marketplace.json").read_bytes())
        assert (listing["Category"], listing["LicenseTypes"]) == ("Editor Tools", ["Free"])

    def test_one_of_several_packages_is_chosen_by_its_number(self, folder: Path) -> None:
        several(folder)
        found = converse(["init", "--license-type", "Purchase"], [("Package:", "2"), ("Category:", "9")], folder, {})
        assert found.code == 0
        assert found.output == "umbraco-marketplace-jane.things.forms.json\n"
        listing = json.loads((folder / "umbraco-marketplace-jane.things.forms.json").read_bytes())
        assert listing["Category"] == categories()[8]

    def test_who_does_not_answer_gets_nothing(self, folder: Path) -> None:
        single(folder)
        before = files_of(folder)
        assert converse(["init"], [("Category:", END)], folder, {}).code == 130
        assert files_of(folder) == before

    def test_nothing_is_asked_where_a_listing_is_there(self, folder: Path) -> None:
        with_listing(folder)
        assert converse(["init", "--settings"], [], folder, {}).code == 0
