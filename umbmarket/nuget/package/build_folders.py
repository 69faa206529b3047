"""Finds packages where builds put them: also in `bin` and in folders that git ignores."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator

from umbmarket.disk.files import BUILD_OUTPUT, NEVER_SEARCHED, is_link

DEEPEST_OUTPUT = 4
"""Levels of folders that are listed from a `bin` or an ignored folder on, itself included:
`artifacts/packages/Release/Shipping` has four, which is the deepest layout that .NET's own build kits have."""

MOST_OUTPUT_ENTRIES = 20_000
"""Files and folders that are looked at in all `bin` and ignored folders of one search, the uppermost first."""

MOST_OUTPUT_FOLDERS = 50
"""Folders in one such folder beyond which none of them is entered: it is then a cache, a site's media or what was
restored from a feed, all of which git ignores as well."""

PACKAGE_ENDINGS = (".nupkg", ".NUPKG")
"""How the names of packages end. Pack writes the first; another mixture of letters is not looked for."""

RESTORE_MARK = ".nupkg.metadata"
"""NuGet writes a file of this name beside each package that it restores (NuGet.Client, PackagingCoreConstants)."""

_SYMBOLS_ENDING = ".symbols.nupkg"
_VERSION = re.compile(r"(?:^|\.)[0-9]+\.")
_FRAMEWORK = re.compile(r"net(?:standard|coreapp)?[0-9](?:\.[0-9]+)*(?:-[a-z0-9.]+)?|net[0-9]{2,3}", re.IGNORECASE)
"""The folders of assemblies by target framework, with hundreds of files and no package."""

_WINDOWS = os.name == "nt"


def is_own_package(folder: str, name: str) -> bool:
    """Whether a package in a folder may be one that was built here, by where it lies alone.

    Not so are symbol packages, and those in the layouts of restored ones: `Foo.1.2.3/Foo.1.2.3.nupkg` (of
    packages.config) and `foo/1.2.3/foo.1.2.3.nupkg` (of the global packages folder and of local feeds).

    Args:
        folder: absolute path of the folder.
        name: of the file, with one of `PACKAGE_ENDINGS`.
    """
    lower = name.lower()
    if lower.endswith(_SYMBOLS_ENDING):
        return False
    stem = lower.rpartition(".")[0]
    above, parent = os.path.split(folder.lower())
    return _VERSION.search(parent) is None or stem not in (parent, f"{os.path.basename(above)}.{parent}")


def packages_below(folders: Iterable[str]) -> Iterator[str]:
    """Absolute paths of the packages in build output, which no ignore rule hides, and of links there. Never raises.

    Does not enter `obj`, `.git`, `node_modules`, links, folders of one target framework, working trees of other
    repositories and restored packages. The constants above bound it.

    Args:
        folders: absolute paths of `bin` and ignored folders.
    """
    waiting = deque((folder, 1) for folder in folders)
    left = MOST_OUTPUT_ENTRIES
    while waiting and left > 0:
        folder, level = waiting.popleft()
        below: list[str] = []
        packages: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    left -= 1
                    name = entry.name
                    if left < 0 or name in (RESTORE_MARK, ".git"):
                        below, packages = [], []
                        break
                    if name.endswith(PACKAGE_ENDINGS):
                        packages.append(name)
                    if level < DEEPEST_OUTPUT and _is_entered(entry):
                        below.append(name)
        except (OSError, ValueError):
            # It vanished, or is closed: what lies in it was not asked for by name.
            continue
        for name in sorted(packages):
            path = os.path.join(folder, name)
            if is_own_package(folder, name) and not os.path.isdir(path):
                yield path
        if len(below) <= MOST_OUTPUT_FOLDERS:
            waiting.extend((os.path.join(folder, name), level + 1) for name in sorted(below))


def _is_entered(entry: os.DirEntry[str]) -> bool:
    """Whether a search of build output goes into what is there. May raise OSError."""
    if not entry.is_dir(follow_symlinks=False) or (_WINDOWS and is_link(entry)):
        return False
    name = entry.name.lower()
    return (name == BUILD_OUTPUT or name not in NEVER_SEARCHED) and _FRAMEWORK.fullmatch(name) is None
