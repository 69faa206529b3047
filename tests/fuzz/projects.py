"""Runs the commands on damaged trees of project files: each ends as it says it ends, and none of them breaks.

    python -m tests.fuzz.projects --seconds 300 --seed 1

Each input is a small repository (made here, a sample, or a real one where the corpus is at hand) in which files were
changed, exchanged, renamed or taken away. `validate`, `inspect`, `preview` and `init` are run in it, within this
process. Every failure is told with its input; the exit code is 1 when there was one. The same seed makes the same
inputs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner

from tests.shared_corpus import CORPUS, ROOT
from umbmarket.cli.app import program
from umbmarket.cli.exit_codes import EXIT_CODES

SLOWEST = 20.0
"""Processor time in seconds that no run on some small files may take, by far."""

MOST_FILES = 30
"""Files of a real repository that is taken."""

SECRET = "not-to-be-read"
"""Stands in the files beside the repository, which nobody names."""

OUTSIDE = {
    "outside.props": f"<Project><PropertyGroup><Title>{SECRET}</Title></PropertyGroup></Project>",
    "outside.csproj": f"<Project Sdk='Microsoft.NET.Sdk'><PropertyGroup><PackageId>{SECRET}</PackageId></PropertyGroup>"
    "</Project>",
    "umbraco-marketplace.json": f'{{"Title": "{SECRET}"}}',
}
LINK = b"link to "
"""A file that begins so is a link to what follows."""

Chance = random.Random
Tree = dict[str, bytes]

MADE: Tree = {
    "src/Orchard.Search/Orchard.Search.csproj": b"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFrameworks>net9.0;net10.0</TargetFrameworks>
    <PackageTags>umbraco-marketplace;search;$(MoreTags.Trim())</PackageTags>
    <PackageIcon>icon.png</PackageIcon>
    <PackageReadmeFile>README.md</PackageReadmeFile>
    <Title Condition="'$(Version)' == '1.2.0' and !Exists('x')">Orchard%20Search</Title>
  </PropertyGroup>
  <ItemGroup Condition="'$(TargetFramework)' != 'net9.0'">
    <PackageReference Include="Umbraco.Cms.Core" Version="[17.0.0,18)" />
    <PackageReference Update="Umbraco.*" PrivateAssets="none" />
    <ProjectReference Include="..\\Orchard.Core\\Orchard.Core.csproj" />
    <None Include="..\\..\\README.md;icon.png" Pack="true" PackagePath="/" />
  </ItemGroup>
  <Choose><When Condition="$(Version.StartsWith(`1.`))"><PropertyGroup><X>1</X></PropertyGroup></When></Choose>
</Project>
""",
    "src/Orchard.Core/Orchard.Core.csproj": b"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Umbraco.Cms.Core" /></ItemGroup>
</Project>
""",
    "src/Orchard.Old/Orchard.Old.csproj": b"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuspecFile>Orchard.Old.nuspec</NuspecFile>
    <NuspecProperties>version=$(Version);range=[17.0.0, 18.0.0)</NuspecProperties>
  </PropertyGroup>
</Project>
""",
    "src/Orchard.Old/Orchard.Old.nuspec": b"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata minClientVersion="3.0">
    <id>Orchard.Old</id>
    <version>$version$</version>
    <authors>Orchard Works</authors>
    <description>$description$</description>
    <license type="expression">MIT</license>
    <projectUrl>https://github.com/orchard-example/search</projectUrl>
    <tags>umbraco-marketplace $tags$</tags>
    <icon>images/icon.png</icon>
    <repository type="git" url="https://github.com/orchard-example/search" branch="$branch$" />
    <dependencies>
      <group targetFramework="net10.0"><dependency id="Umbraco.Cms.Core" version="$range$" exclude="Build" /></group>
    </dependencies>
  </metadata>
</package>
""",
    "Directory.Build.props": b"""<Project>
  <PropertyGroup>
    <Version>1.2.0</Version>
    <Authors>Orchard Works</Authors>
    <PackageProjectUrl>https://github.com/orchard-example/search</PackageProjectUrl>
    <RepositoryUrl>https://github.com/orchard-example/search</RepositoryUrl>
    <PackageLicenseExpression>MIT</PackageLicenseExpression>
  </PropertyGroup>
  <Import Project="build/*.props" Condition="Exists('build')" />
</Project>
""",
    "Directory.Packages.props": b"""<Project>
  <PropertyGroup><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
  <ItemGroup><PackageVersion Include="Umbraco.Cms.Core" Version="17.*" /></ItemGroup>
</Project>
""",
    "build/Shared.props": b"<Project><PropertyGroup><MoreTags> umbraco </MoreTags></PropertyGroup></Project>\n",
    "Orchard.slnx": b"""<Solution>
  <Folder Name="/src/"><Project Path="src/Orchard.Search/Orchard.Search.csproj" /></Folder>
  <Project Path="src/Orchard.Old/Orchard.Old.csproj" />
</Solution>
""",
    "Orchard.sln": b"""
Microsoft Visual Studio Solution File, Format Version 12.00
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Search", "src\\Orchard.Search\\Orchard.Search.csproj", "{1}"
EndProject
""",
    "Orchard.slnf": b'{"solution": {"path": "Orchard.sln",'
    b' "projects": ["src\\\\Orchard.Search\\\\Orchard.Search.csproj"]}}',
    "umbraco-marketplace.json": b'{"Title": "Orchard Search", "Category": "Search", "LicenseTypes": ["Free"]}\n',
    "README.md": b"# Orchard Search\n\nSearches. [More](docs/more.md) ![x](icon.png)\n",
    "src/Orchard.Search/icon.png": b"\x89PNG\r\n\x1a\n",
    ".git/HEAD": b"ref: refs/heads/main\n",
    ".git/config": b'[remote "origin"]\n\turl = https://github.com/orchard-example/search\n',
}
"""A repository in which every way of telling what a package says is gone once."""

PIECES = (
    *(b"$(", b")", b"'", b'"', b"<", b">", b"&", b"&lt;", b"%", b"%00", b"%24(X)", b"@(None)", b"%(Version)", b"->"),
    *(b"..", b"..\\", b"/", b"\\", b"*", b"**", b"\x00", b"\xff", b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae"),
    *(b"true", b"$(X)", b"$value$", b"$", b"]", b"[", b"[13.*,", b"13.*", b"1e9", b"0x", b"-1", b"[0]", b".Length"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"\x1b[31m", b"::error::x", b"\r", b"{", b"}", b","),
    b"$([System.IO.File]::ReadAllText('../outside.props'))",
    b'<Import Project="..\\..\\..\\outside.props" />',
    b'<Import Project="../outside.props" />',
    b'<Project Path="../outside.csproj" />',
    b'<ProjectReference Include="../../../outside.csproj" />',
    b"../outside.csproj",
    b"<PackageTags>umbraco-marketplace</PackageTags>",
    b"<NuspecFile>src/Orchard.Old/Orchard.Old.nuspec</NuspecFile>",
    b'<PackageReference Include="Umbraco.Cms" Version="*" />',
    b"<IsPackable>false</IsPackable>",
    b"<PackageType>Template</PackageType>",
    b"<ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>",
    b' Condition="',
)
"""What means something to MSBuild, NuGet, XML, JSON, a terminal or a log."""

_PIECE = re.compile(rb"\$\([^()]*\)|'[^']*'|\"[^\"]*\"|<[^<>]*>|\w+|.", re.DOTALL)
_PROJECT = re.compile(r".*\.(?:csproj|fsproj|vbproj|nuspec|slnx?|slnf)")


class Failure(NamedTuple):
    """What went wrong.

    Attributes:
        number: of the input.
        command: the command line.
        told: what it is.
    """

    number: int
    command: str
    told: str


def trees() -> list[Tree]:
    """The repositories that are damaged, the made one in every other place."""
    found = [_read(path) for path in (ROOT / "samples").iterdir() if path.is_dir()]
    if CORPUS.is_dir():
        for path in sorted((CORPUS / "projects").iterdir()):
            if len(list(path.rglob("*"))) <= MOST_FILES:
                found.append(_read(path))
    return [tree for each in found for tree in (MADE, each)]


def _read(folder: Path) -> Tree:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def with_other_pieces(data: bytes, chance: Chance) -> bytes:
    """A file with some of its pieces lost, doubled, exchanged, cut or replaced."""
    pieces = _PIECE.findall(data)
    for _ in range(chance.randint(1, 5)):
        if not pieces:
            break
        at = chance.randrange(len(pieces))
        match chance.randrange(7):
            case 0:
                del pieces[at]
            case 1:
                pieces.insert(at, pieces[at])
            case 2:
                other = chance.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces[at] = chance.choice(PIECES)
            case 4:
                pieces.insert(at, chance.choice(PIECES))
            case 5:
                pieces[at] = pieces[at][: len(pieces[at]) // 2]
            case _:
                pieces[at] = pieces[at].swapcase()
    return b"".join(pieces)


def damaged(tree: Tree, chance: Chance) -> Tree:
    """A tree with some of its files changed, and some of them elsewhere, twice, empty or gone."""
    found = {
        name: with_other_pieces(data, chance) if not name.startswith(".git/") and chance.random() < 0.4 else data
        for name, data in tree.items()
    }
    for _ in range(chance.randrange(3)):
        name = chance.choice(list(found))
        match chance.randrange(7):
            case 0:
                del found[name]
            case 6:
                up = "../" * (name.count("/") + 1)
                found[name] = LINK + up.encode() + chance.choice(list(OUTSIDE)).encode()
            case 1:
                found[name] = b""
            case 2:
                found[name] = found[chance.choice(list(found))]
            case 3:
                folder, slash, last = name.rpartition("/")
                found[f"{folder}{slash}{last.lower()}"] = found.pop(name)
            case 4:
                found[f"more/{name}"] = found[name]
            case _:
                found[name] = found[name].decode("latin-1").encode("utf-16")
        if not found:
            return dict(tree)
    return found


def command_lines(tree: Tree, chance: Chance) -> Iterator[list[str]]:
    """Some runs on a tree."""
    projects = [name for name in tree if _PROJECT.fullmatch(name)] or ["none.csproj"]
    some = [f"./{name}" for name in chance.sample(projects, min(len(projects), chance.randint(1, 3)))]
    formats = ("text", "json", "sarif", "github", "junit", "gitlab", "markdown", "concise", "msbuild")
    yield ["validate", "--format", chance.choice(formats), *chance.choice((["."], some, [".", *some]))]
    yield ["inspect", "--format", "json", *some]
    match chance.randrange(4):
        case 0:
            yield ["inspect", *some]
        case 1:
            yield ["preview", "--output", "-", chance.choice([".", *some])]
        case 2:
            yield ["validate", "--diff", "--unsafe-fixes", "--min-severity", "info", "."]
        case _:
            yield ["init", "--category", "Search", "--license-type", "Free", "--workflow"]


DOCUMENTED = {**EXIT_CODES, "preview": {0: "", 1: "", 2: "", 3: ""}}


def harm(words: list[str], commands: click.Command | None = None) -> tuple[int, list[str]]:
    """How a command ends in the working folder, and what is wrong with that.

    Args:
        words: the command line.
        commands: the program; umbmarket itself when None.
    """
    started = time.process_time()
    result = CliRunner().invoke(commands or program(), words)
    told = []
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        told.append(f"{type(result.exception).__name__}: {result.exception}")
    if result.exit_code == 4 or result.exit_code not in DOCUMENTED[words[0]]:
        told.append(f"exit code {result.exit_code}: {result.stderr[:500]}")
    if "please report" in result.output:
        told.append(f"broke: {result.output[:1500]}")
    if "\x1b" in result.output:
        told.append("a control character reaches the terminal")
    if SECRET in result.output and not any(SECRET in Path(word).name or Path(word).is_symlink() for word in words):
        told.append(f"what lies outside was read: {result.output[:1500]}")
    if "json" in words and result.stdout:
        try:
            json.loads(result.stdout)
        except ValueError as error:
            told.append(f"no JSON: {error}")
    took = time.process_time() - started
    if took > SLOWEST:
        told.append(f"took {took:.1f} seconds")
    return result.exit_code, told


def write(tree: Tree, folder: Path) -> None:
    """Make the files of a tree, as far as they go together; what was in the folder goes."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in tree.items():
        path = folder / name
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            if data.startswith(LINK):
                path.symlink_to(data.removeprefix(LINK).decode())
            else:
                path.write_bytes(data)
    for name, text in OUTSIDE.items():
        (folder.parent / name).write_text(text, "utf-8")


def run(
    inputs: int, seed: int, folder: Path, *, seconds: float | None = None, show: Callable[[Failure], None] | None = None
) -> tuple[Counter[str], list[Failure]]:
    """Damage that many trees, or for so long; how many runs ended with which exit code, and what went wrong."""
    figures: Counter[str] = Counter()
    failures: list[Failure] = []
    known = trees()
    before = Path.cwd()
    until = time.monotonic() + seconds if seconds is not None else None
    number = 0
    try:
        while number < inputs and (until is None or time.monotonic() < until):
            chance = random.Random(f"{seed}:{number}")
            tree = damaged(chance.choice(known), chance)
            write(tree, folder)
            folder.mkdir(exist_ok=True)
            os.chdir(folder)
            for words in command_lines(tree, chance):
                code, told = harm(words)
                figures[f"{words[0]}: {code}"] += 1
                failures += (Failure(number, " ".join(words), each) for each in told)
                if show is not None:
                    for failure in failures[len(failures) - len(told) :] if told else ():
                        show(failure)
            os.chdir(before)
            number += 1
    finally:
        os.chdir(before)
    figures["inputs"] = number
    return figures, failures


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the commands on damaged project files.")
    parser.add_argument("--inputs", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        figures, failures = run(
            wish.inputs,
            wish.seed,
            Path(scratch) / "repository",
            seconds=wish.seconds,
            show=lambda failure: print(*failure, flush=True),
        )
    print(dict(figures), len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
