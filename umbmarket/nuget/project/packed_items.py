"""Files that items put into the package, as far as the icon, the readme and the licence are among them.

Sources: NuGet.Client, PackTaskLogic (GetContentMetadata, InitializeFiles: NU5046, NU5039, NU5030) and
NuGet.Build.Tasks.Pack.targets (_GetPackageFiles); reference section 9.
"""

from __future__ import annotations

import posixpath
from functools import cached_property

from umbmarket.disk.files import read_file
from umbmarket.formats.source import SourceText
from umbmarket.nuget.package.packed_file import LARGEST_EMBEDDED_FILE, image_type_of, is_text
from umbmarket.nuget.project.conditions import BOOLEANS
from umbmarket.nuget.project.evaluation import Evaluation
from umbmarket.nuget.project.globs import relative
from umbmarket.nuget.project.items import Item, SourcePlace
from umbmarket.nuget.project.project_files import ProjectFiles, local_name, normalized
from umbmarket.nuget.project.unknown import Unknown

_KINDS = ("None", "Content", "EmbeddedResource")
_ADDED_BY_TARGETS = frozenset(
    {"None", "Content", "EmbeddedResource", "TfmSpecificPackageFile", "_PackageFiles", "PackageFile", "Resource"}
)
"""Items through which a target can put files into the package."""

_HEAD_LENGTH = 16


class PlannedFile:
    """A file that the metadata names, as it would be in the package.

    Attributes:
        declared: the path as written.
        path: the path in the package: forward slashes, none at the start.
        item: the item that packs it; None where none does, or that is not known.
        is_packed: whether some item packs it.
        disk_path: absolute path of the file that would be packed; None where that is not known.
        source_place: where the path was declared.
    """

    def __init__(
        self,
        declared: str,
        item: Item | None,
        is_packed: bool | Unknown,
        disk_path: str | None,
        source_place: SourcePlace | None,
    ) -> None:
        self.declared = declared
        self.path = _in_package(declared)
        self.item = item
        self.is_packed = is_packed
        self.disk_path = disk_path
        self.source_place = source_place

    @cached_property
    def data(self) -> bytes | None:
        """The bytes, at most one more than `LARGEST_EMBEDDED_FILE` of them; None where they cannot be read."""
        if self.disk_path is None:
            return None
        content = read_file(self.disk_path, LARGEST_EMBEDDED_FILE)
        return content.data if content.problem is None else None

    @property
    def is_too_large(self) -> bool:
        """It is beyond what nuget.org takes."""
        return self.data is not None and len(self.data) > LARGEST_EMBEDDED_FILE

    @property
    def extension(self) -> str:
        """What follows the last dot of the file name, in lower case with the dot; empty without one."""
        stem, dot, extension = self.path.rpartition("/")[2].rpartition(".")
        return f".{extension.lower()}" if dot and (stem or extension) else ""

    @property
    def image_type(self) -> str | None:
        """What the first bytes say it is, or None."""
        return image_type_of(self.data[:_HEAD_LENGTH]) if self.data is not None else None

    @cached_property
    def source(self) -> SourceText:
        """The content as text; empty where it cannot be read."""
        return SourceText(self.data or b"")

    @property
    def looks_like_text(self) -> bool:
        """nuget.org would take it for a text file."""
        return is_text(self.data or b"")


def planned_file(declared: str, place: SourcePlace | None, evaluation: Evaluation) -> PlannedFile:
    """The file that the package would have at the path `declared`."""
    wanted = _in_package(declared)
    doubt = _targets_add_files(evaluation)
    for kind in _KINDS:
        doubt = doubt or evaluation.doubt_about(kind) or evaluation.unmatched(kind)
        for item in evaluation.certain_items(kind):
            pack = item.text("Pack")
            if isinstance(pack, Unknown):
                doubt = doubt or pack
                continue
            wanted_by_item = BOOLEANS.get(pack.lower())
            if wanted_by_item is False or (kind != "Content" and wanted_by_item is None):
                continue
            path = item.text("PackagePath")
            if isinstance(path, Unknown):
                doubt = doubt or path
                continue
            below = item.recursive_dir or item.text("NuGetRecursiveDir")
            if isinstance(below, Unknown):
                doubt = doubt or below
                continue
            full = normalized(item.include, evaluation.project.folder)
            inside = relative(full, evaluation.project.folder)
            targets = package_paths(inside, path if "PackagePath" in item.metadata else None, below)
            if wanted in targets:
                return PlannedFile(declared, item, True, _on_disk(full, evaluation.files), place)
            name = wanted.rpartition("/")[2].lower()
            if any(target.rpartition("/")[2].lower() == name for target in targets):
                doubt = doubt or Unknown(f"a file with this name is packed, but not certainly as {wanted}")
    return PlannedFile(declared, None, doubt if doubt is not None else False, None, place)


def package_paths(include: str, package_path: str | None, recursive_dir: str = "") -> set[str]:
    """Where in the package an item's file may lie (NuGet.Client, PackTaskLogic.GetContentMetadata).

    A path that ends with a separator, or has another extension than the file, is a folder, and what a pattern has found
    deeper lies deeper in it. Without extensions on both sides it may be either. Without a `PackagePath` it is one of
    the content folders, and a file inside of the project keeps its folder there.

    Args:
        include: the file: from the project's folder on where it lies in there, else absolute.
        package_path: None for none; an empty one is the root.
        recursive_dir: see `Item.recursive_dir`.
    """
    folder_of_file, _, name = include.replace("\\", "/").rpartition("/")
    if package_path is None:
        within = "" if include.startswith("/") or not folder_of_file else f"{folder_of_file}/"
        return {f"{folder}/{within}{name}" for folder in ("content", "contentFiles/any/any")}
    found = set()
    for piece in package_path.replace("\\", "/").split(";"):
        path = piece.strip()
        if path and not path.endswith("/") and _extension(path) == _extension(name):
            found.add(_in_package(path))
            if _extension(name):
                continue
        found.add(_in_package(posixpath.join(path.strip("/"), recursive_dir, name)))
    return found


def _extension(path: str) -> str:
    _, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension.lower() if dot else ""


def _in_package(path: str) -> str:
    path = path.strip().replace("\\", "/")
    while path.startswith(("/", "./")):
        path = path.removeprefix("./").lstrip("/")
    return path


def _on_disk(path: str, files: ProjectFiles) -> str | None:
    found = files.find(path)
    return found if isinstance(found, str) else None


def _targets_add_files(evaluation: Evaluation) -> Unknown | None:
    if evaluation.is_set("TargetsForTfmSpecificContentInPackage"):
        return Unknown("a target adds files to the package")
    for element in evaluation.target_elements():
        for group in element.iter("{*}ItemGroup"):
            if any(local_name(child) in _ADDED_BY_TARGETS for child in group):
                return Unknown("a target may add files to the package")
        if any(output.get("ItemName") in _ADDED_BY_TARGETS for output in element.iter("{*}Output")):
            return Unknown("a target may add files to the package")
    return None
