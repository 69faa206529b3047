"""Hostile packages of a size that is allowed: twice of it takes about twice the time, and messages stay short."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import umbmarket
from tests.effort import TWICE, growth

MANIFEST = '<package name="a" version="1.0.0" type="addon"><title>A</title>{}</package>'


def script(commands: str) -> dict[str, str]:
    return {"package.xml": MANIFEST.format(""), "install.xml": f"<install>{commands}</install>"}


def manifest(elements: str) -> dict[str, str]:
    return {"package.xml": MANIFEST.format(elements), "install.xml": "<install/>"}


def folder_copied_often(size: int) -> dict[str, str]:
    files = {f"install/{number}.txt": "" for number in range(size)}
    return {**script('<copy dir="${package.root}" todir="${env.lib}"/>' * size), **files}


def sources_missing(size: int) -> dict[str, str]:
    files = {f"install/{number}.txt": "" for number in range(size)}
    missing = (f'<copy file="${{package.root}}/instal/{n}x" todir="${{env.lib}}"/>' for n in range(size))
    return {**script("".join(missing)), **files}


def unknown_variables(size: int) -> dict[str, str]:
    return script("".join(f'<copy file="${{env.lib{n}}}/a" todir="${{env.lib}}"/>' for n in range(size)))


def variables_that_do_not_end(size: int) -> dict[str, str]:
    return script(f'<copy file="{"${" * size}" todir="{"${a:" * size}"/>')


def comments_that_do_not_end(size: int) -> dict[str, str]:
    return script(f"<![CDATA[{'<!--@' * size}]]>")


def unknown_commands(size: int) -> dict[str, str]:
    return script("".join(f"<copi{number} a='b'/>" for number in range(size)))


def unknown_attributes(size: int) -> dict[str, str]:
    return script("<copy " + " ".join(f'fil{number}="b"' for number in range(size)) + "/>")


def long_guards(size: int) -> dict[str, str]:
    return script(f'<config set="a=b" if="{"not " * size}true"/>')


def many_guards(size: int) -> dict[str, str]:
    return script("""<config set="a=b" if="Version.startsWith('10') and not Platform.isWindows()"/>""" * size)


def unknown_elements(size: int) -> dict[str, str]:
    return manifest("".join(f"<titel{number}/>" for number in range(size)))


def dependencies(size: int) -> dict[str, str]:
    entries = "".join(f"<package>a-{number}:1.0.{number}</package>" for number in range(size))
    return manifest(f"<dependencies>{entries}</dependencies>")


def platforms(size: int) -> dict[str, str]:
    entries = "".join(f"<platform>lts-{number}*</platform>" for number in range(size))
    return manifest(f"<platforms>{entries}</platforms>")


def unknown_names_in_guards(size: int) -> dict[str, str]:
    guard = " or ".join(f"a{number}" for number in range(1_000))
    patterns = " ".join(f'b{number}="{{x{number}:"' for number in range(size))
    return script(f'<config set="a=b" if="{guard}" {patterns}/>' * 3)


def templates_nearly_added(size: int) -> dict[str, str]:
    names = ",".join(f"template-{number}x" for number in range(size))
    files = {f"install/templates/template-{number}/nuxeo.defaults": "" for number in range(size)}
    return {**script(f'<config addtemplate="{names}"/>'), **files}


def relative_sources(size: int) -> dict[str, str]:
    return script('<copy file="a/b.txt" todir="${env.lib}"/>' * size)


def entries_with_attributes(size: int) -> dict[str, str]:
    entries = '<package version="1">a</package>' * size
    return manifest(f"<dependencies>{entries}</dependencies>")


def long_version(size: int) -> dict[str, str]:
    return {**manifest(""), "package.xml": MANIFEST.replace("1.0.0", "1." * size)}


SIZES: dict[Callable[[int], dict[str, str]], int] = {
    sources_missing: 800,
    unknown_variables: 3_000,
    variables_that_do_not_end: 20_000,
    comments_that_do_not_end: 20_000,
    unknown_commands: 3_000,
    unknown_attributes: 5_000,
    long_guards: 1_000,
    many_guards: 800,
    unknown_elements: 5_000,
    dependencies: 3_000,
    platforms: 3_000,
    unknown_names_in_guards: 3_000,
    templates_nearly_added: 1_500,
    relative_sources: 1_500,
    entries_with_attributes: 2_000,
    long_version: 20_000,
}


def packed(tmp_path: Path, files: dict[str, str]) -> Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize("make", SIZES, ids=lambda make: make.__name__)
def test_twice_the_package_takes_about_twice_the_time(make: Callable[[int], dict[str, str]], tmp_path: Path) -> None:
    def prepare(size: int) -> Callable[[], object]:
        path = packed(tmp_path, make(size))
        return lambda: umbmarket.validate([path], root=tmp_path)

    assert growth(prepare, SIZES[make]) < TWICE


def test_a_whole_package_that_is_copied_often_is_followed_to_a_bound(tmp_path: Path) -> None:
    path = packed(tmp_path, folder_copied_often(1_000))
    report = umbmarket.validate([path], root=tmp_path)
    assert not report.failures
    assert "NXP310" not in {finding.code for finding in report.findings}


def test_messages_stay_short(tmp_path: Path) -> None:
    long = "e" * 100_000
    files = {
        "package.xml": MANIFEST.format(f"<{long}/>"),
        "install.xml": f'<install><{long} {long}="a"/><copy {long}="" if="{long[:9000]}("><{long}/></copy></install>',
    }
    report = umbmarket.validate([packed(tmp_path, files)], root=tmp_path)
    assert {"NXP125", "NXP406", "NXP407", "NXP417", "NXP422"} <= {finding.code for finding in report.findings}
    assert max(len(finding.message) for finding in report.findings) < 400
    assert max(len(finding.help or "") for finding in report.findings) < 400
