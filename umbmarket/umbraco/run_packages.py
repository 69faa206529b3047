"""The packages of a run: all that the user named, and of those found in folders the newest of each id."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.formats.guarded import guarded
from umbmarket.formats.zip.archive import Archive
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.package.nupkg import NuGetPackage

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument

_NO_VERSION = NuGetVersion.parse("0.0.0-0")
"""Stands for a version that cannot be read; see `_age`."""


class PackageFile(NamedTuple):
    """A file that is taken for a package.

    Attributes:
        path: absolute.
        shown: as shown to the user.
        named: the user named it; False when it was found in a folder.
    """

    path: str
    shown: str
    named: bool


class RunPackage(NamedTuple):
    """A package of the run, packed or planned.

    Attributes:
        document: the package.
        folder: absolute path of the folder that it, or the project, lies in.
        named: as in `PackageFile`.
        planned: it is what a project would be packed to.
    """

    document: PackageDocument
    folder: str
    named: bool
    planned: bool = False


class PackedPackage(NamedTuple):
    """A package that was packed.

    Attributes:
        document: the package.
        folder: absolute path of the folder that it lies in.
        named: as in `PackageFile`.
    """

    document: NuGetPackage
    folder: str
    named: bool


def open_packages(files: Iterable[PackageFile]) -> list[PackedPackage]:
    """Open the files and leave out what a folder holds besides the packages that are meant, in their order.

    Every named file stays, whatever it turns out to be. Of those found, symbol packages go, and of each id (letter
    case ignored) all but the newest version; of the same version in several places the last by its path stays, so
    that `Release` comes before `Debug`. None of an id stays of which the user named one. What has no id stays.
    """
    packages = [PackedPackage(_read(file), os.path.dirname(file.path), file.named) for file in files]
    named = {_key(each) for each in packages if each.named}
    newest: dict[str, PackedPackage] = {}
    for each in packages:
        key = _key(each)
        if not each.named and key is not None and (key not in newest or _age(each) > _age(newest[key])):
            newest[key] = each
    return [each for each in packages if each.named or _stays(each, named, newest)]


def _read(file: PackageFile) -> NuGetPackage:
    """The package with its nuspec read; where a reader of ours breaks on it, one that cannot be read."""

    def read() -> NuGetPackage:
        package = NuGetPackage.open(Path(file.path), file.shown)
        # It would be read when it is first asked for, which may be anywhere.
        _ = package.nuspec
        return package

    return guarded(read, lambda reason: NuGetPackage(file.shown, Archive.unreadable(reason)))


def _stays(package: PackedPackage, named: set[str | None], newest: dict[str, PackedPackage]) -> bool:
    if package.document.is_symbols:
        return False
    key = _key(package)
    return key is None or (key not in named and newest[key] is package)


def _key(package: PackedPackage) -> str | None:
    """What tells its id from others; None for a package without one, and for symbols, which share one."""
    package_id = package.document.id
    return package_id.lower() if package_id and not package.document.is_symbols else None


def _age(package: PackedPackage) -> tuple[bool, NuGetVersion, list[str]]:
    """Larger for what is newer; an unreadable version is older than all others."""
    version = package.document.version
    return version is not None, version if version is not None else _NO_VERSION, package.document.path.split("/")
