"""What the rules may know about a Nuxeo package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from umbmarket.findings import Document
from umbmarket.nuxeo.installation import Installation
from umbmarket.nuxeo.manifest import Manifest
from umbmarket.nuxeo.manifest_recognition import foreign_product
from umbmarket.nuxeo.package import NuxeoPackage
from umbmarket.nuxeo.script import InstallScript


@dataclass(frozen=True, eq=False)
class NuxeoFacts:
    """A package and how it was asked about.

    Attributes:
        package: what there is of it.
        platform: the server that it is to be for, such as `lts-2023.5`; None where none was named.
    """

    package: NuxeoPackage
    platform: str | None = None

    @property
    def document(self) -> Document:
        """The manifest, else the script, else the package as a whole."""
        if self.package.manifest is not None:
            return self.package.manifest.file
        return self.package.script.file if self.package.script is not None else self.package

    @property
    def is_built(self) -> bool:
        """It is what a server gets, so that no build will change it."""
        return self.package.form == "built"

    @cached_property
    def foreign(self) -> str | None:
        """The product that the manifest is of, where that is not Nuxeo."""
        manifest = self.package.manifest
        return foreign_product(manifest.file.root) if manifest is not None and manifest.file.root is not None else None

    @property
    def manifest(self) -> Manifest | None:
        """The manifest, where it can be read and is Nuxeo's."""
        manifest = self.package.manifest
        return manifest if manifest is not None and manifest.root is not None and self.foreign is None else None

    @property
    def script(self) -> InstallScript | None:
        """The script, where it can be read and Ant is not to run it."""
        script = self.package.script
        if script is None or script.file.root is None or script.is_ant or self.foreign is not None:
            return None
        return script

    @property
    def installation(self) -> Installation | None:
        """What the script does."""
        return self.package.installation if self.script is not None else None

    @property
    def built_tree(self) -> bool:
        """What is missing among its files is missing: it is whole, built, could be opened, and was seen to its end."""
        package = self.package
        is_open = package.unusable is None and package.problem is None
        return self.is_built and package.is_whole and is_open and not package.is_cut
