"""Which files in a folder are the Umbraco Marketplace's: listings, readmes, packages and projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from umbmarket.check.marketplace import Recognised
from umbmarket.nuget.package.build_folders import PACKAGE_ENDINGS, RESTORE_MARK, is_own_package, packages_below
from umbmarket.umbraco.file_names import kind_of_name

PACKAGE = "package"
PROJECT = "project"

PROJECT_ENDINGS = (".csproj", ".fsproj", ".vbproj")
"""What `dotnet pack` packs: projects in the languages of .NET (dotnet/sdk)."""

_FIRST_LETTERS = frozenset("uUmM")
"""Of all names that `kind_of_name` takes: one look spares nearly every file the comparison."""


class UmbracoFiles:
    """A `check.marketplace.Recogniser`."""

    def recognises(self, folder: str, names: Sequence[str]) -> Iterator[Recognised]:
        """The listings, readmes, packages and projects among the files of a folder, and what is nearly called so.

        Packages that NuGet restored are nobody's own, see `is_own_package`.
        """
        is_restored = RESTORE_MARK in names
        for name in names:
            kind = kind_of_name(name) if name[0] in _FIRST_LETTERS else None
            if kind is not None:
                yield Recognised(name, kind)
            elif name.endswith(PACKAGE_ENDINGS) and not is_restored and is_own_package(folder, name):
                yield Recognised(name, PACKAGE, is_built=True)
            elif name.endswith(PROJECT_ENDINGS):
                yield Recognised(name, PROJECT)

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The packages below folders of build output."""
        return ((path, PACKAGE) for path in packages_below(folders))


UMBRACO_FILES: Final = UmbracoFiles()
"""The one object of its kind: it holds nothing."""
