"""Which listing belongs to which package, on real folders with `.git` folders written by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.umbraco.finding import find
from umbmarket.findings import Place, Span
from umbmarket.umbraco.facts import ListingFacts, PackageFacts
from umbmarket.umbraco.workspace import Workspace

BuildPackage = Callable[..., bytes]

LISTING = "umbraco-marketplace.json"
OWN = "umbraco-marketplace-my.package.json"
URL = "https://github.com/jane/my-package"
PACKAGE = "artifacts/My.Package.1.2.3.nupkg"


class Project:
    """A folder with listings and packages."""

    def __init__(self, root: Path, nupkg: BuildPackage) -> None:
        self.root = root
        self._nupkg = nupkg
        root.mkdir(parents=True, exist_ok=True)

    def git(self, remote: str | None = f"{URL}.git", branch: str = "main", default: str | None = "main") -> Project:
        git = self.root / ".git"
        (git / "refs" / "remotes" / "origin").mkdir(parents=True)
        (git / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
        (git / "config").write_text(f'[remote "origin"]\n\turl = {remote}\n' if remote else "")
        if default:
            (git / "refs" / "remotes" / "origin" / "HEAD").write_text(f"ref: refs/remotes/origin/{default}\n")
        return self

    def listing(self, path: str = LISTING, **values: object) -> Project:
        return self.file(path, json.dumps(values or {"Category": "Search"}))

    def file(self, path: str, text: str = "# Readme\n") -> Project:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")
        return self

    def package(self, path: str = PACKAGE, **texts: str | None) -> Project:
        values = {"projectUrl": URL, "tags": "umbraco-marketplace", **texts}
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(self._nupkg(**values))
        return self

    def find(self, *paths: str, package_id: str | None = None) -> Workspace:
        return find([self.root / path for path in paths or (".",)], root=self.root, package_id=package_id)

    def only(self, *paths: str) -> PackageFacts:
        (facts,) = self.find(*paths).packages
        return facts


@pytest.fixture
def project(tmp_path: Path, nupkg: BuildPackage) -> Project:
    return Project(tmp_path / "project", nupkg)


def paired(facts: PackageFacts) -> tuple[str | None, bool]:
    return facts.listing.document.path if facts.listing is not None else None, facts.found_at_placement


def pairs(workspace: Workspace) -> dict[str, tuple[str | None, bool]]:
    return {facts.document.id or "": paired(facts) for facts in workspace.packages}


def test_the_root_of_the_repository(project: Project) -> None:
    workspace = project.git().listing().listing("src/" + LISTING).package().find()
    (facts,) = workspace.packages
    assert paired(facts) == (LISTING, True)
    assert facts.listing is workspace.listings[1]
    assert workspace.listings[1].packages == (facts,)
    assert workspace.listings[0].packages == ()
    assert facts.placement.branch == "main"
    assert facts.repository is workspace.listings[1].repository
    assert facts.relation == "same"


def test_the_file_with_the_id_comes_first(project: Project) -> None:
    assert paired(project.git().listing().listing(OWN).package().only()) == (OWN, True)


def test_the_id_counts_in_lower_case_alone(project: Project) -> None:
    project.git().listing().listing("umbraco-marketplace-My.Package.json").package()
    if (project.root / OWN).exists():
        pytest.skip("this disk does not tell upper and lower case apart")
    assert paired(project.only()) == (LISTING, True)


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}/tree/main/src/My.Package",
        f"{URL}/tree/main/src/My.Package/",
        f"{URL}/blob/main/src/My.Package",
        "https://www.github.com/Jane/My-Package.git/tree/main/src/My.Package",
        "https://raw.githubusercontent.com/jane/my-package/main/src/My.Package",
    ],
)
def test_a_folder_of_the_repository(project: Project, url: str) -> None:
    project.git().listing().listing(f"src/My.Package/{LISTING}").package(projectUrl=url)
    assert paired(project.only()) == (f"src/My.Package/{LISTING}", True)


def test_a_branch_with_slashes(project: Project) -> None:
    project.git(branch="v13/main").listing("src/" + LISTING).package(projectUrl=f"{URL}/tree/v13/main/src")
    project.file(".git/refs/heads/v13/main", "abc\n")
    facts = project.only()
    assert paired(facts) == ("src/" + LISTING, True)
    assert (facts.placement.branch, facts.placement.directory) == ("v13/main", "src")


def test_several_packages_and_listings(project: Project) -> None:
    project.git().listing().listing(OWN).listing(f"src/Deep/{LISTING}")
    project.package()
    project.package("artifacts/Other.1.0.0.nupkg", id="Other")
    project.package("artifacts/Third.1.0.0.nupkg", id="Third")
    project.package("artifacts/Deep.1.0.0.nupkg", id="Deep", projectUrl=f"{URL}/tree/main/src/Deep")
    workspace = project.find()
    assert pairs(workspace) == {
        "Deep": (f"src/Deep/{LISTING}", True),
        "My.Package": (OWN, True),
        "Other": (LISTING, True),
        "Third": (LISTING, True),
    }
    ids = {listing.document.path: listing.package_id for listing in workspace.listings}
    assert ids == {LISTING: None, OWN: "my.package", f"src/Deep/{LISTING}": "Deep"}
    for facts in workspace.packages:
        assert facts.run == workspace.packages
        assert len(facts.siblings) == 3
        assert facts not in facts.siblings


def test_a_listing_outside_of_the_paths_is_read_but_not_checked(project: Project) -> None:
    workspace = project.git().listing(VersionDependencyMode="SemVer").package().find(PACKAGE)
    (facts,) = workspace.packages
    assert workspace.listings == ()
    assert paired(facts) == (LISTING, True)
    assert facts.listing is not None
    assert (facts.listing.checked, facts.listing.package_id, facts.listing.folder) == (False, "My.Package", "")
    assert facts.mode == "SemVer"


def test_packages_share_such_a_listing(project: Project) -> None:
    second = "artifacts/Other.1.0.0.nupkg"
    workspace = project.git().listing().package().package(second, id="Other").find(PACKAGE, second)
    first, other = workspace.packages
    assert first.listing is other.listing
    assert first.listing is not None
    assert first.listing.packages == (first, other)
    assert first.listing.package_id is None


@pytest.mark.usefixtures("symlinks")
def test_a_listing_that_is_named_by_another_way_is_that_of_the_run(project: Project) -> None:
    project.git().listing().package()
    (project.root.parent / "way").symlink_to(project.root, target_is_directory=True)
    workspace = find([project.root.parent / "way" / LISTING, project.root / PACKAGE], root=project.root)
    assert workspace.packages[0].listing is workspace.listings[0]


def test_a_listing_that_was_handed_in_counts_for_the_file(project: Project) -> None:
    project.git().listing().package()
    workspace = find(
        [project.root / PACKAGE], root=project.root, given=(LISTING, b'{"VersionDependencyMode": "SemVer"}')
    )
    assert workspace.packages[0].listing is workspace.listings[0]
    assert workspace.packages[0].mode == "SemVer"


def test_a_package_that_lies_elsewhere(project: Project, tmp_path: Path, nupkg: BuildPackage) -> None:
    project.git().listing()
    Project(tmp_path / "out", nupkg).package("My.Package.nupkg")
    (with_folder,) = project.find(".", "../out/My.Package.nupkg").packages
    (alone,) = project.find("../out/My.Package.nupkg").packages
    for facts in (with_folder, alone):
        assert paired(facts) == (LISTING, True)
        assert facts.relation == "same"


def test_a_package_that_lies_in_another_repository(project: Project, tmp_path: Path, nupkg: BuildPackage) -> None:
    project.git().listing()
    other = Project(tmp_path / "other", nupkg).git("https://github.com/jane/other").listing().package()
    workspace = find([project.root, other.root], root=tmp_path)
    (facts,) = workspace.packages
    assert paired(facts) == (f"project/{LISTING}", True)
    assert facts.relation == "same"


def test_a_fork(project: Project) -> None:
    facts = project.git("https://github.com/john/my-package").listing("src/" + LISTING).listing().package().only()
    assert paired(facts) == (LISTING, True)
    assert facts.relation == "fork"


def test_another_repository_goes_by_name(project: Project) -> None:
    project.git("https://github.com/jane/other").listing("src/" + LISTING).package()
    assert paired(project.only(".", PACKAGE)) == ("src/" + LISTING, False)
    assert project.only(".", PACKAGE).relation == "other"


def test_a_package_of_others_gets_no_listing_without_a_name(project: Project) -> None:
    project.git("https://github.com/jane/other").listing().package("feed/My.Package.1.2.3.nupkg")
    workspace = project.find()
    assert pairs(workspace) == {"My.Package": (None, False)}
    assert workspace.listings[0].package_id is None
    project.listing(OWN)
    assert pairs(project.find()) == {"My.Package": (OWN, False)}


@pytest.mark.parametrize(("remote", "found"), [(None, True), ("https://dev.azure.com/jane/p/_git/x", True)])
def test_a_remote_that_tells_nothing(project: Project, remote: str | None, found: bool) -> None:
    facts = project.git(remote).listing("src/" + LISTING).listing().package().only()
    assert paired(facts) == (LISTING, found)
    assert facts.relation == "unknown"


def test_a_website_goes_by_name(project: Project) -> None:
    project.git().listing("web/" + OWN).listing().package(projectUrl="https://example.com/my-package")
    facts = project.only()
    assert paired(facts) == ("web/" + OWN, False)
    assert facts.relation is None
    assert facts.repository is not None


def test_without_git_names_must_do(project: Project) -> None:
    project.listing("deep/down/umbraco-marketplace-MY.Package.json").listing().package()
    assert paired(project.only()) == ("deep/down/umbraco-marketplace-MY.Package.json", False)


def test_without_git_the_only_listing_without_a_name(project: Project) -> None:
    project.listing("a/" + LISTING).listing("a/umbraco-marketplace-other.json").package()
    assert paired(project.only()) == (f"a/{LISTING}", False)
    project.listing("b/" + LISTING)
    assert paired(project.only()) == (None, False)


def test_of_two_with_the_same_name_that_of_the_same_repository(project: Project, nupkg: BuildPackage) -> None:
    project.listing("a/" + OWN)
    Project(project.root / "b", nupkg).git().listing("src/" + OWN).package("out/My.Package.nupkg")
    assert paired(project.only()) == (f"b/src/{OWN}", False)


def test_a_listing_that_lies_elsewhere_in_the_repository(project: Project) -> None:
    facts = project.git().listing("src/" + LISTING).package().only()
    assert paired(facts) == ("src/" + LISTING, False)
    assert facts.relation == "same"


@pytest.mark.parametrize(
    "url", [None, "", "ftp://example.com", "not an address", "https://github.com/jane/my-package/tree/main/.."]
)
def test_a_project_url_that_leads_nowhere(project: Project, url: str | None) -> None:
    assert paired(project.git().listing().package(projectUrl=url).only()) == (LISTING, False)


def test_the_id_of_a_listing_is_that_of_its_only_package(project: Project) -> None:
    assert [facts.package_id for facts in project.git().listing().package().find().listings] == ["My.Package"]


def test_packages_without_the_tag_do_not_count_beside_those_with_it(project: Project) -> None:
    project.git().listing().package().package("artifacts/My.Package.Core.1.0.0.nupkg", id="My.Package.Core", tags="x")
    workspace = project.find()
    assert pairs(workspace) == {"My.Package": (LISTING, True), "My.Package.Core": (LISTING, True)}
    assert workspace.listings[0].package_id == "My.Package"


def test_the_same_package_twice_is_one(project: Project) -> None:
    second = "other/My.Package.1.2.4.nupkg"
    workspace = project.git().listing().package().package(second, id="my.package").find(".", PACKAGE, second)
    assert len(workspace.packages) == 2
    assert (workspace.listings[0].package_id or "").lower() == "my.package"


def test_what_the_user_says_of_a_listing_counts(project: Project) -> None:
    project.listing().package().package("artifacts/Other.1.0.0.nupkg", id="Other")
    workspace = project.find(package_id="Other")
    assert workspace.listings[0].package_id == "Other"
    assert pairs(workspace) == {"My.Package": (None, False), "Other": (LISTING, False)}


def test_the_readme_for_a_package(project: Project) -> None:
    project.git().listing().file("umbraco-marketplace-readme.md", "# Ours\n").package()
    workspace = project.find()
    (facts,) = workspace.packages
    assert facts.readme_file is not None
    assert facts.readme_file is workspace.readmes[0]
    assert (facts.readme_file.path, facts.readme_file.suffix) == ("umbraco-marketplace-readme.md", None)
    assert facts.readme_file.source.text == "# Ours\n"
    region = facts.readme_file.locate(Place(span=Span(2, 6)))
    assert region is not None
    assert region[:4] == (1, 3, 1, 7)
    assert facts.readme_file.locate(Place()) is None
    project.file("umbraco-marketplace-readme-my.package.md", "# Its own\n")
    found = project.only().readme_file
    assert found is not None
    assert (found.suffix, found.source.text) == ("my.package", "# Its own\n")


def test_a_readme_outside_of_the_paths_belongs_to_the_package_but_not_to_the_run(project: Project) -> None:
    workspace = project.git().file("umbraco-marketplace-readme.md").package().find(PACKAGE)
    assert workspace.readmes == ()
    assert workspace.packages[0].readme_file is not None
    assert workspace.packages[0].readme_file.path == "umbraco-marketplace-readme.md"


@pytest.mark.parametrize("remote", ["https://github.com/jane/other", None])
def test_a_readme_elsewhere_is_not_the_packages(project: Project, remote: str | None) -> None:
    facts = project.git(remote).file("docs/umbraco-marketplace-readme.md").package().only()
    assert facts.readme_file is None


def test_a_readme_that_is_too_large_or_gone(project: Project) -> None:
    project.git().file("umbraco-marketplace-readme.md", "x" * (1024 * 1024 + 1)).package()
    project.file("umbraco-marketplace-readme-my.package.md")
    workspace = project.find()
    os.remove(project.root / "umbraco-marketplace-readme-my.package.md")
    texts = {readme.path: readme.source.text for readme in workspace.readmes}
    assert texts == {"umbraco-marketplace-readme.md": "", "umbraco-marketplace-readme-my.package.md": ""}


def test_of_found_packages_the_newest_of_each_id_stays(project: Project) -> None:
    for version in ("9.0.0", "10.0.0-rc.1", "10.0.0", "2.0.0"):
        project.package(f"out/My.Package.{version}.nupkg", version=version)
    project.package("old/MY.PACKAGE.nupkg", id="MY.PACKAGE", version="9.9.9").package("x/Other.nupkg", id="Other")
    paths = [facts.document.path for facts in project.find().packages]
    assert paths == ["out/My.Package.10.0.0.nupkg", "x/Other.nupkg"]
    assert [facts.named for facts in project.find().packages] == [False, False]


def test_of_the_same_version_the_last_path_stays(project: Project) -> None:
    for path in ("bin/Debug/a.nupkg", "bin/Release/a.nupkg", "artifacts/a.nupkg"):
        project.package(path)
    assert [facts.document.path for facts in project.find().packages] == ["bin/Release/a.nupkg"]


def test_a_version_that_cannot_be_read_is_older_than_all(project: Project) -> None:
    project.package("a/1.nupkg", version="0.0.1").package("b/2.nupkg", version="nonsense")
    assert [facts.document.path for facts in project.find().packages] == ["a/1.nupkg"]


def test_named_packages_stay_all_and_stand_for_their_id(project: Project) -> None:
    for version in ("1.0.0", "2.0.0", "3.0.0"):
        project.package(f"out/My.Package.{version}.nupkg", version=version)
    project.package("out/Other.nupkg", id="Other")
    workspace = project.find(".", "out/My.Package.1.0.0.nupkg", "out/My.Package.2.0.0.nupkg")
    assert [(facts.document.path, facts.named) for facts in workspace.packages] == [
        ("out/My.Package.1.0.0.nupkg", True),
        ("out/My.Package.2.0.0.nupkg", True),
        ("out/Other.nupkg", False),
    ]


def test_each_package_counts_once(project: Project) -> None:
    project.package().package("artifacts/Other.nupkg", id="Other")
    workspace = project.find("artifacts", PACKAGE, f"./artifacts/../{PACKAGE}", ".", "artifacts")
    assert [(facts.document.path, facts.named) for facts in workspace.packages] == [
        (PACKAGE, True),
        ("artifacts/Other.nupkg", False),
    ]


@pytest.mark.usefixtures("symlinks")
def test_a_package_that_is_reached_through_a_link_counts_once(project: Project) -> None:
    project.package()
    (project.root / "link.nupkg").symlink_to(PACKAGE)
    workspace = project.find(PACKAGE, "link.nupkg")
    assert [facts.document.path for facts in workspace.packages] == [PACKAGE]


def test_symbol_packages(project: Project) -> None:
    types = '<packageTypes><packageType name="SymbolsPackage" /></packageTypes>'
    project.package("a.snupkg").package("b.symbols.nupkg").package("c.nupkg", extra=types).package("d.nupkg")
    assert [facts.document.path for facts in project.find().packages] == ["d.nupkg"]
    named = project.find("a.snupkg", "b.symbols.nupkg", "c.nupkg").packages
    assert [facts.document.path for facts in named] == ["a.snupkg", "b.symbols.nupkg", "c.nupkg"]
    assert all(facts.document.is_symbols for facts in named)


def test_what_is_no_package_is_one_with_problems(project: Project) -> None:
    project.file("a.nupkg", "no ZIP").file("b.nupkg", "no ZIP either").listing()
    workspace = project.find(".", "missing.nupkg")
    problems = {
        facts.document.path: facts.document.unusable.kind
        for facts in workspace.packages
        if facts.document.unusable is not None
    }
    assert problems == {"a.nupkg": "not-a-zip", "b.nupkg": "not-a-zip", "missing.nupkg": "unreadable"}
    assert [facts.document.path for facts in workspace.listings] == [LISTING]


def test_broken_packages_take_no_listing_from_others(project: Project) -> None:
    workspace = project.git().listing().package().file("feed/broken.nupkg", "no ZIP").find()
    assert [paired(facts) for facts in workspace.packages] == [(LISTING, True), (None, False)]
    assert workspace.listings[0].package_id == "My.Package"


def test_no_search_for_similar_files_is_made(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from umbmarket.git.working_tree import WorkingTree

    def unwanted(tree: WorkingTree, path: str) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(WorkingTree, "look_up", unwanted)
    assert paired(project.git().listing("src/" + LISTING).package().only()) == ("src/" + LISTING, False)


def test_facts_without_a_run(nupkg: BuildPackage) -> None:
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.listing import Listing
    from umbmarket.umbraco.placement import place

    facts = PackageFacts(NuGetPackage.from_bytes("a.nupkg", nupkg()), place(None))
    assert (facts.run, facts.siblings, facts.relation, facts.tagged) == ((), (), None, False)
    listing = ListingFacts(Listing("src/a.json", b"{}"), folder="src")
    assert (listing.packages, listing.checked, listing.path_in_repository) == ((), True, "src/a.json")
    assert ListingFacts(Listing("src/a.json", b"{}")).path_in_repository is None
