"""Throws damaged and made-up input at every reader of the product: none may raise, and none may take long.

    python -m tests.fuzz.readers --inputs 1000000 --seed 1

It tells how many inputs each reader got, how many each second, and the slowest. Every failure is told with its input;
the exit code is 1 when there was one. The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import build_nupkg, build_nuspec
from tests.doubles.marketplace_double import record
from umbmarket.findings import visible
from umbmarket.formats.markdown.anchors import anchors_of
from umbmarket.formats.markdown.targets import read_markdown
from umbmarket.formats.pictures import recognise
from umbmarket.formats.zip.archive import Archive
from umbmarket.git.config import GitConfig, parse
from umbmarket.git.ignore_rules import IgnoreRules
from umbmarket.git.index import tracked_paths
from umbmarket.marketplaces import alone, validate
from umbmarket.nuget.feed.registration import read_index, read_page
from umbmarket.nuget.feed.service_index import read_service_index
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.nuget.package.push_rules import push_problems
from umbmarket.nuxeo.marketplace import NuxeoMarketplace
from umbmarket.nuxeo.maven_parent import InvalidPom, ParentPom
from umbmarket.settings.file import load_settings
from umbmarket.settings.options import SettingsError
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.online.api import read_record
from umbmarket.web.page_text import first_lines

SLOWEST = 3.0
"""Processor time in seconds that no input of some thousand bytes may take, by far."""

Chance = random.Random


@dataclass(frozen=True)
class Reader:
    """What is tried: `make` gives an input, `read` reads it and must not raise; of all inputs it gets `share` parts."""

    make: Callable[[Chance], Any]
    read: Callable[[Any], None]
    share: int


# Inputs


FRAGMENTS = (
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b"\t", b" " * 30),
    *(b'"', b"'", b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"&", b"&#0;", b"&amp;"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE a>", b"<?x?>", b"xmlns=", b"=", b":", b",", b";", b"#", b"!"),
    *(b"/*", b"*/", b"//", b"**/", b"*", b"?", b"[!", b"[[:alpha:]]", b"```", b"---", b"null", b"true", b"1e999"),
    *(b"-0", b"9" * 25, b"0x", b"iso-8859-12", b"utf-16", b"windows-1252", b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"),
    *(b"../", b"\\..\\", b"%2e", b"%", b"\xc3", b"\xe2\x80\xae", b"\x1b[31m", b"::error::", b"##["),
)


def damaged(seeds: tuple[bytes, ...]) -> Callable[[Chance], bytes]:
    """Inputs that are one of `seeds` with some bytes changed, left out, put in, moved or repeated."""

    def make(chance: Chance) -> bytes:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(data) + 1)
            what = chance.randrange(6)
            if what == 0:
                data[at:at] = chance.choice(FRAGMENTS)
            elif what == 1:
                del data[at : at + chance.randint(1, 20)]
            elif what == 2 and at < len(data):
                data[at] = chance.randrange(256)
            elif what == 3:
                other = chance.randrange(len(data) + 1)
                data[at:at] = data[other : other + chance.randint(1, 40)]
            elif what == 4:
                data[at:at] = chance.choice(FRAGMENTS) * chance.randint(2, 40)
            elif at + 4 <= len(data):
                # Lengths and offsets of binary formats.
                data[at : at + 4] = struct.pack("<I", chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)))
        return bytes(data)

    return make


HOSTILE_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 2**63, 10**30, 1.5, float("inf"), float("nan"), "", " ", "\x00", "\ud800", "x" * 300),
    *([], {}, [[]], [None], {"": None}, "1.0.0", "[1,2)", "2024-01-01T00:00:00Z", "0001-01-01", "9999-99-99T99:99Z"),
    *("https://example.org/", "https://[", "//", "file:///etc/passwd", "../..", "\n", "umbraco-marketplace"),
)


def changed(seeds: tuple[object, ...]) -> Callable[[Chance], object]:
    """Values like `seeds`, as an answer of a server may be read, with some parts replaced by other values."""

    def copy(value: object, chance: Chance, odds: float) -> object:
        if chance.random() < odds:
            return chance.choice(HOSTILE_VALUES)
        if isinstance(value, Mapping):
            return {key: copy(inner, chance, odds) for key, inner in value.items() if chance.random() > odds / 2}
        if isinstance(value, list):
            items = [copy(inner, chance, odds) for inner in value]
            return items * chance.choice((1, 1, 1, 2, 6))
        return value

    return lambda chance: copy(chance.choice(seeds), chance, chance.choice((0.02, 0.1, 0.4)))


# Readers


def read_listing(data: bytes) -> None:
    listing = Listing("umbraco-marketplace.json", data)
    for problem in listing.tree.problems:
        region = listing.source.region(problem.span)
        assert 0 <= region.start <= region.end <= len(data)
    for duplicate in listing.tree.duplicates():
        assert duplicate.again


def read_nuspec(data: bytes) -> None:
    nuspec = Nuspec("a.nuspec", data)
    for problem in nuspec.problems + push_problems(nuspec):
        assert problem.detail
        nuspec.locate(problem.place)
    assert nuspec.dependency_groups is not None


def read_archive(data: bytes) -> None:
    archive = Archive.from_bytes(data)
    for entry in archive.entries[:20]:
        content = archive.read(entry, 10_000)
        assert len(content.data) <= 10_001


def read_git_config(data: bytes) -> None:
    config = GitConfig(parse(data.decode("utf-8", "surrogateescape")))
    for name in config.subsections("remote", "url"):
        for url in config.all("remote", name, "url"):
            assert isinstance(config.rewritten(url), str)


def read_git_index(data: bytes) -> None:
    for number, path in enumerate(tracked_paths(data)):
        assert len(path) <= 4096
        assert number <= len(data)


def read_ignore_rules(data: bytes) -> None:
    rules = IgnoreRules(data)
    for path in (b"a", b"bin/a.json", b"x/y/z", b"\xff"):
        assert rules.verdict(path, is_folder=False) in (True, False, None)


def settings_reader(folder: Path) -> Callable[[bytes], None]:
    path = folder / "umbmarket.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            load_settings(path, "umbmarket.toml")
        except SettingsError as refused:
            said = str(refused)
        else:
            return
        assert all(line.isprintable() for line in said.split("\n"))

    return read


def read_feed(answer: object) -> None:
    read_index(answer)
    read_page(answer)
    read_service_index(answer)


def read_answer(answer: object) -> None:
    if isinstance(answer, dict):
        read_record(answer)


def read_readme(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for link in read_markdown(text).links:
        assert 0 <= link.span.start <= link.span.end <= len(text)
    anchors_of(text)


def read_pom(data: bytes) -> None:
    try:
        parent = ParentPom(data)
    except InvalidPom:
        return
    made = parent.with_module("new-module")
    assert ParentPom(made).modules == (*parent.modules, "new-module")


def validate_package(folder: Path) -> Callable[[bytes], None]:
    """A damaged package.xml and install.xml (the two are apart by a NUL) through every rule of Nuxeo's catalogue."""
    folder = folder / "package"
    folder.mkdir(exist_ok=True)
    marketplaces = [alone(NuxeoMarketplace(form, is_explicit=True)) for form in ("built", "source")]

    def read(data: bytes) -> None:
        manifest, _, script = data.partition(NUL)
        (folder / "package.xml").write_bytes(manifest)
        (folder / "install.xml").write_bytes(script)
        for each in marketplaces:
            report = validate([folder], root=folder, marketplaces=each)
            assert not report.failures, report.failures
            for finding in report.findings:
                assert visible(finding.message) == finding.message, finding.message

    return read


def read_page_text(data: bytes) -> None:
    for media_type in ("text/html", "text/plain"):
        for line in first_lines(data, media_type, ("refused",), cut_off=False):
            assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in line)
            assert "refused" not in line


def read_picture(data: bytes) -> None:
    assert recognise(data)


LISTINGS = (
    b'{"$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json", "Category": "Search"}',
    json.dumps(
        {
            "Category": "Developer Tools",
            "Tags": ["a", "b"],
            "Screenshots": [{"ImageUrl": "https://example.org/a.png", "Caption": "é"}],
            "AuthorDetails": {"Name": "Jane", "Contributors": [{"Name": "x", "Url": "https://example.org"}]},
            "VersionDependencyMode": "SemVer",
        },
        indent=2,
    ).encode(),
    b"{\n  // comment\n  Title: 'x',\n  \"Tags\": [1, 2,],\n}\n",
)
NUSPECS = (
    build_nuspec({"id": "My.Package", "version": "1.2.3", "tags": "a b", "projectUrl": "https://example.org"}).encode(),
    build_nuspec(
        {"id": "A", "version": "1"}, {"net8.0": {"B": "[1,2)"}, None: {"C": None}}, "<icon>i.png</icon>"
    ).encode(),
    b'<?xml version="1.0" encoding="iso-8859-1"?><package><metadata><id>A</id></metadata></package>',
)
ARCHIVES = (build_nupkg(files={"README.md": "x"}), build_nupkg(nuspec_name=None, files={"a/b": b"\x00" * 50}))
CONFIGS = (
    b'[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:me/x.git\n'
    b'[url "https://x/"]\n\tinsteadOf = y:\n',
)
INDEXES = tuple(
    b"DIRC"
    + struct.pack(">II", version, 2)
    + (
        bytes(60)
        + b"\x00\x05"
        + (b"\x00" if version == 4 else b"")
        + b"a.txt\x00"
        + (b"" if version == 4 else bytes(4))
    )
    * 2
    for version in (2, 3, 4)
)
IGNORES = (b"*.json\n!a.json\n/bin/\nobj/**/x\n[a-z]*.[!o]\n\\#x\n  y \n**/node_modules\n",)
SETTINGS = (
    b'select = ["UMB1", "thin-listing"]\nfail-on = "warning"\n[severity]\nUMB203 = "error"\n',
    b'ignore = [{ rule = "UMB104", reason = "x" }]\n[per-file-ignores]\n"samples/**" = ["UMB2"]\n',
)
READMES = (
    b"# Title\n\n[a](b.md) ![i](x.png 'y') <a href='z'>q</a>\n\n```\ncode\n```\n\n"
    b"- [x]: https://example.org\n> [x][y]\n",
)
PICTURES = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01",
    b"GIF89a\x01\x00\x01\x00",
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<!DOCTYPE html><html></html>",
)
ENTRY = {
    "id": "My.Package",
    "version": "1.2.0",
    "listed": True,
    "published": "2024-05-06T07:08:09.123Z",
    "tags": ["umbraco-marketplace"],
    "dependencyGroups": [
        {"targetFramework": "net8.0", "dependencies": [{"id": "Umbraco.Cms.Core", "range": "[13,14)"}]}
    ],
}
FEEDS: tuple[object, ...] = (
    {
        "items": [
            {"@id": "https://example.org/p", "lower": "1.0.0", "upper": "2.0.0", "items": [{"catalogEntry": ENTRY}]}
        ]
    },
    {"items": [{"catalogEntry": ENTRY, "packageContent": "https://example.org/a.nupkg"}]},
    {"version": "3.0.0", "resources": [{"@id": "https://example.org/", "@type": "RegistrationsBaseUrl/3.6.0"}]},
)


POMS = (
    b"<?xml version='1.0' encoding='UTF-8'?>\n<project>\n  <groupId>g</groupId><artifactId>a</artifactId>\n"
    b"  <version>1</version>\n  <packaging>pom</packaging>\n  <modules>\n    <module>b</module>\n  </modules>\n"
    b"</project>",
    b"<project><parent><groupId>g</groupId><version>1</version></parent><artifactId>a</artifactId><modules/></project>",
)
NUL = b"\x00"
NUXEO_PACKAGES = (
    b'<package name="a" version="1.0.0" type="addon"><title>A</title><dependencies><package>b:1.0:2.0</package>'
    b"</dependencies><platforms><platform>lts-2023*</platform></platforms><installer restart='true'/></package>"
    + NUL
    + b"""<install>
  <update dir="${package.root}/install" todir="${env.bundles}"
    if="Version.startsWith('10') and not Packages.contains('x')"/>
  <copy file="${package.root}/a-{version:.*}.txt" tofile="${env.lib}/a.txt" overwrite="true"
    fail="Platform.isWindows()"/>
  <config set="a=@B@" addtemplate="x" ignore="not (1 == 2) || empty(x)"/> <delete file="${env.lib}/a-{v:.*}.jar"/>
</install>""",
    b"<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE package [<!ENTITY e 'x&#65;'>]>\n<package name='@ID@'"
    b" version='1.0.0-SNAPSHOT'><title>&e;<![CDATA[<%]]></title><vendor/><vendor>V</vendor></package>"
    + NUL
    + b"<a.B/>",
)
PAGES = (
    b"<!DOCTYPE html><html><head><title>No</title><style>a {}</style></head><body><p>a &amp; <b>b</b><br>c</html>",
    b'{"message": "refused", "errorClass": "x"}\n',
    b"one\n\ntwo <script>three</script> \x1b[31m\xff",
)


def readers(folder: Path) -> dict[str, Reader]:
    """All readers by name; `folder` is for those that read files."""
    return {
        "listing": Reader(damaged(LISTINGS), read_listing, 20),
        "nuspec": Reader(damaged(NUSPECS), read_nuspec, 10),
        "archive": Reader(damaged(ARCHIVES), read_archive, 10),
        "git config": Reader(damaged(CONFIGS), read_git_config, 10),
        "git index": Reader(damaged(INDEXES), read_git_index, 10),
        "git ignore rules": Reader(damaged(IGNORES), read_ignore_rules, 5),
        "settings": Reader(damaged(SETTINGS), settings_reader(folder), 5),
        "feed": Reader(changed(FEEDS), read_feed, 10),
        "marketplace": Reader(changed((record(),)), read_answer, 5),
        "readme": Reader(damaged(READMES), read_readme, 10),
        "picture": Reader(damaged(PICTURES), read_picture, 5),
        "pom": Reader(damaged(POMS), read_pom, 5),
        "nuxeo package": Reader(damaged(NUXEO_PACKAGES), validate_package(folder), 3),
        "server's page": Reader(damaged(PAGES), read_page_text, 5),
    }


# Runs


@dataclass
class Figures:
    """What came of one reader's inputs."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def run(inputs: int, seed: int, folder: Path) -> dict[str, Figures]:
    """Try `inputs` inputs, shared out among the readers."""
    found: dict[str, Figures] = {}
    chosen = readers(folder)
    shares = sum(reader.share for reader in chosen.values())
    for name, reader in chosen.items():
        chance, figures = random.Random(f"{seed} {name}"), Figures()
        found[name] = figures
        for _ in range(-(-inputs * reader.share // shares)):
            tried = reader.make(chance)
            started = time.process_time()
            try:
                reader.read(tried)
            except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
                figures.failures.append(f"{type(error).__name__}: {error}: {tried!r}")
            seconds = time.process_time() - started
            if seconds > SLOWEST:
                figures.failures.append(f"it took {seconds:.1f} s: {tried!r}")
            figures.inputs += 1
            figures.seconds += seconds
            figures.slowest = max(figures.slowest, seconds)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(options.inputs, options.seed, Path(folder))
    for name, figures in found.items():
        print(
            f"{name:17}{figures.inputs:>10,} inputs {figures.seconds:>8.1f} s"
            f"  slowest {1000 * figures.slowest:>7.1f} ms  failures {len(figures.failures)}"
        )
    failures = [f"{name}: {failure}" for name, figures in found.items() for failure in figures.failures]
    print(f"{sum(figures.inputs for figures in found.values()):,} inputs, {len(failures)} failures")
    print(*failures[:20], sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
