"""The Nuxeo Marketplace, as the rest of the product knows a marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from umbmarket.nuxeo.rules import CATALOGUE

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Catalogue
    from umbmarket.check.engine import Gathered
    from umbmarket.check.marketplace import Inputs, Recognised


class NuxeoMarketplace:
    """A `check.marketplace.Marketplace`. What is slow to import is imported where it is needed.

    Attributes:
        form: what every package is taken for; None for what its kind says: a ZIP is built, a folder is a source.
        platform: the server that packages are to be for; None for none.
        is_explicit: the user asked for Nuxeo packages by name, so that whatever is named is taken for one.
    """

    def __init__(
        self,
        form: Literal["built", "source"] | None = None,
        platform: str | None = None,
        *,
        is_explicit: bool = False,
    ) -> None:
        self.form = form
        self.platform = platform
        self.is_explicit = is_explicit

    @property
    def catalogue(self) -> Catalogue:
        """The rules of NXP."""
        return CATALOGUE

    @property
    def looks_for(self) -> Sequence[str]:
        """Packages by their manifest."""
        return ("Nuxeo packages (package.xml)",)

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        """The manifest in a folder, see `manifest_recognition`."""
        if "package.xml" not in names:
            return ()
        from umbmarket.nuxeo.manifest_recognition import NUXEO_FILES

        return NUXEO_FILES.recognises(folder, names, is_explicit=self.is_explicit)

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """Nothing: a ZIP is looked at only where it is named."""
        return ()

    def claims(self, path: str) -> bool:
        """Whether a named file is Nuxeo's: a manifest or a script by its content, a ZIP by the manifest in it."""
        name = path.replace("\\", "/").rpartition("/")[2].lower()
        if name not in ("package.xml", "install.xml") and not name.endswith(".zip"):
            return False
        from umbmarket.nuxeo.gathering_packages import is_nuxeo

        return is_nuxeo(path, name)

    def listed_in(self, path: str) -> None:
        """None: nothing of Nuxeo's lists packages."""
        return

    def gather(self, inputs: Inputs) -> Gathered:
        """The facts about the packages."""
        from umbmarket.nuxeo.gathering_packages import gather

        return gather(inputs, self.form, self.platform, is_explicit=self.is_explicit)


NUXEO: Final = NuxeoMarketplace()
"""The marketplace as `umbmarket validate` has it."""
