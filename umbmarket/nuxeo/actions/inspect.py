"""What Nuxeo will make of packages: the action behind `umbmarket nuxeo inspect`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from umbmarket.disk.files import LEADS_OUT, leads_out
from umbmarket.disk.shown_path import shown
from umbmarket.findings import visible
from umbmarket.git.repository import Repositories
from umbmarket.nuxeo.manifest import Manifest
from umbmarket.nuxeo.manifest_recognition import foreign_product
from umbmarket.nuxeo.package import MANIFEST, SCRIPT, NuxeoPackage
from umbmarket.nuxeo.steps import Server


class CannotRead(ValueError):
    """A path that cannot be inspected: nothing is there."""


class Unreadable(NamedTuple):
    """A package that Nuxeo cannot read.

    Attributes:
        path: as shown to the user.
        reason: why, as a clause.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class InstalledFile(NamedTuple):
    """A file that a command installs.

    Attributes:
        source: its name in the package.
        target: on the server, relative to the server's folder where it lies there.
    """

    source: str
    target: str


class CommandEffect(NamedTuple):
    """What one command of the script does.

    Attributes:
        command: its name.
        attributes: as written, in their order.
        runs: `always`, `never`, or `depends` where a guard asks the server.
        files: what it installs.
        skipped: files in its source folder that it passes over.
        problems: what Nuxeo says against it; installing fails with any of those.
    """

    command: str
    attributes: tuple[tuple[str, str], ...]
    runs: str
    files: tuple[InstalledFile, ...]
    skipped: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class NuxeoInspection:
    """A package, as Nuxeo will see it.

    Attributes:
        package: the package.
        manifest: its manifest, which can be read.
        platform: the server that was asked about; None for none.
    """

    package: NuxeoPackage
    manifest: Manifest
    platform: str | None

    @property
    def id(self) -> str:
        """The id as the server will see it."""
        return self.manifest.id or ""

    @property
    def is_snapshot(self) -> bool:
        """Whether a new upload replaces the published package; a release can be uploaded once."""
        return self.manifest.version is not None and self.manifest.version.is_snapshot

    @property
    def platforms(self) -> str:
        """The servers that it is for, in words."""
        manifest = self.manifest
        name, version = manifest.target_platform("name"), manifest.target_platform("version")
        if name is not None and version is not None and name.text and version.text:
            return f"{name.text} {version.text}"
        return ", ".join(each.text for each in manifest.platforms) or "every server: the manifest names none"

    @property
    def is_compatible(self) -> bool | None:
        """Whether it is for the server that was asked about; None where none was."""
        return None if self.platform is None else self.manifest.is_compatible(self.platform)

    def effects(self) -> Iterator[CommandEffect]:
        """What each command does, in the order of the script; Nuxeo reads none where one of them is unknown."""
        installation = self.package.installation
        server = Server()
        for step in installation.steps if installation is not None else ():
            yield CommandEffect(
                step.command.id,
                tuple((each.name, each.value) for each in step.command.element.attributes.values()),
                {True: "always", False: "never", None: "depends"}[step.runs],
                tuple(InstalledFile(each.source, server.shown(each.target)) for each in step.installs),
                step.skipped,
                tuple(fault.message for fault in (*step.faults, *step.run_faults)),
            )

    @property
    def unknown_commands(self) -> tuple[str, ...]:
        """Elements of the script that are no commands: installing fails."""
        installation = self.package.installation
        return tuple(command.id for command in installation.unknown) if installation is not None else ()

    @property
    def script_problem(self) -> str | None:
        """Why there are no commands: the script is missing or cannot be read; None where it can."""
        package = self.package
        if package.script is None:
            reason = package.unread.get(SCRIPT)
        else:
            problem = package.script.file.problem
            if problem is None:
                return None
            reason = problem.detail
        return f"there is no {SCRIPT}" if reason is None else f"{SCRIPT} cannot be read: {reason}"


class NuxeoInspections(NamedTuple):
    """Several packages.

    Attributes:
        packages: those that Nuxeo can read, in the order they were named.
        problems: the others.
    """

    packages: tuple[NuxeoInspection, ...]
    problems: tuple[Unreadable, ...]


def inspect_nuxeo_packages(
    paths: Sequence[str | Path], *, platform: str | None = None, root: Path | None = None
) -> NuxeoInspections:
    """Read packages as Nuxeo does. Offline, always; nothing is unpacked.

    Args:
        paths: ZIPs, folders with a `package.xml`, or such files.
        platform: a server to ask about, such as `lts-2023.5`.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        CannotRead: a path names nothing.
        InvalidPlatformVersion: `platform` names no server.
    """
    packages = []
    problems = []
    for path in paths:
        package = _opened(os.fspath(path), root or Path.cwd())
        reason = _why_not(package)
        manifest = package.manifest
        if reason is not None or manifest is None:
            problems.append(Unreadable(package.path, visible(reason or "there is no package.xml")))
        else:
            packages.append(NuxeoInspection(package, manifest, platform))
    return NuxeoInspections(tuple(packages), tuple(problems))


def _opened(path: str, root: Path) -> NuxeoPackage:
    whole = Path(os.path.abspath(path))
    name = shown(whole, root)
    if not os.path.lexists(path):
        raise CannotRead(f"{name} cannot be read: there is no such file or folder")
    if whole.is_dir():
        manifest = f"{name}/{MANIFEST}" if name != "." else MANIFEST
        within = _within(whole)
        if leads_out(os.path.join(whole, MANIFEST), within):
            return NuxeoPackage(manifest, "folder", "source", problem=LEADS_OUT)
        return NuxeoPackage.open_folder(whole, manifest, within=within)
    if whole.name.lower() == MANIFEST:
        return NuxeoPackage.open_folder(whole.parent, name, within=_within(whole.parent))
    return NuxeoPackage.open_zip(whole, name)


def _within(folder: Path) -> str:
    """The folder that links in a package's folder may lead into: its repository, else itself."""
    repository = Repositories().of(os.fspath(folder))
    return os.fspath(folder) if repository is None else repository.root


def _why_not(package: NuxeoPackage) -> str | None:
    """Why Nuxeo cannot read a package, as a clause; None where it can."""
    if package.problem is not None:
        return f"cannot be read: {package.problem}"
    if package.unusable is not None:
        return package.unusable.detail
    manifest = package.manifest
    if manifest is None:
        unread = package.unread.get(MANIFEST)
        return f"{MANIFEST} cannot be read: {unread}" if unread else f"it has no {MANIFEST} at its root"
    if manifest.file.problem is not None:
        return f"{MANIFEST}: {manifest.file.problem.detail}"
    root = manifest.file.root
    foreign = foreign_product(root)
    if foreign is not None:
        return f"{MANIFEST} is the manifest of {foreign}"
    if manifest.root is None:
        return f"{MANIFEST} has the root element <{root.name if root is not None else ''}>, not <package>"
    return None
