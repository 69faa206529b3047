"""A solution that the user names: it stands for the projects that it lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.umbraco.test_projects import TAG, BuildPackage, Tree, files, lines
from umbmarket.check.report import ExitCode
from umbmarket.umbraco.actions.inspect import BrokenPackage, CannotRead, inspect_package, inspect_packages
from umbmarket.umbraco.actions.preview import CannotPreview, NothingToPreview, preview


@pytest.fixture
def tree(tmp_path: Path, nupkg: BuildPackage) -> Tree:
    return Tree(tmp_path, nupkg)


def solution(tree: Tree, *projects: str, name: str = "X.slnx") -> str:
    listed = "".join(f'  <Project Path="{path}" />\n' for path in projects)
    return tree.write(name, f"<Solution>\n{listed}</Solution>\n")


def test_its_projects_are_judged_as_if_they_were_found(tree: Tree) -> None:
    mine, core = tree.project(), tree.project("core/Core.csproj", "My.Core", tags=None)
    tree.project("other/Other.csproj", "My.Other", tags="umbraco_marketplace")
    report = tree.report(solution(tree, mine, core))
    assert files(report) == [("src/My.Package.csproj", "project")]
    assert report.remarks == (
        "1 project read as dotnet pack would write it",
        'not checked for the Marketplace, because other packages here are meant for it: "My.Core"',
    )
    assert [each.path for each in tree.report().findings if each.code == "UMB305"] == ["other/Other.csproj"]
    assert lines(report, "UMB305") == []


@pytest.mark.parametrize("name", ["X.sln", "X.slnf"])
def test_each_kind_of_solution_is_read(name: str, tree: Tree) -> None:
    tree.project()
    path = "src\\My.Package.csproj"
    tree.write(
        "X.sln",
        "Microsoft Visual Studio Solution File, Format Version 12.00\n"
        f'Project("{{9A19103F-16F7-4668-BE54-9A1E7A4F7556}}") = "My.Package", "{path}", "{{1}}"\nEndProject\n',
    )
    tree.write("X.slnf", '{"solution": {"path": "X.sln", "projects": ["src\\\\My.Package.csproj"]}}')
    assert files(tree.report(name)) == [("src/My.Package.csproj", "project")]


def test_a_solution_that_was_named_counts_where_found_projects_do_not(tree: Tree) -> None:
    path = solution(tree, tree.project())
    assert files(tree.report(".", projects=False)) == []
    assert files(tree.report(path, projects=False)) == [("src/My.Package.csproj", "project")]


def test_a_project_that_is_named_beside_it_is_named(tree: Tree) -> None:
    project = tree.project(tags="search")
    path = solution(tree, project)
    alone = tree.report(path)
    assert (files(alone), alone.exit_code) == ([], ExitCode.NOTHING_TO_CHECK)
    assert alone.remarks == (
        f'"src/My.Package.csproj" would be packed without the tag "{TAG}"; name a project to have it checked',
    )
    for both in ((path, project), (project, path)):
        assert [each.partition(" UMB305")[0] for each in lines(tree.report(*both), "UMB305")] == [
            "src/My.Package.csproj:6:5 error"
        ]
    assert [each.path for each in tree.report(".", path).findings] == []


def test_projects_that_cannot_be_looked_at_are_told_in_the_summary(tree: Tree) -> None:
    path = solution(tree, "none.csproj", "../outside.csproj", tree.project(), "native.vcxproj")
    (tree.root.parent / "outside.csproj").write_text("<Project/>")
    report = tree.report(path)
    assert files(report) == [("src/My.Package.csproj", "project")]
    outside = tree.root.parent / "outside.csproj"
    assert report.remarks[1:] == (
        "none.csproj was not checked: there is no such file or folder",
        f"{outside.as_posix()} was not checked: it is outside of the repository",
    )


@pytest.mark.parametrize(("count", "last"), [(20, "19.csproj was not checked"), (22, "2 more files were not checked")])
def test_not_all_of_very_many_missing_projects_are_named(count: int, last: str, tree: Tree) -> None:
    remarks = tree.report(solution(tree, *(f"{number}.csproj" for number in range(count)))).remarks
    missing = [remark for remark in remarks if "not checked" in remark]
    assert len(missing) == min(count, 20) + (count > 20)
    assert missing[-1].startswith(last)


def test_what_the_settings_exclude_is_left_out(tree: Tree) -> None:
    path = solution(tree, tree.project(), tree.project("demo/Demo.csproj", "My.Demo"))
    assert files(tree.report(path, exclude=("demo",))) == [("src/My.Package.csproj", "project")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("X.sln", "", 'it does not begin with "Microsoft Visual Studio Solution File, Format Version"'),
        ("X.slnx", "<Project />", "its root element is not <Solution>"),
        ("X.slnf", None, "there is no such file or folder"),
    ],
)
def test_a_solution_that_cannot_be_read_is_an_error(name: str, text: str | None, reason: str, tree: Tree) -> None:
    if text is not None:
        tree.write(name, text)
    report = tree.report(name)
    assert files(report) == [(name, "project")]
    assert lines(report, "UMB701") == [f"{name} error UMB701 the solution cannot be read: {reason}"]
    assert report.exit_code is ExitCode.FINDINGS


def test_inspect_shows_its_projects_that_are_packed(tree: Tree) -> None:
    mine, core = tree.project(), tree.project("core/Core.csproj", "My.Core", tags=None)
    tests = tree.project("tests/T.csproj", "T", properties="<IsPackable>false</IsPackable>")
    path = solution(tree, core, mine, tests, "none.csproj")
    found = inspect_packages([tree.root / path], root=tree.root)
    assert [each.path for each in found.packages] == [core, mine]
    assert (found.problems, found.asked, found.projects) == ((), 2, 2)
    assert found.skipped == (("none.csproj", "there is no such file or folder"),)
    with pytest.raises(CannotRead, match=r"X\.slnx contains several packages; use inspect_packages$"):
        inspect_package(tree.root / path, root=tree.root)
    one = inspect_package(tree.root / solution(tree, mine, tests), root=tree.root)
    assert one.path == mine


def test_inspect_says_that_a_solution_has_nothing_to_show(tree: Tree) -> None:
    path = solution(tree, tree.project(properties="<IsPackable>false</IsPackable>"))
    with pytest.raises(CannotRead, match=r"^X\.slnx lists no project that dotnet pack packs$"):
        inspect_package(tree.root / path, root=tree.root)
    missing = "; none.csproj was not read: there is no such file or folder"
    with pytest.raises(CannotRead, match=f"^X.slnx lists no project that dotnet pack packs{missing}$"):
        inspect_package(tree.root / solution(tree, "none.csproj"), root=tree.root)
    with pytest.raises(BrokenPackage, match=r"the solution cannot be read: it is not JSON$"):
        inspect_package(tree.root / tree.write("X.slnf", "x"), root=tree.root)


def test_preview_shows_the_project_for_the_marketplace(tree: Tree) -> None:
    mine, core = tree.project(), tree.project("core/Core.csproj", "My.Core", tags=None)
    path = solution(tree, core, mine)
    assert preview(tree.root / path, root=tree.root).name == "My.Package"
    other = solution(tree, mine, tree.project("other/Other.csproj", "My.Other"))
    with pytest.raises(
        CannotPreview, match=r"several packages are here; name one with --package: My\.Package, My\.Other"
    ):
        preview(tree.root / other, root=tree.root)
    assert preview(tree.root / other, package="My.Other", root=tree.root).name == "My.Other"
    with pytest.raises(NothingToPreview):
        preview(tree.root / solution(tree), root=tree.root)
