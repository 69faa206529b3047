"""Which marketplaces there are, and checking for all of them: the action behind `umbmarket validate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import Catalogue
from umbmarket.check.marketplace import Inputs, Marketplace, OnlineOptions, Recognised
from umbmarket.umbraco.marketplace import UMBRACO

if TYPE_CHECKING:
    import os

    from umbmarket.check.catalogue import Rule
    from umbmarket.check.engine import Gathered
    from umbmarket.check.fixing import Fixing
    from umbmarket.check.report import Report
    from umbmarket.settings.options import SettingsSource


class _Nuxeo:
    """Nuxeo's marketplace, which is imported only where a file may be its own."""

    @property
    def _real(self) -> Marketplace:
        from umbmarket.nuxeo.marketplace import NUXEO

        return NUXEO

    @property
    def catalogue(self) -> Catalogue:
        return self._real.catalogue

    @property
    def looks_for(self) -> Sequence[str]:
        return self._real.looks_for

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        return self._real.recognises(folder, names) if "package.xml" in names else ()

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        return ()

    def claims(self, path: str) -> bool:
        return path.lower().endswith((".zip", "package.xml", "install.xml")) and self._real.claims(path)

    def listed_in(self, path: str) -> None:
        return

    def gather(self, inputs: Inputs) -> Gathered:
        return self._real.gather(inputs)


MARKETPLACES: tuple[Marketplace, ...] = (UMBRACO, _Nuxeo())
"""Every marketplace of the product. The first takes the named files that no other claims."""


def catalogues(marketplaces: Sequence[Marketplace] = MARKETPLACES) -> tuple[Catalogue, ...]:
    """The rules of each marketplace."""
    return tuple(each.catalogue for each in marketplaces)


def alone(marketplace: Marketplace) -> tuple[Marketplace, ...]:
    """The marketplaces of a run whose files are those of one alone; settings may name rules of all."""
    others = (_Silent(each) for each in MARKETPLACES if each.catalogue.prefix != marketplace.catalogue.prefix)
    return (marketplace, *others)


class _Silent:
    """A marketplace of which only the rules are known: it looks for nothing, takes nothing and finds nothing."""

    looks_for: Sequence[str] = ()

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace

    @property
    def catalogue(self) -> Catalogue:
        return self._marketplace.catalogue

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        return ()

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        return ()

    def claims(self, path: str) -> bool:
        return False

    def listed_in(self, path: str) -> None:
        return

    def gather(self, inputs: Inputs) -> Gathered:
        return self._marketplace.gather(inputs)


def all_rules() -> Mapping[str, Rule]:
    """Every rule of the product by code, marketplace by marketplace, in the order of the codes."""
    return {code: rule for catalogue in catalogues() for code, rule in catalogue.rules.items()}


def validate(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = ".",
    *,
    settings: SettingsSource | None = None,
    root: Path | None = None,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
    marketplaces: Sequence[Marketplace] = MARKETPLACES,
    force_exclude: bool = False,
) -> Report:
    """Check listings and packages before they are published. No socket is opened unless `online` is given.

    Args:
        paths: one path or several: files, and folders to look for listings and packages in, of these the newest
            version of each id. A path that cannot be read becomes a finding.
        settings: which rules count, when the run fails and what is not looked at: `Settings` for all files, or
            `NearestSettings` for those of the nearest settings file. The defaults when None: no settings file is read.
        root: the folder that shown paths are relative to; the working folder when None.
        stdin: name and bytes of one more listing that lies in no file.
        online: how to fetch the links, images, videos and package ids of the listings, for the rules that need the
            network; None to leave the network alone.
        marketplaces: whose files are checked; at least one.
        force_exclude: leave out what the settings exclude also where `paths` names it.

    Raises:
        SettingsError: settings cannot be used, a selector in them names no rule, or an address in `online` or in the
            environment is none.
        ValueError: a path is empty.
    """
    # Late: the command line asks for the marketplaces alone where it lists and explains rules.
    from umbmarket.check.validation import validate as check
    from umbmarket.settings.options import Settings

    return check(
        paths,
        marketplaces,
        settings=settings or Settings(),
        root=root or Path.cwd(),
        stdin=stdin,
        online=online,
        force_exclude=force_exclude,
    )


def fix(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = ".",
    *,
    unsafe: bool = False,
    settings: SettingsSource | None = None,
    root: Path | None = None,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
    marketplaces: Sequence[Marketplace] = MARKETPLACES,
    force_exclude: bool = False,
) -> Fixing:
    """Check as `validate` does, and make the fixes that the findings carry, in memory: `Fixing.write` writes them.

    Args:
        paths: as for `validate`.
        unsafe: also make the fixes that guess at what was meant.
        settings: as for `validate`; what is not selected or is ignored is not fixed.
        root: as for `validate`.
        stdin: as for `validate`; the mended text is among the changes, without a file.
        online: asks the network once, for the report on what is left.
        marketplaces: as for `validate`.
        force_exclude: as for `validate`.

    Raises:
        SettingsError: as for `validate`.
        ValueError: a path is empty.
    """
    from umbmarket.check.fixing import fix as mend
    from umbmarket.settings.options import Settings

    return mend(
        paths,
        marketplaces,
        settings=settings or Settings(),
        root=root or Path.cwd(),
        stdin=stdin,
        online=online,
        unsafe=unsafe,
        force_exclude=force_exclude,
    )
