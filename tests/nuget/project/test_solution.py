"""Solutions: which projects they list, and why some are not looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.nuget.project.conftest import Tree
from tests.trees import Git
from umbmarket.nuget.project.solution import LARGEST_SOLUTION, projects_of
from umbmarket.nuget.project.unknown import Unknown

HEADER = "Microsoft Visual Studio Solution File, Format Version 12.00\n# Visual Studio Version 17\n"
CSHARP = "{9A19103F-16F7-4668-BE54-9A1E7A4F7556}"
FOLDER = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}"


def line(path: str, kind: str = CSHARP) -> str:
    name = path.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return f'Project("{kind}") = "{name}", "{path}", "{{11111111-1111-1111-1111-111111111111}}"\nEndProject\n'


def listed(root: Path, name: str) -> list[tuple[str, str]]:
    """The paths below the root with their problems."""
    found = projects_of(str(root / name))
    assert not isinstance(found, Unknown)
    return [(os.path.relpath(each.path, root).replace(os.sep, "/"), each.problem) for each in found]


def reason(root: Path, name: str) -> str:
    found = projects_of(str(root / name))
    assert isinstance(found, Unknown)
    return found.reason


def test_a_sln_lists_projects_and_no_folders(tree: Tree) -> None:
    text = HEADER + line("src\\A\\A.csproj") + line("src", FOLDER) + line("tests/B.fsproj") + line("src\\A\\A.csproj")
    global_section = "Global\n\tGlobalSection(NestedProjects) = preSolution\n\tEndGlobalSection\nEndGlobal\n"
    root = tree({"X.sln": text + global_section})
    assert listed(root, "X.sln") == [("src/A/A.csproj", ""), ("tests/B.fsproj", "")]


def test_a_sln_as_visual_studio_writes_it(tree: Tree) -> None:
    text = f"\ufeff\n{HEADER}{line('A.csproj')}".replace("\n", "\r\n")
    root = tree({"X.SLN": text, "wide.sln": ""})
    (root / "wide.sln").write_bytes(f"\n{HEADER}{line('Ä.csproj')}".encode("utf-16"))
    assert listed(root, "X.SLN") == [("A.csproj", "")]
    assert listed(root, "wide.sln") == [("Ä.csproj", "")]


def test_a_slnx_lists_projects_wherever_its_folders_are(tree: Tree) -> None:
    text = (
        '<Solution>\n  <Configurations><Platform Name="x64" /></Configurations>\n  <Project Path="src\\A.csproj" />\n'
        '  <Folder Name="/src/">\n    <File Path="README.md" />\n    <Project Path="src/B.vbproj" Type="x">\n'
        '      <BuildDependency Project="src/A.csproj" />\n    </Project>\n  </Folder>\n  <Project />\n'
        '  <Properties Name="x"><Project Path="no.csproj" /></Properties>\n</Solution>\n'
    )
    root = tree({"X.slnx": text, "empty.slnx": "<Solution />"})
    assert listed(root, "X.slnx") == [("src/A.csproj", ""), ("src/B.vbproj", "")]
    assert listed(root, "empty.slnx") == []


def test_a_filter_names_projects_from_the_folder_of_its_solution(tree: Tree) -> None:
    text = (
        '{\n  // what is packed\n  "solution": {\n    "path": "..\\\\X.sln",\n'
        '    "projects": ["src\\\\A.csproj", "src/B.csproj", 7,]\n  }\n}\n'
    )
    root = tree({"build/pack.slnf": text, "Directory.Build.props": "<Project />"})
    assert listed(root, "build/pack.slnf") == [("src/A.csproj", ""), ("src/B.csproj", "")]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("X.sln", "", 'it does not begin with "Microsoft Visual Studio Solution File, Format Version"'),
        ("X.sln", "\n\n" + HEADER, 'it does not begin with "Microsoft Visual Studio Solution File, Format Version"'),
        ("X.slnx", "<Solution>\n", "the file ends before <Solution>, opened on line 1, is closed"),
        ("X.slnx", "<Project />", "its root element is not <Solution>"),
        ("X.slnx", "<!DOCTYPE x><Solution />", "it has a DOCTYPE"),
        (
            "X.slnx",
            f"<Solution>{'<Folder>' * 3000}{'</Folder>' * 3000}</Solution>",
            "its elements are nested too deeply",
        ),
        ("X.slnx", f"<Solution>{'<Project />' * 50_000}</Solution>", "it has more than 50,000 elements"),
        ("X.slnf", "{", "it is not JSON"),
        ("X.slnf", "[" * 5000, "it is not JSON"),
        ("X.slnf", '{"solution": {"path": 1, "projects": []}}', 'it has no "solution" with "path" and "projects"'),
        ("X.slnf", "[]", 'it has no "solution" with "path" and "projects"'),
        ("X.sln", "x" * (LARGEST_SOLUTION + 1), "it is longer than the limit of 4,194,304 bytes"),
    ],
)
def test_what_is_no_solution_is_unknown(name: str, text: str, expected: str, tree: Tree) -> None:
    assert reason(tree({name: text}), name) == expected


def test_a_solution_that_is_not_there_or_a_folder_is_unknown(tree: Tree) -> None:
    root = tree({"folder.sln/x": ""})
    assert reason(root, "none.sln") == "there is no such file or folder"
    assert reason(root, "folder.sln") == "it is a folder, not a file"


@pytest.mark.parametrize(
    "path", ["../outside.csproj", "..\\outside.csproj", "/etc/passwd.csproj", "src/../../outside.csproj"]
)
def test_nothing_outside_of_the_repository_is_to_be_read(path: str, tree: Tree) -> None:
    root = tree(
        {"X.sln": HEADER + line(path) + line("A.csproj"), "X.slnx": f'<Solution><Project Path="{path}"/></Solution>'}
    )
    assert [problem for _, problem in listed(root, "X.sln")] == ["it is outside of the repository", ""]
    assert [problem for _, problem in listed(root, "X.slnx")] == ["it is outside of the repository"]


def test_a_link_out_of_the_repository_is_outside(tree: Tree, symlinks: None) -> None:
    root = tree({"X.sln": HEADER + line("link/A.csproj")})
    (root / "link").symlink_to(root.parent, target_is_directory=True)
    assert listed(root, "X.sln") == [("link/A.csproj", "it is outside of the repository")]


def test_a_solution_that_is_a_link_lists_what_lies_around_the_link(tree: Tree, symlinks: None) -> None:
    root = tree({"A.csproj": ""})
    (root.parent / "elsewhere").mkdir()
    (root.parent / "elsewhere" / "X.sln").write_text(HEADER + line("A.csproj"))
    (root / "X.sln").symlink_to(root.parent / "elsewhere" / "X.sln")
    assert listed(root, "X.sln") == [("A.csproj", "")]


def test_a_solution_in_a_folder_of_its_own_names_what_lies_in_its_repository(repository: Path, git: Git) -> None:
    (repository / "build").mkdir()
    (repository / "build" / "X.sln").write_text(HEADER + line("..\\src\\A.csproj") + line("..\\..\\B.csproj"))
    assert listed(repository, "build/X.sln") == [
        ("src/A.csproj", ""),
        ("../B.csproj", "it is outside of the repository"),
    ]


def test_names_that_no_file_can_have(tree: Tree) -> None:
    root = tree({"X.slnf": '{"solution": {"path": "X.sln", "projects": ["a\\u0000.csproj", "\\ud800.csproj"]}}'})
    assert next(problem for _, problem in listed(root, "X.slnf")) == "no file can have such a name"
