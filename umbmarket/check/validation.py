"""Checks what a user names against the rules of several marketplaces: the whole way from paths to a report."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.engine import run
from umbmarket.check.exclusions import Exclusions
from umbmarket.check.inputs import Sorted
from umbmarket.check.marketplace import Inputs, Marketplace, OnlineOptions
from umbmarket.check.policies import Policies

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Catalogue
    from umbmarket.check.report import Report
    from umbmarket.settings.options import SettingsSource

    PathLike = str | os.PathLike[str]


def validate(
    paths: PathLike | Iterable[PathLike],
    marketplaces: Sequence[Marketplace],
    *,
    settings: SettingsSource,
    root: Path,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
    force_exclude: bool = False,
) -> Report:
    """Check the files of all marketplaces. No socket is opened unless `online` is given.

    Args:
        paths: one, or several: files, patterns of them, and folders to search. A path that cannot be read becomes a
            finding.
        marketplaces: whose rules count; the first takes the named files that no other claims.
        settings: which rules count, when the run fails and what is excluded, in which folder.
        root: the folder that shown paths are relative to.
        stdin: name and bytes of one more document that lies in no file.
        online: how to ask the network, for the rules that need it.
        force_exclude: leave out what the settings exclude also where it is named. Files are then named because they
            changed: a project counts as if it had been found, and that nothing is for a marketplace is no mistake.

    Raises:
        SettingsError: settings cannot be used, a selector in them names no rule, or an address in `online` or in the
            environment is none.
        ValueError: a path is empty.
    """
    top = os.path.abspath(root)
    policies = Policies(settings, _Catalogues(marketplaces), top)
    with _no_collection():
        exclusions = Exclusions(settings, top)
        found = Sorted(texts_of(paths), marketplaces, exclusions, force_exclude=force_exclude)
        if stdin is not None and found.leaves_out(os.path.join(top, stdin[0])):
            stdin = None
        policies.look_up(found.folders_of_files)
        if stdin is not None:
            policies.look_up([os.path.dirname(os.path.normpath(os.path.join(top, stdin[0])))])
        selection = policies.selection
        given_to = _taker(stdin, marketplaces)
        gathered = []
        for marketplace in marketplaces:
            given = stdin if marketplace is given_to else None
            files = found.files_of(marketplace)
            if files or given is not None or marketplace is marketplaces[0]:
                inputs = Inputs(
                    top,
                    found.folders,
                    files,
                    given,
                    found.repositories,
                    settings,
                    selection,
                    online,
                    found.by_tool,
                )
                gathered.append(marketplace.gather(inputs))
        report = run(gathered, policies)
        if found.excluded or found.by_tool:
            report = replace(report, excluded=found.excluded, by_tool=found.by_tool)
        return report


class _Catalogues:
    """The catalogues of marketplaces, each asked for only when someone comes to it."""

    def __init__(self, marketplaces: Sequence[Marketplace]) -> None:
        self._marketplaces = marketplaces

    def __iter__(self) -> Iterator[Catalogue]:
        return (each.catalogue for each in self._marketplaces)


def texts_of(paths: PathLike | Iterable[PathLike]) -> list[str]:
    """The paths as texts: one that was given alone is one path, not its letters."""
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    texts = [os.fspath(path) for path in given]
    if "" in texts:
        raise ValueError('a path is empty; the working folder is "."')
    return texts


def _taker(stdin: tuple[str, bytes] | None, marketplaces: Sequence[Marketplace]) -> Marketplace | None:
    if stdin is None:
        return None
    return next((each for each in marketplaces[1:] if each.claims(stdin[0])), marketplaces[0])


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes many small objects and no cycles worth collecting; the collector would only visit them again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
