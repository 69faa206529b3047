"""What the reference says of an evaluation, beyond the vectors: order, structure, conditions, functions, items."""

from __future__ import annotations

import pytest

from tests.nuget.project.conftest import Evaluated, Tree, sdk
from umbmarket.nuget.project.evaluation import evaluate
from umbmarket.nuget.project.items import Item
from umbmarket.nuget.project.project_files import ProjectFiles, root_of
from umbmarket.nuget.project.unknown import Unknown


def _title(evaluated: Evaluated, expression: str, before: str = "") -> str | Unknown:
    return evaluated(f"<PropertyGroup>{before}<Title>{expression}</Title></PropertyGroup>").value("Title")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$( Configuration )", ""),
        ("a$(", "a$("),
        ("$()", ""),
        ("%(X)", "%(X)"),
        ("@(X)", "@(X)"),
        ("%2", "%2"),
        ("$(V.Split('.')[1])", "10"),
        ("$(V.Split(`.`)[1].Length)", "2"),
        ("$(V.Substring(2, 2))", "10"),
        ("$(V[0])", "1"),
        ("$(V.IndexOf('10'))", "2"),
        ("$(V.StartsWith('1.'))", "True"),
        ("$(V.Contains('x'))", "False"),
        ("$(V.Replace('.', ';'))", "1;10;3"),
        ("$(V.TrimEnd('3'))", "1.10."),
        ("$([MSBuild]::Multiply(3, 4))", "12"),
        ("$([MSBuild]::Divide(8, 2))", "4"),
        ("$([MSBuild]::Divide(7.0, 2))", "3.5"),
        ("$([MSBuild]::Modulo(-7, 2))", "-1"),
        ("$([MSBuild]::Multiply(1000000, 1000000))", "1000000000000"),
        ("$([MSBuild]::Escape('a;b'))", "a;b"),
        ("$([MSBuild]::Unescape('%2541'))", "A"),
        ("$([MSBuild]::Escape('a%b').Length)", "3"),
        ("$([MSBuild]::VersionEquals('1.2147483647', '1.2147483647.0'))", "True"),
        ("$([System.Version]::Parse('1.0.2024010101').Build)", "2024010101"),
        ("$(V.Equals('1.10.3'))", "True"),
        ("$(N.Equals('1.0'))", "True"),
        ("$(N.Equals('1.5'))", "False"),
        ("$(N.Equals('v1'))", "False"),
        ("$([MSBuild]::Add(1.5, 1))", "2.5"),
        ("$([MSBuild]::VersionGreaterThan('$(V)', '1.9'))", "True"),
        ("$([MSBuild]::VersionEquals('v1.10.3-rc', '$(V)'))", "True"),
        ("$([MSBuild]::GetTargetFrameworkVersion('net472'))", "4.7.2"),
        ("$([MSBuild]::IsTargetFrameworkCompatible('net472', 'netstandard2.0'))", "True"),
        ("$([MSBuild]::IsTargetFrameworkCompatible('netstandard2.0', 'net8.0'))", "False"),
        ("$([System.String]::IsNullOrEmpty('$(Nope)'))", "True"),
        ("$([System.String]::Format('{0}-{1}', 'a', 'b'))", "a-b"),
        ("$([System.IO.Path]::Combine('a', 'b'))", "a/b"),
        ("$([System.IO.Path]::GetDirectoryName('/a'))", "/"),
        ("$([System.IO.Path]::GetDirectoryName('/'))", ""),
        ("$([System.IO.Path]::GetDirectoryName('a/b/c'))", "a/b"),
        ("$([System.IO.Path]::GetFileName('a\\b.txt'))", "b.txt"),
        ("$([System.Version]::Parse('$(V)').Minor)", "10"),
        ("$([System.Version]::Parse('$(V)').ToString(2))", "1.10"),
        ("$([System.Version]::Parse('$(V)').ToString())", "1.10.3"),
        ("$([System.Version]::Parse('$(V)').ToString(0))", ""),
        ("$([System.Text.RegularExpressions.Regex]::Match('a12b', '[0-9]+').Value)", "12"),
        ("$([System.Text.RegularExpressions.Regex]::IsMatch('$(V)', '^\\d+\\.'))", "True"),
    ],
)
def test_expressions(expression: str, expected: str, evaluated: Evaluated) -> None:
    assert _title(evaluated, expression, "<V>1.10.3</V><N>1</N>") == expected


@pytest.mark.parametrize(
    "expression",
    [
        # .NET binds these to other methods than one would think, or in its newer versions alone.
        "$(V.Split())",
        "$(V.Split('.', 2))",
        "$(V.Split('1.'))",
        "$(V.Trim('1', '3'))",
        # A list keeps its type as an argument: `Join` puts the separator between its texts.
        "$([System.String]::Join('|', $(V.Split('.'))))",
        "$([System.String]::Concat($(V.Split('.'))))",
        # The quotient is 3.5 in older versions of MSBuild.
        "$([MSBuild]::Divide(7, 2))",
        "$([MSBuild]::Divide(1.0, 0))",
        "$([MSBuild]::Modulo(NaN, 2))",
        "$([MSBuild]::Add(1e3, 1))",
        "$([MSBuild]::Add(1_0, 1))",
        "$([MSBuild]::Add(٣, 1))",
        "$([MSBuild]::Multiply(999999999999999, 999999999999999))",
        "$([MSBuild]::Divide(1.0, 100000))",
        "$(N.Equals('1e0'))",
        "$([MSBuild]::NormalizePath(''))",
        "$([System.IO.Path]::GetFullPath(''))",
        "$([MSBuild]::MakeRelative('/a/b/', '/a/b'))",
        "$(I.EndsWith('i', StringComparison.OrdinalIgnoreCase))",
        "$([System.Text.RegularExpressions.Regex]::Replace('a', '[+--]', 'x'))",
    ],
)
def test_what_differs_from_version_to_version_is_unknown(expression: str, evaluated: Evaluated) -> None:
    title = _title(evaluated, expression, "<V>1.10.3</V><N>1</N><I>İ</I>")
    assert isinstance(title, Unknown)
    assert title.reason.endswith("not evaluated") or title.reason.startswith("older versions of MSBuild")


@pytest.mark.parametrize(
    "expression",
    [
        "$([MSBuild]::GetTargetFrameworkIdentifier('$(Nope)'))",
        "$([MSBuild]::GetTargetFrameworkVersion(' net8.0'))",
        "$([MSBuild]::GetTargetPlatformIdentifier('any'))",
        "$([MSBuild]::IsTargetFrameworkCompatible('$(Nope)', 'net8.0'))",
        "$([MSBuild]::IsTargetFrameworkCompatible('', ''))",
    ],
)
def test_what_is_no_framework_is_unknown(expression: str, evaluated: Evaluated) -> None:
    """As in the outer evaluation for several frameworks, where `$(TargetFramework)` is empty."""
    assert _title(evaluated, expression) == Unknown("the target framework is not known")


def test_unescaped_text_is_split_and_escaped_text_is_not(evaluated: Evaluated) -> None:
    body = (
        "<PropertyGroup><L>a%3Bb</L></PropertyGroup><ItemGroup><X Include=\"$([MSBuild]::Unescape('$(L)'))\"/>"
        "<Y Include=\"$([MSBuild]::Escape('a;b'))\"/></ItemGroup>"
    )
    evaluation = evaluated(body)
    assert _texts(evaluation.items("X")) == [("a",), ("b",)]
    assert _texts(evaluation.items("Y")) == [("a;b",)]


@pytest.mark.parametrize(
    "expression",
    ["$($(V))", "$(V.Split('.')[9])", "$(V.Substring(9))", "$([MSBuild]::Divide(1, 0))", "$([MSBuild]::Add(a, 1))",
     "$(V.Replace('', 'x'))", "$([System.Version]::Parse('1.2').ToString(3))", "$([System.Version]::Parse('x').Major)"],
)  # fmt: skip
def test_what_no_function_can_do_is_refused(expression: str, evaluated: Evaluated) -> None:
    evaluation = evaluated(f"<PropertyGroup><V>1.10.3</V><Title>{expression}</Title></PropertyGroup>")
    (problem,) = evaluation.problems
    assert problem.code == "MSB4184"
    assert str(problem.place).startswith("A.csproj:1:")
    assert isinstance(evaluation.value("PackageId"), Unknown)


def test_an_unknown_value_taints_what_it_feeds_alone(evaluated: Evaluated) -> None:
    evaluation = evaluated(
        "<PropertyGroup><Title>a$([System.Guid]::NewGuid())</Title><Description>$(Title)</Description>"
        "<Copyright>c</Copyright></PropertyGroup>"
    )
    assert evaluation.value("Description") == Unknown("[system.guid]::NewGuid asks for a random number")
    assert evaluation.value("Copyright") == "c"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("'1' == '1' or '$(CI)' == 'true'", "t"),
        ("'$(CI)' == 'true' or '1' == '1'", "t"),
        ("'1' == '2' and '$(CI)' == 'true'", ""),
        ("'$(CI)' == 'true' and '1' == '2'", ""),
        ("'$(CI)' == 'true'", None),
        ("!('$(CI)' == 'true')", None),
        ("'a' == 'a' and 'b' == 'c' or 'd' == 'd'", "t"),
        ("('a' == 'b' or 'a' == 'a') and !false", "t"),
        ("'0x1F' == '31'", "t"),
        ("'1.' == '1'", "t"),
        ("'off' == 'false'", "t"),
        ("'$(N)' == 8", "t"),
        ("$(N) &gt; 7.5", "t"),
        ("-1 &lt; 0", "t"),
        ("'31' == 0x1F", "t"),
        ("'1.10.3' &gt;= 1.10.2", "t"),
        ("'a' == 'a' and 8 == 8.0", "t"),
        ("'10' &gt; '9.9'", "t"),
        ("'10.0.1' &lt; '10'", ""),
        ("'10' &lt;= '10.0.1'", "t"),
        ("'1.0.2024010101' &gt; '1.0.2023123101'", "t"),
        ("'1.00000000000000000002' &gt; '1.1.0'", "t"),
        ("'été' == été", "t"),
        ("HasTrailingSlash('a/')", "t"),
        ("exists('x/../A.csproj')", "t"),
        ("Exists('bin/x')", None),
        ("Exists('../x')", None),
        ("$(MSBuildProjectName.Equals(`A`))", "t"),
    ],
)
def test_conditions(condition: str, expected: str | None, evaluated: Evaluated) -> None:
    body = f'<PropertyGroup><N>8</N><Title Condition="{condition}">t</Title></PropertyGroup>'
    title = evaluated(body).value("Title")
    assert isinstance(title, Unknown) if expected is None else title == expected


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("'a' = 'a'", "MSB4105"),
        ("'a' == 'a' &amp;&amp; true", "MSB4090"),
        ("'v10' &gt; '1'", "MSB4086"),
        ("'' &gt;= '1'", "MSB4086"),
        ("'1.0.2147483648' &gt; '1.0.0'", "MSB4086"),
        ("maybe", "MSB4113"),
        ("'a' ==", "MSB4092"),
        ("'a' == 1 1", "MSB4092"),
        ("'8' == 8.0.net", "MSB4092"),
        ("'a' == 'a", "MSB4101"),
        ("(true", "MSB4092"),
        ("Nope('a')", "MSB4091"),
        ("'%(X)' == ''", "MSB4191"),
        ("'%(Identity)' == ''", "MSB4190"),
        ("!'1' == 'x'", "MSB4113"),
    ],
)
def test_conditions_that_are_refused(condition: str, code: str, evaluated: Evaluated) -> None:
    evaluation = evaluated(f'<PropertyGroup><Title Condition="{condition}">t</Title></PropertyGroup>')
    assert [problem.code for problem in evaluation.problems] == [code]


def test_a_value_that_both_outcomes_agree_on_is_known(evaluated: Evaluated) -> None:
    group = (
        "<PropertyGroup Condition=\"'$(CI)' == 'true'\"><Title>a</Title><Description>b</Description></PropertyGroup>"
    )
    evaluation = evaluated(f"<PropertyGroup><Title>a</Title></PropertyGroup>{group}")
    assert evaluation.value("Title") == "a"
    assert evaluation.value("Description") == Unknown("$(CI) may come from the environment")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Nope/>", "MSB4067"),
        ("<PropertyGroup>text</PropertyGroup>", "MSB4067"),
        ("<PropertyGroup>\u00a0</PropertyGroup>", "MSB4067"),
        ("<PropertyGroup><A.B>x</A.B></PropertyGroup>", "MSB5016"),
        ("<PropertyGroup><MSBuildProjectName>x</MSBuildProjectName></PropertyGroup>", "MSB4004"),
        ("<Import/>", "MSB4035"),
        ('<Import Project="nope.props"/>', "MSB4019"),
        ('<ItemGroup><PackageReference Include=""/></ItemGroup>', "MSB4035"),
        ('<ItemGroup><PackageReference Version="1"/></ItemGroup>', "MSB4232"),
        ("<Target/>", "MSB4035"),
        ("<Choose><Nope/></Choose>", "MSB4067"),
        ("<PropertyGroup><Title>&nope;</Title></PropertyGroup>", "MSB4025"),
        ('<x:Y xmlns:x="urn:x"/>', "MSB4067"),
    ],
)
def test_structure_that_is_refused(body: str, code: str, evaluated: Evaluated) -> None:
    evaluation = evaluated(body)
    assert [problem.code for problem in evaluation.problems] == [code]
    assert evaluation.whole is not None


def test_a_refusal_under_an_unknown_condition_is_none(evaluated: Evaluated) -> None:
    evaluation = evaluated("<Import Project=\"nope.props\" Condition=\"'$(CI)' == 'true'\"/>")
    assert evaluation.problems == ()
    assert isinstance(evaluation.value("Title"), Unknown)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<Title><![CDATA[ a&b ]]></Title>", " a&b "),
        ("<Title>\n  <![CDATA[x]]>\n  </Title>", "x"),
        ("<Title>a <!-- c --> b</Title>", "a  b"),
        ("<Title> \n </Title>", ""),
        ("<Title>\u00a0</Title>", "\u00a0"),
        ("<Title>&#160;<!-- c --> </Title>", "\u00a0"),
        ('<Title><b c="d"/>e</Title>', '<b c="d" />e'),
    ],
)
def test_texts(body: str, title: str, evaluated: Evaluated) -> None:
    assert evaluated(f"<PropertyGroup>{body}</PropertyGroup>").value("Title") == title


def test_imports_are_sorted_and_doubles_ignored(evaluated: Evaluated) -> None:
    def one(name: str) -> str:
        return f"<Project><PropertyGroup><Title>$(Title){name}</Title></PropertyGroup></Project>"

    files = {"eng/b.props": one("b"), "eng/a.props": one("a"), "eng/c.txt": "no"}
    body = '<Import Project="eng\\*.props"/><Import Project="eng/a.props"/>'
    evaluation = evaluated({"A.csproj": sdk(body), **files})
    assert evaluation.value("Title") == "ab"
    assert evaluation.imports == ("eng/a.props", "eng/b.props")


def test_a_pattern_gives_files_in_the_order_of_their_names_in_capitals(evaluated: Evaluated) -> None:
    def one(name: str) -> str:
        return f"<Project><PropertyGroup><Title>$(Title){name}</Title></PropertyGroup></Project>"

    files = {f"eng/{name}.props": one(name) for name in ("_", "a", "B", "c_d", "cde")}
    body = '<Import Project="eng/*.props"/><ItemGroup><X Include="eng/*"/></ItemGroup>'
    evaluation = evaluated({"A.csproj": sdk(body), **files})
    assert evaluation.value("Title") == "aBcdec_d_"
    assert _texts(evaluation.items("X")) == [(f"eng/{name}.props",) for name in ("a", "B", "cde", "c_d", "_")]


def test_a_second_import_may_be_the_first_one(evaluated: Evaluated) -> None:
    """Of a file that may have been imported before, nobody knows whether it counts here: `X` is 2 with CI, else 1."""
    files = {
        "a.props": "<Project><PropertyGroup><X>1</X><Y>1</Y></PropertyGroup><Import Project='b.props'/></Project>",
        "b.props": "<Project><PropertyGroup><Z>1</Z></PropertyGroup></Project>",
    }
    again = '<PropertyGroup><X>2</X><Y>1</Y><Z>2</Z></PropertyGroup><Import Project="a.props"/>'
    body = (
        f"<Import Project=\"a.props\" Condition=\"'$(CI)' == 'true'\"/>{again}<PropertyGroup><W>3</W></PropertyGroup>"
    )
    evaluation = evaluated({"A.csproj": sdk(body), **files})
    assert evaluation.value("X") == evaluation.value("Z") == Unknown("$(CI) may come from the environment")
    assert (evaluation.value("Y"), evaluation.value("W")) == ("1", "3")
    assert evaluation.imports == ("a.props",)
    third = f'{body}<PropertyGroup><X>4</X></PropertyGroup><Import Project="a.props"/>'
    assert evaluated({"A.csproj": sdk(third), **files}).value("X") == "4"


def test_a_doubtful_circle_of_imports_ends(evaluated: Evaluated) -> None:
    doubtful = "Condition=\"'$(CI)' == 'true'\""
    circle = f'<Project><Import Project="a.props" {doubtful}/><PropertyGroup><X>$(X)1</X></PropertyGroup></Project>'
    body = f'<Import Project="a.props" {doubtful}/><Import Project="a.props"/>'
    evaluation = evaluated({"A.csproj": sdk(body), "a.props": circle})
    assert isinstance(evaluation.value("X"), Unknown)


def test_an_import_that_nobody_can_read_makes_everything_before_it_unknown(evaluated: Evaluated) -> None:
    evaluation = evaluated(
        '<PropertyGroup><Title>a</Title></PropertyGroup><Import Project="$(MSBuildToolsPath)/x.targets"/>'
        "<PropertyGroup><Description>b</Description></PropertyGroup>"
    )
    assert evaluation.value("Title") == Unknown("an import is not known: $(MSBuildToolsPath) depends on the machine")
    assert evaluation.value("Description") == "b"
    assert isinstance(evaluation.items("PackageReference"), Unknown)


def test_the_place_is_that_of_the_element_that_won(evaluated: Evaluated) -> None:
    evaluation = evaluated(
        {
            "src/A.csproj": '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup>\n    <Title>t</Title>\n'
            '    <Title Condition="false">u</Title>\n  </PropertyGroup>\n</Project>\n',
            "Directory.Build.props": "<Project>\r\n<PropertyGroup><Title>d</Title>\r\n"
            "\t<Authors>a</Authors></PropertyGroup></Project>",
        },
        "src/A.csproj",
    )
    title = evaluation.place_of("title")
    assert title is not None
    assert (title.path, title.line, title.column) == ("src/A.csproj", 3, 5)
    assert str(title) == "src/A.csproj:3:5"
    assert str(evaluation.place_of("Authors")) == "Directory.Build.props:3:2"
    assert evaluation.place_of("PackageId") is None


def _texts(items: tuple[Item, ...] | Unknown, *names: str) -> list[tuple[str | Unknown, ...]]:
    assert isinstance(items, tuple), items
    return [(item.include, *(item.metadata.get(name, "-") for name in names)) for item in items]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ('<X Include="a;b;;a"/>', [("a", "-"), ("b", "-"), ("a", "-")]),
        ('<X Include="a" V="1"/><X Update="A" v="2"/>', [("a", "2")]),
        ('<X Include="ab;ac;b"/><X Update="a*" V="2"/>', [("ab", "2"), ("ac", "2"), ("b", "-")]),
        ('<X Include="ab;ac;b"/><X Remove="A?;b"/>', []),
        ('<X Include="a;b" Exclude="B"/>', [("a", "-")]),
        ('<Y Include="a" V="1"/><X Include="@(Y)"/>', [("a", "1")]),
        ('<Y Include="a;b"/><X Include="@(Y->\'%(Identity).x\')"/>', [("a.x", "-"), ("b.x", "-")]),
        ('<Y Include="a"/><X Include="a;b"/><X Remove="@(Y)"/>', [("b", "-")]),
        ('<X Include="a" V="1"><V>%(V)%(V)</V></X>', [("a", "11")]),
        ("<X Include=\"a\"><V Condition=\"'%(Identity)'=='a'\">1</V></X>", [("a", "1")]),
        ("<X Include=\"a.b\"><V>$([System.String]::Copy('%(Identity)').Replace('.', '-'))</V></X>", [("a.b", "a-b")]),
        (
            "<X Include=\"a;bc\"><V Condition=\"$([System.String]::Copy('%(Identity)').StartsWith('b'))\">1</V></X>",
            [("a", "-"), ("bc", "1")],
        ),
        ("<X Include=\"a\" Condition=\"'@(X)'==''\"/><X Include=\"b\" Condition=\"'@(X)'==''\"/>", [("a", "-")]),
        ("<X Include=\"a\" Condition=\"'@(X->'%(Identity)')' == ''\"/>", [("a", "-")]),
        ("<Y Include=\"b\"/><X Include=\"a\" Condition=\"'@(Y->'%(Identity)')' == 'c'\"/>", []),
        ('<X Include="..\\b\\b.txt"/><X Remove="../B/b.txt"/>', []),
        ('<X Include="a"/><X Remove="a" Condition="false"/>', [("a", "-")]),
    ],
)
def test_items(items: str, expected: list[tuple[str, str]], evaluated: Evaluated) -> None:
    assert _texts(evaluated(f"<ItemGroup>{items}</ItemGroup>").items("X"), "V") == expected


def test_item_definitions_give_default_metadata(evaluated: Evaluated) -> None:
    body = (
        "<ItemDefinitionGroup><X><V>d</V></X></ItemDefinitionGroup>"
        '<ItemGroup><X Include="a"/><X Include="b" V="own"/></ItemGroup>'
    )
    assert _texts(evaluated(body).items("X"), "V") == [("a", "d"), ("b", "own")]


def test_item_definitions_count_wherever_they_stand_and_the_last_one_wins(evaluated: Evaluated) -> None:
    definition = "<ItemDefinitionGroup><X><V>{}</V></X></ItemDefinitionGroup>"
    body = (
        f'<ItemGroup><X Include="a"/><X Include="b" V="own"/></ItemGroup>{definition.format(1)}{definition.format(2)}'
    )
    assert _texts(evaluated(body).items("X"), "V") == [("a", "2"), ("b", "own")]
    appended = definition.format("1") + definition.format("%(V)2")
    assert _texts(evaluated(f'{appended}<ItemGroup><X Include="a"/></ItemGroup>').items("X"), "V") == [("a", "12")]


def test_items_of_another_kind_bring_their_metadata_past_a_definition(evaluated: Evaluated) -> None:
    body = (
        "<ItemDefinitionGroup><X><V>d</V><W>d</W></X></ItemDefinitionGroup>"
        '<ItemGroup><Y Include="a" V="y"/><X Include="@(Y)"/></ItemGroup>'
    )
    assert _texts(evaluated(body).items("X"), "V", "W") == [("a", "y", "d")]


@pytest.mark.parametrize(
    "items",
    [
        "<X Include=\"a\" Condition=\"'$(CI)'=='true'\"/>",
        '<X Include="a"/><X Remove="a" Condition="\'$(CI)\'==\'true\'"/>',
        '<X Include="$(BUILD_NO)"/>',
        '<X Include="@(Y->Distinct())"/>',
        "<X Include=\"a\" Condition=\"'@(Y->'%(Identity)', ';')' == 'y'\"/>",
        "<X Include=\"a\" Condition=\"'@(Y->AnyHaveMetadataValue('V', 'x'))' == 'true'\"/>",
        '<X Include="../*.txt"/>',
        '<X Include="@(Compile)"/>',
    ],
)
def test_a_list_is_unknown_where_an_item_may_not_be_in_it(items: str, evaluated: Evaluated) -> None:
    evaluation = evaluated(f'<ItemGroup>{items}<Y Include="y"/></ItemGroup>')
    assert isinstance(evaluation.items("X"), Unknown)
    assert _texts(evaluation.items("Y")) == [("y",)]


def test_metadata_that_a_property_names_stay_as_they_are(evaluated: Evaluated) -> None:
    """Metadata are replaced before properties are, and items after them."""
    body = (
        "<PropertyGroup><M>%(Identity)</M><L>@(Y)</L></PropertyGroup>"
        '<ItemGroup><Y Include="y"/><X Include="a" V="$(M)"/><X Include="b" V="$(L)"/>'
        "<X Include=\"c\"><V Condition=\"'$(M)' == 'c'\">1</V></X></ItemGroup>"
    )
    assert _texts(evaluated(body).items("X"), "V") == [("a", "%(Identity)"), ("b", "y"), ("c", "-")]


def test_a_condition_on_a_property_that_refers_to_items_is_unknown(evaluated: Evaluated) -> None:
    body = "<PropertyGroup><L>@(Y)</L><Title Condition=\"'$(L)' == ''\">t</Title></PropertyGroup>"
    assert evaluated(body).value("Title") == Unknown("a property refers to items")


def test_unknown_metadata_leave_the_list_known(evaluated: Evaluated) -> None:
    items = evaluated('<ItemGroup><X Include="a" V="$(BUILD_NO)" W="w"/></ItemGroup>').items("X")
    assert _texts(items, "V", "W") == [("a", Unknown("$(BUILD_NO) may come from the environment"), "w")]


def test_files_are_named_by_a_pattern(evaluated: Evaluated) -> None:
    files = {"x/b.txt": "", "x/y/a.txt": "", "x/c.md": "", "bin/d.txt": ""}
    body = '<ItemGroup><X Include="**/*.txt"/><Y Include="x/*.txt;x/*.md"/></ItemGroup>'
    evaluation = evaluated({"A.csproj": sdk(body), **files})
    assert _texts(evaluation.items("X")) == [("x/b.txt",), ("x/y/a.txt",)]
    assert _texts(evaluation.items("Y")) == [("x/b.txt",), ("x/c.md",)]


def test_files_that_a_pattern_names_are_called_as_its_folder_is_written(evaluated: Evaluated) -> None:
    files = {"src/x/y/a.txt": "", "d/b.txt": ""}
    body = (
        '<ItemGroup><X Include="./x/**/*.txt"><R>%(RecursiveDir)</R></X><X Include="..\\d\\*.txt" R="%(RecursiveDir)"/>'
        '<X Include="$(MSBuildProjectDirectory)/x/*/a.*"><R>%(RecursiveDir)</R></X>'
        '<Y Include="@(X)" R="%(RecursiveDir)"/></ItemGroup>'
    )
    evaluation = evaluated({"src/A.csproj": sdk(body), **files}, "src/A.csproj")
    folder = evaluation.value("MSBuildProjectDirectory")
    names = [("./x/y/a.txt", "y/"), ("../d/b.txt", ""), (f"{folder}/x/y/a.txt", "y/")]
    assert _texts(evaluation.items("X"), "R") == names
    lost = Unknown("%(RecursiveDir) of a copied item is not evaluated")
    assert [text for _, text in _texts(evaluation.items("Y"), "R")] == [lost, "", lost]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<TargetFramework>net8.0</TargetFramework>", ("net8.0",)),
        ("<TargetFrameworks>net8.0; net9.0;;net8.0</TargetFrameworks>", ("net8.0", "net9.0")),
        ("<TargetFrameworks>net8.0</TargetFrameworks><TargetFramework>net8.0</TargetFramework>", ("net8.0",)),
        ("", ()),
        ("<TargetFramework>net8.0</TargetFramework><TargetFrameworks>net9.0</TargetFrameworks>", None),
        ("<TargetFrameworks>$(NETS)</TargetFrameworks>", None),
    ],
)
def test_frameworks(written: str, expected: tuple[str, ...] | None, evaluated: Evaluated) -> None:
    frameworks = evaluated({"A.csproj": sdk("", written)}).frameworks
    assert isinstance(frameworks, Unknown) if expected is None else frameworks == expected


def test_global_properties_beat_the_file_but_for_local_ones(tree: Tree) -> None:
    group = "<PropertyGroup><Title>a</Title><Authors>b</Authors></PropertyGroup>"
    root = tree({"A.csproj": f'<Project Sdk="Microsoft.NET.Sdk" TreatAsLocalProperty="Title">{group}</Project>'})
    evaluation = evaluate(root / "A.csproj", root=root, properties={"Title": "x", "AUTHORS": "y"})
    assert (evaluation.value("Title"), evaluation.value("Authors")) == ("a", "y")


def test_the_root_is_that_of_the_repository(tree: Tree) -> None:
    root = tree({"a/b/A.csproj": "", "Directory.Build.props": "<Project/>"})
    assert root_of(str(root / "a" / "b" / "A.csproj")) == str(root.resolve())
    (root / "a" / ".git").mkdir()
    assert root_of(str(root / "a" / "b" / "A.csproj")) == str(root.resolve() / "a")
    (root / "a" / ".git").rmdir()
    (root / "Directory.Build.props").unlink()
    assert root_of(str(root / "a" / "b" / "A.csproj")) == str(root.resolve() / "a" / "b")


def test_what_was_read_is_shared(tree: Tree) -> None:
    root = tree({"A.csproj": sdk('<Import Project="x.props"/>'), "B.csproj": sdk('<Import Project="x.props"/>'),
                 "x.props": "<Project><PropertyGroup><Title>x</Title></PropertyGroup></Project>"})  # fmt: skip
    files = ProjectFiles(root)
    assert evaluate(root / "A.csproj", files=files).value("Title") == "x"
    (root / "x.props").unlink()
    assert evaluate(root / "B.csproj", files=files).value("Title") == "x"


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("Directory.Build.rsp", "-nologo\n-p:Title=x;Company=y\n", False),
        ("Directory.Build.rsp", '-p:"Company=y;Title=a b"', False),
        ("Directory.Build.rsp", '/property:Company="a b" --Property:title=x', False),
        ("src/Directory.Build.rsp", "-m -p:Title=x", False),
        ("Directory.Build.rsp", "# -p:Title=x\n-p:TitleX=1;Company=Title", True),
        ("MSBuild.rsp", "-p:Title=x", True),
        ("Directory.Build.rsp", "-flp:Title=x -np:Title=x", True),
        ("src/x/Directory.Build.rsp", "-p:Title=x", True),
    ],
)
def test_a_property_of_a_response_file_is_unknown(name: str, text: str, known: bool, evaluated: Evaluated) -> None:
    body = (
        "<PropertyGroup><Title>t</Title><Description>d $(Title)</Description><Copyright>c</Copyright></PropertyGroup>"
    )
    files = {"src/A.csproj": sdk(body, "<TargetFrameworks>net8.0;net9.0</TargetFrameworks>"), name: text}
    evaluation = evaluated(files, "src/A.csproj")
    for each in (evaluation, evaluation.within("net9.0")):
        title = each.value("Title")
        assert title == "t" if known else isinstance(title, Unknown) and title.reason.startswith(f"{name} may set ")
        assert isinstance(each.value("Description"), str) is known
        assert each.value("Copyright") == "c"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'eng/v.props')", "<ROOT>"),
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'eng\\v.props')", "<ROOT>"),
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'eng/w.props')", ""),
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'src/A')", ""),
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'eng')", ""),
        ("[MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'mark')", "<ROOT>"),
        ("[MSBuild]::GetPathOfFileAbove('mark')", "<ROOT>/mark"),
        ("[System.IO.File]::Exists('../../eng')", "False"),
        ("[System.IO.File]::Exists('../../eng/v.props')", "True"),
        ("[System.IO.Directory]::Exists('../../eng/')", "True"),
        ("[System.IO.Directory]::Exists('../../eng/v.props')", "False"),
        ("[System.IO.Directory]::Exists('../../nope')", "False"),
    ],
)
def test_files_and_folders_are_told_apart(expression: str, expected: str, evaluated: Evaluated) -> None:
    project = sdk(f"<PropertyGroup><Title>$({expression})</Title></PropertyGroup>")
    files = {"src/A/A.csproj": project, "eng/v.props": "<Project/>", "mark": "", "src/mark/x.txt": ""}
    evaluation = evaluated(files, "src/A/A.csproj")
    assert evaluation.value("Title") == expected.replace("<ROOT>", evaluation.files.root)


def test_the_letter_case_of_a_path_above_counts_on_linux_alone(evaluated: Evaluated) -> None:
    title = "$([MSBuild]::GetDirectoryNameOfFileAbove('$(MSBuildThisFileDirectory)', 'Eng/v.props'))"
    files = {"src/A.csproj": sdk(f"<PropertyGroup><Title>{title}</Title></PropertyGroup>"), "eng/v.props": ""}
    assert isinstance(evaluated(files, "src/A.csproj").value("Title"), Unknown)


@pytest.mark.parametrize(
    "later", ['<A Include="f1" />', '<A Include="f1" Exclude="f2" />', '<A Update="f1" M="1" />', '<A Remove="f1" />']
)
def test_items_may_follow_a_condition_that_names_their_kind(evaluated: Evaluated, later: str) -> None:
    """The condition is about the items before it, of which there are none."""
    found = evaluated(
        f"""<ItemGroup Condition="'@(A)' != ''"><PackageReference Include="X" /></ItemGroup>
        <ItemGroup>{later}<PackageReference Include="Y" /></ItemGroup>"""
    )
    items = found.items("PackageReference")
    assert isinstance(items, tuple)
    assert [item.include for item in items] == ["Y"]


def test_a_condition_is_refused_for_items_that_are_evaluated(evaluated: Evaluated) -> None:
    """That a list is no number counts once the items of its kind are known, and not before."""
    group = """<ItemGroup Condition="'@(A)' &gt; 3"><PackageReference Include="X" /></ItemGroup>"""
    found = evaluated(f'<ItemGroup><A Include="4" /></ItemGroup>{group}')
    items = found.items("PackageReference")
    assert found.problems == ()
    assert isinstance(items, tuple)
    assert [item.include for item in items] == ["X"]
    assert [problem.code for problem in evaluated(group).problems] == ["MSB4086"]


def test_the_order_of_questions_about_long_texts_changes_no_answer(evaluated: Evaluated) -> None:
    """The limit on all texts together counts for each kind by itself, after what the properties took."""
    kinds = [f"K{number}" for number in range(4)]
    items = "".join(f'<{kind} Include="a"><M>$(Long)</M></{kind}>' * 20 for kind in kinds)
    body = f"<PropertyGroup><Long>{'x' * 100_000}</Long></PropertyGroup><ItemGroup>{items}</ItemGroup>"
    forward, backward = evaluated(body), evaluated(body)
    expected = [("a", "x" * 100_000)] * 20
    assert [_texts(forward.items(kind), "M") for kind in kinds] == [expected] * 4
    assert [_texts(backward.items(kind), "M") for kind in reversed(kinds)] == [expected] * 4


def test_texts_of_one_kind_are_bounded_together(evaluated: Evaluated) -> None:
    item = '<K Include="a"><M>$(Long)</M></K>'
    found = evaluated(f"<PropertyGroup><Long>{'x' * 100_000}</Long></PropertyGroup><ItemGroup>{item * 51}</ItemGroup>")
    values = [text for _, text in _texts(found.items("K"), "M")]
    assert values[0] == "x" * 100_000
    assert values[-1] == Unknown("the texts have more than 5,000,000 characters together")
