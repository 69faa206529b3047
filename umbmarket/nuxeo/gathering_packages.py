"""From the files of a run to the facts about Nuxeo packages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from umbmarket.check.engine import Gathered
from umbmarket.check.marketplace import CLOSED, Handed, Inputs
from umbmarket.check.report import CheckedFile
from umbmarket.disk.files import is_below, read_start
from umbmarket.disk.real_path import real_path
from umbmarket.disk.shown_path import shown
from umbmarket.findings import shortened, visible
from umbmarket.formats.guarded import guarded
from umbmarket.formats.zip.archive import Archive
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest_recognition import MANIFEST_KIND, verdict_of
from umbmarket.nuxeo.package import MANIFEST, SCRIPT, Form, NuxeoPackage
from umbmarket.nuxeo.rules import CATALOGUE

_HEAD = 65_536
_ZIP_SIGNATURE = b"PK"


def is_nuxeo(path: str, name: str) -> bool:
    """Whether a named file is to be checked as Nuxeo's. Never raises.

    Args:
        path: as the user wrote it.
        name: its last part, in lower case: `package.xml`, `install.xml`, or what ends with `.zip`.
    """
    if name == SCRIPT:
        return True
    if name == MANIFEST:
        head = read_start(path, _HEAD)
        return head is None or verdict_of(head) != "foreign"
    archive = Archive.open(Path(path))
    manifest = next((entry for entry in archive.entries if entry.raw.raw_name == MANIFEST), None)
    if manifest is not None:
        return verdict_of(archive.head(manifest, _HEAD)) != "foreign"
    # No other marketplace takes a ZIP of this ending; what is missing in it is told.
    return not any(_is_nuspec(entry.raw.raw_name) for entry in archive.entries)


def _is_nuspec(name: str) -> bool:
    return name.lower().endswith(".nuspec") and "/" not in name


def gather(inputs: Inputs, form: Form | None, platform: str | None, *, is_explicit: bool) -> Gathered:
    """The facts about every package of a run.

    Args:
        inputs: what the marketplace is handed.
        form: what every package is taken for; None for what its kind says.
        platform: the server that they are to be for.
        is_explicit: the user said that they are Nuxeo packages.
    """
    packages = [*_packages(inputs, form)]
    notes = () if is_explicit else tuple(note for package in packages for note in doubts_about(package, "validate"))
    facts = [NuxeoFacts(package, platform) for package in packages]
    files = [CheckedFile(each.document.path, MANIFEST_KIND, _parsed(each), None) for each in facts]
    return Gathered(CATALOGUE, facts, files, notes=notes)


def _packages(inputs: Inputs, form: Form | None) -> Iterator[NuxeoPackage]:
    seen: set[str] = set()
    for handed in inputs.files:
        key = os.path.normcase(real_path(handed.path))
        if key not in seen:
            seen.add(key)
            yield _package(handed, inputs, form)
    if inputs.given is not None:
        name, data = inputs.given
        whole = os.path.normpath(os.path.join(inputs.root, name))
        path = shown(Path(whole), Path(inputs.root))
        if data.startswith(_ZIP_SIGNATURE):
            yield NuxeoPackage.zip_of(path, data, form or "built")
        else:
            yield NuxeoPackage.file_of(path, data, form or "source")


def _package(handed: Handed, inputs: Inputs, form: Form | None) -> NuxeoPackage:
    path = shown(Path(handed.path), Path(inputs.root))
    if handed.problem or handed.kind == CLOSED:
        return NuxeoPackage(path, "manifest", form or "source", problem=handed.problem)

    def read() -> NuxeoPackage:
        file = Path(handed.spelling)
        if handed.kind == MANIFEST_KIND:
            within = _widest(os.path.dirname(handed.path), inputs)
            return NuxeoPackage.open_folder(file.parent, path, form or "source", within=within)
        head = read_start(handed.spelling, len(_ZIP_SIGNATURE))
        if file.suffix.lower() == ".xml" and head != _ZIP_SIGNATURE:
            return NuxeoPackage.open_file(file, path, form or "source")
        return NuxeoPackage.open_zip(file, path, form or "built")

    return guarded(read, lambda reason: NuxeoPackage(path, "manifest", form or "source", problem=reason))


def _widest(folder: str, inputs: Inputs) -> str:
    """The folder that links in a package's folder may lead into: its repository, else the widest that was named."""
    repository = inputs.repositories.of(folder)
    if repository is not None:
        return repository.root
    return min((each for each in inputs.folders if is_below(folder, each)), key=len, default=folder)


def _parsed(facts: NuxeoFacts) -> Literal["strict", "no"]:
    package = facts.package
    documents = [each.file for each in (package.manifest, package.script) if each is not None]
    return "strict" if documents and all(each.root is not None for each in documents) else "no"


def doubts_about(package: NuxeoPackage, command: str) -> Iterator[str]:
    """What else a ZIP could be meant to be, and the command that says it.

    Args:
        package: that was taken for Nuxeo's.
        command: that took it, such as `validate`.
    """
    others = [name for name, _ in package.entries if _is_nuspec(name)]
    if package.kind == "zip" and others and package.manifest is not None:
        other = visible(shortened(others[0]))
        yield (
            f"{package.path}: a Nuxeo package ({MANIFEST}) and a NuGet package ({other}) could be meant; it was taken"
            f" for a Nuxeo package, as by: umbmarket nuxeo {command} {package.path}. For a NuGet package, give the file"
            " the ending .nupkg"
        )
