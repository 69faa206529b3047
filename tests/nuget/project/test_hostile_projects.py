"""Project files that mean harm: they read nothing outside of the root, never raise, and take bounded time."""

from __future__ import annotations

import os
import random
import re
import time
from pathlib import Path

import pytest

from tests.nuget.project.conftest import Evaluated, Planned, Tree, sdk
from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget.project.evaluation import Evaluation, evaluate
from umbmarket.nuget.project.plan import plan
from umbmarket.nuget.project.planned_package import PlannedPackage
from umbmarket.nuget.project.unknown import Unknown

SECRET = "<Project><PropertyGroup><Title>secret</Title></PropertyGroup></Project>"

SECONDS = 5
"""Of processor time: what is bounded takes a fraction of it, what is not takes hours."""


def _everything(package: PlannedPackage) -> str:
    """All that a rule could ask, as text."""
    asked = [
        package.whole,
        package.packable,
        package.unknowns,
        package.dependency_groups,
        package.icon,
        package.readme,
        package.license_file,
        package.license,
        package.repository,
        package.package_types,
        package.tags,
        package.authors,
        package.version,
        package.nuspec.source.text if package.nuspec is not None else None,
        package.dropped_project_url,
        [(problem, str(problem.place)) for problem in package.problems],
    ]
    evaluation = package.evaluation
    if evaluation is not None:
        asked += [evaluation.frameworks, evaluation.imports, evaluation.notes, evaluation.problems]
        asked += [evaluation.value(name) for name in ("Title", "PackageId", "PackageTags", "Version")]
        asked += [evaluation.items(kind) for kind in ("PackageReference", "ProjectReference", "PackageVersion", "None")]
    return repr(asked)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file outside of the root that must not be read."""
    path = tmp_path / "outside" / "secret.props"
    path.parent.mkdir()
    path.write_text(SECRET, "utf-8")
    return path


@pytest.mark.parametrize(
    "address",
    [
        "../outside/secret.props",
        "..\\outside\\secret.props",
        "$(MSBuildProjectDirectory)/../outside/secret.props",
        "{outside}",
        "{folder}/*.props",
        "../outside/*.props",
        "x/../../outside/secret.props",
        "%2E%2E/outside/secret.props",
        "\\\\server\\share\\secret.props",
        "//server/share/secret.props",
        "file:///etc/passwd",
        "/dev/stdin",
        "/proc/self/environ",
        "C:\\secret.props",
        "CON",
        "NUL",
        "~/secret.props",
    ],
)
@pytest.mark.parametrize("condition", ["", " Condition=\"Exists('{address}')\""])
def test_no_import_leads_out_of_the_root(address: str, condition: str, outside: Path, planned: Planned) -> None:
    written = (
        address.format(outside=outside.as_posix(), folder=outside.parent.as_posix()) if "{" in address else address
    )
    package = planned(f'<Import Project="{written}"{condition.format(address=written)}/>')
    assert "secret'" not in _everything(package)
    assert package.evaluation is not None
    assert package.evaluation.imports == ()


@pytest.mark.parametrize(
    "expression",
    [
        "$([System.IO.File]::ReadAllText('{path}'))",
        "$([System.IO.File]::ReadAllText('../outside/secret.props'))",
        "$([System.IO.File]::Exists('{path}'))",
        "$([System.IO.Directory]::Exists('../outside'))",
        "$([MSBuild]::GetPathOfFileAbove('secret.props', '../outside'))",
        "$([MSBuild]::GetDirectoryNameOfFileAbove('{folder}', 'secret.props'))",
        "$([System.Environment]::GetEnvironmentVariable('HOME'))",
        "$([System.DateTime]::Now)",
        "$([System.Guid]::NewGuid())",
        "$([MSBuild]::GetRegistryValue('HKEY_LOCAL_MACHINE\\SOFTWARE', 'x'))",
        "$(Registry:HKEY_LOCAL_MACHINE\\SOFTWARE@x)",
        "$([System.IO.Directory]::GetFiles('/'))",
        "$(HOME)",
    ],
)
def test_no_function_reaches_the_machine_or_leaves_the_root(
    expression: str, outside: Path, evaluated: Evaluated
) -> None:
    text = expression.format(path=outside.as_posix(), folder=outside.parent.as_posix())
    title = evaluated(f"<PropertyGroup><Title>{text}</Title></PropertyGroup>").value("Title")
    assert isinstance(title, Unknown)


def test_a_link_out_of_the_root_is_refused(outside: Path, tree: Tree, symlinks: None) -> None:
    root = tree({"A.csproj": sdk('<Import Project="link.props"/><Import Project="folder/secret.props"/>')})
    (root / "link.props").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent, target_is_directory=True)
    (root / "Directory.Build.props").symlink_to(outside)
    package = plan(root / "A.csproj", root=root)
    assert "secret'" not in _everything(package)
    assert isinstance(package.title, Unknown)
    assert "link that leads out of the repository" in package.title.reason


def test_a_link_inside_of_the_root_is_followed(tree: Tree, symlinks: None) -> None:
    root = tree({"A.csproj": sdk('<Import Project="link.props"/>'), "real/x.props": SECRET})
    (root / "link.props").symlink_to(root / "real" / "x.props")
    assert evaluate(root / "A.csproj", root=root).value("Title") == "secret"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
@pytest.mark.parametrize("name", ["Directory.Build.props", "x.props", "A.csproj.user"])
def test_a_named_pipe_is_not_waited_for(name: str, tree: Tree) -> None:
    root = tree({"A.csproj": sdk('<Import Project="x.props" Condition="Exists(\'x.props\')"/>')})
    os.mkfifo(root / name)
    title = evaluate(root / "A.csproj", root=root).value("Title")
    assert isinstance(title, Unknown)
    assert "it is a named pipe, not a file" in title.reason


def test_a_project_that_is_a_pipe_a_folder_or_missing_is_unknown(tree: Tree) -> None:
    root = tree({"x/y": ""})
    assert isinstance(evaluate(root / "x", root=root).value("Title"), Unknown)
    assert isinstance(evaluate(root / "none.csproj", root=root).value("Title"), Unknown)
    assert isinstance(plan(root / "none.nuspec", root=root).whole, Unknown)
    assert isinstance(evaluate(root.parent / "outside.csproj", root=root).whole, Unknown)


def test_a_file_without_permission_is_unknown(tree: Tree, not_root: None) -> None:
    root = tree({"A.csproj": sdk(), "Directory.Build.props": SECRET})
    (root / "Directory.Build.props").chmod(0)
    assert isinstance(evaluate(root / "A.csproj", root=root).value("Title"), Unknown)


def _imports(count: int) -> str:
    return "".join(f'<Import Project="{number}.props"/>' for number in range(count))


def _timed(files: dict[str, str], tree: Tree) -> Evaluation:
    root = tree(files)
    started = time.process_time()
    evaluation = evaluate(root / "A.csproj", root=root)
    _everything(plan(root / "A.csproj", root=root, files=evaluation.files))
    assert time.process_time() - started < SECONDS
    return evaluation


def test_a_thousand_imports_side_by_side_are_read(tree: Tree) -> None:
    files = {f"{number}.props": f"<Project><PropertyGroup><P{number}>x</P{number}></PropertyGroup></Project>"
             for number in range(1000)}  # fmt: skip
    evaluation = _timed({"A.csproj": sdk(_imports(1000)), **files}, tree)
    assert evaluation.value("P999") == "x"
    assert len(evaluation.imports) == 1000


def test_a_chain_of_a_thousand_imports_comes_to_an_end(tree: Tree) -> None:
    files = {f"{number}.props": f'<Project><Import Project="{number + 1}.props"/></Project>' for number in range(1000)}
    evaluation = _timed({"A.csproj": sdk(_imports(1)), **files}, tree)
    assert evaluation.value("Title") == Unknown("there are too many imports")


def test_circles_are_ignored(tree: Tree) -> None:
    files = {
        f"{number}.props": f"<Project><PropertyGroup><T>$(T){number}</T></PropertyGroup>{_imports(3)}"
        '<Import Project="A.csproj"/></Project>'
        for number in range(3)
    }
    evaluation = _timed({"A.csproj": sdk(_imports(3)), **files}, tree)
    assert evaluation.value("T") == "012"


def test_projects_that_refer_to_each_other_come_to_an_end(planned: Planned) -> None:
    one = sdk('<PropertyGroup><Version>1.0</Version></PropertyGroup><ItemGroup><ProjectReference Include="B.csproj"/>'
              '<ProjectReference Include="A.csproj"/></ItemGroup>')  # fmt: skip
    groups = planned({"A.csproj": one, "B.csproj": one.replace("B.csproj", "A.csproj")}).dependency_groups
    assert isinstance(groups, tuple)
    assert [(each.id, each.version) for each in groups[0].dependencies] == [("B", "1.0.0"), ("A", "1.0.0")]


BOMBS = {
    "doubling": "<PropertyGroup><X>xxxxxxxxxx</X>" + "<X>$(X)$(X)</X>" * 60 + "<Title>$(X)</Title></PropertyGroup>",
    "many long values": "<PropertyGroup><X>" + "x" * 100_000 + "</X>"
    + "".join(f"<P{number}>$(X)$(X)$(X)</P{number}>" for number in range(3_000)) + "</PropertyGroup>",
    "open expressions": "<PropertyGroup><Title>" + "$(" * 100_000 + "</Title></PropertyGroup>",
    "nested expressions": "<PropertyGroup><Title>" + "$(X.Trim('" * 3_000 + "')" * 3_000 + "</Title></PropertyGroup>",
    "chained calls": "<PropertyGroup><X>a</X><Title>$(X" + ".Replace('a','aa')" * 200 + ")</Title></PropertyGroup>",
    "padding": "<PropertyGroup><X>a</X><Title>$(X.PadLeft(999999999))</Title></PropertyGroup>",
    "quotes": "<PropertyGroup><Title>$(X.Replace(" + "'`\"" * 30_000 + "</Title></PropertyGroup>",
    "slow pattern": "<PropertyGroup><Title>$([System.Text.RegularExpressions.Regex]::Replace('" + "a" * 190
    + "', '(a+)+$b', 'x'))</Title></PropertyGroup>",
    "ambiguous pattern": "<PropertyGroup><Title>$([System.Text.RegularExpressions.Regex]::IsMatch('" + "a" * 90
    + "', '" + "a?" * 45 + "!'))</Title></PropertyGroup>",
    "long condition": "<PropertyGroup Condition=\"" + " and ".join(["'a'=='a'"] * 20_000) + "\"/>",
    "deep condition": '<PropertyGroup Condition="' + "(" * 50_000 + "true" + ")" * 50_000 + '"/>',
    "denied condition": '<PropertyGroup Condition="' + "!" * 50_000 + 'true"><X>1</X></PropertyGroup>',
    "many dots": '<PropertyGroup Condition="' + "1." * 50_000 + '&gt;1"><X>1</X></PropertyGroup>',
    "many items": "<ItemGroup>" + '<PackageReference Include="A;B;C;D" Version="1"/>' * 4_000 + "</ItemGroup>",
    "many updates": "<ItemGroup>" + "".join(f'<PackageReference Include="P{n}"/>' for n in range(3_000))
    + '<PackageReference Update="*P*1*" Version="1"/>' * 3_000 + "</ItemGroup>",
    "copied items": '<ItemGroup><X Include="a;b"/>' + '<X Include="@(X)"/>' * 60
    + '<PackageReference Include="@(X)"/></ItemGroup>',
    "long list": '<ItemGroup><PackageReference Include="' + ";" * 200_000 + 'x;@(" Version="1"/></ItemGroup>',
    "stars": '<ItemGroup><X Include="' + "a" * 200 + '"/><X Remove="' + "*a" * 60 + 'b"/></ItemGroup>',
    "deep stars": '<ItemGroup><None Include="' + "**/*/" * 200 + 'x" Pack="true"/></ItemGroup>',
    "choices": "<Choose><When Condition=\"true\">" * 30 + "<PropertyGroup><X>1</X></PropertyGroup>"
    + "</When></Choose>" * 30,
    "metadata": '<ItemGroup><PackageReference Include="A" V="' + "%(V)" * 40 + '">'
    + "<V>%(V)%(V)%(V)%(V)xxxxxxxxxxxxxxxxxxxx</V>" * 60 + "</PackageReference></ItemGroup>",
    "long name": "<PropertyGroup><Title>$(build" + "_" * 50_000 + "-)</Title></PropertyGroup>",
    "comments": "<PropertyGroup><Title>" + "a<!-- -->" * 20_000 + "</Title></PropertyGroup>",
    "sections": "<PropertyGroup>" + "<T><![CDATA[x]]></T>" * 10_000 + "</PropertyGroup>",
    "siblings": "<PropertyGroup>" + "<Title>x</Title>" * 20_000 + "</PropertyGroup>",
    "frameworks": "<PropertyGroup><TargetFramework></TargetFramework><TargetFrameworks>"
    + ";".join(f"net{number}.0" for number in range(5, 3_000)) + "</TargetFrameworks></PropertyGroup>",
    "deep folders": "<PropertyGroup><X Condition=\"Exists('" + "a/" * 3_000 + "')\">1</X></PropertyGroup>",
    "deeper folders": "<PropertyGroup><X Condition=\"Exists('" + "a/" * 400_000 + "')\">1</X></PropertyGroup>",
    "deep folders above": "<PropertyGroup><Title>$([MSBuild]::GetDirectoryNameOfFileAbove('" + "a/" * 400_000
    + "', 'x.y'))</Title></PropertyGroup>",
    "deep shared files": "<PropertyGroup><Title>$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '"
    + "a/" * 400_000 + "'))</Title></PropertyGroup>",
    "deep references": '<ItemGroup><ProjectReference Include="' + "a/" * 3_000 + 'A.csproj"/><None Include="'
    + "b/" * 3_000 + '*.png" Pack="true"/></ItemGroup><PropertyGroup><PackageIcon>x.png</PackageIcon></PropertyGroup>',
    "kinds of kinds": "<ItemGroup>" + "".join(f'<K{n} Include="@(K{n + 1})"/>' for n in range(8_000))
    + '<PackageReference Include="@(K0)"/></ItemGroup>',
    "long paths": "<PropertyGroup><X>" + "a/" * 400_000 + "</X>"
    + "<Y Condition=\"Exists('$(X)y')\">1</Y>" * 300 + "</PropertyGroup>",
    "long conditions": "<PropertyGroup><X>" + "a" * 900_000 + "</X></PropertyGroup><ItemGroup>"
    + "<Y Include=\"b\"><M Condition=\"'$(X)'=='$(X)z'\">q$(X)</M></Y>" * 3_000
    + '<PackageReference Include="@(Y)"/></ItemGroup>',
    "long chains": "<PropertyGroup><X>" + "a" * 900_000 + "</X>"
    + ("<Y>$(X" + ".Replace('q','r')" * 40 + ")</Y>") * 300 + "</PropertyGroup>",
    "conditions about items": "<ItemGroup>" + "".join(f'<Z Include="z{n}"/>' for n in range(10_000))
    + "<PackageReference Include=\"b\" Condition=\"'@(Z)'==''\"/>" * 3_000 + "</ItemGroup>",
    "tags": "<PropertyGroup><PackageTags>" + "a;" * 100_000 + "</PackageTags></PropertyGroup>",
}  # fmt: skip


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_file_that_grows_takes_bounded_time(name: str, tree: Tree) -> None:
    _timed({"A.csproj": sdk(BOMBS[name])}, tree)


def test_a_folder_of_many_folders_is_not_searched_for_ever(tree: Tree) -> None:
    files = {f"{a}/{b}/x.txt": "" for a in range(60) for b in range(60)}
    items = '<ItemGroup><None Include="**/*.png" Pack="true"/></ItemGroup>'
    body = f"<PropertyGroup><PackageIcon>i.png</PackageIcon></PropertyGroup>{items}"
    _timed({"A.csproj": sdk(body), **files}, tree)


SEEDS = [
    sdk(
        "<PropertyGroup><Version>1.2.3</Version><PackageTags>a;b $(X.Trim())</PackageTags>"
        "<Title Condition=\"'$(Version)' == '1.2.3' and !Exists('x')\">t%3B</Title></PropertyGroup>"
        '<Import Project="x/*.props"/><Choose><When Condition="$(X.Contains(`8`))"><PropertyGroup><Y>1</Y>'
        "</PropertyGroup></When><Otherwise/></Choose><ItemGroup Condition=\"'$(TargetFramework)' != ''\">"
        '<PackageReference Include="Umbraco.Cms.Core" Version="[13.0.0,14)" PrivateAssets="all"/>'
        '<PackageReference Update="Umbraco.*"><Version>13.*</Version></PackageReference>'
        '<ProjectReference Include="..\\B\\B.csproj" /><None Include="@(X->\'%(Identity)\')" Pack="true"/></ItemGroup>'
        "<PropertyGroup><V>$([MSBuild]::Add($(Version.Split('.')[0]), 1))</V></PropertyGroup>",
        "<TargetFrameworks>net8.0;net9.0</TargetFrameworks>",
    )
]
_PIECE = re.compile(r"\$\([^()]*\)|'[^']*'|\"[^\"]*\"|<[^<>]*>|\w+|.", re.DOTALL)


def _mutated(text: str, chance: random.Random) -> str:
    """A file with some of its pieces lost, doubled, exchanged or replaced."""
    pieces = _PIECE.findall(text)
    for _ in range(chance.randint(1, 6)):
        if not pieces:
            break
        at = chance.randrange(len(pieces))
        what = chance.randrange(6)
        if what == 0:
            del pieces[at]
        elif what == 1:
            pieces.insert(at, pieces[at])
        elif what == 2:
            other = chance.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif what == 3:
            pieces[at] = chance.choice(
                ["$(", ")", "'", "%", "%00", "@(", "->", "..", "/", "\\", "*", "\0", "&lt;", "true", "$(X)",
                 "]", "[", "é",
                 "\U0001f600", "<![CDATA[", "-->", "1e9", "0x", "-1", "[0]", ".Length", ".Split(';')", "%(V)"]
            )  # fmt: skip
        elif what == 4:
            pieces[at] = pieces[at][: len(pieces[at]) // 2]
        else:
            pieces[at] = pieces[at].swapcase()
    return "".join(pieces)


def _survives(text: str, root: Path) -> None:
    project = root / "src" / "Fuzzed.csproj"
    project.parent.mkdir(parents=True, exist_ok=True)
    project.write_bytes(text.encode("utf-8", "surrogatepass"))
    _everything(plan(project, root=root))


@pytest.mark.parametrize("seed", range(150))
def test_a_mutated_project_never_raises(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    _survives(_mutated(SEEDS[0], chance), tmp_path)


def _real_files() -> list[Path]:
    return sorted((CORPUS / "projects").glob("**/*.csproj"))[::5] if CORPUS.is_dir() else []


@needs_corpus
@pytest.mark.parametrize("path", _real_files(), ids=lambda path: path.name)
def test_a_mutated_real_project_never_raises(path: Path, tmp_path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    for seed in range(5):
        _survives(_mutated(text, random.Random(seed)), tmp_path)
