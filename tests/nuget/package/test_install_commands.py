"""Which packages a text tells people to install."""

from __future__ import annotations

import pytest

from umbmarket.nuget.package.install_commands import MOST_COMMANDS, install_commands


@pytest.mark.parametrize(
    ("text", "package_id", "version"),
    [
        ("dotnet add package My.Package", "My.Package", None),
        ("> dotnet add package My.Package.", "My.Package", None),
        ("dotnet add package My.Package --version 1.2.3", "My.Package", "1.2.3"),
        ("dotnet add package My.Package -v 1.2.3-beta.1", "My.Package", "1.2.3-beta.1"),
        ('dotnet add "My Project" package My.Package', None, None),
        ('dotnet add "MyProject" package My-Package --version 7.0.3', "My-Package", "7.0.3"),
        ("dotnet add src/My.csproj package My.Package --version=1.0", "My.Package", "1.0"),
        ("dotnet package add My.Package --version 1.*", "My.Package", "1.*"),
        ("dotnet package add My.Package@1.2.3", "My.Package", "1.2.3"),
        ("PM> Install-Package My.Package -Version 1.2.3", "My.Package", "1.2.3"),
        ("Install-Package -Id My.Package", "My.Package", None),
        ("`nuget install My.Package -Version 1.2.3`", "My.Package", "1.2.3"),
        ('<PackageReference Include="My.Package" Version="[1.0, 2.0)" />', "My.Package", "[1.0,"),
        ('<PackageReference Include="My.Package" />', "My.Package", None),
        ("dotnet add package My.Package --framework net8.0", "My.Package", None),
        ("dotnet new install My.Templates::1.0.0", None, None),
        ("dotnet tool install My.Tool --version 1.0.0", None, None),
        ("dotnet add reference ../My.csproj", None, None),
        ("dotnet add package {id}", None, None),
    ],
)
def test_commands(text: str, package_id: str | None, version: str | None) -> None:
    found = list(install_commands(text))
    assert [(command.id, command.version) for command in found] == ([(package_id, version)] if package_id else [])
    for command in found:
        assert text[command.span.start : command.span.end] == (version or package_id)


@pytest.mark.parametrize(
    "text",
    ["dotnet add package A ", "dotnet add ", "Install-Package " + "a." * 50, "<PackageReference Include=" + '"a' * 9],
)
def test_a_long_text_is_cut(text: str) -> None:
    assert len(list(install_commands(text * 20_000))) <= 5 * MOST_COMMANDS
