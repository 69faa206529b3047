"""The cases of the rules about Nuxeo packages: `tests/cases/NXP<number>/{ok,bad}/<case>/`.

A case holds the files to check. A folder whose name ends in `.zip` is zipped into a file of that name. `case.toml` may
say more: `paths` to check instead of the folder; `form`, which is `built` or `source`; `platform`; under `[entries]`
further entries of a ZIP, whose names no file can have: `"my.zip" = [["name", "text"]]`; under `[links]` its symbolic
links, `"my.zip" = [["name", "target"]]`; under `[methods]` other compression methods, `"my.zip" = {name = 12}`; under
`[streamed]` names of entries whose length comes behind the content, `"my.zip" = ["name"]`; under `[before]` what stands
in front of a ZIP; and under `[bytes]` files in hexadecimal, `"package.xml" = "ff fe"`. `expected.txt` of a bad case has
one line for each finding of the rule.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import umbmarket
from tests.nuxeo.zips import zipped
from tests.rule_cases import code_of
from umbmarket.findings import Finding
from umbmarket.marketplaces import MARKETPLACES
from umbmarket.nuxeo.marketplace import NuxeoMarketplace
from umbmarket.settings.options import Settings


def check_case(folder: Path, scratch: Path) -> list[Finding]:
    """All findings of the case's rule on a copy of the case in `scratch`."""
    project = scratch / "project"
    shutil.copytree(folder, project)
    (project / "expected.txt").unlink(missing_ok=True)
    about = project / "case.toml"
    told = tomllib.loads(about.read_text("utf-8")) if about.exists() else {}
    about.unlink(missing_ok=True)
    for name, text in told.get("bytes", {}).items():
        (project / name).write_bytes(bytes.fromhex(text))
    for archive in [path for path in sorted(project.rglob("*.zip")) if path.is_dir()]:
        _zip(archive, {table: told.get(table, {}).get(archive.name, ()) for table in _TABLES})
    code = code_of(folder)
    nuxeo = NuxeoMarketplace(told.get("form"), told.get("platform"), is_explicit=True)
    paths = [project / name for name in told["paths"]] if "paths" in told else _named(project)
    report = umbmarket.validate(
        paths, settings=Settings(select=(code,)), root=project, marketplaces=(nuxeo, MARKETPLACES[0])
    )
    assert not report.failures
    assert report.files
    return [finding for finding in report.findings if finding.code == code]


def _named(project: Path) -> list[Path]:
    """ZIPs and scripts alone have to be named; manifests are found."""
    found = sorted(project.glob("*.zip"))
    if not (project / "package.xml").exists():
        found += sorted(project.glob("install.xml"))
    return found or [project]


_TABLES = ("entries", "links", "methods", "streamed", "before")


def _zip(folder: Path, odd: dict[str, Any]) -> None:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    shutil.rmtree(folder)
    entries = [*files.items(), *((name, text) for name, text in odd["entries"])]
    before = "".join(odd["before"]).encode()
    folder.write_bytes(zipped(entries, odd["links"], dict(odd["methods"]), odd["streamed"], before))
