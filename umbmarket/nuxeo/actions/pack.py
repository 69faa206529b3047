"""The action behind `umbmarket nuxeo pack`: a ZIP from the plain layout, the same bytes each time, checked first."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.disk.files import in_words, is_link, kind_in_words, leads_out
from umbmarket.disk.folders_above import no_place
from umbmarket.disk.real_path import real_path
from umbmarket.disk.replacing import clear_leftovers
from umbmarket.disk.shown_path import shown
from umbmarket.findings import Severity, quote, visible
from umbmarket.formats.zip.reproducible import write_zip
from umbmarket.nuxeo.package import MANIFEST, NuxeoPackage
from umbmarket.nuxeo.publish_checks import checked, errors_in, identity_of
from umbmarket.nuxeo.wrong_use import WrongUse

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.findings import Finding
    from umbmarket.settings.options import Settings

_JUNK = frozenset(
    (
        ".ds_store",
        ".editorconfig",
        ".git",
        ".gitattributes",
        ".gitignore",
        ".gitkeep",
        ".hg",
        ".idea",
        ".svn",
        ".vscode",
        "__macosx",
        "desktop.ini",
        "thumbs.db",
        "umbmarket.toml",
    )
)
"""Lower-case names of what systems, editors and version control leave in folders, and of this program's settings."""

_JUNK_END = re.compile(r"(?:~|\.sw[a-p]|\.tmp)\Z", re.IGNORECASE)
_MAVEN_MANIFEST = "src/main/resources/package.xml"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of it.

    Attributes:
        path: of the ZIP, also where it was not made.
        package_id: with its version normalised; empty where there is none.
        files: how many files are in the ZIP.
        size: of the ZIP in bytes.
        digest: the SHA-256 of the ZIP, in hexadecimal digits.
        left_out: what of the folder is not in the ZIP, with forward slashes.
        report: what the rules found, at the places in the folder.
        obstacles: why the ZIP was not made; empty where it was.
    """

    path: Path
    package_id: str
    files: int
    size: int
    digest: str
    left_out: tuple[str, ...]
    report: Report
    obstacles: tuple[str, ...] = ()


def pack(
    folder: str | Path,
    output: str | Path | None = None,
    *,
    force: bool = False,
    settings: Settings | None = None,
    root: Path | None = None,
) -> Packed:
    """Make a ZIP of a folder, unless the rules find errors in it.

    Entries are sorted, have a fixed time and no mode of their own. Of folders without a file those are kept that a
    command of the script names, since Nuxeo looks whether they are there. What systems and editors leave in folders is
    left out, and so is an earlier ZIP of the package beside its manifest.

    Args:
        folder: with a `package.xml`.
        output: the ZIP; `NAME-VERSION.zip` in the working folder when None.
        force: replace a ZIP that is there.
        settings: which findings are ignored, and how much others weigh.
        root: the folder that shown paths are relative to; the working folder when None.

    Raises:
        WrongUse: there is no package in the folder, a file in it cannot be packed, or the ZIP cannot be written.
    """
    top = Path(folder)
    whole = Path(real_path(top))
    here = Path.cwd() if root is None else root
    if not os.path.lexists(top):
        raise WrongUse(f"{quote(str(top), 200)} cannot be read: there is no such file or folder")
    if not os.path.isdir(whole):
        raise WrongUse(f"{quote(str(top), 200)} is not a folder")
    if not os.path.isfile(whole / MANIFEST):
        why = _unreadable(whole) or "there is no package.xml in it"
        if os.path.isfile(whole / _MAVEN_MANIFEST):
            why = "it is a Maven project; build the package with mvn package"
        raise WrongUse(f"{quote(str(top), 200)} cannot be packed: {why}")
    source = NuxeoPackage.open_folder(whole, MANIFEST, "built")
    package_id, _ = identity_of(source)
    target = _target(output, package_id, here)
    if not force and os.path.lexists(target):
        raise WrongUse(f"{_named(target, here)} exists already; --force replaces it")
    name = source.manifest.name if source.manifest is not None else None
    files, left_out = _files_of(whole, name or "", target)
    if target in files.values():
        raise WrongUse(f"{_named(target, here)} is a part of the package; name another file with --output")
    with _beside(target, _named(target, here)) as fresh:
        _write(fresh, files, _named_folders(source, whole, files), _named(target, here))
        report = _moved(checked(fresh, settings, here), fresh, top, here)
        obstacles = errors_in(report)
        if not package_id:
            obstacles = (*obstacles, "it has no manifest with a name and a version, so it has no id")
        size, digest = fresh.stat().st_size, _digest(fresh)
        if not obstacles:
            _put(fresh, target, _named(target, here))
    clear_leftovers([target.parent])
    return Packed(target, package_id, len(files), size, digest, left_out, report, obstacles)


def _target(output: str | Path | None, package_id: str, here: Path) -> Path:
    if output is not None:
        target = here / output
        if os.path.isdir(target):
            raise WrongUse(f"{_named(target, here)} is a folder; name a file with --output")
    else:
        name = f"{package_id or 'package'}.zip"
        if re.search(r'[/\\:*?"<>|\x00-\x1f]', name):
            raise WrongUse(f"no file can be called {quote(name)}; name one with --output")
        target = here / name
    problem = no_place(target, show=lambda path: _named(path, here))
    if problem is not None:
        raise WrongUse(f"{_named(target, here)} cannot be written: {problem}")
    return Path(real_path(target.parent)) / target.name


def _unreadable(folder: Path) -> str | None:
    """Why a folder cannot be read; None where it can."""
    try:
        os.stat(folder / MANIFEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        return in_words(error, str(folder))
    return None


def _named(path: Path, here: Path) -> str:
    """A path in a message."""
    return visible(shown(path, here))


def _files_of(folder: Path, name: str, target: Path) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The files to pack, by the names of their entries, and what is left out."""
    earlier = re.compile(re.escape(name) + r"-.*\.zip", re.IGNORECASE | re.DOTALL)
    files: dict[str, Path] = {}
    left_out: list[str] = []

    def visit(path: Path, before: str) -> None:
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            raise WrongUse(f"{visible(str(path))} cannot be read: {in_words(error, str(path))}") from None
        for entry in entries:
            inside = before + entry.name
            is_own = bool(name) and not before and earlier.fullmatch(entry.name) is not None
            # An earlier run made it there; what is no ZIP was never its result.
            is_result = Path(entry.path) == target and entry.name.lower().endswith(".zip")
            if _is_junk(entry.name, at_root=not before) or is_own or is_result:
                left_out.append(inside)
                continue
            _refuse_odd_name(entry.name, inside)
            if entry.is_dir(follow_symlinks=False) and not is_link(entry):
                visit(Path(entry.path), f"{inside}/")
                continue
            _refuse_odd_file(entry, inside, folder)
            files[inside] = Path(entry.path)

    visit(folder, "")
    return files, tuple(left_out)


def _is_junk(name: str, *, at_root: bool) -> bool:
    # What a run of ours that was killed has left behind is never part of a package either.
    is_hidden = name.startswith("." if at_root else ".umbmarket-")
    return is_hidden or name.lower() in _JUNK or _JUNK_END.search(name) is not None


def _refuse_odd_name(name: str, inside: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise WrongUse(f"{quote(inside, 200)} cannot be packed: its name is not UTF-8") from None
    if not name.isprintable() or "\\" in name:
        raise WrongUse(
            f"{quote(inside, 200)} cannot be packed: its name contains a character that no entry should have"
        )


def _refuse_odd_file(entry: os.DirEntry[str], inside: str, folder: Path) -> None:
    """Raise `WrongUse` for what is no file, and for links: what lies outside of the folder must not be published."""
    try:
        if is_link(entry):
            if leads_out(entry.path, str(folder)):
                raise WrongUse(f"{quote(inside, 200)} cannot be packed: it is a link that leads out of the folder")
            if os.path.isdir(entry.path):
                raise WrongUse(f"{quote(inside, 200)} cannot be packed: it is a link to a folder")
        mode = entry.stat().st_mode
    except OSError as error:
        raise WrongUse(f"{quote(inside, 200)} cannot be packed: {in_words(error, entry.path)}") from None
    if not stat.S_ISREG(mode):
        raise WrongUse(f"{quote(inside, 200)} cannot be packed: {kind_in_words(mode)}")


@contextlib.contextmanager
def _beside(target: Path, name: str) -> Iterator[Path]:
    """A new file in the folder of `target`, which is gone afterwards unless it was moved."""
    fresh = target.with_name(f".umbmarket-{secrets.token_hex(8)}.zip")
    try:
        fresh.open("xb").close()
    except (OSError, ValueError) as error:
        raise WrongUse(f"{name} cannot be written: {in_words(error, str(target))}") from None
    try:
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _named_folders(package: NuxeoPackage, folder: Path, files: dict[str, Path]) -> list[str]:
    """The folders without a file that commands take files from, as names of entries."""
    installation = package.installation
    steps = installation.steps if installation is not None else ()
    names = {step.source for step in steps if step.source}
    return [
        f"{name}/"
        for name in names
        if not any(each == name or each.startswith(f"{name}/") for each in files) and _is_inside(folder, name)
    ]


def _is_inside(folder: Path, name: str) -> bool:
    """Whether a name is that of a folder of the package, and no link leads to it."""
    path = real_path(folder / name)
    return os.path.isdir(path) and path == os.path.join(folder, *name.split("/"))


def _write(fresh: Path, files: dict[str, Path], folders: list[str], name: str) -> None:
    try:
        with fresh.open("r+b") as file:
            write_zip(file, files, folders)
    except OSError as error:
        raise WrongUse(f"{name} cannot be written: {in_words(error, str(error.filename or fresh))}") from None


def _put(fresh: Path, target: Path, name: str) -> None:
    try:
        fresh.replace(target)
    except OSError as error:
        raise WrongUse(f"{name} cannot be written: {in_words(error, str(target))}") from None


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            digest.update(part)
    return digest.hexdigest()


def _moved(report: Report, fresh: Path, folder: Path, root: Path) -> Report:
    """The report on the ZIP as one on the folder: what is packed is what lies there, byte by byte."""
    zip_path, top = shown(fresh, root), shown(folder, root)

    def place(file: str, member: str | None) -> tuple[str, str | None]:
        if file != zip_path:
            return file, member
        inside = MANIFEST if member is None else member
        return (inside if top == "." else f"{top}/{inside}"), None

    def finding(found: Finding) -> Finding:
        file, member = place(found.file, found.member)
        related = tuple(
            each._replace(file=at, member=within)
            for each in found.related
            for at, within in (place(each.file, each.member),)
        )
        return found._replace(file=file, member=member, related=related)

    sources = {}
    for path, source in report.sources.items():
        file, mark, member = path.partition("!/")
        sources[place(file, member if mark else None)[0]] = source
    checked_files = tuple(
        each._replace(path=place(each.path, None)[0]) if each.path == zip_path else each for each in report.files
    )
    return replace(report, findings=tuple(map(finding, report.findings)), sources=sources, files=checked_files)


def has_warnings(packed: Packed) -> bool:
    """Whether the rules found something that a person should see."""
    return any(each.severity is not Severity.INFO for each in packed.report.findings)
