"""What the rules may know about a package as the archive that it is. Apart, as most runs have none."""

from __future__ import annotations

from dataclasses import dataclass

from umbmarket.nuget.package.nupkg import NuGetPackage


@dataclass(frozen=True, eq=False)
class ArchiveFacts:
    """A package that was packed, as the archive that it is.

    Attributes:
        document: the package.
        named: the user named the file; False when it was found in a folder.
    """

    document: NuGetPackage
    named: bool = True
